"""Dots over their intervals, one row per estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.presentation.canvas import (
    GAP,
    Margins,
    Row,
    close,
    count_key_lines,
    draw_value_axis,
    find_range,
    open_rows,
    write_beside,
    write_key,
    write_unit,
)
from analysis.presentation.labels import measure_width
from analysis.presentation.scales import (
    Scale,
    choose_scale,
    read_numbers,
    require_rows,
    write_missing,
)
from analysis.presentation.theme import (
    ACCENT,
    FIGURE_WIDTH,
    MUTED,
    MUTED_TEXT,
    PAPER,
    SERIES,
    TEXT,
    use_theme,
)


@dataclass(frozen=True, slots=True)
class _Dot:
    label: str
    group: str
    estimate: float
    lower: float
    upper: float
    muted: bool
    missing: str


@use_theme()
def draw_intervals(  # noqa: PLR0913 - the shape's own parts
    frame: pd.DataFrame,
    *,
    label: str,
    estimate: str,
    lower: str,
    upper: str,
    unit: str,
    group: str | None = None,
    reference: float | None = None,
    muted: str | None = None,
) -> Figure:
    """Draw estimates as dots over their intervals, one row per item.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per estimate, from top to bottom.
    label, estimate, lower, upper : str
        Columns with the name, the estimate and the ends of its interval. A row
        without an estimate is shown as "not estimated".
    unit : str
        What is estimated, in words.
    group : str, optional
        Column that groups rows. When each label comes once, groups become headings;
        when labels repeat, the groups of a label share its row in different colours.
    reference : float, optional
        Value marked by a dashed line.
    muted : str, optional
        Column of true and false: rows that step back, such as those that are not
        significant or were refused.

    Returns
    -------
    matplotlib.figure.Figure
        With estimate and interval in numbers at the right.

    Raises
    ------
    ValueError
        If a column lacks, or no row has an estimate.
    """
    options = [name for name in (group, muted) if name is not None]
    require_rows(frame, [label, estimate, lower, upper, *options], [estimate])
    scale = choose_scale(
        np.concatenate(
            [read_numbers(frame, name) for name in (estimate, lower, upper)]
        ),
        unit,
    )
    columns = [
        read_numbers(frame, name) / scale.divisor for name in (estimate, lower, upper)
    ]
    n_rows = len(frame)
    groups = [str(name) for name in frame[group]] if group else [""] * n_rows
    steps_back = [bool(cell) for cell in frame[muted]] if muted else [False] * n_rows
    dots = [
        _Dot(str(name), *rest)
        for name, *rest in zip(
            frame[label],
            groups,
            *(column.tolist() for column in columns),
            steps_back,
            [write_missing(cell) for cell in frame[estimate]],
            strict=True,
        )
    ]
    if reference is not None:
        reference = reference / scale.divisor
    return _draw_forest(dots, scale, reference)


def _draw_forest(dots: list[_Dot], scale: Scale, reference: float | None) -> Figure:
    shared = len({dot.label for dot in dots}) < len(dots)
    groups = list(dict.fromkeys(dot.group for dot in dots)) if shared else []
    rows, positions = _share_rows(dots, groups) if shared else _list_rows(dots)
    texts = [_write_estimate(dot, scale) for dot in dots]
    right = max(sum(map(measure_width, pair)) for pair in texts) + 4 * GAP
    top = 0.52 + 0.19 * count_key_lines(groups)
    axes = open_rows(
        rows,
        margins=Margins(right=right, top=top, bottom=0.06),
        rows_per_label=max(1, len(groups)),
    )
    low, high = _choose_limits(dots, reference)
    draw_value_axis(axes, low, high)
    if reference is not None and reference != 0:
        axes.axvline(
            reference, color=TEXT, linewidth=1, linestyle=(0, (3, 2)), zorder=3
        )
    for dot, position, text in zip(dots, positions, texts, strict=True):
        color = SERIES[groups.index(dot.group) % len(SERIES)] if groups else ACCENT
        _draw_dot(axes, dot, position, MUTED if dot.muted else color)
        _write_numbers(axes, dot, position, text)
    write_unit(axes, scale.unit, above=0.28)
    write_key(axes, groups, SERIES, above=0.5)
    return close(axes)


def _list_rows(dots: list[_Dot]) -> tuple[list[Row], list[float]]:
    rows: list[Row] = []
    positions: list[float] = []
    heading = ""
    for dot in dots:
        if dot.group and dot.group != heading:
            heading = dot.group
            rows.append(Row(heading, heading=True))
        positions.append(float(len(rows)))
        rows.append(Row(dot.label, muted=dot.muted or not np.isfinite(dot.estimate)))
    return rows, positions


def _share_rows(dots: list[_Dot], groups: list[str]) -> tuple[list[Row], list[float]]:
    labels = list(dict.fromkeys(dot.label for dot in dots))
    step = 0.8 / len(groups)
    first = -step * (len(groups) - 1) / 2
    positions = [
        labels.index(dot.label) + first + step * groups.index(dot.group) for dot in dots
    ]
    return [Row(name) for name in labels], positions


def _choose_limits(dots: list[_Dot], reference: float | None) -> tuple[float, float]:
    low, high = find_range(
        np.array([[dot.estimate, dot.lower, dot.upper] for dot in dots]),
        np.array([np.nan if reference is None else reference]),
    )
    distance = max(low, -high, 0.0)
    if distance <= high - low:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low) * 0.04 or abs(high) / 2 or 1.0
    return low - room, high + room


def _write_estimate(dot: _Dot, scale: Scale) -> tuple[str, str]:
    if not np.isfinite(dot.estimate):
        return dot.missing, ""
    if not (np.isfinite(dot.lower) and np.isfinite(dot.upper)):
        return scale.write(dot.estimate), ""
    return scale.write(
        dot.estimate
    ), f"{scale.write(dot.lower)} to {scale.write(dot.upper)}"


def _draw_dot(axes: Axes, dot: _Dot, position: float, color: str) -> None:
    axes.hlines(
        position, dot.lower, dot.upper, color=color, linewidth=4.5, alpha=0.38, zorder=2
    )
    axes.plot(
        [dot.estimate],
        [position],
        marker="o",
        markersize=6,
        color=color,
        markeredgecolor=PAPER,
        markeredgewidth=0.8,
        zorder=4,
    )


def _write_numbers(
    axes: Axes, dot: _Dot, position: float, text: tuple[str, str]
) -> None:
    faint = dot.muted or not np.isfinite(dot.estimate)
    write_beside(
        axes,
        (1.0, position),
        text[0],
        shift=(2 * GAP, 0),
        across="axes",
        color=MUTED_TEXT if faint else TEXT,
    )
    if text[1]:
        right = float(axes.get_position().x1)
        write_beside(
            axes,
            (1.0, position),
            text[1],
            shift=((1 - right) * FIGURE_WIDTH, 0),
            across="axes",
            align=("right", "center"),
            color=MUTED_TEXT,
        )
