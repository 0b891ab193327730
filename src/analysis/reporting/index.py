"""The index page of a quarter, from the records of its reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.reporting.index_page import IndexEntry, render_index
from analysis.reporting.parameters import SUMMARY, load_study
from analysis.reporting.record import StudyRecord
from analysis.wording import say

_N_HEADLINES = 3


def write_index(
    path: Path, run: Mapping[str, Any], records: Sequence[StudyRecord]
) -> None:
    """Write the page that opens a quarter.

    Parameters
    ----------
    path : pathlib.Path
        The file to write.
    run : mapping
        Quarter, run number and source, as in run.json.
    records : sequence of StudyRecord
        What the run leaves of each study.
    """
    ordered = sorted(records, key=lambda record: record.name != SUMMARY)
    page = render_index(
        [_describe(record) for record in ordered],
        title=say("Customer reports {quarter}", quarter=run["quarter"]),
        quarter=run["quarter"],
        source_title=run["source"]["title"],
        facts=[
            (say("Status"), _judge(records)),
            (say("Run"), run["run"]),
            (say("Code"), run["code"]["commit"]),
            (say("Data"), run["source"]["attribution"]),
        ],
    )
    path.write_text(page, "utf-8")


def _describe(record: StudyRecord) -> IndexEntry:
    completed = record.status == "completed"
    files = {Path(name).suffix: name for name in record.files if "/" not in name}
    return IndexEntry(
        title=record.title,
        question=load_study(record.name).QUESTION,
        html=files.get(".html", ""),
        pdf=files.get(".pdf", ""),
        status=record.status,
        headlines=tuple(_choose_headlines(record)) if record.name != SUMMARY else (),
        left_out="" if completed else record.reason,
    )


def _choose_headlines(record: StudyRecord) -> Iterator[str]:
    told = [f for f in record.findings if f["verdict"] != "not identified"]
    chosen = sorted(told, key=lambda finding: finding["importance"], reverse=True)
    for finding in chosen[:_N_HEADLINES]:
        yield str(finding["headline"])


def _judge(records: Sequence[StudyRecord]) -> str:
    failed = [record for record in records if record.status == "failed"]
    if failed:
        return say("Incomplete: not to be circulated")
    return say("Complete")
