"""Means and covariances of complete answers, with what each row adds to their error.

The errors hold for any distribution and for survey weights: the variance of a moment
is the sum of squared influences of the rows. Moments are stacked as the means first,
then the lower triangle of the covariance, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """Means and covariances of complete answers.

    Parameters
    ----------
    mean : numpy.ndarray, shape (variables,)
        Means, in the unit of the answers.
    covariance : numpy.ndarray, shape (variables, variables)
        Covariances, divided by the sum of weights.
    nobs : int
        Rows behind them.
    error : numpy.ndarray or None, shape (moments, moments)
        Covariance of the stacked moments; None where only the moments are known, and
        answers are taken as normal.
    """

    mean: _Floats
    covariance: _Floats
    nobs: int
    error: _Floats | None = None

    @property
    def covariance_error(self) -> _Floats | None:
        """Covariance of the lower triangle alone."""
        first = len(self.mean)
        return None if self.error is None else self.error[first:, first:]


def measure_moments(answers: _Floats, weights: _Floats | None = None) -> SampleMoments:
    """Measure means and covariances of the rows without a gap.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; rows with a missing one (NaN) are left out.
    weights : numpy.ndarray, shape (rows,), optional
        Positive row weights; every row counts once when left out.

    Returns
    -------
    SampleMoments
        Moments with their error.

    Raises
    ------
    ValueError
        If fewer than two rows are complete.

    References
    ----------
    .. [1] Browne (1984), Asymptotically distribution-free methods for the analysis of
       covariance structures, British Journal of Mathematical and Statistical
       Psychology 37, equation 3.4.
    .. [2] Muthén and Satorra (1995), Complex sample data in structural equation
       modeling, Sociological Methodology 25, equation 9 (with weights).
    """
    whole = np.isfinite(answers).all(axis=1)
    if whole.sum() < 2:
        message = f"At least two rows must be complete; {int(whole.sum())} are."
        raise ValueError(message)
    values = answers[whole]
    shares = np.ones(len(values)) if weights is None else weights[whole]
    shares = shares / shares.sum()
    mean = shares @ values
    centred = values - mean
    covariance = centred.T @ (centred * shares[:, None])
    rows, columns = np.tril_indices(values.shape[1])
    products = centred[:, rows] * centred[:, columns] - covariance[rows, columns]
    influence = shares[:, None] * np.hstack([centred, products])
    return SampleMoments(mean, covariance, len(values), influence.T @ influence)


def stack_triangle(matrix: _Floats) -> _Floats:
    """Stack the lower triangles of symmetric matrices, row by row.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (..., variables, variables)
        Symmetric matrices.

    Returns
    -------
    numpy.ndarray, shape (..., variables * (variables + 1) / 2)
        Lower triangles.
    """
    rows, columns = np.tril_indices(matrix.shape[-1])
    return np.asarray(matrix[..., rows, columns], dtype=np.float64)


def count_twice(variables: int) -> _Floats:
    """Say how often each entry of a stacked triangle stands in the whole matrix.

    Parameters
    ----------
    variables : int
        Variables.

    Returns
    -------
    numpy.ndarray, shape (variables * (variables + 1) / 2,)
        1 on the diagonal, 2 elsewhere.
    """
    rows, columns = np.tril_indices(variables)
    return np.where(rows == columns, 1.0, 2.0)
