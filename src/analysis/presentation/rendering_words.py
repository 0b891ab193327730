"""The words and digits of shown items, before any markup.

HTML, Typst, plain text and the data kept in the notebook all take their text from
here, so that no two of them can disagree.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.presentation.characters import clean
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.scales import HIDDEN_TEXT
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import Unit, write_date, write_number, write_value
from analysis.wording import say

CellKind = Literal["text", "number", "missing", "suppressed"]

MISSING_TEXT = "\N{EN DASH}"
_UNIT_HEADS = {Unit.COUNT: "", Unit.MONEY: ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the reader sees it.

    Parameters
    ----------
    text : str
        What is printed.
    kind : {"text", "number", "missing", "suppressed"}
        Why it looks as it does.
    """

    text: str
    kind: CellKind


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
    """

    label: str
    unit: str
    is_number: bool


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
    columns = [
        [write_cell(value, column) for value in table.rows[column.name]]
        for column in table.columns
    ]
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
        return Cell(say("yes") if value else say("no"), "text")
    if isinstance(value, datetime.date):
        return Cell(write_date(value), "text")
    if pd.api.types.is_number(value) and _is_number_column(column):
        return Cell(_write_number(float(value), column), "number")  # type: ignore[arg-type]
    return Cell(clean(str(value)), "text")


def write_origin(source: str, nobs: int | None = None, period: str = "") -> str:
    """Write where numbers come from and how many observations they rest on.

    Parameters
    ----------
    source : str
        Tables that the numbers come from.
    nobs : int or None
        Observations, None where they are not counted.
    period : str
        Quarter described, empty where the report's own is meant.

    Returns
    -------
    str
        One line for the foot of a finding, chart or table.
    """
    origin = f"{say('Source')}: {clean(source).rstrip('.')}."
    counted = "" if nobs is None else say("{n} observations", n=write_number(nobs))
    extent = ", ".join(part for part in (counted, clean(period)) if part)
    return f"{origin} {extent}." if extent else origin


def _write_unit_head(column: DisplayColumn) -> str:
    if column.unit_label or column.unit is None:
        return column.unit_label
    return _UNIT_HEADS.get(column.unit, column.unit.value)


def _is_number_column(column: DisplayColumn) -> bool:
    return column.unit is not None or column.decimals is not None


def _write_number(value: float, column: DisplayColumn) -> str:
    if column.decimals is not None:
        return write_number(value, decimals=column.decimals)
    if column.unit is None or column.unit is Unit.MONEY:
        return write_number(value)
    return write_value(value, column.unit, with_unit=False)
