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
                "Where those who have moved before move again, by more than the worth "
                "can bear, it is refused; the next year's profit is told all the same. "
                "In drawn worlds where half of the customers moved seven times as "
                "often as the others, a chain would put the worth of the richest a "
                "quarter too low."
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
