"""Whether the chain of a year ago foresaw the year that followed.

The chain is fitted to what was known a year before the quarter reported; what it
foresees for the customers of that day is set against what came. Customers are drawn
whole, so that an interval holds both the chain's own error and the chance in what came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.paired_bootstrap import (
    BootstrapEstimate,
    Floats,
    summarise,
)
from analysis.studies.segment_profitability.account.customer_profit import (
    ProfitAccount,
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import price_balances
from analysis.studies.segment_profitability.account.service_cost import cost_service
from analysis.studies.segment_profitability.lifetime.chain import Chain, fit_chain
from analysis.studies.segment_profitability.lifetime.lives import (
    LifePanel,
    Lives,
    add_profits,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import mark, say

HELD_OUT: Final = 4
"""Quarters that the chain does not see."""

LEAST_FITTED: Final = 2
"""Quarters of moves that a chain of a year ago is fitted to, at least."""

LEFT, PROFIT = "left", "profit"
NAMES: Final = {
    LEFT: mark("Customers who left within the year"),
    PROFIT: mark("Profit of the year"),
}
"""What is foreseen beside the customers in each state."""


@dataclass(frozen=True, slots=True, eq=False)
class BackTest:
    """What was foreseen a year ago, and what came.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per quantity: `key` (`LEFT`, `PROFIT`, or "state <code>"), `customers`
        (of that day behind it), `foreseen`, `came`, `off_pct` (what came above what
        was foreseen, percent) with `lower` and `upper` (missing where nothing was
        foreseen), `held` (whether the interval
        holds zero) and, for profit, its dominance.
    start : str
        Quarter at whose end the forecast was made.
    n_customers : int
        Customers of that day.
    panel : LifePanel
        What it was measured on.
    """

    rows: pd.DataFrame
    start: str
    n_customers: int
    panel: LifePanel

    @property
    def n_held(self) -> int:
        """Quantities whose interval holds what came."""
        return int(self.rows["held"].sum())


def backtest_year(
    panel: LifePanel | Refused, tables: Tables, parameters: Parameters
) -> BackTest | Refused:
    """Set the forecast of a year ago against what came.

    Parameters
    ----------
    panel : LifePanel or Refused
        Lives of the customers.
    tables : Tables
        Tables of the contract, for the profits of earlier quarters.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    BackTest or Refused
        Refused where the history is too short, or profits of the year are not known.
    """
    if isinstance(panel, Refused):
        return panel
    needed = HELD_OUT + LEAST_FITTED
    if panel.lives.n_ends <= needed:
        reason = say(
            "The history is {have} quarters; the chain must be fitted to {least} or "
            "more and then tried on {held} others.",
            have=panel.lives.n_ends - 1,
            least=LEAST_FITTED,
            held=HELD_OUT,
        )
        remedy = say("Keep tiers and states by period for two years.")
        return Refused(reason, panel.account.quarter, panel.account.source, remedy)
    full = panel
    for back in (HELD_OUT // 2, HELD_OUT):
        earlier = _account_for(tables, parameters, back)
        if earlier.refusal is not None:
            return earlier.refusal
        full = add_profits(full, earlier)
    return _compare(full)


def compare_year(lives: Lives) -> pd.DataFrame:
    """Set what a chain of a year ago foresees against what came.

    Parameters
    ----------
    lives : Lives
        Customers, with the profits of the last year and of two quarters before it.

    Returns
    -------
    pandas.DataFrame
        One row per quantity: `key`, `customers`, `foreseen`, `came`, `off_pct` with
        `lower` and `upper`, `held`.
    """
    start = lives.n_ends - 1 - HELD_OUT
    chain = fit_chain(lives, last=start)
    at_start = lives.codes[:, start]
    here = at_start >= 0
    draws, first = lives.draws.keep(here), at_start[here].astype(np.int64)
    n = lives.n_states
    held = draws.total(np.ones(first.size), cell=first, n_cells=n)
    state_now, profit_foreseen = _foresee(chain, held)
    after = lives.codes[here, -1]
    came = draws.total(
        np.ones(first.size), cell=np.where(after >= 0, after, n), n_cells=n + 1
    )
    year = sum(lives.profits[start + step][here] for step in range(1, HELD_OUT + 1))
    pairs = {
        PROFIT: (profit_foreseen, draws.total(np.asarray(year))[:, 0]),
        LEFT: (held.sum(axis=1) - state_now.sum(axis=1), came[:, n]),
        **{f"state {code}": (state_now[:, code], came[:, code]) for code in range(n)},
    }
    rows = [_judge(key, *pair) for key, pair in pairs.items()]
    counts = [int(first.size)] * 2 + [int(count) for count in came[0, :n]]
    return pd.DataFrame(rows).assign(customers=counts)


def _account_for(tables: Tables, parameters: Parameters, back: int) -> ProfitAccount:
    quarter = str(parameters.reported.shift(-back))
    earlier = parameters.model_copy(update={"quarter": quarter})
    priced = price_balances(tables, earlier)
    cost = cost_service(tables, earlier)
    return build_customer_profit(tables, priced, cost, earlier)


def _compare(panel: LifePanel) -> BackTest:
    lives = panel.lives
    start = lives.n_ends - 1 - HELD_OUT
    rows = compare_year(lives)
    return BackTest(
        rows=rows,
        start=panel.quarters[start],
        n_customers=int((lives.codes[:, start] >= 0).sum()),
        panel=panel,
    )


def _foresee(chain: Chain, held: Floats) -> tuple[Floats, Floats]:
    """Give customers by state after the year, and the profit of the year."""
    state, profit = held, np.zeros(len(held))
    for _ in range(HELD_OUT):
        profit = profit + (state * chain.rewards).sum(axis=1)
        state = (state[:, None, :] @ chain.transitions)[:, 0, :]
    return state, profit


def _judge(key: str, foreseen: Floats, came: Floats) -> dict[str, object]:
    """Compare in percent of what was foreseen; by size, since profit may be a loss."""
    off = BootstrapEstimate(np.nan, np.nan, np.nan)
    held = bool(came[0] == 0)
    if foreseen[0] != 0:
        scale = np.where(foreseen == 0, np.nan, np.abs(foreseen))
        ratios = 100 * (came - foreseen) / scale
        off = summarise(ratios, confidence_level=CONFIDENCE_LEVEL)
        held = off.lower <= 0 <= off.upper
    return {
        "key": key,
        "foreseen": float(foreseen[0]),
        "came": float(came[0]),
        "off_pct": off.estimate,
        "lower": off.lower,
        "upper": off.upper,
        "held": held,
    }
