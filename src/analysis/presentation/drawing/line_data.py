"""A frame split into the lines that a chart draws, each with its colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.presentation.drawing.scales import read_numbers
from analysis.presentation.drawing.theme import ACCENT, MUTED, SERIES

# As `quarter.write_quarter` names quarters in either language.
_QUARTER = re.compile(r"[12]\d{3}(Q[1-4]|年第[1-4]季度)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its band.

    Parameters
    ----------
    name : str
        Of its series; empty when there is only one.
    color : str
        Of the line.
    x, y, lower, upper : numpy.ndarray
        Positions from left to right, values and ends of the band; nan where missing.
    label : str
        Words at its end, with line breaks.
    """

    name: str
    color: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    label: str = ""


def split_lines(
    frame: pd.DataFrame,
    positions: NDArray[np.float64],
    columns: Sequence[str],
    *,
    series: str | None,
    divisor: float,
) -> list[Line]:
    """Split a frame into one line per series.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per position and series.
    positions : numpy.ndarray
        Across, one per row.
    columns : sequence of str
        The value, then if there are the lower and the upper end.
    series : str or None
        Column with the names of the lines.
    divisor : float
        What values are divided by.

    Returns
    -------
    list of Line
        In the order in which the names come; a series without any value is left out.
    """
    values = [read_numbers(frame, name) / divisor for name in columns]
    empty = np.full(len(frame), np.nan)
    y, lower, upper = (*values, empty, empty)[:3]
    names = np.array([str(name) for name in frame[series]] if series else [""] * len(y))
    lines = []
    for name in dict.fromkeys(names.tolist()):
        rows = np.flatnonzero((names == name) & np.isfinite(positions))
        rows = rows[np.argsort(positions[rows], kind="stable")]
        if np.isfinite(y[rows]).any():
            line = Line(
                name, ACCENT, positions[rows], y[rows], lower[rows], upper[rows]
            )
            lines.append(line)
    return lines


def find_latest(names: Sequence[str]) -> str:
    """Find the last of several quarters, which is the one reported.

    Parameters
    ----------
    names : sequence of str
        Names of series or groups.

    Returns
    -------
    str
        For example "2026Q3"; empty when there is only one or some are no quarters.
    """
    if len(set(names)) < 2 or not all(map(_QUARTER.fullmatch, names)):
        return ""
    return max(names)


def color_lines(lines: list[Line], highlight: str | Sequence[str] | None) -> list[Line]:
    """Give each line its colour.

    Parameters
    ----------
    lines : list of Line
        In their order.
    highlight : str or sequence of str or None
        Names of the lines in colour; the others are muted. Without it all are in
        colour, unless there are more than colours; of quarters only the last is.

    Returns
    -------
    list of Line
        The same lines.

    Raises
    ------
    ValueError
        If a highlighted name is not among the lines, or there are more of them than
        colours.
    """
    names = [line.name for line in lines]
    latest = find_latest(names)
    if highlight is None and latest:
        marked = [latest]
    elif highlight is None:
        marked = names if len(names) <= len(SERIES) else []
    else:
        marked = [highlight] if isinstance(highlight, str) else list(highlight)
    unknown = [name for name in marked if name not in names]
    if unknown or len(marked) > len(SERIES):
        message = (
            f"Highlighted series must be among {names[:8]} and at most {len(SERIES)}, "
            f"not {unknown or marked}."
        )
        raise ValueError(message)
    colors = dict(zip(marked, SERIES, strict=False))
    return [replace(line, color=colors.get(line.name, MUTED)) for line in lines]
