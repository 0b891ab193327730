"""Check that tables can be trusted before anything is computed from them.

Errors refuse a run; warnings are printed in the report. Everything is counted by the
engine: a table is read about five times, none of it into memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.data.assembly import open_entry
from analysis.data.check_results import CheckResult, collapse
from analysis.data.comparisons import (
    check_key,
    check_quarter,
    check_reference,
    check_wave,
)
from analysis.data.contract import CONTRACT
from analysis.data.derivation import DERIVED
from analysis.data.ledger_checks import check_ledger
from analysis.data.levels import check_rate_levels, check_size
from analysis.data.opening import Source, SourceInfo, open_source
from analysis.data.rules import check_rows
from analysis.data.table_reports import TableReport, describe_table
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.units import write_number
from analysis.wording import say

__all__ = [
    "CheckResult",
    "SourceReport",
    "TableReport",
    "check_source",
    "check_tables",
    "find_problems",
    "read_quarter",
]

_SURVEY = ("survey_answers", "survey_responses")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a source has, what it lacks, and what the checks found.

    Parameters
    ----------
    info : SourceInfo
        What a reader must know of the source.
    tables : tuple of TableReport
        The contract tables that it has, kept or derived.
    missing : tuple of str
        The contract tables that it does not have.
    checks : tuple of CheckResult
        What the checks of all its tables found.
    """

    info: SourceInfo
    tables: tuple[TableReport, ...]
    missing: tuple[str, ...]
    checks: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether no error was found; warnings do not count."""
        return all(check.passed or check.severity == "warning" for check in self.checks)


def check_source(
    name: str, quarter: str | None = None, *, root: Path | None = None
) -> SourceReport:
    """Check all tables of a source.

    Parameters
    ----------
    name : str
        Name of the source: params/sources/<name>.yml.
    quarter : str, optional
        Quarter to be reported, such as "2026Q3"; without it, everything the source
        has is checked, whatever its time.
    root : pathlib.Path, optional
        The project's folder; found from the current folder upward when absent.

    Returns
    -------
    SourceReport
        Tables, columns, what is missing, and every check.

    Raises
    ------
    BadInputError
        If the quarter cannot be read, or the mapping file is wrong or does not fit
        the data.
    """
    source = open_source(name, root=root)
    reported = read_quarter(quarter) if quarter else None
    present = tuple(source)
    return SourceReport(
        info=source.info,
        tables=tuple(describe_table(source, table) for table in present),
        missing=tuple(table for table in CONTRACT if table not in present),
        checks=check_tables(source, present, reported),
    )


def find_problems(
    source: str, names: Iterable[str], quarter: str, *, root: Path | None = None
) -> tuple[Problem, ...]:
    """Find what would make a run's numbers wrong, before anything is started.

    Parameters
    ----------
    source : str
        Name of the source: params/sources/<source>.yml.
    names : iterable of str
        Contract tables that the run cannot do without.
    quarter : str
        The quarter reported, such as "2026Q3".
    root : pathlib.Path, optional
        The project's folder; found from the current folder upward when absent.

    Returns
    -------
    tuple of Problem
        Mistakes in the mapping file, missing tables, and failed checks that are
        errors; empty when the run may start.
    """
    try:
        reported = read_quarter(quarter)
        opened = open_source(source, root=root)
    except BadInputError as error:
        return error.problems
    wanted = tuple(dict.fromkeys(names))
    absent = [
        Problem(
            say(
                "There must be a table '{table}'; the source has {tables}.",
                table=name,
                tables=str(list(opened)),
            ),
            f"params/sources/{source}.yml",
            say("Map it, or run on a source that has it."),
        )
        for name in wanted
        if name not in opened
    ]
    present = [name for name in wanted if name in opened]
    failed = [
        Problem(
            check.message,
            say("source '{source}', {check}", source=source, check=check.name),
            check.remedy,
        )
        for check in check_tables(opened, present, reported)
        if not check.passed and check.severity == "error"
    ]
    return (*absent, *failed)


def read_quarter(text: str) -> Quarter:
    """Read a quarter that a user wrote.

    Parameters
    ----------
    text : str
        Such as "2026Q3".

    Returns
    -------
    Quarter
        The quarter named.

    Raises
    ------
    BadInputError
        If the text is written in any other way.
    """
    try:
        return Quarter.parse(text)
    except ValueError as error:
        problem = Problem(str(error), "quarter", say("Write it as year, Q and number."))
        raise BadInputError([problem]) from error


def check_tables(
    source: Source, names: Iterable[str], quarter: Quarter | None
) -> tuple[CheckResult, ...]:
    """Check tables of an open source, and those that they are derived from.

    Parameters
    ----------
    source : Source
        An open source.
    names : iterable of str
        Contract tables that it has.
    quarter : Quarter or None
        The quarter reported; nothing later is looked at. None for all of its time.

    Returns
    -------
    tuple of CheckResult
        In the contract's order; passed checks of one kind and table are one result.
    """
    wanted = _add_origins(source, names)
    results: list[CheckResult] = []
    for name in (table for table in CONTRACT if table in wanted):
        results += _check_table(source, name, quarter)
        if quarter is not None:
            results += _check_in_time(source, name, quarter)
    if quarter is not None and "ledger" in wanted:
        results += check_ledger(
            source.read("ledger", quarter),
            lambda name: source.read(name, quarter) if name in source else None,
            quarter,
            source.info,
        )
    return tuple(collapse(results))


def _add_origins(source: Source, names: Iterable[str]) -> set[str]:
    wanted = set(names)
    for name in tuple(wanted):
        if source.derives(name):
            wanted |= _add_origins(source, DERIVED[name])
    return wanted


def _check_table(
    source: Source, name: str, quarter: Quarter | None
) -> Iterator[CheckResult]:
    contract = CONTRACT[name]
    table = source.inspect(name, quarter)
    yield from _report_use(source, name)
    yield from check_rows(table, contract, source.info.period)
    yield check_key(table, contract)
    for column, target in contract.references:
        if target in source:
            known = source.read(target, quarter)
            yield check_reference(table, name, column, known, target)
    mapped = {
        column for entry in source.entries.get(name, ()) for column in entry.columns
    }
    rates = [c.name for c in contract.columns if c.type == "rate" and c.name in mapped]
    yield from check_rate_levels(table, name, rates)


def _check_in_time(
    source: Source, name: str, quarter: Quarter
) -> Iterator[CheckResult]:
    contract = CONTRACT[name]
    if contract.has_periods:
        whole = source.read(name, None if name in source.entries else quarter)
        yield check_quarter(whole, name, quarter, source.info)
        yield from check_size(source.read(name, quarter), contract, quarter)
    if name == "survey_waves":
        yield check_quarter(source.read(name), name, quarter, source.info)
    if name in _SURVEY and "survey_waves" in source:
        waves = source.read("survey_waves", quarter)
        yield check_wave(waves, source.read(name, quarter), name, quarter)


def _report_use(source: Source, name: str) -> Iterator[CheckResult]:
    """Report how many rows of each file are used, where some may be left out."""
    used: dict[str, int] = {}
    for entry in source.entries.get(name, ()):
        if entry.table and (entry.where or entry.join) and not entry.unpivot:
            rows = int(open_entry(entry, source.reader).count().to_pyarrow().as_py())
            used[entry.table] = used.get(entry.table, 0) + rows
    for place, rows in used.items():
        total = int(source.reader.read(place).count().to_pyarrow().as_py())
        message = say(
            "{used} of {total} rows of `{place}` are used.",
            used=write_number(rows),
            total=write_number(total),
            place=place,
        )
        yield CheckResult(say("rows used"), name, True, message, nobs=total)
