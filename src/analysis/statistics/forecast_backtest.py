"""Forecast a series along a path of its driver, and try the forecasts on the past.

The model is an autoregressive distributed lag in levels, of which an error correction
is another way of writing; lags are chosen anew at each origin. Values are in the
caller's unit, steps are periods. The path of the driver is taken as known: what is
tried is the model, not a forecast of the driver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.statistics.lag_orders import (
    LagOrders,
    lay_out_lags,
    require_complete,
    select_orders,
)

Floats = npt.NDArray[np.float64]
BAND_LEVELS = (0.80, 0.95)
"""Shares of the truth that the model's own bands claim to hold."""
_FEWEST_ORIGINS = 2


@dataclass(frozen=True, slots=True)
class DistributedLag:
    """A fitted distributed lag model.

    Parameters
    ----------
    outcome, driver : str
        Columns explained and explaining.
    orders : LagOrders
        Its lags.
    coefficients : numpy.ndarray, shape (coefficients,)
        Constant, lags of the outcome, then the driver from lag 0.
    deviation : float
        Standard deviation of the errors, degrees of freedom counted.
    nobs : int
        Periods used.
    """

    outcome: str
    driver: str
    orders: LagOrders
    coefficients: Floats
    deviation: float
    nobs: int


def fit_distributed_lag(
    series: pd.DataFrame,
    *,
    outcome: str,
    driver: str,
    max_lag: int = 3,
    orders: LagOrders | None = None,
) -> DistributedLag:
    """Fit the model by least squares.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order, with outcome and driver, none missing.
    outcome, driver : str
        The columns.
    max_lag : int
        Longest lag tried when orders are chosen.
    orders : LagOrders or None
        Lags; None chooses them by the Bayesian information criterion.

    Returns
    -------
    DistributedLag
        The fitted model.

    Raises
    ------
    ValueError
        If the series has gaps or is too short for its lags.
    """
    if orders is None:
        orders = select_orders(
            series, outcome=outcome, drivers=[driver], max_lag=max_lag
        )
    require_complete(series, outcome=outcome, orders=orders)
    regressors, explained = lay_out_lags(
        series, outcome=outcome, orders=orders, skipped=orders.longest
    )
    coefficients, *_ = np.linalg.lstsq(regressors, explained)
    residuals = explained - regressors @ coefficients
    freedom = len(explained) - regressors.shape[1]
    return DistributedLag(
        outcome=outcome,
        driver=driver,
        orders=orders,
        coefficients=np.asarray(coefficients, dtype=np.float64),
        deviation=float(np.sqrt(residuals @ residuals / freedom)),
        nobs=len(explained),
    )


def forecast_path(
    model: DistributedLag, series: pd.DataFrame, path: Sequence[float] | Floats
) -> pd.DataFrame:
    """Forecast the outcome step by step along a path of the driver.

    Parameters
    ----------
    model : DistributedLag
        The fitted model.
    series : pandas.DataFrame
        The past, up to the origin.
    path : sequence of float
        The driver after the origin, one value per step.

    Returns
    -------
    pandas.DataFrame
        One row per step: `step` (from 1), `forecast`, `std_error` (of the errors to
        come; coefficients count as known).

    References
    ----------
    .. [1] Hamilton (1994), Time Series Analysis, equation 4.2.17: the error of a
       forecast made step by step.
    """
    lags = model.orders.outcome
    slopes = model.coefficients[1 : 1 + lags]
    weights = model.coefficients[1 + lags :]
    reach = len(weights) - 1
    outcome = list(series[model.outcome].to_numpy(float)[-lags:])
    past = series[model.driver].to_numpy(float)[len(series) - reach :]
    driver = np.concatenate([past, np.asarray(path, dtype=float)])
    for step in range(len(path)):
        recent = np.array(outcome[::-1][:lags])
        moved = driver[step : step + reach + 1][::-1]
        outcome.append(float(model.coefficients[0] + slopes @ recent + weights @ moved))
    spread = _spread_errors(slopes, len(path))
    return pd.DataFrame(
        {
            "step": np.arange(1, len(path) + 1),
            "forecast": outcome[lags:],
            "std_error": model.deviation * np.sqrt(np.cumsum(spread**2)),
        }
    )


