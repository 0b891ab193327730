"""Where each customer stood at each quarter's end, and what each brought.

Nothing here names a customer: rows are in the order of their keys and carry none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.quarter import Quarter
from analysis.statistics.paired_bootstrap import BootstrapDraws, Floats, draw_units
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.lifetime.states import States, form_states
from analysis.studies.segment_profitability.parameters import N_DRAWS, Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

ABSENT: Final = -1
"""Code of a customer who is not there: not yet, or no more."""

LONGEST: Final = 9
"""Quarter's ends looked at: two years of moves."""

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """Customers by where they stood and what they brought.

    Parameters
    ----------
    codes : ndarray of int, shape (n_customers, n_ends)
        State at each quarter's end, oldest first; `ABSENT` for none.
    n_states : int
        How many states there are.
    profits, marginal : dict of int to ndarray of float, shape (n_customers,)
        Profit after tax of the quarter that ended at an end, by the end's place: with
        all cost, and with the cost only that leaving would save.
    draws : BootstrapDraws
        Draws of these customers, whole lives at a time.
    """

    codes: Codes
    n_states: int
    profits: Mapping[int, Floats]
    marginal: Mapping[int, Floats]
    draws: BootstrapDraws

    @property
    def n_ends(self) -> int:
        """How many quarter's ends there are."""
        return int(self.codes.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class LifePanel:
    """Lives of a source's customers.

    Parameters
    ----------
    lives : Lives
        Where customers stood and what they brought.
    states : tuple of str
        Names of the states, richest first.
    quarters : tuple of str
        Quarter of each end.
    channel : ndarray of int, shape (n_customers,)
        How each customer was won: place in `channels`, -1 where the source is silent.
    channels : tuple of str
        Ways of winning customers.
    cost : ndarray of float, shape (n_customers,)
        What that cost, major currency units; missing where not on record.
    account : ProfitAccount
        Profit accounts of the quarter reported.
    members : ibis.Table
        The customers' keys and states, inside the engine.
    """

    lives: Lives
    states: tuple[str, ...]
    quarters: tuple[str, ...]
    channel: NDArray[np.int64]
    channels: tuple[str, ...]
    cost: Floats
    account: ProfitAccount
    members: ibis.Table


def trace_lives(
    account: ProfitAccount, tables: Tables, parameters: Parameters
) -> LifePanel | Refused:
    """Trace customers over the quarters up to the one reported.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of the quarter reported and of the one before.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported, and the seed.

    Returns
    -------
    LifePanel or Refused
        Refused without profit, without tiers by period, or where customers are known
        at one quarter's end only.
    """
    if account.refusal is not None:
        return account.refusal
    if "customer_periods" not in tables:
        reason = say("The source does not say which tier customers held when.")
        return Refused(reason, account.quarter, account.source)
    quarters = _list_quarters(tables, parameters)
    if len(quarters) < 2:
        reason = say("Customers are known at fewer than two quarters' ends.")
        remedy = say("Keep tiers and states by period: the answer needs their history.")
        return Refused(reason, account.quarter, account.source, remedy)
    held = _hold(tables, quarters)
    states = form_states(held, len(quarters))
    members = keep_rows(_spread(held, states, quarters), "lives")
    rows = _read_rows(members, account, tables)
    if rows.num_rows < MINIMUM_CELL:
        reason = say("There are fewer than {least} customers.", least=MINIMUM_CELL)
        return Refused(reason, account.quarter, account.source)
    channels, channel = _number(rows["acquisition_channel"])
    return LifePanel(
        lives=_take_lives(rows, states, account, parameters),
        states=states.names,
        quarters=tuple(str(quarter) for quarter in quarters),
        channel=channel,
        channels=channels,
        cost=_read(rows, "acquisition_cost_minor", np.nan) / tables.source.minor_units,
        account=account,
        members=members,
    )


def add_profits(panel: LifePanel, earlier: ProfitAccount) -> LifePanel:
    """Add what customers brought in the two quarters of an earlier account.

    Parameters
    ----------
    panel : LifePanel
        Lives of the customers.
    earlier : ProfitAccount
        Profit accounts of two quarters.

    Returns
    -------
    LifePanel
        The same customers in the same order, with the profits of more quarters.
    """
    joined = panel.members.left_join(_sum_profits(earlier), "customer_id")
    rows = joined.order_by(panel.members.customer_id).drop("customer_id").to_pyarrow()
    lives = panel.lives
    profits = _take_profits(rows, "profit", earlier, panel.quarters)
    marginal = _take_profits(rows, "marginal_profit", earlier, panel.quarters)
    more = replace(
        lives,
        profits={**lives.profits, **profits},
        marginal={**lives.marginal, **marginal},
    )
    return replace(panel, lives=more)


def _list_quarters(tables: Tables, parameters: Parameters) -> list[Quarter]:
    """List the quarters, oldest first, at whose end customers are known."""
    wanted = [parameters.reported.shift(-back) for back in range(LONGEST)]
    periods = tables["customer_periods"].select("period").distinct()
    days = set(periods.to_pyarrow()["period"].to_pylist())
    known = []
    for quarter in wanted:
        if quarter.last_day not in days:
            break
        known.append(quarter)
    return known[::-1]


def _hold(tables: Tables, quarters: list[Quarter]) -> ibis.Table:
    """Give tier and state of everyone present at each of the quarters' ends."""
    periods = tables["customer_periods"]
    at_ends = periods.filter(periods.period.isin([q.last_day for q in quarters]))
    present = at_ends.filter(at_ends.state.fill_null("active") != "closed")
    return present.select(
        "period",
        "customer_id",
        "tier",
        "assets_average",
        is_sleeping=(present.state == "sleeping").fill_null(False),
    )


def _spread(held: ibis.Table, states: States, quarters: list[Quarter]) -> ibis.Table:
    """Give one row per customer with the state at each end, missing for none."""
    coded = held.join(ibis.memtable(states.codes), ["tier", "is_sleeping"])
    ends = {
        f"end_{place}": coded.code.max(
            where=coded.period == ibis.literal(quarter.last_day)
        )
        for place, quarter in enumerate(quarters)
    }
    return coded.group_by("customer_id").agg(**ends)


def _read_rows(members: ibis.Table, account: ProfitAccount, tables: Tables) -> pa.Table:
    won = tables["customers"].select(
        "customer_id", "acquisition_channel", "acquisition_cost_minor"
    )
    joined = members.left_join(_sum_profits(account), "customer_id")
    known = joined.drop("customer_id_right").left_join(won, "customer_id")
    return (
        known.order_by("customer_id")
        .drop("customer_id", "customer_id_right")
        .to_pyarrow()
    )


def _sum_profits(account: ProfitAccount) -> ibis.Table:
    rows = account.rows
    sums = {
        f"{name}_{quarter}": rows[name].sum(where=rows.quarter == quarter)
        for name in ("profit", "marginal_profit")
        for quarter in (account.previous, account.quarter)
    }
    return rows.group_by("customer_id").agg(**sums)


def _take_lives(
    rows: pa.Table, states: States, account: ProfitAccount, parameters: Parameters
) -> Lives:
    ends = sorted(name for name in rows.column_names if name.startswith("end_"))
    codes = np.column_stack([_read(rows, name, ABSENT) for name in ends])
    quarters = tuple(
        str(parameters.reported.shift(-back)) for back in range(len(ends) - 1, -1, -1)
    )
    return Lives(
        codes=codes.astype(np.int8),
        n_states=len(states.names),
        profits=_take_profits(rows, "profit", account, quarters),
        marginal=_take_profits(rows, "marginal_profit", account, quarters),
        draws=draw_units(
            rows.num_rows,
            n_draws=N_DRAWS,
            generator=np.random.default_rng(parameters.seed),
        ),
    )


def _take_profits(
    rows: pa.Table, name: str, account: ProfitAccount, quarters: tuple[str, ...]
) -> dict[int, Floats]:
    return {
        place: _read(rows, f"{name}_{quarter}", 0.0)
        for place, quarter in enumerate(quarters)
        if quarter in (account.previous, account.quarter)
    }


def _read(rows: pa.Table, name: str, missing: float) -> Floats:
    column = rows[name].cast(pa.float64()).combine_chunks()
    values: Floats = column.fill_null(missing).to_numpy(zero_copy_only=False)
    return values


def _number(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Give the names of a column in order, and each row's place in it, -1 for none."""
    names = tuple(sorted(column.drop_null().unique().to_pylist()))
    found = pc.index_in(column.combine_chunks(), pa.array(names, pa.string()))
    places: NDArray[np.int64] = found.fill_null(-1).cast(pa.int64()).to_numpy()
    return names, places
