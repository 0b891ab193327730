"""Johnson's relative weights: a check on the order of shares of R squared.

Shares of variance are decimals.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SMALLEST_EIGENVALUE = 1e-10


def weigh_by_johnson(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share out R squared through the uncorrelated variables nearest to the drivers.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., drivers + 1, drivers + 1)
        Correlation matrix, or a batch of them; the outcome is the last variable.

    Returns
    -------
    numpy.ndarray, shape (..., drivers)
        Relative weights; they add up to R squared. A check on the order of `lmg`, near
        to it and cheap, but without its meaning.

    Raises
    ------
    ValueError
        If the matrix is not square.

    References
    ----------
    .. [1] Johnson (2000), A heuristic method for estimating the relative weight of
       predictor variables in multiple regression, Multivariate Behavioral Research 35,
       equation 9.
    """
    matrices = np.asarray(correlation, dtype=np.float64)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2]:
        message = f"A correlation matrix must be square, not {matrices.shape}."
        raise ValueError(message)
    values, vectors = np.linalg.eigh(matrices[..., :-1, :-1])
    values = np.maximum(values, _SMALLEST_EIGENVALUE)
    turned = np.swapaxes(vectors, -1, -2)
    root = (vectors * np.sqrt(values)[..., None, :]) @ turned
    inverse = (vectors / np.sqrt(values)[..., None, :]) @ turned
    slopes = inverse @ matrices[..., :-1, -1:]
    weights: NDArray[np.float64] = ((root**2) @ slopes**2)[..., 0]
    return weights
