"""Sums, averages and moves of labelled customers, with what the door asks of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.paired_bootstrap import BootstrapDraws, Floats
from analysis.statistics.resampling import cut_interval
from analysis.studies.segment_profitability.account.segment_names import OTHERS
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL

Labels = NDArray[np.int64]

ABSENT = -1
"""Label of who was not a customer of a quarter."""

_MOST_NAMES = 3

LEAST_SHOWN = 100
"""Segments of fewer customers are shown as one: most of their cells would be hidden."""


def sum_groups(
    rows: pd.DataFrame, labels: Labels, n_groups: int, amounts: Sequence[str]
) -> pd.DataFrame:
    """Count customers and sum amounts group by group.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per customer with the amounts.
    labels : ndarray of int, shape (n_customers,)
        Group of each customer, from 0.
    n_groups : int
        How many groups there are.
    amounts : sequence of str
        What is summed.

    Returns
    -------
    pandas.DataFrame
        One row per group, also empty ones: `customers`, each amount, and its largest
        and second largest part of one customer and the sum of sizes, as
        "<amount>_largest", "<amount>_second" and "<amount>_absolute".
    """
    columns: dict[str, Floats | NDArray[np.int64]] = {
        "customers": np.bincount(labels, minlength=n_groups)
    }
    for name in amounts:
        values = rows[name].to_numpy(np.float64)
        columns[name] = np.bincount(labels, weights=values, minlength=n_groups)
        columns |= _measure_sizes(np.abs(values), labels, n_groups, name)
    return pd.DataFrame(columns)


def average_groups(
    values: NDArray[np.generic], labels: Labels, n_groups: int, draws: BootstrapDraws
) -> pd.DataFrame:
    """Average a value group by group, with bootstrap intervals.

    Parameters
    ----------
    values : ndarray, shape (n_customers,)
        Value of each customer.
    labels : ndarray of int, shape (n_customers,)
        Group of each customer, from 0.
    n_groups : int
        How many groups there are.
    draws : BootstrapDraws
        Draws of the customers.

    Returns
    -------
    pandas.DataFrame
        One row per group: `mean`, `lower`, `upper`, in the unit of the value; missing
        for a group without customers.
    """
    replicates = replicate_means(values, labels, n_groups, draws)
    lower, upper = np.full((2, n_groups), np.nan)
    known = np.isfinite(replicates).all(axis=0)
    lower[known], upper[known] = cut_interval(
        replicates[1:, known], replicates[0, known], CONFIDENCE_LEVEL
    )
    mean = np.where(known, replicates[0], np.nan)
    return pd.DataFrame({"mean": mean, "lower": lower, "upper": upper})


def replicate_means(
    values: NDArray[np.generic], labels: Labels, n_groups: int, draws: BootstrapDraws
) -> Floats:
    """Average a value group by group in every draw.

    Parameters
    ----------
    values : ndarray, shape (n_customers,)
        Value of each customer.
    labels : ndarray of int, shape (n_customers,)
        Group of each customer, from 0.
    n_groups : int
        How many groups there are.
    draws : BootstrapDraws
        Draws of the customers.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_groups)
        Row 0 is the sample itself; missing where a draw holds nobody of a group.
    """
    sums = draws.total(values, cell=labels, n_cells=n_groups)
    sizes = draws.total(np.ones(len(values)), cell=labels, n_cells=n_groups)
    means: Floats = np.divide(
        sums, sizes, out=np.full_like(sums, np.nan), where=sizes > 0
    )
    return means


def name_pool(names: Sequence[str]) -> str:
    """Name segments that are shown as one.

    Parameters
    ----------
    names : sequence of str
        Their names, in the order in which they are shown.

    Returns
    -------
    str
        The names, or that they are the smaller ones where these are many.
    """
    return " + ".join(names) if len(names) <= _MOST_NAMES else OTHERS


def count_moves(before: Labels, now: Labels, n_groups: int) -> pd.DataFrame:
    """Count who moved from which group to which; who joined and who left, too.

    Parameters
    ----------
    before, now : ndarray of int, shape (n_places,)
        Group of each customer in two quarters, `ABSENT` for who was none.
    n_groups : int
        How many groups there are.

    Returns
    -------
    pandas.DataFrame
        One row per pair of groups: `origin` and `goal`, from 0, or `ABSENT` for new
        and for former customers, and `customers`.
    """
    size = n_groups + 1
    counts = np.bincount((before + 1) * size + now + 1, minlength=size * size)
    origin, goal = np.divmod(np.arange(size * size), size)
    pairs = pd.DataFrame({"origin": origin - 1, "goal": goal - 1, "customers": counts})
    outside = (pairs["origin"] == ABSENT) & (pairs["goal"] == ABSENT)
    return pairs[~outside].reset_index(drop=True)


def share_moves(moves: pd.DataFrame) -> pd.DataFrame:
    """Give the share of each group that moved to each other, with intervals.

    Parameters
    ----------
    moves : pandas.DataFrame
        As `count_moves` gives it.

    Returns
    -------
    pandas.DataFrame
        The rows whose group of origin has customers, with `from_customers` (its size),
        `share_pct`, `lower` and `upper`, percent of it; the joining are shares of all
        who joined.

    References
    ----------
    .. [1] Wilson (1927), Probable inference, JASA 22, 209-212; as in statsmodels.
    """
    sizes = moves.groupby("origin")["customers"].transform("sum")
    known = moves[sizes > 0].assign(from_customers=sizes[sizes > 0])
    lower, upper = measure_share(known["customers"], known["from_customers"])
    return known.assign(
        share_pct=100 * known["customers"] / known["from_customers"],
        lower=100 * lower,
        upper=100 * upper,
    ).reset_index(drop=True)


def measure_share(
    counts: pd.Series[float], sizes: pd.Series[float]
) -> tuple[Floats, Floats]:
    """Give the ends of the intervals of shares, each by itself.

    Parameters
    ----------
    counts, sizes : pandas.Series
        Customers counted, and of how many; sizes are above zero.

    Returns
    -------
    lower, upper : ndarray of float
        Wilson's intervals, from 0 to 1.
    """
    lower, upper = proportion_confint(
        counts.to_numpy(np.float64),
        sizes.to_numpy(np.float64),
        alpha=1 - CONFIDENCE_LEVEL,
        method="wilson",
    )
    return np.asarray(lower), np.asarray(upper)


def _measure_sizes(
    sizes: Floats, labels: Labels, n_groups: int, name: str
) -> dict[str, Floats]:
    tops = np.zeros((2, n_groups))
    np.maximum.at(tops[0], labels, sizes)
    is_top = sizes == tops[0][labels]
    ties = np.bincount(labels[is_top], minlength=n_groups)
    np.maximum.at(tops[1], labels[~is_top], sizes[~is_top])
    tops[1] = np.where(ties > 1, tops[0], tops[1])
    absolute = np.bincount(labels, weights=sizes, minlength=n_groups)
    return {
        f"{name}_largest": tops[0],
        f"{name}_second": tops[1],
        f"{name}_absolute": absolute,
    }


def choose_pooled(customers: pd.Series[int], least: int) -> NDArray[np.bool_]:
    """Choose the smallest groups, to be shown as one of at least so many customers.

    Parameters
    ----------
    customers : pandas.Series
        Customers of each group.
    least : int
        Customers that a group, or the pool, should have.

    Returns
    -------
    ndarray of bool, shape (n_groups,)
        Which groups are pooled; none where all are large enough.
    """
    sizes = customers.to_numpy(np.int64)
    order = np.argsort(sizes, kind="stable")
    missing = np.cumsum(sizes[order]) - sizes[order] < least
    pooled = np.zeros(len(sizes), np.bool_)
    pooled[order[missing]] = True
    return pooled if (sizes < least).any() else np.zeros_like(pooled)
