"""How far two codings of the same units agree, beyond what chance gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement with its interval.

    Parameters
    ----------
    kappa, std_error, lower, upper : float
        1 for codings that are the same, 0 for what chance gives; error and interval.
    observed, expected : float
        Share of units coded alike, and what chance would give, 0 to 1.
    nobs : int
        Units.
    """

    kappa: float
    std_error: float
    lower: float
    upper: float
    observed: float
    expected: float
    nobs: int


def measure_agreement(table: Floats, *, confidence_level: float = 0.95) -> Agreement:
    """Measure agreement by Cohen's kappa.

    Parameters
    ----------
    table : numpy.ndarray, shape (categories, categories)
        Units by category in either coding, the categories in the same order.
    confidence_level : float
        Share of intervals that hold the truth.

    Returns
    -------
    Agreement
        With the error for large samples.

    Raises
    ------
    ValueError
        If there is no unit, or chance alone makes all agree.

    References
    ----------
    .. [1] Cohen (1960), A coefficient of agreement for nominal scales, Educational
       and Psychological Measurement 20.
    .. [2] Fleiss, Cohen and Everitt (1969), Large sample standard errors of kappa and
       weighted kappa, Psychological Bulletin 72, equation 14.
    """
    total = float(table.sum())
    if total <= 0:
        raise ValueError("Agreement needs units.")
    shares = table / total
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.trace(shares)), float(rows @ columns)
    if expected >= 1:
        raise ValueError("Agreement can't be told where both codings never differ.")
    kappa = (observed - expected) / (1 - expected)
    sums = rows[None, :] + columns[:, None]
    same = np.diag(shares) * (1 - np.diag(sums) * (1 - kappa)) ** 2
    other = shares * sums**2
    apart = (1 - kappa) ** 2 * (other.sum() - np.trace(other))
    chance = (kappa - expected * (1 - kappa)) ** 2
    variance = (same.sum() + apart - chance) / (total * (1 - expected) ** 2)
    error = float(np.sqrt(max(variance, 0.0)))
    reach = float(norm.ppf((1 + confidence_level) / 2)) * error
    return Agreement(
        kappa=float(kappa),
        std_error=error,
        lower=max(-1.0, float(kappa) - reach),
        upper=min(1.0, float(kappa) + reach),
        observed=observed,
        expected=expected,
        nobs=round(total),
    )
