"""Dots over their intervals, one row per estimate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import Released, require_released
from analysis.presentation.drawing.annotations import (
    GAP,
    KEY_LINE,
    count_key_lines,
    draw_value_axis,
    write_key,
    write_unit,
)
from analysis.presentation.drawing.canvas import Margins, Row, close, open_rows
from analysis.presentation.drawing.drawings import (
    Drawing,
    DrawnPart,
    collect,
    list_parts,
)
from analysis.presentation.drawing.interval_marks import (
    Dot,
    draw_dot,
    draw_reference,
    write_dot_tip,
    write_numbers,
    write_texts,
)
from analysis.presentation.drawing.labels import measure_width
from analysis.presentation.drawing.line_data import find_latest
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
    GRID,
    MUTED,
    SERIES,
)
from analysis.presentation.drawing.tips import add_row_tips
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say

_SIGNS = "os^vPXd"
"""Shapes of groups that share a row, so that they are told apart in grey too."""


@draw_at_both_widths
def draw_intervals(  # noqa: PLR0913 - the shape's own parts
    released: Released,
    *,
    label: str,
    estimate: str,
    lower: str,
    upper: str,
    unit: str,
    group: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
    muted: str | None = None,
) -> Drawing:
    """Draw estimates as dots over their intervals, one row per item.

    Parameters
    ----------
    released : Released
        One row per estimate, from top to bottom.
    label, estimate, lower, upper : str
        Columns with the name, the estimate and the ends of its interval. A row
        without an estimate is shown as "not estimated".
    unit : str
        What is estimated, in words.
    group : str, optional
        Column that groups rows. When each label comes once, groups become headings;
        when labels repeat, the groups of a label share its row in different colours
        and shapes; of quarters only the last is in colour.
    reference : float, optional
        Value marked by a dashed line.
    reference_label : str
        What that line is, written below it.
    muted : str, optional
        Column of true and false: rows that step back, such as those that are not
        significant or were refused.

    Returns
    -------
    Drawing
        With estimate and interval in numbers at the right.

    Raises
    ------
    ValueError
        If a column lacks, or no row has an estimate.
    """
    options = [name for name in (group, muted) if name is not None]
    require_released(released)
    frame = released.rows
    require_rows(frame, [label, estimate, lower, upper, *options], [estimate])
    scale = choose_scale(
        np.concatenate(
            [read_numbers(frame, name) for name in (estimate, lower, upper)]
        ),
        unit,
    )
    dots = _read_dots(frame, (label, group, muted), [estimate, lower, upper], scale)
    if reference is not None:
        reference = reference / scale.divisor
    axes = _draw_forest(dots, scale, reference, reference_label)
    shown: list[DrawnPart] = [] if group is None else [(group, say("Group"), None)]
    shown.append((label, say("Item"), None))
    shown += list_parts([estimate, lower, upper], say("Estimate"), scale)
    return close(axes, collect(released, shown))


def _read_dots(
    frame: pd.DataFrame,
    names: tuple[str, str | None, str | None],
    columns: Sequence[str],
    scale: Scale,
) -> list[Dot]:
    label, group, muted = names
    n_rows = len(frame)
    groups = [str(name) for name in frame[group]] if group else [""] * n_rows
    steps_back = [bool(cell) for cell in frame[muted]] if muted else [False] * n_rows
    numbers = (read_numbers(frame, name) / scale.divisor for name in columns)
    return [
        Dot(str(name), *rest)
        for name, *rest in zip(
            frame[label],
            groups,
            *(column.tolist() for column in numbers),
            steps_back,
            [write_missing(cell) for cell in frame[columns[0]]],
            strict=True,
        )
    ]


def _draw_forest(
    dots: list[Dot], scale: Scale, reference: float | None, reference_label: str
) -> Axes:
    shared = len({dot.label for dot in dots}) < len(dots)
    groups = list(dict.fromkeys(dot.group for dot in dots)) if shared else []
    rows, places = _share_rows(dots, groups) if shared else _list_rows(dots)
    texts = [write_texts(dot, scale) for dot in dots]
    column = max(
        measure_width(text[0])
        for text, dot in zip(texts, dots, strict=True)
        if np.isfinite(dot.estimate)
    )
    right = max(
        column + max(measure_width(text[1]) for text in texts) + 4 * GAP,
        max(measure_width(text[0]) for text in texts) + 2 * GAP,
    )
    n_lines = count_key_lines(groups)
    colors = _color_groups(groups)
    signs = _SIGNS[: max(2, len(groups))]
    axes, centres = open_rows(
        rows,
        margins=Margins(
            right=right,
            top=0.54 + KEY_LINE * n_lines,
            bottom=0.24 if reference_label else 0.06,
        ),
        rows_per_label=max(1, len(groups)),
    )
    _rule_headings(axes, rows, centres)
    draw_value_axis(axes, *_choose_limits(dots, reference))
    if reference is not None:
        draw_reference(axes, reference, reference_label)
    for dot, (row, shift), text in zip(dots, places, texts, strict=True):
        position = float(centres[row]) + shift
        sign = _SIGNS[groups.index(dot.group)] if groups else _SIGNS[0]
        color = MUTED if dot.muted else colors.get(dot.group, ACCENT)
        draw_dot(axes, dot, position, color, sign)
        write_numbers(axes, dot, position, text, column)
    positions = [float(centres[row]) + shift for row, shift in places]
    add_row_tips(axes, positions, [write_dot_tip(dot, scale) for dot in dots])
    write_key(axes, groups, list(colors.values()), above=0.3, sign=signs)
    write_unit(axes, scale.unit, above=0.32 + KEY_LINE * n_lines)
    return axes


def _color_groups(groups: list[str]) -> dict[str, str]:
    latest = find_latest(groups)
    if latest:
        return {name: ACCENT if name == latest else MUTED for name in groups}
    return dict(zip(groups, SERIES, strict=False))


def _list_rows(dots: list[Dot]) -> tuple[list[Row], list[tuple[int, float]]]:
    rows: list[Row] = []
    places: list[tuple[int, float]] = []
    heading = ""
    for dot in dots:
        if dot.group and dot.group != heading:
            heading = dot.group
            rows.append(Row(heading, heading=True))
        faint = dot.muted or not np.isfinite(dot.estimate)
        places.append((len(rows), 0.0))
        rows.append(Row(dot.label, muted=faint, indented=bool(heading)))
    return rows, places


def _share_rows(
    dots: list[Dot], groups: list[str]
) -> tuple[list[Row], list[tuple[int, float]]]:
    if len(groups) > len(SERIES):
        message = (
            f"A row of dots can't keep {len(groups)} groups apart, at most "
            f"{len(SERIES)}. Draw fewer groups."
        )
        raise ValueError(message)
    labels = list(dict.fromkeys(dot.label for dot in dots))
    step = 0.8 / len(groups)
    first = -step * (len(groups) - 1) / 2
    places = [
        (labels.index(dot.label), first + step * groups.index(dot.group))
        for dot in dots
    ]
    return [Row(name) for name in labels], places


def _rule_headings(axes: Axes, rows: list[Row], centres: NDArray[np.float64]) -> None:
    position = axes.get_position()
    left = -float(position.x0) / float(position.width)
    right = 1 + (1 - float(position.x1)) / float(position.width)
    for row, centre in zip(rows[1:], centres[1:].tolist(), strict=True):
        if row.heading:
            axes.plot(
                [left, right],
                [centre - 0.5, centre - 0.5],
                transform=axes.get_yaxis_transform(),
                color=GRID,
                linewidth=0.8,
                clip_on=False,
            )


def _choose_limits(dots: list[Dot], reference: float | None) -> tuple[float, float]:
    low, high = find_range(
        np.array([[dot.estimate, dot.lower, dot.upper] for dot in dots]),
        np.array([np.nan if reference is None else reference]),
    )
    distance = max(low, -high, 0.0)
    if distance <= high - low:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low) * 0.04 or abs(high) / 2 or 1.0
    return low - room, high + room
