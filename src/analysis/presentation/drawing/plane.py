"""Lines on a plane: their axes, bands, ends and names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.drawing.annotations import (
    EDGE,
    GAP,
    write_beside,
)
from analysis.presentation.drawing.canvas import Margins, open_axes
from analysis.presentation.drawing.contrast import darken_for_text
from analysis.presentation.drawing.geometry import (
    get_figure_width,
    get_height,
    get_width,
)
from analysis.presentation.drawing.labels import (
    measure_height,
    measure_width,
    spread_positions,
)
from analysis.presentation.drawing.line_data import Line
from analysis.presentation.drawing.scales import find_range, write_ticks
from analysis.presentation.drawing.theme import (
    GRID,
    MUTED,
    MUTED_TEXT,
    TEXT,
)


def open_plane(
    lines: list[Line],
    ticks: NDArray[np.float64],
    limits: tuple[float, float],
    margins: Margins,
    height: float,
) -> Axes:
    """Open axes with horizontal grid lines and their numbers.

    Parameters
    ----------
    lines : list of Line
        What will be drawn; their labels take room at the right.
    ticks : numpy.ndarray
        Heights of the grid lines.
    limits : tuple of float
        Ends of the vertical axis.
    margins : Margins
        Top and bottom.
    height : float
        Of the figure in inches, at least.

    Returns
    -------
    matplotlib.axes.Axes
        The zero line is dark.
    """
    texts = write_ticks(ticks)
    left = max(measure_width(text) for text in texts) + GAP + EDGE
    widest = max(measure_width(line.label) for line in lines)
    right = widest + 0.2 + EDGE if widest else 0.12
    needed = sum(measure_height(line.label) for line in lines if line.label)
    axes = open_axes(
        max(height, needed + margins.top + margins.bottom),
        replace(margins, left=left, right=right),
    )
    axes.set_ylim(*limits)
    draw_horizontal_grid(axes, ticks)
    return axes


def draw_horizontal_grid(axes: Axes, ticks: NDArray[np.float64]) -> None:
    """Draw horizontal lines with their numbers at the left.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    ticks : numpy.ndarray
        Heights; zero is drawn dark.
    """
    for tick, text in zip(ticks.tolist(), write_ticks(ticks), strict=True):
        color, width = (TEXT, 0.9) if abs(tick) < 1e-12 else (GRID, 0.8)
        axes.axhline(tick, color=color, linewidth=width, zorder=1)
        write_beside(
            axes,
            (0.0, tick),
            text,
            shift=(-GAP, 0),
            across="axes",
            align=("right", "center"),
            color=MUTED_TEXT,
        )


def draw_marks(axes: Axes, lines: list[Line], *, ends: bool) -> None:
    """Draw the lines over their bands.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    lines : list of Line
        Muted ones are drawn below the others.
    ends : bool
        Whether the last value of a line in colour is marked by a dot.
    """
    for line in lines:
        muted = line.color == MUTED
        level = 3 if muted else 4
        axes.fill_between(
            line.x,
            line.lower,
            line.upper,
            color=line.color,
            alpha=0.16,
            linewidth=0,
            zorder=2,
        )
        axes.plot(
            line.x,
            line.y,
            color=line.color,
            linewidth=1.3 if muted else 2.2,
            alpha=0.75 if muted and len(lines) > 6 else 1.0,
            zorder=level,
            clip_on=False,
        )
        dots = _find_alone(line.y)
        dots[_find_last(line)] |= ends and not muted
        axes.plot(
            line.x[dots],
            line.y[dots],
            color=line.color,
            marker="o",
            markersize=5,
            linestyle="none",
            zorder=level,
            clip_on=False,
        )


def set_across(axes: Axes, positions: NDArray[np.float64]) -> None:
    """Set the ends of the horizontal axis to those of the data.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    positions : numpy.ndarray
        Across; a single one is put in the middle.
    """
    low, high = find_range(positions)
    axes.set_xlim(*((low, high) if high > low else (low - 1, high + 1)))


def write_across(axes: Axes, labels: dict[float, str]) -> None:
    """Write labels below the horizontal axis, within the figure, with small ticks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    labels : dict of float to str
        Label of each position.
    """
    low, high = axes.get_xlim()
    left = float(axes.get_position().x0) * get_figure_width(axes)
    for place, text in labels.items():
        half = measure_width(text) / 2
        middle = left + (place - low) / (high - low) * get_width(axes)
        inside = min(max(middle, half + EDGE), get_figure_width(axes) - half - EDGE)
        axes.plot(
            [place, place],
            [0.0, -0.04 / get_height(axes)],
            transform=axes.get_xaxis_transform(),
            color=MUTED,
            linewidth=0.8,
            clip_on=False,
        )
        write_beside(
            axes,
            (0.0, 0.0),
            text,
            shift=(inside - left, -0.085),
            across="corner",
            align=("center", "top"),
            color=MUTED_TEXT,
        )


def write_at_ends(axes: Axes, lines: list[Line]) -> None:
    """Write the label of each line at its end, apart from one another.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    lines : list of Line
        A label moved away from its end is joined to it by a thin line.
    """
    named = [line for line in lines if line.label]
    low, high = axes.get_ylim()
    per_inch = (high - low) / get_height(axes)
    ends = [float(line.y[_find_last(line)]) for line in named]
    sizes = [measure_height(line.label) * 0.94 * per_inch for line in named]
    room = 0.08 * per_inch
    places = spread_positions(ends, sizes, low - room, high + room)
    for line, end, place in zip(named, ends, places, strict=True):
        if abs(place - end) > 0.05 * per_inch:
            _join_label(axes, end, place)
        write_beside(
            axes,
            (1.0, place),
            line.label,
            shift=(0.2, 0),
            across="axes",
            color=darken_for_text(line.color),
        )


def _join_label(axes: Axes, end: float, place: float) -> None:
    width = get_width(axes)
    axes.plot(
        [1 + 0.05 / width, 1 + 0.17 / width],
        [end, place],
        transform=axes.get_yaxis_transform(),
        color=MUTED,
        linewidth=0.6,
        clip_on=False,
    )


def _find_last(line: Line) -> int:
    return int(np.flatnonzero(np.isfinite(line.y))[-1])


def _find_alone(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    there = np.isfinite(values)
    before = np.concatenate([[False], there[:-1]])
    after = np.concatenate([there[1:], [False]])
    return np.asarray(there & ~before & ~after, dtype=np.bool_)
