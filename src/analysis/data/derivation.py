"""Derive contract tables that a source does not keep from those that it keeps.

Balances and fees come from bookings, the customers of a period from balances. All
work is done by the engine; results have the contract's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import ibis
import ibis.expr.types as ir

from analysis.data.contract import ANY, CONTRACT, Table
from analysis.data.conversion import ENGINE_TYPES

DERIVED: dict[str, tuple[str, ...]] = {
    "balances": ("accounts", "transactions"),
    "customer_income": ("accounts", "transactions"),
    "customer_periods": ("accounts", "balances"),
}
"""Tables that can be derived, with the tables that each needs."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or quarter.

    Parameters
    ----------
    start, end : datetime.date
        First and last day.
    """

    start: date
    end: date


def list_periods(
    first: date, last: date, length: Literal["month", "quarter"]
) -> tuple[Period, ...]:
    """List the periods from the one that holds one day to the one that holds another.

    Parameters
    ----------
    first, last : datetime.date
        A day in the first and one in the last period.
    length : {"month", "quarter"}
        Length of a period.

    Returns
    -------
    tuple of Period
        Periods in order, without a gap.
    """
    step = 1 if length == "month" else 3
    begin = (12 * first.year + first.month - 1) // step
    end = (12 * last.year + last.month - 1) // step
    starts = [
        date(index * step // 12, index * step % 12 + 1, 1)
        for index in range(begin, end + 2)
    ]
    return tuple(
        Period(start, following - timedelta(days=1))
        for start, following in pairwise(starts)
    )


def derive_balances(
    transactions: ir.Table,
    accounts: ir.Table,
    *,
    periods: Sequence[Period],
    minor_units: int,
) -> ir.Table:
    """Derive balances and interest from every booking since accounts were opened.

    The average is that of the balances at the end of each day of the period; days
    before the first booking count as nil. An overdrawn day counts as nil too: the
    contract knows no negative balance. Interest is known when it is booked, so that
    accrued and credited interest are the same.

    Parameters
    ----------
    transactions : ibis.Table
        Contract table: one row per booking.
    accounts : ibis.Table
        Contract table: one row per account.
    periods : sequence of Period
        The periods wanted, in order and without a gap.
    minor_units : int
        Minor units in a major unit of the currency.

    Returns
    -------
    ibis.Table
        Contract table `balances`: one row per account and period, from the period
        of an account's first booking.
    """
    calendar = _build_calendar(periods)
    booked = _list_bookings(transactions, accounts, periods[-1].end)
    spells = _build_spells(booked, calendar)
    balance = ibis.greatest(spells.balance, 0)
    length = spells.period.delta(spells.start, unit="day") + 1
    held = spells.group_by("period", "account_id").agg(
        balance_end_minor=balance.max(where=spells.until == spells.period),
        balance_average=(balance * spells.days).sum() / length.max() / minor_units,
    )
    interest = _sum_interest(booked, calendar)
    joined = held.left_join(interest, ["period", "account_id"])
    credited = joined.interest.fill_null(0)
    filled = joined.mutate(interest_minor=credited, interest_credited_minor=credited)
    return fill_contract(filled, CONTRACT["balances"])


def derive_customer_income(
    transactions: ir.Table, accounts: ir.Table, *, periods: Sequence[Period]
) -> ir.Table:
    """Derive the fees that each customer paid from the bookings.

    Penalty interest is a fee here: it is income that a customer pays, and interest
    paid on a deposit cannot be negative.

    Parameters
    ----------
    transactions : ibis.Table
        Contract table: one row per booking.
    accounts : ibis.Table
        Contract table: one row per account.
    periods : sequence of Period
        The periods wanted, in order and without a gap.

    Returns
    -------
    ibis.Table
        Contract table `customer_income`: one row per customer, line and period.
    """
    fees = transactions.filter(transactions.kind.isin(["fee", "penalty_interest"]))
    owned = fees.join(accounts.select("account_id", "customer_id"), "account_id")
    dated = _add_period(owned, _build_calendar(periods))
    income = dated.group_by("period", "customer_id").agg(
        amount_minor=-dated.amount_minor.sum(), line=ibis.literal("fee")
    )
    return fill_contract(income, CONTRACT["customer_income"])


def derive_customer_periods(balances: ir.Table, accounts: ir.Table) -> ir.Table:
    """Derive the customers of each period: those with an account open in it.

    Parameters
    ----------
    balances : ibis.Table
        Contract table: one row per account and period.
    accounts : ibis.Table
        Contract table: one row per account.

    Returns
    -------
    ibis.Table
        Contract table `customer_periods`; every customer has the same tier.
    """
    owned = balances.join(
        accounts.select("account_id", "customer_id", "side"), "account_id"
    )
    assets = owned.balance_average.sum(where=owned.side != "loan").fill_null(0.0)
    held = owned.group_by("period", "customer_id").agg(
        assets_average=assets, tier=ibis.literal(ANY)
    )
    return fill_contract(held, CONTRACT["customer_periods"])


def fill_contract(table: ir.Table, contract: Table) -> ir.Table:
    """Give a table the contract's columns, order and types; absent ones are missing.

    Parameters
    ----------
    table : ibis.Table
        Some of the contract's columns, in its names and units.
    contract : Table
        The contract's table.

    Returns
    -------
    ibis.Table
        All of the contract's columns.
    """
    return table.select(
        **{
            column.name: table[column.name].cast(ENGINE_TYPES[column.type])
            if column.name in table.columns
            else ibis.null(ENGINE_TYPES[column.type])
            for column in contract.columns
        }
    )


def _build_calendar(periods: Sequence[Period]) -> ir.Table:
    """Give one row per period, with its first and last day."""
    unit = "M" if periods[0].start.month == periods[0].end.month else "Q"
    ends = ibis.array([period.end for period in periods])
    calendar = ends.unnest().name("period").as_table()
    return calendar.mutate(start=calendar.period.truncate(unit).cast("date"))


def _list_bookings(
    transactions: ir.Table, accounts: ir.Table, last_day: date
) -> ir.Table:
    """Give bookings by day and kind, signed so that a loan's debt is positive."""
    owned = transactions.filter(transactions.date <= last_day).join(
        accounts.select("account_id", "side"), "account_id"
    )
    amount = ibis.ifelse(owned.side == "loan", -owned.amount_minor, owned.amount_minor)
    return owned.select("account_id", "date", "kind", amount=amount)


