"""Correlations of what lies behind ordered answers.

Each answer is taken as a normal variable cut at thresholds. Thresholds come from the
margins, the correlation of each pair then from their joint table by Fisher scoring;
all pairs are solved at once. Nothing here knows what was asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

_Floats = NDArray[np.float64]

_FAR = 12.0
"""Threshold that stands for infinity."""
_HIGHEST = 0.9999
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(48)
_MAXIMUM_STEPS = 100
_PAIRS_AT_ONCE = 64


def tabulate_pairs(
    answers: _Floats, weights: _Floats | None = None
) -> tuple[_Floats, NDArray[np.intp]]:
    """Count the answers to each pair of questions.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Ordered answers; a missing one is NaN, and its row is left out of its pairs.
    weights : numpy.ndarray, shape (rows,), optional
        Row weights; every row counts once when left out.

    Returns
    -------
    tables : numpy.ndarray, shape (pairs, categories, categories)
        Weighted counts; categories are all answers that occur anywhere.
    pairs : numpy.ndarray of int, shape (pairs, 2)
        The variables of each table, the first below the second.
    """
    values = np.unique(answers[np.isfinite(answers)])
    chosen = (answers[:, :, None] == values).astype(np.float64)
    flat = chosen.reshape(len(answers), -1)
    scaled = flat if weights is None else flat * weights[:, None]
    shape = (answers.shape[1], len(values), answers.shape[1], len(values))
    joint = (flat.T @ scaled).reshape(shape)
    first, second = np.triu_indices(answers.shape[1], 1)
    return joint[first, :, second, :], np.column_stack([first, second])


def correlate_tables(tables: _Floats) -> _Floats:
    """Estimate the correlation behind each table of two ordered answers.

    Parameters
    ----------
    tables : numpy.ndarray, shape (pairs, categories, categories)
        Weighted counts; empty rows and columns are allowed.

    Returns
    -------
    numpy.ndarray, shape (pairs,)
        Two-step polychoric correlations.

    Raises
    ------
    ValueError
        If an answer does not vary in some pair, or the steps do not settle.

    References
    ----------
    .. [1] Olsson (1979), Maximum likelihood estimation of the polychoric correlation
       coefficient, Psychometrika 44, section 3 (two-step); Drezner and Wesolowsky
       (1990), On the computation of the bivariate normal integral, Journal of
       Statistical Computation and Simulation 35.
    """
    margins = (tables.sum(axis=2), tables.sum(axis=1))
    if any(((margin > 0).sum(axis=1) < 2).any() for margin in margins):
        message = "Both answers of a pair must vary among those who gave both."
        raise ValueError(message)
    blocks = range(0, len(tables), _PAIRS_AT_ONCE)
    parts = [_solve(tables[start : start + _PAIRS_AT_ONCE]) for start in blocks]
    return np.concatenate(parts)


def correlate_ordered(answers: _Floats, weights: _Floats | None = None) -> _Floats:
    """Estimate the matrix of polychoric correlations.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Ordered answers; a missing one is NaN.
    weights : numpy.ndarray, shape (rows,), optional
        Row weights; every row counts once when left out.

    Returns
    -------
    numpy.ndarray, shape (variables, variables)
        Correlations, ones on the diagonal. Pair by pair they need not be positive
        definite together: see `repair_correlation`.
    """
    tables, pairs = tabulate_pairs(answers, weights)
    matrix = np.eye(answers.shape[1])
    found = correlate_tables(tables)
    matrix[pairs[:, 0], pairs[:, 1]] = matrix[pairs[:, 1], pairs[:, 0]] = found
    return matrix


def _solve(tables: _Floats) -> _Floats:
    """Score until no correlation of the block moves."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    rows = _find_thresholds(shares.sum(axis=2))
    columns = _find_thresholds(shares.sum(axis=1))
    found = _start(shares, rows, columns)
    for _ in range(_MAXIMUM_STEPS):
        step = _step(shares, rows, columns, found)
        moved = np.clip(found + np.clip(step, -0.3, 0.3), -_HIGHEST, _HIGHEST)
        change = np.abs(moved - found).max()
        found = moved
        if change < 1e-10:
            return np.asarray(found)
    message = f"Polychoric correlations must settle within {_MAXIMUM_STEPS} steps."
    raise ValueError(message)


def _find_thresholds(margins: _Floats) -> _Floats:
    below = np.clip(np.cumsum(margins, axis=1), 0, 1)
    below = np.concatenate([np.zeros((len(below), 1)), below], axis=1)
    below[:, -1] = 1.0
    return np.asarray(np.clip(norm.ppf(below), -_FAR, _FAR))


def _start(shares: _Floats, rows: _Floats, columns: _Floats) -> _Floats:
    """Correlate the normal scores of the categories."""
    left = shares.sum(axis=2)
    right = shares.sum(axis=1)
    scores = []
    for thresholds, margin in ((rows, left), (columns, right)):
        drop = -np.diff(norm.pdf(thresholds), axis=1)
        scores.append(
            np.divide(drop, margin, out=np.zeros_like(drop), where=margin > 0)
        )
    across = np.einsum("pij,pi,pj->p", shares, *scores)
    spread = (left * scores[0] ** 2).sum(axis=1) * (right * scores[1] ** 2).sum(axis=1)
    return np.asarray(np.clip(across / np.sqrt(spread), -0.9, 0.9))


def _step(shares: _Floats, rows: _Floats, columns: _Floats, at: _Floats) -> _Floats:
    """Give the Fisher-scoring step of each pair."""
    high, low = rows[:, :, None], columns[:, None, :]
    chance = _difference(_integrate(high, low, at[:, None, None]))
    slope = _difference(_density(high, low, at[:, None, None]))
    seen = chance > 1e-14
    ratio = np.divide(slope, chance, out=np.zeros_like(slope), where=seen)
    score = (shares * ratio).sum(axis=(1, 2))
    information = (slope * ratio).sum(axis=(1, 2))
    return np.asarray(score / information)


def _difference(corners: _Floats) -> _Floats:
    return np.diff(np.diff(corners, axis=1), axis=2)


def _density(high: _Floats, low: _Floats, at: _Floats) -> _Floats:
    left = 1 - at**2
    power = (high**2 - 2 * at * high * low + low**2) / (2 * left)
    return np.asarray(np.exp(-power) / (2 * np.pi * np.sqrt(left)))


def _integrate(high: _Floats, low: _Floats, at: _Floats) -> _Floats:
    """Give the bivariate normal distribution function, by quadrature over the angle."""
    half = np.arcsin(at) / 2
    total = np.zeros(np.broadcast_shapes(high.shape, low.shape))
    for node, weight in zip(_NODES, _NODE_WEIGHTS, strict=True):
        angle = half * (1 + node)
        sine, cosine = np.sin(angle), np.cos(angle) ** 2
        power = (high**2 + low**2 - 2 * high * low * sine) / (2 * cosine)
        total += weight * np.exp(-power)
    independent = norm.cdf(high) * norm.cdf(low)
    return np.asarray(independent + half * total / (2 * np.pi))
