"""The closing pages: what is assumed, and which tables are read."""

from __future__ import annotations

from analysis.presentation.tables import DisplayTable
from analysis.studies import appendix
from analysis.studies.appendix import Assumption
from analysis.studies.deposit_rate_elasticity.parameters import (
    OPTIONAL_TABLES,
    TABLES,
    Parameters,
)
from analysis.wording import say

ASSUMPTIONS = (
    Assumption(
        "Given account and period effects, posted rates do not answer the "
        "demand of their own cell.",
        "amber",
        "red",
        "Tested by later prices, not proven: an answer within the same period "
        "escapes the test. Prices drawn by lot would settle it (grade A).",
    ),
    Assumption(
        "Balances answer the rate of the same period, in equal parts up and down.",
        "amber",
        "amber",
        "Slow or one-sided answers would be averaged; longer lags need longer history.",
    ),
    Assumption(
        "Accounts opened and closed do not depend on the rate.",
        "red",
        "amber",
        "Only existing accounts are measured; openings and closures come on "
        "top of the response shown.",
    ),
    Assumption(
        "Errors of different pricing cells are independent.",
        "amber",
        "amber",
        "Clustered by cell; shocks common to a region would widen intervals.",
    ),
    Assumption(
        "One long-run relation with the policy rate holds over the history.",
        "amber",
        "amber",
        "Pass-through differs between cycles, and intervals are somewhat "
        "short when adjustment is slow; a longer history shows by how much.",
    ),
    Assumption(
        "Competitors' quotes are what their customers get.",
        "amber",
        "green",
        "The age of quotes is shown; responses do not use them, since period "
        "effects hold the market's rates.",
    ),
    Assumption(
        "The middle pricing cell stands for a line without reference price.",
        "green",
        "green",
        "Reference rows of the price list are used wherever they exist.",
    ),
)
"""In the order in which they are shown."""


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
            "Customers of one segment ({segment}) answer alike.",
            segment=parameters.segment,
        ),
        "amber",
        "green",
        "The response is an average over accounts; run the study with another segment.",
    )
    return appendix.tabulate_assumptions((*ASSUMPTIONS, segments))


def tabulate_codebook() -> DisplayTable:
    """Show the columns of the tables that this study may read.

    Returns
    -------
    DisplayTable
        One row per column.
    """
    return appendix.tabulate_codebook((*TABLES, *OPTIONAL_TABLES))
