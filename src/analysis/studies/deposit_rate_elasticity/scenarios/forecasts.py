"""Forecast posted rates on paths of the policy rate, with errors made in the past.

Rates are percent a year; the path of the policy rate is a scenario, not a forecast.
The model is the error correction of the pass-through, written in levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.forecast_backtest import (
    backtest_forecasts,
    fit_distributed_lag,
    forecast_path,
    score_forecasts,
    widen,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    LINE,
    MAX_LAG_PERIODS,
    SHORTEST_SERIES_PERIODS,
)
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import PassThrough
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.units import write_number
from analysis.wording import mark, say

QUARTERS_AHEAD = 4
BACKTEST_QUARTERS = 20
"""Quarter ends at which forecasts are tried: five years."""
FEWEST_ORIGINS = 8
"""Fewest of them behind an interval a year ahead."""
SCENARIOS = {
    "unchanged": (mark("Policy unchanged"), (0.0, 0.0, 0.0, 0.0)),
    "cut": (mark("Cut by 25 bp"), (-0.25, 0.0, 0.0, 0.0)),
    "fast_cut": (mark("Two cuts of 25 bp"), (-0.25, -0.25, 0.0, 0.0)),
    "rise": (mark("Rise by 25 bp"), (0.25, 0.0, 0.0, 0.0)),
}
"""Name, and change of the policy rate at the start of each quarter, pp."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateForecasts:
    """Posted rates of four quarters on each path.

    Parameters
    ----------
    average : pandas.DataFrame
        One row per scenario and quarter ahead: `scenario`, `quarter` (1 to 4),
        `policy_pct`, `own_pct` (at its end), `lower_pct`, `upper_pct`; of all priced
        deposits, weighted by balances.
    lines : pandas.DataFrame
        One row per line with a long-run relation, scenario and quarter ahead: the line,
        `scenario`, `quarter`, `mean_pct` (over the quarter), `now_pct`, `reach_pct`
        (half the width of the interval).
    scores : pandas.DataFrame
        One row per quarter ahead, of the average: `quarter`, `origins`, `rmse`, `bias`,
        `unchanged_rmse` (percentage points), `held_80`, `held_95` (shares).
    now_pct : float
        Average posted rate at the quarter's end.
    reason : str
        Why all is refused, then without rows; empty when it is not.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    average: pd.DataFrame
    lines: pd.DataFrame
    scores: pd.DataFrame
    now_pct: float
    reason: str
    quarter: Quarter
    source: str


def forecast_rates(history: RateHistory, pass_through: PassThrough) -> RateForecasts:
    """Run every scenario through the model of each series, and try it on the past.

    Parameters
    ----------
    history : RateHistory
        Posted and policy rates.
    pass_through : PassThrough
        Says which series have a long-run relation.

    Returns
    -------
    RateForecasts
        Paths with back-tested intervals, or why there are none.
    """
    steps = 3 // history.period_months
    series = select_series(history.average)
    scores = _score(series, steps)
    reason = pass_through.average.reason or _refuse(scores)
    average = pd.DataFrame() if reason else _forecast_average(series, scores, steps)
    return RateForecasts(
        average=average,
        lines=pd.DataFrame() if reason else _forecast_lines(history, pass_through),
        scores=scores,
        now_pct=float(series["own_pct"].iloc[-1]) if len(series) else float("nan"),
        reason=reason,
        quarter=history.quarter,
        source=history.source,
    )


def select_series(rows: pd.DataFrame, rate: str = "own_pct") -> pd.DataFrame:
    """Give a rate beside the policy rate, in order and without gaps at the ends.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per period with the rate and `policy_pct`.
    rate : str
        Column of the rate.

    Returns
    -------
    pandas.DataFrame
        One row per period in which both are known: `own_pct` and `policy_pct`.
    """
    known = rows.sort_values("period")[[rate, "policy_pct"]].dropna()
    named = known.rename(columns={rate: "own_pct"})
    return named.astype(float).reset_index(drop=True)


def run_scenarios(series: pd.DataFrame, steps: int) -> pd.DataFrame:
    """Forecast a series on every path, by quarter.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period: `own_pct` and `policy_pct`, see `select_series`.
    steps : int
        Periods in a quarter.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and quarter ahead: `policy_pct`, `own_pct` (at its end)
        and `mean_pct` (over it).
    """
    model = fit_distributed_lag(
        series, outcome="own_pct", driver="policy_pct", max_lag=MAX_LAG_PERIODS
    )
    runs = []
    for scenario, (_, changes) in SCENARIOS.items():
        path = _lay_path(float(series["policy_pct"].iloc[-1]), changes, steps)
        found = forecast_path(model, series, path)["forecast"].to_numpy()
        by_quarter = found.reshape(QUARTERS_AHEAD, steps)
        runs.append(
            pd.DataFrame(
                {
                    "scenario": scenario,
                    "quarter": range(1, QUARTERS_AHEAD + 1),
                    "policy_pct": path[steps - 1 :: steps],
                    "own_pct": by_quarter[:, -1],
                    "mean_pct": by_quarter.mean(axis=1),
                }
            )
        )
    return pd.concat(runs, ignore_index=True)


def read_last(forecasts: RateForecasts, scenario: str) -> dict[str, float]:
    """Give the average of a scenario a year ahead.

    Parameters
    ----------
    forecasts : RateForecasts
        Not refused.
    scenario : str
        One of `SCENARIOS`.

    Returns
    -------
    dict of str to float
        `policy_pct`, `own_pct`, `lower_pct` and `upper_pct`.
    """
    rows = forecasts.average
    is_last = (rows["scenario"] == scenario) & (rows["quarter"] == QUARTERS_AHEAD)
    last = rows[is_last].drop(columns=["scenario", "quarter"]).iloc[0]
    return {str(name): float(value) for name, value in last.items()}


def read_score(forecasts: RateForecasts) -> dict[str, float]:
    """Give how good forecasts a year ahead were.

    Parameters
    ----------
    forecasts : RateForecasts
        Not refused.

    Returns
    -------
    dict of str to float
        The numbers of `RateForecasts.scores`.
    """
    rows = forecasts.scores
    last = rows[rows["quarter"] == QUARTERS_AHEAD].iloc[0]
    return {str(name): float(value) for name, value in last.items()}


def _score(series: pd.DataFrame, steps: int) -> pd.DataFrame:
    """Try the model at the last quarter ends; no rows where the series is short."""
    ends = range(len(series) - steps, SHORTEST_SERIES_PERIODS - 1, -steps)
    origins = list(ends)[:BACKTEST_QUARTERS]
    if not origins:
        return pd.DataFrame(columns=["quarter", "origins", "rmse"])
    tries = backtest_forecasts(
        series,
        outcome="own_pct",
        driver="policy_pct",
        origins=origins,
        steps=[steps * ahead for ahead in range(1, QUARTERS_AHEAD + 1)],
        max_lag=MAX_LAG_PERIODS,
    )
    scores = score_forecasts(tries)
    return scores.assign(quarter=scores["step"] // steps).drop(columns="step")


def _refuse(scores: pd.DataFrame) -> str:
    judged = scores[scores["quarter"] == QUARTERS_AHEAD]
    origins = int(judged["origins"].sum())
    if origins < FEWEST_ORIGINS:
        return say(
            "Forecasts a year ahead could be tried at {origins} past quarter ends; "
            "{fewest} are needed.",
            origins=write_number(origins),
            fewest=write_number(FEWEST_ORIGINS),
        )
    return ""


def _lay_path(now: float, changes: Sequence[float], steps: int) -> Floats:
    return now + np.repeat(np.cumsum(changes), steps)


def _forecast_average(
    series: pd.DataFrame, scores: pd.DataFrame, steps: int
) -> pd.DataFrame:
    runs = _add_reach(run_scenarios(series, steps), scores)
    return runs.assign(
        lower_pct=runs["own_pct"] - runs["reach_pct"],
        upper_pct=runs["own_pct"] + runs["reach_pct"],
    ).drop(columns=["mean_pct", "reach_pct"])


def _forecast_lines(history: RateHistory, pass_through: PassThrough) -> pd.DataFrame:
    steps = 3 // history.period_months
    held = [line.label for line in pass_through.lines if not line.reason]
    parts = [pd.DataFrame()]
    for _, rows in history.rates[history.rates["label"].isin(held)].groupby(LINE):
        series = select_series(rows)
        scores = _score(series, steps)
        if _refuse(scores):
            continue
        runs = _add_reach(run_scenarios(series, steps), scores)
        now = float(series["own_pct"].iloc[-1])
        parts.append(runs.assign(now_pct=now).merge(rows[LINE].head(1), how="cross"))
    return pd.concat(parts, ignore_index=True)


def _add_reach(runs: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Put beside each forecast what its errors were in the past."""
    reach = widen(scores, confidence_level=CONFIDENCE_LEVEL)
    widths = dict(zip(scores["quarter"], reach, strict=True))
    return runs.assign(reach_pct=runs["quarter"].map(widths))
