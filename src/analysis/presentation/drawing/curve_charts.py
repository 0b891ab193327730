"""Curves over a quantity: whale, Lorenz, dose and response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, require_released
from analysis.presentation.drawing.annotations import (
    write_below,
    write_beside,
    write_unit,
)
from analysis.presentation.drawing.canvas import Margins, close
from analysis.presentation.drawing.contrast import darken_for_text
from analysis.presentation.drawing.drawings import (
    Drawing,
    DrawnPart,
    collect,
    list_parts,
)
from analysis.presentation.drawing.geometry import get_height, get_width
from analysis.presentation.drawing.labels import (
    measure_height,
    measure_width,
    wrap_text,
)
from analysis.presentation.drawing.line_data import Line, color_lines, split_lines
from analysis.presentation.drawing.plane import (
    draw_marks,
    open_plane,
    set_across,
    write_across,
    write_at_ends,
)
from analysis.presentation.drawing.scales import (
    Scale,
    choose_scale,
    choose_ticks,
    find_range,
    read_numbers,
    require_rows,
    trim_ticks,
    write_ticks,
)
from analysis.presentation.drawing.theme import (
    MUTED,
    PAPER,
    TEXT,
    get_sheet_width,
)
from analysis.presentation.drawing.tips import (
    add_point_tip,
    choose_points,
    write_estimate,
    write_place_tip,
)
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say

_HEIGHT = 3.2
_LABEL_SHARE = 0.22
"""Of the sheet's width, for the names of curves beside them."""
_HIDDEN_BELOW = 0.08
"""Inches from another curve below which a muted one gets no name of its own."""
_DASHES = (0, (3, 2))


@draw_at_both_widths
def draw_curve(  # noqa: PLR0913 - the shape's own parts
    released: Released,
    *,
    x: str,
    y: str,
    lower: str | None = None,
    upper: str | None = None,
    series: str | None = None,
    highlight: str | Sequence[str] | None = None,
    x_label: str,
    y_label: str,
    diagonal: bool = False,
    reference: float | None = None,
) -> Drawing:
    """Draw a curve over a quantity with its band: whale, Lorenz or dose and response.

    Parameters
    ----------
    released : Released
        One row per point and series, rising in `x`. A point of ranked customers
        stands for at least ten (`disclosure.cut_into_points`).
    x, y : str
        Columns with the quantity and the value.
    lower, upper : str, optional
        Columns with the ends of the interval.
    series : str, optional
        Column with the name of each curve.
    highlight : str or sequence of str, optional
        Curves drawn in colour; the others are muted. Without it all are in colour,
        of quarters only the last.
    x_label, y_label : str
        What the axes count, in words.
    diagonal : bool
        Whether the line of equal shares is drawn from corner to corner.
    reference : float, optional
        Height marked by a dashed line.

    Returns
    -------
    Drawing
        The zero line is drawn whenever it is in view.

    Raises
    ------
    ValueError
        If a column lacks, or there is no value.
    """
    ends = [name for name in (lower, upper) if name is not None]
    columns = [name for name in (x, y, series, *ends) if name is not None]
    require_released(released)
    frame = released.rows
    require_rows(frame, columns, [x])
    require_rows(frame, columns, [y])
    across = choose_scale(read_numbers(frame, x), x_label)
    values = [y, *ends]
    seen = np.array([read_numbers(frame, name) for name in values])
    up = choose_scale(seen, y_label)
    positions = read_numbers(frame, x) / across.divisor
    split = split_lines(frame, positions, values, series=series, divisor=up.divisor)
    marks = [] if reference is None else [reference / up.divisor]
    axes, lines = _open_curves(color_lines(split, highlight), marks)
    set_across(axes, positions)
    if diagonal:
        _draw_diagonal(axes, positions, lines)
    draw_marks(axes, lines, ends=False)
    _write_places(axes, positions)
    _name_curves(axes, lines)
    _draw_references(axes, lines, marks, (across, up))
    write_unit(axes, up.unit, above=0.14)
    write_below(axes, across.unit)
    fine = (
        choose_scale(read_numbers(frame, x), x_label, digits=4),
        choose_scale(seen, y_label, digits=4),
    )
    _tell_points(axes, lines, fine)
    shown: list[DrawnPart] = [] if series is None else [(series, say("Series"), None)]
    shown += [(x, x_label, fine[0]), *list_parts(values, y_label, fine[1])]
    return close(axes, collect(released, shown))


def _draw_references(
    axes: Axes, lines: list[Line], marks: list[float], scales: tuple[Scale, Scale]
) -> None:
    colored = [line for line in lines if line.color != MUTED]
    for mark in marks:
        axes.axhline(mark, color=TEXT, linewidth=1, linestyle=_DASHES)
        if len(colored) == 1:
            _mark_peak(axes, colored[0], mark, scales)


def _write_places(axes: Axes, positions: NDArray[np.float64]) -> None:
    ticks = choose_ticks(*find_range(positions))
    inside = ticks[(ticks >= axes.get_xlim()[0]) & (ticks <= axes.get_xlim()[1])]
    write_across(axes, dict(zip(inside.tolist(), write_ticks(inside), strict=True)))


