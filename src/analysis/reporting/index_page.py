"""The page that opens a quarter: its reports, what they found and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.reporting.webpage import fill_template


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One report of the quarter.

    Parameters
    ----------
    title, question : str
        The report's name and what it answers.
    html, pdf : str
        Addresses relative to the page; empty where the file was not made.
    status : str
        "completed", or what became of it instead.
    headlines : tuple of str
        Headlines of the findings that matter most.
    left_out : str
        What the report could not say; empty when nothing was left out.
    """

    title: str
    question: str
    html: str
    pdf: str
    status: str = "completed"
    headlines: tuple[str, ...] = ()
    left_out: str = ""


def render_index(
    entries: Sequence[IndexEntry],
    *,
    title: str,
    quarter: str,
    source_title: str,
    language: str = "en",
    facts: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the index page of a quarter.

    Parameters
    ----------
    entries : sequence of IndexEntry
        Reports in the order in which they are listed.
    title : str
        Heading of the page.
    quarter : str
        For example "2026Q3".
    source_title : str
        Name of the source of data.
    language : str
        Code of the language, for example "en" or "zh".
    facts : sequence of (str, str)
        Label and text for the lines under the heading, such as the run's number.

    Returns
    -------
    str
        One HTML page that asks nothing of a network.
    """
    return fill_template(
        "index.html.j2",
        entries=tuple(entries),
        title=title,
        quarter=quarter,
        source_title=source_title,
        language=language,
        facts=tuple(facts),
    )
