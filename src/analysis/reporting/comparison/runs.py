"""Two runs beside each other: what went in, what they found, what they read.

A pure function of two records: the same two give the same comparison. The later run is
the one that is asked about; a restatement is a run of the same quarter and source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from analysis.reporting.comparison.findings import FindingChange, compare_findings
from analysis.reporting.comparison.inputs import (
    Explanation,
    InputChange,
    explain_restatement,
    list_input_changes,
)
from analysis.reporting.comparison.movement import Relation
from analysis.reporting.comparison.records import RecordedStudy, RunRecord
from analysis.reporting.comparison.tables import TableChange, compare_tables

_DONE = "completed"


@dataclass(frozen=True, slots=True)
class RunName:
    """Which run it is.

    Parameters
    ----------
    label : str
        As the reader names it: "2026Q3", "2026Q3@0a1b2c3d" or a path.
    quarter, run, source : str
        Quarter, number and name of the source, as recorded.
    """

    label: str
    quarter: str
    run: str
    source: str


@dataclass(frozen=True, slots=True)
class StudyChange:
    """A study that only one of the runs has completed.

    Parameters
    ----------
    study : str
        Its name.
    before, after : str
        What became of it, "absent" where the record does not know it.
    reason : str
        Why it is not there, as the record says.
    """

    study: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Two runs beside each other.

    Parameters
    ----------
    before, after : RunName
        The runs.
    relation : Relation
        What the later is to the earlier.
    inputs : tuple of InputChange
        What differs in the making.
    findings : tuple of FindingChange
        Every finding of either, by study, the most important first.
    studies : tuple of StudyChange
        Studies that appeared or left.
    tables : tuple of TableChange or None
        Every table that either has read; None where a record does not tell.
    explanations : tuple of Explanation
        Of a restatement: what explains the findings that moved, by study.
    """

    before: RunName
    after: RunName
    relation: Relation
    inputs: tuple[InputChange, ...]
    findings: tuple[FindingChange, ...]
    studies: tuple[StudyChange, ...]
    tables: tuple[TableChange, ...] | None
    explanations: tuple[Explanation, ...]


def compare_runs(
    before: RunRecord, after: RunRecord, *, labels: tuple[str, str]
) -> RunComparison:
    """Lay two runs beside each other.

    Parameters
    ----------
    before, after : RunRecord
        The records of the runs.
    labels : tuple of (str, str)
        How the reader names them.

    Returns
    -------
    RunComparison
        What differs, whether or not anything moved.
    """
    relation = relate(before, after)
    inputs = list_input_changes(before, after)
    findings = tuple(compare_findings(before, after, relation))
    tables = compare_tables(before.source.tables, after.source.tables)
    explanations: tuple[Explanation, ...] = ()
    if relation == "restatement":
        moved = [each.study for each in findings if each.is_moved]
        explanations = explain_restatement(moved, inputs, tables)
    names = zip(labels, (before, after), strict=True)
    earlier, later = (_name_run(label, record) for label, record in names)
    return RunComparison(
        before=earlier,
        after=later,
        relation=relation,
        inputs=inputs,
        findings=findings,
        studies=tuple(_compare_studies(before, after)),
        tables=tables,
        explanations=explanations,
    )


def relate(before: RunRecord, after: RunRecord) -> Relation:
    """Say what the later run is to the earlier.

    Parameters
    ----------
    before, after : RunRecord
        The records of the runs.

    Returns
    -------
    Relation
        Runs of two sources are never of the same customers.
    """
    if before.source.name != after.source.name:
        return "other quarter"
    if before.quarter == after.quarter:
        return "restatement"
    return "next quarter" if before.quarter.next == after.quarter else "other quarter"


def write_document(comparison: RunComparison) -> str:
    """Write a comparison for machines.

    Parameters
    ----------
    comparison : RunComparison
        Two runs beside each other.

    Returns
    -------
    str
        One JSON document, its names as the dataclasses have them, days as in ISO 8601.
    """
    content = asdict(comparison)
    return json.dumps(
        content, ensure_ascii=False, indent=1, allow_nan=False, default=str
    )


def _name_run(label: str, record: RunRecord) -> RunName:
    return RunName(label, str(record.quarter), record.run, record.source.name)


def _compare_studies(before: RunRecord, after: RunRecord) -> Iterator[StudyChange]:
    old, new = ({s.name: s for s in record.studies} for record in (before, after))
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        if _get_status(was) == _get_status(now):
            continue
        if _DONE in (_get_status(was), _get_status(now)):
            reasons = (s.reason for s in (now, was) if s is not None and s.reason)
            told = next(reasons, "")
            yield StudyChange(name, _get_status(was), _get_status(now), told)


def _get_status(study: RecordedStudy | None) -> str:
    return "absent" if study is None else study.status
