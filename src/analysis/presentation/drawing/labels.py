"""Words on charts: how wide they are, where they break, how they keep apart.

Widths and heights are in inches, sizes in points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
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
