"""What a report is made of, before it has a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from analysis.presentation.show import Kind

Layout = Literal["report", "one-page"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A Markdown cell.

    Parameters
    ----------
    text : str
        Its source.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A finding, table, chart or note that the notebook has shown.

    Parameters
    ----------
    kind : {"finding", "table", "chart", "note"}
        What was shown.
    html, typst : str
        The fragment in each form, without the notebook's own style.
    content : dict
        The same as data.
    """

    kind: Kind
    html: str
    typst: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Code:
    """A code cell's source.

    Parameters
    ----------
    text : str
        The source.
    is_setting : bool
        Whether it holds the parameters of the run.
    """

    text: str
    is_setting: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """Text that a cell wrote.

    Parameters
    ----------
    text : str
        As it was written.
    is_message : bool
        Whether it was a warning or a message rather than a result.
    """

    text: str
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that did not come through `show`.

    Parameters
    ----------
    format : str
        "png", "jpeg" or "svg+xml".
    data : str
        Base64 text, or the source of an SVG.
    alt : str
        All that is known about it.
    """

    format: str
    data: str
    alt: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell that stopped with an error.

    Parameters
    ----------
    cell : int
        Number of the run, as the notebook shows it in brackets, or its place.
    name, message : str
        Class of the error and what it says.
    """

    cell: int
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Details:
    """Evidence that is looked up: folded in a page, in the appendix of a PDF.

    Parameters
    ----------
    name : str
        What it is about, most often the question of its section.
    blocks : tuple of Block
        What it holds.
    """

    name: str
    blocks: tuple[Block, ...]


Block = Prose | Item | Code | Printed | Picture | Failure | Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report before it has a form.

    Parameters
    ----------
    title : str
        The report's name.
    facts : tuple of (str, str)
        Label and text from under the title; the first is the question.
    blocks : tuple of Block
        The rest, in the notebook's order.
    quarter, source_title, status, run : str
        What the run said about itself; empty where unknown.
    language : str
        Code of the language, for example "en" or "zh".
    date : str
        Day of the run's code or as the bank sets it, "2026-11-22"; empty where unknown.
    layout : {"report", "one-page"}
        Whether the PDF is set to fit one page.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    quarter: str = ""
    source_title: str = ""
    status: str = ""
    run: str = ""
    language: str = "en"
    date: str = ""
    layout: Layout = "report"

    @property
    def all_blocks(self) -> Iterator[Block]:
        """Every block in the notebook's order, those of details among them."""
        for block in self.blocks:
            yield from block.blocks if isinstance(block, Details) else (block,)
