"""What customers did before the survey, as further characteristics of all of them.

Computed inside the engine: counts of all customers, and the rows of respondents only.
"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from analysis.data.sources import Tables
from analysis.studies.satisfaction_drivers.answers.people import UNKNOWN
from analysis.wording import mark

BEHAVIOUR = {
    "complained": mark("Complaint within a year before"),
    "assets_change": mark("Assets over the quarter"),
}
"""Columns of earlier behaviour, and what a reader calls them."""
COMPLAINED, NO_COMPLAINT = mark("complained"), mark("did not complain")
FELL, STEADY, GREW = mark("fell by a tenth"), mark("steady"), mark("grew by a tenth")
BEHAVIOUR_WORDS = frozenset({COMPLAINED, NO_COMPLAINT, FELL, STEADY, GREW})

_YEAR = timedelta(days=365)
_QUARTER = timedelta(days=80)
_TENTH = 0.1


def describe_behaviour(tables: Tables, people: ir.Table, day: date) -> ir.Table:
    """Join earlier complaints and the change of assets to customers.

    Parameters
    ----------
    tables : Tables
        `complaints` and `customer_periods`, as far as the source has them.
    people : ibis.expr.types.Table
        One row per customer: `customer_id` and more.
    day : date
        Last day of the quarter that the wave describes.

    Returns
    -------
    ibis.expr.types.Table
        `people` with those columns of `BEHAVIOUR` that can be told.
    """
    if "complaints" in tables:
        rows = tables["complaints"]
        recent = rows.filter(
            (rows.opened_date <= ibis.date(day))
            & (rows.opened_date > ibis.date(day - _YEAR))
        )
        ids = recent.select("customer_id").distinct().mutate(has_complained=True)
        people = people.left_join(ids, "customer_id").drop("customer_id_right")
        flag = people.has_complained.notnull()
        told = people.mutate(complained=flag.ifelse(COMPLAINED, NO_COMPLAINT))
        people = told.drop("has_complained")
    return _join_assets(tables, people, day)


def _join_assets(tables: Tables, people: ir.Table, day: date) -> ir.Table:
    if "customer_periods" not in tables:
        return people
    held = tables["customer_periods"]
    days = held.select("period").distinct().to_pyarrow()["period"].to_pylist()
    now = max((known for known in days if known <= day), default=None)
    before = max((d for d in days if now and d <= now - _QUARTER), default=None)
    if now is None or before is None:
        return people
    later = held.filter(held.period == now).select("customer_id", now="assets_average")
    earlier = held.filter(held.period == before).select(
        "customer_id", before="assets_average"
    )
    both = later.inner_join(earlier, "customer_id")
    change = ibis.cases(
        (both.now < (1 - _TENTH) * both.before, FELL),
        (both.now > (1 + _TENTH) * both.before, GREW),
        (both.now.notnull() & both.before.notnull(), STEADY),
        else_=UNKNOWN,
    )
    moved = both.select("customer_id", assets_change=change)
    joined = people.left_join(moved, "customer_id").drop("customer_id_right")
    return joined.mutate(assets_change=joined.assets_change.fill_null(UNKNOWN))
