"""Where the customers of a year ago are now: each customer once, newcomers apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.migration_counts import (
    MigrationShares,
    estimate_migration,
    measure_mobility,
)
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.lifetime.chain import (
    WINDOW,
    count_moves,
    fit_chain,
)
from analysis.studies.segment_profitability.lifetime.lives import LifePanel
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused


@dataclass(frozen=True, slots=True, eq=False)
class Migration:
    """Moves between two quarters' ends, a year apart where the history reaches so far.

    Parameters
    ----------
    counts : ndarray of int, shape (n_states + 1, n_states + 1)
        Customers by state then and now; the last row is who came since, the last
        column who left.
    observed : MigrationShares
        Shares of each row, with intervals that hold together.
    by_chain : ndarray of float, shape (n_states, n_states + 1)
        The same shares of those who were here as the chain of quarters gives them.
    mobility : float
        From 0, nobody moves, to 1, the state then says nothing.
    n_quarters : int
        Quarters between the two ends.
    panel : LifePanel
        What it was measured on.
    """

    counts: NDArray[np.int64]
    observed: MigrationShares
    by_chain: Floats
    mobility: float
    n_quarters: int
    panel: LifePanel


def measure_migration(panel: LifePanel | Refused) -> Migration | Refused:
    """Measure where customers went within a year, and set the chain beside it.

    Parameters
    ----------
    panel : LifePanel or Refused
        Lives of the customers.

    Returns
    -------
    Migration or Refused
        Refused where the panel is.
    """
    if isinstance(panel, Refused):
        return panel
    lives = panel.lives
    n_quarters = min(WINDOW, lives.n_ends - 1)
    start, end = lives.codes[:, -1 - n_quarters], lives.codes[:, -1]
    counts = count_moves(start, end, lives.n_states)
    within = counts[:-1, :-1]
    shares = within / np.maximum(within.sum(axis=1, keepdims=True), 1)
    return Migration(
        counts=counts,
        observed=estimate_migration(counts, confidence_level=CONFIDENCE_LEVEL),
        by_chain=_move_by_chain(panel, n_quarters),
        mobility=measure_mobility(shares) if lives.n_states > 1 else 0.0,
        n_quarters=n_quarters,
        panel=panel,
    )


def _move_by_chain(panel: LifePanel, n_quarters: int) -> Floats:
    chain = fit_chain(panel.lives, last=panel.lives.n_ends - 1)
    moved = np.linalg.matrix_power(chain.transitions[0], n_quarters)
    return np.column_stack([moved, 1 - moved.sum(axis=1)])
