"""The body of a report's page: its blocks as HTML, in order, code folded away.

What follows the last answer - checks, method, assumptions, codebook, run record - is
set apart as an appendix, and its long tables are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.presentation.rendering_html import escape
from analysis.reporting.blocks import (
    Block,
    Code,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.reporting.markdown import convert_cells
from analysis.units import write_number
from analysis.wording import say

APPENDIX_SECTIONS = frozenset(
    (
        *("Checks", "Method", "Assumptions", "Assumptions and limits", "Codebook"),
        *(
            "Run record",
            "数据检查",
            "方法",
            "假设",
            "假设与局限",
            "数据字典",
            "运行记录",
        ),
    )
)
"""Headings, in every language, of the sections that end a report."""

_LONG_TABLE = 12
"""Rows from which a table of the appendix is folded."""
_SECTION = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_COMMENT = re.compile(r"^(# .*)\n\n", re.MULTILINE)


def write_body(blocks: Iterable[Block]) -> str:
    """Write the blocks of a report as HTML.

    Parameters
    ----------
    blocks : iterable of Block
        In the notebook's order.

    Returns
    -------
    str
        The body; the appendix is a section of its own at the end.
    """
    answers: list[str] = []
    appendix: list[str] = []
    for written, is_appendix in _write_blocks(list(blocks)):
        (appendix if is_appendix else answers).append(written)
    if appendix:
        name = escape(say("Appendix"))
        head = f'<p class="appendix-name" id="appendix">{name}</p>'
        inside = "\n".join((head, *appendix))
        answers.append(
            f'<section class="appendix" aria-labelledby="appendix">{inside}</section>'
        )
    return "\n".join(answers)


def starts_appendix(heading: str) -> bool:
    """Say whether a section of this name belongs to the appendix.

    Parameters
    ----------
    heading : str
        A heading of level 2 without markup.

    Returns
    -------
    bool
        True for checks, method, assumptions, codebook and run record.
    """
    return heading.strip() in APPENDIX_SECTIONS


def _write_blocks(blocks: list[Block]) -> Iterator[tuple[str, bool]]:
    texts = [block.text for block in blocks if isinstance(block, Prose)]
    prose = iter(convert_cells(texts, "html"))
    code: list[Code] = []
    has_section = is_appendix = False
    for block in blocks:
        if isinstance(block, Code):
            code.append(block)
            continue
        written = next(prose) if isinstance(block, Prose) else _write_block(block)
        if _is_answer(block) and not has_section:
            written = f"<h2>{escape(say('Findings'))}</h2>{written}"
        section = _SECTION.search(written)
        if section is not None:
            has_section = True
            yield _fold_code(code), is_appendix
            code.clear()
            is_appendix = is_appendix or starts_appendix(section[1])
        if is_appendix and isinstance(block, Item) and block.kind == "table":
            written = _fold_table(block, written)
        yield written, is_appendix
    yield _fold_code(code), is_appendix


def _is_answer(block: Block) -> bool:
    return isinstance(block, Item) and block.kind in ("finding", "digest")


def _fold_table(item: Item, written: str) -> str:
    rows = item.content.get("rows", ())
    if len(rows) < _LONG_TABLE:
        return written
    name = say(
        "{title} ({n} rows)",
        title=item.content["title"],
        n=write_number(len(rows)),
    )
    return (
        '<details class="fold-table whole-in-print">'
        f"<summary>{escape(name)}</summary>{written}</details>"
    )


def _fold_code(code: Iterable[Code]) -> str:
    listed = list(code)
    settings = "\n\n".join(block.text for block in listed if block.is_setting)
    steps = "\n\n".join(block.text for block in listed if not block.is_setting)
    steps = _COMMENT.sub(r"\1\n", steps)
    folded = _fold(say("Settings of this run"), settings) if settings else ""
    folded += _fold(say("Code"), steps) if steps else ""
    return f'<div class="folds">{folded}</div>' if folded else ""


def _write_block(block: Block) -> str:
    if isinstance(block, Item):
        return block.html
    if isinstance(block, Printed):
        if block.is_message:
            return _fold(say("Messages"), block.text)
        return (
            f'<pre class="printed" role="region" tabindex="0" '
            f'aria-label="{escape(say("Printed text"))}">{escape(block.text)}</pre>'
        )
    if isinstance(block, Picture):
        return _write_picture(block)
    if isinstance(block, Failure):
        return _write_failure(block)
    message = f"No form for {type(block).__name__!r}."
    raise TypeError(message)


def _fold(name: str, text: str) -> str:
    return (
        f'<details class="code"><summary>{escape(name)}</summary>'
        f'<pre role="region" tabindex="0" aria-label="{escape(name)}">'
        f"<code>{escape(text)}</code></pre></details>"
    )


def _write_picture(picture: Picture) -> str:
    if picture.format == "svg+xml":
        address = "data:image/svg+xml;utf8," + _quote_address(picture.data)
    else:
        packed = "".join(picture.data.split())
        address = f"data:image/{picture.format};base64,{packed}"
    return f'<img class="picture" src="{escape(address)}" alt="{escape(picture.alt)}">'


def _quote_address(svg: str) -> str:
    return re.sub(r"[%#\s<>\"]", lambda match: f"%{ord(match[0]):02X}", svg)


def _write_failure(failure: Failure) -> str:
    head = say(
        "Cell {cell} failed: {name}", cell=f"[{failure.cell}]", name=failure.name
    )
    return (
        f'<div class="failure" role="alert"><p><strong>{escape(head)}</strong></p>'
        f"<p>{escape(failure.message)}</p></div>"
    )
