"""How reliably several items together measure one thing: alpha and omega.

Reliability is the share of a sum's variance that is not noise, from 0 to 1. Intervals
by F hold for normal answers; those of samples that know their error hold for any
distribution and for weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f, norm

from analysis.statistics.factor_model import fit_factors
from analysis.statistics.missing_answers import correlate
from analysis.statistics.sample_moments import (
    SampleMoments,
    count_twice,
    stack_triangle,
)

_Floats = NDArray[np.float64]

_FEWEST_FOR_OMEGA = 3


@dataclass(frozen=True, slots=True)
class Reliability:
    """A reliability with its interval.

    Parameters
    ----------
    estimate, std_error, lower, upper : float
        Reliability, its standard error and the ends of its interval.
    nobs : int
        Complete rows behind it.
    items : int
        Items of the sum.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    nobs: int
    items: int


def compute_alpha(covariance: _Floats) -> _Floats:
    """Compute Cronbach's alpha from any covariance matrices.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (..., items, items)
        Covariances; of correlations the result is the standardised alpha.

    Returns
    -------
    numpy.ndarray, shape (...)
        k / (k - 1) times one less the share of the variances in that of the sum.

    Raises
    ------
    ValueError
        If there are fewer than two items.

    References
    ----------
    .. [1] Cronbach (1951), Coefficient alpha and the internal structure of tests,
       Psychometrika 16, equation 2.
    """
    items = covariance.shape[-1]
    if items < 2:
        message = (
            f"Reliability can't be measured with {items} item; it needs at least two."
        )
        raise ValueError(message)
    own = np.trace(covariance, axis1=-2, axis2=-1)
    alpha: _Floats = items / (items - 1) * (1 - own / covariance.sum(axis=(-2, -1)))
    return alpha


def standardise_alpha(covariance: _Floats) -> float:
    """Compute alpha of the standardised items.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (items, items)
        Covariances.

    Returns
    -------
    float
        Alpha of the correlations.
    """
    return float(compute_alpha(correlate(covariance)))


def drop_items(covariance: _Floats) -> _Floats:
    """Compute alpha without each item in turn.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (items, items)
        Covariances.

    Returns
    -------
    numpy.ndarray, shape (items,)
        Alpha if the item is dropped; NaN where one item would be left.
    """
    items = len(covariance)
    if items <= 2:
        return np.full(items, np.nan)
    return np.array(
        [
            compute_alpha(np.delete(np.delete(covariance, item, 0), item, 1))
            for item in range(items)
        ]
    )


def find_feldt_interval(
    alpha: float, nobs: float, items: int, *, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Find the interval of alpha for normal answers.

    Parameters
    ----------
    alpha : float
        Cronbach's alpha.
    nobs : float
        Rows, or effective rows.
    items : int
        Items.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    tuple of float
        Lower and upper end.

    References
    ----------
    .. [1] Feldt (1965), The approximate sampling distribution of Kuder-Richardson
       reliability coefficient twenty, Psychometrika 30; Feldt, Woodruff and Salih
       (1987), Applied Psychological Measurement 11, equation 8.
    """
    tail = (1 - confidence_level) / 2
    freedom = (nobs - 1, (nobs - 1) * (items - 1))
    ends = f.ppf([1 - tail, tail], *freedom)
    lower, upper = 1 - (1 - alpha) * ends
    return float(lower), float(upper)


def estimate_alpha(
    sample: SampleMoments, *, confidence_level: float = 0.95
) -> Reliability:
    """Estimate Cronbach's alpha with an interval for any distribution and weights.

    The interval is symmetric in the logarithm of 1 - alpha.

    Parameters
    ----------
    sample : SampleMoments
        Moments of the items; without their error the interval is Feldt's.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    Reliability
        Alpha.

    References
    ----------
    .. [1] Maydeu-Olivares, Coffman and Hartmann (2007), Asymptotically
       distribution-free interval estimation of coefficient alpha, Psychological
       Methods 12, equation 5; Bonett (2002), Journal of Educational and Behavioral
       Statistics 27 (logarithm).
    """
    alpha, items = float(compute_alpha(sample.covariance)), len(sample.mean)
    if sample.covariance_error is None:
        lower, upper = find_feldt_interval(
            alpha, sample.nobs, items, confidence_level=confidence_level
        )
        freedom = items / (items - 1) / sample.nobs
        error = (1 - alpha) * float(np.sqrt(2 * freedom))
        return Reliability(alpha, error, lower, upper, sample.nobs, items)
    slope = _differentiate_alpha(sample.covariance)
    error = float(np.sqrt(slope @ sample.covariance_error @ slope))
    reach = norm.ppf((1 + confidence_level) / 2) * error / (1 - alpha)
    lower, upper = 1 - (1 - alpha) * np.exp([reach, -reach])
    return Reliability(alpha, error, float(lower), float(upper), sample.nobs, items)


def estimate_omega(
    sample: SampleMoments, *, robust: bool = True, confidence_level: float = 0.95
) -> Reliability:
    """Estimate McDonald's omega from a one-factor model, by the delta method.

    Parameters
    ----------
    sample : SampleMoments
        Moments of at least three items.
    robust : bool
        Whether errors hold for any distribution; normal answers are assumed where
        not, or where the sample does not know its error.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    Reliability
        Omega: (sum of loadings)^2 over itself plus the unique variances.

    Raises
    ------
    ValueError
        If there are fewer than three items.

    References
    ----------
    .. [1] McDonald (1999), Test Theory, equation 6.20; Raykov (2002), Analytic
       estimation of standard error and confidence interval for scale reliability,
       Multivariate Behavioral Research 37.
    """
    items = len(sample.mean)
    if items < _FEWEST_FOR_OMEGA:
        message = f"Omega must have at least three items; there are {items}."
        raise ValueError(message)
    model = fit_factors([sample], [0] * items)
    total, noise = model.loadings[0].sum(), model.unique[0].sum()
    factor = model.factor_covariance[0, 0, 0]
    common = total**2 * factor
    omega = common / (common + noise)
    scale = (common + noise) ** 2
    slope = np.zeros(len(model.estimates))
    group = model.layout.groups[0]
    slope[group.loadings[1:]] = 2 * total * factor * noise / scale
    slope[group.covariance[0, 0]] = total**2 * noise / scale
    slope[group.unique] = -common / scale
    covariance = model.covariance
    if robust and model.scatter is not None:
        covariance = model.scatter
    error = float(np.sqrt(slope @ covariance @ slope))
    reach = float(norm.ppf((1 + confidence_level) / 2)) * error
    return Reliability(
        float(omega),
        error,
        float(omega - reach),
        float(omega + reach),
        sample.nobs,
        items,
    )


def _differentiate_alpha(covariance: _Floats) -> _Floats:
    """Give the slope of alpha in each entry of the stacked covariance."""
    items, total = len(covariance), covariance.sum()
    diagonal = np.eye(items)
    slope = np.trace(covariance) / total**2 - diagonal / total
    times = count_twice(items)
    return np.asarray(items / (items - 1) * times * stack_triangle(slope))
