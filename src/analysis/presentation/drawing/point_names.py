"""Names of points on a map: out of each other's way, joined to what they name.

Places and sizes are in inches on the sheet of the axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.drawing.geometry import get_height, get_width
from analysis.presentation.drawing.theme import MUTED_TEXT

Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a rectangle, in inches."""

_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_NEAR = (0.09, 0.16, 0.26)
_FAR = (0.45, 0.65, 0.85)
"""Inches from a point; what is far is joined to it by a line, see `find_leader`."""
_COST_OF_RANK = 0.0005
_COST_OF_CROSSING = 0.01
_WEIGHT_OF_NAMES = 4
"""How much worse it is to cover a name than a line."""
_STEPS_OF_LEADER = 9


def place_names(
    points: NDArray[np.float64],
    sizes: Sequence[tuple[float, float]],
    room: tuple[float, float],
    taken: Sequence[Box] = (),
) -> list[tuple[float, float]]:
    """Place names beside points so that they cover neither points nor one another.

    Out of a crowd a name moves away from its point.

    Parameters
    ----------
    points : numpy.ndarray
        One row per point, across and up in inches.
    sizes : sequence of tuple of float
        Width and height of each name.
    room : tuple of float
        Width and height of the sheet.
    taken : sequence of Box
        What else should stay uncovered.

    Returns
    -------
    list of tuple of float
        Left end and middle height of each name, in inches.
    """
    boxes = [(x - 0.05, y - 0.05, x + 0.05, y + 0.05) for x, y in points.tolist()]
    boxes += list(taken)
    n_fixed = len(boxes)
    crowd = np.abs(points[:, None, :] - points[None, :, :]).sum(axis=2)
    nearest = np.sort(crowd, axis=1)[:, : min(4, len(points))].sum(axis=1)
    places: dict[int, tuple[float, float]] = {}
    for i in np.argsort(nearest, kind="stable").tolist():
        tried = list(_list_places(points[i], sizes[i]))
        names = boxes[n_fixed:]
        costs = [
            _count_overlap(box, boxes, room)
            + _WEIGHT_OF_NAMES * _count_overlap(box, names, room)
            + _count_crossings(points[i], box, names)
            + _COST_OF_RANK * rank
            for rank, box in enumerate(tried)
        ]
        box = tried[int(np.argmin(costs))]
        boxes.append(box)
        places[i] = (box[0], (box[1] + box[3]) / 2)
    return [places[i] for i in range(len(points))]


def find_leader(
    point: tuple[float, float], place: tuple[float, float], size: tuple[float, float]
) -> tuple[float, float] | None:
    """Find where a line from a point meets its name, if the name stands far away.

    Parameters
    ----------
    point : tuple of float
        Across and up, in inches.
    place : tuple of float
        Left end and middle height of the name, as `place_names` gives it.
    size : tuple of float
        Width and height of the name.

    Returns
    -------
    tuple of float or None
        Nearest place of the name's edge; None where it stands close by.
    """
    (left, middle), (width, height) = place, size
    x = min(max(point[0], left), left + width)
    y = min(max(point[1], middle - height / 2), middle + height / 2)
    far = np.hypot(x - point[0], y - point[1]) > (_NEAR[-1] + _FAR[0]) / 2
    return (float(x), float(y)) if far else None


def draw_leader(
    axes: Axes, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """Join a point to its name by a thin line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The map.
    start, end : tuple of float
        Across and up from the lower left corner of the axes.
    """
    width, height = get_width(axes), get_height(axes)
    axes.plot(
        [start[0] / width, end[0] / width],
        [start[1] / height, end[1] / height],
        transform=axes.transAxes,
        color=MUTED_TEXT,
        linewidth=0.6,
        zorder=3,
    )


def _list_places(
    point: NDArray[np.float64], size: tuple[float, float]
) -> Iterator[Box]:
    width, height = size
    for far in (*_NEAR, *_FAR):
        for right, up in _DIRECTIONS:
            reach = far if 0 in (right, up) else far * (0.5 if far < _FAR[0] else 0.8)
            x = float(point[0]) + right * (reach + width / 2)
            y = float(point[1]) + up * (reach + height / 2)
            yield (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _count_crossings(
    point: NDArray[np.float64], box: Box, names: Sequence[Box]
) -> float:
    """Count what a line from a point to its name would strike through."""
    left, bottom, right, top = box
    size = (right - left, top - bottom)
    end = find_leader((point[0], point[1]), (left, (bottom + top) / 2), size)
    if end is None:
        return 0.0
    steps = np.linspace(point, end, _STEPS_OF_LEADER).tolist()
    struck = sum(
        other[0] < x < other[2] and other[1] < y < other[3]
        for x, y in steps
        for other in names
    )
    return float(_COST_OF_CROSSING * struck)


def _count_overlap(box: Box, others: Sequence[Box], room: tuple[float, float]) -> float:
    outside = max(0.0, -box[0]) + max(0.0, -box[1])
    outside += max(0.0, box[2] - room[0]) + max(0.0, box[3] - room[1])
    covered = sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in others
    )
    return 10 * outside + covered
