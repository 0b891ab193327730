"""Check that accounts, customers and cost pools add up to the general ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import ibis.expr.types as ir

from analysis.data.check_results import CheckResult
from analysis.data.contract import name_code
from analysis.data.source import SourceInfo
from analysis.quarter import Quarter
from analysis.units import write_money
from analysis.wording import mark, say

LARGEST_GAP = 0.001
"""Share of a ledger total by which the detail may differ from it."""
_AGREES = mark("The detail of {line}, {detail}, agrees with the ledger, {booked}.")
_DIFFERS = mark("The detail of {line}, {detail}, must agree with the ledger, {booked}.")


def check_ledger(
    ledger: ir.Table,
    read: Callable[[str], ir.Table | None],
    quarter: Quarter,
    info: SourceInfo,
) -> Iterator[CheckResult]:
    """Check that accounts and customers add up to the general ledger.

    Parameters
    ----------
    ledger : ibis.Table
        Contract table of that name.
    read : callable
        Gives another contract table, or None when the source has none.
    quarter : Quarter
        The quarter reported.
    info : SourceInfo
        Tells the currency.

    Yields
    ------
    CheckResult
        A warning for each line that differs by more than `LARGEST_GAP`.
    """
    booked = _sum_by_line(ledger, quarter)
    details = _sum_details(read, quarter)
    for line, amount in booked.items():
        if line not in details:
            continue
        yield _judge_line(line, amount, details[line], info)


def _judge_line(
    line: str, booked: float, detail: float, info: SourceInfo
) -> CheckResult:
    gap = abs(detail - booked)
    passed = gap <= LARGEST_GAP * abs(booked)
    written = [
        write_money(amount / info.minor_units, info.currency)
        for amount in (detail, booked)
    ]
    message = say(
        _AGREES if passed else _DIFFERS,
        line=name_code(line),
        detail=written[0],
        booked=written[1],
    )
    remedy = "" if passed else say("Find what the extract or the ledger leaves out.")
    name = say("ledger {line}", line=name_code(line))
    return CheckResult(name, "ledger", passed, message, line, 0, "warning", remedy)


def _sum_details(
    read: Callable[[str], ir.Table | None], quarter: Quarter
) -> dict[str, float]:
    """Sum, by line of the ledger, what accounts, customers and cost pools say."""
    details: dict[str, float] = {}
    balances, accounts = read("balances"), read("accounts")
    if balances is not None and accounts is not None:
        sides = accounts.select("account_id", "side")
        owned = balances.join(sides, "account_id")
        is_loan = owned.side == "loan"
        interest = owned.select(
            "period",
            line=ibis.ifelse(is_loan, "interest_income", "interest_expense"),
            amount_minor=ibis.ifelse(
                is_loan, owned.interest_minor, -owned.interest_minor
            ),
        )
        details |= _sum_by_line(interest, quarter)
    income, pools = read("customer_income"), read("cost_pools")
    if income is not None:
        details |= _sum_by_line(income, quarter)
    if pools is not None:
        costs = pools.select(
            "period",
            line=ibis.literal("operating_cost"),
            amount_minor=-pools.amount_minor,
        )
        details |= _sum_by_line(costs, quarter)
    return details


def _sum_by_line(table: ir.Table, quarter: Quarter) -> dict[str, float]:
    current = table.filter(
        (table.period >= quarter.first_day) & (table.period <= quarter.last_day)
    )
    totals = current.group_by("line").agg(amount=current.amount_minor.sum())
    return {
        row["line"]: float(row["amount"]) for row in totals.to_pyarrow().to_pylist()
    }
