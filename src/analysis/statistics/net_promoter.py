"""Turn answers on readiness to recommend into net promoter points.

A promoter counts +100, a passive 0, a detractor -100, so that the score is a mean:
every method for means applies to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SCALE = (0.0, 10.0)
"""Lowest and highest answer of the question as it was published."""

_PROMOTER, _PASSIVE = 9.0, 7.0


def score_promoters(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score answers from 0 to 10 as promoter, passive or detractor.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents,)
        Answers from 0 to 10; missing ones are NaN.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        100 for 9 and 10, 0 for 7 and 8, -100 for 6 and below, NaN where missing.

    Raises
    ------
    ValueError
        If an answer lies outside 0 to 10.

    References
    ----------
    .. [1] Reichheld (2003), The one number you need to grow, Harvard Business
       Review 81(12).
    """
    outside = (answers < SCALE[0]) | (answers > SCALE[1])
    if outside.any():
        message = (
            f"Answers must lie from 0 to 10; {int(outside.sum())} do not, "
            f"the first {answers[outside][0]!r}."
        )
        raise ValueError(message)
    points = np.where(answers >= _PROMOTER, 100.0, -100.0)
    points[(answers >= _PASSIVE) & (answers < _PROMOTER)] = 0.0
    points[np.isnan(answers)] = np.nan
    return points


def measure_variance(promoter_share: float, detractor_share: float) -> float:
    """Give the variance of one customer's points, for planning a wave's size.

    Parameters
    ----------
    promoter_share, detractor_share : float
        Shares from 0 to 1 that add up to 1 at most.

    Returns
    -------
    float
        Variance in squared points: 10,000 (p + d - (p - d) ** 2).
    """
    difference = promoter_share - detractor_share
    return 1e4 * (promoter_share + detractor_share - difference**2)
