"""Open a source: find its files, compare their columns with the mapping.

A run opens a source only if all of it is there. A check looks at as much of a broken
one as can be looked at, so that a missing column and a wrong value are told at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.data.contract import CONTRACT
from analysis.data.conversion import Conventions
from analysis.data.engine_errors import tell_engine_errors
from analysis.data.mapping import ColumnMapping, Entry, SourceMapping
from analysis.data.mapping_contract import list_units
from analysis.data.mapping_files import find_project_root, read_mapping
from analysis.data.readers import Reader, open_reader
from analysis.data.source import Source, SourceInfo
from analysis.data.structure import Gaps, compare_structure, leave_out
from analysis.errors import BadInputError, Problem
from analysis.wording import choose

__all__ = ["LookedOver", "Source", "SourceInfo", "look_over", "open_source"]

_FORGIVING = ("duckdb", "pyspark")
"""Engines that can try a cast and give nothing where it fails."""


@dataclass(frozen=True)
class LookedOver:
    """A source as its mapping file says it is, and as far as it can be used.

    Parameters
    ----------
    source : Source
        With every table that the mapping file names.
    sound : Source
        Without what the data lack; the same where they lack nothing.
    problems : tuple of Problem
        What the data lack.
    gaps : frozenset of (str, str)
        Contract tables and columns of `sound` that the data lack.
    """

    source: Source
    sound: Source
    problems: tuple[Problem, ...] = ()
    gaps: frozenset[tuple[str, str]] = field(default=frozenset())


def open_source(name: str, *, root: Path | None = None) -> Source:
    """Open a source by the name of its mapping file.

    Parameters
    ----------
    name : str
        Name of the source: params/sources/<name>.yml.
    root : pathlib.Path, optional
        The project's folder; found from the current folder upward when absent.

    Returns
    -------
    Source
        The source, its files found and their columns compared with the mapping.

    Raises
    ------
    BadInputError
        If the mapping file is wrong, or does not fit what is at its location.
    """
    found = look_over(name, root=root)
    if found.problems:
        raise BadInputError(found.problems)
    return found.source


def look_over(name: str, *, root: Path | None = None) -> LookedOver:
    """Open as much of a source as there is.

    Parameters
    ----------
    name : str
        Name of the source: params/sources/<name>.yml.
    root : pathlib.Path, optional
        The project's folder; found from the current folder upward when absent.

    Returns
    -------
    LookedOver
        The source, and what its data lack of what the mapping file names.

    Raises
    ------
    BadInputError
        If the mapping file is wrong, or there is nothing at its location.
    """
    root = root or find_project_root()
    mapping = read_mapping(name, root)
    reader, entries = _open(mapping, root, f"params/sources/{name}.yml")
    found = [
        _compare(table, entry, reader, name)
        for table, origins in entries.items()
        for entry in origins
    ]
    whole = Source(_describe(name, mapping), entries, reader, _agree(mapping, reader))
    problems = tuple(problem for gaps in found for problem in gaps.problems)
    if not problems:
        return LookedOver(whole, whole)
    sound = Source(whole.info, leave_out(entries, found), reader, whole.conventions)
    lacking = {(gaps.table, column) for gaps in found for column in gaps.columns}
    return LookedOver(whole, sound, problems, frozenset(lacking))


def _open(
    mapping: SourceMapping, root: Path, where: str
) -> tuple[Reader, dict[str, tuple[Entry, ...]]]:
    try:
        with tell_engine_errors("location"):
            reader = open_reader(mapping, root)
            if mapping.layout == "contract":
                return reader, _list_contract_entries(reader)
            return reader, dict(mapping.tables)
    except BadInputError as error:
        place = f"{where}, location"
        told = [
            replace(each, where=place) if each.where == "location" else each
            for each in error.problems
        ]
        raise BadInputError(told) from error


def _compare(table: str, entry: Entry, reader: Reader, name: str) -> Gaps:
    """Compare an entry with its files; one that can't be read is no table at all."""
    where = f"source '{name}', table '{table}'"
    try:
        with tell_engine_errors(where):
            return compare_structure(table, entry, reader, name)
    except BadInputError as error:
        return Gaps(table, error.problems, is_unusable=True)


def _describe(name: str, mapping: SourceMapping) -> SourceInfo:
    return SourceInfo(
        name=name,
        title=choose(mapping.title),
        currency=mapping.currency,
        minor_units=mapping.minor_units,
        period=mapping.period,
        attribution=choose(mapping.attribution),
    )


def _agree(mapping: SourceMapping, reader: Reader) -> Conventions:
    return Conventions(
        minor_units=mapping.minor_units,
        decimal=mapping.csv.decimal,
        thousands=mapping.csv.thousands,
        missing=mapping.csv.missing,
        forgiving=reader.connection.name in _FORGIVING,
    )


def _list_contract_entries(reader: Reader) -> dict[str, tuple[Entry, ...]]:
    """Map every table that is named and typed as in the contract to itself."""
    entries: dict[str, tuple[Entry, ...]] = {}
    for name, contract in CONTRACT.items():
        place = reader.find(name)
        if place is None:
            continue
        found = reader.read(place).columns
        columns = {}
        for column in contract.columns:
            units = list_units(column)
            unit = next((u for u in units if u in ("minor", "decimal")), None)
            natural = "major" if column.type == "number" and "major" in units else unit
            if column.name in found or column.required:
                columns[column.name] = ColumnMapping(
                    source=column.name,
                    unit=natural,
                )
        entries[name] = (Entry(table=place, columns=columns),)
    return entries
