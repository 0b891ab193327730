"""The marks of a chart of intervals: dots, their numbers, a line to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from analysis.presentation.drawing.annotations import EDGE, GAP, write_beside
from analysis.presentation.drawing.geometry import get_figure_width, get_width
from analysis.presentation.drawing.labels import measure_width
from analysis.presentation.drawing.scales import Scale
from analysis.presentation.drawing.theme import MUTED_TEXT, PAPER, TEXT
from analysis.presentation.drawing.tips import write_estimate, write_tip
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class Dot:
    """One estimate on a chart of intervals.

    Parameters
    ----------
    label, group : str
        Its names; the group may be empty.
    estimate, lower, upper : float
        Divided as the scale asks; nan where missing.
    muted : bool
        Whether it steps back.
    missing : str
        Words in place of a missing estimate.
    """

    label: str
    group: str
    estimate: float
    lower: float
    upper: float
    muted: bool
    missing: str


def draw_dot(axes: Axes, dot: Dot, position: float, color: str, sign: str) -> None:
    """Draw an estimate over its interval.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    dot : Dot
        Any estimate.
    position : float
        Height of the row, in data.
    color : str
        Of both.
    sign : str
        Matplotlib marker.
    """
    axes.hlines(
        position, dot.lower, dot.upper, color=color, linewidth=4.5, alpha=0.38, zorder=2
    )
    axes.plot(
        [dot.estimate],
        [position],
        marker=sign,
        markersize=6.5,
        color=color,
        markeredgecolor=PAPER,
        markeredgewidth=0.8,
        zorder=4,
    )


def write_numbers(
    axes: Axes, dot: Dot, position: float, text: tuple[str, str], column: float
) -> None:
    """Write an estimate and its interval at the right of its row.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Rows.
    dot : Dot
        Any estimate.
    position : float
        Height of the row, in data.
    text : tuple of str
        As `write_texts` gives them.
    column : float
        Width of the column of estimates, in inches.
    """
    estimate, interval = text
    known = bool(np.isfinite(dot.estimate))
    write_beside(
        axes,
        (1.0, position),
        estimate,
        shift=(2 * GAP + (column if known else 0.0), 0),
        across="axes",
        align=("right" if known else "left", "center"),
        color=TEXT if known and not dot.muted else MUTED_TEXT,
    )
    if interval:
        edge = (1 - float(axes.get_position().x1)) * get_figure_width(axes) - EDGE
        write_beside(
            axes,
            (1.0, position),
            interval,
            shift=(edge, 0),
            across="axes",
            align=("right", "center"),
            color=MUTED_TEXT,
        )


def draw_reference(axes: Axes, reference: float, label: str) -> None:
    """Draw a dashed line down the rows, with its name below.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    reference : float
        Where it stands; zero is drawn already.
    label : str
        Its name; may be empty.
    """
    if reference != 0:
        axes.axvline(reference, color=TEXT, linewidth=1, linestyle=(0, (3, 2)))
    if not label:
        return
    low, high = axes.get_xlim()
    left = float(axes.get_position().x0) * get_figure_width(axes)
    middle = left + (reference - low) / (high - low) * get_width(axes)
    half = measure_width(label) / 2
    inside = min(max(middle, half + EDGE), get_figure_width(axes) - half - EDGE)
    write_beside(
        axes,
        (0.0, 0.0),
        label,
        shift=(inside - left, -0.05),
        across="corner",
        align=("center", "top"),
        color=MUTED_TEXT,
    )


def write_texts(dot: Dot, scale: Scale) -> tuple[str, str]:
    """Write an estimate and its interval in two columns.

    Parameters
    ----------
    dot : Dot
        Any estimate.
    scale : Scale
        Of the axis.

    Returns
    -------
    tuple of str
        Estimate and interval; the second may be empty.
    """
    if not np.isfinite(dot.estimate):
        return dot.missing, ""
    if not (np.isfinite(dot.lower) and np.isfinite(dot.upper)):
        return scale.write(dot.estimate), ""
    interval = say(
        "{lower} to {upper}", lower=scale.write(dot.lower), upper=scale.write(dot.upper)
    )
    return scale.write(dot.estimate), interval


def write_dot_tip(dot: Dot, scale: Scale) -> str:
    """Write what an estimate tells when pointed at.

    Parameters
    ----------
    dot : Dot
        Any estimate.
    scale : Scale
        Of the axis.

    Returns
    -------
    str
        Empty where there is no number.
    """
    if not np.isfinite(dot.estimate):
        return ""
    name = dot.label
    if dot.group:
        name = say("{group}, {item}", group=dot.group, item=dot.label)
    value = write_estimate(dot.estimate, dot.lower, dot.upper, scale)
    return write_tip(name, value, scale.unit)
