"""Horizontal bars: from zero, stacked with a sign, and stepping to a total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.presentation.canvas import (
    GAP,
    Margins,
    Row,
    close,
    count_key_lines,
    draw_value_axis,
    draw_zero,
    find_range,
    fit_limits,
    get_width,
    open_rows,
    write_beside,
    write_key,
    write_unit,
)
from analysis.presentation.labels import measure_width
from analysis.presentation.scales import (
    choose_scale,
    read_numbers,
    require_rows,
    write_missing,
)
from analysis.presentation.theme import (
    ACCENT,
    MUTED,
    MUTED_TEXT,
    NEGATIVE,
    PAPER,
    POSITIVE,
    SERIES,
    TEXT,
    use_theme,
)

_BAR_HEIGHT = 0.66


@use_theme()
def draw_bars(  # noqa: PLR0913 - the shape's own parts
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    lower: str | None = None,
    upper: str | None = None,
    highlight: str | Sequence[str] | None = None,
) -> Figure:
    """Draw horizontal bars from zero, each with its number at the end.

    Parameters
    ----------
    frame : pandas.DataFrame
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
    matplotlib.figure.Figure
        Negative bars go left and are drawn in the colour of what takes away.

    Raises
    ------
    ValueError
        If a column lacks, or no bar has a number.
    """
    ends = [name for name in (lower, upper) if name is not None]
    require_rows(frame, [label, value, *ends], [value])
    names = [str(name) for name in frame[label]]
    scale = choose_scale(read_numbers(frame, value), unit)
    values = read_numbers(frame, value) / scale.divisor
    intervals = [read_numbers(frame, name) / scale.divisor for name in ends]
    marked = _list_names(highlight, names)
    rows = [
        Row(name, muted=not np.isfinite(number))
        for name, number in zip(names, values, strict=True)
    ]
    axes = open_rows(rows, margins=Margins(top=0.28, bottom=0.04))
    lengths = np.nan_to_num(values)
    colors = [
        _color_bar(number, marked=name in marked)
        for name, number in zip(names, values, strict=True)
    ]
    axes.barh(range(len(names)), lengths, height=_BAR_HEIGHT, color=colors, zorder=2)
    texts = [
        scale.write(number) if np.isfinite(number) else write_missing(cell)
        for number, cell in zip(values, frame[value], strict=True)
    ]
    low, high = _write_bar_values(axes, values, intervals, texts)
    _draw_bar_intervals(axes, intervals)
    axes.set_xlim(low, high)
    draw_zero(axes, low, high)
    write_unit(axes, scale.unit, above=0.08)
    return close(axes)


@use_theme()
def draw_stacked_bars(
    frame: pd.DataFrame, *, label: str, parts: Sequence[str], unit: str
) -> Figure:
    """Draw parts that add to the right of zero and parts that take away to its left.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per bar, from top to bottom.
    label : str
        Column with the bar's name.
    parts : sequence of str
        Columns with the parts, in the order in which they leave zero; at most eight.
        Their names are shown as they are.
    unit : str
        What the parts count, in words.

    Returns
    -------
    matplotlib.figure.Figure
        Where a part is negative, the sum of each row is marked and written.

    Raises
    ------
    ValueError
        If a column lacks, there are more parts than colours, or no number.
    """
    require_rows(frame, [label, *parts], parts)
    if len(parts) > len(SERIES):
        message = (
            f"Stacked bars can't keep {len(parts)} parts apart; at most {len(SERIES)}. "
            "Add the smallest together."
        )
        raise ValueError(message)
    columns = np.column_stack([read_numbers(frame, name) for name in parts])
    sums = np.nansum(columns, axis=1)
    scale = choose_scale(np.append(columns.ravel(), sums), unit)
    columns, sums = columns / scale.divisor, sums / scale.divisor
    signed = bool((np.nan_to_num(columns) < 0).any())
    rows = [Row(str(name)) for name in frame[label]]
    texts = [scale.write(float(total)) for total in sums]
    right = max(measure_width(text) for text in texts) + 2 * GAP if signed else GAP
    n_lines = count_key_lines(parts)
    axes = open_rows(
        rows, margins=Margins(right=right, top=0.52 + 0.19 * n_lines, bottom=0.04)
    )
    low = float(np.nansum(np.minimum(columns, 0), axis=1).min())
    high = float(np.nansum(np.maximum(columns, 0), axis=1).max())
    draw_value_axis(axes, low, high)
    _stack_parts(axes, columns)
    if signed:
        _mark_sums(axes, sums, texts)
    write_unit(axes, scale.unit, above=0.28)
    write_key(axes, parts, SERIES, above=0.5)
    return close(axes)


@use_theme()
def draw_waterfall(
    frame: pd.DataFrame, *, label: str, value: str, unit: str, total_label: str
) -> Figure:
    """Draw steps that add and take away, one row each, down to their total.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per step, from top to bottom.
    label, value : str
        Columns with the step's name and its signed amount. A missing amount is
        written as such and moves nothing.
    unit : str
        What the amounts count, in words.
    total_label : str
        Name of the last row, the sum of the steps.

    Returns
    -------
    matplotlib.figure.Figure
        Steps with their signed amounts, the total without.

    Raises
    ------
    ValueError
        If a column lacks, or no step has an amount.
    """
    require_rows(frame, [label, value], [value])
    amounts = read_numbers(frame, value)
    ends = np.cumsum(np.nan_to_num(amounts))
    scale = choose_scale(np.concatenate([amounts, ends]), unit)
    amounts, ends = amounts / scale.divisor, ends / scale.divisor
    rows = [Row(str(name)) for name in frame[label]] + [Row(total_label)]
    axes = open_rows(rows, margins=Margins(top=0.28, bottom=0.04))
    starts = np.append(ends - np.nan_to_num(amounts), 0.0)
    stops = np.append(ends, ends[-1])
    colors = [NEGATIVE if step < 0 else POSITIVE for step in np.nan_to_num(amounts)]
    axes.barh(
        range(len(rows)),
        stops - starts,
        left=starts,
        height=_BAR_HEIGHT,
        color=[*colors, TEXT],
        zorder=2,
    )
    _join_steps(axes, ends)
    texts = [
        scale.write(step, signed=True) if np.isfinite(step) else write_missing(cell)
        for step, cell in zip(amounts, frame[value], strict=True)
    ]
    low, high = _write_step_values(axes, starts, stops, [*texts, scale.write(ends[-1])])
    axes.set_xlim(low, high)
    draw_zero(axes, low, high)
    write_unit(axes, scale.unit, above=0.08)
    return close(axes)


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


def _write_bar_values(
    axes: Axes,
    values: NDArray[np.float64],
    intervals: Sequence[NDArray[np.float64]],
    texts: Sequence[str],
) -> tuple[float, float]:
    reach = np.vstack([values, *intervals])
    ends = [_find_end(reach[:, row]) for row in range(len(values))]
    sides = [-1 if value < 0 else 1 for value in values]
    widths = [
        side * (measure_width(text) + GAP)
        for side, text in zip(sides, texts, strict=True)
    ]
    for row, (end, side, text) in enumerate(zip(ends, sides, texts, strict=True)):
        write_beside(
            axes,
            (end, row),
            text,
            shift=(side * GAP * 0.8, 0),
            align=("left" if side > 0 else "right", "center"),
            color=TEXT if np.isfinite(values[row]) else MUTED_TEXT,
        )
    low, high = find_range(reach, np.zeros(1))
    return fit_limits(list(zip(ends, widths, strict=True)), get_width(axes), low, high)


def _find_end(reach: NDArray[np.float64]) -> float:
    if not np.isfinite(reach[0]):
        return 0.0
    return float(np.nanmin(reach) if reach[0] < 0 else np.nanmax(reach))


def _draw_bar_intervals(axes: Axes, intervals: Sequence[NDArray[np.float64]]) -> None:
    if len(intervals) == 2:
        rows = np.arange(len(intervals[0]))
        axes.hlines(rows, *intervals, color=PAPER, linewidth=3.2, zorder=4)
        axes.hlines(rows, *intervals, color=TEXT, linewidth=1.2, zorder=5)


def _stack_parts(axes: Axes, columns: NDArray[np.float64]) -> None:
    rows = np.arange(len(columns))
    ends = {1: np.zeros(len(columns)), -1: np.zeros(len(columns))}
    for part, color in zip(columns.T, SERIES, strict=False):
        for sign, end in ends.items():
            lengths = np.where(sign * np.nan_to_num(part) > 0, part, 0.0)
            axes.barh(
                rows,
                lengths,
                left=end,
                height=_BAR_HEIGHT,
                color=color,
                edgecolor=PAPER,
                linewidth=0.6,
                zorder=2,
            )
            end += lengths


def _mark_sums(axes: Axes, sums: NDArray[np.float64], texts: Sequence[str]) -> None:
    rows = np.arange(len(sums))
    axes.plot(
        sums,
        rows,
        linestyle="none",
        marker="D",
        markersize=6,
        markerfacecolor=PAPER,
        markeredgecolor=TEXT,
        markeredgewidth=1.4,
        zorder=5,
        clip_on=False,
    )
    for row, text in zip(rows, texts, strict=True):
        write_beside(axes, (1.0, row), text, shift=(2 * GAP, 0), across="axes")


def _join_steps(axes: Axes, ends: NDArray[np.float64]) -> None:
    half = _BAR_HEIGHT / 2
    for row, end in enumerate(ends):
        axes.plot(
            [end, end],
            [row + half, row + 1 - half],
            color=MUTED,
            linewidth=0.8,
            zorder=1,
        )


def _write_step_values(
    axes: Axes,
    starts: NDArray[np.float64],
    stops: NDArray[np.float64],
    texts: Sequence[str],
) -> tuple[float, float]:
    ends = []
    for row, (start, stop, text) in enumerate(zip(starts, stops, texts, strict=True)):
        side = -1 if stop < start else 1
        ends.append((float(stop), side * (measure_width(text) + GAP)))
        write_beside(
            axes,
            (float(stop), row),
            text,
            shift=(side * GAP * 0.8, 0),
            align=("left" if side > 0 else "right", "center"),
        )
    low, high = find_range(starts, stops, np.zeros(1))
    return fit_limits(ends, get_width(axes), low, high)
