"""Display tables: what a reader sees of a frame, with units in the heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.presentation.disclosure import (
    Released,
    count_suppressed,
    require_released,
)
from analysis.presentation.rendering.item_words import write_hidden
from analysis.units import Unit


@dataclass(frozen=True, slots=True)
class DisplayColumn:
    """How one column of a frame is shown.

    Parameters
    ----------
    name : str
        Column of the frame.
    label : str
        Head that the reader sees, without the unit.
    unit : Unit or None
        Unit of the numbers, written into the head; None for text.
    decimals : int or None
        Digits after the point; None takes the unit's own.
    unit_label : str
        Head's unit where `unit` does not say it, for example "CNY million".
    shade : {"", "bar", "heat", "light"}
        What helps the eye: a thin bar from zero, as long as the number is large in
        its column; a tint by value; or for the words "green", "amber" and "red" a
        light whose shape tells them apart too.
    lights : tuple of str
        Words beside a green, an amber and a red light; the colours' names if empty.
    """

    name: str
    label: str
    unit: Unit | None = None
    decimals: int | None = None
    unit_label: str = ""
    shade: Literal["", "bar", "heat", "light"] = ""
    lights: tuple[str, str, str] | tuple[()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayTable:
    """A table that a person can read across.

    Parameters
    ----------
    title : str
        What the table shows, as a sentence.
    released : Released
        What passed the disclosure door: one row per line shown, holding every column
        named. A missing number is shown as a dash, a hidden one as "hidden".
    columns : tuple of DisplayColumn
        What is shown, from left to right.
    source : str
        Tables that the numbers come from.
    note : str
        What a reader must know to read it right.
    total_row : bool
        Whether the last row is a total and set apart.
    """

    title: str
    released: Released
    columns: tuple[DisplayColumn, ...]
    source: str
    note: str = ""
    total_row: bool = False

    @property
    def rows(self) -> pd.DataFrame:
        """The rows shown."""
        return self.released.rows

    @property
    def totals(self) -> tuple[bool, ...]:
        """For each row, whether it adds up others."""
        return self.released.totals or (False,) * len(self.rows)

    @property
    def n_hidden(self) -> int:
        """Cells shown that a rule of disclosure hides."""
        return count_suppressed(self.rows[[column.name for column in self.columns]])

    @property
    def hidden_note(self) -> str:
        """Line that says how many cells are hidden; empty where none is."""
        if self.released.customers is None:
            return ""
        return write_hidden(self.n_hidden, self.released.version)

    def __post_init__(self) -> None:
        require_released(self.released)
        missing = [c.name for c in self.columns if c.name not in self.rows.columns]
        if missing:
            message = (
                f"Table {self.title!r} must have columns {missing}. "
                f"It has {list(self.rows.columns)}."
            )
            raise ValueError(message)
