"""The heads and cells of a table as the reader sees them, before any markup.

HTML, Typst, plain text and the data kept in the notebook all take their text from
here, so that no two of them can disagree.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.drawing.scales import HIDDEN_TEXT
from analysis.presentation.rendering.characters import clean
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_date
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

CellKind = Literal[
    "text", "number", "date", "missing", "suppressed", "green", "amber", "red"
]

MISSING_TEXT = "\N{EN DASH}"
LIGHTS: Final = {
    "green": ("\N{BLACK CIRCLE}", mark("green")),
    "amber": ("\N{BLACK UP-POINTING TRIANGLE}", mark("amber")),
    "red": ("\N{BLACK SQUARE}", mark("red")),
}
"""Shape of each light, and its word where a column gives none."""
_UNIT_HEADS = {
    Unit.PERCENT: mark("%"),
    Unit.RATE: mark("% a year"),
    Unit.PERCENTAGE_POINTS: mark("pp"),
    Unit.BASIS_POINTS: mark("bp"),
    Unit.PERCENT_PER_POINT: mark("% per pp"),
    Unit.POINTS: mark("points"),
    Unit.SCORE: mark("score"),
    Unit.RATIO: mark("ratio"),
    Unit.MONTHS: mark("months"),
    Unit.MINUTES: mark("minutes"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the reader sees it.

    Parameters
    ----------
    text : str
        What is printed.
    kind : {"text", "number", "date", "missing", "suppressed", "green", "amber", "red"}
        Why it looks as it does; the last three are lights.
    value : float or str or None
        What is printed as data: a number with the digits shown, a day as
        "2026-09-30", None where missing or hidden.
    shade : float or None
        From -1 to 1: how far its bar reaches or how strong its tint is.
    """

    text: str
    kind: CellKind
    value: float | str | None = None
    shade: float | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a column.

    Parameters
    ----------
    label : str
        What the column holds.
    unit : str
        Unit of its numbers; empty for text and for plain counts.
    is_number : bool
        Whether the column is set flush right.
    shade : {"", "bar", "heat", "light"}
        As the column asks.
    """

    label: str
    unit: str
    is_number: bool
    shade: Literal["", "bar", "heat", "light"] = ""


def write_heads(table: DisplayTable) -> tuple[Head, ...]:
    """Write the heads of a table's columns with their units.

    Parameters
    ----------
    table : DisplayTable
        Table to be shown.

    Returns
    -------
    tuple of Head
        One head per column, from left to right.
    """
    return tuple(
        Head(
            label=clean(column.label),
            unit=clean(_write_unit_head(column)),
            is_number=_is_number_column(column),
            shade=column.shade,
        )
        for column in table.columns
    )


def write_rows(table: DisplayTable) -> tuple[tuple[Cell, ...], ...]:
    """Write a table's cells.

    Parameters
    ----------
    table : DisplayTable
        Table to be shown.

    Returns
    -------
    tuple of tuple of Cell
        One inner tuple per row, one cell per column.

    Raises
    ------
    ValueError
        If a number is infinite.
    """
    columns = []
    for column in table.columns:
        cells = [write_cell(value, column) for value in table.rows[column.name]]
        n_shaded = len(cells) - 1 if table.total_row else len(cells)
        shaded = shade_cells(cells[:n_shaded], column.shade)
        columns.append([*shaded, *cells[n_shaded:]])
    return tuple(zip(*columns, strict=True))


def write_cell(value: object, column: DisplayColumn) -> Cell:
    """Write one value as its column asks.

    Parameters
    ----------
    value : object
        Number, text, date, missing value or the mark of a suppressed one.
    column : DisplayColumn
        How the column is shown.

    Returns
    -------
    Cell
        Zero is a number, a missing value a dash, a suppressed one "hidden".
    """
    if is_suppressed(value):
        return Cell(say(HIDDEN_TEXT), "suppressed")
    if pd.api.types.is_scalar(value) and pd.isna(value):  # type: ignore[call-overload]
        return Cell(MISSING_TEXT, "missing")
    if pd.api.types.is_bool(value):
        value = say("yes") if value else say("no")
    if isinstance(value, datetime.date):
        return Cell(write_date(value), "date", value.isoformat()[:10])
    if pd.api.types.is_number(value) and _is_number_column(column):
        text = _write_number(float(value), column)  # type: ignore[arg-type]
        return Cell(text, "number", _read_back(text))
    if column.shade == "light" and isinstance(value, str) and value in LIGHTS:
        return _write_light(value, column)
    text = clean(str(value))
    return Cell(text, "text", text)


def shade_cells(
    cells: Sequence[Cell], shade: Literal["", "bar", "heat", "light"]
) -> list[Cell]:
    """Give the numbers of a column their bars or tints.

    Parameters
    ----------
    cells : sequence of Cell
        One column, without a total.
    shade : {"", "bar", "heat", "light"}
        A bar is as long as its number is large beside the largest of the column,
        signs left out. A tint does the same where numbers lie on both sides of zero;
        else it runs from the number nearest to zero to the farthest.

    Returns
    -------
    list of Cell
        The same cells, only those that hold a number shaded.
    """
    numbers = [cell.value for cell in cells if isinstance(cell.value, float)]
    if shade not in ("bar", "heat") or not any(numbers):
        return list(cells)
    reach = max(abs(number) for number in numbers)
    floor = 0.0
    if shade == "heat" and (min(numbers) >= 0 or max(numbers) <= 0):
        floor = min(abs(number) for number in numbers)
    span = reach - floor or reach
    return [
        replace(cell, shade=_scale_shade(cell.value, floor, span))
        if isinstance(cell.value, float)
        else cell
        for cell in cells
    ]


def _write_unit_head(column: DisplayColumn) -> str:
    if column.unit_label or column.unit is None:
        return column.unit_label
    head = _UNIT_HEADS.get(column.unit, "")
    return say(head) if head else ""


def _is_number_column(column: DisplayColumn) -> bool:
    return column.unit is not None or column.decimals is not None


def _write_number(value: float, column: DisplayColumn) -> str:
    if column.decimals is not None:
        return write_number(value, decimals=column.decimals)
    if column.unit is None or column.unit is Unit.MONEY:
        return write_number(value)
    return write_value(value, column.unit, with_unit=False)


def _write_light(light: str, column: DisplayColumn) -> Cell:
    words = dict(zip(LIGHTS, column.lights, strict=False))
    text = clean(words.get(light) or say(LIGHTS[light][1]))
    return Cell(text, cast("CellKind", light), text)


def _read_back(text: str) -> float:
    return float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def _scale_shade(value: float, floor: float, span: float) -> float:
    return math.copysign(round((abs(value) - floor) / span, 3), value) + 0.0
