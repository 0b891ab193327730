"""Bring text files to UTF-8, whatever a bank's spreadsheet wrote them in."""

from __future__ import annotations

import codecs
import gzip
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


def _recode(file: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _open_bytes(file) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            sink.write(decoder.decode(chunk).encode())
        sink.write(decoder.decode(b"", final=True).encode())


def _open_bytes(file: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")
