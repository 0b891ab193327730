"""A matrix of numbers, shaded so that the eye finds the high and the low ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, is_suppressed, require_released
from analysis.presentation.drawing.annotations import (
    EDGE,
    write_beside,
    write_unit,
)
from analysis.presentation.drawing.canvas import (
    Margins,
    Row,
    close,
    measure_row_labels,
    open_rows,
)
from analysis.presentation.drawing.drawings import (
    Drawing,
    DrawnColumn,
    DrawnData,
    DrawnPart,
    collect,
)
from analysis.presentation.drawing.geometry import get_width
from analysis.presentation.drawing.labels import (
    measure_height,
    measure_width,
    wrap_text,
)
from analysis.presentation.drawing.scales import (
    HIDDEN_TEXT,
    Scale,
    choose_scale,
    find_range,
    read_numbers,
    require_rows,
)
from analysis.presentation.drawing.theme import (
    MUTED_TEXT,
    PAPER,
    SHADE,
    SHADE_BELOW,
    SHADE_NONE,
    TEXT,
    TEXT_SIZE,
    get_sheet_width,
)
from analysis.presentation.drawing.tips import add_box_tip, write_tip
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say

_HEAD_GAP = 0.09
_DASH = "\N{EN DASH}"


@draw_at_both_widths
def draw_heat_map(
    released: Released,
    *,
    unit: str,
    centre: float | None = None,
    row: str | None = None,
    column: str | None = None,
    value: str | None = None,
) -> Drawing:
    """Draw a matrix whose cells hold their numbers and are shaded by them.

    Parameters
    ----------
    released : Released
        One row per cell, when `row`, `column` and `value` are named. Else rows and
        columns as shown, numbers in the cells; index and column names are the labels.
    unit : str
        What the numbers count, in words.
    centre : float, optional
        Value drawn white, with two colours to its sides; without it shades run from
        the smallest to the largest number.
    row, column, value : str, optional
        Columns with the label of a cell's row, that of its column, and its number;
        labels stand in the order in which they first come.

    Returns
    -------
    Drawing
        A missing number is left white with a dash, a hidden one says so.

    Raises
    ------
    ValueError
        If there is no row, no column, no number, or a cell comes twice.
    """
    require_released(released)
    shown: list[DrawnPart] = []
    if row is None or column is None or value is None:
        cells = released.rows
        require_rows(cells, [], list(cells.columns))
    else:
        require_rows(released.rows, [row, column, value], [value])
        cells = _spread(released.rows, row, column, value)
        shown = [(row, say("Row"), None), (column, say("Column"), None)]
    values = np.column_stack([read_numbers(cells, name) for name in cells.columns])
    scale = choose_scale(values.ravel(), unit)
    axes = _draw_matrix(cells, values / scale.divisor, scale, centre)
    if row is None or column is None or value is None:
        return close(axes, _collect_matrix(released, scale))
    return close(axes, collect(released, [*shown, (value, say("Value"), scale)]))


def _spread(rows: pd.DataFrame, row: str, column: str, value: str) -> pd.DataFrame:
    twice = rows.duplicated([row, column])
    if twice.any():
        found = rows.loc[twice, [row, column]].head(5).to_numpy().tolist()
        message = f"A cell of a matrix must come once; these come again: {found}."
        raise ValueError(message)
    places = zip(rows[row], rows[column], strict=True)
    cells = dict(zip(places, rows[value], strict=True))
    heads = list(rows[column].unique())
    labels = list(rows[row].unique())
    spread = [[cells.get((name, head), np.nan) for head in heads] for name in labels]
    return pd.DataFrame(spread, index=labels, columns=heads, dtype=object)


def _collect_matrix(released: Released, scale: Scale) -> DrawnData:
    data = collect(released, [(str(name), str(name), scale) for name in released.rows])
    names = tuple(str(name) for name in released.rows.index)
    columns = (DrawnColumn(say("Row"), "", names), *data.columns)
    return replace(data, columns=columns)


def _draw_matrix(
    cells: pd.DataFrame,
    values: NDArray[np.float64],
    scale: Scale,
    centre: float | None,
) -> Axes:
    rows = [Row(str(name)) for name in cells.index]
    names = [str(name) for name in cells.columns]
    heads = _wrap_heads(names, rows)
    top = 0.36 + max(measure_height(head, size) for head, size in heads)
    axes, _ = open_rows(rows, margins=Margins(top=top, bottom=0.02), even=True)
    _shade_cells(axes, values, None if centre is None else centre / scale.divisor)
    axes.set_ylim(len(rows), 0)
    for place, (head, size) in enumerate(heads):
        write_beside(
            axes,
            (place + 0.5, 0.0),
            head,
            shift=(0, 0.05),
            align=("center", "bottom"),
            size=size,
        )
    texts = [
        [
            _write_cell(cell, number, scale)
            for cell, number in zip(cells.iloc[at], values[at].tolist(), strict=True)
        ]
        for at in range(len(rows))
    ]
    _write_cells(axes, np.array(texts), np.isfinite(values))
    _tell_cells(axes, (rows, names), np.array(texts), scale)
    write_unit(axes, scale.unit, above=top - 0.2)
    return axes


def _tell_cells(
    axes: Axes,
    names: tuple[Sequence[Row], Sequence[str]],
    texts: NDArray[np.str_],
    scale: Scale,
) -> None:
    for row, column in np.ndindex(*texts.shape):
        group, item = names[0][row].label, names[1][column]
        name = say("{group}, {item}", group=group, item=item)
        text = write_tip(name, str(texts[row, column]), scale.unit)
        add_box_tip(axes, (column, column + 1), (row, row + 1), text)


def _wrap_heads(heads: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, float]]:
    room = (get_sheet_width() - measure_row_labels(rows) - EDGE) / len(
        heads
    ) - _HEAD_GAP
    wrapped = [wrap_text(head, room) for head in heads]
    widest = max(measure_width(head) for head in wrapped)
    size = TEXT_SIZE * min(1.0, room / widest)
    return [(head, size) for head in wrapped]


def _shade_cells(axes: Axes, values: NDArray[np.float64], middle: float | None) -> None:
    low, high = find_range(values)
    colors = [SHADE_NONE, SHADE]
    if middle is not None:
        colors = [SHADE_BELOW, PAPER, SHADE]
        reach = max(high - middle, middle - low)
        low, high = middle - reach, middle + reach
    sns.heatmap(
        np.ma.masked_invalid(values),
        ax=axes,
        cmap=LinearSegmentedColormap.from_list("shades", colors),
        vmin=low,
        vmax=high if high > low else low + 1.0,
        cbar=False,
        linewidths=1.2,
        linecolor=PAPER,
        xticklabels=False,
        yticklabels=False,
    )


def _write_cell(cell: object, number: float, scale: Scale) -> str:
    if np.isfinite(number):
        return scale.write(number)
    return say(HIDDEN_TEXT) if is_suppressed(cell) else _DASH


def _write_cells(axes: Axes, texts: NDArray[np.str_], known: NDArray[np.bool_]) -> None:
    room = get_width(axes) / texts.shape[1] - 0.06
    widest = max(measure_width(str(text)) for text in texts.ravel())
    size = TEXT_SIZE * min(1.0, room / widest)
    for row, column in np.ndindex(*texts.shape):
        write_beside(
            axes,
            (column + 0.5, row + 0.5),
            str(texts[row, column]),
            align=("center", "center"),
            color=TEXT if known[row, column] else MUTED_TEXT,
            size=size,
        )
