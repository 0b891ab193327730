"""Share out the explained variance of an outcome among correlated drivers, exactly.

Everything starts from a correlation matrix, so that weighted, pairwise, maximum
likelihood or bootstrap matrices all enter the same kernel. Shares of variance are
decimals (0.25 is a quarter of the outcome's variance).

The kernel visits every subset of drivers once per driver: it halves the set of
drivers, sweeps each half out of the matrix in all possible ways and goes on with
the other half, down to pairs. All subsets of a step are one array operation, and so
are both halves and all matrices of a batch.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

MAXIMUM_DRIVERS = 30
"""More drivers than this would take minutes for one matrix."""

_SMALLEST_PIVOT = 1e-10
_NOBODY = -1
_SMALL_BLOCK, _LARGE_BLOCK = 2**11, 2**18
_BLOCK_ELEMENTS = 2**17
_FEWEST_FOR_THREADS = 18


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
    totals = np.zeros((3, count + 1, len(batch)))  # the last is for `_NOBODY`
    weights = _weigh_subset_sizes(count)
    step = max(1, _BLOCK_ELEMENTS >> count)
    for start in range(0, len(batch), step):
        chunk = np.moveaxis(batch[start : start + step], 0, -1)
        block = np.concatenate([chunk[:-1, -1:], chunk[:-1, :-1]], axis=1)[
            None, :, :, None
        ]
        part = totals[:, :, start : start + step]
        visit = _visit_in_threads if count >= _FEWEST_FOR_THREADS else _visit
        visit(block, np.zeros(1, np.intp), np.arange(count)[None], weights, part)
    shape = (*matrices.shape[:-2], count)
    gain, covariance, variance = (total.T.reshape(shape) for total in totals[:, :-1])
    return gain, covariance, variance


@cache
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

    A block has shape (groups, drivers, 1 + drivers, subsets, matrices): column 0 is
    the covariance with the outcome, and all is net of the drivers of each subset.
    """
    count = drivers.shape[1]
    if count <= 2:
        add = _add_pairs if count == 2 else _add_single
        add(block, sizes, drivers, weights, totals)
    elif _needs_splitting(block):
        for one, part in _split_block(len(drivers), len(sizes)):
            piece = block[one, :, :, part]
            _visit(piece, sizes[part], drivers[one], weights, totals)
    else:
        for kept, stacked, order in _split_drivers(block, drivers):
            _sweep(stacked, sizes, order[:, :kept], weights, totals)


