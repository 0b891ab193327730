"""Compare what a mapping file names with the data contract."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from analysis.data.contract import CONTRACT, Column, ColumnType, Table
from analysis.data.mapping import MONEY_UNITS, RATE_UNITS
from analysis.errors import Problem

_MAJOR = "major units of the source's currency"
_SHARE = "share from 0 to 1"
_FORMS: dict[ColumnType, tuple[str, tuple[type, ...]]] = {
    "text": ("text", (str, int, float, bool)),
    "whole": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "date": ("a day such as 2026-03-31", (datetime.date,)),
    "flag": ("true or false", (bool,)),
    "minor": ("whole minor units", (int,)),
    "rate": ("a decimal a year", (int, float)),
}
"""By type: how a constant is written, and as what YAML reads it."""
_DICTIONARY = "Compare with the data dictionary, src/analysis/data/contract.py."


def find_contract_problems(raw: dict[str, Any], where: str) -> Iterator[Problem]:
    """Find names, units and constants that the contract does not allow.

    Parameters
    ----------
    raw : dict
        What the mapping file holds; mistakes of form in it are passed over.
    where : str
        Name of the file.

    Yields
    ------
    Problem
        One for each mistake.
    """
    tables = raw.get("tables")
    for name, entries in (tables if isinstance(tables, dict) else {}).items():
        path = f"{where}, tables.{name}"
        if name not in CONTRACT:
            yield _describe_unknown_name(f"table '{name}'", str(name), CONTRACT, path)
            continue
        for index, entry in enumerate(
            entries if isinstance(entries, list) else [entries]
        ):
            place = f"{path}.{index}" if isinstance(entries, list) else path
            if isinstance(entry, dict):
                yield from _find_entry_problems(entry, CONTRACT[name], place)


def _find_entry_problems(
    entry: dict[str, Any], table: Table, where: str
) -> Iterator[Problem]:
    known = {column.name: column for column in table.columns}
    rows = [row for row in _take_list(entry.get("rows")) if isinstance(row, dict)]
    columns = entry.get("columns")
    specs = columns if isinstance(columns, dict) else {}
    listed = {name for part in (*rows, specs) for name in part}
    for name in sorted(listed - known.keys(), key=str):
        label = f"column '{name}' in table '{table.name}'"
        yield _describe_unknown_name(label, str(name), known, where)
    required = [name for name, column in known.items() if column.required]
    absent = [name for name in required if name not in listed]
    if absent and listed:
        yield Problem(
            f"Table '{table.name}' must map the columns {absent}.", where, _DICTIONARY
        )
    for number, row in enumerate(rows):
        for name in known.keys() & row.keys():
            place = f"{where}.rows.{number}.{name}"
            yield from _find_constant_problems(row[name], known[name], place)
    for name in (name for name in specs if name in known):
        place = f"{where}.columns.{name}"
        yield from _find_unit_problems(specs[name], known[name], place)
        if isinstance(specs[name], dict):
            constant = specs[name].get("constant")
            yield from _find_constant_problems(constant, known[name], place)


def _take_list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _find_unit_problems(spec: object, column: Column, where: str) -> Iterator[Problem]:
    allowed = list_units(column)
    given = spec.get("unit") if isinstance(spec, dict) else None
    has_source = isinstance(spec, str) or (isinstance(spec, dict) and "from" in spec)
    if column.type in ("minor", "rate") and given is None and has_source:
        yield Problem(
            f"Column '{column.name}' must say the unit of the file.",
            where,
            f"Add `unit:` with one of {list(allowed)}.",
        )
    elif given is not None and given not in allowed:
        yield Problem(
            f"Column '{column.name}' ({column.unit}) can't have the unit {given!r}.",
            where,
            f"Write one of {list(allowed)}." if allowed else "Take `unit:` out.",
        )


def _find_constant_problems(
    value: object, column: Column, where: str
) -> Iterator[Problem]:
    """Find a value of the mapping file itself that the contract does not allow."""
    if value is None or isinstance(value, dict | list):
        return  # a gap, or told as a mistake of form
    form, kinds = _FORMS[column.type]
    fits = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    if column.type == "date" and isinstance(value, str):
        fits = _is_day(value)
    if column.codes:
        form, fits = f"one of {list(column.codes)}", value in column.codes
    if not fits:
        what = f"Column '{column.name}' must hold {form}, not {value!r}."
        yield Problem(what, where, "Write it in the contract's own unit and codes.")


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def list_units(column: Column) -> tuple[str, ...]:
    """List the units in which a source may hold a contract column.

    Parameters
    ----------
    column : Column
        A column of the contract.

    Returns
    -------
    tuple of str
        Words for `unit:`; none for names, codes, days and counts.
    """
    if column.type == "minor" or column.unit == _MAJOR:
        return ("minor", *MONEY_UNITS)
    if column.type == "rate":
        return tuple(RATE_UNITS)
    return ("decimal", "percent") if column.unit == _SHARE else ()


def _describe_unknown_name(
    label: str, name: str, known: dict[str, Any], where: str
) -> Problem:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return Problem(f"The contract has no {label}.", where, f"{hint}{_DICTIONARY}")
