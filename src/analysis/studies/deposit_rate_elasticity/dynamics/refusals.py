"""Words for what is not known about a response, and for what an interval allows."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.dynamics.designs import WIDEST_REACH
from analysis.studies.deposit_rate_elasticity.response.exhibits import SHORT_REASONS
from analysis.units import Unit, write_value
from analysis.wording import mark, say

REASONS = {
    "strength": mark("The treasury's credit does not move it enough."),
    "history": mark("The history is too short."),
}
"""Why a part of a response is not identified, beside a wide interval."""
SHORT = {
    **SHORT_REASONS,
    "width": mark("Too wide to tell"),
    "history": mark("History too short"),
}
"""The same in a table, and what refuses a product."""


def explain_refusal(check: str) -> str:
    """Say why a part of a response is not identified.

    Parameters
    ----------
    check : {"strength", "width", "history"}
        What failed.

    Returns
    -------
    str
        A sentence.
    """
    if check == "width":
        reach = write_value(WIDEST_REACH, Unit.PERCENT_PER_POINT)
        return say("Its interval reaches {reach} or more to either side.", reach=reach)
    return say(REASONS[check])


def write_answer(row: pd.Series) -> str:
    """Say what an interval allows to say, or why there is none.

    Parameters
    ----------
    row : pandas.Series
        With `lower`, `upper` and `check`.

    Returns
    -------
    str
        A few words.
    """
    check = str(row["check"])
    if check:
        return say(SHORT[check])
    if row["lower"] > 0:
        return say("Rises with the rate")
    return say("Falls with the rate") if row["upper"] < 0 else say("No clear answer")


def refuse_dynamics(
    headline: str, reason: str, *, key: str, quarter: Quarter, source: str
) -> Finding:
    """Make the finding that a part of a response is not identified.

    Parameters
    ----------
    headline : str
        What is not known.
    reason : str
        Why, as a sentence.
    key : str
        Name of the finding.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers would come from.

    Returns
    -------
    Finding
        Without any number.
    """
    return Finding(
        key=key,
        requirement="A3",
        headline=headline,
        sentence=say(
            "Prices and balances up to {quarter} do not tell. {reason}",
            quarter=write_quarter(quarter),
            reason=reason,
        ),
        action=say("Plan with no number here until more prices have moved apart."),
        verdict="not identified",
        unit=Unit.PERCENT_PER_POINT,
        nobs=0,
        period=str(quarter),
        source=source,
        reason=reason,
        importance=0.2,
    )
