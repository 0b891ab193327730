"""Estimate chances of moving between states from counts, and test what a chain assumes.

Counts are of independent units. Tests draw tables with the same margins, so that sparse
cells do no harm; nothing here names a state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import multinomial_proportions_confint

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MigrationShares:
    """Shares of each state's units by where they went, with intervals.

    Parameters
    ----------
    shares, lower, upper : ndarray of float, shape (n_from, n_to)
        Shares from 0 to 1 and their intervals, which hold together for all targets of
        a row; missing in a row without units.
    """

    shares: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """A sum of chi-squared statistics and how rarely chance gives as much.

    Parameters
    ----------
    statistic : float
        Pearson's statistic, added up over the tables.
    degrees : int
        Degrees of freedom of the same.
    pvalue : float
        Share of tables with the same margins that give as much or more.
    nobs : int
        Units in the tables.
    """

    statistic: float
    degrees: int
    pvalue: float
    nobs: int


def estimate_migration(counts: Counts, *, confidence_level: float) -> MigrationShares:
    """Estimate a migration matrix with simultaneous intervals.

    Parameters
    ----------
    counts : ndarray of int, shape (n_from, n_to)
        Units by state before and after.
    confidence_level : float
        Chance that all intervals of a row hold their shares together.

    Returns
    -------
    MigrationShares
        Goodman's intervals; the upper end of an empty cell is the exact bound
        ``1 - (1 - level)^(1/n)``, its lower end zero.

    References
    ----------
    .. [1] Goodman (1965), On simultaneous confidence intervals for multinomial
       proportions, Technometrics 7(2), 247-254.
    .. [2] Clopper and Pearson (1934), Biometrika 26, 404-413, for the empty cell.
    """
    sizes = counts.sum(axis=1)
    shares = np.full(counts.shape, np.nan)
    lower, upper = shares.copy(), shares.copy()
    for row in np.flatnonzero(sizes):
        shares[row] = counts[row] / sizes[row]
        ends = multinomial_proportions_confint(
            counts[row], alpha=1 - confidence_level, method="goodman"
        )
        bound = 1 - (1 - confidence_level) ** (1 / sizes[row])
        empty = counts[row] == 0
        lower[row] = np.where(empty, 0.0, ends[:, 0])
        upper[row] = np.where(empty, bound, ends[:, 1])
    return MigrationShares(shares, lower, upper)


def check_order(
    triples: Counts, *, n_draws: int, generator: np.random.Generator
) -> IndependenceTest:
    """Test whether the next state depends on more than the state now.

    Parameters
    ----------
    triples : ndarray of int, shape (n_before, n_now, n_next)
        Units by three states in a row.
    n_draws : int
        Tables drawn.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    IndependenceTest
        Of a chain of first against one of second order.

    References
    ----------
    .. [1] Anderson and Goodman (1957), Statistical inference about Markov chains,
       Annals of Mathematical Statistics 28(1), 89-110, section 3.3.
    """
    tables = [triples[:, now, :] for now in range(triples.shape[1])]
    return _check_tables(tables, n_draws, generator)


def check_homogeneity(
    counts: Counts, *, n_draws: int, generator: np.random.Generator
) -> IndependenceTest:
    """Test whether chances of moving are the same in every period.

    Parameters
    ----------
    counts : ndarray of int, shape (n_periods, n_from, n_to)
        Units by state before and after, in each period.
    n_draws : int
        Tables drawn.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    IndependenceTest
        Of one matrix for all periods against one for each.

    References
    ----------
    .. [1] Anderson and Goodman (1957), section 3.2.
    """
    tables = [counts[:, before, :] for before in range(counts.shape[1])]
    return _check_tables(tables, n_draws, generator)


def measure_mobility(transitions: Floats) -> float:
    """Measure how much units move: ``(m - trace P) / (m - 1)``.

    Parameters
    ----------
    transitions : ndarray of float, shape (m, m)
        Chances of moving.

    Returns
    -------
    float
        0 when nobody moves, 1 when the state before says nothing.

    References
    ----------
    .. [1] Shorrocks (1978), The measurement of mobility, Econometrica 46(5), 1013-1024.
    """
    n_states = len(transitions)
    return float((n_states - np.trace(transitions)) / (n_states - 1))


def _check_tables(
    tables: Sequence[Counts], n_draws: int, generator: np.random.Generator
) -> IndependenceTest:
    kept = [filled for table in tables if min((filled := _fill(table)).shape) > 1]
    statistic = sum((_measure(table[None]) for table in kept), np.zeros(1))
    drawn = np.zeros(n_draws)
    for table in kept:
        margins = (table.sum(axis=1), table.sum(axis=0))
        chance = stats.random_table(*margins)
        drawn += _measure(
            chance.rvs(size=n_draws, method="patefield", random_state=generator)
        )
    # The table itself is one of those that chance may give.
    more = int((drawn >= statistic[0] * (1 - 1e-12)).sum())
    return IndependenceTest(
        statistic=float(statistic[0]),
        degrees=sum((table.shape[0] - 1) * (table.shape[1] - 1) for table in kept),
        pvalue=(1 + more) / (1 + n_draws),
        nobs=sum(int(table.sum()) for table in tables),
    )


def _fill(table: Counts) -> Counts:
    """Leave out rows and columns without a unit."""
    filled: Counts = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    return filled


def _measure(tables: NDArray[np.generic]) -> Floats:
    """Give Pearson's statistic of each table, shape (n_tables, rows, columns)."""
    counts = tables.astype(np.float64)
    across, down = counts.sum(axis=2), counts.sum(axis=1)
    expected = (
        across[:, :, None] * down[:, None, :] / counts.sum(axis=(1, 2))[:, None, None]
    )
    statistic: Floats = ((counts - expected) ** 2 / expected).sum(axis=(1, 2))
    return statistic
