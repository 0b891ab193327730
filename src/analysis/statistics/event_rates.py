"""Bound and compare rates of events, where events may come in bunches.

Counts are whole; exposures are in the caller's unit, and rates are events per unit of
it. The dispersion is the variance of counts over their mean: 1 for events that come
alone (Poisson), more for bunches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, chi2, gamma, norm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Whether events come in bunches.

    Parameters
    ----------
    estimate : float
        Variance over mean.
    pvalue : float
        Of events that come alone, one-sided.
    """

    estimate: float
    pvalue: float

    @property
    def factor(self) -> float:
        """What variances are multiplied by: the estimate, never below 1."""
        return max(1.0, self.estimate)


@dataclass(frozen=True, slots=True)
class RateRatio:
    """One rate over another.

    Parameters
    ----------
    estimate, lower, upper, pvalue : float
        Ratio, the ends of its interval, and the two-sided p-value of 1.
    """

    estimate: float
    lower: float
    upper: float
    pvalue: float


def bound_rates(
    counts: Floats,
    exposures: Floats,
    *,
    dispersion: float = 1.0,
    confidence_level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Give the ends of intervals of rates.

    Parameters
    ----------
    counts, exposures : numpy.ndarray, shape (rates,)
        Events and what they are counted over.
    dispersion : float
        1 or more; a count then says as much as count / dispersion events that come
        alone.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    Returns
    -------
    tuple of numpy.ndarray, shape (rates,)
        Lower and upper ends, events per unit of exposure.

    References
    ----------
    .. [1] Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28.
    .. [2] McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section
       6.2.3, on the dispersion.
    """
    tail = (1 - confidence_level) / 2
    told = counts / dispersion
    lower = np.where(told > 0, gamma.ppf(tail, np.maximum(told, 1e-12)), 0.0)
    upper = gamma.ppf(1 - tail, told + 1)
    return lower * dispersion / exposures, upper * dispersion / exposures


def compare_rates(
    counts: tuple[float, float],
    exposures: tuple[float, float],
    *,
    dispersion: float = 1.0,
    confidence_level: float = 0.95,
) -> RateRatio:
    """Compare two rates, given how many events there were in both together.

    Parameters
    ----------
    counts, exposures : tuple of float
        Of the rate above and the rate below.
    dispersion : float
        1 or more, as in `bound_rates`.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    Returns
    -------
    RateRatio
        Exact where events come alone.

    Raises
    ------
    ValueError
        If there is no event at all.

    References
    ----------
    .. [1] Przyborowski and Wilenski (1940), Homogeneity of results in testing samples
       from Poisson series, Biometrika 31: the first count is binomial given the sum.
    .. [2] Clopper and Pearson (1934), Biometrika 26.
    """
    first, second = (count / dispersion for count in counts)
    if first + second <= 0:
        raise ValueError("Rates without any event can't be compared.")
    tail = (1 - confidence_level) / 2
    scale = exposures[1] / exposures[0]
    low = beta.ppf(tail, first, second + 1) if first > 0 else 0.0
    high = beta.ppf(1 - tail, first + 1, second) if second > 0 else 1.0
    even = exposures[0] / (exposures[0] + exposures[1])
    below = beta.sf(even, first + 1, second) if second > 0 else 1.0
    above = beta.cdf(even, first, second + 1) if first > 0 else 1.0
    return RateRatio(
        estimate=float(counts[0] / counts[1] * scale) if counts[1] else np.inf,
        lower=float(low / (1 - low) * scale),
        upper=float(high / (1 - high) * scale) if high < 1 else np.inf,
        pvalue=float(min(1.0, 2 * min(below, above))),
    )


def measure_bunches(units: float, events: float, squares: float) -> Dispersion:
    """Test whether some units have more events than chance gives them.

    Parameters
    ----------
    units : float
        Units in all, those without an event too.
    events, squares : float
        Sum of their counts, and of the squares of these.

    Returns
    -------
    Dispersion
        Variance over mean between units.

    Raises
    ------
    ValueError
        If there are fewer than two units, or no event.

    References
    ----------
    .. [1] Böhning (1994), A note on a test for Poisson overdispersion, Biometrika 81,
       equation 4: its size holds however small the mean.
    """
    if units < 2 or events <= 0:
        raise ValueError("Bunches need two units or more, and an event.")
    mean = events / units
    ratio = (squares - events * mean) / (units - 1) / mean
    score = np.sqrt((units - 1) / 2) * (ratio - 1)
    return Dispersion(float(ratio), float(norm.sf(score)))


def measure_unrest(counts: Floats, exposures: Floats) -> Dispersion:
    """Test whether periods differ more than chance lets them.

    Parameters
    ----------
    counts, exposures : numpy.ndarray, shape (periods,)
        Events of each period, and what they are counted over.

    Returns
    -------
    Dispersion
        Pearson's statistic over its degrees of freedom.

    Raises
    ------
    ValueError
        If there are fewer than two periods, or no event.

    References
    ----------
    .. [1] McCullagh and Nelder (1989), section 6.2.3.
    """
    if len(counts) < 2 or counts.sum() <= 0:
        raise ValueError("Bunches need two periods or more, and an event.")
    expected = exposures * counts.sum() / exposures.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    degrees = len(counts) - 1
    return Dispersion(statistic / degrees, float(chi2.sf(statistic, degrees)))
