"""Findings on posted rates, competitors and inflation."""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import Parameters
from analysis.studies.deposit_rate_elasticity.rates.advice import (
    advise_on_gap,
    advise_on_real,
    advise_on_repricing,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.rates.market_position import (
    MarketPosition,
    RealRates,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    refuse,
    write_basis_points,
    write_lines,
    write_rate,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import join_names, mark, say

Change = Literal["rose", "fell", "no clear change"]

LONG_QUIET_MONTHS = 6
"""Months without a change after which a price list is named."""
SMALLEST_REAL_CHANGE_PCT = 0.1
_BOTH_FELL = mark("Over a year posted rates fell {own}; the policy rate fell {policy}")
_BOTH_ROSE = mark("Over a year posted rates rose {own}; the policy rate rose {policy}")
_ROSE_AGAINST = mark(
    "Over a year posted rates rose {own}; the policy rate fell {policy}"
)
_FELL_AGAINST = mark(
    "Over a year posted rates fell {own}; the policy rate rose {policy}"
)
_LEAST_MOVE_BP = 0.5
"""Basis points below which a rate is said to have changed by so much, not to move."""


def find_posted_rates(history: RateHistory, parameters: Parameters) -> Finding:
    """Say how posted rates moved over a year in which the policy rate moved.

    Parameters
    ----------
    history : RateHistory
        Posted and policy rates.
    parameters : Parameters
        Smallest change that matters.

    Returns
    -------
    Finding
        Change of the average posted rate over a year, basis points.
    """
    moves = _move_over_year(history.average, history.quarter)
    if moves is None:
        return refuse(
            "posted_rates",
            "A1",
            question=say("How posted rates moved over the year is not known"),
            reason=say("The price list does not reach back a year."),
            quarter=history.quarter,
            source=history.source,
        )
    own_bp, policy_bp, now = moves
    before = _move_over_year(history.average, history.quarter.previous)
    previous = None if before is None else before[0]
    return Finding(
        key="posted_rates",
        requirement="A1",
        headline=_write_moves(own_bp, policy_bp),
        sentence=say(
            "At the end of {quarter} our posted rates averaged {rate}, weighted by "
            "balances over {lines}; the policy rate was {policy}. {quiet}",
            quarter=write_quarter(history.quarter),
            rate=write_rate(now["own_pct"]),
            policy=write_rate(now["policy_pct"]),
            lines=write_lines(len(history.lines)),
            quiet=_name_quiet_lines(history.lines),
        ),
        action=advise_on_repricing(own_bp, policy_bp),
        measure=say("Change of posted rates over a year"),
        verdict="exact",
        unit=Unit.BASIS_POINTS,
        nobs=len(history.lines),
        period=str(history.quarter),
        source=history.source,
        estimate=own_bp,
        previous=previous,
        change=_judge(own_bp, previous, parameters.smallest_change_bp),
        importance=0.7,
    )


def find_competitor_gap(position: MarketPosition, parameters: Parameters) -> Finding:
    """Say how far the bank pays above or below its competitors.

    Parameters
    ----------
    position : MarketPosition
        Gaps and ranks.
    parameters : Parameters
        Smallest change that matters.

    Returns
    -------
    Finding
        Gap to the middle competitor weighted by balances, basis points.
    """
    gap = position.gap_bp
    if gap is None:
        return refuse(
            "competitor_gap",
            "A2",
            question=say("How we stand against competitors is not known"),
            reason=say("The source has no competitors' rates for our products."),
            quarter=position.quarter,
            source=position.source,
        )
    gaps = position.gaps
    last = int((gaps["rank"] > gaps["competitors"]).sum())
    first = int((gaps["rank"] == 1).sum())
    return Finding(
        key="competitor_gap",
        requirement="A2",
        headline=_compare_in_words(gap, parameters.smallest_change_bp),
        sentence=say(
            "At the end of {quarter} our posted rate less the middle competitor's was "
            "{gap}, weighted by balances. Of {lines} we pay the least in {last} and "
            "the most in {first}; {quotes} quotes, half of them older than {age} "
            "days.",
            quarter=write_quarter(position.quarter),
            gap=write_value(gap, Unit.BASIS_POINTS, signed=True),
            lines=write_lines(len(gaps)),
            last=write_number(last),
            first=write_number(first),
            quotes=write_number(position.quotes),
            age=write_number(float(gaps["quote_age_days"].median())),
        ),
        action=advise_on_gap(gaps, parameters.smallest_change_bp),
        measure=say("Own rate less the middle competitor's"),
        verdict="exact",
        unit=Unit.BASIS_POINTS,
        nobs=position.quotes,
        period=str(position.quarter),
        source=position.source,
        estimate=gap,
        previous=position.previous_gap_bp,
        change=_judge(gap, position.previous_gap_bp, parameters.smallest_change_bp),
        importance=0.8 if abs(gap) >= parameters.smallest_change_bp else 0.5,
    )


def find_real_rate(real: RealRates) -> Finding:
    """Say what deposits pay after inflation.

    Parameters
    ----------
    real : RealRates
        Real rates by period.

    Returns
    -------
    Finding
        Real rate of the average deposit, percent a year.
    """
    now = _read_real(real.series, real.quarter)
    if now is None:
        return refuse(
            "real_rate",
            "A7",
            question=say("What deposits pay after inflation is not known"),
            reason=say("The source gives no inflation for this quarter."),
            quarter=real.quarter,
            source=real.source,
        )
    before = _read_real(real.series, real.quarter.previous)
    previous = None if before is None else before["real_pct"]
    losing = real.lines.loc[real.lines["real_pct"] < 0, "label"]
    return Finding(
        key="real_rate",
        requirement="A7",
        headline=_write_real_headline(now["real_pct"]),
        sentence=say(
            "At the end of {quarter} the average posted rate was {nominal} and prices "
            "had risen {inflation} over a year; {losing} of {lines} paid less than "
            "inflation.",
            quarter=write_quarter(real.quarter),
            nominal=write_rate(now["nominal_pct"]),
            inflation=write_rate(now["inflation_pct"]),
            losing=write_number(len(losing)),
            lines=write_lines(len(real.lines)),
        ),
        action=advise_on_real(real.lines),
        measure=say("Average posted rate after inflation"),
        verdict="exact",
        unit=Unit.RATE,
        nobs=len(real.lines),
        period=str(real.quarter),
        source=real.source,
        estimate=now["real_pct"],
        previous=previous,
        change=_judge(now["real_pct"], previous, SMALLEST_REAL_CHANGE_PCT),
        importance=0.4,
    )


def _move_over_year(
    average: pd.DataFrame, quarter: Quarter
) -> tuple[float, float, dict[str, float]] | None:
    """Give the year's change of own and policy rate, and the rates now."""
    by_period = average.set_index("period")
    ends = [pd.Timestamp(q.last_day) for q in (quarter, quarter.year_ago)]
    if not set(ends) <= set(by_period.index):
        return None
    rates = by_period[["own_pct", "policy_pct"]].reindex(ends)
    moved = 100 * (rates.iloc[0] - rates.iloc[1])
    if moved.isna().any():
        return None
    now = {str(name): float(rate) for name, rate in rates.iloc[0].items()}
    return float(moved["own_pct"]), float(moved["policy_pct"]), now


def _read_real(series: pd.DataFrame, quarter: Quarter) -> dict[str, float] | None:
    rows = series[series["period"] == pd.Timestamp(quarter.last_day)]
    if rows.empty:
        return None
    names = ("nominal_pct", "inflation_pct", "real_pct")
    return {name: float(rows[name].item()) for name in names}


def _judge(now: float, previous: float | None, smallest: float) -> Change | None:
    if previous is None or not math.isfinite(previous):
        return None
    return judge_change(now - previous, now - previous, smallest_change=smallest)


def _write_moves(own_bp: float, policy_bp: float) -> str:
    if min(abs(own_bp), abs(policy_bp)) >= _LEAST_MOVE_BP:
        if own_bp < 0:
            template = _BOTH_FELL if policy_bp < 0 else _FELL_AGAINST
        else:
            template = _ROSE_AGAINST if policy_bp < 0 else _BOTH_ROSE
        return say(
            template,
            own=write_basis_points(own_bp),
            policy=write_basis_points(policy_bp),
        )
    return say(
        "Over a year posted rates changed by {own}, the policy rate by {policy}",
        own=write_basis_points(own_bp, signed=True),
        policy=write_basis_points(policy_bp, signed=True),
    )


def _name_quiet_lines(lines: pd.DataFrame) -> str:
    quiet = lines[lines["months_since_change"] >= LONG_QUIET_MONTHS]
    if quiet.empty:
        return say(
            "No product has kept its price for {months} months or longer.",
            months=write_number(LONG_QUIET_MONTHS),
        )
    return say(
        "Unchanged for {months} months or longer: {names}.",
        months=write_number(LONG_QUIET_MONTHS),
        names=join_names(list(quiet["label"])),
    )


def _compare_in_words(gap: float, smallest: float) -> str:
    if abs(gap) < smallest:
        return say(
            "We pay about as much as the middle competitor ({gap})",
            gap=write_value(gap, Unit.BASIS_POINTS, signed=True),
        )
    size = write_value(abs(gap), Unit.BASIS_POINTS)
    if gap < 0:
        return say("We pay {size} less than the middle competitor", size=size)
    return say("We pay {size} more than the middle competitor", size=size)


def _write_real_headline(real_pct: float) -> str:
    rate = write_rate(abs(real_pct))
    if real_pct < 0:
        return say("After inflation the average deposit loses {rate} a year", rate=rate)
    return say("After inflation the average deposit gains {rate} a year", rate=rate)
