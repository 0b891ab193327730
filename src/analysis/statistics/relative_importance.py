"""Share out the explained variance of an outcome among correlated drivers, exactly.

Everything starts from a correlation matrix, so that weighted, pairwise, maximum
likelihood or bootstrap matrices all enter the same kernel. Shares of variance are
decimals (0.25 is a quarter of the outcome's variance).

The kernel visits every subset of drivers once per driver: it halves the set of
drivers, sweeps each half out of the matrix in all possible ways and goes on with
the other half. All subsets of a step are one array operation, and so are all
matrices of a batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAXIMUM_DRIVERS = 30
"""More drivers than this would take minutes for one matrix."""

_SMALLEST_PIVOT = 1e-10
_BLOCK_ELEMENTS = 2**17


@dataclass(frozen=True, slots=True)
class RelativeImportance:
    """How much of an outcome's variance each driver explains.

    Parameters
    ----------
    lmg : numpy.ndarray, shape (..., drivers)
        Share of the outcome's variance credited to each driver: its gain in R squared,
        averaged over all orders in which drivers can enter. Adds up to R squared.
    floor : numpy.ndarray, shape (..., drivers)
        What a driver would still be credited with if its own coefficient were zero,
        only because it goes along with drivers that do matter.
    own : numpy.ndarray, shape (..., drivers)
        `lmg - floor`: what is due to the driver itself. Negative where a driver with
        a small coefficient of the wrong sign borrows from the others.
    first, last : numpy.ndarray, shape (..., drivers)
        R squared of the driver alone, and gain in R squared when it enters last.
    coefficients : numpy.ndarray, shape (..., drivers)
        Standardised coefficients of the full regression.
    r_squared : numpy.ndarray, shape (...)
        Share of the outcome's variance explained by all drivers.
    """

    lmg: NDArray[np.float64]
    floor: NDArray[np.float64]
    own: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    r_squared: NDArray[np.float64]


def decompose_r_squared(correlation: NDArray[np.float64]) -> RelativeImportance:
    r"""Decompose R squared into one share for each driver (LMG, Shapley value).

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., drivers + 1, drivers + 1)
        Correlation matrix, or a batch of them; the outcome is the last variable.

    Returns
    -------
    RelativeImportance
        Shares, floors and simpler measures, one for each driver.

    Raises
    ------
    ValueError
        If there is no driver, or more than `MAXIMUM_DRIVERS`, or the matrix is not
        square or not finite.

    Notes
    -----
    With :math:`v_{jS}` the variance of driver j left over by the drivers in S, and
    :math:`c_{jS}` its covariance with the outcome left over by them,

    .. math:: LMG_j = \sum_S w_S\, c_{jS}^2 / v_{jS}, \qquad
              w_S = |S|!\,(p - |S| - 1)! / p!

    (Grömping 2007, equation 5). Taking the driver's own effect :math:`b_j x_j` out of
    the outcome turns :math:`c_{jS}` into :math:`c_{jS} - b_j v_{jS}`; hence
    :math:`LMG_j - floor_j = \sum_S w_S (2 b_j c_{jS} - b_j^2 v_{jS})`.

    References
    ----------
    .. [1] Lindeman, Merenda and Gold (1980), Introduction to Bivariate and
       Multivariate Analysis, p. 119 ff.
    .. [2] Grömping (2007), Estimators of relative importance in linear regression
       based on variance decomposition, The American Statistician 61, equation 5.
    """
    matrices = _require_correlation(correlation)
    drivers, outcome = matrices[..., :-1, :-1], matrices[..., :-1, -1]
    precision = np.linalg.pinv(drivers, hermitian=True)
    coefficients = (precision @ outcome[..., None])[..., 0]
    gain, covariance, variance = _average_over_orders(matrices)
    own = coefficients * (2 * covariance - coefficients * variance)
    diagonal = np.diagonal(precision, axis1=-2, axis2=-1)
    return RelativeImportance(
        lmg=gain,
        floor=gain - own,
        own=own,
        first=outcome**2,
        last=coefficients**2 / diagonal,
        coefficients=coefficients,
        r_squared=(coefficients * outcome).sum(axis=-1),
    )


def _require_correlation(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    matrices = np.asarray(correlation, dtype=np.float64)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2]:
        message = f"A correlation matrix must be square, not {matrices.shape}."
        raise ValueError(message)
    drivers = matrices.shape[-1] - 1
    if not 1 <= drivers <= MAXIMUM_DRIVERS:
        message = f"There must be 1 to {MAXIMUM_DRIVERS} drivers, not {drivers}."
        raise ValueError(message)
    if not np.isfinite(matrices).all():
        message = "A correlation matrix must be finite; some entries are missing."
        raise ValueError(message)
    return matrices


def _average_over_orders(
    matrices: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Average gain, partial covariance and partial variance over all orders."""
    count = matrices.shape[-1] - 1
    batch = matrices.reshape(-1, count + 1, count + 1)
    totals = np.zeros((3, count, len(batch)))
    weights = _weigh_subset_sizes(count)
    step = max(1, 2**16 >> (count - 1))
    for start in range(0, len(batch), step):
        chunk = np.moveaxis(batch[start : start + step], 0, -1)
        block = np.roll(chunk[:-1], 1, axis=1)[..., None]
        part = totals[:, :, start : start + step]
        _visit(block, np.zeros(1, dtype=np.intp), np.arange(count), weights, part)
    shape = (*matrices.shape[:-2], count)
    gain, covariance, variance = (total.T.reshape(shape) for total in totals)
    return gain, covariance, variance


