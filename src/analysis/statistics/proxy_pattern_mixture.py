"""How far a survey's mean can move if silence depends on the answer itself.

The best guess of an answer from what is known of everyone, the proxy, has a mean among
all and a mean among those who answered. How far the answer follows the proxy's gap is
not known: a number phi from 0 (silence depends on the proxy alone) to 1 (on the answer
alone) says it. Means are in the unit of the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

PHIS = (0.0, 0.5, 1.0)
"""Silence that depends on the proxy alone, on both alike, and on the answer alone."""
_NOTHING = 1e-9
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class BentMean:
    """A mean under several views of silence.

    Parameters
    ----------
    phis : tuple of float
        From 0 to 1.
    estimates, lower, upper : numpy.ndarray, shape (phis,)
        Mean of all under each view, with the ends of its sampling interval.
    correlation : float
        Between proxy and answer among those who answered, allowing for the number of
        covariates; 0 where they say nothing.
    unadjusted : float
        Mean of those who answered.
    gap : float
        Proxy's mean of all less that of those who answered, in the answers' unit.
    is_capped : bool
        Whether a view would go beyond the largest shift allowed.
    """

    phis: tuple[float, ...]
    estimates: _Floats
    lower: _Floats
    upper: _Floats
    correlation: float
    unadjusted: float
    gap: float
    is_capped: bool

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest end over all views."""
        return float(self.lower.min()), float(self.upper.max())


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of those who answered, and of all.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents,)
        Without gaps.
    covariates : numpy.ndarray, shape (respondents, covariates)
        Known of everyone; a constant is added.
    population_mean : numpy.ndarray, shape (covariates,)
        Their means over the whole population.
    limits : tuple of float
        Ends that the mean cannot leave.
    most_shift : float
        Largest plausible difference between all and those who answered, in deviations
        of the answer.
    """

    answers: _Floats
    covariates: _Floats
    population_mean: _Floats
    limits: tuple[float, float] = (-np.inf, np.inf)
    most_shift: float = np.inf


def bend_mean(
    known: Answers,
    weights: _Floats,
    replicates: _Floats,
    *,
    phis: tuple[float, ...] = PHIS,
    confidence_level: float = 0.95,
) -> BentMean:
    """Estimate a mean under several views of silence.

    Parameters
    ----------
    known : Answers
        Answers and what is known of everyone.
    weights : numpy.ndarray, shape (respondents,)
        Design weights, before any raking.
    replicates : numpy.ndarray, shape (replicates, respondents)
        Weights of respondents drawn again.
    phis : tuple of float
        Views of silence, each from 0 to 1.
    confidence_level : float
        Of the sampling intervals, cut from the replicates.

    Returns
    -------
    BentMean
        Means, intervals and the strength of the proxy.

    Raises
    ------
    ValueError
        If a phi lies outside 0 to 1, or there are fewer than ten answers.

    References
    ----------
    .. [1] Andridge and Little (2011), Proxy pattern-mixture analysis for survey
       nonresponse, J. of Official Statistics 27, section 2.
    .. [2] Little, West, Boonstra and Hu (2020), Measures of the degree of departure
       from ignorable sample selection, J. of Survey Statistics and Methodology 8,
       equation 8.
    """
    if not all(0 <= phi <= 1 for phi in phis):
        raise ValueError(f"Every phi must lie from 0 to 1; they are {list(phis)}.")
    if len(known.answers) < _FEWEST:
        raise ValueError(
            f"A proxy needs {_FEWEST} answers or more, not {len(known.answers)}."
        )
    found = _fit_proxy(known, weights[None, :])
    draws = _fit_proxy(known, replicates)
    estimates, ends = [], []
    tail = 0.5 - confidence_level / 2
    for phi in phis:
        estimates.append(_bend(found, phi, known)[0])
        ends.append(np.quantile(_bend(draws, phi, known), [tail, 1 - tail]))
    lower, upper = np.array(ends).T
    means = np.array(estimates)
    return BentMean(
        phis=phis,
        estimates=means,
        lower=np.minimum(lower, means),
        upper=np.maximum(upper, means),
        correlation=float(found.correlation[0]),
        unadjusted=float(found.mean[0]),
        gap=float(found.gap[0]),
        is_capped=bool(
            max(abs(_shift(found, phi)[0]) for phi in phis) > known.most_shift
        ),
    )


def weigh_proxy(phi: float, correlation: _Floats) -> _Floats:
    """Say how many deviations the answer moves when the proxy moves by one.

    Parameters
    ----------
    phi : float
        From 0 to 1.
    correlation : numpy.ndarray
        Between proxy and answer, above 0.

    Returns
    -------
    numpy.ndarray
        The correlation at phi = 0, 1 at 0.5, one over the correlation at 1.

    References
    ----------
    .. [1] Little, West, Boonstra and Hu (2020), equation 8.
    """
    return (phi + (1 - phi) * correlation) / (phi * correlation + (1 - phi))


@dataclass(frozen=True, slots=True)
class _Proxy:
    """Moments of proxy and answer, one of each per set of weights."""

    deviation: _Floats
    mean: _Floats
    gap: _Floats
    proxy_deviation: _Floats
    correlation: _Floats


def _fit_proxy(known: Answers, weights: _Floats) -> _Proxy:
    """Regress the answer on the covariates under each set of weights at once."""
    both = np.column_stack([known.covariates, known.answers])
    centre = both.mean(axis=0)
    both = both - centre
    size = both.shape[1]
    one, other = np.triu_indices(size)
    totals = weights.sum(axis=1)
    means = weights @ both / totals[:, None]
    squares = weights @ (both[:, one] * both[:, other]) / totals[:, None]
    covariance = np.empty((len(weights), size, size))
    covariance[:, one, other] = covariance[:, other, one] = squares
    covariance -= means[:, :, None] * means[:, None, :]
    within, with_answer = covariance[:, :-1, :-1], covariance[:, :-1, -1]
    inverse = np.linalg.pinv(within, rcond=1e-8, hermitian=True)
    slopes = np.einsum("rij,rj->ri", inverse, with_answer)
    away = known.population_mean - centre[:-1] - means[:, :-1]
    explained = np.einsum("ri,ri->r", slopes, with_answer)
    variance = np.maximum(covariance[:, -1, -1], _NOTHING)
    rank = int(np.linalg.matrix_rank(within[0], hermitian=True))
    effective = totals**2 / (weights**2).sum(axis=1)
    share = _adjust(np.clip(explained / variance, 0.0, 1.0), effective, rank)
    return _Proxy(
        deviation=np.sqrt(variance),
        mean=means[:, -1] + centre[-1],
        gap=np.einsum("ri,ri->r", slopes, away),
        proxy_deviation=np.sqrt(np.maximum(explained, _NOTHING)),
        correlation=np.sqrt(np.maximum(share, _NOTHING)),
    )


def _adjust(share: _Floats, effective: _Floats, rank: int) -> _Floats:
    """Take off the share that so many covariates explain by chance."""
    left = np.maximum(effective - rank - 1, 1.0)
    adjusted: _Floats = 1 - (1 - share) * (effective - 1) / left
    return adjusted


def _shift(proxy: _Proxy, phi: float) -> _Floats:
    """Give the shift of the mean in deviations of the answer (equation 8 of [2])."""
    shift: _Floats = weigh_proxy(phi, proxy.correlation) * (
        proxy.gap / proxy.proxy_deviation
    )
    return shift


def _bend(proxy: _Proxy, phi: float, known: Answers) -> _Floats:
    """Shift the mean, no farther than is plausible or the scale allows."""
    shift = np.clip(_shift(proxy, phi), -known.most_shift, known.most_shift)
    bent: _Floats = np.clip(proxy.mean + shift * proxy.deviation, *known.limits)
    return bent
