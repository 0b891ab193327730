"""Tell, inside the engine, what became of each term deposit that matured.

A contract is *renewed* if the customer opens an account of the same product and term
in the month in which it matures (or within a few days after it), or if it runs on
under its own number, with whatever amount; *moved* if it is not renewed but the
customer's other deposits grow by at least half of it over that period; else the money
has *left* deposits. Amounts are major units of the source's currency. Nothing here
leaves the engine contract by contract.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.kept_rows import keep_rows

GRACE_DAYS = 5
"""Days after maturity within which an opening still counts as a renewal."""
MOVED_SHARE = 0.5
"""Least growth of other deposits, as a share of what matured, that is a move."""
OUTCOMES = ("renewed", "moved", "left")
"""What may become of a contract; the first is what the bank wishes."""


def list_term_deposits(tables: Tables) -> ir.Table:
    """Give deposit contracts that have a term and a day of maturity.

    Parameters
    ----------
    tables : Tables
        Holds `accounts`.

    Returns
    -------
    ibis.Table
        One row per contract: `account_id`, `customer_id`, the line, `open_date`,
        `maturity_date`, `old_pct` (contract rate, whole basis points).
    """
    deposits = _list_deposits(tables)
    return deposits.filter(
        (deposits["tenor_months"] > 0) & deposits["maturity_date"].notnull()
    )


def judge_maturities(
    tables: Tables, quarter: Quarter, *, period_months: int
) -> ir.Table:
    """Say of each contract that matured what became of its money.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    quarter : Quarter
        The quarter reported; later days are not known.
    period_months : int
        Months in a period.

    Returns
    -------
    ibis.Table
        One row per contract that held money at the end of the period before it
        matured: `customer_id`, the line, `old_pct`, `period` (of the maturity),
        `amount`, `kept` (renewed, at most the amount) and `outcome`.
    """
    ripe = _list_ripe(tables, quarter, period_months)
    balances = _list_balances(tables)
    before = balances.rename(before="period", amount="held")
    at_risk = keep_rows(ripe.join(before, ["account_id", "before"]), "at_risk")
    judged = at_risk.left_join(
        _sum_renewals(at_risk, tables, balances, period_months), "account_id"
    ).drop("account_id_right")
    judged = judged.left_join(
        balances.rename(still="held"), ["account_id", "period"]
    ).drop("account_id_right", "period_right")
    judged = _add_growth(judged, at_risk, tables, balances)
    runs_on = (judged["maturity_date"] < judged["period"]) & (judged["still"] > 0)
    renewed = judged["renewals"].notnull() | runs_on
    moved = judged["growth"] >= MOVED_SHARE * judged["amount"]
    kept = judged["opened"].fill_null(0.0) + runs_on.ifelse(judged["still"], 0.0)
    return judged.mutate(
        outcome=ibis.cases((renewed, "renewed"), (moved, "moved"), else_="left"),
        kept=ibis.least(kept, judged["amount"]),
    ).select(["customer_id", *LINE, "old_pct", "period", "amount", "kept", "outcome"])


def find_period_end(day: ir.DateValue, period_months: int) -> ir.DateValue:
    """Give the last day of the period in which a day lies.

    Parameters
    ----------
    day : ibis DateValue
        Any day.
    period_months : int
        1 for months, 3 for quarters.

    Returns
    -------
    ibis DateValue
        The period's last day.
    """
    start = _find_period_start(day, period_months)
    after = start + ibis.interval(months=period_months)
    return (after - ibis.interval(days=1)).cast("date")


def _find_period_start(day: ir.DateValue, period_months: int) -> ir.DateValue:
    return day.truncate("M" if period_months == 1 else "Q").cast("date")


def _list_deposits(tables: Tables) -> ir.Table:
    accounts = tables["accounts"]
    columns = ["account_id", "customer_id", *LINE, "open_date", "maturity_date"]
    deposits = accounts.filter(accounts["side"] == "deposit")
    old = (deposits["contract_rate"] * 100).round(2)
    return deposits.mutate(old_pct=old).select([*columns, "old_pct"])


def _list_balances(tables: Tables) -> ir.Table:
    balances = tables["balances"]
    held = balances["balance_end_minor"] / float(tables.source.minor_units)
    return balances.mutate(held=held).select("account_id", "period", "held")


def _list_ripe(tables: Tables, quarter: Quarter, period_months: int) -> ir.Table:
    """Give contracts that matured so early that a renewal would have been seen."""
    term = list_term_deposits(tables)
    seen_until = quarter.last_day - timedelta(days=GRACE_DAYS)
    ripe = term.filter(term["maturity_date"] <= ibis.literal(seen_until))
    start = _find_period_start(ripe["maturity_date"], period_months)
    return ripe.mutate(
        before=(start - ibis.interval(days=1)).cast("date"),
        period=find_period_end(ripe["maturity_date"], period_months),
    )


def _sum_renewals(
    at_risk: ir.Table, tables: Tables, balances: ir.Table, period_months: int
) -> ir.Table:
    """Count accounts opened in a contract's place, and what they held at first."""
    opened = _list_deposits(tables).select(
        "customer_id", *LINE, new_id="account_id", opened_on="open_date"
    )
    first = opened.mutate(period=find_period_end(opened["opened_on"], period_months))
    with_money = first.left_join(
        balances.rename(new_id="account_id"), ["new_id", "period"]
    ).select("customer_id", *LINE, "new_id", "opened_on", "held")
    keys = ["account_id", "customer_id", *LINE, "open_date", "maturity_date"]
    pairs = at_risk.select(keys).join(with_money, ["customer_id", *LINE])
    month = pairs["maturity_date"].truncate("M").cast("date")
    month_end = find_period_end(pairs["maturity_date"], 1)
    grace = (pairs["maturity_date"] + ibis.interval(days=GRACE_DAYS)).cast("date")
    in_time = pairs["opened_on"].between(month, ibis.greatest(month_end, grace))
    later = pairs["opened_on"] > pairs["open_date"]
    new = pairs.filter(in_time & later & (pairs["new_id"] != pairs["account_id"]))
    return new.group_by("account_id").agg(
        renewals=new.count(), opened=new["held"].sum()
    )


