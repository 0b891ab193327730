"""What stands in for a result that a source or a survey cannot give."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.presentation.findings import Finding
from analysis.units import Unit
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class Refused:
    """A result that is not identified.

    Parameters
    ----------
    reason : str
        Why, as a sentence that a manager understands.
    remedy : str
        What to do to get the result, as a sentence.
    period, source : str
        Quarter, and tables, that would have been described.
    nobs : int
        Observations that were there, too few as they may be.
    """

    reason: str
    remedy: str
    period: str
    source: str
    nobs: int = 0


def refuse(refused: Refused, *, key: str, requirement: str, question: str) -> Finding:
    """Say that a question cannot be answered.

    Parameters
    ----------
    refused : Refused
        The reason.
    key, requirement : str
        Of the finding.
    question : str
        What cannot be said, as a headline.

    Returns
    -------
    Finding
        Without a number.
    """
    return Finding(
        key=key,
        requirement=requirement,
        headline=question,
        sentence=say("{reason} No number is given.", reason=refused.reason),
        action=refused.remedy,
        verdict="not identified",
        unit=Unit.COUNT,
        nobs=refused.nobs,
        period=refused.period,
        source=refused.source,
        reason=refused.reason,
        importance=0.1,
    )
