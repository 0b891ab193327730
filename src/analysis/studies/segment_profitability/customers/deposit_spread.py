"""How unequally deposits are held: Lorenz curve, Gini index, the largest tenth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.concentration import (
    rank_units,
    replicate_gini,
    trace_curve,
)
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Measured,
    Sample,
    compare,
)
from analysis.studies.segment_profitability.customers.sample_curves import (
    list_samples,
    trace_samples,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

_LARGEST_PART = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class DepositSpread:
    """How unequally deposits are held.

    Parameters
    ----------
    lorenz : pandas.DataFrame
        One row per quarter and point, as `trace_ranked` gives them, smallest
        depositors first.
    gini : Measured
        Gini index of average deposits, from 0 to 1.
    top_tenth_pct : Measured
        Share of deposits that the largest tenth of customers hold, percent.
    panel : CustomerPanel
        What it was measured on.
    """

    lorenz: pd.DataFrame
    gini: Measured
    top_tenth_pct: Measured
    panel: CustomerPanel


def measure_deposit_spread(
    panel: CustomerPanel | Refused, year_ago: Sample | None = None
) -> DepositSpread | Refused:
    """Measure how unequally customers hold deposits.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.
    year_ago : Sample or None
        Customers of the same quarter of the year before, where they are known.

    Returns
    -------
    DepositSpread or Refused
        Refused where nobody holds deposits.
    """
    if isinstance(panel, Refused):
        return panel
    if panel.now.n_customers * _LARGEST_PART < MINIMUM_CELL:
        return Refused(
            say(
                "The largest tenth are fewer than {least} customers.",
                least=MINIMUM_CELL,
            ),
            panel.now.quarter,
            panel.account.source,
            say("Report on a larger group of customers."),
        )
    samples = list_samples(panel, year_ago)
    if not all((sample.deposits > 0).any() for sample in samples):
        return Refused(
            say("Customers hold no deposits."),
            panel.now.quarter,
            panel.account.source,
        )
    ranked = {
        s.quarter: rank_units(s.deposits, s.draws, descending=False) for s in samples
    }
    rest = np.array([1 - _LARGEST_PART])
    return DepositSpread(
        lorenz=trace_samples(samples, ranked, lambda s: np.sort(s.deposits)),
        gini=compare(panel, lambda s: replicate_gini(ranked[s.quarter]), year_ago),
        top_tenth_pct=compare(
            panel,
            lambda s: 100 - 100 * trace_curve(ranked[s.quarter], rest)[:, 0],
            year_ago,
        ),
        panel=panel,
    )