def _add_growth(
    judged: ir.Table, at_risk: ir.Table, tables: Tables, balances: ir.Table
) -> ir.Table:
    """Add how the customer's deposits of other lines grew over the period."""
    mine = _list_deposits(tables).semi_join(at_risk, "customer_id")
    held = balances.join(mine.select("account_id", "customer_id", *LINE), "account_id")
    by_line = keep_rows(
        held.group_by(["customer_id", *LINE, "period"]).agg(own=held["held"].sum()),
        "held_by_line",
    )
    whole = by_line.group_by(["customer_id", "period"]).agg(whole=by_line["own"].sum())
    now = _join_others(judged, whole, by_line, period="period", name="others_now")
    both = _join_others(now, whole, by_line, period="before", name="others_before")
    return both.mutate(growth=both["others_now"] - both["others_before"])


def _join_others(
    judged: ir.Table, whole: ir.Table, by_line: ir.Table, *, period: str, name: str
) -> ir.Table:
    """Join what a customer held on other lines at the end of a period."""
    at_end = whole if period == "period" else whole.rename({period: "period"})
    own = by_line if period == "period" else by_line.rename({period: "period"})
    joined = judged.left_join(at_end, ["customer_id", period]).drop(
        "customer_id_right", f"{period}_right"
    )
    joined = joined.left_join(own, ["customer_id", *LINE, period])
    others = joined["whole"].fill_null(0.0) - joined["own"].fill_null(0.0)
    named = joined.mutate(**{name: others})
    return named.select([*judged.columns, name])
