"""Inches on a chart: sizes of axes, points moved by a distance, room for words."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform


def get_figure(axes: Axes) -> Figure:
    """Give back the figure that axes are part of.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    matplotlib.figure.Figure
        The whole sheet.

    Raises
    ------
    ValueError
        If the axes were removed from their figure.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        message = "Axes must belong to a figure to be drawn on."
        raise ValueError(message)
    return figure


def get_figure_width(axes: Axes) -> float:
    """Measure the width of the sheet that axes stand on.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    float
        In inches.
    """
    return float(get_figure(axes).get_figwidth())


def get_width(axes: Axes) -> float:
    """Measure the width of axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    float
        In inches.
    """
    return float(axes.get_position().width) * get_figure_width(axes)


def get_height(axes: Axes) -> float:
    """Measure the height of axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Any axes of ours.

    Returns
    -------
    float
        In inches.
    """
    return float(axes.get_position().height) * float(get_figure(axes).get_figheight())


def shift_by(axes: Axes, shift: tuple[float, float], across: str = "data") -> Transform:
    """Build the transform of a point in data or shares, moved by some inches.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    shift : tuple of float
        Right and up, in inches.
    across : {"data", "axes", "corner"}
        What the point counts.

    Returns
    -------
    matplotlib.transforms.Transform
        From the point to the page.
    """
    bases: dict[str, Transform] = {
        "data": axes.transData,
        "axes": axes.get_yaxis_transform(),
        "corner": axes.transAxes,
    }
    inches = get_figure(axes).dpi_scale_trans
    return bases[across] + ScaledTranslation(*shift, inches)


def fit_limits(
    ends: Sequence[tuple[float, float]], width: float, low: float, high: float
) -> tuple[float, float]:
    """Widen an axis until the words beside the marks fit.

    Parameters
    ----------
    ends : sequence of tuple of float
        Where each text begins, and its width in inches: positive to the right of the
        point, negative to the left.
    width : float
        Of the axes, in inches.
    low, high : float
        Ends of the marks.

    Returns
    -------
    tuple of float
        Ends of the axis.
    """
    span = high - low or 1.0
    least, most = low, high
    for _ in range(12):
        rights = [point + room * span / width for point, room in ends if room > 0]
        lefts = [point + room * span / width for point, room in ends if room < 0]
        least, most = min([low, *lefts]), max([high, *rights])
        span = most - least or 1.0
    return least, most
