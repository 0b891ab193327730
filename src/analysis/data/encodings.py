"""Bring text files to UTF-8, whatever a bank's spreadsheet wrote them in.

Ends of lines become the same on the way: spreadsheets write one kind after a row and
another inside a cell.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import IO

from analysis.errors import BadInputError, Problem

_AUTOMATIC = ("utf-8-sig", "gb18030")
_CHUNK = 1 << 20
_HANZI = rb"[\xe4-\xe9][\x80-\xbf][\x80-\xbf]"
_CHINESE = re.compile(rb"(?:%s){2}" % _HANZI)
_BROKEN = re.compile(rb"[A-Za-z]%s[a-z]" % _HANZI)
_NAMES = {"\0": "a NUL byte", "\ufeff": "a byte order mark, as of two files in one"}
_NO_TEXT = re.compile("[\0\ufeff]")
_COPY = "Export the whole file again, in one go."
_SAY = (
    "Export it as UTF-8, or say its encoding as `csv: encoding:` in its mapping file."
)


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
        If the file is not written in the encoding, holds text of two encodings or a
        NUL byte, or breaks off.
    """
    tried = _AUTOMATIC if encoding == "auto" else (encoding,)
    try:
        fits = any(_recode(file, target, candidate) for candidate in tried)
    except (OSError, EOFError, zlib.error) as error:
        reason = (
            getattr(error, "strerror", None)
            or "it breaks off, or is not packed as its name says"
        )
        raise BadInputError([_blame(file, f"be whole; {reason}", _COPY)]) from error
    if not fits:
        what = f"be written in one of {list(tried)}; it is not"
        raise BadInputError([_blame(file, what, _SAY)])


def read_header(text: Path, name: str, *, delimiter: str, quote: str) -> list[str]:
    """Read the names of a text file's columns; capitals do not tell them apart.

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
        rows = csv.reader(lines, delimiter=delimiter, quotechar=quote)
        try:
            names = [column.strip() for column in next(rows, [])]
        except csv.Error as error:
            raise BadInputError(
                [_blame_header(name, f"it can't be: {error}")]
            ) from None
    lowered = [column.lower() for column in names]
    repeated = sorted({n for n in names if lowered.count(n.lower()) > 1 and n})
    if not any(names):
        raise BadInputError([_blame_header(name, "the file is empty")])
    if repeated:
        raise BadInputError([_blame_header(name, f"{repeated} stand twice")])
    if not all(names):
        what = f"column {names.index('') + 1} has no name"
        raise BadInputError([_blame_header(name, what)])
    return names


def _recode(file: Path, target: Path, encoding: str) -> bool:
    """Write a file as UTF-8; give false where it is not written in the encoding."""
    if codecs.lookup(encoding).name == "utf-8":
        encoding = _AUTOMATIC[0]  # a mark at its beginning is no part of the text
    codec = codecs.getincrementaldecoder(encoding)()
    decoder = io.IncrementalNewlineDecoder(codec, translate=True)
    lines = 1
    try:
        with _open_bytes(file) as source, target.open("wb") as sink:
            for chunk in iter(lambda: source.read(_CHUNK), b""):
                text = decoder.decode(chunk)
                _require_text(file, text, lines)
                lines += text.count("\n")
                sink.write(text.encode())
            sink.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError:
        return False
    if encoding == _AUTOMATIC[-1]:
        _require_one_encoding(file, target)
    return True


def _require_text(file: Path, text: str, lines: int) -> None:
    """Refuse what no text holds; `lines` is the number of the first line."""
    found = _NO_TEXT.search(text)
    if found:
        line = lines + text.count("\n", 0, found.start())
        what = f"hold text; line {line} has {_NAMES[found[0]]}"
        raise BadInputError([_blame(file, what, _SAY)])


def _require_one_encoding(file: Path, target: Path) -> None:
    """Refuse a file that can be read as GB18030 and is not, as far as that shows.

    Rows of two exports leave Chinese in UTF-8 on some lines; Western letters with
    accents become a Chinese character within a word.
    """
    with _open_bytes(file) as rows:
        mixed = next((n for n, row in enumerate(rows, 1) if _is_chinese_utf8(row)), 0)
    if mixed:
        what = f"be written in one encoding; line {mixed} is UTF-8, others are not"
        raise BadInputError([_blame(file, what, _COPY)])
    with target.open("rb") as rows:
        broken = next((n for n, row in enumerate(rows, 1) if _BROKEN.search(row)), 0)
    if broken:
        what = f"say its encoding; as GB18030, line {broken} has a broken word"
        raise BadInputError([_blame(file, what, _SAY)])


def _is_chinese_utf8(row: bytes) -> bool:
    if _CHINESE.search(row) is None:
        return False
    try:
        row.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _open_bytes(file: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")


def _blame(file: Path, demand: str, remedy: str) -> Problem:
    return Problem(f"The file must {demand}.", file.name, remedy)


def _blame_header(name: str, reason: str) -> Problem:
    what = f"The first row must name each column once; {reason}."
    return Problem(what, name, "Export the file again with a header.")
