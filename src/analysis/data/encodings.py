"""Bring text files to UTF-8, whatever a bank's spreadsheet wrote them in.

Ends of lines become the same on the way: spreadsheets write one kind after a row and
another inside a cell.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from pathlib import Path
from typing import IO

from analysis.errors import BadInputError, Problem

_AUTOMATIC = ("utf-8-sig", "gb18030")
_CHUNK = 1 << 20


def write_utf8(file: Path, target: Path, encoding: str) -> None:
    """Write a text file again as UTF-8, unpacked, piece by piece.

    Parameters
    ----------
    file : pathlib.Path
        The file as it is; packed if its name ends in .gz.
    target : pathlib.Path
        Where the text goes.
    encoding : str
        Name of the encoding; "auto" tries UTF-8, then GB18030.

    Raises
    ------
    BadInputError
        If the file is not written in the encoding.
    """
    tried = _AUTOMATIC if encoding == "auto" else (encoding,)
    for candidate in tried:
        try:
            _recode(file, target, candidate)
        except UnicodeDecodeError:
            continue
        return
    problem = Problem(
        f"The file must be written in one of {list(tried)}; it is not.",
        file.name,
        "Say its encoding as `csv: encoding:` in the mapping file.",
    )
    raise BadInputError([problem])


def read_header(text: Path, name: str, *, delimiter: str, quote: str) -> list[str]:
    """Read the names of a text file's columns.

    Parameters
    ----------
    text : pathlib.Path
        The file as UTF-8.
    name : str
        Its name for the user.
    delimiter, quote : str
        What parts the columns, and the quotation mark.

    Returns
    -------
    list of str
        Names in order, without spaces around them.

    Raises
    ------
    BadInputError
        If there is no header, or a name stands twice in it.
    """
    with text.open(encoding="utf-8", newline="") as lines:
        first = next(csv.reader(lines, delimiter=delimiter, quotechar=quote), [])
    names = [column.strip() for column in first]
    repeated = sorted({column for column in names if names.count(column) > 1})
    if names and not repeated:
        return names
    what = f"{repeated} stand twice" if repeated else "the file is empty"
    problem = Problem(
        f"The first row must name each column once; {what}.",
        name,
        "Export the file again with a header.",
    )
    raise BadInputError([problem])


def _recode(file: Path, target: Path, encoding: str) -> None:
    codec = codecs.getincrementaldecoder(encoding)()
    decoder = io.IncrementalNewlineDecoder(codec, translate=True)
    with _open_bytes(file) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            sink.write(decoder.decode(chunk).encode())
        sink.write(decoder.decode(b"", final=True).encode())


def _open_bytes(file: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")
