"""Quarters that a source covers, and which of its periods ends each."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter


def list_quarters(last: str, count: int) -> tuple[Quarter, ...]:
    """List quarters up to one, in time.

    Parameters
    ----------
    last : str
        The last one, as YYYYQn.
    count : int
        How many.

    Returns
    -------
    tuple of Quarter
        In time.
    """
    end = Quarter.parse(last)
    return tuple(end.shift(-back) for back in range(count - 1, -1, -1))


def find_period_ends(
    tables: Tables, quarters: tuple[Quarter, ...]
) -> dict[Quarter, date]:
    """Find the last period of customers in each quarter.

    Parameters
    ----------
    tables : Tables
        With `customer_periods`.
    quarters : tuple of Quarter
        Any.

    Returns
    -------
    dict of Quarter to datetime.date
        Quarters that have one.
    """
    periods = tables["customer_periods"].select("period").distinct()
    days = [day for day in periods.to_pyarrow()["period"].to_pylist() if day]
    ends = {}
    for quarter in quarters:
        inside = [d for d in days if quarter.first_day <= d <= quarter.last_day]
        if inside:
            ends[quarter] = max(inside)
    return ends


def name_quarter(day: ir.DateValue) -> ir.StringValue:
    """Name the quarter of a day, inside the engine.

    Parameters
    ----------
    day : ibis.expr.types.DateValue
        Any day.

    Returns
    -------
    ibis.expr.types.StringValue
        As YYYYQn.
    """
    number = day.quarter().cast("string")
    return day.year().cast("string") + ibis.literal("Q") + number


def read_customers_at(tables: Tables, ends: dict[Quarter, date]) -> ir.Table:
    """Give the customers present at each quarter's end.

    Parameters
    ----------
    tables : Tables
        With `customer_periods`.
    ends : dict of Quarter to datetime.date
        Of `find_period_ends`.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and quarter: `quarter`, `customer_id`, `tier`, `state`,
        `assets_average`.
    """
    named = pd.DataFrame(
        {"period": list(ends.values()), "quarter": [str(each) for each in ends]}
    )
    periods = tables["customer_periods"]
    held = periods.join(ibis.memtable(named), "period")
    return held.select("quarter", "customer_id", "tier", "state", "assets_average")
