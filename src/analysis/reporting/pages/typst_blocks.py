"""A report's blocks as Typst source, each with what the planning of pages must know.

What follows the last finding and the last chart is the appendix. It opens with the
details of all sections. Its closing sections that hold nothing but long lists are
looked up, not read; they are set in two columns.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.presentation.rendering.typst_calls import quote
from analysis.reporting.pages.blocks import (
    Block,
    Details,
    Document,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.reporting.pages.markdown import convert_cells
from analysis.wording import say

Part = Literal["body", "appendix", "reference"]

_LIST_ROWS = 12
"""Rows from which a table of the appendix is a list that is looked up."""
_LIST_COLUMNS = 3
_PARAGRAPH = re.compile(r"\n\n(?=[^\s+\-=/])")
"""A gap between paragraphs; headings stay with what follows."""
_ENTRY = re.compile(r"^(?:\+|\d+\.) +", re.MULTILINE)
"""The start of an entry of a numbered list."""
_EVIDENCE = ("finding", "chart", "digest")


@dataclass(frozen=True, slots=True)
class TypstBlock:
    """A block as Typst source.

    Parameters
    ----------
    source : str
        What is set.
    kind : str
        "prose", the kind of the item shown, or "other".
    starts_section : bool
        Whether it begins with a heading of the first level.
    n_rows : int
        Rows of a table; 0 for all else.
    n_columns : int
        Columns of a table; 0 for all else.
    part : {"body", "appendix", "reference"}
        Where in the report it stands.
    """

    source: str
    kind: str
    starts_section: bool = False
    n_rows: int = 0
    n_columns: int = 0
    part: Part = "body"

    def leads_to(self, following: TypstBlock) -> bool:
        """Say whether a page must not end between this block and the next.

        Parameters
        ----------
        following : TypstBlock
            The next block.

        Returns
        -------
        bool
            True for what introduces the next block.
        """
        if self.kind != "prose" or following.starts_section:
            return False
        return self.starts_section or following.kind != "prose"

    @property
    def galley(self) -> str:
        """The same with a mark before each paragraph at which a page may break."""
        if self.kind != "prose" or self.part == "body":
            return self.source
        marked = _ENTRY.sub(r'\g<0>#qb-place("row")', self.source)
        return _PARAGRAPH.sub('\n\n#qb-place("row")\n\n', marked)


def write_blocks(document: Document) -> tuple[TypstBlock, ...]:
    """Write a report's blocks as Typst.

    Parameters
    ----------
    document : Document
        The report; its code and its messages are left out.

    Returns
    -------
    tuple of TypstBlock
        In the report's order.
    """
    keys: set[str] = set()
    details = [block for block in document.blocks if isinstance(block, Details)]
    read = [block for block in document.blocks if not isinstance(block, Details)]
    blocks = _add_first_section(list(_write_each(read, keys)))
    if document.layout == "one-page":
        return tuple(blocks)
    parted = list(_part_blocks(blocks))
    end = next(
        (n for n, block in enumerate(parted) if block.part != "body"), len(parted)
    )
    return (*parted[:end], *_write_details(details, keys), *parted[end:])


def name_place(key: str) -> str:
    """Name the place of a finding in the PDF.

    Parameters
    ----------
    key : str
        Key of the finding.

    Returns
    -------
    str
        Label that links lead to; any text is one.
    """
    return f"qb-finding-{key}"


def _write_details(details: Sequence[Details], keys: set[str]) -> Iterator[TypstBlock]:
    """Write what is put away, under the name that it has in the page."""
    if not details:
        return
    last = ""
    title = say("Details")
    heading = f"#heading(level: 1, {quote(title)})"
    yield TypstBlock(heading, "prose", starts_section=True, part="appendix")
    for entry in details:
        written = list(_write_each(entry.blocks, keys))
        if written and entry.name != last:
            name = f"#qb-details({quote(entry.name)})"
            yield TypstBlock(name, "prose", part="appendix")
            last = entry.name
        yield from (replace(block, part="appendix") for block in written)


def _write_each(blocks: Sequence[Block], keys: set[str]) -> Iterator[TypstBlock]:
    texts = [block.text for block in blocks if isinstance(block, Prose)]
    prose = iter(convert_cells(texts, "typst"))
    for block in blocks:
        if isinstance(block, Prose):
            written = next(prose)
            starts = any(line.startswith("= ") for line in written.splitlines())
            yield TypstBlock(written, "prose", starts_section=starts)
        elif isinstance(block, Item):
            yield _write_item(block, keys)
        else:
            source = _write_other(block)
            if source:
                yield TypstBlock(source, "other")


def _write_item(item: Item, keys: set[str]) -> TypstBlock:
    if item.kind == "table":
        n_rows, n_columns = len(item.content["rows"]), len(item.content["columns"])
        return TypstBlock(item.typst, "table", n_rows=n_rows, n_columns=n_columns)
    if item.kind != "finding" or item.content["key"] in keys:
        return TypstBlock(item.typst, item.kind)
    keys.add(item.content["key"])
    place = f"#metadata(none)#label({quote(name_place(item.content['key']))})"
    return TypstBlock(f"{place}\n{item.typst}", "finding")


def _write_other(block: Block) -> str:
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


def _add_first_section(blocks: list[TypstBlock]) -> list[TypstBlock]:
    """Put a heading over findings that stand before any section."""
    for place, block in enumerate(blocks):
        if block.starts_section:
            break
        if block.kind == "finding":
            heading = f"#heading(level: 1, {quote(say('Findings'))})"
            section = TypstBlock(heading, "prose", starts_section=True)
            return [*blocks[:place], section, *blocks[place:]]
    return blocks


def _part_blocks(blocks: Sequence[TypstBlock]) -> Iterator[TypstBlock]:
    evidence = (n for n, block in enumerate(blocks) if block.kind in _EVIDENCE)
    last = max(evidence, default=len(blocks))
    sections = [n for n, block in enumerate(blocks) if block.starts_section]
    appendix = next((n for n in sections if n > last), len(blocks))
    reference = len(blocks)
    for start in reversed([n for n in sections if n >= appendix]):
        if not _is_list(blocks[start:reference]):
            break
        reference = start
    for place, block in enumerate(blocks):
        part: Part = "appendix" if place >= appendix else "body"
        yield replace(block, part="reference" if place >= reference else part)


def _is_list(section: Iterable[TypstBlock]) -> bool:
    heading, *rest = section
    is_bare = re.fullmatch(r"= [^\n]*(\n<[^>\n]*>)?", heading.source.strip())
    return bool(is_bare and rest) and all(
        block.n_rows >= _LIST_ROWS and block.n_columns <= _LIST_COLUMNS
        for block in rest
    )
