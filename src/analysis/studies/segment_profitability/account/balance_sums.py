"""Sum balances customer by customer: interest, transfer credit, and what they rest on.

Beside the credit at the transfer rates in force stand the balances by kind of money:
the credit under any other rates is a product of these with rates, so that nothing has
to be read again when an assumption changes.
"""

from __future__ import annotations

from typing import Final

import ibis

from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances

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


def sum_balances(priced: PricedBalances) -> ibis.Table:
    """Sum each customer's balances of a quarter, inside the engine.

    Parameters
    ----------
    priced : PricedBalances
        Balances with their transfer rates.

    Returns
    -------
    ibis.Table
        One row per quarter and customer: `received_minor`, `paid_minor`,
        `funding_credit`, `funding_charge`, average `deposits` and `loans`, and
        `KINDS_OF_MONEY`; major currency units, and those times years, except columns
        ending in `_minor`.
    """
    rows = priced.rows
    is_deposit, is_loan = rows.side == "deposit", rows.side == "loan"
    has_term = rows.tenor_months > 0
    years = rows.balance_average * rows.year_share
    funds = years * rows.transfer_rate.fill_null(0.0)
    held = rows.balance_average * rows.days / rows.quarter_days
    undated = {
        name: years.sum(where=is_deposit & ~has_term & (rows.place == place))
        for place, name in enumerate(UNDATED)
    }
    return rows.group_by("quarter", "customer_id").agg(
        received_minor=rows.interest_minor.sum(where=is_loan),
        paid_minor=-rows.interest_minor.sum(where=is_deposit),
        funding_credit=funds.sum(where=is_deposit),
        funding_charge=-funds.sum(where=is_loan),
        deposits=held.sum(where=is_deposit),
        loans=held.sum(where=is_loan),
        dated_deposits=years.sum(where=is_deposit & has_term),
        dated_loans=years.sum(where=is_loan & has_term),
        undated_loans=years.sum(where=is_loan & ~has_term),
        dated_credit=funds.sum(where=is_deposit & has_term),
        dated_charge=-funds.sum(where=is_loan & has_term),
        **undated,
    )
