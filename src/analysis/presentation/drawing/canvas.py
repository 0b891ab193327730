"""The empty sheet of a chart: margins in inches, rows with labels, axes in words.

A chart shape opens axes here, draws its marks and closes them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.drawing.annotations import (
    EDGE,
    GAP,
    write_beside,
)
from analysis.presentation.drawing.drawings import Drawing, DrawnData
from analysis.presentation.drawing.geometry import get_figure
from analysis.presentation.drawing.labels import (
    measure_height,
    measure_width,
    wrap_text,
)
from analysis.presentation.drawing.theme import (
    MUTED_TEXT,
    TEXT,
    get_sheet_width,
    open_figure,
)

_LABEL_SHARE = 0.36
_LEAST_WIDTH = 1.1
"""Of the axes, in inches; a sheet with less room for its marks is made wider."""
_INDENT = 0.13
_MANY_ROWS = 25


@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the axes, in inches.

    Parameters
    ----------
    left, right, top, bottom : float
        In inches from the edges of the figure.
    """

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart whose rows have labels at the left.

    Parameters
    ----------
    label : str
        Words at the left.
    muted : bool
        Whether the words step back.
    heading : bool
        Whether the line is the heading of those below and holds no mark.
    indented : bool
        Whether the words stand under a heading.
    """

    label: str
    muted: bool = False
    heading: bool = False
    indented: bool = False


def open_axes(height: float, margins: Margins) -> Axes:
    """Open a figure with one axes inside its margins.

    Parameters
    ----------
    height : float
        Of the figure, in inches.
    margins : Margins
        Room around the axes.

    Returns
    -------
    matplotlib.axes.Axes
        Without ticks or frame.
    """
    beside = margins.left + margins.right
    width = max(get_sheet_width(), beside + _LEAST_WIDTH)
    figure = open_figure(height, width)
    axes = figure.add_axes(
        (
            margins.left / width,
            margins.bottom / height,
            (width - beside) / width,
            (height - margins.top - margins.bottom) / height,
        )
    )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("none")
    return axes


def open_rows(
    rows: Sequence[Row],
    *,
    margins: Margins,
    rows_per_label: int = 1,
    even: bool = False,
) -> tuple[Axes, NDArray[np.float64]]:
    """Open axes for rows with labels at the left, one unit high or as high as needed.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.
    margins : Margins
        Right, top and bottom room; the labels take what they need at the left.
    rows_per_label : int
        Marks drawn above one another in each row.
    even : bool
        Whether all rows are of the same height; the first then begins at 0, else its
        middle is about 0.

    Returns
    -------
    tuple
        The axes, and the middle of each row, rising from the top.
    """
    labels = wrap_labels(rows)
    base = _choose_row_height(len(rows), rows_per_label)
    heights = np.array([max(base, measure_height(label) + 0.04) for label in labels])
    if even:
        heights = np.full(len(rows), heights.max())
    units = heights / (heights.max() if even else base)
    edges = np.concatenate([[0.0], np.cumsum(units)]) - (0.0 if even else 0.5)
    centres = (edges[:-1] + edges[1:]) / 2
    left = measure_row_labels(rows)
    height = float(heights.sum()) + margins.top + margins.bottom
    axes = open_axes(
        height, Margins(left, margins.right + EDGE, margins.top, margins.bottom)
    )
    axes.set_ylim(float(edges[-1]), float(edges[0]))
    for row, label, centre in zip(rows, labels, centres.tolist(), strict=True):
        indent = 0.0 if row.heading or not row.indented else _INDENT
        write_beside(
            axes,
            (0.0, centre),
            label,
            shift=(EDGE + indent - left, 0.0),
            across="axes",
            color=MUTED_TEXT if row.muted or row.heading else TEXT,
        )
    return axes, centres


def wrap_labels(rows: Sequence[Row]) -> list[str]:
    """Break the labels of rows so that they leave room for the marks.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.

    Returns
    -------
    list of str
        Labels with line breaks.
    """
    return [
        row.label
        if row.heading
        else wrap_text(row.label, get_sheet_width() * _LABEL_SHARE)
        for row in rows
    ]


def measure_row_labels(rows: Sequence[Row]) -> float:
    """Measure the room that the labels of rows take at the left.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.

    Returns
    -------
    float
        In inches, gaps included.
    """
    widths = [
        measure_width(label) + (_INDENT if row.indented else 0.0)
        for row, label in zip(rows, wrap_labels(rows), strict=True)
        if not row.heading
    ]
    return max(widths, default=0.0) + 2 * GAP + EDGE


def _choose_row_height(n_rows: int, rows_per_label: int) -> float:
    if rows_per_label > 1:
        return 0.06 + 0.17 * rows_per_label
    return 0.2 if n_rows > _MANY_ROWS else 0.27


def close(axes: Axes, data: DrawnData) -> Drawing:
    """Finish a chart: settle what matplotlib would else settle when it is shown.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        All marks are drawn.
    data : DrawnData
        What they show.

    Returns
    -------
    Drawing
        The figure, independent of later settings, with its data.
    """
    figure = get_figure(axes)
    figure.draw_without_rendering()
    return Drawing(figure, data)
