"""Charts in two directions: a matrix of shaded numbers and a map of four quarters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.presentation.canvas import (
    GAP,
    Margins,
    Row,
    close,
    find_range,
    get_height,
    get_width,
    open_axes,
    open_rows,
    write_beside,
    write_unit,
)
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.labels import (
    measure_height,
    measure_width,
    place_names,
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
    FIGURE_WIDTH,
    GRID,
    MUTED,
    MUTED_TEXT,
    NEGATIVE,
    PAPER,
    TEXT_SIZE,
    choose_text_color,
    use_theme,
)


@use_theme()
def draw_heat_map(
    frame: pd.DataFrame, *, unit: str, centre: float | None = None
) -> Figure:
    """Draw a matrix whose cells hold their numbers and are shaded by them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows and columns as shown, numbers in the cells; index and column names are
        the labels.
    unit : str
        What the numbers count, in words.
    centre : float, optional
        Value drawn white, with two colours to its sides; without it shades run from
        the smallest to the largest number.

    Returns
    -------
    matplotlib.figure.Figure
        A missing number is left white with a dash, a suppressed one says so.

    Raises
    ------
    ValueError
        If the frame has no row, no column, or no number.
    """
    require_rows(frame, [], list(frame.columns))
    values = np.column_stack([read_numbers(frame, name) for name in frame.columns])
    scale = choose_scale(values.ravel(), unit)
    values = values / scale.divisor
    middle = None if centre is None else centre / scale.divisor
    heads = [str(name) for name in frame.columns]
    rows = [Row(str(name)) for name in frame.index]
    top = 0.4 + _measure_heads(heads, rows)
    axes = open_rows(rows, margins=Margins(top=top, right=0.02, bottom=0.02))
    _shade_cells(axes, values, middle)
    _write_heads(axes, heads)
    cells = [
        (row, column, frame.iat[row, column], values[row, column])
        for row in range(len(frame))
        for column in range(len(heads))
    ]
    texts = [
        scale.write(number) if np.isfinite(number) else _write_gap(cell)
        for _, _, cell, number in cells
    ]
    room = get_width(axes) / len(heads) - 0.04
    size = TEXT_SIZE * min(1.0, room / max(measure_width(text) for text in texts))
    colors = axes.collections[0].get_facecolors()
    for (row, column, _, number), text, color in zip(cells, texts, colors, strict=True):
        words = choose_text_color(to_hex(color)) if np.isfinite(number) else MUTED_TEXT
        point = (float(column), float(row))
        write_beside(
            axes, point, text, align=("center", "center"), color=words, size=size
        )
    write_unit(axes, scale.unit, above=top - 0.2)
    return close(axes)


@use_theme()
def draw_quadrants(  # noqa: PLR0913 - the shape's own parts
    frame: pd.DataFrame,
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
) -> Figure:
    """Draw a map of items in two directions, cut into four quarters.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per item, never a single customer.
    label, x, y : str
        Columns with the name and the two positions; an item without both is left out.
    x_label, y_label : str
        What the axes count, in words.
    x_interval, y_interval : tuple of str, optional
        Columns with the lower and the upper end of an interval.
    x_cut, y_cut : float, optional
        Where the quarters meet; the median of the items when left out.

    Returns
    -------
    matplotlib.figure.Figure
        Every item with its name beside it.

    Raises
    ------
    ValueError
        If a column lacks, or no item has both positions.
    """
    ends = [*(x_interval or ()), *(y_interval or ())]
    require_rows(frame, [label, x, y, *ends], [x])
    require_rows(frame, [label, x, y, *ends], [y])
    across, up = read_numbers(frame, x), read_numbers(frame, y)
    both = np.isfinite(across) & np.isfinite(up)
    require_rows(frame[both], [x], [x])
    placed = frame[both]
    across, up = across[both], up[both]
    x_ends = [read_numbers(placed, name) for name in x_interval or ()]
    y_ends = [read_numbers(placed, name) for name in y_interval or ()]
    cuts = (
        float(np.median(across)) if x_cut is None else x_cut,
        float(np.median(up)) if y_cut is None else y_cut,
    )
    axes = _open_map(
        find_range(across, *x_ends, np.array(cuts[:1])),
        find_range(up, *y_ends, np.array(cuts[1:])),
    )
    axes.axvline(cuts[0], color=MUTED, linewidth=1, zorder=1)
    axes.axhline(cuts[1], color=MUTED, linewidth=1, zorder=1)
    if x_ends:
        axes.hlines(up, *x_ends, color=ACCENT, alpha=0.3, linewidth=2, zorder=2)
    if y_ends:
        axes.vlines(across, *y_ends, color=ACCENT, alpha=0.3, linewidth=2, zorder=2)
    axes.scatter(
        across, up, s=34, color=ACCENT, edgecolor=PAPER, linewidth=0.8, zorder=3
    )
    _name_points(axes, across, up, [str(name) for name in placed[label]])
    write_unit(axes, y_label, above=0.14)
    write_beside(
        axes,
        (1.0, 0.0),
        x_label,
        shift=(0, -0.28),
        across="corner",
        align=("right", "top"),
        color=MUTED_TEXT,
    )
    return close(axes)


def _measure_heads(heads: Sequence[str], rows: Sequence[Row]) -> float:
    width = (FIGURE_WIDTH - _measure_labels(rows)) / len(heads) - 0.06
    return max(measure_height(wrap_text(head, width)) for head in heads)


def _measure_labels(rows: Sequence[Row]) -> float:
    labels = [wrap_text(row.label, FIGURE_WIDTH * 0.36) for row in rows]
    return max(measure_width(label) for label in labels) + 2 * GAP


def _write_heads(axes: Axes, heads: Sequence[str]) -> None:
    width = get_width(axes) / len(heads) - 0.06
    for place, head in enumerate(heads):
        write_beside(
            axes,
            (float(place), axes.get_ylim()[1]),
            wrap_text(head, width),
            shift=(0, 0.06),
            align=("center", "bottom"),
        )


def _write_gap(cell: object) -> str:
    return repr(cell) if is_suppressed(cell) else "\N{EN DASH}"


def _shade_cells(axes: Axes, values: NDArray[np.float64], middle: float | None) -> None:
    low, high = find_range(values)
    if middle is None:
        shades = LinearSegmentedColormap.from_list("one way", ["#EEF3F8", ACCENT])
        norm = Normalize(low, high if high > low else low + 1)
    else:
        shades = LinearSegmentedColormap.from_list(
            "two ways", [NEGATIVE, PAPER, ACCENT]
        )
        reach = max(high - middle, middle - low) or 1.0
        norm = Normalize(middle - reach, middle + reach)
    colors = [
        shades(norm(cell)) if np.isfinite(cell) else PAPER for cell in values.ravel()
    ]
    n_rows, n_columns = values.shape
    mesh = axes.pcolormesh(
        np.arange(n_columns + 1) - 0.5,
        np.arange(n_rows + 1) - 0.5,
        np.zeros(values.shape),
        edgecolor=PAPER,
        linewidth=1.2,
    )
    mesh.set_array(None)
    mesh.set_facecolors(colors)
    axes.set_ylim(n_rows - 0.5, -0.5)


def _open_map(x_range: tuple[float, float], y_range: tuple[float, float]) -> Axes:
    up = choose_ticks(*_widen(*y_range))
    texts = write_ticks(up)
    left = max(measure_width(text) for text in texts) + GAP
    axes = open_axes(4.4, Margins(left, 0.15, 0.34, 0.52))
    axes.set_ylim(up[0], up[-1])
    for tick, text in zip(up.tolist(), texts, strict=True):
        axes.axhline(tick, color=GRID, linewidth=0.8, zorder=0)
        write_beside(
            axes,
            (0.0, tick),
            text,
            shift=(-GAP, 0),
            across="axes",
            align=("right", "center"),
            color=MUTED_TEXT,
        )
    across = choose_ticks(*_widen(*x_range))
    axes.set_xlim(across[0], across[-1])
    for tick, text in zip(across.tolist(), write_ticks(across), strict=True):
        write_beside(
            axes,
            (tick, up[0]),
            text,
            shift=(0, -GAP),
            align=("center", "top"),
            color=MUTED_TEXT,
        )
    return axes


def _widen(low: float, high: float) -> tuple[float, float]:
    room = (high - low) * 0.04
    return low - room, high + room


def _name_points(
    axes: Axes, across: NDArray[np.float64], up: NDArray[np.float64], names: list[str]
) -> None:
    sizes = [(measure_width(name), measure_height(name)) for name in names]
    x_inch = get_width(axes) / float(np.diff(axes.get_xlim())[0])
    y_inch = get_height(axes) / float(np.diff(axes.get_ylim())[0])
    points = np.column_stack(
        [(across - axes.get_xlim()[0]) * x_inch, (up - axes.get_ylim()[0]) * y_inch]
    )
    room = (get_width(axes), get_height(axes))
    for place, name in zip(place_names(points, sizes, room), names, strict=True):
        write_beside(
            axes,
            (0.0, 0.0),
            name,
            shift=(place[0], place[1]),
            across="corner",
            align=("left", "center"),
        )
