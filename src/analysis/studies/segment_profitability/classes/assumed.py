"""What kinds and classes of customers take for granted."""

from __future__ import annotations

from analysis.studies.appendix import Assumption
from analysis.wording import say


def assume_about_classes() -> list[Assumption]:
    """List what kinds and classes of customers rest on.

    Returns
    -------
    list of Assumption
        For the table of assumptions.
    """
    return [
        Assumption(
            say("An activity that most sleeping customers have is the bank's own."),
            "amber",
            "amber",
            say(
                "Events do not say who began them; what the bank does for everybody, "
                "such as a statement, would wake all. Where nobody is said to sleep, "
                "what nearly all customers have counts as the bank's."
            ),
        ),
        Assumption(
            say(
                "Classes follow the source's words with limits of ours: the top fifth "
                "by balance, the middle by assets and contacts."
            ),
            "red",
            "amber",
            say(
                "The words name no amounts. Put the bank's own limits here; the check "
                "against profit then judges those."
            ),
        ),
        Assumption(
            say("Kinds are found on customers drawn at random and given to all."),
            "green",
            "green",
            say(
                "A kind of a few hundredths of the customers may be missed; a kind "
                "that is found is tested by drawing again."
            ),
        ),
    ]
