"""Curves of several quarters' customers, one below the other."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.statistics.concentration import RankedDraws
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.customers.curves import trace_ranked
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Sample,
)


def list_samples(panel: CustomerPanel, year_ago: Sample | None) -> list[Sample]:
    """List the quarters that are known, in order of time.

    Parameters
    ----------
    panel : CustomerPanel
        Customers of both quarters.
    year_ago : Sample or None
        Customers of the same quarter of the year before, where they are known.

    Returns
    -------
    list of Sample
        The quarter reported last.
    """
    samples = (year_ago, panel.before, panel.now)
    return [sample for sample in samples if sample is not None]


def trace_samples(
    samples: list[Sample],
    ranked: dict[str, RankedDraws],
    sort: Callable[[Sample], Floats],
) -> pd.DataFrame:
    """Trace the curve of each quarter.

    Parameters
    ----------
    samples : list of Sample
        Customers of each quarter.
    ranked : dict of str to RankedDraws
        The same customers ranked, by quarter.
    sort : callable
        Gives a quarter's amounts in the order of the curve.

    Returns
    -------
    pandas.DataFrame
        One row per quarter and point, as `trace_ranked` gives them.
    """
    return pd.concat(
        [trace_ranked(s.quarter, sort(s), ranked[s.quarter]) for s in samples],
        ignore_index=True,
    )
