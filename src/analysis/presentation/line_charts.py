"""Lines over time and curves over a quantity, with bands and direct labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.presentation.canvas import (
    GAP,
    Margins,
    close,
    find_range,
    get_height,
    get_width,
    open_axes,
    shift_by,
    write_beside,
    write_unit,
)
from analysis.presentation.labels import (
    measure_height,
    measure_width,
    spread_positions,
    wrap_text,
)
from analysis.presentation.scales import (
    choose_scale,
    choose_ticks,
    read_numbers,
    require_rows,
    write_ticks,
)
from analysis.presentation.theme import (
    ACCENT,
    GRID,
    MUTED,
    MUTED_TEXT,
    SERIES,
    TEXT,
    use_theme,
)

_HEIGHT = 3.0
_LABEL_WIDTH = 1.6
_DATED = re.compile(r"\d{4}([-Q]|$)")


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    color: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@use_theme()
def draw_lines(  # noqa: PLR0913 - the shape's own parts
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    series: str | None = None,
    unit: str,
    band: tuple[str, str] | None = None,
    highlight: str | Sequence[str] | None = None,
    zero: bool = False,
) -> Figure:
    """Draw lines over time, each with its name at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
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
    matplotlib.figure.Figure
        The zero line is drawn whenever it is in view.

    Raises
    ------
    ValueError
        If a column lacks, or there is no value.
    """
    columns = [name for name in (x, y, series, *(band or ())) if name is not None]
    require_rows(frame, columns, [y])
    positions, labels = _place_times(frame[x])
    names = list(band or ())
    scale = choose_scale(
        np.concatenate([read_numbers(frame, n) for n in [y, *names]]), unit
    )
    lines = _split_lines(frame, positions, [y, *names], series, scale.divisor)
    lines = _color_lines(lines, highlight)
    low, high = find_range(
        *(part for line in lines for part in (line.y, line.lower, line.upper))
    )
    ticks = choose_ticks(min(low, 0) if zero else low, max(high, 0) if zero else high)
    axes = _open_plane(lines, ticks, bottom=0.3, top=0.34)
    _draw_lines(axes, lines)
    axes.set_xlim(*_pad(positions))
    _write_times(axes, labels)
    _label_ends(axes, lines)
    write_unit(axes, scale.unit, above=0.14)
    return close(axes)


@use_theme()
def draw_curve(  # noqa: PLR0913 - the shape's own parts
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    lower: str | None = None,
    upper: str | None = None,
    series: str | None = None,
    x_label: str,
    y_label: str,
    diagonal: bool = False,
    reference: float | None = None,
) -> Figure:
    """Draw a curve over a quantity with its band: whale, Lorenz or dose and response.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per point and series, rising in `x`. A point of ranked customers
        stands for at least ten (`disclosure.cut_into_points`).
    x, y : str
        Columns with the quantity and the value.
    lower, upper : str, optional
        Columns with the ends of the interval.
    series : str, optional
        Column with the name of each curve.
    x_label, y_label : str
        What the axes count, in words.
    diagonal : bool
        Whether the line of equal shares is drawn from corner to corner.
    reference : float, optional
        Height marked by a dashed line.

    Returns
    -------
    matplotlib.figure.Figure
        The zero line is drawn whenever it is in view.

    Raises
    ------
    ValueError
        If a column lacks, or there is no value.
    """
    ends = [name for name in (lower, upper) if name is not None]
    columns = [name for name in (x, y, series, *ends) if name is not None]
    require_rows(frame, columns, [x, y])
    across = choose_scale(read_numbers(frame, x), x_label)
    scale = choose_scale(
        np.concatenate([read_numbers(frame, n) for n in [y, *ends]]), y_label
    )
    positions = read_numbers(frame, x) / across.divisor
    lines = _split_lines(frame, positions, [y, *ends], series, scale.divisor)
    lines = _color_lines(lines, None)
    marks = np.array([np.nan if reference is None else reference / scale.divisor])
    low, high = find_range(
        marks, *(part for line in lines for part in (line.y, line.lower, line.upper))
    )
    axes = _open_plane(lines, choose_ticks(min(low, 0), high), bottom=0.52, top=0.34)
    if reference is not None:
        axes.axhline(float(marks[0]), color=TEXT, linewidth=1, linestyle=(0, (3, 2)))
    if diagonal:
        _draw_diagonal(axes, positions, lines)
    _draw_lines(axes, lines)
    axes.set_xlim(*_pad(positions))
    ticks = choose_ticks(*find_range(positions))
    inside = ticks[(ticks >= axes.get_xlim()[0]) & (ticks <= axes.get_xlim()[1])]
    _write_times(axes, dict(zip(inside.tolist(), write_ticks(inside), strict=True)))
    _label_ends(axes, lines)
    write_unit(axes, scale.unit, above=0.14)
    write_beside(
        axes,
        (1.0, 0.0),
        across.unit,
        shift=(0, -0.28),
        across="corner",
        align=("right", "top"),
        color=MUTED_TEXT,
    )
    return close(axes)


def _place_times(
    column: pd.Series[str],
) -> tuple[NDArray[np.float64], dict[float, str]]:
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.astype(str)
    if pd.api.types.is_datetime64_any_dtype(column):
        return _place_dates(pd.to_datetime(column))
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.to_numpy(dtype=float)
        ticks = choose_ticks(*find_range(numbers))
        ticks = ticks[(ticks >= numbers.min()) & (ticks <= numbers.max())]
        texts = [text.replace(",", "") for text in write_ticks(ticks)]
        return numbers, dict(zip(ticks.tolist(), texts, strict=True))
    names = [str(name) for name in column]
    order = list(dict.fromkeys(names))
    if all(_DATED.match(name) for name in order):
        order = sorted(order)
    places = {name: float(place) for place, name in enumerate(order)}
    positions = np.array([places[name] for name in names])
    return positions, {place: name for name, place in places.items()}


def _place_dates(
    column: pd.Series[pd.Timestamp],
) -> tuple[NDArray[np.float64], dict[float, str]]:
    numbers = np.asarray(mdates.date2num(column.to_numpy()), dtype=float)
    first, last = column.min(), column.max()
    n_months = (last.year - first.year) * 12 + last.month - first.month
    if n_months >= 36:
        step = 12 * max(1, round(n_months / 12 / 8))
    else:
        step = 1 if n_months <= 8 else 3 if n_months <= 24 else 6
    starts = pd.date_range(first.normalize().replace(day=1), last, freq="MS")
    chosen = [
        day
        for day in starts
        if (day.year * 12 + day.month - 1) % step == 0 and day >= first
    ]
    pattern = "%Y" if step >= 12 else "%b %Y"
    labels = {
        float(mdates.date2num(day)): day.strftime(pattern) for day in chosen or [first]
    }
    return numbers, labels


def _split_lines(
    frame: pd.DataFrame,
    positions: NDArray[np.float64],
    columns: Sequence[str],
    series: str | None,
    divisor: float,
) -> list[_Line]:
    values = [read_numbers(frame, name) / divisor for name in columns]
    empty = np.full(len(frame), np.nan)
    y, lower, upper = (*values, empty, empty)[:3]
    names = np.array(
        [str(name) for name in frame[series]] if series else [""] * len(frame)
    )
    lines = []
    for name in dict.fromkeys(names.tolist()):
        order = np.flatnonzero(names == name)
        order = order[np.argsort(positions[order], kind="stable")]
        lines.append(
            _Line(name, ACCENT, positions[order], y[order], lower[order], upper[order])
        )
    return lines


def _color_lines(
    lines: list[_Line], highlight: str | Sequence[str] | None
) -> list[_Line]:
    marked = [highlight] if isinstance(highlight, str) else list(highlight or ())
    names = [line.name for line in lines]
    unknown = [name for name in marked if name not in names]
    if unknown:
        message = f"Highlighted {unknown} must be among the series {names[:8]}."
        raise ValueError(message)
    if not marked and len(lines) > len(SERIES):
        palette = [MUTED_TEXT] * len(lines)
    else:
        left = iter(SERIES)
        palette = [MUTED if marked and n not in marked else next(left) for n in names]
    return [
        _Line(line.name, color, line.x, line.y, line.lower, line.upper)
        for line, color in zip(lines, palette, strict=True)
    ]


def _open_plane(
    lines: list[_Line], ticks: NDArray[np.float64], *, bottom: float, top: float
) -> Axes:
    texts = write_ticks(ticks)
    left = max(measure_width(text) for text in texts) + GAP
    names = [wrap_text(line.name, _LABEL_WIDTH) for line in lines]
    right = max(measure_width(name) for name in names) + 2 * GAP
    needed = sum(measure_height(name) for name in names) + top + bottom
    axes = open_axes(max(_HEIGHT, needed), Margins(left, right, top, bottom))
    axes.set_ylim(ticks[0], ticks[-1])
    for tick, text in zip(ticks.tolist(), texts, strict=True):
        color, width = (TEXT, 0.9) if tick == 0 else (GRID, 0.8)
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
    return axes


def _draw_lines(axes: Axes, lines: list[_Line]) -> None:
    for line in lines:
        behind = line.color == MUTED
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
            linewidth=1.4 if behind else 2.2,
            zorder=3 if behind else 4,
            clip_on=False,
        )
        alone = _find_alone(line.y)
        axes.plot(
            line.x[alone],
            line.y[alone],
            color=line.color,
            marker="o",
            markersize=4.5,
            linestyle="none",
            zorder=4,
            clip_on=False,
        )


def _find_alone(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    there = np.isfinite(values)
    before = np.append(False, there[:-1])
    after = np.append(there[1:], False)
    return there & ~before & ~after


def _pad(positions: NDArray[np.float64]) -> tuple[float, float]:
    low, high = find_range(positions)
    return (low, high) if high > low else (low - 1, high + 1)


def _write_times(axes: Axes, labels: dict[float, str]) -> None:
    places = sorted(labels)
    widest = max(measure_width(labels[place]) for place in places) + 2 * GAP
    low, high = axes.get_xlim()
    room = get_width(axes) / (high - low)
    stride = 1
    gaps = np.diff(places) * room
    while len(places) > 1 and stride < len(places) and gaps.min() * stride < widest:
        stride += 1
    for place in places[::-1][::stride]:
        axes.plot(
            [place, place], [0, 0], transform=shift_by(axes, (0, 0), "data"), alpha=0
        )
        axes.text(
            place,
            0,
            labels[place],
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            color=MUTED_TEXT,
        )


def _label_ends(axes: Axes, lines: list[_Line]) -> None:
    named = [line for line in lines if line.name and np.isfinite(line.y).any()]
    if not named:
        return
    low, high = axes.get_ylim()
    height = get_height(axes)
    per_inch = (high - low) / height
    names = [wrap_text(line.name, _LABEL_WIDTH) for line in named]
    ends = [float(line.y[np.isfinite(line.y)][-1]) for line in named]
    sizes = [measure_height(name) * per_inch for name in names]
    places = spread_positions(ends, sizes, low, high)
    for line, name, place in zip(named, names, places, strict=True):
        write_beside(
            axes,
            (1.0, place),
            name,
            shift=(GAP, 0),
            across="axes",
            color=MUTED_TEXT if line.color == MUTED else line.color,
        )


def _draw_diagonal(
    axes: Axes, positions: NDArray[np.float64], lines: list[_Line]
) -> None:
    low, high = find_range(positions)
    bottom, top = 0.0, max(float(line.y[np.isfinite(line.y)][-1]) for line in lines)
    axes.plot(
        [low, high], [bottom, top], color=MUTED, linewidth=1, linestyle=(0, (3, 2))
    )
