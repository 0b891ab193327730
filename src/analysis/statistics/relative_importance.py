"""Share out the explained variance of an outcome among correlated drivers, exactly.

Everything starts from a correlation matrix, so that weighted, pairwise, maximum
likelihood or bootstrap matrices all enter the same kernel. Shares of variance are
decimals (0.25 is a quarter of the outcome's variance).

The kernel visits every subset of drivers once: driver after driver is either dropped
from the matrix or swept out of it, so that matrices double while they shrink, and what
is left of the outcome's variance tells R squared of the subset. On the way back the
inverses of all submatrices are added up; they give the floors. All subsets of a step,
and all matrices of a batch, are one array operation.
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
_BLOCK_ELEMENTS = 2**16
"""Subsets, times matrices, that go on in one array."""
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

    (Grömping 2007, equation 5). It is computed as

    .. math:: LMG_j = \sum_{S \ni j} (w_{S \setminus j} + w_S)\, R^2_S
              - \sum_S w_S R^2_S.

    Taking the driver's own effect :math:`b_j x_j` out of
    the outcome turns :math:`c_{jS}` into :math:`c_{jS} - b_j v_{jS}`; hence
    :math:`LMG_j - floor_j = \sum_S w_S (2 b_j c_{jS} - b_j^2 v_{jS})`. With
    :math:`M` the sum of :math:`w_S` times the inverse of the drivers' correlations in
    S, and zeros elsewhere, :math:`\sum_S w_S c_{jS}` is :math:`H_p r_j - (R M r)_j`
    and :math:`\sum_S w_S v_{jS}` is :math:`H_p - (R M R)_{jj}`, for what a set that
    holds j explains of j is all of it; :math:`H_p = 1 + 1/2 + \dots + 1/p`.

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


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the subsets of some drivers, beside those swept out before.

    `holding`, shape (drivers, matrices): over subsets that hold a driver, R squared
    times its weight; `whole` and `base`, shape (matrices,): over all, with that
    weight, and with the weight of a subset before a driver enters; `inverses`, shape
    (drivers, drivers, matrices).
    """

    holding: NDArray[np.float64]
    whole: NDArray[np.float64]
    base: NDArray[np.float64]
    inverses: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Weights:
    """Weights by the size of a subset, from 0 to the number of drivers.

    `before` is that of a subset before a driver enters, `both` adds that of the same
    subset after a driver has entered; `left`, shape (drivers + 1, sizes), is the sum
    of `before` over the subsets of so many drivers beside a set of that size.
    """

    before: NDArray[np.float64]
    both: NDArray[np.float64]
    left: NDArray[np.float64]


