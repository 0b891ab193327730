"""Spots over the marks of a chart that tell their values when pointed at.

A spot is a rectangle without colour; `theme.render_svg` turns it into a group with
the text, and `theme.strip_tips` takes it off for paper.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform
from numpy.typing import NDArray

from analysis.presentation.drawing.geometry import (
    get_figure_width,
    get_height,
    get_width,
)
from analysis.presentation.drawing.scales import Scale
from analysis.presentation.drawing.theme import TIP_MARK
from analysis.presentation.rendering.characters import clean
from analysis.wording import say

MOST_PER_LINE = 40
"""Points of one line that carry a tip, at most."""
_MOST_PER_CHART = 160
_REACH = 0.11


def add_row_tips(
    axes: Axes, positions: Sequence[float] | NDArray[np.float64], texts: Sequence[str]
) -> None:
    """Lay a tip over each row, its label included.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With rows up and down.
    positions : sequence of float
        Middle of each row, in data.
    texts : sequence of str
        What each row tells; an empty one tells nothing.
    """
    left = -float(axes.get_position().x0) * get_figure_width(axes) / get_width(axes)
    width = get_figure_width(axes) / get_width(axes)
    places = np.asarray(positions, dtype=float)
    height = float(np.diff(np.sort(places)).min()) if len(places) > 1 else 0.8
    for place, text in zip(places.tolist(), texts, strict=True):
        corner = (left, place - height / 2)
        transform = axes.get_yaxis_transform()
        _add_spot(axes, corner, (width, height), transform, text)


def add_box_tip(
    axes: Axes, across: tuple[float, float], up: tuple[float, float], text: str
) -> None:
    """Lay a tip over a rectangle.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.
    across, up : tuple of float
        Ends of the rectangle, in data.
    text : str
        What it tells.
    """
    size = (across[1] - across[0], up[1] - up[0])
    _add_spot(axes, (across[0], up[0]), size, axes.transData, text)


def add_point_tip(
    axes: Axes, point: tuple[float, float], text: str, *, reach: float = _REACH
) -> None:
    """Lay a tip around a point.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    point : tuple of float
        In data.
    text : str
        What it tells.
    reach : float
        Inches to the left and right; up and down it is always the same.
    """
    right = float(np.diff(axes.get_xlim())[0]) / get_width(axes)
    up = float(np.diff(axes.get_ylim())[0]) / get_height(axes)
    x, y = point
    add_box_tip(
        axes,
        (x - reach * right, x + reach * right),
        (y - _REACH * up, y + _REACH * up),
        text,
    )


def choose_points(values: NDArray[np.float64], n_lines: int) -> NDArray[np.intp]:
    """Choose the points of a line that carry a tip: ends, extremes, even steps.

    Parameters
    ----------
    values : numpy.ndarray
        Heights from left to right; nan where missing.
    n_lines : int
        Lines on the chart.

    Returns
    -------
    numpy.ndarray
        Places of at most `MOST_PER_LINE` points, rising.
    """
    known = np.flatnonzero(np.isfinite(values))
    fits = max(4, min(MOST_PER_LINE, _MOST_PER_CHART // n_lines))
    if len(known) <= fits:
        return known
    even = known[np.linspace(0, len(known) - 1, fits - 2).round().astype(int)]
    extremes = [int(np.nanargmin(values)), int(np.nanargmax(values))]
    return np.unique(np.append(even, extremes))


def write_tip(name: str, value: str, unit: str) -> str:
    """Write what a mark tells: name, value and unit.

    Parameters
    ----------
    name : str
        Of the mark.
    value : str
        Written, with its interval if it has one.
    unit : str
        What it counts.

    Returns
    -------
    str
        For example "Gold: 431 (400 to 450), CNY thousand".
    """
    if not name.strip():
        return say("{value}, {unit}", value=value, unit=unit) if unit else value
    if not unit.strip():
        return say("{name}: {value}", name=name, value=value)
    return say("{name}: {value}, {unit}", name=name, value=value, unit=unit)


def write_place_tip(name: str, across: tuple[str, str], up: tuple[str, str]) -> str:
    """Write what a point in two directions tells.

    Parameters
    ----------
    name : str
        Of the point or its line; may be empty.
    across, up : tuple of str
        What the axis counts, and the value.

    Returns
    -------
    str
        For example "Gold. Customers, %: 20. Share of profit, %: 61".
    """
    words = {"x_label": across[0], "x": across[1], "y_label": up[0], "y": up[1]}
    if not name.strip():
        return say("{x_label}: {x}. {y_label}: {y}", **words)
    return say("{name}. {x_label}: {x}. {y_label}: {y}", name=name, **words)


def write_estimate(value: float, lower: float, upper: float, scale: Scale) -> str:
    """Write a value with its interval, if it has one.

    Parameters
    ----------
    value, lower, upper : float
        Divided as the scale asks; the ends may be nan.
    scale : Scale
        Of the axis.

    Returns
    -------
    str
        For example "431 (400 to 450)".
    """
    if not (np.isfinite(lower) and np.isfinite(upper)):
        return scale.write(value)
    return say(
        "{estimate} ({lower} to {upper})",
        estimate=scale.write(value),
        lower=scale.write(lower),
        upper=scale.write(upper),
    )


def _add_spot(
    axes: Axes,
    corner: tuple[float, float],
    size: tuple[float, float],
    transform: Transform,
    text: str,
) -> None:
    if not text:
        return
    spot = Rectangle(
        corner,
        *size,
        transform=transform,
        alpha=0.0,
        linewidth=0,
        clip_on=False,
        zorder=9,
    )
    spot.set_gid(TIP_MARK + clean(text).replace("\n", " "))
    axes.add_artist(spot)
