"""What stands in for a result that a source cannot give."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.data.sources import Tables
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.units import Unit
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class Missing:
    """A result that is not identified.

    Parameters
    ----------
    reason, remedy : str
        Why, and what to do to get it, each a sentence.
    quarter, source : str
        What would have been described.
    nobs : int
        Observations that there are.
    """

    reason: str
    remedy: str
    quarter: str
    source: str
    nobs: int = 0


def miss(
    tables: Tables, parameters: Parameters, reason: str, remedy: str, nobs: int = 0
) -> Missing:
    """Say why a result is missing.

    Parameters
    ----------
    tables : Tables
        Of the source.
    parameters : Parameters
        The quarter reported.
    reason, remedy : str
        Sentences.
    nobs : int
        Observations that there are.

    Returns
    -------
    Missing
        In place of the result.
    """
    source = tables.source.attribution or tables.source.title
    return Missing(reason, remedy, parameters.quarter, source, nobs)


def refuse(missing: Missing, *, key: str, requirement: str, headline: str) -> Finding:
    """Say that a question has no answer here.

    Parameters
    ----------
    missing : Missing
        The reason.
    key, requirement, headline : str
        Of the finding.

    Returns
    -------
    Finding
        Without a number.
    """
    return Finding(
        key=key,
        requirement=requirement,
        headline=headline,
        sentence=say("{reason} No number is given.", reason=missing.reason),
        action=missing.remedy,
        verdict="not identified",
        unit=Unit.COUNT,
        nobs=missing.nobs,
        period=missing.quarter,
        source=missing.source,
        reason=missing.reason,
        importance=0.1,
    )


def note(missing: Missing) -> Note:
    """Give the reason as a note, in place of a chart or a table.

    Parameters
    ----------
    missing : Missing
        The reason.

    Returns
    -------
    Note
        One sentence.
    """
    return Note(missing.reason)
