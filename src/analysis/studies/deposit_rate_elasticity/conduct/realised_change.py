"""What existing balances did since a price change, against cells that stood still.

This is a comparison, not an effect: where prices answer balances, cells that moved
were losing or gaining money already.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.conduct.cell_moves import share_moves
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    name_cells,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    FEWEST_CLUSTERS,
    LINE,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory

NUMBERS = ("realised_pct", "realised_lower_pct", "realised_upper_pct")


def measure_realised(
    tables: Tables, history: RateHistory, moves: pd.DataFrame
) -> pd.DataFrame:
    """Compare balances of cells that moved with those of cells that did not.

    Parameters
    ----------
    tables : Tables
        Accounts, balances and, if there are any, customers and tiers.
    history : RateHistory
        The price list.
    moves : pandas.DataFrame
        Every cell's move in the periods of the quarter, those that stood still too.

    Returns
    -------
    pandas.DataFrame
        One row per line, period and direction with `realised_pct` and its 95% ends:
        log change of existing balances, times 100, from the period before the change
        to the quarter's last, within tiers, clustered by pricing cell. Missing where
        too few cells moved or stood still.
    """
    grouped = _follow_accounts(tables, history, moves).to_pandas()
    rows = grouped.assign(period=pd.to_datetime(grouped["period"]))
    found = [
        {**dict(zip([*LINE, "period"], key, strict=True)), "direction": direction}
        | _compare(part, direction)
        for key, part in rows.groupby([*LINE, "period"])
        for direction in (1, -1)
        if (part["direction"] == direction).any()
    ]
    return pd.DataFrame(found, columns=[*LINE, "period", "direction", *NUMBERS])


def _follow_accounts(
    tables: Tables, history: RateHistory, moves: pd.DataFrame
) -> ir.Table:
    """Average the log change of accounts by cell and move, inside the engine."""
    balances = tables["balances"].filter(tables["balances"]["balance_average"] > 0)
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        "account_id", "customer_id", *LINE
    )
    days = sorted({day.date() for day in moves["before"]})
    earlier = balances.filter(balances["period"].isin(days)).select(
        "account_id", "period", start="balance_average"
    )
    celled = name_cells(earlier.join(deposits, "account_id"), tables, history)
    last = balances.filter(
        balances["period"] == ibis.literal(history.quarter.last_day)
    ).select("account_id", end="balance_average")
    moved = share_moves(moves).select(*CELL, "before", "direction", changed="period")
    both = celled.join(last, "account_id").rename(before="period")
    joined = both.join(moved, [*CELL, "before"]).rename(period="changed")
    change = joined["end"].ln() - joined["start"].ln()
    return joined.group_by([*CELL, "period", "direction"]).agg(
        weight=joined.count(), outcome=change.mean()
    )


def _compare(part: pd.DataFrame, direction: int) -> dict[str, float]:
    """Give the difference of those that moved this way to those that stood still."""
    rows = part[part["direction"].isin([direction, 0])]
    cells = [int((rows["direction"] == way).sum()) for way in (direction, 0)]
    if min(cells) < FEWEST_CLUSTERS:
        return dict.fromkeys(NUMBERS, math.nan)
    named = rows.assign(
        moved=(rows["direction"] == direction).astype(float),
        cell=rows.groupby(CELL).ngroup(),
    )
    found = estimate_panel_effects(
        named, regressors=["moved"], effects=["tier"], cluster="cell"
    )
    if found.empty:
        return dict.fromkeys(NUMBERS, math.nan)
    row = found.iloc[0]
    ends = ("estimate", "lower", "upper")
    return {
        name: 100 * float(row[end]) for name, end in zip(NUMBERS, ends, strict=True)
    }
