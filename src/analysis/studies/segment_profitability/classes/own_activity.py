"""What customers did themselves: how often in a quarter, and how long ago.

What the bank does for every customer, such as checking an account, is no activity of
theirs: it would wake everybody who sleeps.
"""

from __future__ import annotations

from datetime import date

import ibis

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.segment_profitability.parameters import Parameters

HISTORY_MONTHS = 12
"""Months looked back: who did nothing for a year is asleep, however long before."""

_BY_THE_BANK = 0.5
"""Share of sleeping customers from which an activity is the bank's: they do nothing."""
_FOR_EVERYBODY = 0.95
"""The same share of all customers, where the source does not say who sleeps."""
_OWN_BOOKINGS = ("deposit", "withdrawal")


def list_own_activity(tables: Tables, parameters: Parameters) -> ibis.Table | None:
    """List when customers did something themselves, back to a year before.

    Parameters
    ----------
    tables : Tables
        Events, or else bookings, say what customers did.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ibis.Table or None
        `customer_id`, `day` (last day of the period, or day of the booking) and
        `times`; None where the source has neither table.
    """
    if "events" in tables:
        return _list_events(tables, parameters)
    if "transactions" in tables:
        return _list_bookings(tables, parameters)
    return None


def date_activity(activity: ibis.Table, quarter: Quarter) -> ibis.Table:
    """Say how long ago each customer was active at the end of a quarter.

    Parameters
    ----------
    activity : ibis.Table
        As `list_own_activity` gives it.
    quarter : Quarter
        The quarter.

    Returns
    -------
    ibis.Table
        One row per customer active in the year before: `customer_id`,
        `recency_months` (whole months, 0 in the last month) and `own_contacts` (times
        in the quarter).
    """
    last = quarter.last_day
    seen = activity.filter((activity.day <= ibis.literal(last)) & (activity.times > 0))
    is_now = seen.day >= ibis.literal(quarter.first_day)
    newest = seen.day.max()
    months = 12 * (last.year - newest.year()) + last.month - newest.month()
    return seen.group_by("customer_id").agg(
        recency_months=months.cast("float64"),
        own_contacts=seen.times.sum(where=is_now).fill_null(0).cast("float64"),
    )


def has_whole_history(activity: ibis.Table, quarter: Quarter) -> bool:
    """Say whether activity is known for a whole year before a quarter's end.

    Parameters
    ----------
    activity : ibis.Table
        As `list_own_activity` gives it.
    quarter : Quarter
        The quarter.

    Returns
    -------
    bool
        Whether something is known of the month a year before, or earlier.
    """
    first = activity.day.min().to_pyarrow().as_py()
    return first is not None and first < _go_back(quarter.last_day, HISTORY_MONTHS - 1)


def _list_events(tables: Tables, parameters: Parameters) -> ibis.Table:
    events = tables["events"]
    start = _go_back(parameters.reported.previous.last_day, HISTORY_MONTHS + 1)
    inside = events.period.between(
        ibis.literal(start), ibis.literal(parameters.reported.last_day)
    )
    own = events.filter(
        inside & events.activity.notin(_find_bank_activities(tables, parameters))
    )
    return own.select("customer_id", day=own.period, times=own["count"])


def _find_bank_activities(tables: Tables, parameters: Parameters) -> list[str]:
    """Find what the bank does for nearly everybody, asked of those who sleep."""
    quarter = parameters.reported
    events = tables["events"]
    now = events.filter(
        events.period.between(
            ibis.literal(quarter.first_day), ibis.literal(quarter.last_day)
        )
    )
    asked, share = tables["customers"].select("customer_id"), _FOR_EVERYBODY
    if "customer_periods" in tables:
        present = tables["customer_periods"]
        held = present.filter(present.period == ibis.literal(quarter.last_day))
        sleeping = held.filter(held.state == "sleeping").select("customer_id")
        asked = held.select("customer_id")
        if int(sleeping.count().execute()):
            asked, share = sleeping, _BY_THE_BANK
    n_asked = max(int(asked.count().execute()), 1)
    reached = now.semi_join(asked, "customer_id").group_by("activity")
    counted = reached.agg(customers=lambda rows: rows.customer_id.nunique())
    often = counted.filter(counted.customers >= share * n_asked)
    return [*often.activity.to_pyarrow().to_pylist(), ""]


def _list_bookings(tables: Tables, parameters: Parameters) -> ibis.Table:
    bookings = tables["transactions"]
    start = _go_back(parameters.reported.previous.last_day, HISTORY_MONTHS + 1)
    own = bookings.filter(
        bookings.kind.isin(_OWN_BOOKINGS)
        & bookings.date.between(
            ibis.literal(start), ibis.literal(parameters.reported.last_day)
        )
    )
    owners = tables["accounts"].select("account_id", "customer_id")
    return own.join(owners, "account_id").select(
        "customer_id", day=own.date, times=ibis.literal(1)
    )


def _go_back(day: date, months: int) -> date:
    """Give the first day of the month so many months before."""
    place = 12 * day.year + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)
