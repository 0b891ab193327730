"""Estimate effects in a panel with two or more sets of fixed effects.

Rows may stand for several units with the same regressors: an outcome averaged over
them, weighted by their number, gives the estimate of the single units exactly.
Outcomes and regressors are in the caller's unit. Nothing here says whether an effect
is causal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.absorbed_panel import AbsorbedPanel


def estimate_panel_effects(
    rows: pd.DataFrame,
    *,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Regress an outcome on regressors and fixed effects, clustered.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units and period, with `outcome` (mean over the units),
        `weight` (number of units, whole), the regressors, effects and cluster.
        Rows with a missing regressor are left out.
    regressors : sequence of str
        Columns whose effects are estimated.
    effects : sequence of str
        Columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    pandas.DataFrame
        One row per regressor that is not explained by the effects: `term`,
        `estimate`, `std_error`, `lower`, `upper`, `pvalue`, `nobs` (units times
        periods), `clusters`. Intervals use Student's t with clusters - 1 degrees of
        freedom.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, or two regressors can't be told apart.

    References
    ----------
    .. [1] Cameron and Miller (2015), A practitioner's guide to cluster-robust
       inference, J. Human Resources 50, section II.
    """
    panel = AbsorbedPanel(rows, regressors, effects=effects, cluster=cluster)
    terms = [name for name in regressors if name not in panel.explained]
    columns = panel.take(terms)
    if not terms:
        table = panel.tidy(terms, np.empty(0), np.empty((0, 0)), confidence_level)
        return table.assign(influence=[])
    coefficients = panel.regress(columns, panel.outcome[:, None])[:, 0]
    moved = panel.influence(columns, panel.outcome - columns @ coefficients)
    table = panel.tidy(terms, coefficients, moved.T @ moved, confidence_level)
    return table.assign(influence=panel.name_clusters(moved))


def measure_free_variation(
    rows: pd.DataFrame, *, column: str, unit: str, time: str
) -> float:
    """Give the share of a column's variance within units that time does not explain.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per unit and period with the column, none missing, no row twice.
    column : str
        What varies, for example a price.
    unit, time : str
        Columns that name the unit and the period.

    Returns
    -------
    float
        From 0 (all units always move together, or nothing moves) to 1.
    """
    values = rows[column].to_numpy(float)
    units, times = (pd.factorize(rows[name])[0] for name in (unit, time))
    within = _take_off_means(values, units)
    total = float((within**2).sum())
    scale = float((values**2).sum())
    if total <= 1e-18 * max(scale, 1.0):
        return 0.0
    left = _sweep(values, units, times)
    return float((left**2).sum()) / total


def _sweep(
    values: np.ndarray, units: np.ndarray, times: np.ndarray, *, rounds: int = 200
) -> np.ndarray:
    """Take unit and period means off in turns until nothing changes."""
    left = values
    for _ in range(rounds):
        before = left
        for level in (units, times):
            left = _take_off_means(left, level)
        if np.allclose(before, left, rtol=0.0, atol=1e-12):
            break
    return left


def _take_off_means(values: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Take off each level's mean; levels are numbered from 0."""
    totals, sizes = np.bincount(level, values), np.bincount(level)
    left: np.ndarray = values - (totals / sizes)[level]
    return left
