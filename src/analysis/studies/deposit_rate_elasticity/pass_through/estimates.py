"""Measure how much of a policy move reaches posted deposit rates, and how fast.

Pass-through is a share of the policy move, speed the share of the remaining distance
closed in a period, half-lives months. A long run is refused where the bounds test
finds no relation in levels or the series is too short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.asymmetric_adjustment import estimate_asymmetric_adjustment
from analysis.statistics.error_correction import estimate_error_correction
from analysis.statistics.lag_orders import select_orders
from analysis.statistics.lagged_sum import LaggedSum, estimate_lagged_sum
from analysis.statistics.long_run_interval import bootstrap_long_run
from analysis.studies.deposit_rate_elasticity.parameters import (
    BOOTSTRAP_DRAWS,
    CELL,
    CONFIDENCE_LEVEL,
    MAX_LAG_PERIODS,
    SHORTEST_SERIES_PERIODS,
    SIGNIFICANCE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import write_number
from analysis.wording import say

BOUNDS_DRAWS = 4000
"""Simulations behind the bounds test's p-value."""
FEWEST_MOVES = 3
"""Fewest moves of the policy rate that a pass-through can be seen in."""
FEWEST_UNITS = 10
"""Fewest price lists over which pass-through is averaged."""


@dataclass(frozen=True, slots=True)
class LinePassThrough:
    """Pass-through of one line; its numbers are missing when refused.

    Parameters
    ----------
    label : str
        Name of the line.
    nobs : int
        Periods used.
    estimate, lower, upper : float
        Long-run pass-through with its bootstrap interval.
    level_pct : float
        Posted rate in the long run where the policy rate is zero.
    level_error_pct : float
        Error of the posted rate in the long run at the mean policy rate.
    at_once : float
        Share passed on in the same period.
    half_life_months : float
        Months until half of a distance is closed.
    speed_above, speed_below : float
        Share of a distance closed per period when the rate is too high, too low.
    equal_speeds_pvalue : float
        Of both being equal.
    bounds_f, bounds_pvalue : float
        Bounds test, p-value at the upper bound for the sample's own length.
    reason : str
        Why it is refused; empty when it is not.
    """

    label: str
    nobs: int
    estimate: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    level_pct: float = math.nan
    level_error_pct: float = math.nan
    at_once: float = math.nan
    half_life_months: float = math.nan
    speed_above: float = math.nan
    speed_below: float = math.nan
    equal_speeds_pvalue: float = math.nan
    bounds_f: float = math.nan
    bounds_pvalue: float = math.nan
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Pass-through of all deposits, of each line and of each price list.

    Parameters
    ----------
    average : LinePassThrough
        Of all priced deposits, weighted by the quarter's balances.
    previous : float or None
        The same estimate a quarter before; None when refused.
    lines : tuple of LinePassThrough
        One per line, largest balance first.
    units : LaggedSum or None
        Across pricing cells that set their prices apart; None where headquarters
        sets a reference price or there are too few.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    period_months : int
        Months in a period.
    """

    average: LinePassThrough
    previous: float | None
    lines: tuple[LinePassThrough, ...]
    units: LaggedSum | None
    quarter: Quarter
    source: str
    period_months: int


def estimate_pass_through(history: RateHistory, parameters: Parameters) -> PassThrough:
    """Fit an error correction of each posted rate on the policy rate.

    Parameters
    ----------
    history : RateHistory
        Posted and policy rates.
    parameters : Parameters
        Lags, tests and seed.

    Returns
    -------
    PassThrough
        Long run, speed and half-life, or the reason for a refusal.
    """
    months = history.period_months
    before = pd.Timestamp(history.quarter.previous.last_day)
    earlier = history.average[history.average["period"] <= before]
    previous = fit_line("previous", earlier, parameters, months)
    lines = tuple(
        fit_line(label, rows, parameters, months)
        for label, rows in _split_lines(history)
    )
    return PassThrough(
        average=fit_line(
            say("All priced deposits"), history.average, parameters, months
        ),
        previous=None if previous.reason else previous.estimate,
        lines=lines,
        units=_average_units(history, parameters),
        quarter=history.quarter,
        source=history.source,
        period_months=months,
    )


def _split_lines(history: RateHistory) -> list[tuple[str, pd.DataFrame]]:
    by_label = dict(list(history.rates.groupby("label")))
    return [(label, by_label[label]) for label in history.lines["label"]]


def fit_line(
    label: str, rows: pd.DataFrame, parameters: Parameters, months: int
) -> LinePassThrough:
    """Fit one line, or refuse it.

    Parameters
    ----------
    label : str
        Name of the line.
    rows : pandas.DataFrame
        One row per period: `period`, `own_pct`, `policy_pct`.
    parameters : Parameters
        Seed.
    months : int
        Months in a period.

    Returns
    -------
    LinePassThrough
        Long run, speed and half-life, or the reason for a refusal.
    """
    series = rows.sort_values("period")[["own_pct", "policy_pct"]].dropna()
    line = LinePassThrough(label, len(series))
    reason = _refuse_series(series)
    if reason:
        return replace(line, reason=reason)
    rng = np.random.default_rng(parameters.seed)
    orders = select_orders(
        series, outcome="own_pct", drivers=["policy_pct"], max_lag=MAX_LAG_PERIODS
    )
    model = estimate_error_correction(
        series, outcome="own_pct", orders=orders, rng=rng, draws=BOUNDS_DRAWS
    )
    tested = replace(
        line,
        nobs=model.nobs,
        bounds_f=model.bounds_f,
        bounds_pvalue=model.pvalue_upper,
    )
    if model.pvalue_upper > SIGNIFICANCE or model.speed >= 0:
        return replace(tested, reason=_explain_no_relation(model.pvalue_upper))
    interval = bootstrap_long_run(
        series,
        outcome="own_pct",
        orders=orders,
        rng=rng,
        draws=BOOTSTRAP_DRAWS,
        confidence_level=CONFIDENCE_LEVEL,
    ).iloc[0]
    speeds = estimate_asymmetric_adjustment(series["own_pct"], series["policy_pct"])
    return replace(
        tested,
        estimate=float(interval["estimate"]),
        lower=float(interval["lower"]),
        upper=float(interval["upper"]),
        level_pct=model.constant,
        level_error_pct=model.level_std_error,
        at_once=float(model.short_run["estimate"].item()),
        half_life_months=model.half_life * months,
        speed_above=-speeds.speed_above,
        speed_below=-speeds.speed_below,
        equal_speeds_pvalue=speeds.pvalue,
    )


def _refuse_series(series: pd.DataFrame) -> str:
    needed = SHORTEST_SERIES_PERIODS
    if len(series) < needed:
        return say(
            "The series has {periods} periods; {needed} are needed.",
            periods=write_number(len(series)),
            needed=write_number(needed),
        )
    moves = int((series["policy_pct"].diff().abs() > 0.01).sum())
    if moves < FEWEST_MOVES:
        return say(
            "The policy rate moved only {moves} times.", moves=write_number(moves)
        )
    if series["own_pct"].nunique() < FEWEST_MOVES:
        return say("The posted rate hardly ever moved.")
    return ""


def _explain_no_relation(pvalue: float) -> str:
    return say(
        "The bounds test finds no relation in levels (p {pvalue}).",
        pvalue=write_pvalue(pvalue),
    )


def _average_units(history: RateHistory, parameters: Parameters) -> LaggedSum | None:
    if history.has_reference:
        return None
    wide = history.cells.pivot_table(index="period", columns=CELL, values="own_pct")
    if wide.shape[1] < FEWEST_UNITS:
        return None
    policy = history.rates.groupby("period")["policy_pct"].first()
    full = pd.date_range(
        wide.index.min(),
        wide.index.max(),
        freq="ME" if history.period_months == 1 else "QE",
    )
    wide.columns = ["|".join(map(str, cast(tuple[object, ...], c))) for c in wide]
    return estimate_lagged_sum(
        wide.reindex(full),
        policy.reindex(full),
        n_lags=max(1, parameters.pass_through_months // history.period_months - 1),
        minimum_periods=20,
        confidence_level=CONFIDENCE_LEVEL,
    )
