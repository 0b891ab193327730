"""Measure how much of a common driver's change each unit passes on within some lags.

Each unit's change is regressed on the driver's changes in the same and the earlier
periods; the sum of their coefficients is the unit's pass-through. Rates are in the
caller's unit, pass-through is a share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LaggedSum:
    """Pass-through of each unit, and its mean.

    Parameters
    ----------
    by_unit : pandas.DataFrame
        One row per unit: `unit`, `estimate`, `std_error`, `nobs`.
    estimate, std_error, lower, upper : float
        Mean across units and its interval, units taken as a random draw.
    spread : float
        Standard deviation across units.
    units : int
        Units with enough periods.
    nobs : int
        Periods of all those units together.
    """

    by_unit: pd.DataFrame
    estimate: float
    std_error: float
    lower: float
    upper: float
    spread: float
    units: int
    nobs: int


def estimate_lagged_sum(
    outcomes: pd.DataFrame,
    driver: pd.Series,
    *,
    n_lags: int = 3,
    minimum_periods: int = 20,
    confidence_level: float = 0.95,
) -> LaggedSum:
    """Sum the coefficients of a driver's present and past changes, unit by unit.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Level of the outcome, shape (periods, units); gaps are missing values.
    driver : pandas.Series
        Level of the driver, indexed by the same periods, equally spaced in order.
    n_lags : int
        Earlier periods that count, so `n_lags + 1` coefficients are summed.
    minimum_periods : int
        Fewest usable changes of a unit.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    LaggedSum
        Each unit's pass-through and the mean.

    Raises
    ------
    ValueError
        If fewer than two units have enough periods.

    References
    ----------
    .. [1] Drechsler, Savov and Schnabl (2021), Banking on deposits: maturity
       transformation without interest rate risk, J. Finance 76: expense beta.
    """
    changes = driver.reindex(outcomes.index).diff()
    lagged = {f"lag_{lag}": changes.shift(lag) for lag in range(n_lags + 1)}
    regressors = pd.DataFrame({"constant": 1.0, **lagged})
    rows = [
        (unit, *fit)
        for unit in outcomes.columns
        if (fit := _fit(outcomes[unit].diff(), regressors, minimum_periods)) is not None
    ]
    if len(rows) < 2:
        message = (
            f"At least two units must have {minimum_periods} changes; "
            f"only {len(rows)} of {outcomes.shape[1]} do."
        )
        raise ValueError(message)
    by_unit = pd.DataFrame(rows, columns=["unit", "estimate", "std_error", "nobs"])
    return _average(by_unit, confidence_level)


def _fit(
    change: pd.Series, regressors: pd.DataFrame, minimum_periods: int
) -> tuple[float, float, int] | None:
    usable = (change.notna() & regressors.notna().all(axis=1)).to_numpy()
    if usable.sum() < minimum_periods:
        return None
    design = regressors.to_numpy(float)[usable]
    explained = change.to_numpy(float)[usable]
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ design.T @ explained
    residuals = explained - design @ coefficients
    variance = float(residuals @ residuals) / (len(design) - design.shape[1])
    sums = np.concatenate([[0.0], np.ones(design.shape[1] - 1)])
    error = float(np.sqrt(variance * (sums @ inverse @ sums)))
    return float(sums @ coefficients), error, len(design)


def _average(by_unit: pd.DataFrame, confidence_level: float) -> LaggedSum:
    units = len(by_unit)
    mean = float(by_unit["estimate"].mean())
    spread = float(by_unit["estimate"].std())
    error = spread / float(np.sqrt(units))
    reach = float(stats.t.ppf(0.5 + confidence_level / 2, units - 1)) * error
    return LaggedSum(
        by_unit=by_unit,
        estimate=mean,
        std_error=error,
        lower=mean - reach,
        upper=mean + reach,
        spread=spread,
        units=units,
        nobs=int(by_unit["nobs"].sum()),
    )
