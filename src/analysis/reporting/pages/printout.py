"""A report as PDF: tagged for screen readers, with packaged fonts only, no clock.

Typst sets the pages under the PDF/UA-1 rules; a character that no packaged font holds
stops the export, so that no report is published with a hole in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import manimgx_fonts_cjk  # type: ignore[import-untyped]
import typst

from analysis.errors import RunFailedError
from analysis.presentation.highlights import Highlight, choose_highlights
from analysis.presentation.rendering.typst_calls import quote
from analysis.quarter import write_quarter
from analysis.reporting.pages.blocks import Document, Item
from analysis.reporting.pages.page_plan import Galley, PlannedPage, plan_pages
from analysis.reporting.pages.recorded_findings import restore_finding
from analysis.reporting.pages.typst_blocks import (
    Part,
    TypstBlock,
    name_place,
    write_blocks,
)
from analysis.reporting.pages.webpage import STATUSES, judge_document
from analysis.wording import say

_ONE_PAGE_SIZES = (8.5, 8.0, 7.5)
"""Sizes of type, in points, tried in turn until a one-page report fits its page."""

_REPORT_SIZE = 9.5
_LONG_REPORT = 14
"""Items shown from which a report gets a list of contents."""

_POINTS_PER_CM = 72 / 2.54
_TOP = 2.3 * _POINTS_PER_CM
"""Upper margin of a page of a report, as the template sets it."""
_HEIGHT = (29.7 - 2.3 - 2.0) * _POINTS_PER_CM
"""Height of the text of a page of a report, as the template sets it."""
_DAY = "datetime(year: {}, month: {}, day: {})"
_REGIONS = {"zh": "CN", "en": "GB"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Printout:
    """A finished PDF.

    Parameters
    ----------
    content : bytes
        The file.
    page_count : int
        Its pages.
    """

    content: bytes
    page_count: int


def print_document(document: Document) -> Printout:
    """Set a report as PDF/UA-1.

    Parameters
    ----------
    document : Document
        The report; its code is left out.

    Returns
    -------
    Printout
        The same document gives the same bytes.

    Raises
    ------
    RunFailedError
        If a character has no glyph in the packaged fonts, or a page cannot be set.
    """
    blocks = write_blocks(document)
    if document.layout == "report":
        pages = _plan(document, blocks)
        return _set_type(document, write_typst(document, blocks, pages=pages), _print)
    for size in _ONE_PAGE_SIZES:
        printout = _set_type(document, write_typst(document, blocks, size=size), _print)
        if printout.page_count == 1:
            break
    return printout


def write_typst(
    document: Document,
    blocks: Sequence[TypstBlock],
    *,
    pages: Sequence[PlannedPage] = (),
    size: float = _REPORT_SIZE,
    is_galley: bool = False,
) -> str:
    """Write the Typst source of a report, template included.

    Parameters
    ----------
    document : Document
        The report.
    blocks : sequence of TypstBlock
        What it holds.
    pages : sequence of PlannedPage
        Where its pages begin; the typesetter breaks the others.
    size : float
        Size of its type in points.
    is_galley : bool
        Whether it is set on one page as long as itself, to be measured.

    Returns
    -------
    str
        One source that needs no other file.
    """
    template = (files("analysis.reporting") / "template" / "report.typ").read_text(
        "utf-8"
    )
    arguments = {
        **dict(_list_page(document)),
        "size": f"{size}pt",
        "galley": _boolean(is_galley),
    }
    listed = ",\n".join(f"  {name}: {value}" for name, value in arguments.items())
    body = "\n\n".join(_place_blocks(blocks, pages, is_galley))
    return f"{template}\n#show: qb-report.with(\n{listed},\n)\n\n{body}\n"


def _list_page(document: Document) -> Iterator[tuple[str, str]]:
    (question, *facts) = [*document.facts] or [("", "")]
    run = say("Run {number}", number=document.run) if document.run else ""
    yield "title", quote(document.title)
    yield "author", quote(document.source_title)
    day = map(int, document.date.split("-")) if document.date else ()
    yield "date", _DAY.format(*day) if document.date else "none"
    quarter = write_quarter(document.quarter) if document.quarter else ""
    status = judge_document(document)
    yield "quarter", quote(quarter)
    yield "running", _write_words((quarter, document.source_title))
    yield "imprint", _write_words((say(STATUSES[status]), run))
    yield "is-final", _boolean(status == "final")
    yield "question", quote(question[1])
    yield "facts", _array(_array(map(quote, fact)) for fact in facts)
    yield from _list_language(document.language)
    yield (
        "page-of",
        quote(say("Page {page} of {pages}", page="{page}", pages="{pages}")),
    )
    yield "compact", _boolean(document.layout == "one-page")
    if document.layout == "report":
        yield "contents", quote(say("Contents") if _is_long(document) else "")
        yield "in-brief", quote(say("At a glance"))
        yield "on-page", quote(say("page {page}", page="{page}"))
        yield "highlights", _array(map(_write_highlight, _choose(document)))


def _list_language(language: str) -> Iterator[tuple[str, str]]:
    main, _, region = language.partition("-")
    region = region or _REGIONS.get(main, "")
    yield "language", quote(main)
    yield "region", quote(region.lower()) if region else "none"


def _is_long(document: Document) -> bool:
    shown = sum(isinstance(block, Item) for block in document.all_blocks)
    return shown >= _LONG_REPORT


def _choose(document: Document) -> Sequence[Highlight]:
    findings = [
        restore_finding(block.content)
        for block in document.all_blocks
        if isinstance(block, Item) and block.kind == "finding"
    ]
    return choose_highlights(findings)


def _write_highlight(highlight: Highlight) -> str:
    return _array(
        (
            quote(highlight.direction),
            quote(highlight.arrow),
            quote(highlight.direction_words),
            quote(highlight.headline),
            quote(highlight.measure),
            quote(highlight.size),
            quote(highlight.interval),
            quote(highlight.action),
            f"label({quote(name_place(highlight.key))})",
        )
    )


def _place_blocks(
    blocks: Sequence[TypstBlock], pages: Sequence[PlannedPage], is_galley: bool
) -> Iterator[str]:
    begun = {page.first: page for page in pages}
    part: Part = "body"
    for place, block in enumerate(blocks):
        if place in begun:
            page = begun[place]
            if page.is_forced:
                yield "#pagebreak(weak: true)"
            yield f"#qb-charts({page.scale:.4f})"
        if is_galley and not block.part == part == "reference":
            yield '#qb-place("block")'
        if block.part != part:
            yield from _open_part(part, block.part)
            part = block.part
        yield block.galley if is_galley else block.source


def _open_part(left: Part, entered: Part) -> Iterator[str]:
    if left == "body":
        yield f"#show: qb-appendix.with({quote(say('Appendix'))})"
    if entered == "reference":
        yield "#show: qb-reference"


def _plan(document: Document, blocks: Sequence[TypstBlock]) -> tuple[PlannedPage, ...]:
    """Set the report on one long page and choose from it where its pages begin."""
    source = write_typst(document, blocks, is_galley=True)
    marks = _set_type(document, source, _measure)
    galley = tuple(_read_galley(blocks, marks))
    return plan_pages(galley, start=_TOP, height=_HEIGHT)


def _read_galley(
    blocks: Sequence[TypstBlock], marks: Sequence[tuple[str, float]]
) -> Iterator[Galley]:
    planned = list(_list_planned(blocks))
    kinds = [kind for kind, _ in marks]
    starts = [n for n, kind in enumerate(kinds) if kind == "block"]
    end = kinds.index("end")
    before = TypstBlock("", "")
    for block, start, stop in zip(planned, starts, [*starts, end][1:], strict=True):
        inside = marks[start + 1 : stop]
        yield Galley(
            top=marks[start][1],
            bottom=marks[stop][1],
            may_begin_page=not before.leads_to(block),
            parts_finding=before.kind == "finding" and not block.starts_section,
            drawing=sum(height for kind, height in inside if kind == "drawing"),
            rows=tuple(top for kind, top in inside if kind == "row"),
            is_table=block.kind == "table",
        )
        before = block


def _list_planned(blocks: Sequence[TypstBlock]) -> Iterator[TypstBlock]:
    """List the blocks that pages can begin with; the reference part is one of them."""
    part: Part = "body"
    for block in blocks:
        if not block.part == part == "reference":
            yield block
        part = block.part


def _set_type(
    document: Document, source: str, compile_source: Callable[[typst.Compiler], _T]
) -> _T:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.typ"
        path.write_text(source, "utf-8")
        try:
            compiler = typst.Compiler(
                path,
                root=folder,
                font_paths=_find_fonts(),
                ignore_system_fonts=True,
            )
            return compile_source(compiler)
        # of a query the compiler only says what went wrong, in a plain RuntimeError
        except (typst.TypstError, RuntimeError) as error:
            raise RunFailedError(_explain(document, error)) from error


def _print(compiler: typst.Compiler) -> Printout:
    content: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    page_count = compiler.query("<qb-page-count>", field="value", one=True)
    return Printout(content, int(page_count))


def _measure(compiler: typst.Compiler) -> list[tuple[str, float]]:
    marks = json.loads(compiler.query("<qb-place>", field="value"))
    return [(str(kind), float(place)) for kind, place in marks]


@cache
def _find_fonts() -> Any:  # noqa: ANN401 - typst gives no name to its font book
    folder = Path(manimgx_fonts_cjk.__file__).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _explain(document: Document, error: Exception) -> str:
    detail = str(error)
    if isinstance(error, typst.TypstError):
        hints = "; ".join(error.hints)
        detail = f"{error.message} ({hints})" if hints else error.message
    told = f"The PDF of {document.title!r} can't be made: {detail}."
    if "displayed" not in detail:
        return told
    advice = "without a glyph must be taken out of the data or the notebook."
    return f"{told} A character {advice}"


def _write_words(words: Iterable[str]) -> str:
    return _array(quote(word) for word in words if word)


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
