"""Fill gaps in answers from the other answers of the same row, and pool what follows.

Means and covariances are given. Gaps get their expectation, or a draw around it; of
several filled copies, estimates are pooled by Rubin's rules.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


def fill_answers(
    answers: _Floats,
    mean: _Floats,
    covariance: _Floats,
    generator: np.random.Generator | None = None,
) -> _Floats:
    """Fill gaps as if answers were normal.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN.
    mean : numpy.ndarray, shape (variables,)
        Means.
    covariance : numpy.ndarray, shape (variables, variables)
        Covariances.
    generator : numpy.random.Generator, optional
        Random numbers, where gaps are to be drawn and not expected.

    Returns
    -------
    numpy.ndarray, shape (rows, variables)
        Answers without gaps; what was answered is unchanged.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, section 11.2 (expectations) and 10.2 (draws).
    """
    filled = np.array(answers, dtype=np.float64)
    patterns, members = np.unique(np.isfinite(answers), axis=0, return_inverse=True)
    for number, held in enumerate(patterns):
        if held.all():
            continue
        rows = np.flatnonzero(members == number)
        across = covariance[np.ix_(held, ~held)]
        slopes = np.linalg.solve(covariance[np.ix_(held, held)], across)
        guess = mean[~held] + (answers[np.ix_(rows, held)] - mean[held]) @ slopes
        if generator is not None:
            left = covariance[np.ix_(~held, ~held)] - across.T @ slopes
            root = _take_root(left)
            guess = guess + generator.standard_normal(guess.shape) @ root.T
        filled[np.ix_(rows, ~held)] = guess
    return filled


def pool_imputations(estimates: _Floats, variances: _Floats) -> tuple[_Floats, _Floats]:
    """Pool estimates from several filled copies.

    Parameters
    ----------
    estimates, variances : numpy.ndarray, shape (copies, ...)
        Estimate and its variance in each copy; two copies or more.

    Returns
    -------
    tuple of numpy.ndarray, shape (...)
        Mean estimate, and its variance: that within copies, and (1 + 1 / copies) times
        that between them.

    Raises
    ------
    ValueError
        If there is one copy only.

    References
    ----------
    .. [1] Rubin (1987), Multiple Imputation for Nonresponse in Surveys, equations
       3.1.2 to 3.1.5.
    """
    copies = len(estimates)
    if copies < 2:
        raise ValueError("Pooling needs two filled copies or more, not 1.")
    between = estimates.var(axis=0, ddof=1)
    return estimates.mean(axis=0), variances.mean(axis=0) + (1 + 1 / copies) * between


def _take_root(covariance: _Floats) -> _Floats:
    values, vectors = np.linalg.eigh(covariance)
    root: _Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root
