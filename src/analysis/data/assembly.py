"""Build a contract table from its entries in a mapping file.

The result has every column of the contract, in its order and types, absent ones
missing; besides, the file and row of each row, and for each converted column the
text that could not be converted.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from analysis.data.contract import Table
from analysis.data.conversion import (
    ENGINE_TYPES,
    Conventions,
    Converted,
    convert_column,
    convert_constant,
)
from analysis.data.mapping import Condition, Entry, Join, Unpivot
from analysis.data.readers import Reader
from analysis.data.row_origin import FAILED, FILE, ROW


def build_table(
    contract: Table,
    entries: Sequence[Entry],
    reader: Reader,
    conventions: Conventions,
) -> ir.Table:
    """Build a contract table, with file, row and failed conversions beside it.

    Parameters
    ----------
    contract : Table
        The contract's table.
    entries : sequence of Entry
        Its origins; they are put under each other.
    reader : Reader
        Gives the files or tables.
    conventions : Conventions
        What holds for all columns of the source.

    Returns
    -------
    ibis.Table
        One row per row of the contract's table.
    """
    parts = [_build_entry(contract, entry, reader, conventions) for entry in entries]
    return reduce(lambda above, below: above.union(below), parts)


def open_entry(entry: Entry, reader: Reader) -> ir.Table:
    """Give the rows of an entry before columns are converted.

    Parameters
    ----------
    entry : Entry
        An entry that names a file or table.
    reader : Reader
        Gives the files or tables.

    Returns
    -------
    ibis.Table
        The file's columns and those looked up; conditions are applied.
    """
    raw = reader.read(str(entry.table))
    for join in entry.join:
        raw = _look_up(raw, join, reader)
    raw = _keep(raw, entry.where)
    return _turn_long(raw, entry.unpivot) if entry.unpivot else raw


def _build_entry(
    contract: Table, entry: Entry, reader: Reader, conventions: Conventions
) -> ir.Table:
    if entry.rows:
        return _build_rows(contract, entry)
    raw = open_entry(entry, reader)
    converted = {
        column.name: convert_column(
            raw, column, entry.columns[column.name], conventions
        )
        if column.name in entry.columns
        else Converted(ibis.null(ENGINE_TYPES[column.type]), ibis.null("string"))
        for column in contract.columns
    }
    built = raw.select(
        **{name: column.value for name, column in converted.items()},
        **{ROW: raw[ROW].cast("int64"), FILE: raw[FILE].cast("string")},
        **{FAILED + name: column.failed for name, column in converted.items()},
    )
    for name in _list_turned(entry):  # an item that was not answered has no row
        built = built.filter(built[name].notnull() | built[FAILED + name].notnull())
    if entry.average:
        return _average(built, contract)
    return _keep_distinct(built, contract) if entry.distinct else built


def _list_turned(entry: Entry) -> list[str]:
    """List the contract columns that take the values of turned columns."""
    if entry.unpivot is None:
        return []
    value = entry.unpivot.value
    return [name for name, spec in entry.columns.items() if spec.source == value]


def _build_rows(contract: Table, entry: Entry) -> ir.Table:
    """Build a table from the rows in the mapping file; their row is their number."""
    records = [
        {
            **{column.name: row.get(column.name) for column in contract.columns},
            ROW: number,
        }
        for number, row in enumerate(entry.rows, start=1)
    ]
    parts = [
        ibis.range(1)
        .unnest()
        .name("_one")
        .as_table()
        .select(
            **{
                column.name: convert_constant(record[column.name], column)
                for column in contract.columns
            },
            **{ROW: ibis.literal(record[ROW], "int64")},
            **{FILE: ibis.literal("rows in the mapping file")},
            **{
                FAILED + column.name: ibis.null("string") for column in contract.columns
            },
        )
        for record in records
    ]
    return reduce(lambda above, below: above.union(below), parts)


def _look_up(raw: ir.Table, join: Join, reader: Reader) -> ir.Table:
    other = _keep(reader.read(join.table), join.where).drop(ROW, FILE)
    named = other.rename({f"{join.name}.{name}": name for name in other.columns})
    matches = [
        raw[here].cast("string") == named[f"{join.name}.{there}"].cast("string")
        for here, there in join.match.items()
    ]
    return raw.join(named, matches, how="inner" if join.required else "left")


def _keep(raw: ir.Table, conditions: Sequence[Condition]) -> ir.Table:
    tests = [_write_condition(raw, condition) for condition in conditions]
    return raw.filter(tests) if tests else raw


def _write_condition(raw: ir.Table, condition: Condition) -> ir.BooleanValue:
    """Write a condition; a missing value meets "missing", "not in" and "!="."""
    column = raw[condition.column]
    if column.type().is_string():
        column = column.strip().nullif("")
    if condition.op == "missing":
        return column.isnull()
    if condition.op == "given":
        return column.notnull()
    if condition.op in ("in", "not in"):
        found = column.cast("string").isin(condition.values)
        return found if condition.op == "in" else ~found | column.isnull()
    return _compare(column, condition)


def _compare(column: ir.Value, condition: Condition) -> ir.BooleanValue:
    value: Any = condition.value
    if isinstance(value, bool):
        column = column.cast("boolean")
    elif isinstance(value, int | float):
        column = column.cast("float64")
    elif isinstance(value, datetime.date):
        column = column.cast("date")
    else:
        column = column.cast("string")
    tests = {
        "=": column == value,
        "!=": (column != value) | column.isnull(),
        "<": column < value,
        "<=": column <= value,
        ">": column > value,
        ">=": column >= value,
    }
    return tests[condition.op]


def _turn_long(raw: ir.Table, unpivot: Unpivot) -> ir.Table:
    if len({raw[name].type() for name in unpivot.columns}) > 1:
        raw = raw.mutate(**{name: raw[name].cast("string") for name in unpivot.columns})
    return raw.pivot_longer(
        list(unpivot.columns), names_to=unpivot.name, values_to=unpivot.value
    )


def _keep_distinct(built: ir.Table, contract: Table) -> ir.Table:
    names = [column.name for column in contract.columns]
    others = [name for name in built.columns if name not in names]
    firsts = {name: built[name].min() for name in others}
    return built.group_by(names).agg(**firsts).select(built.columns)


def _average(built: ir.Table, contract: Table) -> ir.Table:
    averaged = {
        column.name for column in contract.columns if column.type in ("number", "rate")
    }
    others = [name for name in built.columns if name not in contract.key]
    summaries = {
        name: built[name].mean() if name in averaged else built[name].min()
        for name in others
    }
    return built.group_by(list(contract.key)).agg(**summaries).select(built.columns)
