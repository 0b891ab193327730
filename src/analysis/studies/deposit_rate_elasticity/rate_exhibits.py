"""Charts and tables on posted rates, competitors and inflation."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals, draw_lines
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.market_position import (
    MarketPosition,
    RealRates,
)
from analysis.studies.deposit_rate_elasticity.rate_history import RateHistory
from analysis.studies.deposit_rate_elasticity.sentences import (
    write_lines,
    write_move,
    write_rate,
    write_side,
)
from analysis.units import Unit, write_number
from analysis.wording import say

OWN = "Own posted"
SERIES = {
    "policy_pct": "Policy",
    "market_pct": "Market, nearest term",
    "competitor_pct": "Middle competitor",
    "own_pct": OWN,
}
REAL_SERIES = {
    "nominal_pct": "Posted rate",
    "inflation_pct": "Inflation",
    "real_pct": "After inflation",
}


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
    gaps = [100 * (row["own_pct"] - row["policy_pct"]) for row in (first, last)]
    return Chart(
        drawing=draw_lines(
            lines,
            x="period",
            y="rate",
            series="series",
            unit="Percent a year",
            highlight=OWN,
            zero=True,
        ),
        title=say(
            "Deposits pay {now} the policy rate; in {year} they paid {before} it",
            now=write_side(gaps[1]),
            before=write_side(gaps[0]),
            year=f"{first['period']:%Y}",
        ),
        subtitle="Rates weighted by the balances of the quarter reported",
        source=history.source,
        nobs=len(history.rates),
        alt=say(
            "Lines from {start} to {end}: the own posted rate ends at {own}, the "
            "policy rate at {policy}; over that time the own rate {own_move} and the "
            "policy rate {policy_move}.",
            start=f"{first['period']:%Y-%m}",
            end=f"{last['period']:%Y-%m}",
            own=write_rate(last["own_pct"]),
            policy=write_rate(last["policy_pct"]),
            own_move=write_move(100 * (last["own_pct"] - first["own_pct"])),
            policy_move=write_move(100 * (last["policy_pct"] - first["policy_pct"])),
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
        DisplayColumn("label", "Product and term"),
        DisplayColumn("share_pct", "Share of deposits", Unit.PERCENT),
        DisplayColumn("own_pct", "Posted rate", Unit.PERCENT, decimals=2),
        DisplayColumn("change_bp", "Change in a year", Unit.BASIS_POINTS),
        DisplayColumn("policy_change_bp", "Policy rate", Unit.BASIS_POINTS),
        DisplayColumn("market_spread_bp", "Over market rate", Unit.BASIS_POINTS),
        DisplayColumn(
            "months_since_change", "Since last change", Unit.MONTHS, decimals=0
        ),
    )
    kept = history.lines["change_bp"].abs() < history.lines["policy_change_bp"].abs()
    return DisplayTable(
        title=say(
            "{kept} of {lines} moved less than the policy rate",
            kept=int(kept.sum()),
            lines=write_lines(len(history.lines)),
        ),
        released=history.lines,
        columns=columns,
        source=history.source,
        note=(
            "Market rate of the nearest term. Since last change: the middle pricing "
            "cell of each line, in whole periods."
        ),
    )


def chart_competitor_gap(position: MarketPosition) -> Chart | Note:
    """Draw each line's gap to the middle, the best and the worst payer.

    Parameters
    ----------
    position : MarketPosition
        Gaps by line.

    Returns
    -------
    Chart or Note
        A note when there are no competitors' rates.
    """
    gaps = position.gaps
    if gaps.empty:
        return Note("Without competitors' rates there is no gap to draw.")
    below = int((gaps["gap_bp"] < 0).sum())
    return Chart(
        drawing=draw_intervals(
            gaps,
            label="label",
            estimate="gap_bp",
            lower="lowest_gap_bp",
            upper="highest_gap_bp",
            unit="Own less competitor, bp",
            reference=0.0,
        ),
        title=say(
            "In {below} of {lines} the middle competitor pays more",
            below=below,
            lines=write_lines(len(gaps)),
        ),
        subtitle=(
            "Own posted rate less the middle competitor (dot), the best payer (left "
            "end) and the worst payer (right end), bp"
        ),
        source=position.source,
        nobs=position.quotes,
        alt=say(
            "One row per product and term; the dots reach from {low} to {high} bp.",
            low=write_number(float(gaps["gap_bp"].min())),
            high=write_number(float(gaps["gap_bp"].max())),
        ),
        note="The line is a range of competitors, not an interval of confidence.",
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
        return Note("Without competitors' rates there is no rank to show.")
    rows = position.gaps.assign(
        place=[
            say("{rank} of {payers}", rank=int(rank), payers=int(competitors) + 1)
            for rank, competitors in zip(
                position.gaps["rank"], position.gaps["competitors"], strict=True
            )
        ]
    )
    worse = int((rows["trend_bp"] <= -0.5).sum())
    columns = (
        DisplayColumn("label", "Product and term"),
        DisplayColumn("own_pct", "Own", Unit.PERCENT, decimals=2),
        DisplayColumn("competitor_pct", "Middle competitor", Unit.PERCENT, decimals=2),
        DisplayColumn("gap_bp", "Gap", Unit.BASIS_POINTS),
        DisplayColumn("trend_bp", "Gap, change in a year", Unit.BASIS_POINTS),
        DisplayColumn("place", "Rank by rate"),
        DisplayColumn("percentile_pct", "Pay less", Unit.PERCENT, decimals=0),
        DisplayColumn("quote_age_days", "Age of quotes", None, 0, "days"),
    )
    return DisplayTable(
        title=say(
            "Over a year we lost ground in {worse} of {lines}",
            worse=worse,
            lines=write_lines(len(rows)),
        ),
        released=rows,
        columns=columns,
        source=position.source,
        note="Pay less: share of competitors that pay less than we do, ties half.",
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
        return Note("Without inflation there is no real rate to draw.")
    negative = int((series["real_pct"] < 0).sum())
    return Chart(
        drawing=draw_lines(
            _lengthen(series, REAL_SERIES),
            x="period",
            y="rate",
            series="series",
            unit="Percent a year",
            highlight=REAL_SERIES["real_pct"],
            zero=True,
        ),
        title=say(
            "In {negative} of {periods} periods prices rose faster than deposits",
            negative=negative,
            periods=len(series),
        ),
        subtitle="Average posted rate, rise of prices over a year, and the real rate",
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
    return long.assign(series=long["column"].map(names))
