"""The one door to data: contract tables of a source, up to a quarter's last day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir

from analysis.data.checks import CheckResult, check_tables, read_quarter
from analysis.data.contract import CONTRACT
from analysis.data.known_checks import find_checks
from analysis.data.opening import open_source
from analysis.data.source import Source, SourceInfo
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter

__all__ = ["Source", "SourceInfo", "Tables", "open_source", "read_tables"]


@dataclass(frozen=True)
class Tables(Mapping[str, ir.Table]):
    """The tables that a study asked for, in contract form.

    Parameters
    ----------
    opened : Source
        Where they come from.
    quarter : Quarter
        The quarter reported; nothing after its last day is in any table.
    names : tuple of str
        The tables asked for that the source has.
    """

    opened: Source
    quarter: Quarter
    names: tuple[str, ...]

    @property
    def source(self) -> SourceInfo:
        """What a reader must know of the source."""
        return self.opened.info

    @cached_property
    def checks(self) -> tuple[CheckResult, ...]:
        """What the checks of these tables found; run now if no run has done it."""
        known = find_checks(self.opened, self.quarter, self.names)
        return known or check_tables(self.opened, self.names, self.quarter)

    def __getitem__(self, name: str) -> ir.Table:
        """Give a table, all of its contract's columns, lazily.

        Raises
        ------
        KeyError
            If the table was not asked for or the source has none.
        """
        if name not in self.names:
            message = f"Tables must be asked for; '{name}' is not in {self.names}."
            raise KeyError(message)
        return self.opened.read(name, self.quarter)

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables."""
        return iter(self.names)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self.names)


def read_tables(
    names: Iterable[str], *, quarter: str, source: str, optional: Iterable[str] = ()
) -> Tables:
    """Read contract tables of a source as they were known at a quarter's end.

    Parameters
    ----------
    names : iterable of str
        Contract tables that must be there.
    quarter : str
        The quarter reported, such as "2026Q3".
    source : str
        Name of the source: params/sources/<source>.yml.
    optional : iterable of str
        Contract tables that are used when they are there.

    Returns
    -------
    Tables
        Lazy tables by name, with the source's facts and checks.

    Raises
    ------
    BadInputError
        If the source does not have what is asked for.
    """
    reported = read_quarter(quarter)
    opened = open_source(source)
    required = tuple(names)
    problems = [
        Problem(
            f"Source '{source}' must have the table '{name}'; it has {list(opened)}.",
            f"params/sources/{source}.yml",
            "Map it, or run the study on a source that has it.",
        )
        for name in required
        if name not in opened
    ]
    if problems:
        raise BadInputError(problems)
    wanted = {*required, *optional}
    present = tuple(name for name in CONTRACT if name in wanted and name in opened)
    return Tables(opened, reported, present)
