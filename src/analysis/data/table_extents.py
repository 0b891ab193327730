"""How much of a contract table a quarter's run reads: rows, time, customers.

Counts and periods only. The first and last day on which a customer or an account
came are one person's own and are not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from analysis.data.opening import Source
from analysis.quarter import Quarter


@dataclass(frozen=True, slots=True)
class TableExtent:
    """How much there is of one contract table, up to a quarter's last day.

    Parameters
    ----------
    rows : int
        Rows, all of its time.
    quarter_rows : int or None
        Rows that describe the quarter; None for a table that has no time.
    first, last : datetime.date or None
        First and last period, bookings by the first day of their month; None for a
        table that has no time, or no rows.
    customers : int or None
        Customers with rows that describe the quarter, with any row where a table has
        no time; None for a table that knows no customers.
    """

    rows: int
    quarter_rows: int | None
    first: date | None
    last: date | None
    customers: int | None


def measure_table(source: Source, name: str, quarter: Quarter) -> TableExtent:
    """Count a table's rows and customers in the engine, in one query.

    Parameters
    ----------
    source : Source
        An open source.
    name : str
        Contract table that it has.
    quarter : Quarter
        The quarter reported; nothing after its last day is counted.

    Returns
    -------
    TableExtent
        The same for the same data.
    """
    table = source.read(name, quarter)
    day = _find_day(table)
    recent = _select_quarter(source, table, quarter)
    people = _list_customers(source, table if recent is None else recent, quarter)
    summary = table.agg(
        rows=table.count(),
        first=ibis.null("date") if day is None else day.min().cast("date"),
        last=ibis.null("date") if day is None else day.max().cast("date"),
    )
    counted = summary.mutate(quarter_rows=_count(recent), customers=_count(people))
    return TableExtent(**counted.to_pyarrow().to_pylist()[0])


def _find_day(table: ir.Table) -> ir.DateValue | None:
    """Give the day that tells a row's time; None where a table has no time."""
    if "period" in table.columns:
        return table.period
    return table.date.truncate("M") if "date" in table.columns else None


def _select_quarter(
    source: Source, table: ir.Table, quarter: Quarter
) -> ir.Table | None:
    """Give the rows that describe the quarter; None where a table has no time."""
    day = _find_day(table)
    if day is not None:
        return table.filter(day >= quarter.first_day)
    if "wave" in table.columns and "survey_waves" in source:
        waves = source.read("survey_waves", quarter)
        return table.semi_join(waves.filter(waves.period >= quarter.first_day), "wave")
    return None


def _list_customers(
    source: Source, rows: ir.Table, quarter: Quarter
) -> ir.Table | None:
    """Give the customers behind rows, each once; None where rows know none."""
    if "customer_id" in rows.columns:
        return rows.filter(rows.customer_id.notnull()).select("customer_id").distinct()
    if "account_id" in rows.columns and "accounts" in source:
        accounts = source.read("accounts", quarter)
        return accounts.semi_join(rows, "account_id").select("customer_id").distinct()
    return None


def _count(rows: ir.Table | None) -> ir.Scalar:
    return ibis.null("int64") if rows is None else rows.count().as_scalar()
