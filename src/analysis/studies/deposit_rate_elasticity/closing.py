"""The closing pages: what is assumed, and which tables are read."""

from __future__ import annotations

from dataclasses import replace

from analysis.presentation.tables import DisplayTable
from analysis.studies import appendix
from analysis.studies.appendix import Assumption
from analysis.studies.deposit_rate_elasticity.parameters import (
    OPTIONAL_TABLES,
    TABLES,
    Parameters,
)
from analysis.wording import mark, say

READ = {
    "accounts": (
        "account_id",
        "customer_id",
        "product",
        "side",
        "tenor_months",
        "open_date",
        "maturity_date",
        "contract_rate",
        "transfer_rate",
        "is_exception_rate",
    ),
    "balances": (
        "period",
        "account_id",
        "balance_end_minor",
        "balance_average",
        "rate",
        "interest_credited_minor",
    ),
    "posted_rates": (
        "period",
        "product",
        "tenor_months",
        "tier",
        "region",
        "rate",
        "ceiling_rate",
        "funding_rate",
        "wedge_rate",
    ),
    "customers": ("customer_id", "customer_type", "region"),
    "customer_periods": ("period", "customer_id", "tier"),
}
"""Columns that the study reads, of the tables of which it does not read all."""
SEGMENT_NAMES = {
    "tier": mark("tier"),
    "customer_type": mark("kind of customer"),
    "all": mark("nothing, all customers together"),
}
"""What splits customers, by the value of the parameter."""
ASSUMPTIONS = (
    Assumption(
        mark(
            "Given account and period effects, posted rates do not answer the "
            "demand of their own cell."
        ),
        "amber",
        "red",
        mark(
            "Tested by later prices, not proven: an answer within the same period "
            "escapes the test. Prices set at random would settle it (grade A)."
        ),
    ),
    Assumption(
        mark(
            "What the treasury credits a region for new money reaches balances only "
            "through posted rates (grade B)."
        ),
        "amber",
        "red",
        mark(
            "Tested by later credits. Ask the treasury whether it credits more where "
            "deposits leave; then grade B falls."
        ),
    ),
    Assumption(
        mark(
            "Balances answer the rate of the same period, in equal parts up and down."
        ),
        "amber",
        "amber",
        mark(
            "Tested month by month and by direction; the sections say what the tests "
            "would not see. Longer lags need longer history."
        ),
    ),
    Assumption(
        mark("Accounts opened and closed do not depend on the rate."),
        "red",
        "amber",
        mark(
            "Grades rest on existing accounts only. What the number of accounts does "
            "is measured beside them, far less sharply."
        ),
    ),
    Assumption(
        mark(
            "What a customer opens in the month of maturity takes the place of what "
            "matured, and the source does not move the day of maturity on renewal."
        ),
        "amber",
        "amber",
        mark(
            "Money is not followed from account to account. A source that moves the "
            "day hides renewals; then compare with the branch's records."
        ),
    ),
    Assumption(
        mark("Errors of different pricing cells are independent."),
        "amber",
        "amber",
        mark(
            "Clustered by cell, with an instrument by region: shocks common to a "
            "region widen intervals."
        ),
    ),
    Assumption(
        mark("One long-run relation with the policy rate holds over the history."),
        "amber",
        "amber",
        mark(
            "Pass-through differs between cycles. Where prices move in large steps or "
            "history is five years or less, nine intervals in ten hold the truth, not "
            "nineteen in twenty."
        ),
    ),
    Assumption(
        mark("On a path of the policy rate the book stays as large as it is today."),
        "amber",
        "amber",
        mark(
            "Expense and balances of a scenario are told apart; only graded responses "
            "move balances."
        ),
    ),
    Assumption(
        mark("Competitors' quotes are what their customers get."),
        "amber",
        "green",
        mark(
            "The age of quotes is shown; responses do not use them, since period "
            "effects hold the market's rates."
        ),
    ),
    Assumption(
        mark(
            "Cells whose price stood still show what balances of the others would have "
            "done."
        ),
        "red",
        "amber",
        mark(
            "Prices move where money moves; the change of balances since is shown "
            "beside the response and never used for pricing."
        ),
    ),
    Assumption(
        mark("The middle pricing cell stands for a line without reference price."),
        "green",
        "green",
        mark("Reference rows of the price list are used wherever they exist."),
    ),
)
"""In the order in which they are shown; said when they are."""


def tabulate_assumptions(parameters: Parameters) -> DisplayTable:
    """Show what the study takes for granted.

    Parameters
    ----------
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    DisplayTable
        One row per assumption.
    """
    segments = Assumption(
        say(
            "Customers of one segment (split by: {segment}) answer alike.",
            segment=say(SEGMENT_NAMES[parameters.segment]),
        ),
        "amber",
        "green",
        say(
            "The response is an average over accounts; run the study with another "
            "segment."
        ),
    )
    said = [
        replace(known, assumption=say(known.assumption), why=say(known.why))
        for known in ASSUMPTIONS
    ]
    return appendix.tabulate_assumptions((*said, segments))


def tabulate_codebook() -> DisplayTable:
    """Show the columns that this study reads.

    Returns
    -------
    DisplayTable
        One row per column.
    """
    return appendix.tabulate_codebook((*TABLES, *OPTIONAL_TABLES), read=READ)
