"""An executed notebook as what a report holds: title, facts and blocks in order.

Only outputs that `show` wrote are taken over with their markup. Everything else that a
cell printed is text, and an error is its name and message without the traceback.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from typing import Any

from analysis.presentation.show import KINDS, TYPST_TYPE, media_type
from analysis.reporting.pages.blocks import (
    Block,
    Code,
    Details,
    Document,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.wording import LANGUAGES

DETAILS = "details"
"""Tag of cells whose evidence is looked up rather than read."""
_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t#]*(?:\n|\Z)")
_FACT = re.compile(
    r"\*\*(?P<label>[^*\n]{1,40}?)[.:。：]?\*\*[.:。：]?[ \t]*"
    r"(?P<text>(?:(?!\*\*|\n[ \t]*\n).)*)",
    flags=re.DOTALL,
)
_HEADING = re.compile(r"^#{1,6} (?P<text>.*)$", flags=re.MULTILINE)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_STYLE = re.compile(r"\A<style>.*?</style>", flags=re.DOTALL)
_MARKUP = re.compile(r"[`*_]{1,3}(?=\S)|(?<=\S)[`*_]{1,3}")
_PICTURES: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/svg+xml": "svg+xml",
}


def read_document(notebook: Mapping[str, Any]) -> Document:
    """Read a notebook, executed or not, into a report without form.

    Parameters
    ----------
    notebook : mapping
        Notebook in nbformat 4 form. Its metadata "quarterbook" may give title,
        quarter, source_title, status, run, language, date and layout; without it title,
        quarter, source and language are taken from the cells. A cell tagged with a
        language is left out of a report in another one. Cells tagged "details" are
        put away, under the name of a Markdown cell among them or of their section.

    Returns
    -------
    Document
        What the report holds.
    """
    cells = [cell for cell in notebook["cells"] if not _is_banner(cell)]
    page = dict(notebook.get("metadata", {}).get("quarterbook", {}))
    settings = _read_settings(cells)
    language = str(page.get("language") or settings.get("language", LANGUAGES[0]))
    cells = [cell for cell in cells if _is_read_in(cell, language)]
    title, facts, rest = _read_opening(cells)
    opening = (Prose(rest),) if rest else ()
    start = 1 if title or facts or rest else 0
    return Document(
        title=str(page.get("title") or title or "Report"),
        facts=facts,
        blocks=opening + tuple(_read_blocks(cells, start)),
        quarter=str(page.get("quarter") or settings.get("quarter", "")),
        source_title=str(page.get("source_title") or settings.get("source", "")),
        status=str(page.get("status") or ""),
        run=str(page.get("run") or ""),
        language=language,
        date=str(page.get("date") or ""),
        layout="one-page" if page.get("layout") == "one-page" else "report",
    )


def _read_settings(cells: list[Mapping[str, Any]]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for cell in cells:
        if cell["cell_type"] == "code" and _is_setting(cell):
            # a cell with a mistake in it is shown as a failure further down
            with suppress(SyntaxError):
                settings.update(_read_literals(_read_source(cell)))
    return settings


def _read_literals(source: str) -> Iterator[tuple[str, str]]:
    for line in ast.parse(source).body:
        target = line.targets[0] if isinstance(line, ast.Assign) else None
        target = line.target if isinstance(line, ast.AnnAssign) else target
        value = getattr(line, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            yield target.id, str(value.value)


def _read_opening(
    cells: list[Mapping[str, Any]],
) -> tuple[str, tuple[tuple[str, str], ...], str]:
    if not cells or cells[0]["cell_type"] != "markdown":
        return "", (), ""
    source = _read_source(cells[0])
    heading = _TITLE.match(source)
    if heading is None:
        return "", (), ""
    below = source[heading.end() :]
    facts = tuple(
        (_strip_markup(fact["label"]), _strip_markup(fact["text"]).rstrip(".。"))
        for fact in _FACT.finditer(below)
        if fact["text"].strip()
    )
    rest = _FACT.sub("", below).strip()
    if rest and not re.search(r"\w", rest):
        rest = ""
    return _strip_markup(heading["title"]), facts, rest


def _read_blocks(cells: list[Mapping[str, Any]], start: int) -> Iterator[Block]:
    setup = _find_setup(cells, start)
    section = ""
    numbered = list(enumerate(cells))[start:]
    for is_detail, group in groupby(numbered, lambda entry: _is_detail(entry[1])):
        blocks = [
            block
            for place, cell in group
            for block in _read_cell(cell, place, is_setup=place in setup)
        ]
        if is_detail:
            yield from _put_away(blocks, section)
            continue
        section = _name_section(blocks) or section
        yield from blocks


def _read_cell(
    cell: Mapping[str, Any], place: int, *, is_setup: bool
) -> Iterator[Block]:
    source = _read_source(cell)
    if cell["cell_type"] == "markdown" and source.strip():
        yield Code(f"# {_strip_markup(source)}") if is_setup else Prose(source)
    if cell["cell_type"] == "code" and source.strip():
        yield Code(source, is_setting=_is_setting(cell))
        yield from _read_outputs(cell, place + 1)


def _put_away(blocks: list[Block], section: str) -> Iterator[Details]:
    """Gather details under their own name, or under that of their section."""
    name, held = section, []
    for block in blocks:
        if not isinstance(block, Prose):
            held.append(block)
            continue
        if held:
            yield Details(name, tuple(held))
        name, held = _strip_markup(block.text), []
    if held:
        yield Details(name, tuple(held))


def _name_section(blocks: list[Block]) -> str:
    """Find the last heading among blocks."""
    prose = "\n".join(block.text for block in blocks if isinstance(block, Prose))
    headings = _HEADING.findall(prose)
    return _strip_markup(headings[-1]) if headings else ""


def _find_setup(cells: list[Mapping[str, Any]], start: int) -> range:
    """Find the cells between the first code and the first section."""
    places = range(start, len(cells))
    code = (n for n in places if cells[n]["cell_type"] == "code")
    sections = (n for n in places if _has_heading(cells[n]))
    return range(next(code, 0), next(sections, 0))


def _has_heading(cell: Mapping[str, Any]) -> bool:
    is_markdown = cell["cell_type"] == "markdown"
    return is_markdown and _HEADING.search(_read_source(cell)) is not None


def _read_outputs(cell: Mapping[str, Any], place: int) -> Iterator[Block]:
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            number = cell.get("execution_count") or place
            message = _ANSI.sub("", str(output["evalue"]))
            yield Failure(number, str(output["ename"]), message)
        elif output["output_type"] == "stream":
            text = _ANSI.sub("", _join(output["text"])).strip("\n")
            yield Printed(text, is_message=output["name"] == "stderr")
        else:
            yield from _read_display(output["data"])


def _read_display(data: Mapping[str, Any]) -> Iterator[Block]:
    for kind in KINDS:
        if media_type(kind) in data:
            markup = _STYLE.sub("", _join(data["text/html"]))
            typst = _join(data[TYPST_TYPE])
            yield Item(kind, markup, typst, dict(data[media_type(kind)]))
            return
    text = _join(data.get("text/plain", ""))
    for picture, name in _PICTURES.items():
        if picture in data:
            yield Picture(name, _join(data[picture]), text or "Picture")
            return
    if text:
        yield Printed(_ANSI.sub("", text))


def _is_banner(cell: Mapping[str, Any]) -> bool:
    return "papermill-error-cell-tag" in _read_tags(cell)


def _is_read_in(cell: Mapping[str, Any], language: str) -> bool:
    """Whether a cell is for all readers, or for those of this language."""
    languages = {*_read_tags(cell)} & {*LANGUAGES}
    return not languages or language in languages


def _read_tags(cell: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(cell.get("metadata", {}).get("tags", ()))


def _is_detail(cell: Mapping[str, Any]) -> bool:
    return DETAILS in _read_tags(cell)


def _is_setting(cell: Mapping[str, Any]) -> bool:
    return bool({"parameters", "injected-parameters"} & {*_read_tags(cell)})


def _read_source(cell: Mapping[str, Any]) -> str:
    return _join(cell["source"])


def _join(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _strip_markup(text: str) -> str:
    return " ".join(_MARKUP.sub("", text).split())