def _build_spells(booked: ir.Table, calendar: ir.Table) -> ir.Table:
    """Give stretches of days, within one period, over which a balance stood still."""
    opened = booked.group_by("account_id").agg(opened=booked.date.min())
    starts = opened.join(calendar, calendar.period >= opened.opened).select(
        "account_id", date=calendar.start, amount=ibis.literal(0, "int64")
    )
    days = booked.select("account_id", "date", amount=booked.amount.cast("int64"))
    moves = starts.union(days).group_by("account_id", "date")
    daily = moves.agg(amount=lambda t: t.amount.sum())
    dated = _add_period(daily, calendar)
    history = ibis.window(
        group_by="account_id", order_by="date", preceding=None, following=0
    )
    order = ibis.window(group_by="account_id", order_by="date")
    next_day = dated.date.lead().over(order)
    until = ibis.ifelse(
        next_day.isnull(),
        dated.period,
        (next_day.cast("timestamp") - ibis.interval(days=1)).cast("date"),
    )
    spells = dated.mutate(balance=dated.amount.sum().over(history), until=until)
    return spells.mutate(days=spells.until.delta(spells.date, unit="day") + 1)


def _sum_interest(booked: ir.Table, calendar: ir.Table) -> ir.Table:
    interest = _add_period(booked.filter(booked.kind == "interest"), calendar)
    return interest.group_by("period", "account_id").agg(
        interest=interest.amount.sum().abs()
    )


def _add_period(table: ir.Table, calendar: ir.Table) -> ir.Table:
    within = (table.date >= calendar.start) & (table.date <= calendar.period)
    return table.join(calendar, within)
