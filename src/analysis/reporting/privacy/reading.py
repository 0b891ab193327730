"""What can be read in a file of a quarter: by eye, by a tool, or by a program.

Every text is given with its place, so that whoever finds something in it can say
where. Drawings' coordinates, styles and packed fonts hold no words and are left out.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from analysis.reporting.privacy.reading_markup import read_markup
from analysis.reporting.privacy.reading_pdf import read_pdf

_PICTURE = re.compile(r"image/(?!svg)|application/pdf")
_MARKUP = re.compile(r"\A\s*<[!?a-zA-Z]")
_DRAWING = re.compile(r'"(?P<drawing>\s*<(?:svg|\?xml)(?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
"""A drawing as a string of another language, its quotes escaped."""
_WORDS = re.compile(rb"[\x20-\x7e]{5,}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a file holds.

    Parameters
    ----------
    place : str
        Where in the file: page, cell, line, element.
    text : str
        What stands there.
    """

    place: str
    text: str


def read_texts(path: Path) -> Iterator[Text]:
    """Give every text that a file holds, hidden ones too.

    Parameters
    ----------
    path : pathlib.Path
        A file of any kind; one of an unknown kind is searched for printable words.

    Yields
    ------
    Text
        Place and text.
    """
    readers: Mapping[str, Callable[[Path], Iterator[tuple[str, str]]]] = {
        ".html": _read_page,
        ".svg": _read_page,
        ".xml": _read_page,
        ".pdf": read_pdf,
        ".ipynb": _read_notebook,
        ".json": _read_json_file,
        ".xlsx": _read_workbook,
    }
    reader = readers.get(path.suffix.lower(), _read_lines)
    for place, text in reader(path):
        yield Text(place, text)


def _read_page(path: Path) -> Iterator[tuple[str, str]]:
    return read_markup(path.read_text("utf-8"))


def _read_json_file(path: Path) -> Iterator[tuple[str, str]]:
    return _read_values(json.loads(path.read_text("utf-8")), "")


def _read_notebook(path: Path) -> Iterator[tuple[str, str]]:
    notebook = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(notebook.pop("cells"), start=1):
        outputs = cell.pop("outputs", ())
        for name, forms in cell.pop("attachments", {}).items():
            yield from _read_forms(forms, f"cell {number}, attachment {name}")
        yield f"cell {number}, source", _join(cell.pop("source"))
        yield from _read_values(cell, f"cell {number}")
        for output in outputs:
            yield from _read_output(output, f"cell {number}, output")
    yield from _read_values(notebook, "notebook")


def _read_output(output: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for name, content in output.items():
        if name != "data":
            yield from _read_values(content, f"{place} {name}")
            continue
        yield from _read_forms(content, place)


def _read_forms(forms: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for kind, value in forms.items():
        if _PICTURE.match(kind):
            words = _read_words(b64decode(_join(value)), f"{place} {kind}")
        else:
            words = _read_form(_join(value), f"{place} {kind}")
        yield from words


def _read_form(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Read one form of an output; a drawing in it is read as a drawing."""
    if not isinstance(value, str):
        yield from _read_values(value, place)
        return
    drawings = [match["drawing"] for match in _DRAWING.finditer(value)]
    markup = [_ESCAPED.sub(r"\1", drawing) for drawing in drawings]
    rest = _DRAWING.sub(" ", value)
    if _MARKUP.match(rest):
        markup.append(rest)
    else:
        yield place, rest
    for page in markup:
        for where, found in read_markup(page):
            yield f"{place}, {where}", found


def _join(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Join the lines of a text, as notebooks write it; leave anything else."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value


def _read_values(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Give names and values of JSON; a table's row is read cell by cell."""
    if isinstance(value, Mapping):
        for name, content in value.items():
            where = f"{place}, {name}".removeprefix(", ")
            yield f"{place}, name of an entry", str(name)
            if not (name in _OWN_NUMBERS and _is_number(content)):
                yield from _read_values(content, where)
    elif isinstance(value, list):
        for number, content in enumerate(value, start=1):
            yield from _read_values(content, f"{place} {number}")
    elif value is not None and not isinstance(value, bool):
        yield place, str(value)


_OWN_NUMBERS = frozenset(
    {"nobs", "estimate", "lower", "upper", "previous", "importance", "confidence_level"}
)
"""Entries of findings and charts that hold a count or an estimate, never a key."""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _read_workbook(path: Path) -> Iterator[tuple[str, str]]:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            yield "name of a part", name
            content = archive.read(name)
            if name.endswith((".xml", ".rels", ".vml")):
                for where, text in read_markup(content.decode("utf-8")):
                    yield f"{name}, {where}", text
            else:
                yield from _read_words(content, name)


def _read_lines(path: Path) -> Iterator[tuple[str, str]]:
    content = path.read_bytes()
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        yield from _read_words(content, "content")
        return
    for number, line in enumerate(lines, start=1):
        yield f"line {number}", line


def _read_words(content: bytes, place: str) -> Iterator[tuple[str, str]]:
    for word in _WORDS.findall(content):
        yield place, word.decode("ascii")
