"""Which pricing cells moved in which period, and which stood still."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.studies.deposit_rate_elasticity.parameters import CELL
from analysis.studies.deposit_rate_elasticity.rates.history import (
    SMALLEST_MOVE_PCT,
    RateHistory,
)


def find_moves(
    history: RateHistory, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """Give each pricing cell's move against the period before.

    Parameters
    ----------
    history : RateHistory
        The price list.
    first, last : pandas.Timestamp
        Periods whose moves are wanted, both included.

    Returns
    -------
    pandas.DataFrame
        One row per cell and period of which the price before is known: the cell,
        `period`, `before` (last day of the period before), `before_pct`, `now_pct`,
        `move_pp` and `direction` (1, -1, or 0 for a move below half a basis point).
    """
    step = pd.offsets.MonthEnd(history.period_months)
    now = history.cells[[*CELL, "period", "own_pct"]]
    now = now.rename(columns={"own_pct": "now_pct"}).assign(before=now["period"] - step)
    earlier = now[[*CELL, "period", "now_pct"]].rename(
        columns={"period": "before", "now_pct": "before_pct"}
    )
    both = now.merge(earlier, on=[*CELL, "before"])
    chosen = both[both["period"].between(first, last)]
    move = chosen["now_pct"] - chosen["before_pct"]
    ways = (move > SMALLEST_MOVE_PCT).astype(int) - (move < -SMALLEST_MOVE_PCT).astype(
        int
    )
    return chosen.assign(move_pp=move, direction=ways.astype("int64"))


def share_moves(moves: pd.DataFrame) -> ir.Table:
    """Hand moves to the engine, with days as days.

    Parameters
    ----------
    moves : pandas.DataFrame
        Moves of the cells.

    Returns
    -------
    ibis.Table
        The same rows.
    """
    table = ibis.memtable(moves)
    return table.mutate(
        period=table["period"].cast("date"), before=table["before"].cast("date")
    )
