"""What fees, time taken and moved contacts take for granted."""

from __future__ import annotations

from analysis.studies.appendix import Assumption
from analysis.studies.segment_profitability.parameters import (
    DIGITAL_MINUTES,
    HORIZON_MONTHS,
    LOW_VALUE_SHARE,
    VULNERABLE_AGE,
)
from analysis.studies.segment_profitability.sentences import write_share
from analysis.units import write_number
from analysis.wording import say


def assume_about_levers() -> list[Assumption]:
    """List what the findings on levers rest on.

    Returns
    -------
    list of Assumption
        On fees, on vulnerable customers, on low value and digital contacts.
    """
    return [
        Assumption(
            say(
                "A fee is weighed over {months} months; who leaves is lost at the "
                "cost that can be saved.",
                months=write_number(HORIZON_MONTHS),
            ),
            "amber",
            "amber",
            say(
                "Later years, and customers who would have risen, are not counted: the "
                "finding says what a lost customer may be worth. Effects of the trial "
                "are taken to last."
            ),
        ),
        Assumption(
            say(
                "Vulnerable are customers of {age} and older without the app.",
                age=write_number(VULNERABLE_AGE),
            ),
            "amber",
            "green",
            say("A judgement: put the bank's own definition here."),
        ),
        Assumption(
            say(
                "Of low value are the {share} of customers with least income; a "
                "contact of at most {minutes} minutes of work is digital.",
                share=write_share(LOW_VALUE_SHARE),
                minutes=write_number(DIGITAL_MINUTES),
            ),
            "amber",
            "green",
            say("Round limits: other ones move the shares, not who is served where."),
        ),
    ]
