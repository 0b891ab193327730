"""Measure how much of a driver's move reaches an outcome in the end, and how fast.

An autoregressive distributed lag model is written as error correction: the outcome
moves by what the drivers do now and by a share of its distance from the long run.
Rates and their coefficients are in the caller's unit; speed is a share per period.
Nothing here knows a bank, a product or a calendar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.tsa.ardl import UECM
from statsmodels.tsa.ardl.model import UECMResults

from analysis.statistics.lag_orders import LagOrders, require_complete

RESTRICTED_CONSTANT = 2
"""Case II of the bounds test: a constant in the long run, no drift in the outcome."""


@dataclass(frozen=True, slots=True)
class ErrorCorrection:
    """A fitted error-correction model.

    Parameters
    ----------
    orders : LagOrders
        Lags of the model.
    nobs : int
        Periods used.
    speed, speed_std_error : float
        Coefficient of the outcome's lagged level: a negative share per period.
    constant : float
        Outcome in the long run where every driver is zero.
    level_std_error : float
        Error (delta method) of the outcome in the long run at the drivers' means.
    long_run : pandas.DataFrame
        One row per driver: `driver`, `estimate`, `std_error` (delta method), in
        units of outcome per unit of driver.
    short_run : pandas.DataFrame
        One row per driver: `driver`, `estimate`, `std_error` of the effect in the
        same period.
    bounds_f : float
        F statistic of the bounds test, case II.
    pvalue_lower, pvalue_upper : float
        Its p-value if every driver is stationary, and if every driver is integrated.
    """

    orders: LagOrders
    nobs: int
    speed: float
    speed_std_error: float
    constant: float
    level_std_error: float
    long_run: pd.DataFrame
    short_run: pd.DataFrame
    bounds_f: float
    pvalue_lower: float
    pvalue_upper: float

    @property
    def bounds_t(self) -> float:
        """Statistic t of the lagged level."""
        return self.speed / self.speed_std_error

    @property
    def half_life(self) -> float:
        """Periods until half of a distance from the long run is gone.

        Zero when one period closes it all, infinite when it never closes.
        """
        if self.speed <= -1:
            return 0.0
        return math.log(0.5) / math.log1p(self.speed) if self.speed < 0 else math.inf


def estimate_error_correction(
    series: pd.DataFrame,
    *,
    outcome: str,
    orders: LagOrders,
    rng: np.random.Generator | None = None,
    draws: int = 5000,
) -> ErrorCorrection:
    """Fit the model and test whether a long-run relation exists at all.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period in order, with outcome and drivers, none missing.
    outcome : str
        Column explained.
    orders : LagOrders
        Lags and drivers.
    rng : numpy.random.Generator or None
        When given, p-values are simulated for the sample's own length; else they
        are the asymptotic ones, which reject too often below about 80 periods.
    draws : int
        Simulations of the test.

    Returns
    -------
    ErrorCorrection
        Speed, long run, effect at once and bounds test.

    Raises
    ------
    ValueError
        If the series has gaps or is too short for the lags.

    References
    ----------
    .. [1] Pesaran, Shin and Smith (2001), Bounds testing approaches to the analysis
       of level relationships, J. Applied Econometrics 16, section 3.
    """
    require_complete(series, outcome=outcome, orders=orders)
    ordered = series.reset_index(drop=True)
    model = UECM(
        ordered[outcome],
        orders.outcome,
        ordered[orders.names],
        dict(orders.drivers),
        trend="c",
    )
    fitted = model.fit()
    bounds = fitted.bounds_test(
        case=RESTRICTED_CONSTANT, asymptotic=rng is None, nsim=draws, rng=rng
    )
    level = f"{outcome}.L1"
    return ErrorCorrection(
        orders=orders,
        nobs=int(fitted.nobs),
        speed=float(fitted.params[level]),
        speed_std_error=float(fitted.bse[level]),
        constant=-float(fitted.params["const"] / fitted.params[level]),
        level_std_error=_find_level_error(fitted, level, ordered[orders.names].mean()),
        long_run=_collect(-fitted.ci_params, fitted.ci_bse, orders.names, "{}"),
        short_run=_collect(fitted.params, fitted.bse, orders.names, "D.{}.L0"),
        bounds_f=float(bounds.statistic),
        pvalue_lower=float(bounds.pvalue["lower"]),
        pvalue_upper=float(bounds.pvalue["upper"]),
    )


def _find_level_error(fitted: UECMResults, level: str, means: pd.Series) -> float:
    speed = float(fitted.params[level])
    terms = [f"{driver}.L1" for driver in means.index]
    target = float(fitted.params["const"] + fitted.params[terms].to_numpy() @ means)
    slopes = np.array([-1 / speed, *(-means / speed), target / speed**2])
    names = ["const", *terms, level]
    covariance = fitted.cov_params().loc[names, names].to_numpy(float)
    return float(np.sqrt(slopes @ covariance @ slopes))


def _collect(
    values: pd.Series, errors: pd.Series, drivers: Sequence[str], pattern: str
) -> pd.DataFrame:
    terms = [pattern.format(driver) for driver in drivers]
    return pd.DataFrame(
        {
            "driver": list(drivers),
            "estimate": values[terms].to_numpy(float),
            "std_error": errors[terms].to_numpy(float),
        }
    )
