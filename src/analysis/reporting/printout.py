"""A report as PDF: tagged for screen readers, with packaged fonts only, no clock.

Typst sets the pages under the PDF/UA-1 rules; a character that no packaged font holds
stops the export, so that no report is published with a hole in it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import manimgx_fonts_cjk  # type: ignore[import-untyped]
import typst

from analysis.errors import RunFailedError
from analysis.presentation.rendering_typst import quote
from analysis.reporting.blocks import (
    Block,
    Document,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.reporting.markdown import convert_cells
from analysis.wording import say

_ONE_PAGE_SIZES = (8.5, 8.0, 7.5)
"""Sizes of type, in points, tried in turn until a one-page report fits its page."""

_REPORT_SIZE = 9.5
_LONG_REPORT = 14
"""Items shown from which a report gets a list of contents."""


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
    one_page = document.layout == "one-page"
    for size in _ONE_PAGE_SIZES if one_page else (_REPORT_SIZE,):
        printout = _set_type(document, size)
        if printout.page_count == 1:
            break
    return printout


def _set_type(document: Document, size: float) -> Printout:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "report.typ"
        source.write_text(write_typst(document, size), "utf-8")
        try:
            return _compile(source)
        except typst.TypstError as error:
            raise RunFailedError(_explain(document, error)) from error


def write_typst(document: Document, size: float = _REPORT_SIZE) -> str:
    """Write the Typst source of a report, template included.

    Parameters
    ----------
    document : Document
        The report.
    size : float
        Size of its type in points.

    Returns
    -------
    str
        One source that needs no other file.
    """
    template = (files("analysis.reporting") / "template" / "report.typ").read_text(
        "utf-8"
    )
    arguments = ",\n".join(
        f"  {name}: {value}" for name, value in _list_page(document, size)
    )
    body = "\n\n".join(_write_blocks(document.blocks))
    return f"{template}\n#show: qb-report.with(\n{arguments},\n)\n\n{body}\n"


def _list_page(document: Document, size: float) -> Iterator[tuple[str, str]]:
    facts = (f"({quote(label)}, {quote(text)}, )" for label, text in document.facts)
    shown = sum(isinstance(block, Item) for block in document.blocks)
    is_long = shown >= _LONG_REPORT and document.layout == "report"
    run = f"{say('Run')} {document.run}" if document.run else ""
    imprint = (run, document.status)
    yield "title", quote(document.title)
    yield "author", quote(document.source_title)
    yield "source", quote(document.source_title)
    yield "quarter", quote(document.quarter)
    yield "facts", "(" + "".join(f"{fact}, " for fact in facts) + ")"
    yield "imprint", quote(", ".join(part for part in imprint if part))
    yield "language", quote(document.language.split("-")[0])
    yield "contents", quote(say("Contents") if is_long else "")
    yield "page-word", quote(say("Page"))
    yield "size", f"{size}pt"
    yield "compact", "true" if document.layout == "one-page" else "false"


def _write_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    listed = list(blocks)
    texts = [block.text for block in listed if isinstance(block, Prose)]
    prose = iter(convert_cells(texts, "typst"))
    has_section = False
    for block in listed:
        if isinstance(block, Prose):
            written = next(prose)
            has_section = has_section or _has_heading(written)
            yield written
            continue
        if not has_section and isinstance(block, Item) and block.kind == "finding":
            has_section = True
            yield f"#heading(level: 1, {quote(say('Findings'))})"
        yield _write_block(block)


def _has_heading(written: str) -> bool:
    return any(line.startswith("= ") for line in written.splitlines())


def _write_block(block: Block) -> str:
    if isinstance(block, Item):
        return block.typst
    if isinstance(block, Printed):
        return "" if block.is_message else f"#qb-printed({quote(block.text)})"
    if isinstance(block, Picture):
        return _write_picture(block)
    if isinstance(block, Failure):
        head = say(
            "Cell {cell} failed: {name}", cell=f"[{block.cell}]", name=block.name
        )
        return f"#qb-failure({quote(head)}, {quote(block.message)})"
    return ""


def _write_picture(picture: Picture) -> str:
    if picture.format == "svg+xml":
        drawing, kind = quote(picture.data), "svg"
    else:
        numbers = base64.b64decode(picture.data)
        drawing = "(" + "".join(f"{number}," for number in numbers) + ")"
        kind = {"png": "png", "jpeg": "jpg"}[picture.format]
    return f"#qb-picture({drawing}, {quote(kind)}, {quote(picture.alt)})"


def _compile(source: Path) -> Printout:
    compiler = typst.Compiler(
        source,
        root=source.parent,
        font_paths=_find_fonts(),
        ignore_system_fonts=True,
    )
    content: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    page_count = compiler.query("<qb-page-count>", field="value", one=True)
    return Printout(content, int(page_count))


@cache
def _find_fonts() -> Any:  # noqa: ANN401 - typst gives no name to its font book
    folder = Path(manimgx_fonts_cjk.__file__).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _explain(document: Document, error: typst.TypstError) -> str:
    hints = "; ".join(error.hints)
    detail = f"{error.message} ({hints})" if hints else error.message
    return (
        f"The PDF of {document.title!r} can't be made: {detail}. "
        "A character without a glyph must be taken out of the data or the notebook."
    )
