"""What winning a customer costs, what such a customer is worth, and when it pays.

New customers are those who came since the first quarter's end looked at and whose cost
is on record. Their worth is the value of the states in which they start, from the end
of the quarter of joining on; what they bring in that quarter is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.paired_bootstrap import BootstrapDraws, Floats, summarise
from analysis.studies.segment_profitability.account.segment_names import NOT_STATED
from analysis.studies.segment_profitability.lifetime.chain import Chain
from analysis.studies.segment_profitability.lifetime.customer_value import (
    CustomerValue,
    measure_largest,
)
from analysis.studies.segment_profitability.lifetime.lives import LifePanel
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

LONGEST_PAYBACK: Final = 40
"""Quarters within which a cost must come back, or it counts as not coming back."""

MONTHS_A_QUARTER: Final = 3
_MEASURES: Final = ("cost_each", "value", "ratio", "payback_months")


@dataclass(frozen=True, slots=True, eq=False)
class Acquisition:
    """Cost and worth of new customers.

    Parameters
    ----------
    whole : pandas.DataFrame
        One row for all new customers: `customers`, `cost` (of all, with its
        dominance), and with "_lower" and "_upper" `cost_each`, `value` (of one, major
        currency units), `ratio` (value over cost) and `payback_months` (infinite where
        not within `LONGEST_PAYBACK` quarters).
    channels, tiers : pandas.DataFrame
        The same by way of winning, and by state at the start, with a column `name`;
        groups of at least ten.
    value : CustomerValue
        Where values come from.
    """

    whole: pd.DataFrame
    channels: pd.DataFrame
    tiers: pd.DataFrame
    value: CustomerValue


@dataclass(frozen=True, slots=True, eq=False)
class _Newcomers:
    state: NDArray[np.int64]
    cost: Floats
    channel: NDArray[np.int64]
    draws: BootstrapDraws


def weigh_acquisition(value: CustomerValue | Refused) -> Acquisition | Refused:
    """Weigh what new customers are worth against what winning them cost.

    Parameters
    ----------
    value : CustomerValue or Refused
        Values of the states.

    Returns
    -------
    Acquisition or Refused
        Refused where the source has no cost of winning customers, or too few came.

    References
    ----------
    .. [1] Gupta and Lehmann (2003), Customers as assets, Journal of Interactive
       Marketing 17(1), 9-24.
    """
    if isinstance(value, Refused):
        return value
    panel = value.panel
    account = panel.account
    if np.isnan(panel.cost).all():
        return Refused(
            say("The source does not say what winning a customer cost."),
            account.quarter,
            account.source,
            say("Map what was spent on each new customer, and through which channel."),
        )
    new = _find_newcomers(panel)
    if new.state.size < MINIMUM_CELL:
        return Refused(
            say(
                "Fewer than {least} new customers have a cost on record.",
                least=MINIMUM_CELL,
            ),
            account.quarter,
            account.source,
            say("Record the cost of winning customers for two years."),
        )
    everybody = np.zeros(new.state.size, np.int64)
    ways = [*panel.channels, say(NOT_STATED)]
    # Who came in no known way is in the last group.
    way = np.where(new.channel < 0, len(panel.channels), new.channel)
    return Acquisition(
        whole=_weigh(new, everybody, value).drop(columns="group"),
        channels=_name(_weigh(new, way, value), ways),
        tiers=_name(_weigh(new, new.state, value), list(panel.states)),
        value=value,
    )


def _find_newcomers(panel: LifePanel) -> _Newcomers:
    codes = panel.lives.codes
    present = codes >= 0
    first = present.argmax(axis=1)
    new = present.any(axis=1) & (first > 0) & np.isfinite(panel.cost)
    return _Newcomers(
        state=codes[new, first[new]].astype(np.int64),
        cost=panel.cost[new],
        channel=panel.channel[new],
        draws=panel.lives.draws.keep(new),
    )


def _weigh(
    new: _Newcomers, group: NDArray[np.int64], value: CustomerValue
) -> pd.DataFrame:
    n_groups, n_states = int(group.max()) + 1, len(value.panel.states)
    started = new.draws.total(
        np.ones(new.state.size),
        cell=group * n_states + new.state,
        n_cells=n_groups * n_states,
    ).reshape(-1, n_groups, n_states)
    size = started.sum(axis=2)
    spent = new.draws.total(new.cost, cell=group, n_cells=n_groups)
    kept = np.flatnonzero(size[0] >= MINIMUM_CELL)
    size, spent, started = size[:, kept], spent[:, kept], started[:, kept]
    empty = size == 0
    size = np.where(empty, np.nan, size)
    mix, cost = started / size[:, :, None], spent / size
    worth = (mix * value.state_values[:, None, :]).sum(axis=2)
    replicates = {
        "cost_each": cost,
        "value": worth,
        "ratio": np.divide(
            worth, cost, out=np.full(cost.shape, np.nan), where=cost > 0
        ),
        "payback_months": find_payback(mix, cost, value.chain),
    }
    rows = pd.DataFrame(
        {
            "group": kept,
            "customers": started[0].sum(axis=1).astype(np.int64),
            "cost": spent[0],
        }
    )
    for name in _MEASURES:
        rows = rows.join(pd.DataFrame([_bound(name, r) for r in replicates[name].T]))
    largest = [measure_largest(new.cost[group == code], "cost") for code in kept]
    return rows.join(pd.DataFrame(largest))


def find_payback(mix: Floats, cost: Floats, chain: Chain) -> Floats:
    """Find after how many months profit has paid the cost back.

    Parameters
    ----------
    mix : ndarray of float, shape (1 + n_draws, n_groups, n_states)
        Shares of the states in which customers start.
    cost : ndarray of float, shape (1 + n_draws, n_groups)
        Cost of one customer.
    chain : Chain
        Moves, and profit by state.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_groups)
        Months, evenly within a quarter; infinite beyond `LONGEST_PAYBACK` quarters.
        Profit is not discounted here, as is usual for payback.
    """
    state, owed = mix, cost.copy()
    months = np.full(cost.shape, np.inf)
    for quarter in range(LONGEST_PAYBACK):
        profit = (state * chain.rewards[:, None, :]).sum(axis=2)
        left = owed - profit
        paid = np.isinf(months) & (left <= 0) & (profit > 0)
        share = np.divide(owed, profit, out=np.zeros(owed.shape), where=paid)
        months = np.where(paid, MONTHS_A_QUARTER * (quarter + share), months)
        state, owed = state @ chain.transitions, left
    return np.where(np.isnan(cost), np.nan, months)


def _bound(name: str, replicates: Floats) -> dict[str, float]:
    known = replicates[~np.isnan(replicates)]
    if np.isfinite(known).all():
        found = summarise(known, confidence_level=CONFIDENCE_LEVEL)
        ends = (found.estimate, found.lower, found.upper)
    else:
        # An end between a month and never is never: no mean of the two is taken.
        tail = (1 - CONFIDENCE_LEVEL) / 2
        ends = (
            float(known[0]),
            float(np.quantile(known[1:], tail, method="lower")),
            float(np.quantile(known[1:], 1 - tail, method="higher")),
        )
    return dict(zip((name, f"{name}_lower", f"{name}_upper"), ends, strict=True))


def _name(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    named = [names[code] for code in rows["group"]]
    return rows.assign(name=named).drop(columns="group")
