"""Lay out a distributed lag model in levels: which lags, and in which order.

Values are in the caller's unit; periods are equally spaced and in order.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LagOrders:
    """How many lags the model in levels has.

    Parameters
    ----------
    outcome : int
        Lags of the outcome, at least 1.
    drivers : tuple of (str, int)
        Each driver with its last lag, at least 1.
    """

    outcome: int
    drivers: tuple[tuple[str, int], ...]

    @property
    def longest(self) -> int:
        """The longest lag of all."""
        return max(self.outcome, *(lag for _, lag in self.drivers))

    @property
    def names(self) -> list[str]:
        """Names of the drivers."""
        return [name for name, _ in self.drivers]


def select_orders(
    series: pd.DataFrame, *, outcome: str, drivers: Sequence[str], max_lag: int
) -> LagOrders:
    """Choose the lags by the Bayesian information criterion on one common sample.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order, with outcome and drivers, none missing.
    outcome : str
        Column explained.
    drivers : sequence of str
        Columns that explain it.
    max_lag : int
        Longest lag tried, at least 1.

    Returns
    -------
    LagOrders
        The lags with the smallest criterion.

    Raises
    ------
    ValueError
        If the series has gaps or is too short for the longest lags.
    """
    candidates = itertools.product(range(1, max_lag + 1), repeat=1 + len(drivers))
    orders = [
        LagOrders(lags[0], tuple(zip(drivers, lags[1:], strict=True)))
        for lags in candidates
    ]
    require_complete(series, outcome=outcome, orders=orders[-1])
    return min(orders, key=lambda order: _criterion(series, outcome, order, max_lag))


def require_complete(series: pd.DataFrame, *, outcome: str, orders: LagOrders) -> None:
    """Refuse a series that has gaps or is too short for its lags.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order.
    outcome : str
        Column explained.
    orders : LagOrders
        Lags and drivers.

    Raises
    ------
    ValueError
        If a value is missing, or fewer than ten periods more than coefficients.
    """
    columns = [outcome, *orders.names]
    gaps = int(series[columns].isna().to_numpy().sum())
    if gaps:
        message = f"Series {columns} must have no gap. They have {gaps}."
        raise ValueError(message)
    parameters = 1 + orders.outcome + sum(lag + 1 for _, lag in orders.drivers)
    needed = orders.longest + parameters + 10
    if len(series) < needed:
        message = (
            f"Series must have at least {needed} periods for {parameters} "
            f"coefficients. They have {len(series)}."
        )
        raise ValueError(message)


def lay_out_lags(
    series: pd.DataFrame, *, outcome: str, orders: LagOrders, skipped: int
) -> tuple[Array, Array]:
    """Give the regressors and the outcome of the model in levels.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order.
    outcome : str
        Column explained.
    orders : LagOrders
        Lags and drivers.
    skipped : int
        First periods left out, at least the longest lag.

    Returns
    -------
    regressors : numpy.ndarray, shape (periods, coefficients)
        Constant, lags of the outcome, then each driver from lag 0 to its last.
    explained : numpy.ndarray, shape (periods,)
        The outcome.
    """
    values = {name: series[name].to_numpy(float) for name in [outcome, *orders.names]}
    last = len(series)
    lagged = [values[outcome][skipped - lag : last - lag] for lag in _lags(orders)]
    for name, longest in orders.drivers:
        lagged += [
            values[name][skipped - lag : last - lag] for lag in range(longest + 1)
        ]
    regressors = np.column_stack([np.ones(last - skipped), *lagged])
    return regressors, values[outcome][skipped:]


def _lags(orders: LagOrders) -> range:
    return range(1, orders.outcome + 1)


def _criterion(
    series: pd.DataFrame, outcome: str, orders: LagOrders, skipped: int
) -> float:
    regressors, explained = lay_out_lags(
        series, outcome=outcome, orders=orders, skipped=skipped
    )
    coefficients, *_ = np.linalg.lstsq(regressors, explained)
    scatter = float(((explained - regressors @ coefficients) ** 2).mean())
    nobs, parameters = regressors.shape
    penalty = float(parameters * math.log(nobs))
    return float(nobs * math.log(max(scatter, 1e-300))) + penalty
