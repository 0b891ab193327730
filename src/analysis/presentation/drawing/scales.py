"""Axes and numbers on charts: round ticks, thousands separators, a true minus.

Every number written here is finite; a missing one is left out before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.presentation.disclosure import is_suppressed
from analysis.units import LargeStep, choose_step, write_money_unit, write_number
from analysis.wording import mark, say

HIDDEN_TEXT = mark("hidden")
"""Stands where a rule of disclosure hides a value."""
_CURRENCY = re.compile("[A-Z]{3}")
_LARGE_MONEY = 1e5
_LARGE = 1e6


@dataclass(frozen=True, slots=True)
class Scale:
    """How the numbers of one axis are shown.

    Parameters
    ----------
    divisor : float
        What values are divided by before they are drawn.
    unit : str
        Axis label, with the step of the reader's language when divided.
    decimals : int
        Digits after the point of a value written on the chart.
    """

    divisor: float
    unit: str
    decimals: int

    def round(self, value: float) -> float:
        """Round one value, already divided, to the digits that are written.

        Parameters
        ----------
        value : float
            Finite, divided by `divisor`.

        Returns
        -------
        float
            Without a negative zero.
        """
        return round(value, self.decimals) + 0.0

    def write(self, value: float, *, signed: bool = False) -> str:
        """Write one value, already divided.

        Parameters
        ----------
        value : float
            Finite, divided by `divisor`.
        signed : bool
            Whether a positive value carries a plus sign.

        Returns
        -------
        str
            For example "−1,234.5".
        """
        return write_number(value, decimals=self.decimals, signed=signed)


def read_numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Read a column as numbers; missing and suppressed ones become nan.

    Parameters
    ----------
    frame : pandas.DataFrame
        Has the column.
    name : str
        The column.

    Returns
    -------
    numpy.ndarray
        One float per row, never infinite.

    Raises
    ------
    ValueError
        If the column holds what is not a number.
    """
    cells = frame[name]
    try:
        numbers = np.array(
            [math.nan if pd.isna(cell) else float(cell) for cell in cells], dtype=float
        )
    except (TypeError, ValueError) as cause:
        message = f"Column {name!r} must hold numbers to be drawn: {cause}."
        raise ValueError(message) from cause
    return np.where(np.isfinite(numbers), numbers, np.nan)


