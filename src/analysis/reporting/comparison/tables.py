"""How the tables that two runs have read differ: rows, time, customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.reporting.comparison.records import RecordedTable

Loss = Literal[
    "gone", "rows", "rows of the quarter", "customers", "begins later", "ends earlier"
]
"""What of a table there was more of before."""


@dataclass(frozen=True, slots=True)
class TableSize:
    """How much of a table a run has read; see `analysis.data.table_extents`.

    Parameters
    ----------
    rows, quarter_rows, customers : int or None
        Rows, rows of the quarter, customers.
    first, last : datetime.date or None
        First and last period.
    """

    rows: int
    quarter_rows: int | None
    customers: int | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table that one of two runs has read, or both.

    Parameters
    ----------
    table : str
        Its name in the contract.
    before, after : TableSize or None
        How much of it; None where a run has not read it.
    studies : tuple of str
        Studies that read it in either run.
    losses : tuple of Loss
        What there was more of before; empty for a table that did not shrink.
    """

    table: str
    before: TableSize | None
    after: TableSize | None
    studies: tuple[str, ...]
    losses: tuple[Loss, ...]

    @property
    def differs(self) -> bool:
        """Whether any count or period is another."""
        return self.before != self.after


def compare_tables(
    before: Mapping[str, RecordedTable] | None,
    after: Mapping[str, RecordedTable] | None,
) -> tuple[TableChange, ...] | None:
    """Compare how much of each table two runs have read.

    Parameters
    ----------
    before, after : mapping of str to RecordedTable, or None
        What the records say; None where they say nothing.

    Returns
    -------
    tuple of TableChange or None
        Every table of either, in the order of the records; None where one of them
        does not tell.
    """
    if before is None or after is None:
        return None
    return tuple(
        _compare(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*after, *before))
    )


def _compare(
    name: str, before: RecordedTable | None, after: RecordedTable | None
) -> TableChange:
    told = [record.studies for record in (after, before) if record is not None]
    studies = dict.fromkeys(study for studies in told for study in studies)
    was, now = _measure(before), _measure(after)
    losses = tuple(_list_losses(was, now))
    return TableChange(name, was, now, tuple(studies), losses)


def _measure(record: RecordedTable | None) -> TableSize | None:
    if record is None:
        return None
    return TableSize(
        record.rows,
        record.quarter_rows,
        record.customers,
        record.first,
        record.last,
    )


def _list_losses(before: TableSize | None, after: TableSize | None) -> Iterator[Loss]:
    if before is None:
        return
    if after is None:
        yield "gone"
        return
    if after.rows < before.rows:
        yield "rows"
    if _is_less(after.quarter_rows, before.quarter_rows):
        yield "rows of the quarter"
    if _is_less(after.customers, before.customers):
        yield "customers"
    if before.first and (after.first is None or after.first > before.first):
        yield "begins later"
    if before.last and (after.last is None or after.last < before.last):
        yield "ends earlier"


def _is_less(now: int | None, was: int | None) -> bool:
    return now is not None and was is not None and now < was
