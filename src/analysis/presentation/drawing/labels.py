"""Words on charts: how wide they are, where they break, how they keep apart.

Widths and heights are in inches, sizes in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from analysis.presentation.drawing.theme import FONT_FAMILY, TEXT_SIZE, register_font

LINE_HEIGHT = 1.32
_POINTS_PER_INCH = 72
_EAST_ASIAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING = r"(\[（「《“"
_CLOSING = r")\]）」》”,.;:!?，。、；：！？%"
_PIECES = re.compile(
    rf"\s+|[{_OPENING}]*(?:[{_EAST_ASIAN}]|[^\s{_EAST_ASIAN}{_OPENING}]+)[{_CLOSING}]*"
    rf"|\S"
)


@lru_cache(maxsize=4096)
def measure_width(text: str, size: float = TEXT_SIZE) -> float:
    """Measure how wide a text is drawn.

    Parameters
    ----------
    text : str
        One or more lines.
    size : float
        In points.

    Returns
    -------
    float
        Width of the widest line in inches.
    """
    register_font()
    font = FontProperties(family=FONT_FAMILY, size=size)
    widths = [
        text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]
        for line in text.split("\n")
    ]
    return float(max(widths)) / _POINTS_PER_INCH


def measure_height(text: str, size: float = TEXT_SIZE) -> float:
    """Measure how high a text is drawn, its line spacing included.

    Parameters
    ----------
    text : str
        One or more lines.
    size : float
        In points.

    Returns
    -------
    float
        In inches.
    """
    return (text.count("\n") + 1) * size * LINE_HEIGHT / _POINTS_PER_INCH


def wrap_text(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """Break a text into lines that fit; Chinese may break after any character.

    Parameters
    ----------
    text : str
        One line.
    width : float
        Widest line wanted, in inches. A longer word stays whole.
    size : float
        In points.

    Returns
    -------
    str
        The text with line breaks.
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and measure_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in lines if line.strip())


def spread_positions(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> list[float]:
    """Move labels as little as possible so that none covers another.

    Parameters
    ----------
    wanted : sequence of float
        Where the middle of each label would best be.
    sizes : sequence of float
        How much room each label takes, in the same unit.
    low, high : float
        Ends of the room there is; left only when all labels together need more.

    Returns
    -------
    list of float
        Middles in the order of `wanted`, least squares from it.
    """
    if not len(wanted):
        return []
    order = np.argsort(np.asarray(wanted), kind="stable")
    room = np.asarray(sizes, dtype=float)[order]
    offset = np.concatenate([[0.0], np.cumsum((room[:-1] + room[1:]) / 2)])
    target = np.asarray(wanted, dtype=float)[order] - offset
    level = np.asarray(isotonic_regression(target).x)
    highest = high - room[-1] / 2 - offset[-1]
    level = np.maximum(np.minimum(level, highest), low + room[0] / 2)
    placed = np.empty(len(order))
    placed[order] = level + offset
    return [float(position) for position in placed]


Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a rectangle, in inches."""

_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def place_names(
    points: NDArray[np.float64],
    sizes: Sequence[tuple[float, float]],
    room: tuple[float, float],
    taken: Sequence[Box] = (),
) -> list[tuple[float, float]]:
    """Place names beside points so that they cover neither points nor one another.

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
    crowd = np.abs(points[:, None, :] - points[None, :, :]).sum(axis=2)
    nearest = np.sort(crowd, axis=1)[:, : min(4, len(points))].sum(axis=1)
    places: dict[int, tuple[float, float]] = {}
    for i in np.argsort(nearest, kind="stable").tolist():
        tried = list(_list_places(points[i], sizes[i]))
        costs = [
            _count_overlap(box, boxes, room) + 0.0005 * rank
            for rank, box in enumerate(tried)
        ]
        box = tried[int(np.argmin(costs))]
        boxes.append(box)
        places[i] = (box[0], (box[1] + box[3]) / 2)
    return [places[i] for i in range(len(points))]


def _list_places(
    point: NDArray[np.float64], size: tuple[float, float]
) -> Iterator[Box]:
    width, height = size
    for far in (0.09, 0.16, 0.26):
        for right, up in _DIRECTIONS:
            reach = far if 0 in (right, up) else far * 0.5
            x = float(point[0]) + right * (reach + width / 2)
            y = float(point[1]) + up * (reach + height / 2)
            yield (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _count_overlap(box: Box, others: Sequence[Box], room: tuple[float, float]) -> float:
    outside = max(0.0, -box[0]) + max(0.0, -box[1])
    outside += max(0.0, box[2] - room[0]) + max(0.0, box[3] - room[1])
    covered = sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in others
    )
    return 10 * outside + covered
