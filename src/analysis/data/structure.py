"""Compare what a mapping names with the files and columns that are there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from analysis.data.mapping import Entry
from analysis.data.readers import Reader
from analysis.data.row_origin import FILE, ROW
from analysis.errors import Problem


def find_structure_problems(
    table: str, entry: Entry, reader: Reader, name: str
) -> Iterator[Problem]:
    """Find files and columns that the mapping names and the data do not have.

    Parameters
    ----------
    table : str
        Name of the contract table.
    entry : Entry
        One of its origins.
    reader : Reader
        Gives the files or tables.
    name : str
        Name of the source.

    Yields
    ------
    Problem
        One for each file, table or column that is not there.
    """
    where = f"params/sources/{name}.yml, table '{table}'"
    if entry.table is None:
        return
    places = [entry.table, *(join.table for join in entry.join)]
    absent = [place for place in places if not reader.has(place)]
    for place in absent:
        yield Problem(
            f"There must be a file or table `{place}`; there is none.",
            where,
            "Compare its name with what is at the location.",
        )
    if not absent:
        yield from _find_column_problems(entry, reader, where)


def _find_column_problems(
    entry: Entry, reader: Reader, where: str
) -> Iterator[Problem]:
    known = list(reader.read(str(entry.table)).columns)
    used = [spec.source for spec in entry.columns.values() if spec.source]
    used += [condition.column for condition in entry.where]
    if entry.unpivot:
        used += entry.unpivot.columns
        known += [entry.unpivot.name, entry.unpivot.value]
    for join in entry.join:
        other = reader.read(join.table).drop(ROW, FILE).columns
        known += [f"{join.name}.{column}" for column in other]
        used += join.match.keys()
        used += [f"{join.name}.{column}" for column in join.match.values()]
        used += [f"{join.name}.{condition.column}" for condition in join.where]
    shown = [column for column in known if column not in (ROW, FILE)]
    for column in dict.fromkeys(used):
        if column not in known:
            close = get_close_matches(column, shown, n=1)
            hint = f"Did you mean '{close[0]}'? " if close else ""
            yield Problem(
                f"`{entry.table}` must have a column '{column}'. It has {shown}.",
                where,
                f"{hint}Correct the mapping file or the extract.",
            )
