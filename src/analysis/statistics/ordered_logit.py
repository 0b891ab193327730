r"""Regress an ordered answer on drivers: the cumulative logit, by weighted Newton.

The chance of an answer at or below level k is :math:`F(\alpha_k - x\beta)` with F the
logistic function, so that a positive coefficient raises answers. Coefficients are
log-odds for one unit of a driver. Drivers may be freed from the assumption that their
coefficient is the same at every cut point (partial proportional odds).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

_Floats = NDArray[np.float64]

_MOST_STEPS = 60
_MOST_HALVINGS = 30
_TOLERANCE = 1e-10
"""Gain in log-likelihood that a further step promises, below which it is not taken."""


@dataclass(frozen=True, slots=True)
class OrderedLogit:
    """A cumulative logit at its maximum.

    Parameters
    ----------
    coefficients : numpy.ndarray, shape (cut points, drivers)
        Log-odds of an answer above the cut point, for one unit of a driver; the same
        in all rows unless the driver is free.
    cut_points : numpy.ndarray, shape (cut points,)
        Between the levels, rising where drivers are 0.
    estimates : numpy.ndarray, shape (parameters,)
        Coefficients of drivers that are not free, then of each free driver by cut
        point, then cut points: the order of both covariances.
    covariance : numpy.ndarray, shape (parameters, parameters)
        Inverse of the information; right where weights are counts.
    robust_covariance : numpy.ndarray, shape (parameters, parameters)
        Sandwich of the scores, summed by cluster; right where weights are survey
        weights, or where answers of a cluster go together.
    log_likelihood : float
        Weighted log-likelihood.
    levels : numpy.ndarray, shape (cut points + 1,)
        Values of the answer, rising.
    nobs, iterations : int
        Rows, and steps until the maximum.
    """

    coefficients: _Floats
    cut_points: _Floats
    estimates: _Floats
    covariance: _Floats
    robust_covariance: _Floats
    log_likelihood: float
    levels: _Floats
    nobs: int
    iterations: int


class _Design(NamedTuple):
    """Rows' upper and lower cut point as sums of parameters; NaN-free, see masks."""

    upper: _Floats
    lower: _Floats
    is_highest: NDArray[np.bool_]
    is_lowest: NDArray[np.bool_]
    weights: _Floats


class _Slopes(NamedTuple):
    """Log-likelihood of rows, its slopes in both cut points, and their slopes."""

    value: _Floats
    upper: _Floats
    lower: _Floats
    upper_upper: _Floats
    upper_lower: _Floats
    lower_lower: _Floats