def backtest_forecasts(
    series: pd.DataFrame,
    *,
    outcome: str,
    driver: str,
    origins: Sequence[int],
    steps: Sequence[int],
    max_lag: int = 3,
) -> pd.DataFrame:
    """Fit the model at past origins and forecast along the path that came.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order, none missing.
    outcome, driver : str
        The columns.
    origins : sequence of int
        Numbers of periods known at each origin.
    steps : sequence of int
        Periods ahead that are judged.
    max_lag : int
        Longest lag tried.

    Returns
    -------
    pandas.DataFrame
        One row per origin and step that has come: `origin`, `step`, `forecast`,
        `std_error`, `realised`, `unchanged` (the last value known).

    Raises
    ------
    ValueError
        If a series up to an origin has gaps or is too short.
    """
    longest = max(steps)
    tries = []
    for origin in origins:
        known, later = series.iloc[:origin], series.iloc[origin : origin + longest]
        model = fit_distributed_lag(
            known, outcome=outcome, driver=driver, max_lag=max_lag
        )
        found = forecast_path(model, known, later[driver].to_numpy(float))
        tries.append(
            found.assign(
                origin=origin,
                realised=later[outcome].to_numpy(float),
                unchanged=float(known[outcome].iloc[-1]),
            )
        )
    rows = pd.concat(tries, ignore_index=True)
    columns = ["origin", "step", "forecast", "std_error", "realised", "unchanged"]
    return rows.loc[rows["step"].isin(steps), columns].reset_index(drop=True)


def score_forecasts(tries: pd.DataFrame) -> pd.DataFrame:
    """Say by how much forecasts missed, and whether the model's bands held.

    Parameters
    ----------
    tries : pandas.DataFrame
        One row per origin and step, see `backtest_forecasts`.

    Returns
    -------
    pandas.DataFrame
        One row per step with two origins or more: `step`, `origins`, `rmse`, `bias`
        (forecast less what came), `unchanged_rmse` (of a random walk), and
        `held_80`, `held_95`, the shares of the truth inside the model's own bands.

    References
    ----------
    .. [1] West (2006), Forecast evaluation, in Handbook of Economic Forecasting 1,
       section 2: out-of-sample errors of models fitted again at each origin.
    """
    missed = tries["forecast"] - tries["realised"]
    measured = tries.assign(
        missed=missed,
        squared=missed**2,
        unchanged_squared=(tries["unchanged"] - tries["realised"]) ** 2,
        **{
            f"held_{100 * level:.0f}": (
                missed.abs()
                <= stats.norm.ppf(0.5 + level / 2) * tries["std_error"] + 1e-12
            ).astype(float)
            for level in BAND_LEVELS
        },
    )
    scores = measured.groupby("step", as_index=False).agg(
        origins=("origin", "nunique"),
        rmse=("squared", "mean"),
        bias=("missed", "mean"),
        unchanged_rmse=("unchanged_squared", "mean"),
        held_80=("held_80", "mean"),
        held_95=("held_95", "mean"),
    )
    roots = {name: np.sqrt(scores[name]) for name in ("rmse", "unchanged_rmse")}
    scored: pd.DataFrame = scores.assign(**roots)
    return scored[scored["origins"] >= _FEWEST_ORIGINS].reset_index(drop=True)


def widen(scores: pd.DataFrame, *, confidence_level: float = 0.95) -> Floats:
    """Give half the width of an interval that rests on the errors made in the past.

    Parameters
    ----------
    scores : pandas.DataFrame
        One row per step, see `score_forecasts`.
    confidence_level : float
        Share of such intervals that should hold the truth.

    Returns
    -------
    numpy.ndarray, shape (steps,)
        Root mean squared error times Student's t with origins - 1 degrees of freedom.
    """
    quantiles = stats.t.ppf(0.5 + confidence_level / 2, scores["origins"] - 1)
    reach: Floats = np.asarray(quantiles * scores["rmse"], dtype=np.float64)
    return reach


def _spread_errors(slopes: Floats, steps: int) -> Floats:
    """Give what is left of an error after 0, 1, ... steps."""
    left = np.zeros(steps)
    left[0] = 1.0
    for step in range(1, steps):
        reach = min(step, len(slopes))
        left[step] = slopes[:reach] @ left[step - reach : step][::-1]
    return left
