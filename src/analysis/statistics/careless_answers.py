"""Signs of answers given without reading: runs, no variation, odd combinations.

Answers are in points of one scale, in the order in which they were asked; gaps are NaN
and are passed over.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

_Floats = NDArray[np.float64]


def measure_long_strings(answers: _Floats) -> NDArray[np.int64]:
    """Give the longest run of the same answer of each respondent.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents, items)
        In the order asked.

    Returns
    -------
    numpy.ndarray of int, shape (respondents,)
        Items in the longest run; 0 for who answered nothing.

    References
    ----------
    .. [1] Johnson (2005), Ascertaining the validity of individual protocols from
       web-based personality inventories, J. of Research in Personality 39.
    """
    respondents = len(answers)
    longest = np.zeros(respondents, dtype=np.int64)
    run = np.zeros(respondents, dtype=np.int64)
    last = np.full(respondents, np.nan)
    for column in answers.T:
        held = np.isfinite(column)
        run = np.where(held, np.where(column == last, run + 1, 1), run)
        last = np.where(held, column, last)
        longest = np.maximum(longest, np.where(held, run, 0))
    return longest


def measure_variability(answers: _Floats) -> _Floats:
    """Give the standard deviation of each respondent's answers.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents, items)
        Answers.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        Points; NaN for fewer than two answers.

    References
    ----------
    .. [1] Dunn, Heggestad, Shanock and Theilgard (2018), Intra-individual response
       variability as an indicator of insufficient effort responding, J. of Business
       and Psychology 33.
    """
    counts = np.isfinite(answers).sum(axis=1)
    filled = np.nan_to_num(answers)
    mean = filled.sum(axis=1) / np.maximum(counts, 1)
    away = np.where(np.isfinite(answers), answers - mean[:, None], 0.0)
    variance = (away**2).sum(axis=1) / np.maximum(counts - 1, 1)
    deviation: _Floats = np.where(counts > 1, np.sqrt(variance), np.nan)
    return deviation


def measure_distances(
    answers: _Floats, mean: _Floats, covariance: _Floats
) -> pd.DataFrame:
    """Give each respondent's distance from the usual combination of answers.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents, items)
        Answers; distances are taken over those given.
    mean : numpy.ndarray, shape (items,)
        Mean of each item.
    covariance : numpy.ndarray, shape (items, items)
        Of the items.

    Returns
    -------
    pandas.DataFrame
        One row per respondent: `distance` (squared, in errors), `answered`, and
        `pvalue`, the chance of at least that distance if answers were normal.

    References
    ----------
    .. [1] Mahalanobis (1936); Meade and Craig (2012), Identifying careless responses
       in survey data, Psychological Methods 17.
    """
    held = np.isfinite(answers)
    distance = np.zeros(len(answers))
    patterns, which = np.unique(held, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        if not pattern.any():
            continue
        rows = which.ravel() == number
        away = answers[np.ix_(rows, pattern)] - mean[pattern]
        inverse = np.linalg.pinv(covariance[np.ix_(pattern, pattern)], hermitian=True)
        distance[rows] = np.einsum("ri,ij,rj->r", away, inverse, away)
    answered = held.sum(axis=1)
    chance = np.where(answered > 0, chi2.sf(distance, np.maximum(answered, 1)), np.nan)
    return pd.DataFrame({"distance": distance, "answered": answered, "pvalue": chance})
