"""Read a quarter as an outsider would, before it is published, and look for a person.

Two searches: numbers whose check digits prove what they are, and the bank's own keys of
customers, accounts and bookings, compared in the engine that holds them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from analysis.data.files import count_on_all_cores
from analysis.data.opening import Source
from analysis.presentation.disclosure.identifiers import (
    KINDS,
    Identifier,
    find_identifiers,
)
from analysis.reporting.privacy.bank_keys import (
    KeyColumn,
    find_keys,
    list_words,
)
from analysis.reporting.privacy.masking import mask
from analysis.reporting.privacy.reading import read_texts
from analysis.reporting.running.isolation import call_isolated
from analysis.wording import mark, say

_NOT_DISTINCTIVE = mark(
    "Keys that are short plain numbers can't be told from counts and amounts."
)


_MOST_TEXTS = 100_000

_Found = tuple[list["Leak"], list[tuple[str, str]]]
"""What names somebody in a file, and its words that may be keys with their places."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that names a person or an account.

    Parameters
    ----------
    file : str
        File, by its path in the quarter's folder.
    place : str
        Page, cell, element or line.
    kind : str
        What it is, such as "identity number" or "customer_id of the bank".
    masked : str
        The value with all but its beginning hidden.
    """

    file: str
    place: str
    kind: str
    masked: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What was searched, and what was found.

    Parameters
    ----------
    n_files : int
        Files read.
    columns : tuple of KeyColumn
        The bank's key columns.
    leaks : tuple of Leak
        Each value once a place; empty when the folder may leave.
    """

    n_files: int
    columns: tuple[KeyColumn, ...]
    leaks: tuple[Leak, ...]

    def describe(self) -> dict[str, Any]:
        """Give what run.json holds of the scan."""
        return {
            "files": self.n_files,
            "leaks": len(self.leaks),
            "patterns": list(KINDS),
            "keys": {
                column.column: {
                    "table": column.table,
                    "searched": column.n_distinctive,
                    "not_searched": column.n_others,
                    "reason": say(_NOT_DISTINCTIVE) if column.n_others else "",
                }
                for column in self.columns
            },
        }


def scan_folder(
    folder: Path,
    source: Source,
    columns: Sequence[KeyColumn],
    *,
    left_out: str = "",
) -> Scan:
    """Search every file of a folder for numbers and keys that name somebody.

    Parameters
    ----------
    folder : pathlib.Path
        What is about to be published.
    source : Source
        Where the bank's keys are.
    columns : sequence of KeyColumn
        Its columns of keys, as `find_key_columns` gives them.
    left_out : str
        Folder in it that is meant to name customers; empty for none.

    Returns
    -------
    Scan
        What was searched and what was found.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    paths = [path for path in paths if _is_scanned(path.relative_to(folder), left_out)]
    leaks: dict[Leak, None] = {}
    words: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, (patterns, places) in _search_side_by_side(folder, paths):
        leaks |= dict.fromkeys(patterns)
        for word, place in places:
            words[word].append((file, place))
    with count_on_all_cores(source.reader.connection):
        leaks |= dict.fromkeys(_find_bank_keys(source, columns, words))
    return Scan(len(paths), tuple(columns), tuple(leaks))


def _is_scanned(path: Path, left_out: str) -> bool:
    return not left_out or path.parts[0] != left_out


def _search_side_by_side(
    folder: Path, paths: Sequence[Path]
) -> list[tuple[str, _Found]]:
    """Search files on all cores, the largest dealt out first; in the files' order."""
    n_cores = os.cpu_count() or 1
    largest = sorted(paths, key=lambda path: path.stat().st_size, reverse=True)
    shares = [largest[start::n_cores] for start in range(n_cores)]
    with ThreadPoolExecutor(n_cores) as executor:
        search = partial(call_isolated, _search, folder)
        found = [each for share in executor.map(search, shares) for each in share]
    return sorted(found, key=itemgetter(0))


def _search(folder: Path, paths: Sequence[Path]) -> list[tuple[str, _Found]]:
    """Search files one after the other."""
    found = []
    for path in paths:
        file = path.relative_to(folder).as_posix()
        leaks, words = [], []
        for place, text in [("name of the file", file), *_read(path)]:
            identifiers, distinctive = _look_through(text)
            leaks += [Leak(file, place, one.kind, one.masked) for one in identifiers]
            words += [(word, place) for word in distinctive]
        found.append((file, (leaks, words)))
    return found


def _read(path: Path) -> Iterator[tuple[str, str]]:
    return ((text.place, text.text) for text in read_texts(path))


@lru_cache(maxsize=_MOST_TEXTS)
def _look_through(text: str) -> tuple[tuple[Identifier, ...], frozenset[str]]:
    """Look a text through once: names of entries and cells come again and again."""
    return find_identifiers(text), frozenset(list_words(text))


def _find_bank_keys(
    source: Source,
    columns: Iterable[KeyColumn],
    words: Mapping[str, list[tuple[str, str]]],
) -> Iterator[Leak]:
    searched = [column for column in columns if column.n_distinctive]
    found = find_keys(source, searched, words)
    for column in searched:
        for word in sorted(key for where, key in found if where == column):
            for file, place in words[word]:
                kind = f"{column.column} of the bank"
                yield Leak(file, place, kind, mask(word))
