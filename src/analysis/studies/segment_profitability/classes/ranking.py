"""How well ordered groups of customers rank them by profit."""

from __future__ import annotations

import numpy as np

from analysis.statistics.paired_bootstrap import (
    BootstrapDraws,
    BootstrapEstimate,
    Floats,
    summarise,
)
from analysis.statistics.rank_agreement import measure_somers_d
from analysis.studies.segment_profitability.classes.groups import Labels
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL

_MOST_BINS = 400
"""Profit is ranked in so many groups: a pair within one counts as a tie."""


def rank_in_groups(values: Floats, n_groups: int) -> Labels:
    """Cut customers into groups of equal size by a value; equal values stay together.

    Parameters
    ----------
    values : ndarray of float, shape (n_customers,)
        Value of each customer.
    n_groups : int
        How many groups.

    Returns
    -------
    ndarray of int, shape (n_customers,)
        Group from 0, the lowest values. Where many have the same value groups differ
        in size and some may be empty: to split equal customers would be chance.
    """
    distinct, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - sizes / 2
    groups = np.minimum(
        (n_groups * middle / len(values)).astype(np.int64), n_groups - 1
    )
    labels: Labels = groups[place.reshape(-1)]
    return labels if len(distinct) else place.astype(np.int64)


def measure_ranking(
    profit: Floats, labels: Labels, n_groups: int, draws: BootstrapDraws
) -> BootstrapEstimate:
    """Measure whether customers of a higher group make the higher profit.

    Parameters
    ----------
    profit : ndarray of float, shape (n_customers,)
        Profit of each customer.
    labels : ndarray of int, shape (n_customers,)
        Group of each customer, from 0, in the order that is judged.
    n_groups : int
        How many groups there are.
    draws : BootstrapDraws
        Draws of the customers.

    Returns
    -------
    BootstrapEstimate
        Somers' D, from -1 to 1, with its percentile interval.
    """
    n_bins = min(_MOST_BINS, len(profit))
    bins = rank_in_groups(profit, n_bins)
    counts = draws.total(
        np.ones(len(profit)), cell=labels * n_bins + bins, n_cells=n_groups * n_bins
    )
    replicates = measure_somers_d(counts.reshape(len(counts), n_groups, n_bins))
    return summarise(replicates, confidence_level=CONFIDENCE_LEVEL)