def fit_ordered_logit(
    outcome: _Floats,
    drivers: _Floats,
    *,
    weights: _Floats | None = None,
    clusters: NDArray[np.int64] | None = None,
    free: Sequence[int] = (),
) -> OrderedLogit:
    """Fit a cumulative logit by Newton's method.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Ordered answers; any numbers, of which only the order counts.
    drivers : numpy.ndarray, shape (rows, drivers)
        What explains them, without a constant; nothing missing.
    weights : numpy.ndarray, shape (rows,), optional
        Counts or survey weights; ones when left out.
    clusters : numpy.ndarray of int, shape (rows,), optional
        Number of each row's cluster; each row is its own when left out.
    free : sequence of int
        Drivers whose coefficient may differ between cut points.

    Returns
    -------
    OrderedLogit
        Estimates with both covariances.

    Raises
    ------
    ValueError
        If there are fewer than two levels, something is missing, drivers repeat each
        other, or no finite maximum is reached.

    References
    ----------
    .. [1] McCullagh (1980), Regression models for ordinal data, JRSS B 42, section 2.
    .. [2] Peterson and Harrell (1990), Partial proportional odds models for ordinal
       response variables, Applied Statistics 39, equation 3.
    .. [3] Liang and Zeger (1986), Longitudinal data analysis using generalized linear
       models, Biometrika 73, equation 7: the sandwich.
    """
    scores = np.ones(len(outcome)) if weights is None else np.asarray(weights, float)
    _require_whole(outcome, drivers, scores)
    held, level = np.unique(outcome[scores > 0], return_inverse=True)
    if len(held) < 2:
        message = f"Answers must have two levels or more, not {held.tolist()}."
        raise ValueError(message)
    kept = scores > 0
    rows, scores = np.asarray(drivers, dtype=np.float64)[kept], scores[kept]
    centre = np.average(rows, axis=0, weights=scores)
    cuts, free = len(held) - 1, sorted(free)
    design = _lay_out(rows - centre, level, cuts, free, scores)
    start = _start(level, scores, rows.shape[1], cuts, free)
    estimates, iterations = _climb(design, start)
    slopes = _differentiate(design, estimates)
    moved = _move_back(centre, cuts, free, len(estimates))
    covariance, robust = _find_covariances(
        design, slopes, None if clusters is None else clusters[kept]
    )
    estimates = moved @ estimates
    return OrderedLogit(
        coefficients=_spread(estimates, rows.shape[1], cuts, free),
        cut_points=estimates[-cuts:],
        estimates=estimates,
        covariance=moved @ covariance @ moved.T,
        robust_covariance=moved @ robust @ moved.T,
        log_likelihood=float(scores @ slopes.value),
        levels=held,
        nobs=len(level),
        iterations=iterations,
    )


def _require_whole(outcome: _Floats, drivers: _Floats, weights: _Floats) -> None:
    if not (np.isfinite(outcome).all() and np.isfinite(drivers).all()):
        raise ValueError("Answers and drivers must be whole; some are missing.")
    if not (weights >= 0).all():
        raise ValueError("Weights must be 0 or above.")


def _split_columns(count: int, free: Sequence[int]) -> list[int]:
    return [each for each in range(count) if each not in free]


def _lay_out(
    rows: _Floats,
    level: NDArray[np.intp],
    cuts: int,
    free: Sequence[int],
    weights: _Floats,
) -> _Design:
    """Write each row's two cut points as sums of parameters."""
    highest, lowest = level == cuts, level == 0
    upper = _lay_out_cut(rows, np.minimum(level, cuts - 1), cuts, free)
    lower = _lay_out_cut(rows, np.maximum(level - 1, 0), cuts, free)
    upper[highest] = 0.0
    lower[lowest] = 0.0
    return _Design(upper, lower, highest, lowest, weights)


def _lay_out_cut(
    rows: _Floats, cut: NDArray[np.intp], cuts: int, free: Sequence[int]
) -> _Floats:
    chosen = np.eye(cuts)[cut]
    parallel = -rows[:, _split_columns(rows.shape[1], free)]
    loose = [-rows[:, [each]] * chosen for each in free]
    return np.hstack([parallel, *loose, chosen])


def _start(
    level: NDArray[np.intp],
    weights: _Floats,
    count: int,
    cuts: int,
    free: Sequence[int],
) -> _Floats:
    """Begin with cut points of the plain shares and no effect."""
    shares = np.bincount(level, weights) / weights.sum()
    effects = np.zeros(count - len(free) + cuts * len(free))
    return np.concatenate([effects, logit(np.cumsum(shares)[:-1])])


def _differentiate(design: _Design, estimates: _Floats) -> _Slopes:
    """Differentiate the log of F(upper) - F(lower), written so that nothing cancels."""
    upper = np.where(design.is_highest, np.inf, design.upper @ estimates)
    lower = np.where(design.is_lowest, -np.inf, design.lower @ estimates)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(expit(upper)) + np.log(expit(-lower))
        value += np.log(-np.expm1(lower - upper))
        chance = np.exp(value)
        above = expit(upper) * expit(-upper) / chance
        below = expit(lower) * expit(-lower) / chance
    return _Slopes(
        value=value,
        upper=above,
        lower=-below,
        upper_upper=above * (1 - 2 * expit(upper)) - above**2,
        upper_lower=above * below,
        lower_lower=-below * (1 - 2 * expit(lower)) - below**2,
    )


