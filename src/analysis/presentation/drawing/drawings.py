"""A drawing: the figure of a chart, and what was drawn as rows and named columns.

The data tell no more than the chart: numbers are divided and rounded as its axis asks,
and what the disclosure door hid stays hidden.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.presentation.disclosure import (
    Released,
    Suppressed,
    is_suppressed,
)
from analysis.presentation.drawing.scales import Scale, read_numbers
from analysis.wording import say

DrawnValue = str | float | Suppressed | None
DrawnPart = tuple[str, str, Scale | None]
"""Column, what it is in words, and the scale of its axis; None for text."""


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """One column of what was drawn.

    Parameters
    ----------
    label : str
        What it holds, in words.
    unit : str
        What its numbers count; empty for text, and where the label says it.
    cells : tuple
        One per row: text, a rounded number, None where missing, `SUPPRESSED` where
        hidden.
    """

    label: str
    unit: str
    cells: tuple[DrawnValue, ...]


@dataclass(frozen=True, slots=True)
class DrawnData:
    """What a chart shows, as a table.

    Parameters
    ----------
    columns : tuple of DrawnColumn
        All of the same length.
    customers : tuple of int or None, or None
        Customers behind each row of what was released; None for the whole where it is
        about no customer.
    version : str
        Of the rule set that the rows passed.
    """

    columns: tuple[DrawnColumn, ...]
    customers: tuple[int | None, ...] | None = None
    version: str = ""

    @property
    def rows(self) -> tuple[tuple[DrawnValue, ...], ...]:
        """One inner tuple per row, one value per column."""
        return tuple(zip(*(column.cells for column in self.columns), strict=True))

    @property
    def n_hidden(self) -> int:
        """Values that a rule of disclosure hides."""
        return sum(is_suppressed(value) for row in self.rows for value in row)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A drawn figure with its data.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing; it holds no title of its own.
    data : DrawnData
        What was drawn.
    draw_narrow : callable, optional
        Draws the same on a sheet for a telephone.
    """

    figure: Figure
    data: DrawnData
    draw_narrow: Callable[[], Figure] | None = None


def collect(released: Released, columns: Iterable[DrawnPart]) -> DrawnData:
    """Keep what was drawn of released rows: numbers divided and rounded.

    Parameters
    ----------
    released : Released
        What was drawn.
    columns : iterable of DrawnPart
        What was drawn.

    Returns
    -------
    DrawnData
        Missing values are None, hidden ones stay marked.
    """
    return DrawnData(
        tuple(
            DrawnColumn(head, "", tuple(map(_write_text, released.rows[name])))
            if scale is None
            else collect_numbers(released.rows[name], head, scale)
            for name, head, scale in columns
        ),
        released.customers,
        released.version,
    )


def list_parts(names: Sequence[str], head: str, scale: Scale) -> list[DrawnPart]:
    """Name the columns of an estimate and its interval.

    Parameters
    ----------
    names : sequence of str
        The estimate, then if there are the lower and the upper end.
    head : str
        What the estimate is, in words.
    scale : Scale
        Of the axis.

    Returns
    -------
    list of DrawnPart
        As many as names.
    """
    heads = (head, say("Lower end"), say("Upper end"))
    return [(name, words, scale) for name, words in zip(names, heads, strict=False)]


def collect_numbers(cells: pd.Series[float], head: str, scale: Scale) -> DrawnColumn:
    """Keep numbers as they were drawn: divided and rounded.

    Parameters
    ----------
    cells : pandas.Series
        One per row drawn, in full.
    head : str
        What they are, in words.
    scale : Scale
        Of the axis that they were drawn along.

    Returns
    -------
    DrawnColumn
        Missing values are None, hidden ones stay marked.
    """
    numbers = read_numbers(cells.to_frame(head), head) / scale.divisor
    return DrawnColumn(
        head,
        scale.unit,
        tuple(
            cell
            if isinstance(cell, Suppressed)
            else (scale.round(number) if math.isfinite(number) else None)
            for cell, number in zip(cells, numbers.tolist(), strict=True)
        ),
    )


def _write_text(cell: object) -> str:
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    return str(cell)
