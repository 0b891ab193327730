"""Fill the gaps of a wave's answers several times, for methods that need whole rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.filled_answers import fill_answers
from analysis.statistics.missing_answers import estimate_moments, resample_moments
from analysis.statistics.resampling import draw_weights

_Floats = NDArray[np.float64]

COPIES = 10
"""Filled copies of the answers."""


def fill_copies(
    scores: _Floats, weights: _Floats, generator: np.random.Generator
) -> Iterator[_Floats]:
    """Fill gaps with draws given the other answers, many times.

    Parameters
    ----------
    scores : numpy.ndarray, shape (respondents, variables)
        Answers; NaN where missing.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights.
    generator : numpy.random.Generator
        Source of chance.

    Yields
    ------
    numpy.ndarray, shape (respondents, variables)
        Whole answers. Each copy draws from moments of respondents drawn again, so that
        copies also differ by what is not known of the moments.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, section 10.2.3: proper draws by way of the bootstrap.
    """
    moments = estimate_moments(scores, weights)
    resampled = draw_weights(weights, COPIES, generator)
    draws = resample_moments(scores, moments, resampled)
    for mean, covariance in zip(draws.mean, draws.covariance, strict=True):
        yield fill_answers(scores, mean, covariance, generator)
