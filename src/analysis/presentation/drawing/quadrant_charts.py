"""A map of items in two directions, cut into four quarters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, require_released
from analysis.presentation.drawing.annotations import (
    EDGE,
    GAP,
    write_below,
    write_beside,
    write_unit,
)
from analysis.presentation.drawing.canvas import Margins, close, open_axes
from analysis.presentation.drawing.drawings import Drawing, DrawnPart, collect
from analysis.presentation.drawing.geometry import get_height, get_width
from analysis.presentation.drawing.labels import measure_height, measure_width
from analysis.presentation.drawing.plane import draw_horizontal_grid, write_across
from analysis.presentation.drawing.point_names import (
    Box,
    draw_leader,
    find_leader,
    place_names,
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
    ACCENT,
    MUTED,
    MUTED_TEXT,
    PAPER,
    TEXT,
)
from analysis.presentation.drawing.tips import (
    add_point_tip,
    write_estimate,
    write_place_tip,
)
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import mark, say

_HEIGHT = 4.4
_PAPER = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 0.4}
"""Under words that may stand on a line, so that they are read against paper."""
_ENDS = (mark("{measure}: lower end"), mark("{measure}: upper end"))


@draw_at_both_widths
def draw_quadrants(  # noqa: PLR0913 - the shape's own parts
    released: Released,
    *,
    label: str,
    x: str,
    y: str,
    x_label: str,
    y_label: str,
    x_interval: tuple[str, str] | None = None,
    y_interval: tuple[str, str] | None = None,
    x_cut: float | None = None,
    y_cut: float | None = None,
    corners: Sequence[str] | None = None,
    highlight: Sequence[str] | None = None,
) -> Drawing:
    """Draw a map of items in two directions, cut into four quarters.

    Parameters
    ----------
    released : Released
        One row per item, never a single customer.
    label, x, y : str
        Columns with the name and the two positions; an item without both is left out.
    x_label, y_label : str
        What the axes count, in words.
    x_interval, y_interval : tuple of str, optional
        Columns with the lower and the upper end of an interval.
    x_cut, y_cut : float, optional
        Where the quarters meet; the median of the items when left out.
    corners : sequence of str, optional
        What the quarters mean: top left, top right, bottom left, bottom right.
    highlight : sequence of str, optional
        Labels drawn in the accent colour; the others are muted. Without it all are
        in the accent colour.

    Returns
    -------
    Drawing
        Every item with its name beside it.

    Raises
    ------
    ValueError
        If a column lacks, no item has both positions, or there are not four corners.
    """
    ends = [*(x_interval or ()), *(y_interval or ())]
    require_released(released)
    frame = released.rows
    require_rows(frame, [label, x, y, *ends], [x])
    items = _keep_placed(frame, x, y)
    across = [read_numbers(items, name) for name in (x, *(x_interval or (x, x)))]
    up = [read_numbers(items, name) for name in (y, *(y_interval or (y, y)))]
    cuts = _choose_cut(across[0], x_cut), _choose_cut(up[0], y_cut)
    axes = _open_map(
        _widen(*find_range(*across, np.array(cuts[:1])), 0.05),
        _widen(*find_range(*up, np.array(cuts[1:])), 0.1 if corners else 0.05),
        cuts,
    )
    names = [str(name) for name in items[label]]
    colors = _color_points(names, highlight)
    _draw_points(axes, (across, up), colors)
    taken = _cover_lines(axes, cuts)
    taken += _write_corners(axes, corners) if corners else []
    _name_points(axes, (across, up), list(zip(names, colors, strict=True)), taken)
    write_unit(axes, y_label, above=0.14)
    write_below(axes, x_label)
    scales = [
        choose_scale(places[0], head, digits=4)
        for places, head in ((across, x_label), (up, y_label))
    ]
    _tell_points(axes, (across, up), names, scales)
    ends_shown = (x_interval, y_interval)
    shown = [(label, say("Item"), None), *_list_columns((x, y), ends_shown, scales)]
    return close(axes, collect(released, shown))


def _keep_placed(frame: pd.DataFrame, x: str, y: str) -> pd.DataFrame:
    both = np.isfinite(read_numbers(frame, x)) & np.isfinite(read_numbers(frame, y))
    items = frame[both]
    require_rows(items, [], [y])
    return items


def _choose_cut(values: NDArray[np.float64], cut: float | None) -> float:
    return float(np.median(values)) if cut is None else cut


def _list_columns(
    places: tuple[str, str],
    intervals: Sequence[tuple[str, str] | None],
    scales: Sequence[Scale],
) -> list[DrawnPart]:
    shown: list[DrawnPart] = [
        (place, scale.unit, scale) for place, scale in zip(places, scales, strict=True)
    ]
    for interval, scale in zip(intervals, scales, strict=True):
        for name, template in zip(interval or (), _ENDS, strict=False):
            shown.append((name, say(template, measure=scale.unit), scale))
    return shown


def _tell_points(
    axes: Axes,
    places: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]],
    names: list[str],
    scales: Sequence[Scale],
) -> None:
    across, up = (np.column_stack(columns) for columns in places)
    for name, (x, *x_ends), (y, *y_ends) in zip(
        names, across.tolist(), up.tolist(), strict=True
    ):
        text = write_place_tip(
            name,
            (scales[0].unit, _write_position(x, x_ends, scales[0])),
            (scales[1].unit, _write_position(y, y_ends, scales[1])),
        )
        add_point_tip(axes, (x, y), text)


def _write_position(value: float, ends: list[float], scale: Scale) -> str:
    lower, upper = (end / scale.divisor for end in ends)
    if lower == upper:
        return scale.write(value / scale.divisor)
    return write_estimate(value / scale.divisor, lower, upper, scale)


def _color_points(names: list[str], highlight: Sequence[str] | None) -> list[str]:
    marked = list(names if highlight is None else highlight)
    unknown = [name for name in marked if name not in names]
    if unknown:
        message = f"Highlighted {unknown} must be among the labels {names[:5]}."
        raise ValueError(message)
    return [ACCENT if name in marked else MUTED for name in names]


def _draw_points(
    axes: Axes,
    places: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]],
    colors: list[str],
) -> None:
    (x, left, right), (y, low, high) = places
    widths = [1.2 if color == MUTED else 2.0 for color in colors]
    axes.hlines(y, left, right, color=colors, alpha=0.3, linewidth=widths, zorder=2)
    axes.vlines(x, low, high, color=colors, alpha=0.3, linewidth=widths, zorder=2)
    axes.scatter(x, y, s=38, color=colors, edgecolor=PAPER, linewidth=0.8, zorder=4)


def _open_map(
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    cuts: tuple[float, float],
) -> Axes:
    ticks, limits = trim_ticks(choose_ticks(*y_range), *y_range)
    left = max(measure_width(text) for text in write_ticks(ticks)) + GAP + EDGE
    axes = open_axes(_HEIGHT, Margins(left, 0.15, 0.36, 0.54))
    axes.set_ylim(*limits)
    draw_horizontal_grid(axes, ticks)
    across, limits = trim_ticks(choose_ticks(*x_range), *x_range)
    axes.set_xlim(*limits)
    write_across(axes, dict(zip(across.tolist(), write_ticks(across), strict=True)))
    axes.axvline(cuts[0], color=MUTED, linewidth=1, zorder=1)
    axes.axhline(cuts[1], color=MUTED, linewidth=1, zorder=1)
    return axes


def _widen(low: float, high: float, share: float) -> tuple[float, float]:
    room = (high - low) * share
    return low - room, high + room


def _write_corners(axes: Axes, corners: Sequence[str]) -> list[Box]:
    if len(corners) != 4:
        message = f"A map must have four corners, not {len(corners)}: {list(corners)}."
        raise ValueError(message)
    width, height = get_width(axes), get_height(axes)
    boxes = []
    for place, text in enumerate(corners):
        right, below = place % 2, place // 2
        middle = 0.06 + measure_height(text) / 2
        write_beside(
            axes,
            (float(right), float(1 - below)),
            text,
            shift=(0.06 - 0.12 * right, middle if below else -middle),
            across="corner",
            align=("right" if right else "left", "center"),
            color=MUTED_TEXT,
        )
        axes.texts[-1].set_bbox(_PAPER)
        x = width - measure_width(text) - 0.06 if right else 0.06
        y = 0.06 if below else height - measure_height(text) - 0.06
        boxes.append((x, y, x + measure_width(text), y + measure_height(text)))
    return boxes


def _cover_lines(axes: Axes, cuts: tuple[float, float]) -> list[Box]:
    width, height = get_width(axes), get_height(axes)
    x = float(_to_inches(np.array(cuts[0]), axes.get_xlim(), width))
    y = float(_to_inches(np.array(cuts[1]), axes.get_ylim(), height))
    half = 0.01
    heights = [y]
    if axes.get_ylim()[0] <= 0 <= axes.get_ylim()[1]:
        heights.append(float(_to_inches(np.array(0.0), axes.get_ylim(), height)))
    across = [(0.0, up - half, width, up + half) for up in heights]
    return [(x - half, 0.0, x + half, height), *across]


def _name_points(
    axes: Axes,
    places: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]],
    names: list[tuple[str, str]],
    taken: list[Box],
) -> None:
    sizes = [(measure_width(name), measure_height(name)) for name, _ in names]
    room = (get_width(axes), get_height(axes))
    across = _to_inches(np.nan_to_num(places[0]), axes.get_xlim(), room[0])
    up = _to_inches(np.nan_to_num(places[1]), axes.get_ylim(), room[1])
    ends = list(zip(across.T.tolist(), up.T.tolist(), strict=True))
    bars = [(x[1], y[0] - 0.02, x[2], y[0] + 0.02) for x, y in ends]
    bars += [(x[0] - 0.02, y[1], x[0] + 0.02, y[2]) for x, y in ends]
    points = np.column_stack([across[0], up[0]])
    found = place_names(points, sizes, room, [*taken, *bars])
    for place, size, point, (name, color) in zip(
        found, sizes, points.tolist(), names, strict=True
    ):
        shade = MUTED_TEXT if color == MUTED else TEXT
        end = find_leader((point[0], point[1]), place, size)
        if end is not None:
            draw_leader(axes, (point[0], point[1]), end)
        write_beside(axes, (0.0, 0.0), name, shift=place, across="corner", color=shade)
        axes.texts[-1].set_bbox(_PAPER)


def _to_inches(
    values: NDArray[np.float64], limits: tuple[float, float], room: float
) -> NDArray[np.float64]:
    return (values - limits[0]) / (limits[1] - limits[0]) * room
