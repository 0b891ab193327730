"""Compare what a mapping names with the files and columns that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from analysis.data.contract import CONTRACT
from analysis.data.hiding import show_value
from analysis.data.mapping import Entry
from analysis.data.readers import Reader
from analysis.data.row_origin import FILE, ROW
from analysis.errors import Problem


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the data lack of one origin of a contract table.

    Parameters
    ----------
    table : str
        Name of the contract table.
    problems : tuple of Problem
        One for each file, table or column that is not there.
    columns : frozenset of str
        Contract columns without which the origin can still be looked at.
    is_unusable : bool
        Whether nothing of it can be looked at.
    """

    table: str
    problems: tuple[Problem, ...] = ()
    columns: frozenset[str] = frozenset()
    is_unusable: bool = False


def compare_structure(table: str, entry: Entry, reader: Reader, name: str) -> Gaps:
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

    Returns
    -------
    Gaps
        What is not there.
    """
    if entry.table is None:
        return Gaps(table)
    where = f"params/sources/{name}.yml, table '{table}'"
    places = [entry.table, *(join.table for join in entry.join)]
    absent = tuple(
        Problem(
            f"There must be a file or table `{place}`; there is none.",
            where,
            "Compare its name with what is at the location.",
        )
        for place in dict.fromkeys(places)
        if not reader.has(place)
    )
    if absent:
        return Gaps(table, absent, is_unusable=True)
    return _compare_columns(table, entry, reader, where)


def leave_out(
    entries: Mapping[str, tuple[Entry, ...]], found: Iterable[Gaps]
) -> dict[str, tuple[Entry, ...]]:
    """Leave out of a mapping what the data lack.

    Parameters
    ----------
    entries : mapping of str to tuple of Entry
        Contract table: its origins.
    found : iterable of Gaps
        What the data lack of them.

    Returns
    -------
    dict of str to tuple of Entry
        Tables of which every origin can be looked at, without absent columns.
    """
    gaps = tuple(found)
    unusable = {each.table for each in gaps if each.is_unusable}
    return {
        table: tuple(_take_out(entry, table, gaps) for entry in origins)
        for table, origins in entries.items()
        if table not in unusable
    }


def _take_out(entry: Entry, table: str, gaps: Iterable[Gaps]) -> Entry:
    absent = {name for each in gaps if each.table == table for name in each.columns}
    kept = {name: spec for name, spec in entry.columns.items() if name not in absent}
    return entry.model_copy(update={"columns": kept})


def _compare_columns(table: str, entry: Entry, reader: Reader, where: str) -> Gaps:
    known = _list_known(entry, reader)
    shown = [c for c in dict.fromkeys(known) if c not in (ROW, FILE)]
    absent = [column for column in _list_used(entry) if column not in known]
    problems = []
    for column in absent:
        close = get_close_matches(column, shown, n=1)
        hint = f"Did you mean '{show_value(close[0])}'? " if close else ""
        problems.append(
            Problem(
                f"`{entry.table}` must have a column '{column}'. It has "
                f"{[show_value(name) for name in shown]}.",
                where,
                f"{hint}Correct the mapping file or the extract.",
            )
        )
    lacking = {n for n, spec in entry.columns.items() if spec.source in absent}
    steps = set(_list_steps(entry)) & set(absent)
    needed = set(CONTRACT[table].key) & lacking
    return Gaps(table, tuple(problems), frozenset(lacking), bool(steps or needed))


def _list_used(entry: Entry) -> list[str]:
    """Give every column that an entry names, each once."""
    mapped = [spec.source for spec in entry.columns.values() if spec.source]
    return list(dict.fromkeys([*mapped, *_list_steps(entry)]))


def _list_steps(entry: Entry) -> Iterator[str]:
    """Give the columns that conditions, joins and turning need."""
    yield from (condition.column for condition in entry.where)
    yield from entry.unpivot.columns if entry.unpivot else ()
    for join in entry.join:
        yield from join.match.keys()
        yield from (f"{join.name}.{column}" for column in join.match.values())
        yield from (f"{join.name}.{condition.column}" for condition in join.where)


def _list_known(entry: Entry, reader: Reader) -> list[str]:
    known = list(reader.read(str(entry.table)).columns)
    if entry.unpivot:
        known += [entry.unpivot.name, entry.unpivot.value]
    for join in entry.join:
        other = reader.read(join.table).drop(ROW, FILE).columns
        known += [f"{join.name}.{column}" for column in other]
    return known
