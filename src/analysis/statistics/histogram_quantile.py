"""Quantiles of values that come as a histogram, with intervals.

Bins are narrow: a quantile is known to the width of a bin. Values are in the caller's
unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with its interval.

    Parameters
    ----------
    estimate, lower, upper : float
        In the unit of the values.
    """

    estimate: float
    lower: float
    upper: float


def estimate_quantile(
    values: Floats,
    counts: Floats,
    share: float,
    *,
    effective: float,
    confidence_level: float = 0.95,
) -> Quantile:
    """Estimate a quantile and turn the interval of its share into one of its value.

    Parameters
    ----------
    values : numpy.ndarray, shape (bins,)
        Values of the bins, rising.
    counts : numpy.ndarray, shape (bins,)
        Weight of each.
    share : float
        Share of the weight at or below the quantile, between 0 and 1.
    effective : float
        Independent observations that the weight is worth.
    confidence_level : float
        Share of intervals that hold the truth.

    Returns
    -------
    Quantile
        Smallest value that has the share at or below it; ends likewise at the ends of
        the share's interval.

    Raises
    ------
    ValueError
        If there is no weight.

    References
    ----------
    .. [1] Woodruff (1952), Confidence intervals for medians and other position
       measures, JASA 47.
    .. [2] Korn and Graubard (1998), Confidence intervals for proportions with small
       expected number of positive counts, Survey Methodology 24: exact ends at the
       effective number.
    """
    total = counts.sum()
    if total <= 0:
        raise ValueError("A quantile needs observations.")
    below = np.cumsum(counts) / total
    low, high = bound_share(share, effective, confidence_level=confidence_level)
    found = [_read(values, below, each) for each in (share, low, high)]
    return Quantile(*found)


def bound_share(
    share: float, effective: float, *, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Give the ends of the interval of a share.

    Parameters
    ----------
    share : float
        From 0 to 1.
    effective : float
        Independent observations behind it.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    Returns
    -------
    tuple of float
        Lower and upper end.

    References
    ----------
    .. [1] Korn and Graubard (1998): Clopper and Pearson's ends at the effective number.
    """
    tail = (1 - confidence_level) / 2
    inside, outside = share * effective, (1 - share) * effective
    low = beta.ppf(tail, inside, outside + 1) if inside > 0 else 0.0
    high = beta.ppf(1 - tail, inside + 1, outside) if outside > 0 else 1.0
    return float(low), float(high)


def _read(values: Floats, below: Floats, share: float) -> float:
    # A share that is met but for rounding counts as met.
    place = int(np.searchsorted(below, share - 1e-12))
    return float(values[min(place, len(values) - 1)])
