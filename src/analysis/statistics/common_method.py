"""What answers share because they stand in one questionnaire.

A marker has nothing to do with the other questions, so that what it shares with them
is a habit of answering. Correlations are plain numbers; nothing here knows what was
asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


def adjust_for_marker(correlation: _Floats, shared: float) -> _Floats:
    """Take out of all correlations what a habit of answering puts in.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., variables, variables)
        Correlations.
    shared : float
        Correlation that a marker has with the variables; below zero counts as zero.

    Returns
    -------
    numpy.ndarray, shape (..., variables, variables)
        Adjusted correlations, ones on the diagonal.

    Raises
    ------
    ValueError
        If the shared correlation is 1 or more.

    References
    ----------
    .. [1] Lindell and Whitney (2001), Accounting for common method variance in
       cross-sectional research designs, Journal of Applied Psychology 86, equation 4.
    """
    if shared >= 1:
        message = (
            f"A marker must correlate less than 1 with the others, not {shared!r}."
        )
        raise ValueError(message)
    held = max(shared, 0.0)
    return np.asarray((correlation - held) / (1 - held))


def partial_out(correlation: _Floats, marker: int) -> _Floats:
    """Give the correlations at a fixed value of one variable.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., variables, variables)
        Correlations.
    marker : int
        Place of the variable that is held.

    Returns
    -------
    numpy.ndarray, shape (..., variables - 1, variables - 1)
        Partial correlations of the others.
    """
    others = np.delete(np.arange(correlation.shape[-1]), marker)
    with_marker = correlation[..., others, marker]
    left = correlation[..., others[:, None], others]
    left = left - with_marker[..., :, None] * with_marker[..., None, :]
    scale = np.sqrt(1 - with_marker**2)
    return np.asarray(left / (scale[..., :, None] * scale[..., None, :]))


def measure_heterotrait(correlation: _Floats, factors: NDArray[np.intp]) -> _Floats:
    """Measure how alike two scales are: the heterotrait-monotrait ratio.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (items, items)
        Correlations of items.
    factors : numpy.ndarray of int, shape (items,)
        Scale of each item, from 0; every scale has at least two.

    Returns
    -------
    numpy.ndarray, shape (scales, scales)
        Mean correlation between two scales over the geometric mean of those within
        each; about 1 where the scales measure the same. Ones on the diagonal.

    Raises
    ------
    ValueError
        If a scale has one item only.

    References
    ----------
    .. [1] Henseler, Ringle and Sarstedt (2015), A new criterion for assessing
       discriminant validity in variance-based structural equation modeling, Journal
       of the Academy of Marketing Science 43, equation 6.
    """
    member = (factors[:, None] == np.arange(factors.max() + 1)).astype(np.float64)
    sizes = member.sum(axis=0)
    if (sizes < 2).any():
        alone = np.flatnonzero(sizes < 2).tolist()
        message = f"Every scale must have at least two items; scales {alone} do not."
        raise ValueError(message)
    sums = member.T @ correlation @ member
    within = (np.diag(sums) - sizes) / (sizes * (sizes - 1))
    ratio = sums / np.outer(sizes, sizes) / np.sqrt(np.outer(within, within))
    np.fill_diagonal(ratio, 1.0)
    return np.asarray(ratio)
