"""Sum balances customer by customer: interest, transfer credit, and what they rest on.

Beside the credit at the transfer rates in force stand the balances by kind of money:
the credit under any other rates is a product of these with rates, so that nothing has
to be read again when an assumption changes.
"""

from __future__ import annotations

from typing import Final

import ibis

from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.account.held_accounts import (
    YEARS,
    sum_accounts,
)
from analysis.studies.segment_profitability.parameters import DAYS_A_YEAR

UNDATED: Final = ("undated_deposits_1", "undated_deposits_2", "undated_deposits_3")
"""Deposits without a term in each period of the quarter: balance times years."""

KINDS_OF_MONEY: Final = (
    "dated_deposits",
    "dated_loans",
    "undated_loans",
    *UNDATED,
    "dated_credit",
    "dated_charge",
)
"""Balance times years by kind, and the transfer credit and charge of dated money."""

OF_BALANCES: Final = (*KINDS_OF_MONEY, "undated_charge")
"""What is summed of balances, in major currency units and those times years."""


def sum_balances(priced: PricedBalances, quarter: str) -> ibis.Table:
    """Sum each customer's balances of a quarter, inside the engine.

    Parameters
    ----------
    priced : PricedBalances
        Balances with their transfer rates.
    quarter : str
        One of its quarters.

    Returns
    -------
    ibis.Table
        One row per customer: `received_minor`, `paid_minor`, and `OF_BALANCES`; major
        currency units, and those times years, except columns ending in `_minor`;
        charges are below zero.
    """
    rows = sum_accounts(priced, quarter)
    has_term = (rows.tenor_months > 0).fill_null(False)
    rows = rows.mutate(
        is_dated_deposit=(rows.side == "deposit") & has_term,
        is_undated_deposit=(rows.side == "deposit") & ~has_term,
        is_dated_loan=(rows.side == "loan") & has_term,
        is_undated_loan=(rows.side == "loan") & ~has_term,
        is_loan=rows.side == "loan",
        is_deposit=rows.side == "deposit",
    )
    undated = {
        name: rows[years].sum(where=rows.is_undated_deposit)
        for name, years in zip(UNDATED, YEARS, strict=True)
    }
    return rows.group_by("customer_id").agg(
        received_minor=rows.interest_minor.sum(where=rows.is_loan),
        paid_minor=-rows.interest_minor.sum(where=rows.is_deposit),
        dated_deposits=rows.years.sum(where=rows.is_dated_deposit),
        dated_loans=rows.years.sum(where=rows.is_dated_loan),
        undated_loans=rows.years.sum(where=rows.is_undated_loan),
        dated_credit=rows.funds.sum(where=rows.is_dated_deposit),
        dated_charge=-rows.funds.sum(where=rows.is_dated_loan),
        undated_charge=-rows.funds.sum(where=rows.is_undated_loan),
        **undated,
    )


def add_funding(sums: ibis.Table, priced: PricedBalances) -> ibis.Table:
    """Add what follows from a customer's balances by kind of money.

    Parameters
    ----------
    sums : ibis.Table
        One row per quarter and customer with `OF_BALANCES`, none missing.
    priced : PricedBalances
        Rates of money without a term.

    Returns
    -------
    ibis.Table
        With `funding_credit`, `funding_charge` (below zero), and average `deposits`
        and `loans`, major currency units.
    """
    undated = [sums[name] for name in UNDATED]
    rates = _list_rates(priced)
    credit = sums.dated_credit
    for place, held in enumerate(undated):
        credit += held * _pick(sums, {name: at[place] for name, at in rates.items()})
    days = priced.periods.groupby("period_quarter")["quarter_days"].first()
    lengths = {str(name): DAYS_A_YEAR / float(n_days) for name, n_days in days.items()}
    a_year = _pick(sums, lengths)
    return sums.mutate(
        funding_credit=credit,
        funding_charge=sums.dated_charge + sums.undated_charge,
        deposits=sum(undated, sums.dated_deposits) * a_year,
        loans=(sums.dated_loans + sums.undated_loans) * a_year,
    )


def _list_rates(priced: PricedBalances) -> dict[str, list[float]]:
    """List the rate of deposits without a term in each place of each quarter."""
    by_quarter = priced.rates.groupby("period_quarter")["rate_deposit"]
    missing = [0.0] * len(UNDATED)
    return {
        str(name): ([float(r) for r in rates] + missing)[: len(UNDATED)]
        for name, rates in by_quarter
    }


def _pick(rows: ibis.Table, values: dict[str, float]) -> ibis.expr.types.FloatingValue:
    """Pick a number by the quarter of each row."""
    cases = [(rows.quarter == name, float(value)) for name, value in values.items()]
    return ibis.cases(*cases)
