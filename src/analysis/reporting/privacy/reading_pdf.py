"""What can be read in a PDF: its pages, and every text of its structure.

The structure holds the document's title and author, alternative texts of drawings,
addresses of links, bookmarks and form fields; metadata and attached files are streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)
from pypdfium2 import PdfDocument

_READ_STREAMS = ("entry /Metadata", "entry /F", "entry /UF")
"""Places of metadata and of attached files; other streams draw."""


def read_pdf(path: Path) -> Iterator[tuple[str, str]]:
    """Give every text of a PDF.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Yields
    ------
    tuple of (str, str)
        Page or part of the structure, and text.
    """
    with PdfDocument(path) as document:
        for number, page in enumerate(document, start=1):
            yield f"page {number}", page.get_textpage().get_text_range()
    with PdfReader(path) as structure:
        yield from _walk(structure.trailer)


def _walk(root: PdfObject) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, PdfObject]] = [("structure", root)]
    seen: set[int] = set()
    while waiting:
        place, item = waiting.pop()
        if isinstance(item, IndirectObject):
            found = None if item.idnum in seen else item.get_object()
            seen.add(item.idnum)
            waiting += [] if found is None else [(place, found)]
        elif isinstance(item, (TextStringObject, ByteStringObject)):
            yield place, _read_string(item)
        elif isinstance(item, ArrayObject):
            waiting += [(place, part) for part in item]
        elif isinstance(item, DictionaryObject):
            yield from _read_stream(place, item)
            waiting += [(f"entry {name}", part) for name, part in item.items()]


def _read_stream(place: str, item: DictionaryObject) -> Iterator[tuple[str, str]]:
    if place in _READ_STREAMS and isinstance(item, StreamObject):
        yield place, item.get_data().decode("utf-8", "replace")


def _read_string(text: TextStringObject | ByteStringObject) -> str:
    if isinstance(text, TextStringObject):
        return str(text)
    return bytes(text).decode("latin-1")