def _score_rows(design: _Design, slopes: _Slopes) -> _Floats:
    scores = slopes.upper[:, None] * design.upper
    scores += slopes.lower[:, None] * design.lower
    return design.weights[:, None] * scores


def _inform(design: _Design, slopes: _Slopes) -> _Floats:
    """Give the negative of the second derivatives."""
    upper, lower, weights = design.upper, design.lower, design.weights
    left = (weights * slopes.upper_upper)[:, None] * upper
    left += (weights * slopes.upper_lower)[:, None] * lower
    right = (weights * slopes.lower_lower)[:, None] * lower
    right += (weights * slopes.upper_lower)[:, None] * upper
    information: _Floats = -(upper.T @ left + lower.T @ right)
    return information


def _climb(design: _Design, start: _Floats) -> tuple[_Floats, int]:
    """Take Newton steps, each halved until the likelihood does not fall."""
    point, slopes = start, _differentiate(design, start)
    value = float(design.weights @ slopes.value)
    for step in range(1, _MOST_STEPS + 1):
        score = _score_rows(design, slopes).sum(axis=0)
        move = _solve(_inform(design, slopes), score)
        promised = float(score @ move)
        for _ in range(_MOST_HALVINGS):
            tried = _differentiate(design, point + move)
            reached = float(design.weights @ tried.value)
            if reached >= value - _TOLERANCE:
                break
            move = move / 2
        else:
            break
        point, slopes, value = point + move, tried, reached
        if promised <= _TOLERANCE * abs(value):
            return point, step
    message = (
        "The ordered logit must reach a maximum; it still moves. A driver may divide "
        "the answers without error, or free coefficients may let cut points cross."
    )
    raise ValueError(message)


def _solve(information: _Floats, score: _Floats) -> _Floats:
    scale = np.sqrt(np.maximum(np.diagonal(information), 0))
    if not (scale > 0).all() or np.linalg.cond(information / np.outer(scale, scale)) > (
        1e12
    ):
        message = "Drivers must vary and must not repeat each other."
        raise ValueError(message)
    return np.asarray(np.linalg.solve(information, score), dtype=np.float64)


def _find_covariances(
    design: _Design, slopes: _Slopes, clusters: NDArray[np.int64] | None
) -> tuple[_Floats, _Floats]:
    """Give the inverse information, and the sandwich of scores summed by cluster."""
    covariance = np.asarray(np.linalg.inv(_inform(design, slopes)), dtype=np.float64)
    scores = _score_rows(design, slopes)
    if clusters is not None:
        _, members = np.unique(clusters, return_inverse=True)
        summed = np.zeros((members.max() + 1, scores.shape[1]))
        np.add.at(summed, members, scores)
        scores = summed
    groups = len(scores)
    meat = scores.T @ scores * groups / (groups - 1)
    return covariance, covariance @ meat @ covariance


def _move_back(
    centre: _Floats, cuts: int, free: Sequence[int], parameters: int
) -> _Floats:
    """Undo the centring of drivers: it only moves the cut points."""
    moved = np.eye(parameters)
    parallel = _split_columns(len(centre), free)
    moved[-cuts:, : len(parallel)] = centre[parallel]
    for place, each in enumerate(free):
        first = len(parallel) + place * cuts
        moved[-cuts:, first : first + cuts] = centre[each] * np.eye(cuts)
    return moved


def _spread(estimates: _Floats, count: int, cuts: int, free: Sequence[int]) -> _Floats:
    parallel = _split_columns(count, free)
    spread = np.empty((cuts, count))
    spread[:, parallel] = estimates[: len(parallel)]
    loose = estimates[len(parallel) : -cuts].reshape(len(free), cuts)
    spread[:, list(free)] = loose.T
    return spread
