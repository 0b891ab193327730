"""The body of a report's page: its blocks as HTML, in order, code folded away.

The sections after the last answer - checks, method, assumptions, codebook, run record -
are set apart as an appendix, and its long tables are folded. So are details, where
they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.presentation.rendering.html_fragments import escape
from analysis.reporting.pages.blocks import (
    Block,
    Code,
    Details,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.reporting.pages.markdown import convert_cells
from analysis.units import write_number
from analysis.wording import say

APPENDIX = '<section class="appendix"'
"""How the appendix begins in a page."""

_EVIDENCE = frozenset(("finding", "chart", "digest"))
"""Kinds of items that answer the question; what follows the last of them does not."""
_LONG_TABLE = 12
"""Rows from which a table of the appendix is folded."""
_COMMENT = re.compile(r"^(# .*)\n\n", re.MULTILINE)


def write_body(blocks: Iterable[Block], *, has_appendix: bool = True) -> str:
    """Write the blocks of a report as HTML.

    Parameters
    ----------
    blocks : iterable of Block
        In the notebook's order.
    has_appendix : bool
        Whether what follows the last answer is set apart.

    Returns
    -------
    str
        The body; the appendix is a section of its own at the end.
    """
    listed = list(blocks)
    answers = [place for place, block in enumerate(listed) if _is_evidence(block)]
    last = answers[-1] if answers and has_appendix else len(listed)
    parts: dict[bool, list[str]] = {False: [], True: []}
    for written, is_appendix in _write_blocks(listed, last):
        parts[is_appendix].append(written)
    if parts[True]:
        name = escape(say("Appendix"))
        head = f'<p class="appendix-name" id="appendix">{name}</p>'
        inside = "\n".join((head, *parts[True]))
        parts[False].append(f'{APPENDIX} aria-labelledby="appendix">{inside}</section>')
    return "\n".join(parts[False])


def _write_blocks(blocks: list[Block], last: int) -> Iterator[tuple[str, bool]]:
    """Write each block, and whether it stands in the appendix."""
    texts = [block.text for block in blocks if isinstance(block, Prose)]
    prose = iter(convert_cells(texts, "html"))
    code: list[Code] = []
    has_section = is_appendix = False
    for place, block in enumerate(blocks):
        if isinstance(block, Code):
            code.append(block)
            continue
        if isinstance(block, Details):
            code.extend(part for part in block.blocks if isinstance(part, Code))
        written = next(prose) if isinstance(block, Prose) else _write_block(block)
        if _is_evidence(block) and not has_section:
            heading = escape(say("Findings"))
            written = f"<h2>{heading}</h2>{written}"
        if "<h2>" in written:
            yield _fold_code(code), is_appendix
            code.clear()
            has_section, is_appendix = True, place > last
        if is_appendix and isinstance(block, Item) and block.kind == "table":
            written = _fold_table(block, written)
        yield written, is_appendix
    yield _fold_code(code), is_appendix


def _is_evidence(block: Block) -> bool:
    return isinstance(block, Item) and block.kind in _EVIDENCE


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


def _fold_details(details: Details) -> str:
    inside = (part for part in details.blocks if not isinstance(part, Code))
    written = "".join(map(_write_block, inside))
    name = say("Details: {name}", name=details.name)
    # what went wrong is seen at once
    has_failed = any(isinstance(part, Failure) for part in details.blocks)
    state = " open" if has_failed else ""
    return (
        f'<details class="fold-details whole-in-print"{state}>'
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
        name = escape(say("Printed text"))
        return (
            f'<pre class="printed" role="group" tabindex="0" '
            f'aria-label="{name}">{escape(block.text)}</pre>'
        )
    if isinstance(block, Picture):
        return _write_picture(block)
    if isinstance(block, Failure):
        return _write_failure(block)
    if isinstance(block, Details):
        return _fold_details(block)
    message = f"No form for {type(block).__name__!r}."
    raise TypeError(message)


def _fold(name: str, text: str) -> str:
    return (
        f'<details class="code"><summary>{escape(name)}</summary>'
        f'<pre role="group" tabindex="0" aria-label="{escape(name)}">'
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
