"""Estimate means and covariances from incomplete answers by maximum likelihood.

Answers may be missing depending on other answers (missing at random). Rows are
grouped by which answers they hold, so that a step costs the number of patterns and
not the number of rows. Nothing here knows what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

_MAXIMUM_ITERATIONS = 2000


@dataclass(frozen=True, slots=True)
class Moments:
    """Means and covariances of incomplete answers.

    Parameters
    ----------
    mean : numpy.ndarray, shape (variables,)
        Means, in the unit of the answers.
    covariance : numpy.ndarray, shape (variables, variables)
        Covariances, divided by the sum of weights.
    nobs : int
        Rows that hold at least one answer.
    complete : int
        Rows without a gap.
    iterations : int
        Steps until nothing moved any more.
    """

    mean: _Floats
    covariance: _Floats
    nobs: int
    complete: int
    iterations: int

    @property
    def correlation(self) -> _Floats:
        """Correlation matrix, shape (variables, variables)."""
        return correlate(self.covariance)


@dataclass(frozen=True, slots=True)
class MomentDraws:
    """Means and covariances under many row weights.

    Parameters
    ----------
    mean : numpy.ndarray, shape (replicates, variables)
        Means, in the unit of the answers.
    covariance : numpy.ndarray, shape (replicates, variables, variables)
        Covariances.
    """

    mean: _Floats
    covariance: _Floats

    @property
    def correlation(self) -> _Floats:
        """Correlation matrices, shape (replicates, variables, variables)."""
        return correlate(self.covariance)


class _Pattern(NamedTuple):
    """Rows that hold the same answers: who they are, and their weighted sums."""

    rows: NDArray[np.intp]
    observed: NDArray[np.intp]
    weight: float
    total: _Floats
    products: _Floats


class _Point(NamedTuple):
    """Means and second moments about zero; shape (..., q) and (..., q, q)."""

    mean: _Floats
    second: _Floats

    @property
    def covariance(self) -> _Floats:
        return self.second - self.mean[..., :, None] * self.mean[..., None, :]


def correlate(covariance: _Floats) -> _Floats:
    """Scale covariance matrices to correlation matrices.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (..., variables, variables)
        Covariance matrices; a variable that does not vary correlates with nothing.

    Returns
    -------
    numpy.ndarray, shape (..., variables, variables)
        Correlation matrices with ones on the diagonal.
    """
    deviation = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0))
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    correlation = covariance * scale[..., :, None] * scale[..., None, :]
    each = np.arange(covariance.shape[-1])
    correlation[..., each, each] = 1.0
    return np.clip(correlation, -1.0, 1.0)


def estimate_moments(
    answers: _Floats,
    weights: _Floats | None = None,
    *,
    tolerance: float = 1e-9,
) -> Moments:
    """Estimate means and covariances by the EM algorithm.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN.
    weights : numpy.ndarray, shape (rows,), optional
        Weight of each row; every row counts once when left out.
    tolerance : float
        Largest move of a standardised moment at which the steps stop.

    Returns
    -------
    Moments
        Maximum likelihood (with weights: pseudo-likelihood) means and covariances.

    Raises
    ------
    ValueError
        If a variable has no answer or does not vary, or the steps do not settle.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, section 11.2 (EM for multivariate normal data).
    """
    scaled, centre, spread = _standardise(answers)
    weights = np.ones(len(scaled)) if weights is None else weights
    patterns = list(_group_rows(scaled, weights))
    point, iterations = _settle(patterns, scaled.shape[1], tolerance)
    counts = np.isfinite(answers).sum(axis=1)
    return Moments(
        mean=centre + spread * point.mean,
        covariance=point.covariance * np.outer(spread, spread),
        nobs=int((counts > 0).sum()),
        complete=int((counts == answers.shape[1]).sum()),
        iterations=iterations,
    )


def resample_moments(
    answers: _Floats, moments: Moments, weights: _Floats
) -> MomentDraws:
    """Re-estimate means and covariances under many other row weights at once.

    Each replicate takes one Newton step from the estimate: the mean of the rows'
    expected moments under the new weights, divided by the share of information that
    is not missing. With complete answers this is the weighted correlation itself.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers from which `moments` were estimated; a missing one is NaN.
    moments : Moments
        The estimate.
    weights : numpy.ndarray, shape (replicates, rows)
        Row weights of each replicate, for example times drawn x survey weight.

    Returns
    -------
    MomentDraws
        Moments of each replicate.

    References
    ----------
    .. [1] Louis (1982), Finding the observed information matrix when using the EM
       algorithm, JRSS B 44, equation 3.2'; Kline and Santos (2012), a score based
       approach to wild bootstrap inference, Journal of Econometric Methods 1.
    """
    scaled, centre, spread = _standardise(answers)
    mean = (moments.mean - centre) / spread
    covariance = moments.covariance / np.outer(spread, spread)
    point = _Point(mean, covariance + np.outer(mean, mean))
    weights = weights * np.isfinite(scaled).any(axis=1)
    patterns = list(_group_rows(scaled, weights.mean(axis=0)))
    shares = weights / weights.sum(axis=1, keepdims=True)
    steps = shares @ _expect_rows(scaled, patterns, point) - _flatten(point)
    if any(len(pattern.observed) < scaled.shape[1] for pattern in patterns):
        missing = _differentiate(patterns, point)
        steps = np.linalg.solve(np.eye(len(missing)) - missing, steps.T).T
    moved = _unflatten(_flatten(point) + steps, len(mean))
    return MomentDraws(
        mean=centre + spread * moved.mean,
        covariance=moved.covariance * np.outer(spread, spread),
    )


def _standardise(answers: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    if not np.isfinite(answers).any(axis=0).all():
        message = "Every variable must have an answer; one has none."
        raise ValueError(message)
    centre, spread = np.nanmean(answers, axis=0), np.nanstd(answers, axis=0)
    if not (spread > 0).all():
        constant = np.flatnonzero(~(spread > 0)).tolist()
        message = f"Every variable must vary; columns {constant} do not."
        raise ValueError(message)
    return (answers - centre) / spread, centre, spread


def _group_rows(scaled: _Floats, weights: _Floats) -> Iterator[_Pattern]:
    held = np.isfinite(scaled)
    patterns, members = np.unique(held, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero(members == number)
        observed = np.flatnonzero(pattern)
        if len(observed) == 0:
            continue
        values = scaled[np.ix_(rows, observed)]
        weighted = values * weights[rows, None]
        yield _Pattern(
            rows,
            observed,
            float(weights[rows].sum()),
            weighted.sum(axis=0),
            values.T @ weighted,
        )


def _settle(
    patterns: list[_Pattern], variables: int, tolerance: float
) -> tuple[_Point, int]:
    point = _Point(np.zeros(variables), np.eye(variables))
    for iteration in range(1, _MAXIMUM_ITERATIONS + 1):
        renewed = _renew(patterns, point)
        moved = np.abs(_flatten(renewed) - _flatten(point)).max()
        point = renewed
        if moved < tolerance:
            return point, iteration
    message = f"EM must settle within {_MAXIMUM_ITERATIONS} steps; it still moves."
    raise ValueError(message)


def _predict(pattern: _Pattern, point: _Point) -> tuple[_Floats, _Floats]:
    """Coefficients of all answers on the observed ones, and what they leave over."""
    covariance = point.covariance
    observed = covariance[..., pattern.observed[:, None], pattern.observed]
    across = covariance[..., pattern.observed, :]
    slopes = np.swapaxes(np.linalg.solve(observed, across), -1, -2)
    return slopes, covariance - slopes @ across


def _renew(patterns: list[_Pattern], point: _Point) -> _Point:
    """Take one EM step from one point, or from many stacked on the first axis."""
    mean, second = np.zeros_like(point.mean), np.zeros_like(point.second)
    weight = sum(pattern.weight for pattern in patterns)
    for pattern in patterns:
        slopes, left_over = _predict(pattern, point)
        constant = point.mean - _multiply(slopes, point.mean[..., pattern.observed])
        predicted = _multiply(slopes, pattern.total)
        mean += pattern.weight * constant + predicted
        cross = constant[..., :, None] * predicted[..., None, :]
        second += slopes @ pattern.products @ np.swapaxes(slopes, -1, -2)
        second += cross + np.swapaxes(cross, -1, -2)
        squares = constant[..., :, None] * constant[..., None, :]
        second += pattern.weight * (squares + left_over)
    return _Point(mean / weight, second / weight)


def _multiply(matrix: _Floats, vector: _Floats) -> _Floats:
    product: _Floats = (matrix @ vector[..., None])[..., 0]
    return product


def _expect_rows(scaled: _Floats, patterns: list[_Pattern], point: _Point) -> _Floats:
    """Give each row's expected moments given its answers, shape (rows, moments)."""
    variables = scaled.shape[1]
    rows, columns = np.triu_indices(variables)
    moments = np.tile(_flatten(point), (len(scaled), 1))
    for pattern in patterns:
        slopes, left_over = _predict(pattern, point)
        held = scaled[np.ix_(pattern.rows, pattern.observed)]
        filled = point.mean + (held - point.mean[pattern.observed]) @ slopes.T
        products = filled[:, rows] * filled[:, columns] + left_over[rows, columns]
        moments[pattern.rows] = np.hstack([filled, products])
    return moments


def _differentiate(patterns: list[_Pattern], point: _Point) -> _Floats:
    """Slopes of the EM step: the share of information that is missing."""
    start, step = _flatten(point), 1e-5
    variables = len(point.mean)
    above = _renew(patterns, _unflatten(start + step * np.eye(len(start)), variables))
    below = _renew(patterns, _unflatten(start - step * np.eye(len(start)), variables))
    slopes: _Floats = (_flatten(above) - _flatten(below)) / (2 * step)
    return slopes.T


def _flatten(point: _Point) -> _Floats:
    rows, columns = np.triu_indices(point.mean.shape[-1])
    return np.concatenate([point.mean, point.second[..., rows, columns]], axis=-1)


def _unflatten(flat: _Floats, variables: int) -> _Point:
    rows, columns = np.triu_indices(variables)
    second = np.empty((*flat.shape[:-1], variables, variables))
    second[..., rows, columns] = flat[..., variables:]
    second[..., columns, rows] = flat[..., variables:]
    return _Point(flat[..., :variables], second)
