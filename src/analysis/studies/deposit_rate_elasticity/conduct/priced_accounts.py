"""Lay each deposit's rate paid beside the price posted for its cell, in the engine.

A contract at a fixed rate is priced on its first day: its posted price is that of its
cell in the period in which it began. Money without a fixed rate is priced anew in each
period. Rates are decimals a year, balances major units of the source's currency.
Nothing here leaves the engine account by account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from analysis.data.contract import ANY
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.kept_rows import keep_rows

TOLERANCE = 0.00005
"""Rates within half a basis point are the same."""
_ACCOUNT = [
    "account_id",
    "customer_id",
    *LINE,
    "open_date",
    "contract_rate",
    "transfer_rate",
    "is_exception_rate",
]


@dataclass(frozen=True, slots=True)
class PricedAccounts:
    """Deposits held in the quarter's last period, beside their posted price.

    Parameters
    ----------
    rows : ibis.Table
        One row per account of a priced line with a balance: `account_id`,
        `customer_id`, the pricing cell, `segment` (of today), `period` (of the
        price), `is_fixed`, `balance` (average of the last period), `paid` and
        `posted` (missing where not known), `ceiling`, `transfer_rate`,
        `is_recorded` (as an exception), `is_current` (the rate of its first day is
        still paid), and `bonus` (paid above posted and still so; 0 for none, missing
        where either is not known).
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    rows: ir.Table
    currency: str
    quarter: Quarter
    source: str


def price_accounts(
    tables: Tables, history: RateHistory, parameters: Parameters
) -> PricedAccounts:
    """Give each deposit held in the quarter's last period its paid and posted rate.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list and, if there are any, customers and tiers.
    history : RateHistory
        Says which lines are priced by tier or region.
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    PricedAccounts
        Computed once, kept inside the engine.
    """
    last = parameters.reported.last_day
    held = _read_held(tables, last)
    segmented = add_segment(held, tables, parameters, last)
    celled = name_cells(segmented, tables, history)
    posted = tables["posted_rates"].select(
        *CELL, "period", posted="rate", ceiling="ceiling_rate"
    )
    joined = celled.left_join(posted, [*CELL, "period"])
    excess = joined["paid"] - joined["posted"]
    is_more = (excess > TOLERANCE) & joined["is_current"]
    priced = joined.mutate(bonus=is_more.ifelse(excess, excess * 0))
    columns = [*celled.columns, "posted", "ceiling", "bonus"]
    return PricedAccounts(
        rows=keep_rows(priced.select(columns), "priced_accounts"),
        currency=tables.source.currency,
        quarter=history.quarter,
        source=history.source,
    )


def is_given(column: ir.Column) -> ir.BooleanColumn:
    """Say of each row whether a column holds a value.

    Parameters
    ----------
    column : ibis Column
        Any column.

    Returns
    -------
    ibis BooleanColumn
        False where it is missing.
    """
    return column.notnull()


def add_segment(
    rows: ir.Table, tables: Tables, parameters: Parameters, last: date
) -> ir.Table:
    """Put beside each row the segment that its customer is in on a day.

    Parameters
    ----------
    rows : ibis.Table
        Rows with `customer_id`.
    tables : Tables
        Customers and their tiers, if there are any.
    parameters : Parameters
        Says what a segment is.
    last : datetime.date
        Last day of the period whose tier counts.

    Returns
    -------
    ibis.Table
        The rows with `segment`; "all" where the source does not tell.
    """
    source = {"tier": "customer_periods", "customer_type": "customers"}
    name = source.get(parameters.segment, "")
    if name not in tables:
        return rows.mutate(segment=ibis.literal(ANY))
    people = tables[name]
    if name == "customer_periods":
        people = people.filter(people["period"] == ibis.literal(last))
    segments = people.select("customer_id", segment=parameters.segment)
    joined = rows.left_join(segments, "customer_id")
    known = joined["segment"].fill_null(ANY)
    return joined.mutate(segment=known).select([*rows.columns, "segment"])


def name_cells(rows: ir.Table, tables: Tables, history: RateHistory) -> ir.Table:
    """Put beside each row the pricing cell that its customer was in.

    Parameters
    ----------
    rows : ibis.Table
        Rows with `customer_id`, `product`, `tenor_months` and `period`.
    tables : Tables
        Customers and their tiers, if there are any.
    history : RateHistory
        Says which lines are priced by tier or region.

    Returns
    -------
    ibis.Table
        Rows of priced lines with `tier` and `region`: "all" where the price does not
        differ by it, missing where the source does not tell.
    """
    lines = history.cells.groupby(LINE, as_index=False).agg(
        by_tier=("tier", lambda tier: bool((tier != ANY).any())),
        by_region=("region", lambda region: bool((region != ANY).any())),
    )
    joined = rows.join(ibis.memtable(lines), LINE)
    missing = {"tier": ibis.null("string"), "region": ibis.null("string")}
    if "customers" in tables:
        regions = tables["customers"].select("customer_id", "region")
        joined = joined.left_join(regions, "customer_id").drop("customer_id_right")
        missing.pop("region")
    if "customer_periods" in tables:
        tiers = tables["customer_periods"].select("period", "customer_id", "tier")
        joined = joined.left_join(tiers, ["period", "customer_id"])
        joined = joined.drop("period_right", "customer_id_right")
        missing.pop("tier")
    found = joined.mutate(**missing)
    anywhere = ibis.literal(ANY)
    named = found.mutate(
        tier=found["by_tier"].ifelse(found["tier"], anywhere),
        region=found["by_region"].ifelse(found["region"], anywhere),
    )
    return named.select([*rows.columns, "tier", "region"])


def end_of_period(day: ir.DateValue, period_months: int) -> ir.DateValue:
    """Give the last day of the month or quarter that a day lies in.

    Parameters
    ----------
    day : ibis DateValue
        Any day.
    period_months : int
        1 for months, 3 for quarters.

    Returns
    -------
    ibis DateValue
        Last day of its period.
    """
    start = day.truncate("M" if period_months == 1 else "Q").cast("date")
    following = (start + ibis.interval(months=period_months)).cast("date")
    return (following - ibis.interval(days=1)).cast("date")


def _read_held(tables: Tables, last: date) -> ir.Table:
    """Give what is held in the last period, with the period of its price."""
    balances = tables["balances"]
    now = balances.filter(
        (balances["period"] == ibis.literal(last)) & (balances["balance_average"] > 0)
    ).select("account_id", "rate", balance="balance_average")
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(_ACCOUNT)
    joined = now.join(deposits, "account_id")
    is_fixed = is_given(joined["contract_rate"])
    months = 1 if tables.source.period == "month" else 3
    opened = end_of_period(joined["open_date"], months)
    now_paid = joined["rate"].fill_null(joined["contract_rate"])
    is_kept = (now_paid - joined["contract_rate"]).abs() <= TOLERANCE
    return joined.mutate(
        is_fixed=is_fixed,
        period=is_fixed.ifelse(opened, ibis.literal(last)),
        paid=ibis.coalesce(joined["contract_rate"], joined["rate"]),
        is_recorded=joined["is_exception_rate"].fill_null(False),
        is_current=is_kept.fill_null(True),
    ).drop("open_date", "rate", "contract_rate", "is_exception_rate")
