"""Measure whether an outcome falls back to its long run faster than it catches up.

Values are in the caller's unit; speed is a share of the distance per period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True, slots=True)
class AsymmetricAdjustment:
    """Long run and the two speeds.

    Parameters
    ----------
    constant, long_run : float
        Level relation: outcome = constant + long_run times driver.
    r_squared : float
        Share of the outcome's variance that the level relation explains.
    speed_above, speed_below : float
        Share of the distance closed per period when the outcome is too high and too
        low; negative when it closes.
    pvalue : float
        Of both speeds being equal.
    nobs : int
        Periods used.
    """

    constant: float
    long_run: float
    r_squared: float
    speed_above: float
    speed_below: float
    pvalue: float
    nobs: int


def estimate_asymmetric_adjustment(
    outcome: pd.Series, driver: pd.Series
) -> AsymmetricAdjustment:
    """Fit the level relation, then the change on the split distance from it.

    Parameters
    ----------
    outcome, driver : pandas.Series
        Same index, equally spaced periods in order, none missing.

    Returns
    -------
    AsymmetricAdjustment
        Long run, speeds from above and from below, and the test that they are equal.

    Raises
    ------
    ValueError
        If a value is missing or there are fewer than 24 periods.

    References
    ----------
    .. [1] Engle and Granger (1987), Econometrica 55: two steps.
    .. [2] Granger and Lee (1989), J. Applied Econometrics 4: the error split by sign.
    """
    levels = pd.DataFrame({"outcome": outcome, "driver": driver})
    if levels.isna().to_numpy().any() or len(levels) < 24:
        message = f"Both series must have 24 periods without a gap, not {len(levels)}."
        raise ValueError(message)
    line = stats.linregress(levels["driver"], levels["outcome"])
    distance = levels["outcome"] - line.intercept - line.slope * levels["driver"]
    before = distance.to_numpy(float)[:-1]
    design = np.column_stack(
        [
            np.ones(len(before)),
            np.clip(before, 0, None),
            np.clip(before, None, 0),
            np.diff(levels["driver"].to_numpy(float)),
        ]
    )
    change = np.diff(levels["outcome"].to_numpy(float))
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ design.T @ change
    residuals = change - design @ coefficients
    freedom = len(change) - design.shape[1]
    contrast = np.array([0.0, 1.0, -1.0, 0.0])
    variance = float(residuals @ residuals) / freedom
    error = float(np.sqrt(variance * (contrast @ inverse @ contrast)))
    statistic = float(contrast @ coefficients) / error
    return AsymmetricAdjustment(
        constant=float(line.intercept),
        long_run=float(line.slope),
        r_squared=float(line.rvalue**2),
        speed_above=float(coefficients[1]),
        speed_below=float(coefficients[2]),
        pvalue=float(2 * stats.t.sf(abs(statistic), freedom)),
        nobs=len(change),
    )
