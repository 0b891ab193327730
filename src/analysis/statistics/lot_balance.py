"""Test a dose that is said to be drawn by lot against what was known before it.

Units are what was drawn as one. Nothing is needed of them but sums of products, which
an engine can give of any number of units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

_LEAST_EIGENVALUE = 1e-8


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over units of some columns and of their products.

    Parameters
    ----------
    names : tuple of str
        The columns; the first is the dose.
    count : int
        Units.
    sums : numpy.ndarray, shape (columns,)
        Sums.
    products : numpy.ndarray, shape (columns, columns)
        Sums of products.
    """

    names: tuple[str, ...]
    count: int
    sums: Floats
    products: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """How a dose goes with what was known before it.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per column that varies: `name`, `correlation` with the dose, `pvalue`.
    statistic : float
        Of all together; chi-squared if the dose was drawn by lot.
    degrees : int
        Columns that are not a sum of others.
    pvalue : float
        Chance of such a statistic under a lot.
    units : int
        Units drawn.
    """

    rows: pd.DataFrame
    statistic: float
    degrees: int
    pvalue: float
    units: int


def sum_moments(units: pd.DataFrame, names: Sequence[str]) -> Moments:
    """Sum columns of units and their products.

    Parameters
    ----------
    units : pandas.DataFrame
        One row per unit.
    names : sequence of str
        The dose, then what was known before it.

    Returns
    -------
    Moments
        Sums.
    """
    values = units[list(names)].to_numpy(float)
    return Moments(tuple(names), len(values), values.sum(axis=0), values.T @ values)


def judge_lot(moments: Moments) -> Balance:
    """Test that a dose was drawn by lot.

    Parameters
    ----------
    moments : Moments
        Sums over the units; the dose comes first.

    Returns
    -------
    Balance
        Each column alone, and all together.

    Raises
    ------
    ValueError
        If there are fewer than three units, or all have the same dose.

    Notes
    -----
    With Z the sums of dose times column about their means, and V their covariance over
    all orders in which the doses could have been dealt out, the statistic is Z'V^-1 Z.
    Of one column it is (n - 1) times the squared correlation.

    References
    ----------
    .. [1] Hansen and Bowers (2008), Covariate balance in simple, stratified and
       clustered comparative studies, Statistical Science 23, equation 8, for a dose in
       place of a treatment.
    .. [2] Agresti (2002), Categorical Data Analysis, 2nd ed., equation
       3.15: one column.
    """
    centred = moments.products - np.outer(moments.sums, moments.sums) / moments.count
    if moments.count < 3 or centred[0, 0] <= _LEAST_EIGENVALUE * moments.products[0, 0]:
        raise ValueError("A lot needs three units or more, and doses that differ.")
    spread = np.sqrt(np.maximum(np.diag(centred), 0.0))
    scale = np.sqrt(np.maximum(np.diag(moments.products), 1e-300))
    varies = np.flatnonzero(spread > 1e-7 * scale)[1:]
    correlation = centred[0, varies] / (spread[0] * spread[varies])
    among = centred[np.ix_(varies, varies)] / np.outer(spread[varies], spread[varies])
    values, vectors = np.linalg.eigh(among)
    kept = values > _LEAST_EIGENVALUE * max(len(varies), 1)
    along = vectors[:, kept].T @ correlation
    free = moments.count - 1
    statistic = float(free * (along**2 / values[kept]).sum())
    degrees = int(kept.sum())
    rows = pd.DataFrame(
        {
            "name": [moments.names[place] for place in varies],
            "correlation": correlation,
            "pvalue": stats.chi2.sf(free * correlation**2, 1),
        }
    )
    pvalue = float(stats.chi2.sf(statistic, degrees)) if degrees else 1.0
    return Balance(rows, statistic, degrees, pvalue, moments.count)
