"""A matrix of numbers, shaded so that the eye finds the high and the low ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from analysis.presentation.annotations import (
    EDGE,
    write_beside,
    write_unit,
)
from analysis.presentation.canvas import (
    Margins,
    Row,
    close,
    measure_row_labels,
    open_rows,
)
from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.drawings import Drawing, DrawnPart, collect, require_released
from analysis.presentation.geometry import get_width
from analysis.presentation.labels import measure_height, measure_width, wrap_text
from analysis.presentation.scales import (
    Scale,
    choose_scale,
    find_range,
    read_numbers,
    require_rows,
)
from analysis.presentation.theme import (
    FIGURE_WIDTH,
    MUTED_TEXT,
    PAPER,
    SHADE,
    SHADE_BELOW,
    SHADE_NONE,
    TEXT,
    TEXT_SIZE,
    use_theme,
)

_HEAD_GAP = 0.09
_DASH = "\N{EN DASH}"


@use_theme()
def draw_heat_map(
    released: Released | pd.DataFrame, *, unit: str, centre: float | None = None
) -> Drawing:
    """Draw a matrix whose cells hold their numbers and are shaded by them.

    Parameters
    ----------
    released : Released
        Rows and columns as shown, numbers in the cells; index and column names are
        the labels.
    unit : str
        What the numbers count, in words.
    centre : float, optional
        Value drawn white, with two colours to its sides; without it shades run from
        the smallest to the largest number.

    Returns
    -------
    Drawing
        A missing number is left white with a dash, a suppressed one says so.

    Raises
    ------
    ValueError
        If the frame has no row, no column, or no number.
    """
    released = require_released(released)
    frame = released.rows
    require_rows(frame, [], list(frame.columns))
    rows = [Row(str(name)) for name in frame.index]
    values = np.column_stack([read_numbers(frame, name) for name in frame.columns])
    scale = choose_scale(values.ravel(), unit)
    values = values / scale.divisor
    heads = _wrap_heads([str(name) for name in frame.columns], rows)
    top = 0.36 + max(measure_height(head, size) for head, size in heads)
    margins = Margins(top=top, bottom=0.02)
    axes, _ = open_rows(rows, margins=margins, even=True)
    middle = None if centre is None else centre / scale.divisor
    _shade_cells(axes, values, middle)
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
            for cell, number in zip(frame.iloc[row], values[row].tolist(), strict=True)
        ]
        for row in range(len(rows))
    ]
    _write_cells(axes, np.array(texts), np.isfinite(values))
    write_unit(axes, scale.unit, above=top - 0.2)
    shown: list[DrawnPart] = [(name, str(name), scale) for name in frame.columns]
    return close(axes, collect(released, shown))


def _wrap_heads(heads: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, float]]:
    room = (FIGURE_WIDTH - measure_row_labels(rows) - EDGE) / len(heads) - _HEAD_GAP
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
    return repr(cell) if is_suppressed(cell) else _DASH


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
