"""What customers are worth from now on, by the state in which they are.

Values are discounted profits after tax in major currency units, from the next quarter
on, of the customers of today: newcomers are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.markov_value import find_fundamental_matrix
from analysis.statistics.paired_bootstrap import BootstrapEstimate, Floats, summarise
from analysis.studies.segment_profitability.lifetime.chain import (
    QUARTERS_A_YEAR,
    Chain,
    convert_hurdle,
    fit_chain,
    value_chain,
    value_second_order,
)
from analysis.studies.segment_profitability.lifetime.chain_checks import (
    ChainChecks,
    check_chain,
)
from analysis.studies.segment_profitability.lifetime.lives import LifePanel
from analysis.studies.segment_profitability.lifetime.persistence import (
    foresee_year,
    is_uneven,
    value_two_speeds,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

MEMORY_DRAWS: Final = 200
"""Draws for the chain with a longer memory, whose matrices are large."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomerValue:
    """What customers are worth.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per state, richest first: `state`, `customers` (now), `profit` (of the
        quarter reported, of these customers) with its dominance, `value` of one with
        all cost and `marginal_value` with avoidable cost only, each with "_lower" and
        "_upper", `longer_memory_value` (chances depend on the quarter before as well),
        `kept_pct` (still customers after a year) and `years` (expected until leaving).
    equity, marginal_equity : BootstrapEstimate
        Of all customers now.
    year : BootstrapEstimate
        Profit of the next four quarters of all customers now, not discounted.
    checks : ChainChecks
        Whether the chain holds.
    chain : Chain
        The chain.
    state_values : ndarray of float, shape (1 + n_draws, n_states)
        Replicates of `value`.
    panel : LifePanel
        What it was measured on.
    """

    rows: pd.DataFrame
    equity: BootstrapEstimate
    marginal_equity: BootstrapEstimate
    year: BootstrapEstimate
    checks: ChainChecks
    chain: Chain
    state_values: Floats
    panel: LifePanel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RefusedWorth(Refused):
    """The worth of customers who differ in a way that their states do not show.

    Parameters
    ----------
    checks : ChainChecks
        Why the chain is not believed.
    year : BootstrapEstimate
        Profit of the next four quarters of all customers now, not discounted: it is
        counted without a chain.
    panel : LifePanel
        What it was measured on.
    """

    checks: ChainChecks
    year: BootstrapEstimate
    panel: LifePanel


def value_customers(
    panel: LifePanel | Refused, parameters: Parameters
) -> CustomerValue | Refused:
    """Value the customers of today by the chain of their states.

    Parameters
    ----------
    panel : LifePanel or Refused
        Lives of the customers.
    parameters : Parameters
        Hurdle, which discounts; seed.

    Returns
    -------
    CustomerValue or Refused
        Refused where nothing is discounted, where next to nobody is on record as
        having left (the worth would be that of customers who stay for ever), and as
        `RefusedWorth` where customers of one state differ for good in how they move.

    References
    ----------
    .. [1] Haenlein, Kaplan and Beeser (2007), A model to determine customer lifetime
       value in a retail banking context, European Management Journal 25(3), 221-234.
    .. [2] Pfeifer and Carraway (2000), equation 4.
    """
    if isinstance(panel, Refused):
        return panel
    chain = fit_chain(panel.lives, last=panel.lives.n_ends - 1)
    return _find_obstacle(panel, chain, parameters) or _value(panel, chain, parameters)


def _find_obstacle(
    panel: LifePanel, chain: Chain, parameters: Parameters
) -> Refused | None:
    quarter, source = panel.account.quarter, panel.account.source
    if parameters.hurdle_rate_pct <= 0:
        return Refused(
            say("The hurdle rate, at which profits are discounted, is nought."),
            quarter,
            source,
            say("Set a hurdle rate above nought."),
        )
    if chain.moves[0, :, -1].sum() < MINIMUM_CELL:
        return Refused(
            say(
                "Fewer than {least} customers are on record as having left, so that "
                "nobody knows how long customers stay.",
                least=MINIMUM_CELL,
            ),
            quarter,
            source,
            say("Leave closed customers out of the tiers by period from then on."),
        )
    return None