def require_rows(
    frame: pd.DataFrame, columns: Iterable[str], numbers: Iterable[str]
) -> None:
    """Refuse a frame that can't be drawn.

    Parameters
    ----------
    frame : pandas.DataFrame
        What is to be drawn.
    columns : iterable of str
        Columns that it must have.
    numbers : iterable of str
        Those of them of which at least one must hold a number.

    Raises
    ------
    ValueError
        If columns are missing, there is no row, or there is no number at all.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        message = (
            f"A chart's frame must have columns {missing}. "
            f"It has {list(frame.columns)}."
        )
        raise ValueError(message)
    if frame.empty:
        message = "A chart's frame must have at least one row; give a note instead."
        raise ValueError(message)
    names = list(numbers)
    if not any(np.isfinite(read_numbers(frame, name)).any() for name in names):
        message = (
            f"Columns {names} must hold at least one number to be drawn; all are "
            "missing. Give a note instead."
        )
        raise ValueError(message)


def choose_scale(values: NDArray[np.float64], unit: str, *, digits: int = 3) -> Scale:
    """Choose divisor and decimals for numbers written on a chart.

    Parameters
    ----------
    values : numpy.ndarray
        All that the axis shows; nan is left out.
    unit : str
        What they count, in words, or the ISO code of a currency.
    digits : int
        Significant digits of the largest value, one less below 1; fewer are written
        if they are all zero.

    Returns
    -------
    Scale
        Amounts of money from 100,000 and other numbers from a million up are divided
        by the step in which the language counts, so that the largest has at least two
        digits before the point: thousand, million or 万.
    """
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    is_money = _CURRENCY.fullmatch(unit) is not None
    step = LargeStep(1.0, "")
    if largest >= (_LARGE_MONEY if is_money else _LARGE):
        # One step smaller than in a sentence, so that small parts keep their digits.
        step = choose_step(largest / 10)
    decimals = _count_decimals(finite / step.divisor, digits)
    if is_money:
        return Scale(step.divisor, write_money_unit(unit, step), decimals)
    if step.word:
        unit = say("{unit}, {step}", unit=unit, step=step.word)
    return Scale(step.divisor, unit, decimals)


def choose_ticks(low: float, high: float, *, n_steps: int = 6) -> NDArray[np.float64]:
    """Choose round tick positions that enclose a range.

    Parameters
    ----------
    low, high : float
        Ends of what is shown.
    n_steps : int
        Most steps wanted.

    Returns
    -------
    numpy.ndarray
        Rising positions; the first is at most `low`, the last at least `high`.
    """
    if math.isclose(low, high, rel_tol=1e-9, abs_tol=1e-12):
        room = abs(low) / 2 or 1.0
        low, high = low - room, high + room
    locator = MaxNLocator(nbins=n_steps, steps=[1, 2, 2.5, 5, 10])
    return np.asarray(locator.tick_values(low, high), dtype=float)


def find_range(*arrays: NDArray[np.float64]) -> tuple[float, float]:
    """Find the smallest and the largest number of several columns.

    Parameters
    ----------
    *arrays : numpy.ndarray
        May hold nan.

    Returns
    -------
    tuple of float
        Both ends; (0, 0) when there is no number.
    """
    joined = np.concatenate(
        [np.asarray(array, dtype=float).ravel() for array in arrays]
    )
    finite = joined[np.isfinite(joined)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def write_ticks(ticks: Sequence[float] | NDArray[np.float64]) -> list[str]:
    """Write tick labels with as many decimals as the step needs.

    Parameters
    ----------
    ticks : sequence of float
        Evenly spaced.

    Returns
    -------
    list of str
        For example ["−0.5", "0.0", "0.5"].
    """
    decimals = 0
    while decimals < 6 and not np.allclose(ticks, np.round(ticks, decimals), atol=1e-9):
        decimals += 1
    return [write_number(float(tick), decimals=decimals) for tick in ticks]


def write_missing(cell: object) -> str:
    """Write why a cell has no number.

    Parameters
    ----------
    cell : object
        The cell without a number.

    Returns
    -------
    str
        "hidden" when suppressed, else "no number".
    """
    return say(HIDDEN_TEXT) if is_suppressed(cell) else say("no number")


def trim_ticks(
    ticks: NDArray[np.float64], low: float, high: float
) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Drop an outer tick that the data hardly reach for.

    Parameters
    ----------
    ticks : numpy.ndarray
        Rising, enclosing the range.
    low, high : float
        Ends of what is shown.

    Returns
    -------
    tuple
        The ticks kept, and the ends of the axis.
    """
    step = float(ticks[1] - ticks[0])
    bottom, top = float(ticks[0]), float(ticks[-1])
    if len(ticks) > 3 and ticks[1] - low < 0.4 * step:
        bottom = min(low, float(ticks[1]))
    if len(ticks) > 3 and high - ticks[-2] < 0.4 * step:
        top = max(high, float(ticks[-2]))
    margin = step * 1e-6
    kept = ticks[(ticks >= bottom - margin) & (ticks <= top + margin)]
    return kept, (bottom, top)


def _count_decimals(values: NDArray[np.float64], digits: int) -> int:
    if not values.size or np.allclose(values, np.round(values), atol=1e-9):
        return 0
    largest = float(np.abs(values).max())
    if largest < 1:
        return digits - 1 + int(largest < 0.1) + int(largest < 0.01)
    decimals = max(0, digits - 1 - math.floor(math.log10(largest)))
    while decimals and np.allclose(values, np.round(values, decimals - 1), atol=1e-9):
        decimals -= 1
    return decimals