def _weigh_subset_sizes(count: int) -> NDArray[np.float64]:
    inverses = [count * math.comb(count - 1, size) for size in range(count)]
    return 1.0 / np.array(inverses, dtype=np.float64)


def _visit(
    block: NDArray[np.float64],
    sizes: NDArray[np.intp],
    drivers: NDArray[np.intp],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Add to `totals` what the drivers of a block gain over all remaining subsets.

    A block has shape (drivers, 1 + drivers, matrices, subsets): column 0 is the
    covariance with the outcome, and all is net of the drivers of each subset.
    """
    if len(drivers) == 1:
        _add_gain(block, weights[sizes], totals[:, drivers[0]])
        return
    if len(sizes) > 1 and _needs_splitting(block):
        middle = len(sizes) // 2
        for part in (slice(None, middle), slice(middle, None)):
            _visit(block[..., part], sizes[part], drivers, weights, totals)
        return
    half = len(drivers) // 2
    flipped = block[::-1][:, [0, *range(len(drivers), 0, -1)]]
    for kept, whole, order in (
        (half, block, drivers),
        (len(drivers) - half, flipped, drivers[::-1]),
    ):
        smaller, grown = whole, sizes
        for _ in range(len(drivers) - kept):
            smaller, grown = _eliminate_last(smaller), np.append(grown, grown + 1)
        _visit(smaller, grown, order[:kept], weights, totals)


def _needs_splitting(block: NDArray[np.float64]) -> bool:
    removed = (block.shape[0] + 1) // 2
    elements = (block[0, 0].size * removed * (removed + 1)) << removed
    return bool(elements > _BLOCK_ELEMENTS)


def _eliminate_last(block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stack the block without its last driver and the block net of that driver."""
    pivot = block[-1, -1]
    inverse = (pivot > _SMALLEST_PIVOT) / np.maximum(pivot, _SMALLEST_PIVOT)
    subsets = block.shape[-1]
    smaller = np.empty((*np.subtract(block.shape[:2], 1), block.shape[2], 2 * subsets))
    smaller[..., :subsets] = block[:-1, :-1]
    swept = smaller[..., subsets:]
    np.multiply(block[:-1, -1:], block[-1:, :-1] * inverse, out=swept)
    np.subtract(block[:-1, :-1], swept, out=swept)
    return smaller


def _add_gain(
    block: NDArray[np.float64],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    covariance, variance = block[0, 0], block[0, 1]
    gain = covariance**2 / np.maximum(variance, _SMALLEST_PIVOT)
    for total, terms in zip(totals, (gain, covariance, variance), strict=True):
        total += terms @ weights
