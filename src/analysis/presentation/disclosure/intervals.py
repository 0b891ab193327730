"""What a reader can infer about hidden cells: bounds from a linear programme.

A reader knows every cell shown, which sums hold between cells, and the least and the
greatest value that a cell can have by its nature. Cells are numbered; a table is a
long vector of them. Nothing here knows why a cell is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.presentation.disclosure.primary import Marks, Numbers

_FAR: Final = 1e4
# Deviations are scaled by the largest hidden value; a bound this far away is none.


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that holds between cells, up to a constant that readers know.

    Parameters
    ----------
    cells : tuple of int
        Numbers of the cells.
    signs : tuple of int
        Factor of each: 1 for a part, -1 for the sum.
    at_most : bool
        Whether the sum may fall short: parts are at most the whole.
    """

    cells: tuple[int, ...]
    signs: tuple[int, ...]
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that a hidden cell may have for all that a reader knows.

    Parameters
    ----------
    lower, upper : float
        Bounds in the cell's unit; infinite where nothing bounds it.
    """

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What holds between the cells of a table, whatever is hidden in it.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        True value of each cell.
    floors, ceilings : numpy.ndarray of float, shape (n,)
        Least and greatest value that a reader thinks possible; may be infinite.
    relations : tuple of Relation
        Sums that a reader knows to hold.
    """

    values: Numbers
    floors: Numbers
    ceilings: Numbers
    relations: tuple[Relation, ...]


def infer_interval(known: Knowledge, hidden: Marks, cell: int) -> Interval:
    """Bound a hidden cell by everything that is published.

    Solves min and max x_i subject to the relations, with published cells fixed, as a
    linear programme in the deviations from the true values (HiGHS).

    Parameters
    ----------
    known : Knowledge
        Cells and the relations between them.
    hidden : numpy.ndarray of bool, shape (n,)
        Which cells are not published.
    cell : int
        The cell in question.

    Returns
    -------
    Interval
        The feasibility interval; one point if the cell is published or can be worked
        out. Whole numbers are not demanded of counts.

    Raises
    ------
    ValueError
        If there is no such cell.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       section 4.2.2, feasibility interval, example 3.
    .. [2] Fischetti, M. and Salazar, J. J. (2000), Models and algorithms for
       optimizing cell suppression in tabular data with linear constraints, JASA 95.
    """
    if not 0 <= cell < len(known.values):
        message = f"A cell must be a number below {len(known.values)}, not {cell}."
        raise ValueError(message)
    value = float(known.values[cell])
    if not hidden[cell]:
        return Interval(value, value)
    groups = find_groups(known.relations, hidden)
    linked = next((group for group in groups if cell in group), (cell,))
    return Audit(known, linked).infer(cell)


def find_groups(relations: Sequence[Relation], hidden: Marks) -> list[tuple[int, ...]]:
    """Group the hidden cells that say something of each other.

    Parameters
    ----------
    relations : sequence of Relation
        Sums that hold.
    hidden : numpy.ndarray of bool
        Which cells are not published.

    Returns
    -------
    list of tuple of int
        Hidden cells that chains of relations join, each group rising; a hidden cell
        in no relation is in no group.
    """
    groups: list[set[int]] = []
    for relation in relations:
        joined = {cell for cell in relation.cells if hidden[cell]}
        if joined:
            apart = [group for group in groups if not group & joined]
            near = [group for group in groups if group & joined]
            groups = [*apart, joined.union(*near)]
    return sorted(tuple(sorted(group)) for group in groups)


class Audit:
    """The linear programmes over linked hidden cells, which share their constraints.

    Parameters
    ----------
    known : Knowledge
        Cells and the relations between them.
    linked : sequence of int
        One group of `find_groups`.
    """

    def __init__(self, known: Knowledge, linked: Sequence[int]) -> None:
        self.known, self.linked = known, tuple(linked)
        places = {cell: place for place, cell in enumerate(linked)}
        values = known.values[list(linked)]
        self.scale = float(np.abs(values).max()) or 1.0
        equal, at_most, slack = [], [], []
        for relation in known.relations:
            row = np.zeros(len(places))
            for cell, sign in zip(relation.cells, relation.signs, strict=True):
                if cell in places:
                    row[places[cell]] += sign
            if row.any() and relation.at_most:
                at_most.append(row)
                slack.append(self._scale_slack(known, relation))
            elif row.any():
                equal.append(row)
        self.equal, self.at_most = _stack(equal), _stack(at_most)
        self.slack = np.array(slack) if slack else None
        low = (known.floors[list(linked)] - values) / self.scale
        high = (known.ceilings[list(linked)] - values) / self.scale
        self.bounds = np.column_stack(
            [np.clip(low, -_FAR, 0.0), np.clip(high, 0.0, _FAR)]
        )

    def _scale_slack(self, known: Knowledge, relation: Relation) -> float:
        total = known.values[list(relation.cells)] @ np.array(relation.signs)
        return max(float(-total), 0.0) / self.scale

    def infer(self, cell: int) -> Interval:
        """Bound one of the linked cells.

        Parameters
        ----------
        cell : int
            Its number.

        Returns
        -------
        Interval
            Its feasibility interval.
        """
        place, value = self.linked.index(cell), float(self.known.values[cell])
        return Interval(value - self._reach(place, -1), value + self._reach(place, 1))

    def _reach(self, place: int, direction: int) -> float:
        if self.equal is None and self.at_most is None:
            furthest = float(self.bounds[place, (direction + 1) // 2]) * direction
        else:
            furthest = self._solve(place, direction)
        return math.inf if furthest >= 0.99 * _FAR else furthest * self.scale

    def _solve(self, place: int, direction: int) -> float:
        aim = np.zeros(len(self.bounds))
        aim[place] = -direction
        solution = linprog(
            aim,
            A_ub=self.at_most,
            b_ub=self.slack,
            A_eq=self.equal,
            b_eq=None if self.equal is None else np.zeros(len(self.equal)),
            bounds=self.bounds,
            method="highs",
        )
        if solution.status != 0:
            message = f"The audit of a table can't be solved: {solution.message}"
            raise ValueError(message)
        return max(float(-solution.fun), 0.0)


def _stack(rows: list[Numbers]) -> NDArray[np.float64] | None:
    return np.array(rows) if rows else None
