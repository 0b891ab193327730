"""The content of contract tables as fingerprints: mapping and files, never times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

from analysis.data.contract import CONTRACT, CUT_BY_WAVES
from analysis.data.derivation import DERIVED
from analysis.data.mapping import Entry
from analysis.data.opening import Source
from analysis.reporting.fingerprints import hash_file, hash_text
from analysis.reporting.running.keys import UNKNOWN

_WAVES = "survey_waves"


def fingerprint_tables(source: Source, names: Iterable[str]) -> dict[str, str]:
    """Give one fingerprint for each table, and for those that it is made or checked by.

    Parameters
    ----------
    source : Source
        An open source.
    names : iterable of str
        Contract tables that are read.

    Returns
    -------
    dict of str to str
        SHA-256 of how the table is mapped and of every file that holds it; `UNKNOWN`
        for a table in a server.
    """
    needed: set[str] = set()
    for name in names:
        _add_needed(source, name, needed)
    conventions = hash_text(asdict(source.info), str(source.conventions))
    return {
        name: _fingerprint(source, name, conventions)
        for name in CONTRACT
        if name in needed
    }


def _add_needed(source: Source, name: str, needed: set[str]) -> None:
    if name in needed or name not in source:
        return
    if name in source.entries:
        needed.add(name)
        for _, target in CONTRACT[name].references:
            _add_needed(source, target, needed)
        if name in CUT_BY_WAVES:
            _add_needed(source, _WAVES, needed)
    else:
        for origin in DERIVED[name]:
            _add_needed(source, origin, needed)


def _fingerprint(source: Source, name: str, conventions: str) -> str:
    entries = source.entries[name]
    described = [entry.model_dump(mode="json") for entry in entries]
    held = [source.reader.list_files(place) for place in _list_places(entries)]
    if None in held:
        return UNKNOWN
    contents = [
        [(path.name, _hash_once(path)) for path in files or ()] for files in held
    ]
    return hash_text(conventions, described, contents)


def _list_places(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.table:
            yield entry.table
        for join in entry.join:
            yield join.table


@cache
def _hash_once(path: Path) -> str:
    """Hash a file once in a run, in which nothing may change it."""
    return hash_file(path)
