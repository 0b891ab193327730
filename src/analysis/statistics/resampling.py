"""Draw respondents again and say how sure a ranking is.

Respondents are drawn with equal chance and keep their survey weight, so that the
draws vary as a new sample of the same design would.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


def draw_weights(
    weights: _Floats, replicates: int, generator: np.random.Generator
) -> _Floats:
    """Draw respondents with replacement, many times.

    Parameters
    ----------
    weights : numpy.ndarray, shape (respondents,)
        Survey weights.
    replicates : int
        Samples to draw.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray, shape (replicates, respondents)
        Times drawn x weight.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 6.2.
    """
    count = len(weights)
    chances = np.full(count, 1.0 / count)
    drawn = generator.multinomial(count, chances, size=replicates)
    return drawn * weights


def measure_rank_probabilities(draws: _Floats) -> _Floats:
    """Say how often each candidate takes each rank.

    Parameters
    ----------
    draws : numpy.ndarray, shape (replicates, candidates)
        What is ranked, largest first, in each replicate.

    Returns
    -------
    numpy.ndarray, shape (candidates, candidates)
        Row: candidate; column: share of replicates in which it is first, second, ...
    """
    candidates = draws.shape[1]
    order = np.argsort(-draws, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1, kind="stable")
    shares = [(ranks == rank).mean(axis=0) for rank in range(candidates)]
    return np.column_stack(shares)


def cut_interval(
    draws: _Floats, estimate: _Floats, confidence_level: float
) -> tuple[_Floats, _Floats]:
    """Cut percentile intervals that hold their estimate.

    Parameters
    ----------
    draws : numpy.ndarray, shape (replicates, ...)
        Replicates of the estimate.
    estimate : numpy.ndarray, shape (...)
        The estimate itself.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper ends, widened where they would leave the estimate out.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), section 13.3: percentile intervals.
    """
    tail = (1 - confidence_level) / 2
    lower, upper = np.quantile(draws, [tail, 1 - tail], axis=0)
    return np.minimum(lower, estimate), np.maximum(upper, estimate)
