"""Check that tables can be trusted before anything is computed from them.

Errors refuse a run; warnings are printed in the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.data.check_results import CheckResult
from analysis.data.contract import CONTRACT
from analysis.data.engine_errors import tell_engine_errors
from analysis.data.opening import LookedOver, look_over, open_source
from analysis.data.source import SourceInfo
from analysis.data.table_checks import check_tables
from analysis.data.table_reports import TableReport, describe_table
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.wording import say

__all__ = [
    "CheckResult",
    "SourceReport",
    "TableReport",
    "check_source",
    "check_tables",
    "find_problems",
    "judge_source",
    "read_quarter",
]


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
    with tell_engine_errors(f"source '{name}'"):
        tables = tuple(describe_table(source, table) for table in present)
    return SourceReport(
        info=source.info,
        tables=tables,
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
        found = look_over(source, root=root)
    except BadInputError as error:
        return error.problems
    return judge_source(found, names, reported)


def judge_source(
    found: LookedOver,
    names: Iterable[str],
    quarter: Quarter,
    checks: Iterable[CheckResult] | None = None,
) -> tuple[Problem, ...]:
    """Find what would make a run's numbers wrong in a source that is open.

    Parameters
    ----------
    found : LookedOver
        The source, as far as it can be used.
    names : iterable of str
        Contract tables that the run cannot do without.
    quarter : Quarter
        The quarter reported.
    checks : iterable of CheckResult or None
        What checks of these tables have found; they are checked now if it is None.

    Returns
    -------
    tuple of Problem
        What the data lack, missing tables, and failed checks that are errors; empty
        when the run may start.
    """
    source = found.source.info.name
    wanted = tuple(dict.fromkeys(names))
    absent = [
        Problem(
            say(
                "There must be a table '{table}'; the source has {tables}.",
                table=name,
                tables=str(list(found.source)),
            ),
            f"params/sources/{source}.yml",
            say("Map it, or run on a source that has it."),
        )
        for name in wanted
        if name not in found.source
    ]
    if checks is None:
        present = [name for name in wanted if name in found.sound]
        checks = check_tables(found.sound, present, quarter)
    failed = [
        Problem(
            check.message,
            say("source '{source}', {check}", source=source, check=check.name),
            check.remedy,
        )
        for check in checks
        if not check.passed and check.severity == "error"
        if (check.table, check.column) not in found.gaps
    ]
    return (*found.problems, *absent, *failed)


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
