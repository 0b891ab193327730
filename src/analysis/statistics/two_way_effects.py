"""Take one or two sets of fixed effects off columns, exactly.

Two sets are solved for at once where other software goes by turns until little changes:
nothing is left to a tolerance, and the second set is small in panels of accounts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_MOST_EFFECTS = 2


def take_off_effects(
    values: Floats, levels: Sequence[Codes], weights: Floats
) -> Floats:
    """Take one or two sets of effects off columns, exactly.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows, columns)
        What the effects are taken off.
    levels : sequence of numpy.ndarray, shape (rows,)
        One or two sets of levels, each numbered from 0.
    weights : numpy.ndarray, shape (rows,)
        Above 0.

    Returns
    -------
    numpy.ndarray, shape (rows, columns)
        Residuals of weighted least squares on all dummies.

    Raises
    ------
    ValueError
        If there are not one or two sets.

    References
    ----------
    .. [1] Abowd, Creecy and Kramarz (2002), Computing person and firm effects using
       linked longitudinal employer-employee data, U.S. Census Bureau, section 3: the
       normal equations of the second set once the first is solved for, and the
       connected groups in which one effect of the second is free.
    """
    if not 1 <= len(levels) <= _MOST_EFFECTS:
        raise ValueError(f"Effects must be of one or two sets, not {len(levels)}.")
    first, *others = sorted(levels, key=lambda level: -int(level.max()))
    sums = _Sums(first, weights)
    if not others:
        return values - sums.average(values)[first]
    second = others[0]
    shape = (len(sums.sizes), int(second.max()) + 1)
    met = sparse.csr_matrix((weights, (first, second)), shape=shape)
    other_sums = _Sums(second, weights)
    within = sparse.diags(1 / sums.sizes) @ met
    normal = sparse.csc_matrix(sparse.diags(other_sums.sizes) - met.T @ within)
    right = other_sums.add(values) - met.T @ sums.average(values)
    effects = _solve(normal, np.asarray(right), _find_free(met))
    left = values - effects[second]
    taken: Floats = left - sums.average(left)[first]
    return taken


class _Sums:
    """Weighted sums over the rows of each level."""

    def __init__(self, level: Codes, weights: Floats) -> None:
        rows = np.arange(len(level))
        self._matrix = sparse.csr_matrix((weights, (level, rows)))
        self.sizes = np.bincount(level, weights)

    def add(self, values: Floats) -> Floats:
        """Give the sums of columns."""
        return np.asarray(self._matrix @ values)

    def average(self, values: Floats) -> Floats:
        """Give the means of columns."""
        averages: Floats = self.add(values) / self.sizes[:, None]
        return averages


def _find_free(met: sparse.csr_matrix) -> Codes:
    """Give one level of the second set for each group of levels that meet."""
    n_first = met.shape[0]
    joined = sparse.bmat([[None, met], [met.T, None]], format="csr")
    groups = connected_components(joined, directed=False)[1][n_first:]
    return np.unique(groups, return_index=True)[1]


def _solve(normal: sparse.csc_matrix, right: Floats, free: Codes) -> Floats:
    """Solve the normal equations with the free effects set to nothing."""
    effects = np.zeros_like(right)
    bound = np.setdiff1d(np.arange(len(right)), free)
    if len(bound):
        effects[bound] = splu(normal[bound][:, bound]).solve(right[bound])
    return effects


def leave_out_lone(rows: pd.DataFrame, effects: Sequence[str]) -> pd.DataFrame:
    """Leave out rows that are alone at a level of an effect: it explains them whole.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with the effects.
    effects : sequence of str
        Columns whose levels each have their own constant.

    Returns
    -------
    pandas.DataFrame
        Those that are left when nothing is alone any more.
    """
    while True:
        sizes = [rows.groupby(name)[name].transform("size") for name in effects]
        kept = np.logical_and.reduce([size > 1 for size in sizes])
        if kept.all():
            return rows
        rows = rows[kept]


def count_free_levels(levels: Sequence[Codes], codes: Codes) -> int:
    """Count the effects that are not nested in clusters.

    Parameters
    ----------
    levels : sequence of numpy.ndarray, shape (rows,)
        Number of the level of each effect, from 0.
    codes : numpy.ndarray, shape (rows,)
        Number of the cluster, from 0.

    Returns
    -------
    int
        Levels that count against the degrees of freedom, as in pyfixest.
    """
    sizes = [int(level.max()) + 1 for level in levels]
    n_clusters = int(codes.max()) + 1
    nested = [
        len(pd.unique(level * n_clusters + codes)) == size
        for level, size in zip(levels, sizes, strict=True)
    ]
    pairs = list(zip(sizes, nested, strict=True))
    if not any(nested):
        return sum(sizes) - (len(sizes) - 1)
    free = sum(size for size, is_nested in pairs if not is_nested)
    return free - (len(sizes) - 1) + sum(nested)
