"""Make a matrix of correlations one that answers could have, and say what it took.

Correlations from pairs, or divided by reliabilities, need not be possible together.
The nearest possible matrix is used then, and how far it lies is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

SMALLEST_EIGENVALUE = 1e-4
"""Eigenvalue below which a matrix is repaired: inverses would be noise."""
_MAXIMUM_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class RepairedCorrelation:
    """A positive definite correlation matrix.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (variables, variables)
        The matrix to use.
    repaired : bool
        Whether it is not the matrix that was given.
    smallest_eigenvalue : float
        Of the matrix given.
    largest_move : float
        Largest change of a correlation; zero where nothing was repaired.
    """

    correlation: _Floats
    repaired: bool
    smallest_eigenvalue: float
    largest_move: float


def repair_correlation(
    correlation: _Floats, *, smallest: float = SMALLEST_EIGENVALUE
) -> RepairedCorrelation:
    """Find the nearest positive definite correlation matrix.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (variables, variables)
        Symmetric, with ones on the diagonal.
    smallest : float
        Smallest eigenvalue allowed, above zero.

    Returns
    -------
    RepairedCorrelation
        The matrix itself where it is positive definite.

    Raises
    ------
    ValueError
        If the matrix is not symmetric with a diagonal of ones.

    References
    ----------
    .. [1] Higham (2002), Computing the nearest correlation matrix: a problem from
       finance, IMA Journal of Numerical Analysis 22, algorithm 3.3.
    """
    if not np.allclose(correlation, correlation.T) or not np.allclose(
        np.diag(correlation), 1
    ):
        message = "A correlation matrix must be symmetric with ones on its diagonal."
        raise ValueError(message)
    lowest = float(np.linalg.eigvalsh(correlation)[0])
    if lowest >= smallest:
        return RepairedCorrelation(correlation.copy(), False, lowest, 0.0)
    nearest = _project(correlation, smallest)
    move = float(np.abs(nearest - correlation).max())
    return RepairedCorrelation(nearest, True, lowest, move)


def _project(correlation: _Floats, smallest: float) -> _Floats:
    """Project by turns onto matrices without small eigenvalues and unit diagonals."""
    shift = np.zeros_like(correlation)
    held = correlation
    for _ in range(_MAXIMUM_ROUNDS):
        open_matrix = held - shift
        values, vectors = np.linalg.eigh(open_matrix)
        lifted = (vectors * np.maximum(values, smallest)) @ vectors.T
        shift = lifted - open_matrix
        moved = lifted.copy()
        np.fill_diagonal(moved, 1.0)
        if np.abs(moved - held).max() < 1e-10:
            break
        held = moved
    deviation = np.sqrt(np.diag(lifted))
    return np.asarray(lifted / np.outer(deviation, deviation))