def _average_over_orders(
    matrices: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Average gain, partial covariance and partial variance over all orders."""
    count = matrices.shape[-1] - 1
    batch = matrices.reshape(-1, count + 1, count + 1)
    weights = _weigh_subsets(count)
    gain = np.empty((len(batch), count))
    inverses = np.empty((len(batch), count, count))
    step = max(1, _BLOCK_ELEMENTS >> count)
    for start in range(0, len(batch), step):
        part = slice(start, start + step)
        first = np.roll(batch[part], 1, axis=(-2, -1))  # the outcome goes first
        block = np.ascontiguousarray(np.moveaxis(first, 0, -1))
        sums = _visit(block, 0, weights, in_threads=count >= _FEWEST_FOR_THREADS)
        gain[part] = (sums.holding - sums.base).T
        inverses[part] = np.moveaxis(sums.inverses, -1, 0)
    drivers, outcome = batch[:, :-1, :-1], batch[:, :-1, -1]
    harmonic = sum(1 / rank for rank in range(1, count + 1))
    explained = drivers @ inverses
    covariance = harmonic * outcome - (explained @ outcome[..., None])[..., 0]
    variance = harmonic - np.einsum("nij,nji->ni", explained, drivers)
    shape = (*matrices.shape[:-2], count)
    return gain.reshape(shape), covariance.reshape(shape), variance.reshape(shape)


@cache
def _weigh_subsets(count: int) -> _Weights:
    before = np.zeros(count + 1)
    before[:count] = [1 / (count * math.comb(count - 1, size)) for size in range(count)]
    both = before.copy()
    both[1:] += before[:-1]
    both[0] = 0.0
    left = np.zeros((count + 1, count + 2))
    left[0, : count + 1] = before
    for more in range(1, count + 1):
        left[more, :-1] = left[more - 1, :-1] + left[more - 1, 1:]
    return _Weights(before, both, left)


def _visit(
    block: NDArray[np.float64], size: int, weights: _Weights, *, in_threads: bool
) -> _Sums:
    """Visit all subsets of a block's drivers, beside `size` that were swept out.

    A block has shape (1 + drivers, 1 + drivers, matrices), the outcome first.
    """
    count, matrices = len(block) - 1, block.shape[-1]
    if matrices << count <= max(_BLOCK_ELEMENTS, matrices):
        sizes = np.array([size])
        explained, inverses = _stack(block[:, :, None], sizes, weights)
        return _fold(explained, size, inverses[:, :, 0], weights)
    swept = np.empty((count, count, matrices))
    slopes, inverse = _sweep_last(block, out=swept)
    dropped = block[:-1, :-1]
    if in_threads:
        with ThreadPoolExecutor(1) as thread:
            later = thread.submit(_visit, dropped, size, weights, in_threads=False)
            within = _visit(swept, size + 1, weights, in_threads=False)
            without = later.result()
    else:
        without = _visit(dropped, size, weights, in_threads=False)
        within = _visit(swept, size + 1, weights, in_threads=False)
    own = weights.left[count - 1, size + 1] * inverse
    return _Sums(
        holding=np.vstack([without.holding + within.holding, within.whole]),
        whole=without.whole + within.whole,
        base=without.base + within.base,
        inverses=_join(without.inverses, within.inverses, slopes, own),
    )


def _stack(
    block: NDArray[np.float64], sizes: NDArray[np.intp], weights: _Weights
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give R squared of all subsets, and the sums of their inverses.

    A block has shape (1 + drivers, 1 + drivers, sets, matrices): sets of `sizes` were
    swept out. The subsets given back have the first driver as their highest bit.
    """
    count, sets = len(block) - 1, len(sizes)
    if not count:
        return 1 - block[0, 0], np.empty((0, 0, *block.shape[2:]))
    both = np.empty((count, count, 2 * sets, block.shape[-1]))
    both[:, :, :sets] = block[:-1, :-1]
    slopes, inverse = _sweep_last(block, out=both[:, :, sets:])
    explained, inverses = _stack(both, np.concatenate([sizes, sizes + 1]), weights)
    own = weights.left[count - 1, sizes + 1][:, None] * inverse
    without, within = inverses[:, :, :sets], inverses[:, :, sets:]
    return explained, _join(without, within, slopes, own)


def _sweep_last(
    block: NDArray[np.float64], out: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sweep the last driver out; give its slopes, and its pivot's inverse.

    A driver of which nothing is left tells nothing: its inverse is taken as zero.
    """
    pivot, across = block[-1, -1], block[-1, :-1]
    inverse = (pivot > _SMALLEST_PIVOT) / np.maximum(pivot, _SMALLEST_PIVOT)
    slopes = across * inverse
    np.multiply(across[:, None], slopes[None], out=out)
    np.subtract(block[:-1, :-1], out, out=out)
    return slopes[1:], inverse


def _join(
    without: NDArray[np.float64],
    within: NDArray[np.float64],
    slopes: NDArray[np.float64],
    own: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Add up inverses without a driver and, by blocks, those with it."""
    count = len(slopes)
    joined = np.empty((count + 1, count + 1, *own.shape))
    joined[:-1, :-1] = without + within
    across = (within * slopes).sum(axis=1)
    joined[:-1, -1] = joined[-1, :-1] = -across
    joined[-1, -1] = own + (across * slopes).sum(axis=0)
    return joined


def _fold(
    explained: NDArray[np.float64],
    size: int,
    inverses: NDArray[np.float64],
    weights: _Weights,
) -> _Sums:
    """Add up R squared over the subsets that hold each driver, by halves."""
    count = len(inverses)
    sizes = size + np.bitwise_count(np.arange(1 << count))
    left = weights.both[sizes][:, None] * explained
    holding = np.empty((count, explained.shape[-1]))
    whole = left.sum(axis=0)
    for driver in range(count):
        halves = left.reshape(2, -1, left.shape[-1])
        holding[driver] = halves[1].sum(axis=0)
        left = halves.sum(axis=0)
    return _Sums(holding, whole, weights.before[sizes] @ explained, inverses)
