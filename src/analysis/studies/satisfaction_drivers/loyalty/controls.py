"""What customers differ in beside satisfaction, as columns of a regression."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers

_Floats = NDArray[np.float64]

_FEWEST = 5
"""Events, and others, below which a category gets no constant of its own."""
_CATEGORIES = ("tier", "customer_type", "age_band", "channel", "quarter")


def encode_controls(
    links: LinkedAnswers, happened: NDArray[np.bool_] | None = None
) -> tuple[_Floats, _Floats]:
    """Turn what customers differ in beside satisfaction into columns.

    Parameters
    ----------
    links : LinkedAnswers
        Answers and what followed.
    happened : numpy.ndarray of bool, shape (rows,), optional
        An event: categories with few events, or few without, get no constant of
        their own. Without it, categories of few answers.

    Returns
    -------
    tuple of numpy.ndarray, shapes (rows, controls) and (respondents, controls)
        Columns of the answers that are followed, and of the wave reported: logs of
        assets and of years with the bank, and ones for a category.
    """
    past, now = links.rows, links.now
    event = np.ones(len(past), bool) if happened is None else happened
    columns: list[tuple[_Floats, _Floats]] = []
    for name in ("assets", "years"):
        middle = float(past[name].median()) if past[name].notna().any() else 0.0
        ends = [np.log1p(each[name].fillna(middle)).to_numpy() for each in (past, now)]
        if np.ptp(ends[0]) > 0:
            columns.append((ends[0] - ends[0].mean(), ends[1] - ends[0].mean()))
    for name in _CATEGORIES:
        for value in _list_apart(past[name], event, needs_others=happened is not None):
            columns.append((_mark(past[name], value), _mark(now[name], value)))
    if not columns:
        return np.empty((len(past), 0)), np.empty((len(now), 0))
    of_past, of_now = zip(*columns, strict=True)
    return np.column_stack(of_past), np.column_stack(of_now)


def _list_apart(
    category: pd.Series[str], event: NDArray[np.bool_], *, needs_others: bool
) -> list[str]:
    """List categories with a constant of their own; the rest, the base, is as large."""
    sums = pd.Series(event).groupby(category.to_numpy()).agg(["sum", "count"])
    events = sums["sum"]
    others = sums["count"] - events if needs_others else events
    is_large = np.minimum(events, others) >= _FEWEST
    kept, rest = list(sums.index[is_large]), sums.index[~is_large]
    base_is_large = min(events[rest].sum(), others[rest].sum()) >= _FEWEST
    return kept if base_is_large else kept[1:]


def _mark(category: pd.Series[str], value: str) -> _Floats:
    return np.asarray(category == value, dtype=np.float64)
