"""Give a long-run effect an interval that allows for slow adjustment.

The long run is a ratio whose denominator is the speed of adjustment; when that is
small the ratio is skewed and a symmetric interval misleads. Values are in the
caller's unit.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.statistics.lag_orders import LagOrders, lay_out_lags, require_complete

Array = npt.NDArray[np.float64]


def bootstrap_long_run(
    series: pd.DataFrame,
    *,
    outcome: str,
    orders: LagOrders,
    rng: np.random.Generator,
    draws: int = 499,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Give the long run an interval by a recursive residual bootstrap.

    The outcome is rebuilt period by period from the fitted model and reshuffled
    residuals, the drivers stay as they were; each draw's estimate is studentised by
    its own delta-method error (percentile-t), and the interval reaches equally far to
    both sides: it then covers better than one with two tails of its own. The plain
    delta interval is too short when adjustment is slow.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order, with outcome and drivers, none missing.
    outcome : str
        Column explained.
    orders : LagOrders
        Lags and drivers.
    rng : numpy.random.Generator
        Source of the reshuffling.
    draws : int
        Number of rebuilt series.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    pandas.DataFrame
        One row per driver: `driver`, `estimate`, `std_error`, `lower`, `upper`,
        `pvalue` (of no long-run effect, from the same draws), `nobs`.

    Raises
    ------
    ValueError
        If the series has gaps or is too short for the lags.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An Introduction to the Bootstrap, section
       12.5 (bootstrap-t interval).
    .. [2] Hall (1988), On symmetric bootstrap confidence intervals, J. Royal
       Statistical Society B 50.
    """
    require_complete(series, outcome=outcome, orders=orders)
    regressors, explained = lay_out_lags(
        series, outcome=outcome, orders=orders, skipped=orders.longest
    )
    coefficients, scatter = _fit(regressors[None], explained[None])
    residuals = explained - regressors @ coefficients[0]
    inflated = residuals * math.sqrt(len(residuals) / _freedom(regressors))
    shocks = rng.choice(inflated - inflated.mean(), size=(draws, len(residuals)))
    start = series[outcome].to_numpy(float)[: orders.longest]
    redrawn = _rebuild(regressors, coefficients[0], shocks, start, orders.outcome)
    estimate, error = _long_run(coefficients, scatter, orders)
    drawn, drawn_error = _long_run(*_fit(*redrawn), orders)
    scaled = (drawn - estimate) / drawn_error
    reach = error[0] * np.quantile(
        np.abs(scaled), confidence_level, axis=0, method="weibull"
    )
    observed = np.abs(estimate / error)
    beyond = (np.abs(scaled) >= observed).sum(axis=0)
    return pd.DataFrame(
        {
            "driver": orders.names,
            "estimate": estimate[0],
            "std_error": error[0],
            "lower": estimate[0] - reach,
            "upper": estimate[0] + reach,
            "pvalue": (1 + beyond) / (1 + draws),
            "nobs": len(explained),
        }
    )


def _freedom(regressors: Array) -> int:
    periods, coefficients = regressors.shape[-2:]
    return int(periods) - int(coefficients)


def _fit(regressors: Array, explained: Array) -> tuple[Array, Array]:
    """Least squares of a stack of models: coefficients and their covariances."""
    inverse = np.linalg.pinv(np.einsum("dti,dtj->dij", regressors, regressors))
    coefficients = np.einsum("dij,dtj,dt->di", inverse, regressors, explained)
    fitted = np.einsum("dti,di->dt", regressors, coefficients)
    variance = ((explained - fitted) ** 2).sum(axis=1) / _freedom(regressors)
    return coefficients, inverse * variance[:, None, None]


def _long_run(
    coefficients: Array, covariances: Array, orders: LagOrders
) -> tuple[Array, Array]:
    """Sum of a driver's coefficients over one minus those of the outcome's lags."""
    first = 1 + orders.outcome
    missing = 1 - coefficients[:, 1:first].sum(axis=1)
    values, errors = [], []
    for _, longest in orders.drivers:
        last = first + longest + 1
        value = coefficients[:, first:last].sum(axis=1) / missing
        gradient = np.zeros_like(coefficients)
        gradient[:, first:last] = 1 / missing[:, None]
        gradient[:, 1 : 1 + orders.outcome] = (value / missing)[:, None]
        variance = np.einsum("di,dij,dj->d", gradient, covariances, gradient)
        values.append(value)
        errors.append(np.sqrt(variance))
        first = last
    return np.column_stack(values), np.column_stack(errors)


def _rebuild(
    regressors: Array,
    coefficients: Array,
    shocks: Array,
    start: Array,
    outcome_lags: int,
) -> tuple[Array, Array]:
    """Run the model forward from the first periods with new shocks."""
    draws, periods = shocks.shape
    paths = np.empty((draws, len(start) + periods))
    paths[:, : len(start)] = start
    redrawn = np.broadcast_to(regressors, (draws, *regressors.shape)).copy()
    for period in range(periods):
        now = len(start) + period
        for lag in range(1, outcome_lags + 1):
            redrawn[:, period, lag] = paths[:, now - lag]
        paths[:, now] = redrawn[:, period] @ coefficients + shocks[:, period]
    return redrawn, paths[:, len(start) :]
