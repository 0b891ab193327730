"""Horizontal bars from zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, require_released
from analysis.presentation.drawing.annotations import (
    GAP,
    draw_zero,
    write_beside,
    write_unit,
)
from analysis.presentation.drawing.canvas import Margins, Row, close, open_rows
from analysis.presentation.drawing.drawings import (
    Drawing,
    collect,
    list_parts,
)
from analysis.presentation.drawing.geometry import fit_limits, get_width
from analysis.presentation.drawing.labels import measure_width
from analysis.presentation.drawing.scales import (
    Scale,
    choose_scale,
    find_range,
    read_numbers,
    require_rows,
    write_missing,
)
from analysis.presentation.drawing.theme import (
    ACCENT,
    MUTED,
    MUTED_TEXT,
    NEGATIVE,
    PAPER,
    TEXT,
)
from analysis.presentation.drawing.tips import add_row_tips, write_estimate, write_tip
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say

BAR_HEIGHT = 0.66
"""Share of its row that a bar takes."""


@draw_at_both_widths
def draw_bars(  # noqa: PLR0913 - the shape's own parts
    released: Released,
    *,
    label: str,
    value: str,
    unit: str,
    lower: str | None = None,
    upper: str | None = None,
    highlight: str | Sequence[str] | None = None,
) -> Drawing:
    """Draw horizontal bars from zero, each with its number at the end.

    Parameters
    ----------
    released : Released
        One row per bar, from top to bottom.
    label, value : str
        Columns with the bar's name and its length.
    unit : str
        What the bars count, in words.
    lower, upper : str, optional
        Columns with the ends of an interval, drawn over the bar.
    highlight : str or list of str, optional
        Labels drawn in the accent colour; the others are muted. Without it all are
        in the accent colour.

    Returns
    -------
    Drawing
        Negative bars go left and are drawn in the colour of what takes away.

    Raises
    ------
    ValueError
        If a column lacks, or no bar has a number.
    """
    ends = [name for name in (lower, upper) if name is not None]
    require_released(released)
    frame = released.rows
    require_rows(frame, [label, value, *ends], [value])
    names = [str(name) for name in frame[label]]
    marked = _list_names(highlight, names)
    scale = choose_scale(read_numbers(frame, value), unit)
    values, *intervals = (
        read_numbers(frame, name) / scale.divisor for name in [value, *ends]
    )
    known = np.isfinite(values).tolist()
    rows = [
        Row(name, muted=not there) for name, there in zip(names, known, strict=True)
    ]
    axes, centres = open_rows(rows, margins=Margins(top=0.28, bottom=0.04))
    colors = [
        _color_bar(number, marked=name in marked)
        for name, number in zip(names, values, strict=True)
    ]
    lengths = np.nan_to_num(values)
    axes.barh(centres, lengths, height=BAR_HEIGHT, color=colors, zorder=2)
    texts = [
        scale.write(number) if np.isfinite(number) else write_missing(cell)
        for number, cell in zip(values, frame[value], strict=True)
    ]
    reach = np.vstack([values, *intervals])
    stops = np.array([_find_end(reach[:, row]) for row in range(len(values))])
    write_at_bar_ends(axes, centres, stops, texts, starts=np.zeros(len(values)))
    _tell_bars(axes, centres, names, (values, *intervals), scale)
    if len(intervals) == 2:
        _draw_bar_intervals(axes, centres, intervals[0], intervals[1])
    write_unit(axes, scale.unit, above=0.08)
    parts = list_parts([value, *ends], say("Value"), scale)
    return close(axes, collect(released, [(label, say("Item"), None), *parts]))


def write_at_bar_ends(
    axes: Axes,
    centres: NDArray[np.float64],
    stops: NDArray[np.float64],
    texts: Sequence[str],
    *,
    starts: NDArray[np.float64],
) -> None:
    """Write a number at the end of each bar and make the axis wide enough for it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With rows up and down.
    centres : numpy.ndarray
        Middle of each row.
    stops : numpy.ndarray
        End of each bar, where its text stands.
    texts : sequence of str
        One per bar.
    starts : numpy.ndarray
        Other end of each bar.
    """
    ends = []
    for centre, start, stop, text in zip(
        centres.tolist(), starts.tolist(), stops.tolist(), texts, strict=True
    ):
        side = -1 if stop < start else 1
        ends.append((stop, side * (measure_width(text) + GAP)))
        write_beside(
            axes,
            (stop, centre),
            text,
            shift=(side * GAP * 0.8, 0),
            align=("left" if side > 0 else "right", "center"),
            color=MUTED_TEXT if stop == start else TEXT,
        )
    low, high = find_range(starts, stops, np.zeros(1))
    low, high = fit_limits(ends, get_width(axes) - 0.04, low, high)
    room = (high - low) * 0.005
    axes.set_xlim(low - room, high + room)
    draw_zero(axes, low, high)


def _tell_bars(
    axes: Axes,
    centres: NDArray[np.float64],
    names: Sequence[str],
    columns: Sequence[NDArray[np.float64]],
    scale: Scale,
) -> None:
    empty = np.full(len(names), np.nan)
    bars = zip(names, *(*columns, empty, empty)[:3], strict=True)
    texts = [
        write_tip(name, write_estimate(value, lower, upper, scale), scale.unit)
        if np.isfinite(value)
        else ""
        for name, value, lower, upper in bars
    ]
    add_row_tips(axes, centres, texts)


def _list_names(highlight: str | Sequence[str] | None, names: list[str]) -> list[str]:
    if highlight is None:
        return names
    marked = [highlight] if isinstance(highlight, str) else list(highlight)
    unknown = [name for name in marked if name not in names]
    if unknown:
        message = f"Highlighted {unknown} must be among the labels {names[:5]}."
        raise ValueError(message)
    return marked


def _color_bar(value: float, *, marked: bool) -> str:
    if not marked:
        return MUTED
    return NEGATIVE if value < 0 else ACCENT


def _find_end(reach: NDArray[np.float64]) -> float:
    if not np.isfinite(reach[0]):
        return 0.0
    return float(np.nanmin(reach) if reach[0] < 0 else np.nanmax(reach))


def _draw_bar_intervals(
    axes: Axes,
    centres: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> None:
    axes.hlines(centres, lower, upper, color=PAPER, linewidth=3.4, zorder=4)
    axes.hlines(centres, lower, upper, color=TEXT, linewidth=1.3, zorder=5)
