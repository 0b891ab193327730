"""The page that opens a quarter: what was found, in which reports, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.presentation.highlights import Highlight
from analysis.reporting.pages.webpage import fill_template


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere.

    Parameters
    ----------
    text : str
        What is read.
    address : str
        Relative to the page.
    """

    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One report of the quarter.

    Parameters
    ----------
    title, question : str
        The report's name and what it answers.
    html, pdf : str
        Addresses relative to the page; empty where the file was not made.
    failure : str
        Why the report is not whole; empty when it is.
    headlines : tuple of Link
        Headlines of the findings that matter most.
    tables : tuple of Link
        Its tables, one file each.
    """

    title: str
    question: str
    html: str
    pdf: str
    failure: str = ""
    headlines: tuple[Link, ...] = ()
    tables: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the head of a page about a quarter says.

    Parameters
    ----------
    title : str
        Heading of the page.
    quarter : str
        In the reader's words; empty on a page about several.
    source_title : str
        Name of the source of data.
    status : {"final", "incomplete", "draft"}
        What a reader may do with it.
    run : str
        The run's number.
    language : str
        Code of the language, for example "en" or "zh".
    """

    title: str
    quarter: str
    source_title: str
    status: str = "final"
    run: str = ""
    language: str = "en"


def render_index(
    entries: Sequence[IndexEntry],
    *,
    cover: Cover,
    highlights: Sequence[tuple[Highlight, str]] = (),
    left_out: Sequence[str] = (),
    facts: Sequence[tuple[str, str]] = (),
    files: Sequence[Link] = (),
) -> str:
    """Write the index page of a quarter.

    Parameters
    ----------
    entries : sequence of IndexEntry
        Reports in the order in which they are listed.
    cover : Cover
        Head of the page.
    highlights : sequence of (Highlight, str)
        Findings that matter most, each with the address of its evidence.
    left_out : sequence of str
        One sentence for each report that could not be made, saying why.
    facts : sequence of (str, str)
        How the run was done: label and text.
    files : sequence of Link
        Files of the quarter as a whole, such as its workbook.

    Returns
    -------
    str
        One HTML page that asks nothing of a network.
    """
    return fill_template(
        "index.html.j2",
        language=cover.language,
        running=(cover.title, cover.source_title),
        entries=tuple(entries),
        cover=cover,
        highlights=tuple(highlights),
        left_out=tuple(left_out),
        facts=tuple(facts),
        files=tuple(files),
    )
