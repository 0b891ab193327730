"""Whether satisfied customers stay: the chance of being gone a quarter later."""

from __future__ import annotations

from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.loyalty.outcomes import (
    FEWEST_EVENTS,
    Outcome,
    relate_outcome,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import write_number
from analysis.wording import say


def measure_leaving(
    links: LinkedAnswers | Refused, parameters: Parameters
) -> Outcome | Refused:
    """Estimate how the chance of leaving falls with satisfaction.

    Parameters
    ----------
    links : LinkedAnswers or Refused
        Answers, and who was still there a quarter later.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Outcome or Refused
        Refused where fewer than `FEWEST_EVENTS` left.
    """
    if isinstance(links, Refused):
        return links
    left = links.rows["left"].to_numpy(dtype=bool)
    if left.sum() < FEWEST_EVENTS:
        return Refused(
            say(
                "Fewer than {least} respondents left in the quarter after their "
                "answer, too few to tell what satisfaction has to do with it.",
                least=write_number(FEWEST_EVENTS),
            ),
            say("Ask more customers, or show more waves."),
            links.reported,
            links.source,
            len(left),
        )
    return relate_outcome(links, left, parameters)
