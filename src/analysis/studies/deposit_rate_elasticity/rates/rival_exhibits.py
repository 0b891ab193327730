"""The competitor map, and who follows whom."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_heat_map
from analysis.presentation.disclosure import release_public
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.rates.following import Following
from analysis.studies.deposit_rate_elasticity.rates.market_position import (
    MarketPosition,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    refuse,
    write_basis_points,
    write_lines,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

POSTED = "rates posted by us and by competitors"
"""Why no customer can be behind a gap."""
MOST_COMPETITORS = 10
"""Competitors on the map, those who quote most lines; the table counts them all."""
SMALLEST_FOLLOWING_PCT = 10.0
"""Smallest part of a move that matters."""
STALE_LOSS_PCT = 21
"""Percent by which quotes refreshed every three months and 8 bp of noise made a
response too small in simulated panels (20 draws with one trouble each)."""


def chart_competitor_map(position: MarketPosition) -> Chart | Note:
    """Draw our gap to each competitor on each line.

    Parameters
    ----------
    position : MarketPosition
        Gaps by line and competitor.

    Returns
    -------
    Chart or Note
        A note when there are no competitors' rates.
    """
    pairs = position.pairs
    if pairs.empty:
        return Note(say("Without competitors' rates there is no gap to draw."))
    most = pairs["competitor"].value_counts().head(MOST_COMPETITORS).index
    shown = pairs[pairs["competitor"].isin(most)]
    middle = shown.groupby("competitor")["gap_bp"].median().sort_values()
    ordered = shown.assign(
        place=shown["competitor"].map({name: n for n, name in enumerate(middle.index)}),
        line=pd.factorize(shown["label"])[0],
    ).sort_values(["line", "place"])
    below = int((position.gaps["gap_bp"] < 0).sum())
    return Chart(
        drawing=draw_heat_map(
            release_public(ordered[["label", "competitor", "gap_bp"]], reason=POSTED),
            unit=say("Own less competitor, bp"),
            centre=0.0,
            row="label",
            column="competitor",
            value="gap_bp",
        ),
        title=say(
            "In {below} of {lines} the middle competitor pays more",
            below=write_number(below),
            lines=write_lines(len(position.gaps)),
        ),
        subtitle=say(
            "Own posted rate less each competitor's latest quote, bp; who pays most is "
            "on the left"
        ),
        source=position.source,
        nobs=position.quotes,
        alt=say(
            "Matrix of {lines} and {competitors} competitors; gaps reach from {low} to "
            "{high}.",
            lines=write_lines(shown["label"].nunique()),
            competitors=write_number(len(most)),
            low=write_basis_points(float(shown["gap_bp"].min()), signed=True),
            high=write_basis_points(float(shown["gap_bp"].max()), signed=True),
        ),
    )


def find_following(following: Following) -> Finding:
    """Say whether competitors follow our moves, and we theirs.

    Parameters
    ----------
    following : Following
        Responses after one to three periods.

    Returns
    -------
    Finding
        Percent of our move that competitors have followed after the last horizon.
    """
    if following.reason:
        return refuse(
            "rivals_follow",
            "A2",
            question=say("Whether competitors follow our rates is not known"),
            reason=following.reason,
            quarter=following.quarter,
            source=following.source,
        )
    rivals, own = (rows.iloc[-1] for rows in (following.rivals, following.own))
    share = write_value(rivals["estimate"], Unit.PERCENT)
    return Finding(
        key="rivals_follow",
        requirement="A2",
        headline=_write_headline(rivals),
        sentence=say(
            "Within {months} months of a move of ours the mean competitor goes {share} "
            "({interval}) of it the same way; we go {own} ({own_interval}) of theirs. "
            "Policy is held for each line; {moves} moves of ours up to {quarter}.",
            months=write_number(rivals["horizon"] * following.period_months),
            share=share,
            interval=_write_range(rivals),
            own=write_value(own["estimate"], Unit.PERCENT),
            own_interval=_write_range(own),
            moves=write_number(following.moves),
            quarter=write_quarter(following.quarter),
        ),
        action=say(
            "Reckon with an answer before leading the market with a higher rate."
        )
        if _is_clear(rivals)
        else say("Price for our own balances; no answer of competitors is to be seen."),
        measure=say("Part of our moves that competitors follow"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=int(rivals["nobs"]),
        period=str(following.quarter),
        source=following.source,
        estimate=float(rivals["estimate"]),
        lower=float(rivals["lower"]),
        upper=float(rivals["upper"]),
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.4,
    )


def tabulate_following(following: Following) -> DisplayTable | tuple[()]:
    """Show both responses after each horizon.

    Parameters
    ----------
    following : Following
        Responses after one to three periods.

    Returns
    -------
    DisplayTable, or nothing where both are refused
        One row per horizon.
    """
    if following.reason:
        return ()
    rows = pd.DataFrame(
        {
            "months": following.rivals["horizon"] * following.period_months,
            "rivals": _write_rows(following.rivals),
            "own": _write_rows(following.own),
        }
    )
    return DisplayTable(
        title=say("What part of a move has been followed after some months"),
        released=release_public(rows, reason=POSTED),
        columns=(
            DisplayColumn("months", say("After"), Unit.MONTHS, decimals=0),
            DisplayColumn("rivals", say("Competitors follow us")),
            DisplayColumn("own", say("We follow the mean competitor")),
        ),
        source=following.source,
        note=say(
            "Share of the move with its 95% interval, over all lines. Stale quotes "
            "make responses look smaller: quotes refreshed every three months with 8 "
            "bp of noise took {loss}% off a response in simulated panels.",
            loss=STALE_LOSS_PCT,
        ),
    )


def _is_clear(rivals: pd.Series) -> bool:
    return bool(rivals["lower"] > 0 and rivals["upper"] >= SMALLEST_FOLLOWING_PCT)


def _write_headline(rivals: pd.Series) -> str:
    if _is_clear(rivals):
        share = write_value(rivals["estimate"], Unit.PERCENT)
        return say("Competitors follow {share} of our moves", share=share)
    if rivals["upper"] < SMALLEST_FOLLOWING_PCT:
        return say("Competitors do not follow our moves")
    return say("Competitors do not clearly follow our moves")


def _write_rows(rows: pd.DataFrame) -> list[str]:
    return [
        say(
            "{share} ({interval})",
            share=write_value(row["estimate"], Unit.PERCENT),
            interval=_write_range(row),
        )
        for _, row in rows.iterrows()
    ]


def _write_range(row: pd.Series) -> str:
    return write_interval(row["lower"], row["upper"], Unit.PERCENT)
