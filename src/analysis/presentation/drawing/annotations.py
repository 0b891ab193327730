"""Words and light lines around the marks: axes, units, keys, names beside points.

Distances are in inches from a point in data or in shares of the axes.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from analysis.presentation.drawing.geometry import (
    get_figure_width,
    get_width,
    shift_by,
)
from analysis.presentation.drawing.labels import measure_width
from analysis.presentation.drawing.scales import choose_ticks, write_ticks
from analysis.presentation.drawing.theme import (
    GRID,
    MUTED_TEXT,
    PAPER,
    TEXT,
    TEXT_SIZE,
    get_sheet_width,
)

GAP = 0.08
"""Inches between a mark and its words."""
EDGE = 0.03
"""Inches left free at the edges of the figure."""
KEY_LINE = 0.2
"""Height of one line of a key, in inches."""
_LONGEST_SIGN = 2
_SHARES_OF_LINE = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Of the sheet's width: the narrowest lines of a key that need no line more."""


def write_beside(  # noqa: PLR0913 - a text has that many sides
    axes: Axes,
    point: tuple[float, float],
    text: str,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    across: str = "data",
    align: tuple[str, str] = ("left", "center"),
    color: str = TEXT,
    size: float = TEXT_SIZE,
) -> None:
    """Write words at a point, moved by some inches.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to write.
    point : tuple of float
        Across and up: in data, or a share of the width as `across` says.
    text : str
        May have several lines.
    shift : tuple of float
        Right and up, in inches.
    across : {"data", "axes", "corner"}
        What the point counts: data both ways, a share of the axes across and data
        up, or shares of the axes both ways.
    align : tuple of str
        Side of the text at the point, horizontally and vertically.
    color : str
        Of the words.
    size : float
        In points.
    """
    axes.text(
        point[0],
        point[1],
        text,
        transform=shift_by(axes, shift, across),
        ha=align[0],
        va="center_baseline" if align[1] == "center" and "\n" not in text else align[1],
        color=color,
        fontsize=size,
        linespacing=1.15,
        clip_on=False,
    )


def draw_value_axis(axes: Axes, low: float, high: float) -> None:
    """Draw round tick labels above rows, light lines down from them, and zero.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    low, high : float
        Ends of the axis, kept as they are.
    """
    ticks = choose_ticks(low, high, n_steps=max(2, int(get_width(axes) / 0.5)))
    margin = (high - low) * 1e-6
    ticks = ticks[(ticks >= low - margin) & (ticks <= high + margin)]
    axes.set_xlim(low, high)
    for tick, label in zip(ticks, write_ticks(ticks), strict=True):
        axes.axvline(float(tick), color=GRID, linewidth=0.8, zorder=0)
        point = (float(tick), axes.get_ylim()[1])
        write_beside(
            axes,
            point,
            label,
            shift=(0, 0.05),
            align=("center", "bottom"),
            color=MUTED_TEXT,
        )
    draw_zero(axes, low, high)


def draw_zero(axes: Axes, low: float, high: float) -> None:
    """Draw the zero line over rows if it is in view.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    low, high : float
        Ends of the axis.
    """
    if low <= 0 <= high:
        axes.axvline(0.0, color=TEXT, linewidth=0.9, zorder=3)


def write_unit(axes: Axes, unit: str, *, above: float) -> None:
    """Write what an axis counts above the chart's left end.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    unit : str
        In words.
    above : float
        Inches above the axes.
    """
    left = float(axes.get_position().x0) * get_figure_width(axes)
    write_beside(
        axes,
        (0.0, 1.0),
        _begin_large(unit),
        shift=(EDGE - left, above),
        across="corner",
        align=("left", "bottom"),
        color=MUTED_TEXT,
    )


def write_below(axes: Axes, text: str) -> None:
    """Write what the horizontal axis counts, below its right end.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With labels below the axis.
    text : str
        In words.
    """
    write_beside(
        axes,
        (1.0, 0.0),
        _begin_large(text),
        shift=(0, -0.27),
        across="corner",
        align=("right", "top"),
        color=MUTED_TEXT,
    )


def _begin_large(text: str) -> str:
    """Begin with a capital, but for a unit's sign such as "pp" or "bp"."""
    first = text.split(" ", 1)[0]
    return text if len(first) <= _LONGEST_SIGN else text[:1].upper() + text[1:]


def count_key_lines(names: Sequence[str]) -> int:
    """Count the lines that a key of these names takes.

    Parameters
    ----------
    names : sequence of str
        Of the colours; none takes no line.

    Returns
    -------
    int
        Lines of the figure's width.
    """
    return _place_key(names)[-1][1] + 1 if names else 0


def write_key(
    axes: Axes,
    names: Sequence[str],
    colors: Sequence[str],
    *,
    above: float,
    sign: str = "s",
) -> None:
    """Write what each colour means, from the chart's left end, in the order drawn.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    names : sequence of str
        Of the colours; may be empty.
    colors : sequence of str
        At least as many.
    above : float
        Inches between the axes and the lowest line.
    sign : str
        Matplotlib marker of all, or one character for each.
    """
    left = float(axes.get_position().x0) * get_figure_width(axes)
    n_lines = count_key_lines(names)
    places = _place_key(names)
    marks = sign if len(sign) > 1 else sign * len(names)
    for name, color, mark, (across, line) in zip(
        names, colors, marks, places, strict=False
    ):
        up = above + (n_lines - 1 - line) * KEY_LINE
        transform = shift_by(axes, (across - left + EDGE + 0.055, up + 0.07), "corner")
        axes.plot(
            [0.0],
            [1.0],
            transform=transform,
            marker=mark,
            markersize=6 if mark == "D" else 7,
            markerfacecolor=PAPER if mark == "D" else color,
            markeredgecolor=color,
            linestyle="none",
            clip_on=False,
        )
        write_beside(
            axes,
            (0.0, 1.0),
            name,
            shift=(across - left + EDGE + 0.15, up + 0.07),
            across="corner",
        )


def _place_key(names: Sequence[str]) -> list[tuple[float, int]]:
    """Place names in as few lines as they need, the lines as even as they can be."""
    if not names:
        return []
    widest = get_sheet_width() + 0.15
    placed = [_break_key(names, share * widest) for share in _SHARES_OF_LINE]
    n_lines = placed[-1][-1][1]
    return next(places for places in placed if places[-1][1] == n_lines)


def _break_key(names: Sequence[str], widest: float) -> list[tuple[float, int]]:
    places: list[tuple[float, int]] = []
    across, line = 0.0, 0
    for name in names:
        width = measure_width(name) + 0.32
        if across and across + width > widest:
            across, line = 0.0, line + 1
        places.append((across, line))
        across += width
    return places
