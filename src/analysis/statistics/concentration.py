"""How unequally a total is spread over units: shares of the top, curves, Gini indices.

Values may be negative. Shares lie between 0 and 1 for positive values and pass 1 where
some units take away what others bring. Units and values have no unit of their own here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.paired_bootstrap import BootstrapDraws, Floats


def measure_gini(values: NDArray[np.generic]) -> float:
    """Measure inequality with the Gini index; it passes 1 where values are negative.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One value per unit.

    Returns
    -------
    float
        Mean absolute difference over twice the mean.

    Raises
    ------
    ValueError
        If the values add up to zero or less.

    References
    ----------
    .. [1] Gini (1912), Variabilità e mutabilità; Sen (1973), On Economic Inequality.

    Examples
    --------
    >>> measure_gini(np.array([1, 2, 3, 4]))
    0.25
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.sum() <= 0:
        message = f"A Gini index must have a total above 0, not {numbers.sum()}."
        raise ValueError(message)
    return _sum_differences(numbers) / (numbers.size * float(numbers.sum()))


def measure_normalised_gini(values: NDArray[np.generic]) -> float:
    """Measure inequality of values of both signs on a scale from 0 to 1.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One value per unit, at least two, not all zero.

    Returns
    -------
    float
        0 when all are equal, 1 when one unit has all gains and another all losses.

    Raises
    ------
    ValueError
        If there are fewer than two values, or all are zero.

    References
    ----------
    .. [1] Raffinetti, Siletti and Vernizzi (2015), On the Gini coefficient
       normalization when attributes with negative values are considered,
       Statistical Methods & Applications 24, 507-521.
    """
    numbers = np.asarray(values, dtype=np.float64)
    size = float(np.abs(numbers).sum())
    if numbers.size < 2 or size == 0:
        message = "A normalised Gini index must have two values that are not all 0."
        raise ValueError(message)
    return _sum_differences(numbers) / ((numbers.size - 1) * size)


@dataclass(frozen=True, slots=True, eq=False)
class RankedDraws:
    """Units in order of their value, in narrow bins, in every bootstrap draw.

    Parameters
    ----------
    counts : ndarray of float, shape (1 + n_draws, n_bins)
        Units in each bin; row 0 is the sample itself.
    totals : ndarray of float, shape (1 + n_draws, n_bins)
        Sum of their values.
    sizes : ndarray of float, shape (1 + n_draws,)
        Sum of absolute values over all units.
    """

    counts: Floats
    totals: Floats
    sizes: Floats


def rank_units(
    values: NDArray[np.generic],
    draws: BootstrapDraws,
    *,
    n_bins: int = 1000,
    descending: bool = True,
) -> RankedDraws:
    """Put units in order and collect them into bins of equal count, draw by draw.

    Parameters
    ----------
    values : ndarray, shape (n_units,)
        One value per unit.
    draws : BootstrapDraws
        Draws of the same units.
    n_bins : int
        Most bins; fewer units get one bin each, and results are then exact.
    descending : bool
        Whether the largest value comes first.

    Returns
    -------
    RankedDraws
        Counts and sums of every bin.
    """
    numbers = np.asarray(values, dtype=np.float64)
    order = np.argsort(-numbers if descending else numbers, kind="stable")
    bins = min(n_bins, numbers.size)
    cell = np.empty(numbers.size, dtype=np.int64)
    cell[order] = np.arange(numbers.size, dtype=np.int64) * bins // numbers.size
    return RankedDraws(
        counts=draws.total(np.ones(numbers.size), cell=cell, n_cells=bins),
        totals=draws.total(numbers, cell=cell, n_cells=bins),
        sizes=draws.total(np.abs(numbers))[:, 0],
    )


def trace_curve(ranked: RankedDraws, shares: Floats) -> Floats:
    """Trace the cumulative share of the total against the share of units.

    Descending order gives the whale curve (a Pareto curve that passes 1 and comes
    back), ascending order the Lorenz curve.

    Parameters
    ----------
    ranked : RankedDraws
        Units in order.
    shares : ndarray of float, shape (n_points,)
        Shares of units, from 0 to 1.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_points)
        Shares of the total; row 0 is the sample itself.

    References
    ----------
    .. [1] Kaplan and Cooper (1998), Cost & Effect, ch. 10 (whale curve).
    .. [2] Lorenz (1905), Methods of measuring the concentration of wealth.
    """
    count = _start_at_zero(ranked.counts)
    total = _start_at_zero(ranked.totals)
    curves = [
        np.interp(shares * units[-1], units, sums) / sums[-1]
        for units, sums in zip(count, total, strict=True)
    ]
    return np.vstack(curves)


def replicate_gini(ranked: RankedDraws) -> Floats:
    """Measure the Gini index in every draw.

    Parameters
    ----------
    ranked : RankedDraws
        Units in ascending or descending order.

    Returns
    -------
    ndarray of float, shape (1 + n_draws,)
        Gini indices; differences inside a bin are left out.
    """
    n_units = ranked.counts.sum(axis=1)
    gini: Floats = _replicate_differences(ranked) / (
        n_units * ranked.totals.sum(axis=1)
    )
    return gini


def replicate_normalised_gini(ranked: RankedDraws) -> Floats:
    """Measure the normalised Gini index in every draw.

    Parameters
    ----------
    ranked : RankedDraws
        Units in ascending or descending order.

    Returns
    -------
    ndarray of float, shape (1 + n_draws,)
        Normalised Gini indices; differences inside a bin are left out.
    """
    n_units = ranked.counts.sum(axis=1)
    gini: Floats = _replicate_differences(ranked) / ((n_units - 1) * ranked.sizes)
    return gini


def _sum_differences(values: Floats) -> float:
    """Half the sum of |y_i - y_j| over all ordered pairs."""
    position = 2 * np.arange(1, values.size + 1) - values.size - 1
    return float(np.sort(values) @ position)


def _replicate_differences(ranked: RankedDraws) -> Floats:
    """Half the sum of |y_i - y_j| between bins, draw by draw."""
    after = np.cumsum(ranked.counts, axis=1)
    position = 2 * after - ranked.counts - after[:, -1:]
    differences: Floats = np.abs(np.sum(ranked.totals * position, axis=1))
    return differences


def _start_at_zero(parts: Floats) -> Floats:
    return np.pad(np.cumsum(parts, axis=1), ((0, 0), (1, 0)))
