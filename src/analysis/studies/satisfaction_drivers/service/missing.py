"""What stands in for a result that a source cannot give."""

from __future__ import annotations

from analysis.data.sources import Tables
from analysis.presentation.notes import Note
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused


def miss(
    tables: Tables, parameters: Parameters, reason: str, remedy: str, nobs: int = 0
) -> Refused:
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
    Refused
        In place of the result.
    """
    source = tables.source.attribution or tables.source.title
    return Refused(reason, remedy, parameters.quarter, source, nobs)


def note(missing: Refused) -> Note:
    """Give the reason as a note, in place of a chart or a table.

    Parameters
    ----------
    missing : Refused
        The reason.

    Returns
    -------
    Note
        One sentence.
    """
    return Note(missing.reason)
