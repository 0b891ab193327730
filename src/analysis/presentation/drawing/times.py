"""Places and labels of times on a horizontal axis."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from babel.dates import format_date
from numpy.typing import NDArray

from analysis.presentation.drawing.scales import choose_ticks, find_range, write_ticks
from analysis.quarter import write_date
from analysis.wording import get_language, say

_DATED = re.compile(r"\d{4}([-Q年]|$)")
_QUARTER_STEPS = (1, 2, 4, 8, 12, 16, 20, 40)
_MONTH_STEPS = (1, 3, 6, 12, 24, 36, 60, 120)
_PLAIN_STEPS = (1, 2, 3, 5, 10, 20, 50, 100)


def place_times(column: pd.Series[str]) -> tuple[NDArray[np.float64], dict[float, str]]:
    """Place times along an axis.

    Parameters
    ----------
    column : pandas.Series
        Dates, periods, numbers, or names in the order of their rows; names that begin
        with a year ("2026Q3", "2026-07") are sorted.

    Returns
    -------
    tuple
        Position of each row, and the label of each position that may have one.

    Raises
    ------
    ValueError
        If a time is missing.
    """
    if column.isna().any():
        message = f"Column {column.name!r} must hold a time in every row of a chart."
        raise ValueError(message)
    if pd.api.types.is_datetime64_any_dtype(column):
        return _place_dates(column)
    if pd.api.types.is_numeric_dtype(column):
        return _place_numbers(np.asarray(column, dtype=np.float64))
    names = [str(name) for name in column]
    order = list(dict.fromkeys(names))
    if all(_DATED.match(name) for name in order):
        order = sorted(order)
    places = {name: float(place) for place, name in enumerate(order)}
    positions = np.array([places[name] for name in names])
    return positions, {place: name for name, place in places.items()}


def write_times(column: pd.Series[str]) -> list[str]:
    """Write times in full, for data and for a single point.

    Parameters
    ----------
    column : pandas.Series
        As `place_times` takes it.

    Returns
    -------
    list of str
        One per row; days in the reader's language, names as they are.
    """
    if pd.api.types.is_datetime64_any_dtype(column):
        return [write_date(day) for day in pd.DatetimeIndex(column)]
    if pd.api.types.is_numeric_dtype(column):
        return [f"{number:g}" for number in column]
    return [str(name) for name in column]


def thin_labels(labels: dict[float, str], fits: int) -> dict[float, str]:
    """Keep as many labels as fit, at even steps back from the last.

    Parameters
    ----------
    labels : dict of float to str
        Label of each position.
    fits : int
        Most labels that fit side by side.

    Returns
    -------
    dict of float to str
        Quarters step by whole years as soon as they can't all be shown, months by
        quarters, halves and years.
    """
    places = sorted(labels)
    steps = _choose_steps([labels[place] for place in places])
    needed = [step for step in steps if -(-len(places) // step) <= max(1, fits)]
    step = needed[0] if needed else len(places)
    return {place: labels[place] for place in places[::-1][::step]}


def _choose_steps(names: Sequence[str]) -> tuple[int, ...]:
    if all(re.fullmatch(r"\d{4}(Q[1-4]|年第[1-4]季度)", name) for name in names):
        return _QUARTER_STEPS
    if all(re.fullmatch(r"\d{4}-\d{2}", name) for name in names):
        return _MONTH_STEPS
    return _PLAIN_STEPS


def _place_numbers(
    numbers: NDArray[np.float64],
) -> tuple[NDArray[np.float64], dict[float, str]]:
    ticks = choose_ticks(*find_range(numbers))
    ticks = ticks[(ticks >= numbers.min()) & (ticks <= numbers.max())]
    if not ticks.size:
        ticks = np.unique(numbers)
    whole = bool(np.all(np.abs(ticks) < 10_000))
    texts = [text.replace(",", "") if whole else text for text in write_ticks(ticks)]
    return numbers, dict(zip(ticks.tolist(), texts, strict=True))


def _place_dates(
    column: pd.Series[str],
) -> tuple[NDArray[np.float64], dict[float, str]]:
    dates = pd.DatetimeIndex(column).tz_localize(None).normalize()
    positions = _count_days(dates)
    first, last = dates.min(), dates.max()
    n_months = (last.year - first.year) * 12 + last.month - first.month
    step = next((k for k in (1, 3, 6, 12, 24, 60) if n_months / k <= 8), 120)
    starts = pd.date_range(first.replace(day=1), last, freq="MS")
    chosen = starts[(starts.year * 12 + starts.month - 1) % step == 0]
    chosen = chosen[chosen >= first]
    if not len(chosen):
        chosen = pd.DatetimeIndex([last])
    pattern = "y" if step >= 12 else say("MMM y")
    texts = [format_date(day, pattern, locale=get_language()) for day in chosen]
    return positions, dict(zip(_count_days(chosen).tolist(), texts, strict=True))


def _count_days(dates: pd.DatetimeIndex) -> NDArray[np.float64]:
    days = (dates - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return np.asarray(days, dtype=np.float64)
