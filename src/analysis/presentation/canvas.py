"""The empty sheet of a chart: margins in inches, rows with labels, axes in words.

A chart shape opens axes here, draws its marks and closes them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform
from numpy.typing import NDArray

from analysis.presentation.labels import (
    measure_height,
    measure_width,
    wrap_text,
)
from analysis.presentation.scales import choose_ticks, write_ticks
from analysis.presentation.theme import (
    FIGURE_WIDTH,
    GRID,
    MUTED_TEXT,
    TEXT,
    TEXT_SIZE,
    open_figure,
)

GAP = 0.08
"""Inches between a mark and its words."""
_LABEL_SHARE = 0.36
_MANY_ROWS = 25
_KEY_LINE = 0.19


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
    """

    label: str
    muted: bool = False
    heading: bool = False


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
    figure = open_figure(height)
    axes = figure.add_axes(
        (
            margins.left / FIGURE_WIDTH,
            margins.bottom / height,
            (FIGURE_WIDTH - margins.left - margins.right) / FIGURE_WIDTH,
            (height - margins.top - margins.bottom) / height,
        )
    )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("none")
    return axes


def open_rows(
    rows: Sequence[Row], *, margins: Margins, rows_per_label: int = 1
) -> Axes:
    """Open axes whose vertical positions 0, 1, 2... are rows, with labels at the left.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.
    margins : Margins
        Right, top and bottom room; the labels take what they need at the left.
    rows_per_label : int
        Marks drawn above one another in each row.

    Returns
    -------
    matplotlib.axes.Axes
        Position 0 is at the top.
    """
    labels = [wrap_text(row.label, FIGURE_WIDTH * _LABEL_SHARE) for row in rows]
    left = max(measure_width(label) for label in labels) + 2 * GAP
    highest = max(measure_height(label) for label in labels)
    smallest = 0.205 if len(rows) > _MANY_ROWS else 0.27
    row_height = max(smallest, highest + 0.08, 0.06 + 0.17 * rows_per_label)
    height = row_height * len(rows) + margins.top + margins.bottom
    axes = open_axes(height, Margins(left, margins.right, margins.top, margins.bottom))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for position, (row, label) in enumerate(zip(rows, labels, strict=True)):
        write_beside(
            axes,
            (0.0, position),
            label,
            shift=(-left, 0.0),
            across="axes",
            color=MUTED_TEXT if row.muted or row.heading else TEXT,
        )
    return axes


def get_width(axes: Axes) -> float:
    """Measure the width of the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    float
        In inches.
    """
    return float(axes.get_position().width) * FIGURE_WIDTH


