"""How many more observations gather at a threshold than a smooth density would have.

Counts stand in bins of equal width around the threshold. A polynomial through the bins
outside a window says how many there would be inside it without the threshold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
DEGREE = 2
"""Of the polynomial in the log of the density."""
FEWEST_EXPECTED = 10.0
"""Expected observations in the window below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Bunching:
    """What stands in the window around a threshold.

    Parameters
    ----------
    observed : int
        Observations in the window.
    expected : float
        What a smooth density would have there; where too few stand around it, what the
        bins outside have on average.
    excess_pct, lower, upper : float
        Observed over expected less one, percent, and the ends of its interval;
        missing where too few are expected.
    pvalue : float
        Of no excess; missing likewise.
    nobs : int
        Observations in all bins.
    """

    observed: int
    expected: float
    excess_pct: float
    lower: float
    upper: float
    pvalue: float
    nobs: int


def measure_bunching(
    places: Floats,
    counts: Counts,
    *,
    window: float,
    confidence_level: float = 0.95,
) -> Bunching:
    """Compare the count around a threshold with what its neighbours foretell.

    Parameters
    ----------
    places : numpy.ndarray, shape (bins,)
        Middles of bins of equal width, as distances from the threshold.
    counts : numpy.ndarray, shape (bins,)
        Observations in each.
    window : float
        Bins whose middle is nearer than this to the threshold are inside.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    Bunching
        Numbers are missing where fewer than ten are expected.

    Raises
    ------
    ValueError
        If fewer than six bins lie outside the window, or none inside.

    References
    ----------
    .. [1] Chetty, Friedman, Olsen and Pistaferri (2011), Adjustment costs, firm
       responses, and micro vs. macro labor supply elasticities, Quarterly Journal of
       Economics 126, equations 14 and 15: a polynomial that leaves the window out;
       here in the log of the density, fitted as counts.
    .. [2] Kleven (2016), Bunching, Annual Review of Economics 8, section 3.
    """
    inside = np.abs(places) < window
    if not inside.any() or (~inside).sum() < 2 * (DEGREE + 1):
        message = (
            f"Bunching needs bins inside the window and {2 * (DEGREE + 1)} outside, "
            f"not {int(inside.sum())} and {int((~inside).sum())}."
        )
        raise ValueError(message)
    observed, nobs = int(counts[inside].sum()), int(counts.sum())
    usual = float(counts[~inside].mean() * inside.sum())
    if usual < FEWEST_EXPECTED:
        return Bunching(observed, usual, math.nan, math.nan, math.nan, math.nan, nobs)
    shape = np.vander(places / np.abs(places).max(), DEGREE + 1, increasing=True)
    fit = sm.GLM(counts[~inside], shape[~inside], family=sm.families.Poisson()).fit()
    bins = np.exp(shape[inside] @ fit.params)
    expected = float(bins.sum())
    # The log of observed over expected: noise of the count, and of the fit.
    slope = bins @ shape[inside] / expected
    error = float((1 / max(observed, 1) + slope @ fit.cov_params() @ slope) ** 0.5)
    ratio = max(observed, 0.5) / expected
    reach = float(stats.norm.ppf(0.5 + confidence_level / 2)) * error
    lower, upper = (100 * (ratio * np.exp(end) - 1) for end in (-reach, reach))
    return Bunching(
        observed=observed,
        expected=expected,
        excess_pct=100 * (ratio - 1),
        lower=float(lower),
        upper=float(upper),
        pvalue=float(2 * stats.norm.sf(abs(np.log(ratio)) / error)),
        nobs=nobs,
    )
