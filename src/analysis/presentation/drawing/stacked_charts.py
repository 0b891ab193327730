"""Horizontal bars of parts, which add to the right and take away to the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, is_suppressed, require_released
from analysis.presentation.drawing.annotations import (
    GAP,
    KEY_LINE,
    count_key_lines,
    draw_value_axis,
    write_beside,
    write_key,
    write_unit,
)
from analysis.presentation.drawing.bar_charts import BAR_HEIGHT
from analysis.presentation.drawing.canvas import Margins, Row, close, open_rows
from analysis.presentation.drawing.contrast import choose_text_color
from analysis.presentation.drawing.drawings import Drawing, DrawnPart, collect
from analysis.presentation.drawing.geometry import get_width
from analysis.presentation.drawing.labels import measure_width
from analysis.presentation.drawing.scales import (
    HIDDEN_TEXT,
    Scale,
    choose_scale,
    read_numbers,
    require_rows,
)
from analysis.presentation.drawing.theme import (
    ADDING,
    PAPER,
    SERIES,
    SMALL_TEXT_SIZE,
    TAKING,
    TEXT,
)
from analysis.presentation.drawing.tips import add_box_tip, write_tip
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class _Stacks:
    rows: list[str]
    names: list[str]
    columns: NDArray[np.float64]  # one row per bar, one column per part, divided
    sums: NDArray[np.float64]  # nan where a part is hidden
    scale: Scale
    signed: bool


@draw_at_both_widths
def draw_stacked_bars(
    released: Released,
    *,
    label: str,
    parts: Sequence[str] | Mapping[str, str],
    unit: str,
) -> Drawing:
    """Draw parts that add to the right of zero and parts that take away to its left.

    Parameters
    ----------
    released : Released
        One row per bar, from top to bottom.
    label : str
        Column with the bar's name.
    parts : sequence of str, or mapping of str to str
        Columns with the parts, in the order in which they leave zero; at most seven.
        A mapping gives the name shown for each, else the column's own is.
    unit : str
        What the parts count, in words.

    Returns
    -------
    Drawing
        Parts carry their numbers where there is room. Where a part is negative, the
        sum of each row is marked and written too, unless a part of it is hidden.

    Raises
    ------
    ValueError
        If a column lacks, there are more parts than colours, or no number.
    """
    require_released(released)
    names = {str(part): str(part) for part in parts}
    names |= dict(parts) if isinstance(parts, Mapping) else {}
    require_rows(released.rows, [label, *names], list(names))
    if len(names) > len(SERIES):
        message = (
            f"Stacked bars can't keep {len(names)} parts apart, at most {len(SERIES)}. "
            "Add the smallest together."
        )
        raise ValueError(message)
    stacks = _read_stacks(released.rows, label, names, unit)
    axes = _draw_stacks(stacks)
    shown: list[DrawnPart] = [(label, say("Item"), None)]
    shown += [(part, name, stacks.scale) for part, name in names.items()]
    return close(axes, collect(released, shown))


def _read_stacks(
    rows: pd.DataFrame, label: str, names: Mapping[str, str], unit: str
) -> _Stacks:
    columns = np.column_stack([read_numbers(rows, name) for name in names])
    sums = np.nansum(columns, axis=1)
    hides = rows[list(names)].map(is_suppressed).to_numpy().any(axis=1)
    scale = choose_scale(np.append(columns.ravel(), sums), unit)
    columns = columns / scale.divisor
    return _Stacks(
        rows=[str(name) for name in rows[label]],
        names=list(names.values()),
        columns=columns,
        sums=np.where(hides, np.nan, sums / scale.divisor),
        scale=scale,
        signed=bool((np.nan_to_num(columns) < 0).any()),
    )


def _draw_stacks(stacks: _Stacks) -> Axes:
    columns, sums, signed = stacks.columns, stacks.sums, stacks.signed
    texts = [
        stacks.scale.write(total) if np.isfinite(total) else say(HIDDEN_TEXT)
        for total in sums.tolist()
    ]
    names, signs = stacks.names, "s"
    if signed:
        names, signs = [*names, say("Sum")], "s" * len(names) + "D"
    n_lines = count_key_lines(names)
    axes, centres = open_rows(
        [Row(name) for name in stacks.rows],
        margins=Margins(
            right=max(map(measure_width, texts)) + 2 * GAP if signed else 2 * GAP,
            top=0.52 + KEY_LINE * n_lines,
            bottom=0.04,
        ),
    )
    low = float(np.nansum(np.minimum(columns, 0), axis=1).min())
    high = float(np.nansum(np.maximum(columns, 0), axis=1).max())
    draw_value_axis(axes, low, high)
    colors = _color_parts(columns, signed=signed)
    _stack_parts(axes, centres, columns, colors)
    marks = sums if signed else None
    _write_parts(axes, centres, columns, (colors, stacks.scale), marks)
    if signed:
        _mark_sums(axes, centres, sums, texts)
    _tell_parts(axes, centres, stacks)
    write_key(axes, names, [*colors, TEXT], above=0.3, sign=signs)
    write_unit(axes, stacks.scale.unit, above=0.32 + KEY_LINE * n_lines)
    return axes


def _tell_parts(axes: Axes, centres: NDArray[np.float64], stacks: _Stacks) -> None:
    starts, half = _list_starts(stacks.columns), BAR_HEIGHT / 2
    for row, part in np.argwhere(np.nan_to_num(stacks.columns) != 0).tolist():
        start = float(starts[row, part])
        length = float(stacks.columns[row, part])
        place = (start, start + length)
        name = say("{group}, {item}", group=stacks.rows[row], item=stacks.names[part])
        text = write_tip(name, stacks.scale.write(length), stacks.scale.unit)
        centre = float(centres[row])
        add_box_tip(
            axes, (min(place), max(place)), (centre - half, centre + half), text
        )


def _color_parts(columns: NDArray[np.float64], *, signed: bool) -> list[str]:
    if not signed:
        return [*ADDING, *TAKING[1:], TAKING[0]][: columns.shape[1]]
    adding, taking = list(ADDING), list(TAKING)
    colors = []
    for total in np.nansum(columns, axis=0):
        first, second = (adding, taking) if total >= 0 else (taking, adding)
        colors.append((first or second).pop(0))
    return colors


def _list_starts(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    parts = np.nan_to_num(columns)
    adding = np.cumsum(np.maximum(parts, 0), axis=1) - np.maximum(parts, 0)
    taking = np.cumsum(np.minimum(parts, 0), axis=1) - np.minimum(parts, 0)
    return np.asarray(np.where(parts < 0, taking, adding), dtype=np.float64)


def _stack_parts(
    axes: Axes,
    centres: NDArray[np.float64],
    columns: NDArray[np.float64],
    colors: Sequence[str],
) -> None:
    starts = _list_starts(columns)
    for part, color in enumerate(colors):
        axes.barh(
            centres,
            np.nan_to_num(columns[:, part]),
            left=starts[:, part],
            height=BAR_HEIGHT,
            color=color,
            edgecolor=PAPER,
            linewidth=0.7,
            zorder=2,
        )


def _write_parts(
    axes: Axes,
    centres: NDArray[np.float64],
    columns: NDArray[np.float64],
    look: tuple[Sequence[str], Scale],
    sums: NDArray[np.float64] | None,
) -> None:
    colors, scale = look
    starts = _list_starts(columns)
    per_inch = float(np.diff(axes.get_xlim())[0]) / get_width(axes)
    for row, part in np.argwhere(np.isfinite(columns)).tolist():
        text = scale.write(float(columns[row, part]))
        room = (measure_width(text, SMALL_TEXT_SIZE) + GAP) * per_inch
        ends = sorted((starts[row, part], starts[row, part] + columns[row, part]))
        mark = None if sums is None else float(sums[row])
        middle = _find_room(float(ends[0]), float(ends[1]), room, mark, per_inch)
        if middle is not None:
            write_beside(
                axes,
                (middle, float(centres[row])),
                text,
                align=("center", "center"),
                color=choose_text_color(colors[part]),
                size=SMALL_TEXT_SIZE,
            )


def _find_room(
    low: float, high: float, room: float, mark: float | None, per_inch: float
) -> float | None:
    spans = [(low, high)]
    if mark is not None and low <= mark <= high:
        half = 0.07 * per_inch
        spans += [(low, mark - half), (mark + half, high)]
        spans = spans[1:] if abs(mark - (low + high) / 2) < room / 2 + half else spans
    start, end = max(spans, key=lambda span: span[1] - span[0])
    return (start + end) / 2 if end - start > room else None


def _mark_sums(
    axes: Axes,
    centres: NDArray[np.float64],
    sums: NDArray[np.float64],
    texts: Sequence[str],
) -> None:
    axes.plot(
        sums,
        centres,
        linestyle="none",
        marker="D",
        markersize=6,
        markerfacecolor=PAPER,
        markeredgecolor=TEXT,
        markeredgewidth=1.4,
        zorder=5,
        clip_on=False,
    )
    for centre, text in zip(centres.tolist(), texts, strict=True):
        write_beside(
            axes,
            (1.0, centre),
            text,
            shift=(max(map(measure_width, texts)) + 2 * GAP, 0),
            across="axes",
            align=("right", "center"),
        )
