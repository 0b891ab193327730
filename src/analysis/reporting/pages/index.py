"""The index page of a quarter, from the records of its reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.presentation.highlights import Highlight, choose_highlights
from analysis.quarter import write_quarter
from analysis.reporting.pages.index_page import Cover, IndexEntry, Link, render_index
from analysis.reporting.pages.recorded_findings import restore_finding
from analysis.reporting.pages.webpage import name_finding
from analysis.reporting.pages.workbook import TABLES_FOLDER, WORKBOOK
from analysis.reporting.parameters import SUMMARY, load_study
from analysis.reporting.record import StudyRecord
from analysis.units import write_number
from analysis.wording import LANGUAGES, say

_N_HEADLINES = 3
_SHOWN_DIGITS = 12


def write_index(
    path: Path, run: Mapping[str, Any], records: Sequence[StudyRecord]
) -> None:
    """Write the page that opens a quarter.

    Parameters
    ----------
    path : pathlib.Path
        The file to write.
    run : mapping
        Quarter, run number and source, as in run.json; "files" and "tables" may
        name files of the quarter as a whole, and what the tables hold.
    records : sequence of StudyRecord
        What the run leaves of each study.
    """
    made = [record for record in records if record.status != "left out"]
    ordered = sorted(made, key=lambda record: record.name != SUMMARY)
    quarter = write_quarter(run["quarter"])
    page = render_index(
        [_describe(record, run.get("tables", {})) for record in ordered],
        cover=Cover(
            title=say("Customer reports {quarter}", quarter=quarter),
            quarter=quarter,
            source_title=run["source"]["title"],
            status=judge_run(record.status for record in records),
            run=run["run"],
            language=run.get("language", LANGUAGES[0]),
        ),
        highlights=_choose_highlights(made),
        left_out=[record.reason for record in records if record.status == "left out"],
        facts=list(_list_facts(run, records)),
        files=list(_list_files(run, records)),
    )
    path.write_text(page, "utf-8")


def judge_run(statuses: Iterable[str]) -> str:
    """Say what a reader may do with a quarter.

    Parameters
    ----------
    statuses : iterable of str
        What became of each study.

    Returns
    -------
    {"final", "incomplete"}
        Incomplete as soon as one study failed; one left out is named on the page.
    """
    return "incomplete" if "failed" in tuple(statuses) else "final"


def link_finding(study: str, key: str) -> str:
    """Give the address of a finding, from beside its report.

    Parameters
    ----------
    study : str
        Name of the study; its page is called so too.
    key : str
        Key of the finding.

    Returns
    -------
    str
        For example "segment_profitability.html#finding-top_20_profit_share".
    """
    return f"{study}.html#{name_finding(key)}"


def _describe(record: StudyRecord, tables: Mapping[str, str]) -> IndexEntry:
    files = {Path(name).suffix: name for name in record.files if "/" not in name}
    headlines = () if record.name == SUMMARY else tuple(_choose_headlines(record))
    return IndexEntry(
        title=record.title,
        question=say(load_study(record.name).QUESTION),
        html=files.get(".html", ""),
        pdf=files.get(".pdf", ""),
        failure=record.reason if record.status == "failed" else "",
        headlines=headlines if files.get(".html") else (),
        tables=tuple(
            Link(title, name)
            for name, title in tables.items()
            if name.startswith(f"{TABLES_FOLDER}/{record.name}/")
        ),
    )


def _choose_headlines(record: StudyRecord) -> Iterator[Link]:
    told = [f for f in record.findings if f["verdict"] != "not identified"]
    chosen = sorted(told, key=lambda finding: finding["importance"], reverse=True)
    for finding in chosen[:_N_HEADLINES]:
        address = link_finding(record.name, finding["key"])
        yield Link(str(finding["headline"]), address)


def _choose_highlights(records: Iterable[StudyRecord]) -> list[tuple[Highlight, str]]:
    findings = [
        # the address in place of the key tells the studies apart
        restore_finding(finding, key=link_finding(record.name, finding["key"]))
        for record in records
        for finding in record.findings
        if record.name != SUMMARY
    ]
    return [(entry, entry.key) for entry in choose_highlights(findings)]


def _list_facts(
    run: Mapping[str, Any], records: Sequence[StudyRecord]
) -> Iterator[tuple[str, str]]:
    finished = sum(record.status == "completed" for record in records)
    told = say(
        "{finished} of {planned} finished",
        finished=write_number(finished),
        planned=write_number(len(records)),
    )
    yield say("Data"), run["source"]["attribution"]
    yield say("Fingerprint of the data"), _shorten(run["source"].get("fingerprint", ""))
    yield say("Code"), run["code"]["commit"]
    yield say("Number of the run"), run["run"]
    yield say("Reports"), told


def _list_files(
    run: Mapping[str, Any], records: Sequence[StudyRecord]
) -> Iterator[Link]:
    known = {*run.get("files", ())}.union(*(record.files for record in records))
    if WORKBOOK in known:
        yield Link(say("All tables in one workbook (Excel)"), WORKBOOK)
    yield Link(say("Record of the run (JSON)"), "run.json")
    if run.get("edition", "management") == "management":
        yield Link(say("All quarters, and what changed"), "../index.html")


def _shorten(fingerprint: str) -> str:
    return fingerprint[:_SHOWN_DIGITS]
