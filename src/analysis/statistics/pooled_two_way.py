"""Pool estimates that stand in a table, each row and each column telling of the rest.

A row has a mean of its own, of which nothing is known before. What a column adds to
every row, by the row's size, and what is left to each cell are normal around nothing:
columns stretch a row of large effects by more than one of small effects. Both spreads
are integrated over a grid: fixed at their best values, intervals would be too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.pooled_normal import find_mixture_interval

Floats = NDArray[np.float64]
_GRID = 24
"""Values of each spread at which the posterior is taken."""
_REACH = 4.0
"""Largest spread on the grid, in multiples of the estimates' own size."""
FEWEST_FREE = 2
"""Estimates beyond one per row, at least: with fewer a spread can't be told."""


@dataclass(frozen=True, slots=True)
class TwoWayPool:
    """Cells of a table that lend each other strength.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per estimate, in the order given: `mean` and `deviation` of the
        posterior, `lower`, `upper`.
    column_spread, cell_spread : float
        Standard deviation of what columns add to a row of average size, and of what is
        left to cells: posterior means.
    """

    cells: pd.DataFrame
    column_spread: float
    cell_spread: float


def pool_table(
    estimates: Sequence[float] | Floats,
    std_errors: Sequence[float] | Floats,
    *,
    rows: Sequence[object],
    columns: Sequence[object],
    error_correlation: float = 0.0,
    confidence_level: float = 0.95,
) -> TwoWayPool:
    """Pool estimates that stand in a table, gaps allowed.

    Parameters
    ----------
    estimates, std_errors : sequence of float, shape (n,)
        One of each per cell, in the unit of the effects; errors are above 0.
    rows, columns : sequence, shape (n,)
        Row and column of each cell.
    error_correlation : float
        Correlation between the errors of two cells of one row, from 0 to below 1.
    confidence_level : float
        Posterior probability of each interval.

    Returns
    -------
    TwoWayPool
        Posterior of each cell's effect and both spreads, which are flat beforehand.

    Raises
    ------
    ValueError
        If there are not two estimates more than rows, an error is not above 0, or the
        correlation is not from 0 to below 1.

    References
    ----------
    .. [1] Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data
       Analysis, 3rd edition, sections 15.1 to 15.3 and 15.6.
    .. [2] Searle, Casella and McCulloch (1992), Variance Components, section 7.4:
       prediction with known variances, here at each point of the grid.
    """
    found = np.asarray(estimates, dtype=float)
    errors = np.asarray(std_errors, dtype=float)
    means = _mark(rows)
    if len(found) < means.shape[1] + FEWEST_FREE:
        message = (
            f"Pooling needs {FEWEST_FREE} estimates more than rows; there are "
            f"{len(found)} in {means.shape[1]}."
        )
        raise ValueError(message)
    if not (errors > 0).all():
        raise ValueError("Every standard error must be above 0.")
    if not 0 <= error_correlation < 1:
        raise ValueError("The errors' correlation must be from 0 to below 1.")
    shared = _mark(columns) * _size_rows(found, errors, means)[:, None]
    spreads, steps = _lay_grid(found, errors, is_shared=_repeats(rows, columns))
    together = error_correlation * means @ means.T
    np.fill_diagonal(together, 1.0)
    sampling = together * np.outer(errors, errors)
    centres, variances, logs = _predict(found, sampling, means, shared, spreads)
    density = np.exp(logs - logs.max()) * steps
    weights = density / density.sum()
    column_spread, cell_spread = weights @ spreads
    cells = [
        _describe(weights, centre, variance, confidence_level)
        for centre, variance in zip(centres.T, variances.T, strict=True)
    ]
    return TwoWayPool(pd.DataFrame(cells), float(column_spread), float(cell_spread))


def _mark(labels: Sequence[object]) -> Floats:
    """Give an indicator of each label: cell x label."""
    codes, names = pd.factorize(pd.Series(list(labels)))
    marks: Floats = (codes[:, None] == np.arange(len(names))).astype(float)
    return marks


def _size_rows(estimates: Floats, errors: Floats, means: Floats) -> Floats:
    """Give each cell the size of its row's effects, relative to the average row.

    The size is that of the weighted mean; a mean within its own error says no more of
    its size than the error does.
    """
    weights = means / errors[:, None] ** 2
    precisions = weights.sum(axis=0)
    sizes = np.maximum(np.abs(estimates @ weights / precisions), precisions**-0.5)
    relative: Floats = means @ (sizes / sizes.mean())
    return relative


def _repeats(rows: Sequence[object], columns: Sequence[object]) -> bool:
    """Say whether some column stands in more than one row."""
    pairs = pd.DataFrame({"row": list(rows), "column": list(columns)})
    return bool(pairs.drop_duplicates()["column"].duplicated().any())


def _lay_grid(
    estimates: Floats, errors: Floats, *, is_shared: bool
) -> tuple[Floats, Floats]:
    """Give pairs of spreads, and the room that each stands for (up to a factor)."""
    # From nothing to far beyond what the estimates show, in even steps of the root.
    size = max(float(np.std(estimates)), float(np.median(errors)))
    spreads = _REACH * size * ((np.arange(_GRID) + 0.5) / _GRID) ** 2
    columns = spreads if is_shared else np.zeros(1)
    pairs = np.array([(column, cell) for column in columns for cell in spreads])
    steps: Floats = np.sqrt(pairs[:, 1])
    if is_shared:
        steps = steps * np.sqrt(pairs[:, 0])
    return pairs, steps


def _predict(
    estimates: Floats, sampling: Floats, means: Floats, shared: Floats, spreads: Floats
) -> tuple[Floats, Floats, Floats]:
    """Give means and variances of the effects at each point, and its log likelihood.

    Best linear unbiased prediction with the row means estimated; the likelihood is
    that of the estimates with the row means integrated out.
    """
    together = shared @ shared.T
    same = np.eye(len(estimates))
    between = (
        spreads[:, 0, None, None] ** 2 * together
        + spreads[:, 1, None, None] ** 2 * same
    )
    whole = between + sampling
    inverse = np.linalg.inv(whole)
    weighted = means.T @ inverse
    spread_of_means = np.linalg.inv(weighted @ means)
    of_rows = spread_of_means @ weighted @ estimates
    left = estimates - of_rows @ means.T
    gain = between @ inverse
    centres = of_rows @ means.T + (gain @ left[:, :, None])[:, :, 0]
    unknown = means - gain @ means
    variances = between - gain @ between
    variances = variances + unknown @ spread_of_means @ unknown.transpose(0, 2, 1)
    distance = np.einsum("gi,gij,gj->g", left, inverse, left)
    sizes = np.linalg.slogdet(whole)[1] - np.linalg.slogdet(spread_of_means)[1]
    return centres, np.diagonal(variances, axis1=1, axis2=2), -(sizes + distance) / 2


def _describe(
    weights: Floats, centres: Floats, variances: Floats, confidence_level: float
) -> dict[str, float]:
    """Mix one cell's normal posteriors over the spreads."""
    mean = float(weights @ centres)
    deviation = float(weights @ (variances + (centres - mean) ** 2)) ** 0.5
    lower, upper = find_mixture_interval(
        weights, centres, np.sqrt(variances), confidence_level
    )
    return {"mean": mean, "deviation": deviation, "lower": lower, "upper": upper}