def _visit_in_threads(
    block: NDArray[np.float64],
    sizes: NDArray[np.intp],
    drivers: NDArray[np.intp],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Visit both halves of many drivers at a time, each adding to totals of its own.

    What is added up, and in which order, does not depend on the threads.
    """
    jobs = _split_apart(block, drivers)
    parts = [np.zeros_like(totals) for _ in jobs]
    with ThreadPoolExecutor(len(jobs)) as threads:
        done = [
            threads.submit(_sweep, half, sizes, order[:, :kept], weights, part)
            for (kept, half, order), part in zip(jobs, parts, strict=True)
        ]
        for each in done:
            each.result()
    for part in parts:
        totals += part


def _sweep(
    block: NDArray[np.float64],
    sizes: NDArray[np.intp],
    kept: NDArray[np.intp],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Sweep the last drivers out of a block in all ways, then visit those kept.

    Blocks with and without a driver go on in one array, or apart where that is large.
    """
    if block.shape[1] == kept.shape[1]:
        _visit(block, sizes, kept, weights, totals)
    elif block.size <= _LARGE_BLOCK:
        both = np.concatenate([sizes, sizes + 1])
        _sweep(_eliminate_last(block), both, kept, weights, totals)
    else:
        _sweep(block[:, :-1, :-1], sizes, kept, weights, totals)
        _sweep(_net_of_last(block), sizes + 1, kept, weights, totals)


def _split_block(groups: int, subsets: int) -> list[tuple[slice, slice]]:
    """Halve the groups, or the subsets where there is one group only."""
    whole = slice(None)
    middle = groups // 2 or subsets // 2
    halves = slice(None, middle), slice(middle, None)
    return [(half, whole) if groups > 1 else (whole, half) for half in halves]


def _split_drivers(
    block: NDArray[np.float64], drivers: NDArray[np.intp]
) -> list[tuple[int, NDArray[np.float64], NDArray[np.intp]]]:
    """Give blocks, and how many of their drivers to keep: the first, then the last.

    Both halves go side by side where they are as large; in small blocks an odd driver
    counts in one of them only, which saves steps.
    """
    apart = _split_apart(block, drivers)
    (half, _, _), (kept, mirrored, order) = apart
    if half < kept and block.size > _SMALL_BLOCK:
        return apart
    if half < kept:
        order = order.copy()
        order[:, half] = _NOBODY
    both = np.concatenate([block, mirrored])
    return [(kept, both, np.concatenate([drivers, order]))]


def _split_apart(
    block: NDArray[np.float64], drivers: NDArray[np.intp]
) -> list[tuple[int, NDArray[np.float64], NDArray[np.intp]]]:
    """Give the block with its first half to be kept, and mirrored with its last."""
    count = drivers.shape[1]
    mirrored = block[:, ::-1][:, :, [0, *range(count, 0, -1)]]
    return [
        (count // 2, block, drivers),
        ((count + 1) // 2, mirrored, drivers[:, ::-1]),
    ]


def _needs_splitting(block: NDArray[np.float64]) -> bool:
    """Say whether halving the drivers would leave more than fits the fast memory."""
    groups, count, _, subsets, matrices = block.shape
    kept = (count + 1) // 2
    elements = 2 * groups * kept * (kept + 1) * subsets * matrices << (count - kept)
    return groups * subsets > 1 and bool(elements > _BLOCK_ELEMENTS)


def _eliminate_last(block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stack the block without its last driver and the block net of that driver."""
    groups, count, _, subsets, matrices = block.shape
    smaller = np.empty((groups, count - 1, count, 2 * subsets, matrices))
    smaller[:, :, :, :subsets] = block[:, :-1, :-1]
    _net_of_last(block, out=smaller[:, :, :, subsets:])
    return smaller


def _net_of_last(
    block: NDArray[np.float64], out: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    pivot = block[:, -1:, -1:]
    inverse = (pivot > _SMALLEST_PIVOT) / np.maximum(pivot, _SMALLEST_PIVOT)
    swept = np.multiply(block[:, :-1, -1:], block[:, -1:, :-1] * inverse, out=out)
    return np.subtract(block[:, :-1, :-1], swept, out=swept)


def _add_pairs(
    block: NDArray[np.float64],
    sizes: NDArray[np.intp],
    drivers: NDArray[np.intp],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Add what each of two drivers gains before the other, and after it."""
    before, after = weights[sizes], weights[sizes + 1]
    shared = block[:, 0, 2]
    for one, other in ((0, 1), (1, 0)):
        covariance, variance = block[:, one, 0], block[:, one, 1 + one]
        pivot = block[:, other, 1 + other]
        slope = shared / np.maximum(pivot, _SMALLEST_PIVOT)
        slope *= pivot > _SMALLEST_PIVOT
        left = covariance - slope * block[:, other, 0], variance - slope * shared
        added = _sum_gain(covariance, variance, before) + _sum_gain(*left, after)
        _add_to(totals, drivers[:, one], added)


def _add_single(
    block: NDArray[np.float64],
    sizes: NDArray[np.intp],
    drivers: NDArray[np.intp],
    weights: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    added = _sum_gain(block[:, 0, 0], block[:, 0, 1], weights[sizes])
    _add_to(totals, drivers[:, 0], added)


def _add_to(
    totals: NDArray[np.float64],
    drivers: NDArray[np.intp],
    added: NDArray[np.float64],
) -> None:
    np.add.at(totals.swapaxes(0, 1), drivers, added.swapaxes(0, 1))


def _sum_gain(
    covariance: NDArray[np.float64],
    variance: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sum gain, covariance and variance over subsets, shape (3, groups, matrices)."""
    gain = covariance**2
    gain /= np.maximum(variance, _SMALLEST_PIVOT)
    return np.stack([weights @ terms for terms in (gain, covariance, variance)])
