"""The numbers behind a report's tables and charts, as rows of plain values.

They are read from the executed notebook, rounded as printed there; what the disclosure
door hid has no number here either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from analysis.presentation.rendering.characters import clean
from analysis.reporting.pages.blocks import Item
from analysis.reporting.pages.document import read_document
from analysis.wording import say

Value = str | float | None
"""Text, a number, or nothing where a value is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table, or the rows that a chart draws.

    Parameters
    ----------
    study, study_title : str
        Name of the study, and title of its report.
    number : int
        Place among the study's tables and charts, from 1.
    kind : {"table", "chart"}
        What the report shows of it.
    title, subtitle : str
        As the report prints them; a table has no subtitle.
    heads : tuple of str
        Heads of the columns with their units.
    units : tuple of str
        Units of the columns, each once.
    rows : tuple of tuple
        One value per column; the word "hidden" stands for a hidden number.
    notes : tuple of str
        What a reader must know to read it right, also of what is hidden.
    source : str
        As the report prints it.
    nobs : int or None
        Observations; None where the report counts none.
    """

    study: str
    study_title: str
    number: int
    kind: Literal["table", "chart"]
    title: str
    subtitle: str
    heads: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...]
    source: str
    nobs: int | None

    @property
    def columns(self) -> tuple[tuple[Value, ...], ...]:
        """One inner tuple per column, one value per row."""
        return tuple(
            tuple(row[place] for row in self.rows) for place in range(len(self.heads))
        )

    @property
    def file_name(self) -> str:
        """Name of its file among those of the study."""
        return f"{self.number:02}-{self.kind}.csv"


def read_exhibits(
    study: str, study_title: str, notebook_path: Path
) -> tuple[Exhibit, ...]:
    """Read the tables and charts of an executed notebook.

    Parameters
    ----------
    study, study_title : str
        Name of the study, and title of its report.
    notebook_path : pathlib.Path
        The executed notebook.

    Returns
    -------
    tuple of Exhibit
        In the order of the report.
    """
    document = read_document(nbformat.read(notebook_path, as_version=4))
    items = (block for block in document.all_blocks if isinstance(block, Item))
    shown = [item for item in items if "columns" in item.content]
    return tuple(
        _read_exhibit(study, study_title, number, item)
        for number, item in enumerate(shown, start=1)
    )


def count_decimals(cells: Sequence[Value]) -> int:
    """Count the digits after the point that the numbers of a column are rounded to.

    Parameters
    ----------
    cells : sequence of str, float or None
        One column.

    Returns
    -------
    int
        The most that any of its numbers has, at most six.

    Examples
    --------
    >>> count_decimals([2.5, 3.0, None, "hidden"])
    1
    """
    numbers = (cell for cell in cells if isinstance(cell, int | float))
    digits = (f"{number:.6f}".rstrip("0").partition(".")[2] for number in numbers)
    return max(map(len, digits), default=0)


def _read_exhibit(study: str, study_title: str, number: int, item: Item) -> Exhibit:
    content = item.content
    columns = content["columns"]
    units = (clean(column["unit"]) for column in columns)
    nobs = content.get("nobs")
    notes = (clean(content.get(name, "")) for name in ("note", "hidden_note"))
    return Exhibit(
        study=study,
        study_title=study_title,
        number=number,
        kind="chart" if item.kind == "chart" else "table",
        title=clean(content["title"]),
        subtitle=clean(content.get("subtitle", "")),
        heads=tuple(map(_write_head, columns)),
        units=tuple(dict.fromkeys(unit for unit in units if unit)),
        rows=tuple(map(tuple, _read_rows(content))),
        notes=tuple(note for note in notes if note),
        source=clean(content["source"]),
        nobs=None if nobs is None else int(nobs),
    )


def _write_head(column: Mapping[str, str]) -> str:
    if not column["unit"]:
        return clean(column["label"])
    return say(
        "{label} ({unit})", label=clean(column["label"]), unit=clean(column["unit"])
    )


def _read_rows(content: Mapping[str, Any]) -> Iterator[Sequence[Value]]:
    for row in content.get("values", content["rows"]):
        yield [_read_value(value) for value in row]


def _read_value(value: object) -> Value:
    if isinstance(value, Mapping):
        return say("hidden")
    if isinstance(value, int | float):
        return value
    return None if value is None else clean(str(value))
