"""The page of all published quarters: where each is, and what moved since the last.

A pure function of the run.json files: the same files give the same page. Sources stand
side by side; a quarter is compared with the one published before it from its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from analysis.errors import BadInputError, Problem
from analysis.presentation.findings import Finding
from analysis.presentation.highlights import ARROWS
from analysis.quarter import Quarter, write_quarter
from analysis.reporting.durable import write_whole
from analysis.reporting.pages.changes import (
    Change,
    Comparison,
    Movement,
    compare_quarters,
)
from analysis.reporting.pages.index import judge_run, link_finding
from analysis.reporting.pages.index_page import Link
from analysis.reporting.pages.recorded_findings import restore_finding
from analysis.reporting.pages.webpage import fill_template
from analysis.reporting.pages.workbook import WORKBOOK
from analysis.reporting.parameters import SUMMARY
from analysis.reporting.publish import RECORD
from analysis.units import write_number
from analysis.wording import LANGUAGES, say, speak

PAGE = "index.html"
_SIGNS: dict[Movement, str] = {
    "up": ARROWS["up"],
    "down": ARROWS["down"],
    "found": "+",
    "lost": ARROWS["unknown"],
}


@dataclass(frozen=True, slots=True)
class PublishedQuarter:
    """A published quarter, as its record tells.

    Parameters
    ----------
    quarter : Quarter
        The quarter; its folder is called so too.
    record : mapping
        Content of its run.json.
    """

    quarter: Quarter
    record: Mapping[str, Any]

    @property
    def findings(self) -> dict[tuple[str, str], Finding]:
        """Every finding by study and key; the summary repeats them and is left out."""
        return {
            (study["name"], finding["key"]): restore_finding(finding)
            for study in self.record["studies"]
            for finding in study["findings"]
            if study["name"] != SUMMARY
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterEntry:
    """What the page says of one quarter.

    Parameters
    ----------
    quarter : str
        In the reader's words.
    address : str
        Its index page.
    status : {"final", "incomplete"}
        What a reader may do with it.
    run : str
        The run's number.
    left_out : tuple of str
        Reports left out, each with the reason.
    comparison : str
        What the comparison with the quarter before came to, in one sentence.
    changes : tuple of dict
        Sign, sentence, headline and address of each finding that moved.
    links : tuple of Link
        Where to go on.
    """

    quarter: str
    address: str
    status: str
    run: str
    left_out: tuple[str, ...]
    comparison: str
    changes: tuple[Mapping[str, str], ...]
    links: tuple[Link, ...]


def write_catalogue(outputs: Path) -> Path:
    """Write the page of all quarters that are published in a folder.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.

    Returns
    -------
    pathlib.Path
        The page, in the language of the newest quarter. Readers see the old page or
        the new one, never half of it.

    Raises
    ------
    BadInputError
        If a run.json can't be read.
    """
    page = render_catalogue(read_published(outputs))
    path = outputs / PAGE
    write_whole(path, page.encode())
    return path


def read_published(outputs: Path) -> tuple[PublishedQuarter, ...]:
    """Read the records of all quarters that are published in a folder.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.

    Returns
    -------
    tuple of PublishedQuarter
        Newest first.

    Raises
    ------
    BadInputError
        If a run.json can't be read.
    """
    found = [
        PublishedQuarter(Quarter.parse(path.parent.name), _read_record(path))
        for path in outputs.glob(f"????Q?/{RECORD}")
    ]
    return tuple(sorted(found, key=lambda published: published.quarter, reverse=True))


def render_catalogue(quarters: Sequence[PublishedQuarter]) -> str:
    """Write the page of all quarters.

    Parameters
    ----------
    quarters : sequence of PublishedQuarter
        Newest first, of any number of sources.

    Returns
    -------
    str
        One HTML page that asks nothing of a network.
    """
    newest = quarters[0].record if quarters else {}
    language = newest.get("language", LANGUAGES[0])
    with speak(language):
        title = say("Customer reports by quarter")
        return fill_template(
            "catalogue.html.j2",
            language=language,
            running=(title,),
            title=title,
            groups=list(_group_by_source(quarters)),
        )


def _group_by_source(
    quarters: Sequence[PublishedQuarter],
) -> Iterator[tuple[str, list[QuarterEntry]]]:
    names = dict.fromkeys(published.record["source"]["name"] for published in quarters)
    for name in names:
        own = [item for item in quarters if item.record["source"]["name"] == name]
        pairs = pairwise([*own, None])
        entries = [_describe(later, earlier) for later, earlier in pairs if later]
        yield own[0].record["source"]["title"], entries


def _describe(
    later: PublishedQuarter, earlier: PublishedQuarter | None
) -> QuarterEntry:
    folder, studies = str(later.quarter), later.record["studies"]
    comparison = Comparison(0, ())
    if earlier is not None:
        comparison = compare_quarters(
            earlier.findings,
            later.findings,
            earlier=earlier.quarter,
            later=later.quarter,
            same_language=_get_language(earlier) == _get_language(later),
        )
    return QuarterEntry(
        quarter=write_quarter(later.quarter),
        address=f"{folder}/{PAGE}",
        status=judge_run(study["status"] for study in studies),
        run=later.record["run"],
        left_out=tuple(s["reason"] for s in studies if s["status"] == "left out"),
        comparison=_tell(comparison, earlier),
        changes=tuple(_show_change(change, folder) for change in comparison.changes),
        links=tuple(_list_links(later.record, folder)),
    )


def _get_language(published: PublishedQuarter) -> str:
    return str(published.record.get("language", LANGUAGES[0]))


def _tell(comparison: Comparison, earlier: PublishedQuarter | None) -> str:
    if earlier is None:
        return say("The first quarter published from this source.")
    day = write_quarter(earlier.quarter)
    if not comparison.n_compared:
        return say("No finding stands here and in {earlier} too.", earlier=day)
    total = write_number(comparison.n_compared)
    if not comparison.changes:
        return say(
            "Nothing moved beyond its interval since {earlier}, of {total} findings.",
            earlier=day,
            total=total,
        )
    return say(
        "Moved since {earlier}: {n} of {total} findings.",
        earlier=day,
        n=write_number(len(comparison.changes)),
        total=total,
    )


def _show_change(change: Change, folder: str) -> dict[str, str]:
    return {
        "sign": _SIGNS[change.movement],
        "sentence": change.sentence,
        "headline": change.headline,
        "address": f"{folder}/{link_finding(*change.key)}",
    }


def _list_links(record: Mapping[str, Any], folder: str) -> Iterator[Link]:
    known = {*record.get("files", ())}
    known.update(name for study in record["studies"] for name in study["files"])
    yield Link(say("Reports"), f"{folder}/{PAGE}")
    if f"{SUMMARY}.pdf" in known:
        yield Link(say("Summary to print (PDF)"), f"{folder}/{SUMMARY}.pdf")
    if WORKBOOK in known:
        yield Link(say("All tables in one workbook (Excel)"), f"{folder}/{WORKBOOK}")


def _read_record(path: Path) -> Mapping[str, Any]:
    try:
        record: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        what = f"a record of a published quarter must be JSON: {error}."
        remedy = "Put the file back from where it is kept, or run the quarter again."
        raise BadInputError([Problem(what, str(path), remedy)]) from error
    return record