def _name_curves(axes: Axes, lines: list[Line]) -> None:
    if any(line.label for line in lines):
        write_at_ends(axes, lines)
    elif len(lines) > 1:
        _name_on_curves(axes, lines)


def _open_curves(lines: list[Line], marks: list[float]) -> tuple[Axes, list[Line]]:
    reach = [part for line in lines for part in (line.y, line.lower, line.upper)]
    low, high = find_range(np.array([*marks, 0.0]), *reach)
    ticks, limits = trim_ticks(choose_ticks(low, high), low, high)
    margins = Margins(top=0.36, bottom=0.54)
    per_inch = (limits[1] - limits[0]) / (_HEIGHT - margins.top - margins.bottom)
    ends = [float(line.y[np.isfinite(line.y)][-1]) for line in lines]
    gaps = np.diff(np.sort(ends))
    if len(lines) > 1 and gaps.min() > measure_height("A") * per_inch / 2:
        room = get_sheet_width() * _LABEL_SHARE
        lines = [replace(line, label=wrap_text(line.name, room)) for line in lines]
    return open_plane(lines, ticks, limits, margins, _HEIGHT), lines


def _tell_points(axes: Axes, lines: list[Line], scales: tuple[Scale, Scale]) -> None:
    across, up = scales
    for line in lines:
        for point in choose_points(line.y, len(lines)).tolist():
            x, y = float(line.x[point]), float(line.y[point])
            ends = float(line.lower[point]), float(line.upper[point])
            text = write_place_tip(
                line.name,
                (across.unit, across.write(x)),
                (up.unit, write_estimate(y, *ends, up)),
            )
            add_point_tip(axes, (x, y), text)


def _draw_diagonal(
    axes: Axes, positions: NDArray[np.float64], lines: list[Line]
) -> None:
    low, high = find_range(positions)
    top = max(float(line.y[np.isfinite(line.y)][-1]) for line in lines)
    axes.plot([low, high], [0.0, top], color=MUTED, linewidth=1, linestyle=_DASHES)


def _mark_peak(
    axes: Axes, line: Line, mark: float, scales: tuple[Scale, Scale]
) -> None:
    top = int(np.nanargmax(line.y))
    x, y = float(line.x[top]), float(line.y[top])
    low, high = axes.get_ylim()
    if top in (0, len(line.y) - 1) or y - mark < 0.05 * (high - low):
        return
    axes.plot([x], [y], marker="o", markersize=6, color=line.color, zorder=5)
    reach = max(y, float(line.upper[top])) if np.isfinite(line.upper[top]) else y
    write_beside(
        axes,
        (x, reach),
        say(
            "Peak {height} at {place}",
            height=scales[1].write(y),
            place=scales[0].write(x),
        ),
        shift=(0, 0.06),
        align=("center", "bottom"),
        color=line.color,
    )


def _name_on_curves(axes: Axes, lines: list[Line]) -> None:
    per_inch = float(np.diff(axes.get_ylim())[0]) / get_height(axes)
    low, high = axes.get_xlim()
    tried = np.linspace(low + 0.2 * (high - low), high - 0.2 * (high - low), 61)
    heights = np.array([_interpolate(line, tried) for line in lines])
    inches = np.array([get_width(axes) / (high - low), 1 / per_inch])
    written: list[NDArray[np.float64]] = []
    for row, line in enumerate(lines):
        others = np.delete(heights, row, axis=0)
        apart = np.abs(others - heights[row]).min(axis=0) / per_inch
        # A name keeps away from the peak, which is written there.
        apart = np.minimum(apart, 0.5) - 0.2 * _is_near_peak(line, tried)
        places = np.column_stack([tried, heights[row]]) * inches
        apart = apart - _crowds_name(line.name, places, written)
        best = int(np.argmax(apart))
        if line.color == MUTED and apart[best] < _HIDDEN_BELOW:
            continue
        written.append(places[best])
        axes.text(
            float(tried[best]),
            float(heights[row, best]),
            line.name,
            ha="center",
            va="center",
            color=darken_for_text(line.color),
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
            zorder=6,
        )


def _crowds_name(
    name: str, places: NDArray[np.float64], written: list[NDArray[np.float64]]
) -> NDArray[np.bool_]:
    """Say at which places, in inches, a name would crowd one that is written."""
    size = 2 * np.array([measure_width(name), measure_height(name)])
    crowds = np.zeros(len(places), dtype=np.bool_)
    for other in written:
        crowds |= (np.abs(places - other) < size).all(axis=1)
    return crowds


def _is_near_peak(line: Line, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    peak = float(line.x[int(np.nanargmax(line.y))])
    reach = 0.2 * (float(line.x[-1]) - float(line.x[0]))
    return np.asarray(np.abs(places - peak) < reach, dtype=np.bool_)


def _interpolate(line: Line, places: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.isfinite(line.y)
    return np.asarray(np.interp(places, line.x[there], line.y[there]), dtype=np.float64)
