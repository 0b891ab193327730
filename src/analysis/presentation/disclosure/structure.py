"""How a table about customers hangs together: which columns, which sums, which bounds.

A table's cells are its counts and amounts, one line after the other. Where the total
describes some customers more than its lines do, and these are few, they stand as a
line of their own that is never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.presentation.disclosure.intervals import Knowledge, Relation
from analysis.presentation.disclosure.primary import Marks, Numbers, find_rare

MEASURES = ("largest", "second", "absolute")
"""Ends of the names of the columns that dominance is judged by."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A column that is the sum of others in the same row.

    Parameters
    ----------
    total : str
        Column with the sum.
    parts : tuple of str
        Columns that add up to it, with their signs.
    """

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What a table says of its own columns; see `release`.

    Parameters
    ----------
    count : str
        Column with the customers of each row.
    counts, amounts, dominance : tuple of str
        Columns that count some of them; that add up; that dominance is judged for.
    derived : mapping of str to sequence of str
        Columns computed from others.
    sums : tuple of Sum
        Which columns add up to which in a row.
    has_total : bool
        Whether the last row adds up the others.
    """

    count: str
    counts: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    derived: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dominance: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    has_total: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of numbers that relations bind: count first, amounts last."""
        names = [self.count, *self.counts, *self.amounts, *self.dominance]
        return tuple(dict.fromkeys(names))

    @property
    def n_counts(self) -> int:
        """How many of `columns` count customers."""
        return len(dict.fromkeys([self.count, *self.counts]))

    @property
    def measures(self) -> dict[str, tuple[str, ...]]:
        """Columns that dominance is judged by, for each amount."""
        return {
            name: tuple(f"{name}_{end}" for end in MEASURES) for name in self.dominance
        }


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The numbers of a table, with everything that binds them.

    Parameters
    ----------
    structure : Structure
        What the table says of its columns.
    numbers : numpy.ndarray of float, shape (lines, columns)
        True values; a missing one is 0. The last line may be customers that only
        the total describes.
    measures : mapping of str to numpy.ndarray, shape (lines, 3)
        Largest, second largest and sum of absolute contributions, for each amount
        that dominance is judged for.
    unlisted : bool
        Whether the last line is such customers, too few to be shown.
    """

    structure: Structure
    numbers: Numbers
    measures: Mapping[str, Numbers]
    unlisted: bool

    @property
    def total_line(self) -> int | None:
        """Number of the total's line."""
        if not self.structure.has_total or not len(self.numbers):
            return None
        return len(self.numbers) - 1 - self.unlisted

    @property
    def parts(self) -> Marks:
        """Lines that the total adds up: all but the total."""
        marks = np.ones(len(self.numbers), dtype=np.bool_)
        if self.total_line is not None:
            marks[self.total_line] = False
        return marks

    def find_knowledge(self) -> Knowledge:
        """Give what a reader knows to hold between the cells.

        Returns
        -------
        Knowledge
            Values and bounds line by line, and every relation.
        """
        counted = self.structure.n_counts
        negative: Marks = np.any(self.numbers < 0, axis=0)
        positive: Marks = np.any(self.numbers > 0, axis=0)
        negative[:counted] = False
        positive[:counted] = True
        floors = np.where(negative, -np.inf, 0.0)
        ceilings = np.where(positive, np.inf, 0.0)
        shape = self.numbers.shape
        return Knowledge(
            self.numbers.ravel(),
            np.broadcast_to(floors, shape).ravel(),
            np.broadcast_to(ceilings, shape).ravel(),
            (*self._list_totals(), *self._list_sums(), *self._list_bounds()),
        )

    def number(self, line: int, column: int) -> int:
        """Give the number of a cell.

        Parameters
        ----------
        line, column : int
            Its place.

        Returns
        -------
        int
            Its place in the long vector of cells.
        """
        return line * len(self.structure.columns) + column

    def _list_totals(self) -> list[Relation]:
        total = self.total_line
        if total is None:
            return []
        lines = [*np.flatnonzero(self.parts), total]
        signs = tuple(1 if line != total else -1 for line in lines)
        return [
            Relation(tuple(self.number(int(line), column) for line in lines), signs)
            for column in range(self.numbers.shape[1])
        ]

    def _list_sums(self) -> list[Relation]:
        place = {name: at for at, name in enumerate(self.structure.columns)}
        relations = []
        for line in range(len(self.numbers)):
            for each in self.structure.sums:
                names = (*each.parts, each.total)
                cells = tuple(self.number(line, place[name]) for name in names)
                relations.append(Relation(cells, (*[1] * len(each.parts), -1)))
        return relations

    def _list_bounds(self) -> list[Relation]:
        return [
            Relation((self.number(line, part), self.number(line, 0)), (1, -1), True)
            for part in self.list_parts_of_count()
            for line in range(len(self.numbers))
        ]

    def list_parts_of_count(self) -> list[int]:
        """List the columns that count some of a row's customers, by place.

        A column that exceeds the count somewhere counts something else.
        """
        counts = self.numbers[:, 0]
        places = range(1, self.structure.n_counts)
        return [at for at in places if (self.numbers[:, at] <= counts).all()]