def get_height(axes: Axes) -> float:
    """Measure the height of the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    float
        In inches.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        message = "Axes must belong to a figure to be measured."
        raise ValueError(message)
    return float(axes.get_position().height) * float(figure.get_figheight())


def write_beside(  # noqa: PLR0913 - a text has that many sides
    axes: Axes,
    point: tuple[float, float],
    text: str,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    across: str = "data",
    align: tuple[str, str] = ("left", "center"),
    color: str = TEXT,
    size: float = TEXT_SIZE,
) -> None:
    """Write words at a point, moved by some inches.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to write.
    point : tuple of float
        Across and up: in data, or a share of the width as `across` says.
    text : str
        May have several lines.
    shift : tuple of float
        Right and up, in inches.
    across : {"data", "axes", "corner"}
        What the point counts: data both ways, a share of the axes across and data
        up, or shares of the axes both ways.
    align : tuple of str
        Side of the text at the point, horizontally and vertically.
    color : str
        Of the words.
    size : float
        In points.
    """
    axes.text(
        point[0],
        point[1],
        text,
        transform=shift_by(axes, shift, across),
        ha=align[0],
        va="center_baseline" if align[1] == "center" and "\n" not in text else align[1],
        color=color,
        fontsize=size,
        linespacing=1.15,
        clip_on=False,
    )


def shift_by(axes: Axes, shift: tuple[float, float], across: str = "data") -> Transform:
    """Build the transform of a point in data or shares, moved by some inches.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    shift : tuple of float
        Right and up, in inches.
    across : {"data", "axes", "corner"}
        What the point counts.

    Returns
    -------
    matplotlib.transforms.Transform
        From the point to the page.
    """
    bases: dict[str, Transform] = {
        "data": axes.transData,
        "axes": axes.get_yaxis_transform(),
        "corner": axes.transAxes,
    }
    figure = axes.get_figure(root=True)
    if figure is None:
        message = "Axes must belong to a figure to be drawn on."
        raise ValueError(message)
    return bases[across] + ScaledTranslation(*shift, figure.dpi_scale_trans)


def draw_value_axis(axes: Axes, low: float, high: float) -> None:
    """Draw round tick labels above rows, light lines down from them, and zero.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    low, high : float
        Ends of the axis, kept as they are.
    """
    ticks = choose_ticks(low, high)
    margin = (high - low) * 1e-6
    ticks = ticks[(ticks >= low - margin) & (ticks <= high + margin)]
    axes.set_xlim(low, high)
    for tick, label in zip(ticks, write_ticks(ticks), strict=True):
        axes.axvline(float(tick), color=GRID, linewidth=0.8, zorder=0)
        point = (float(tick), axes.get_ylim()[1])
        write_beside(
            axes,
            point,
            label,
            shift=(0, 0.05),
            align=("center", "bottom"),
            color=MUTED_TEXT,
        )
    draw_zero(axes, low, high)


def draw_zero(axes: Axes, low: float, high: float) -> None:
    """Draw the zero line over rows if it is in view.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    low, high : float
        Ends of the axis.
    """
    if low <= 0 <= high:
        axes.axvline(0.0, color=TEXT, linewidth=0.9, zorder=3)


def write_unit(axes: Axes, unit: str, *, above: float) -> None:
    """Write what an axis counts above the chart's left end.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    unit : str
        In words.
    above : float
        Inches above the axes.
    """
    left = float(axes.get_position().x0) * FIGURE_WIDTH
    write_beside(
        axes,
        (0.0, 1.0),
        unit,
        shift=(-left, above),
        across="corner",
        align=("left", "bottom"),
        color=MUTED_TEXT,
    )


def count_key_lines(names: Sequence[str]) -> int:
    """Count the lines that a key of these names takes.

    Parameters
    ----------
    names : sequence of str
        Of the colours; none takes no line.

    Returns
    -------
    int
        Lines of the figure's width.
    """
    return _place_key(names)[-1][1] + 1 if names else 0


def write_key(
    axes: Axes, names: Sequence[str], colors: Sequence[str], *, above: float
) -> None:
    """Write what each colour means, from the chart's left end, in the order drawn.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    names : sequence of str
        Of the colours; may be empty.
    colors : sequence of str
        At least as many.
    above : float
        Inches between the axes and the lowest line.
    """
    left = float(axes.get_position().x0) * FIGURE_WIDTH
    n_lines = count_key_lines(names)
    places = _place_key(names)
    for name, color, (across, line) in zip(names, colors, places, strict=False):
        up = above + (n_lines - 1 - line) * _KEY_LINE
        transform = shift_by(axes, (across - left + 0.05, up + 0.055), "corner")
        axes.plot(
            [0.0],
            [1.0],
            transform=transform,
            marker="s",
            markersize=7,
            color=color,
            linestyle="none",
            clip_on=False,
        )
        write_beside(
            axes,
            (0.0, 1.0),
            name,
            shift=(across - left + 0.15, up),
            across="corner",
            align=("left", "bottom"),
        )


def _place_key(names: Sequence[str]) -> list[tuple[float, int]]:
    places: list[tuple[float, int]] = []
    across, line = 0.0, 0
    for name in names:
        width = measure_width(name) + 0.32
        if across and across + width > FIGURE_WIDTH:
            across, line = 0.0, line + 1
        places.append((across, line))
        across += width
    return places


def fit_limits(
    ends: Sequence[tuple[float, float]], width: float, low: float, high: float
) -> tuple[float, float]:
    """Widen an axis until the words beside the marks fit.

    Parameters
    ----------
    ends : sequence of tuple of float
        Where each text begins, and its width in inches: positive to the right of the
        point, negative to the left.
    width : float
        Of the axes, in inches.
    low, high : float
        Ends of the marks.

    Returns
    -------
    tuple of float
        Ends of the axis.
    """
    span = high - low or 1.0
    least, most = low, high
    for _ in range(12):
        rights = [point + room * span / width for point, room in ends if room > 0]
        lefts = [point + room * span / width for point, room in ends if room < 0]
        least, most = min([low, *lefts]), max([high, *rights])
        span = most - least or 1.0
    return least, most


def close(axes: Axes) -> Figure:
    """Finish a chart: settle what matplotlib would else settle when it is shown.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        All marks are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, independent of later settings.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        message = "Axes must belong to a figure to be closed."
        raise ValueError(message)
    figure.draw_without_rendering()
    return figure


def find_range(*arrays: NDArray[np.float64]) -> tuple[float, float]:
    """Find the smallest and the largest number of several columns.

    Parameters
    ----------
    *arrays : numpy.ndarray
        May hold nan.

    Returns
    -------
    tuple of float
        Both ends; (0, 0) when there is no number.
    """
    joined = np.concatenate(
        [np.asarray(array, dtype=float).ravel() for array in arrays]
    )
    finite = joined[np.isfinite(joined)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