def _value(
    panel: LifePanel, chain: Chain, parameters: Parameters
) -> CustomerValue | Refused:
    rate = convert_hurdle(parameters.hurdle_rate_pct)
    values = value_chain(chain, chain.rewards, discount_rate=rate)
    marginal = value_chain(chain, chain.marginal, discount_rate=rate)
    customers = _count_now(panel)
    second = _value_by_longer_memory(panel, chain, rate)
    first = values[: len(second)] @ customers
    moved = 100 * (second @ customers - first) / np.abs(first)
    equity, marginal_equity, year = (
        summarise(each @ customers, confidence_level=CONFIDENCE_LEVEL)
        for each in (values, marginal, foresee_year(panel.lives, chain))
    )
    generator = np.random.default_rng(parameters.seed)
    checks = check_chain(panel.lives, chain, moved, generator=generator)
    if _is_uneven(checks, chain, values, customers, rate):
        return _refuse_uneven(panel, checks, year)
    return CustomerValue(
        rows=_describe_states(panel, chain).assign(
            **_bound("value", values),
            **_bound("marginal_value", marginal),
            longer_memory_value=second[0],
        ),
        equity=equity,
        marginal_equity=marginal_equity,
        year=year,
        checks=checks,
        chain=chain,
        state_values=values,
        panel=panel,
    )


def _is_uneven(
    checks: ChainChecks, chain: Chain, values: Floats, customers: Floats, rate: float
) -> bool:
    """Say whether customers differ too much for the worths of states and of all."""
    if checks.persistence is None:
        return False
    mixed = value_two_speeds(chain, checks.persistence, discount_rate=rate)
    return is_uneven(
        checks.persistence,
        np.column_stack([values, values @ customers]),
        np.append(mixed, mixed @ customers),
    )


def _refuse_uneven(
    panel: LifePanel, checks: ChainChecks, year: BootstrapEstimate
) -> RefusedWorth:
    return RefusedWorth(
        reason=say(
            "Customers of the same state stay differently: who has moved before moves "
            "again. A worth by state would let the steady ones leave too early, and a "
            "few quarters do not tell how long they stay."
        ),
        period=panel.account.quarter,
        source=panel.account.source,
        remedy=say(
            "Plan with the next year's profit; map what tells steady customers from "
            "others, such as salary paid in, as tiers, and ask again."
        ),
        checks=checks,
        year=year,
        panel=panel,
    )


def _count_now(panel: LifePanel) -> Floats:
    now = panel.lives.codes[:, -1]
    return np.bincount(now[now >= 0], minlength=len(panel.states)).astype(np.float64)


def _value_by_longer_memory(panel: LifePanel, chain: Chain, rate: float) -> Floats:
    if chain.n_quarters < 2:
        return np.full((2, len(panel.states)), np.nan)
    return value_second_order(
        panel.lives, chain, discount_rate=rate, n_draws=MEMORY_DRAWS
    )


def _describe_states(panel: LifePanel, chain: Chain) -> pd.DataFrame:
    transitions = chain.transitions[0]
    year = np.linalg.matrix_power(transitions, QUARTERS_A_YEAR).sum(axis=1)
    leaves = (1 - transitions.sum(axis=1) > 0).any()
    stays = np.full(len(year), np.inf)
    if leaves:
        stays = find_fundamental_matrix(transitions).sum(axis=1) / QUARTERS_A_YEAR
    now = panel.lives.codes[:, -1]
    profit = panel.lives.profits[panel.lives.n_ends - 1]
    parts = [profit[now == code] for code in range(len(panel.states))]
    rows = pd.DataFrame(
        {
            "state": panel.states,
            "customers": [part.size for part in parts],
            "profit": [float(part.sum()) for part in parts],
            "kept_pct": 100 * year,
            "years": stays,
        }
    )
    return rows.join(pd.DataFrame([measure_largest(part, "profit") for part in parts]))


def measure_largest(part: Floats, name: str) -> dict[str, float]:
    """Measure how much of an amount one or two customers hold.

    Parameters
    ----------
    part : ndarray of float, shape (n,)
        Amount of each customer, of either sign.
    name : str
        Name of the amount.

    Returns
    -------
    dict of str to float
        "<name>_largest", "<name>_second" and "<name>_absolute", as the door reads them.
    """
    sizes = np.sort(np.abs(np.append(part, [0.0, 0.0])))
    return {
        f"{name}_largest": float(sizes[-1]),
        f"{name}_second": float(sizes[-2]),
        f"{name}_absolute": float(sizes.sum()),
    }


def _bound(name: str, replicates: Floats) -> dict[str, Floats]:
    ends = [
        summarise(column, confidence_level=CONFIDENCE_LEVEL) for column in replicates.T
    ]
    return {
        name: np.array([end.estimate for end in ends]),
        f"{name}_lower": np.array([end.lower for end in ends]),
        f"{name}_upper": np.array([end.upper for end in ends]),
    }
