"""Take what measurement errors hide out of a correlation matrix.

Reliability is Cronbach's alpha, from items that ask for the same thing. Shares are
decimals. Nothing here knows what was asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

LOWEST_RELIABILITY = 0.3
"""Reliability below which correlations would be more than tripled by dividing."""
_SMALLEST_EIGENVALUE = 0.01


def covary_pairs(items: _Floats, weights: _Floats) -> _Floats:
    """Give covariances of items from the rows that hold both, under many weights.

    Parameters
    ----------
    items : numpy.ndarray, shape (rows, items)
        Answers; a missing one is NaN.
    weights : numpy.ndarray, shape (replicates, rows)
        Row weights of each replicate.

    Returns
    -------
    numpy.ndarray, shape (replicates, items, items)
        Weighted covariances; NaN where no row holds both items.
    """
    held = np.isfinite(items)
    centred = np.where(held, items - np.nanmean(items, axis=0), 0.0)
    count = items.shape[1]
    covariance = np.empty((len(weights), count, count))
    for one in range(count):
        for other in range(one, count):
            both = held[:, one] & held[:, other]
            chosen = weights[:, both]
            total = chosen.sum(axis=1)
            left, right = centred[both, one], centred[both, other]
            with np.errstate(invalid="ignore", divide="ignore"):
                product = chosen @ (left * right) / total
                means = (chosen @ left / total) * (chosen @ right / total)
            covariance[:, one, other] = covariance[:, other, one] = product - means
    return covariance


def disattenuate(correlation: _Floats, reliability: _Floats) -> _Floats:
    """Correct correlations for the errors with which variables are measured.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., variables, variables)
        Correlation matrices of what was measured.
    reliability : numpy.ndarray, shape (..., variables)
        Reliability of each variable, above 0; 1 where it is not known.

    Returns
    -------
    numpy.ndarray, shape (..., variables, variables)
        Correlations between what is meant: divided by the root of both reliabilities,
        then moved to the nearest valid matrix where chance made them none (eigenvalues
        below 0.01 are raised to it). Reliabilities below `LOWEST_RELIABILITY` count as
        that.

    Raises
    ------
    ValueError
        If a reliability is missing.

    References
    ----------
    .. [1] Spearman (1904), The proof and measurement of association between two
       things, American Journal of Psychology 15.
    .. [2] Knol and ten Berge (1989), Least-squares approximation of an improper
       correlation matrix by a proper one, Psychometrika 54: raised eigenvalues.
    """
    if not np.isfinite(reliability).all():
        raise ValueError("Every reliability must be known; some are missing.")
    root = np.sqrt(np.clip(reliability, LOWEST_RELIABILITY, 1.0))
    corrected = correlation / (root[..., :, None] * root[..., None, :])
    each = np.arange(correlation.shape[-1])
    corrected[..., each, each] = 1.0
    values, vectors = np.linalg.eigh(corrected)
    if values.min() >= _SMALLEST_EIGENVALUE:
        return np.asarray(corrected)
    raised = np.maximum(values, _SMALLEST_EIGENVALUE)
    valid = (vectors * raised[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    scale = 1 / np.sqrt(np.diagonal(valid, axis1=-2, axis2=-1))
    smoothed: _Floats = valid * scale[..., :, None] * scale[..., None, :]
    improper = values.min(axis=-1) < _SMALLEST_EIGENVALUE
    return np.where(improper[..., None, None], smoothed, corrected)
