"""Class customers by the bank's rules, and check the classes against measured profit.

The source names four classes: customers who sleep, those of low value, valuable ones,
and those of high added value. Whom its words leave between them stands between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.classes.behaviour import (
    AMOUNTS,
    Behaviour,
    place_labels,
)
from analysis.studies.segment_profitability.classes.groups import (
    LEAST_SHOWN,
    Labels,
    average_groups,
    choose_pooled,
    count_moves,
    measure_share,
    name_pool,
    share_moves,
    sum_groups,
)
from analysis.studies.segment_profitability.classes.own_activity import HISTORY_MONTHS
from analysis.studies.segment_profitability.classes.ranking import (
    measure_ranking,
    rank_in_groups,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

CLASSES: Final = ("sleeping", "low_value", "between", "valuable", "high_value")
"""Classes in the order of the value that the rules promise."""
SLEEPING, LOW, BETWEEN, VALUABLE, HIGH = range(5)

SLEEPING_ASSETS: Final = 100.0
"""Assets below which a customer without activity for a year sleeps, where the source
does not say so itself; major units of currency: no more than an account's least balance
at most banks."""

LARGE_SHARE: Final = 0.20
"""Deposits and loans are large from what the top fifth of those awake have: the rule of
80 to 20 that the source starts from."""

SMALL_SHARE: Final = 0.50
"""Assets are small below the middle of those awake, and contacts frequent from there
up: half of the customers are the plainest meaning of either word."""

DECILES: Final = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the rules, the same in both quarters.

    Parameters
    ----------
    large_balance : float
        Deposits and loans that are large, major currency units.
    small_assets : float
        Assets below which they are small, major currency units.
    frequent_contacts : float
        Own contacts a quarter that are frequent.
    by_state : bool or None
        Whether the source says who sleeps; None where it says neither that nor what
        happened a year back, so that nobody can be said to sleep.
    """

    large_balance: float
    small_assets: float
    frequent_contacts: float
    by_state: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class RuleClasses:
    """Customers by the bank's rules.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per class: `name`, `customers`, `losing` (who lose money), `earning`,
        every amount of `AMOUNTS` with its dominance, `balances` (deposits, loans and
        investments) with its own, `profit_each` with `lower` and `upper`, and
        `customers_before` (missing where the quarter is not known).
    moves : pandas.DataFrame
        As `share_moves` gives it; without rows where the quarter before is not known.
    deciles : pandas.DataFrame
        One row per class: customers in each tenth by profit, "decile_0" the lowest.
    tier_deciles : pandas.DataFrame
        The same, one row per segment, with `segment`, richest first, small ones
        pooled.
    ranking : BootstrapEstimate
        Somers' D of the order of classes on profit.
    limits : Limits
        Limits of the rules.
    behaviour : Behaviour
        What was classed.
    """

    rows: pd.DataFrame
    moves: pd.DataFrame
    deciles: pd.DataFrame
    tier_deciles: pd.DataFrame
    ranking: BootstrapEstimate
    limits: Limits
    behaviour: Behaviour

    def share_of(self, group: int, column: str) -> BootstrapEstimate:
        """Give the share of a class that another column counts.

        Parameters
        ----------
        group : int
            Position of the class.
        column : str
            "losing" or "earning".

        Returns
        -------
        BootstrapEstimate
            Percent of its customers, with Wilson's interval.
        """
        row = self.rows.iloc[[group]]
        lower, upper = measure_share(row[column], row["customers"])
        share = 100 * float(row[column].iloc[0]) / float(row["customers"].iloc[0])
        return BootstrapEstimate(
            share, min(100 * float(lower[0]), share), max(100 * float(upper[0]), share)
        )


def classify_customers(behaviour: Behaviour | Refused) -> RuleClasses | Refused:
    """Class the customers of both quarters by the bank's rules.

    Parameters
    ----------
    behaviour : Behaviour or Refused
        Customers of both quarters.

    Returns
    -------
    RuleClasses or Refused
        Refused where the source does not say what customers do.
    """
    if isinstance(behaviour, Refused):
        return behaviour
    if not behaviour.knows_activity:
        return behaviour.refuse(say("The source does not say what customers do."))
    limits = set_limits(behaviour)
    if limits is None:
        return behaviour.refuse(say("All customers sleep."))
    labels = apply_rules(behaviour.now, limits)
    if labels.min() == labels.max():
        return behaviour.refuse(say("The rules put all customers into one class."))
    profit = behaviour.now["profit"].to_numpy()
    deciles = rank_in_groups(profit, DECILES)
    names, tiers = _code_tiers(behaviour)
    return RuleClasses(
        rows=_describe(behaviour, labels, limits),
        moves=_find_moves(behaviour, labels, limits),
        deciles=_cross(labels, deciles, len(CLASSES)),
        tier_deciles=_pool_small(_cross(tiers, deciles, len(names)), names),
        ranking=measure_ranking(profit, labels, len(CLASSES), behaviour.draws),
        limits=limits,
        behaviour=behaviour,
    )


