"""What must a manager know this quarter? The findings of the other studies, ranked.

It estimates nothing: each finding is read as data from the executed notebooks, where
the study that computed it left it, and links to its evidence there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import Field

from analysis.data.mapping_files import find_project_root
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.disclosure import release_public
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.show import read_shown
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.settings import StudyParameters
from analysis.units import Unit
from analysis.wording import join_names, mark, say

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "Reports",
    "describe_run",
    "digest",
    "note_missing",
    "rank_findings",
    "read_reports",
    "tabulate_refused",
]

TITLE = mark("Quarterly summary")
QUESTION = mark("What must a manager know this quarter, and do about it?")
OWNER = mark("Customer analytics")
TABLES: tuple[str, ...] = ()
OPTIONAL_TABLES: tuple[str, ...] = ()
SELF = "quarterly_summary"
_N_REFUSED = 4


class Parameters(StudyParameters):
    """What the summary is made of.

    Parameters
    ----------
    quarter : str
        Quarter reported.
    run_folder : str
        Folder of the run to be summed up; empty for the published quarter.
    n_findings : int
        How many findings the page holds.
    """

    run_folder: str = Field(
        "", description=mark("Folder of the run; empty for the published quarter.")
    )
    n_findings: int = Field(
        5, ge=1, le=20, description=mark("Findings on the page, a count.")
    )


@dataclass(frozen=True, slots=True)
class Reports:
    """What the other studies have found.

    Parameters
    ----------
    quarter : str
        Quarter reported.
    entries : tuple of DigestEntry
        Every finding, in the order of the reports.
    """

    quarter: str
    entries: tuple[DigestEntry, ...]


def read_reports(parameters: Parameters) -> Reports:
    """Read the findings that the executed notebooks of a run hold.

    Parameters
    ----------
    parameters : Parameters
        Names the quarter and, while it runs, its folder.

    Returns
    -------
    Reports
        Every finding; none when the quarter has not been run.
    """
    folder = _find_run(parameters) / "notebooks"
    entries = tuple(
        entry
        for path in sorted(folder.glob("*.ipynb"))
        if path.stem != SELF
        for entry in _read_entries(path)
    )
    return Reports(parameters.quarter, entries)


def rank_findings(reports: Reports, parameters: Parameters) -> tuple[DigestEntry, ...]:
    """Choose the findings of the page: the top one of each study, then by importance.

    Parameters
    ----------
    reports : Reports
        Every finding.
    parameters : Parameters
        Says how many are chosen.

    Returns
    -------
    tuple of DigestEntry
        Most important first; a clear change goes before an equal without one. What
        is not identified is not ranked.
    """
    told = [e for e in reports.entries if e.finding.verdict != "not identified"]
    ordered = sorted(told, key=_weigh, reverse=True)
    first_of_study = {entry.study: entry for entry in reversed(ordered)}
    chosen = [entry for entry in ordered if first_of_study[entry.study] is entry]
    chosen += [entry for entry in ordered if entry not in chosen]
    return tuple(sorted(chosen[: parameters.n_findings], key=_weigh, reverse=True))


def digest(entries: Sequence[DigestEntry], reports: Reports) -> Digest | Note:
    """Give the page's findings, or say that there are none.

    Parameters
    ----------
    entries : sequence of DigestEntry
        The findings chosen.
    reports : Reports
        Names the quarter.

    Returns
    -------
    Digest or Note
        What the page shows.
    """
    if not entries:
        sentence = say(
            "No report of {quarter} has been run yet: run it, then open this page.",
            quarter=write_quarter(reports.quarter),
        )
        return Note(sentence)
    return Digest(tuple(entries))


def note_missing(reports: Reports, entries: Sequence[DigestEntry]) -> Note:
    """Say how many findings the page leaves to the reports.

    Parameters
    ----------
    reports : Reports
        Every finding.
    entries : sequence of DigestEntry
        The findings chosen.

    Returns
    -------
    Note
        One sentence.
    """
    if not reports.entries:
        return Note(say("There are no findings to count."))
    titles = join_names(list(dict.fromkeys(entry.title for entry in reports.entries)))
    sentence = say(
        "This page shows {shown} of {total} findings; for the others see {titles}.",
        shown=len(entries),
        total=len(reports.entries),
        titles=titles,
    )
    return Note(sentence)


def tabulate_refused(reports: Reports) -> DisplayTable | Note:
    """Show what the data could not tell, and why.

    Parameters
    ----------
    reports : Reports
        Every finding.

    Returns
    -------
    DisplayTable or Note
        One row per finding that is not identified, the weightiest of them.
    """
    refused = [e for e in reports.entries if e.finding.verdict == "not identified"]
    if not refused:
        return Note(say("Every question asked could be answered from the data."))
    shown = sorted(refused, key=_weigh, reverse=True)[:_N_REFUSED]
    rows = pd.DataFrame(
        [(e.finding.headline, e.finding.reason, e.title) for e in shown],
        columns=["question", "reason", "report"],
    )
    columns = (
        DisplayColumn("question", say("What could not be told")),
        DisplayColumn("reason", say("Why")),
        DisplayColumn("report", say("Report")),
    )
    title = say("Questions that the data could not answer")
    if len(shown) < len(refused):
        title = say(
            "The weightiest {shown} of {total} questions that the data could not "
            "answer",
            shown=len(shown),
            total=len(refused),
        )
    return DisplayTable(
        title=title,
        released=release_public(rows, reason="findings already released"),
        columns=columns,
        source=say("The reports of the quarter"),
    )


def describe_run(reports: Reports, parameters: Parameters) -> Note:
    """Say what the page was made of.

    Parameters
    ----------
    reports : Reports
        Every finding.
    parameters : Parameters
        What the page was made with.

    Returns
    -------
    Note
        One sentence.
    """
    sentence = say(
        "Made for {quarter} (findings: {findings}, studies: {studies}); the "
        "parameters, data and code of the run are in run.json.",
        quarter=write_quarter(parameters.quarter),
        findings=len(reports.entries),
        studies=len({entry.study for entry in reports.entries}),
    )
    return Note(sentence)


def _find_run(parameters: Parameters) -> Path:
    if parameters.run_folder:
        return Path(parameters.run_folder)
    return find_project_root() / "outputs" / parameters.quarter


def _read_entries(path: Path) -> list[DigestEntry]:
    notebook = json.loads(path.read_text("utf-8"))
    title = str(notebook["metadata"]["quarterbook"]["title"])
    return [
        DigestEntry(Finding(**(data | {"unit": Unit(data["unit"])})), path.stem, title)
        for data in read_shown(notebook, "finding")
    ]


def _weigh(entry: DigestEntry) -> tuple[float, bool]:
    moved = {"rose", "fell"} & {entry.finding.verdict, entry.finding.change}
    return entry.finding.importance, bool(moved)
