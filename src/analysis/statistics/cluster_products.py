"""Products of a panel's columns, kept apart by cluster.

Whatever least squares need of a panel is in the products of its columns. Kept by
cluster, they let clusters be drawn again, or their errors be turned round, many times
without touching the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.two_way_effects import Floats


@dataclass(frozen=True, slots=True)
class ClusterProducts:
    """Weighted products of columns with the effects taken off, by cluster.

    Parameters
    ----------
    names : tuple of str
        The columns; the first is "outcome".
    by_cluster : numpy.ndarray, shape (clusters, columns, columns)
        Sums over the rows of each cluster.
    nobs : int
        Units times periods.
    """

    names: tuple[str, ...]
    by_cluster: Floats
    nobs: int

    @property
    def total(self) -> Floats:
        """Sums over all clusters, shape (columns, columns)."""
        summed: Floats = self.by_cluster.sum(axis=0)
        return summed

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.by_cluster)

    def pick(self, names: Sequence[str]) -> Floats:
        """Give the columns that choose some names from all.

        Parameters
        ----------
        names : sequence of str
            Columns wanted.

        Returns
        -------
        numpy.ndarray, shape (columns, names)
            Zeros and ones.
        """
        chosen: Floats = np.eye(len(self.names))[
            :, [self.names.index(n) for n in names]
        ]
        return chosen

    def draw_again(self, rng: np.random.Generator, draws: int) -> Floats:
        """Draw clusters with replacement, and sum their products.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of chance.
        draws : int
            How often.

        Returns
        -------
        numpy.ndarray, shape (draws, columns, columns)
            Sums of each draw.
        """
        chances = np.full(self.n_clusters, 1 / self.n_clusters)
        times = rng.multinomial(self.n_clusters, chances, size=draws)
        summed: Floats = np.tensordot(times, self.by_cluster, axes=1)
        return summed


def multiply_by_cluster(panel: AbsorbedPanel, names: Sequence[str]) -> ClusterProducts:
    """Multiply the outcome and columns of a panel, cluster by cluster.

    Parameters
    ----------
    panel : AbsorbedPanel
        Columns with the effects taken off.
    names : sequence of str
        Columns beside the outcome.

    Returns
    -------
    ClusterProducts
        Their products.
    """
    columns = np.column_stack([panel.outcome, panel.take(list(names))])
    order = np.argsort(panel.codes, kind="stable")
    rooted = (columns * np.sqrt(panel.weights)[:, None])[order]
    starts = np.searchsorted(panel.codes[order], np.arange(1, panel.n_clusters))
    products = [part.T @ part for part in np.split(rooted, starts)]
    return ClusterProducts(("outcome", *names), np.stack(products), panel.nobs)


def list_controls(
    products: ClusterProducts,
    total: Floats,
    *,
    endogenous: Sequence[str],
    instruments: Sequence[str],
) -> Floats:
    """Give what stands beside a dose whose setting may answer to the outcome.

    Parameters
    ----------
    products : ClusterProducts
        Columns, among them the endogenous ones and their instruments.
    total : numpy.ndarray, shape (columns, columns)
        Products summed over the clusters, or over clusters drawn again.
    endogenous : sequence of str
        The dose first, then what else may answer; none if nothing does.
    instruments : sequence of str
        What moves them.

    Returns
    -------
    numpy.ndarray, shape (columns, controls)
        The other endogenous columns, and of each what the instruments do not move,
        as sums of columns. With a dose that is linear this is two-stage least squares.

    References
    ----------
    .. [1] Wooldridge (2015), Control function methods in applied econometrics,
       J. Human Resources 50, section II.
    """
    if not endogenous:
        return np.empty((len(products.names), 0))
    moved, movers = products.pick(endogenous), products.pick(instruments)
    shares = np.linalg.solve(movers.T @ total @ movers, movers.T @ total @ moved)
    return np.column_stack([moved[:, 1:], moved - movers @ shares])


def solve_beside(
    total: Floats, target: Floats, controls: Floats
) -> tuple[Floats, Floats, float]:
    """Take controls off outcome and target, and give the products that are left.

    Parameters
    ----------
    total : numpy.ndarray, shape (columns, columns)
        Products of all columns; the first is the outcome.
    target : numpy.ndarray, shape (columns, targets)
        What is to be explained by, as sums of columns.
    controls : numpy.ndarray, shape (columns, controls)
        What is taken off.

    Returns
    -------
    tuple of numpy.ndarray, numpy.ndarray and float
        Products of the targets, of targets and outcome, and the outcome's squares.
    """
    outcome = np.eye(len(total))[:, [0]]
    block = np.column_stack([outcome, target])
    left = block.T @ total @ block
    if controls.shape[1]:
        met = controls.T @ total @ block
        left = left - met.T @ np.linalg.solve(controls.T @ total @ controls, met)
    return left[1:, 1:], left[1:, 0], float(left[0, 0])
