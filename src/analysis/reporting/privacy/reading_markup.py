"""What can be read in HTML, SVG and XML: text, attributes, comments, packed data."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, unquote_to_bytes

_PACKED = re.compile(
    r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?P<options>(?:;[^,;'\")]*)*),"
    r"(?P<content>[^'\")\s]*)"
)
_FONT = re.compile(r"font|woff|ttf|otf|octet-stream")
_READABLE = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f-\x9f]{5,}")
_GEOMETRY = frozenset(
    {
        *("d", "points", "transform", "viewbox", "x", "y", "x1", "x2", "y1", "y2"),
        *("cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"),
    }
)
"""Attributes that place what is drawn; nobody reads a word in them."""


def read_markup(text: str) -> Iterator[tuple[str, str]]:
    """Give every text of a page, drawing or XML part.

    Parameters
    ----------
    text : str
        HTML, SVG or XML.

    Yields
    ------
    tuple of (str, str)
        Place (line, element, attribute) and text; what a data: address holds is
        unpacked and read as well.
    """
    parser = _Parser()
    parser.feed(text)
    parser.close()
    for place, found in parser.found:
        yield from _unpack(place, found)


class _Parser(HTMLParser):
    """Notes every text with its element and line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._open = "page"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        for name, value in attrs:
            if value and name not in _GEOMETRY:
                self._note(f"attribute {name} of <{tag}>", value)
                if "%" in value and not value.startswith("data:"):
                    self._note(f"attribute {name} of <{tag}>", unquote(value))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._note(f"<{self._open}>", data)

    def handle_comment(self, data: str) -> None:
        self._note("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._note("declaration", decl)

    def handle_pi(self, data: str) -> None:
        self._note("instruction", data)

    def unknown_decl(self, data: str) -> None:
        self._note("section", data)

    def _note(self, place: str, text: str) -> None:
        self.found.append((f"{place}, line {self.getpos()[0]}", text))


def _unpack(place: str, text: str) -> Iterator[tuple[str, str]]:
    start = 0
    bare = []
    for match in _PACKED.finditer(text):
        bare.append(text[start : match.start()])
        start = match.end()
        yield from _read_packed(place, match)
    yield place, " ".join([*bare, text[start:]])


def _read_packed(place: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    kind, options = (match["kind"] or "text/plain").lower(), match["options"].lower()
    if _FONT.search(kind):
        return
    content = unquote_to_bytes(match["content"])
    if "base64" in options:
        try:
            content = base64.b64decode(content + b"==", validate=False)
        except binascii.Error:
            yield place, match["content"]
            return
    where = f"{place}, packed {kind}"
    words = content.decode("utf-8", "replace")
    if "svg" in kind or "html" in kind or "xml" in kind:
        for inner, found in read_markup(words):
            yield f"{where}, {inner}", found
    else:
        for word in _READABLE.findall(words):
            yield where, word
