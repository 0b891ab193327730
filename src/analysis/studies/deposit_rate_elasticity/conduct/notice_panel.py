"""Lay out, inside the engine, who was due a notice of a price change and who got one.

A customer is due one for a line that is held at the end of the period before, if the
price of the customer's cell then moved. Periods are numbered so that they can be added.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.deposit_rate_elasticity.conduct.cell_moves import (
    find_moves,
    share_moves,
)
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    name_cells,
)
from analysis.studies.deposit_rate_elasticity.parameters import CELL, LINE
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.kept_rows import keep_rows

EFFECT_PERIODS = 12
"""Latest periods whose changes are behind the effect of a notice."""
AFTER, EARLIER = 1, 2
"""Periods after the change at which balances are looked at again, and periods before
it over which they are followed to see whether those told were like the others."""
_HOLDER = ["customer_id", *LINE]


def lay_out_notices(tables: Tables, history: RateHistory) -> ir.Table | None:
    """Give each customer, line and period that was due a notice.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list, notices and, if there are any, customers and
        tiers.
    history : RateHistory
        The price list.

    Returns
    -------
    ibis.Table or None
        None where no price moved. One row per customer, line and period of change:
        the cell, `period`, `number`
        (of the period), `start` (balance at the end of the period before), `end`
        (`AFTER` periods later; missing where nothing is held), `earlier` (`EARLIER`
        periods before the start), `is_told` (within the period of the change),
        `channel`, and `delay_days` from the first day of that period.
    """
    months = history.period_months
    last = pd.Timestamp(history.quarter.last_day)
    first = last - pd.offsets.MonthEnd(months * EFFECT_PERIODS)
    moves = find_moves(history, first, last)
    moved = moves[moves["direction"] != 0]
    if moved.empty:
        return None
    moved = moved.assign(number=_number_days(moved["period"], months))
    totals = _sum_holdings(tables, moved, months)
    due = _find_due(totals, moved, tables, history)
    later, before = (
        totals.select(*_HOLDER, "balance", number=totals["number"] + shift).rename(
            {name: "balance"}
        )
        for name, shift in (("end", -AFTER), ("earlier", 1 + EARLIER))
    )
    keys = [*_HOLDER, "number"]
    followed = due
    for side, name in ((later, "end"), (before, "earlier")):
        joined = followed.left_join(side, keys)
        followed = joined.select([*followed.columns, name])
    return keep_rows(_add_notices(followed, tables, months), "notices_due")


def _number_days(days: pd.Series, months: int) -> pd.Series:
    numbers: pd.Series = ((12 * days.dt.year + days.dt.month) // months).astype("int64")
    return numbers


def _sum_holdings(tables: Tables, moved: pd.DataFrame, months: int) -> ir.Table:
    """Add up what each customer holds on each line that moved, by period."""
    accounts = tables["accounts"]
    lines = ibis.memtable(moved[LINE].drop_duplicates())
    deposits = accounts.filter(accounts["side"] == "deposit").semi_join(lines, LINE)
    balances = tables["balances"]
    since = moved["before"].min() - pd.offsets.MonthEnd(months * EARLIER)
    recent = balances.filter(
        (balances["period"] >= ibis.literal(since.date()))
        & (balances["balance_average"] > 0)
    )
    held = recent.join(deposits.select("account_id", *_HOLDER), "account_id")
    day = held["period"]
    number = (12 * day.year() + day.month()) // months
    summed = held.group_by([*_HOLDER, "period", number.cast("int64").name("number")])
    return keep_rows(summed.agg(balance=held["balance_average"].sum()), "line_holdings")


def _find_due(
    totals: ir.Table, moved: pd.DataFrame, tables: Tables, history: RateHistory
) -> ir.Table:
    """Give what was held before each move of its cell."""
    shared = share_moves(moved).select(
        *CELL, "before", "number", "direction", changed="period"
    )
    celled = name_cells(
        totals.select(*_HOLDER, "period", start="balance"), tables, history
    )
    joined = celled.rename(before="period").join(shared, [*CELL, "before"])
    return joined.rename(period="changed").drop("before")


def _add_notices(followed: ir.Table, tables: Tables, months: int) -> ir.Table:
    """Put the notice beside who was due one; one sent later counts as none."""
    notices = tables["rate_notices"].select("period", *_HOLDER, "channel", "sent_date")
    joined = followed.left_join(notices, ["period", *_HOLDER])
    is_told = (joined["sent_date"] <= joined["period"]).fill_null(False)
    start = joined["period"].truncate("M").cast("date")
    first_day = (start - ibis.interval(months=months - 1)).cast("date")
    delay = joined["sent_date"].epoch_days() - first_day.epoch_days()
    return joined.select(
        *followed.columns,
        is_told=is_told,
        channel=is_told.ifelse(joined["channel"], None),
        delay_days=is_told.ifelse(delay, None).cast("float64"),
    )
