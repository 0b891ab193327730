"""Lines over time with bands, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from analysis.presentation.disclosure import Released, require_released
from analysis.presentation.drawing.annotations import (
    GAP,
    write_unit,
)
from analysis.presentation.drawing.canvas import Margins, close
from analysis.presentation.drawing.drawings import (
    Drawing,
    DrawnPart,
    collect,
    list_parts,
)
from analysis.presentation.drawing.geometry import get_width
from analysis.presentation.drawing.labels import measure_width, wrap_text
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
)
from analysis.presentation.drawing.theme import MUTED, get_sheet_width
from analysis.presentation.drawing.times import place_times, thin_labels, write_times
from analysis.presentation.drawing.tips import (
    add_point_tip,
    choose_points,
    write_estimate,
    write_tip,
)
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say

_HEIGHT = 3.0
_LABEL_SHARE = 0.24
"""Of the sheet's width, for the names of lines at their ends."""
_MOST_MUTED_NAMES = 12


@draw_at_both_widths
def draw_lines(  # noqa: PLR0913 - the shape's own parts
    released: Released,
    *,
    x: str,
    y: str,
    series: str | None = None,
    unit: str,
    band: tuple[str, str] | None = None,
    highlight: str | Sequence[str] | None = None,
    zero: bool = False,
) -> Drawing:
    """Draw lines over time, each with its name and its last value at its end.

    Parameters
    ----------
    released : Released
        One row per time and series. A missing value breaks its line.
    x : str
        Column with dates, periods, numbers or names of periods ("2026Q3").
    y : str
        Column with the values.
    series : str, optional
        Column with the name of each line.
    unit : str
        What the values count, in words.
    band : tuple of str, optional
        Columns with the lower and the upper end of an interval.
    highlight : str or sequence of str, optional
        Series drawn in colour; the others are muted.
    zero : bool
        Whether the axis must reach zero.

    Returns
    -------
    Drawing
        The zero line is drawn whenever it is in view.

    Raises
    ------
    ValueError
        If a column lacks, or there is no value.
    """
    columns = [name for name in (x, y, series, *(band or ())) if name is not None]
    require_released(released)
    frame = released.rows
    require_rows(frame, columns, [y])
    positions, labels = place_times(frame[x])
    times = dict(zip(positions.tolist(), write_times(frame[x]), strict=True))
    values = [y, *(band or ())]
    values_seen = np.array([read_numbers(frame, name) for name in values])
    scale = choose_scale(values_seen, unit)
    lines = split_lines(frame, positions, values, series=series, divisor=scale.divisor)
    lines = _label_lines(color_lines(lines, highlight), scale)
    low, high = find_range(*(part for line in lines for part in (line.y, line.lower)))
    low, high = find_range(np.array([low, high]), *(line.upper for line in lines))
    low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    ticks, limits = trim_ticks(choose_ticks(low, high), low, high)
    axes = open_plane(lines, ticks, limits, Margins(top=0.36, bottom=0.32), _HEIGHT)
    set_across(axes, positions)
    draw_marks(axes, lines, ends=True)
    widest = max(map(measure_width, labels.values())) + 2 * GAP
    write_across(axes, thin_labels(labels, 1 + int(get_width(axes) / widest)))
    write_at_ends(axes, lines)
    fine = choose_scale(values_seen, unit, digits=4)
    _tell_points(axes, lines, times, fine)
    write_unit(axes, scale.unit, above=0.14)
    shown: list[DrawnPart] = [] if series is None else [(series, say("Series"), None)]
    shown += [(x, say("Time"), None)]
    shown += list_parts(values, say("Value"), fine)
    return close(axes, collect(released, shown))


def _tell_points(
    axes: Axes, lines: list[Line], times: dict[float, str], scale: Scale
) -> None:
    for line in lines:
        for point in choose_points(line.y, len(lines)).tolist():
            x, y = float(line.x[point]), float(line.y[point])
            name = times[x]
            if line.name:
                name = say("{group}, {item}", group=line.name, item=times[x])
            ends = float(line.lower[point]), float(line.upper[point])
            value = write_estimate(y, *ends, scale)
            add_point_tip(axes, (x, y), write_tip(name, value, scale.unit))


def _label_lines(lines: list[Line], scale: Scale) -> list[Line]:
    n_muted = sum(line.color == MUTED for line in lines)
    return [
        replace(
            line, label=_write_label(line, scale, named=n_muted <= _MOST_MUTED_NAMES)
        )
        for line in lines
    ]


def _write_label(line: Line, scale: Scale, *, named: bool) -> str:
    width = get_sheet_width() * _LABEL_SHARE
    last = scale.write(float(line.y[np.isfinite(line.y)][-1]))
    if line.color == MUTED:
        return wrap_text(line.name, width) if named else ""
    if not line.name:
        return last
    return wrap_text(say("{name} {last}", name=line.name, last=last), width)
