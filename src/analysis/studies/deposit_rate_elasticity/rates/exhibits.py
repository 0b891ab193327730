"""Charts and tables on posted rates, competitors and inflation."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_lines
from analysis.presentation.disclosure import Released, release_public
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.rates.line_release import release_lines
from analysis.studies.deposit_rate_elasticity.rates.market_position import (
    STALE_DAYS,
    MarketPosition,
    RealRates,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    write_basis_points,
    write_lines,
    write_rate,
)
from analysis.units import Unit, write_number
from analysis.wording import mark, say

OWN = mark("Own posted")
REAL = mark("After inflation")
SERIES = {
    "policy_pct": mark("Policy"),
    "market_pct": mark("Market, nearest term"),
    "competitor_pct": mark("Middle competitor"),
    "own_pct": OWN,
}
REAL_SERIES = {
    "nominal_pct": mark("Posted rate"),
    "inflation_pct": mark("Inflation"),
    "real_pct": REAL,
}
RATES = "posted and market rates; balances of all customers only weight them"
"""Why no customer can be behind a line of rates."""
SIDES = {
    (True, True): mark(
        "Deposits pay {now} below the policy rate; in {year} they paid {before} below"
    ),
    (False, False): mark(
        "Deposits pay {now} above the policy rate; in {year} they paid {before} above"
    ),
    (True, False): mark(
        "Deposits pay {now} below the policy rate; in {year} they paid {before} above"
    ),
    (False, True): mark(
        "Deposits pay {now} above the policy rate; in {year} they paid {before} below"
    ),
}
"""Where deposits stand and stood, by whether they pay and paid less than policy."""


def chart_posted_rates(history: RateHistory) -> Chart:
    """Draw the average posted rate beside the rates of its market.

    Parameters
    ----------
    history : RateHistory
        Rates by period.

    Returns
    -------
    Chart
        Lines over the years of history.
    """
    known = [name for name in SERIES if history.average[name].notna().any()]
    lines = _lengthen(history.average, {name: SERIES[name] for name in known})
    first, last = history.average.iloc[0], history.average.iloc[-1]
    before, now = (100 * (row["own_pct"] - row["policy_pct"]) for row in (first, last))
    return Chart(
        drawing=draw_lines(
            release_public(lines, reason=RATES),
            x="period",
            y="rate",
            series="series",
            unit=say("Percent a year"),
            highlight=say(OWN),
            zero=True,
        ),
        title=say(
            SIDES[(now < 0, before < 0)],
            now=write_basis_points(now),
            before=write_basis_points(before),
            year=f"{first['period']:%Y}",
        ),
        subtitle=say("Rates weighted by the balances of the quarter reported"),
        source=history.source,
        nobs=len(history.rates),
        alt=say(
            "Lines from {start} to {end}: the own posted rate ends at {own}, the "
            "policy rate at {policy}; over that time the own rate changed by "
            "{own_change}, the policy rate by {policy_change}.",
            start=write_quarter(Quarter.of(first["period"])),
            end=write_quarter(Quarter.of(last["period"])),
            own=write_rate(last["own_pct"]),
            policy=write_rate(last["policy_pct"]),
            own_change=_write_change(first["own_pct"], last["own_pct"]),
            policy_change=_write_change(first["policy_pct"], last["policy_pct"]),
        ),
    )


def tabulate_posted_rates(history: RateHistory) -> DisplayTable:
    """Show each line's rate, its change, and how long it has stood.

    Parameters
    ----------
    history : RateHistory
        Description of each line.

    Returns
    -------
    DisplayTable
        One row per product and term.
    """
    columns = (
        DisplayColumn("label", say("Product and term")),
        DisplayColumn("share_pct", say("Share of deposits"), Unit.PERCENT),
        DisplayColumn("own_pct", say("Posted rate"), Unit.PERCENT, decimals=2),
        DisplayColumn("change_bp", say("Change in a year"), Unit.BASIS_POINTS),
        DisplayColumn(
            "policy_change_bp", say("Policy rate, change"), Unit.BASIS_POINTS
        ),
        DisplayColumn("market_spread_bp", say("Over market rate"), Unit.BASIS_POINTS),
        DisplayColumn(
            "months_since_change", say("Since last change"), Unit.MONTHS, decimals=0
        ),
    )
    released = release_lines(history).select([column.name for column in columns])
    kept = history.lines["change_bp"].abs() < history.lines["policy_change_bp"].abs()
    return DisplayTable(
        title=say(
            "{kept} of {lines} moved less than the policy rate",
            kept=write_number(int(kept.sum())),
            lines=write_lines(len(history.lines)),
        ),
        released=released,
        columns=columns,
        source=history.source,
        total_row=any(released.totals),
        note=say(
            "Market rate of the nearest term. Since last change: the middle pricing "
            "cell of each line, in whole periods."
        ),
    )


def tabulate_competitor_gap(position: MarketPosition) -> DisplayTable | Note:
    """Show rank, percentile, trend and age of quotes for each line.

    Parameters
    ----------
    position : MarketPosition
        Gaps by line.

    Returns
    -------
    DisplayTable or Note
        A note when there are no competitors' rates.
    """
    if position.gaps.empty:
        return Note(say("Without competitors' rates there is no rank to show."))
    rows = position.gaps.assign(
        place=[
            say(
                "{rank} of {payers}",
                rank=write_number(rank),
                payers=write_number(competitors + 1),
            )
            for rank, competitors in zip(
                position.gaps["rank"], position.gaps["competitors"], strict=True
            )
        ]
    )
    worse = int((rows["trend_bp"] <= -0.5).sum())
    columns = (
        DisplayColumn("label", say("Product and term")),
        DisplayColumn("own_pct", say("Own"), Unit.PERCENT, decimals=2),
        DisplayColumn(
            "competitor_pct", say("Middle competitor"), Unit.PERCENT, decimals=2
        ),
        DisplayColumn("gap_bp", say("Gap"), Unit.BASIS_POINTS),
        DisplayColumn("trend_bp", say("Gap, change in a year"), Unit.BASIS_POINTS),
        DisplayColumn("place", say("Rank by rate")),
        DisplayColumn("percentile_pct", say("Pay less"), Unit.PERCENT, decimals=0),
        DisplayColumn("quote_age_days", say("Age of quotes"), None, 0, say("days")),
        DisplayColumn("stale_share_pct", say("Stale"), Unit.PERCENT, decimals=0),
    )
    return DisplayTable(
        title=say(
            "Over a year we lost ground in {worse} of {lines}",
            worse=write_number(worse),
            lines=write_lines(len(rows)),
        ),
        released=_release_gaps(rows),
        columns=columns,
        source=position.source,
        note=say(
            "Pay less: share of competitors that pay less than we do, ties half. Age: "
            "middle quote on the quarter's last day. Stale: quotes first seen more "
            "than {days} days before.",
            days=write_number(STALE_DAYS),
        ),
    )


def chart_real_rate(real: RealRates) -> Chart | Note:
    """Draw posted rate, inflation and what is left.

    Parameters
    ----------
    real : RealRates
        Rates by period.

    Returns
    -------
    Chart or Note
        A note when there is no inflation.
    """
    series = real.series
    if series.empty:
        return Note(say("Without inflation there is no real rate to draw."))
    negative = int((series["real_pct"] < 0).sum())
    return Chart(
        drawing=draw_lines(
            release_public(_lengthen(series, REAL_SERIES), reason=RATES),
            x="period",
            y="rate",
            series="series",
            unit=say("Percent a year"),
            highlight=say(REAL),
            zero=True,
        ),
        title=say(
            "In {negative} of {periods} periods prices rose faster than deposits",
            negative=write_number(negative),
            periods=write_number(len(series)),
        ),
        subtitle=say(
            "Average posted rate, rise of prices over a year, and the real rate"
        ),
        source=real.source,
        nobs=len(series),
        alt=say(
            "Three lines; the real rate lies between {low} and {high} and ends at "
            "{last}.",
            low=write_rate(float(series["real_pct"].min())),
            high=write_rate(float(series["real_pct"].max())),
            last=write_rate(float(series["real_pct"].iloc[-1])),
        ),
    )


def _lengthen(average: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    long = average.melt("period", list(names), var_name="column", value_name="rate")
    said = {name: say(label) for name, label in names.items()}
    return long.assign(series=long["column"].map(said)).drop(columns="column")


def _release_gaps(gaps: pd.DataFrame) -> Released:
    rows = gaps.drop(columns=[*LINE, "balance"])
    return release_public(rows, reason="rates posted by us and by competitors")


def _write_change(first_pct: float, last_pct: float) -> str:
    return write_basis_points(100 * (last_pct - first_pct), signed=True)
