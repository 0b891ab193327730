"""What the worth of customers takes for granted."""

from __future__ import annotations

from analysis.studies.appendix import Assumption
from analysis.studies.segment_profitability.lifetime.states import LEAST_IN_STATE
from analysis.units import write_number
from analysis.wording import say


def assume_about_lifetimes() -> list[Assumption]:
    """List what worth, stay and cost of customers rest on.

    Returns
    -------
    list of Assumption
        In the order of the report.
    """
    return [
        Assumption(
            say("Profit of a state, and chances of moving, stay as they are."),
            "amber",
            "red",
            say(
                "The trial on the year held out says how far profit strayed; worth is "
                "not a plan for margins."
            ),
        ),
        Assumption(
            say("Within a state customers do not differ in how they move."),
            "red",
            "red",
            say(
                "They do where the check of memory fails. In drawn worlds where half "
                "of the customers moved seven times as often as the others, the worth "
                "of the richest came out a quarter too low, and a memory of two "
                "quarters mended little of it."
            ),
        ),
        Assumption(
            say(
                "States of fewer than {least} customers are put with the tier below.",
                least=write_number(LEAST_IN_STATE),
            ),
            "green",
            "amber",
            say("Their chances could not be told; the richest are then averaged."),
        ),
        Assumption(
            say("A new customer is worth what others in the same state are."),
            "amber",
            "amber",
            say(
                "Whatever the way of winning; what new customers bring in the quarter "
                "of joining is left out."
            ),
        ),
    ]