def read_cells(rows: pd.DataFrame, structure: Structure, *, minimum: int) -> Cells:
    """Read the numbers of a table, and find customers that only its total describes.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of customers, the total last.
    structure : Structure
        What the table says of its columns.
    minimum : int
        Fewest customers that may be described.

    Returns
    -------
    Cells
        The numbers.

    Raises
    ------
    ValueError
        If a count is not a whole number from zero up, or a sum does not hold.
    """
    numbers = [_read_numbers(rows[name]) for name in structure.columns]
    values = np.column_stack(numbers)
    _require_counts(values[:, 0], structure.count)
    values = np.nan_to_num(values, nan=0.0)
    for place in range(1, structure.n_counts):
        _require_counts(values[:, place], structure.columns[place])
    measures = {
        name: np.column_stack([_read_numbers(rows[column]) for column in columns])
        for name, columns in structure.measures.items()
    }
    unlisted = structure.has_total and len(rows) > 0
    if unlisted:
        rest = values[-1] - values[:-1].sum(axis=0)
        unlisted = bool(find_rare(rest[:1], minimum=minimum)[0])
        values = np.vstack([values, _tidy(rest, values)]) if unlisted else values
    cells = Cells(structure, values, _fill(measures, len(values)), unlisted)
    _require_sums(cells)
    return cells


def _read_numbers(column: pd.Series[float]) -> Numbers:
    try:
        return np.asarray(column.astype(float), dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = (
            f"Column {column.name!r} must hold numbers to be released as a count or "
            f"an amount. It has {column.head(5).tolist()}."
        )
        raise ValueError(message) from error


def _require_counts(values: Numbers, name: str) -> None:
    wrong = ~((values >= 0) & (values == np.floor(values)))
    if wrong.any():
        message = (
            f"Column {name!r} must hold whole numbers of customers from 0 up. "
            f"It has {values[wrong][:5].tolist()} ({int(wrong.sum())} in all)."
        )
        raise ValueError(message)


def _tidy(rest: Numbers, values: Numbers) -> Numbers:
    # What is left of a sum after its parts is rounding, not money.
    noise = 1e-9 * np.abs(values).max(axis=0)
    return np.where(np.abs(rest) <= noise, 0.0, rest)


def _fill(measures: Mapping[str, Numbers], n_lines: int) -> dict[str, Numbers]:
    filled = {}
    for name, table in measures.items():
        whole = np.zeros((n_lines, len(MEASURES)))
        whole[: len(table)] = np.nan_to_num(table, nan=0.0)
        filled[name] = whole
    return filled


def _require_sums(cells: Cells) -> None:
    place = {name: at for at, name in enumerate(cells.structure.columns)}
    lines = cells.numbers.T
    for each in cells.structure.sums:
        parts = lines[[place[name] for name in each.parts]]
        gap = np.abs(parts.sum(axis=0) - lines[place[each.total]])
        wrong = np.flatnonzero(gap > 1e-6 * (np.abs(parts).sum(axis=0) + 1.0))
        if len(wrong):
            message = (
                f"Columns {list(each.parts)} must add up to {each.total!r} in each "
                f"row. They don't in rows {wrong[:5].tolist()} ({len(wrong)} in all)."
            )
            raise ValueError(message)