def set_limits(behaviour: Behaviour) -> Limits | None:
    """Set the limits of the rules by the customers awake in the quarter reported.

    Parameters
    ----------
    behaviour : Behaviour
        Customers.

    Returns
    -------
    Limits or None
        Rounded to two digits, so that no limit is one customer's own balance; None
        where nobody is awake.
    """
    by_state = (
        True if behaviour.knows_sleep else (False if behaviour.has_year else None)
    )
    awake = behaviour.now[~_find_sleepers(behaviour.now, by_state)]
    if awake.empty:
        return None
    balance = awake["deposits"] + awake["loans"]
    return Limits(
        large_balance=_round(float(balance.quantile(1 - LARGE_SHARE))),
        small_assets=_round(float(awake["assets"].quantile(SMALL_SHARE))),
        frequent_contacts=max(float(awake["own_contacts"].quantile(SMALL_SHARE)), 1.0),
        by_state=by_state,
    )


def apply_rules(rows: pd.DataFrame, limits: Limits) -> Labels:
    """Class customers by the rules.

    Parameters
    ----------
    rows : pandas.DataFrame
        Customers of a quarter, as `Behaviour` holds them.
    limits : Limits
        Limits of the rules.

    Returns
    -------
    ndarray of int, shape (n_customers,)
        Position in `CLASSES`.
    """
    is_large = rows["deposits"] + rows["loans"] >= limits.large_balance
    is_valuable = is_large & (rows["own_contacts"] >= limits.frequent_contacts)
    uses_more = (rows["investments"] > 0) | (rows["fee"] > 0)
    is_low = ~rows["holds_more"] & (rows["assets"] < limits.small_assets)
    cases = {
        SLEEPING: _find_sleepers(rows, limits.by_state),
        HIGH: is_valuable & uses_more,
        VALUABLE: is_valuable,
        LOW: is_low,
    }
    labels: Labels = np.select(
        [np.asarray(case) for case in cases.values()], list(cases), BETWEEN
    )
    return labels.astype(np.int64)


def _find_sleepers(rows: pd.DataFrame, by_state: bool | None) -> pd.Series[bool]:
    if by_state is None:
        return pd.Series(False, index=rows.index)
    if by_state:
        return rows["sleeps"]
    is_idle = rows["recency_months"] >= HISTORY_MONTHS
    return is_idle & (rows["assets"] < SLEEPING_ASSETS)


def _round(value: float) -> float:
    """Round to two significant digits."""
    return float(f"{value:.2g}")


def _describe(behaviour: Behaviour, labels: Labels, limits: Limits) -> pd.DataFrame:
    now = behaviour.now
    n_classes = len(CLASSES)
    balances = now["assets"] + now["loans"]
    each = average_groups(now["profit"].to_numpy(), labels, n_classes, behaviour.draws)
    losing = np.bincount(labels[now["profit"] < 0], minlength=n_classes)
    sums = sum_groups(
        now.assign(balances=balances), labels, n_classes, [*AMOUNTS, "balances"]
    )
    before = np.full(n_classes, np.nan)
    if len(behaviour.before):
        earlier = apply_rules(behaviour.before, limits)
        before = np.bincount(earlier, minlength=n_classes).astype(np.float64)
    return pd.concat(
        [sums, each.rename(columns={"mean": "profit_each"})], axis=1
    ).assign(
        name=CLASSES,
        losing=losing,
        earning=sums["customers"] - losing,
        customers_before=before,
    )


def _find_moves(behaviour: Behaviour, labels: Labels, limits: Limits) -> pd.DataFrame:
    now = place_labels(labels, behaviour.now, behaviour.n_places)
    earlier = apply_rules(behaviour.before, limits)
    before = place_labels(earlier, behaviour.before, behaviour.n_places)
    shares = share_moves(count_moves(before, now, len(CLASSES)))
    return shares if len(behaviour.before) else shares.iloc[:0]


def _pool_small(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Put the smallest segments into one, where the largest of them stands."""
    pooled = choose_pooled(table["customers"], LEAST_SHOWN)
    if pooled.sum() < 2:
        return table.assign(segment=names)
    place = np.where(pooled, int(np.flatnonzero(pooled).max()), np.arange(len(table)))
    pool = name_pool([name for name, ok in zip(names, pooled, strict=True) if ok])
    named = np.where(pooled, pool, names)
    summed = table.groupby(place).sum()
    kept: pd.DataFrame = summed.assign(segment=named[summed.index.to_numpy()])
    return kept.reset_index(drop=True)


def _code_tiers(behaviour: Behaviour) -> tuple[list[str], Labels]:
    """Give segments numbers, those with the largest assets a customer first."""
    wealth = behaviour.now.groupby("segment")["assets"].mean()
    names = [str(name) for name in wealth.sort_values(ascending=False).index]
    place = {name: position for position, name in enumerate(names)}
    codes = behaviour.now["segment"].map(place).to_numpy()
    return names, codes.astype(np.int64)


def _cross(labels: Labels, deciles: Labels, n_groups: int) -> pd.DataFrame:
    counts = np.bincount(labels * DECILES + deciles, minlength=n_groups * DECILES)
    table = counts.reshape(n_groups, DECILES)
    names = [f"decile_{decile}" for decile in range(DECILES)]
    return pd.DataFrame(table, columns=names).assign(customers=table.sum(axis=1))
