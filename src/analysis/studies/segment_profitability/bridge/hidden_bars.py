"""Which bars of all customers may not be shown beside the totals of the segments."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.data.dominance import MEASURES
from analysis.presentation.disclosure import (
    MINIMUM_CELL,
    Sum,
    is_suppressed,
    release,
)
from analysis.studies.segment_profitability.bridge.customer_changes import (
    BUSINESS,
    MARKET,
)
from analysis.studies.segment_profitability.bridge.profit_bridge import ProfitBridge

_GROUPS = {"market": MARKET, "business": BUSINESS, "moved": ("moved_up", "moved_down")}
"""Bars that the table of segments shows as one."""

_ALONE = ("new", "lost")
"""Bars that the table of segments shows as they are."""


def find_hidden_bars(bridge: ProfitBridge, whole: pd.Series[float]) -> set[str]:
    """Find the bars that are hidden, and those that would give them away.

    All bars and the sums that the segments' total shows of them pass the door as one
    wide row. A bar of fewer than ten customers, and whatever is hidden in that total,
    counts as dominated.

    Parameters
    ----------
    bridge : ProfitBridge
        Why profit changed.
    whole : pandas.Series
        Total of the segments, as `release_segment_bars` gives it.

    Returns
    -------
    set of str
        Bars to be hidden; tax, a fixed part of the change, with the change.
    """
    bars = bridge.bars[bridge.bars["bar"] != "tax"].set_index("bar")
    groups = _list_groups(bars.index)
    row = _measure_bars(bars) | {"customers": bridge.n_customers}
    row |= {name: sum(row[bar] for bar in parts) for name, parts in groups.items()}
    row["gross_change"] = sum(row[bar] for bar in bars.index)
    alone = [bar for bar in _ALONE if bar in bars.index]
    shown = [name for name in (*groups, *alone, "gross_change") if name in whole]
    hidden_above = [name for name in shown if is_suppressed(whole[name])]
    for name in hidden_above:
        row |= _measure_alone(name, abs(row[name]))
    released = release(
        pd.DataFrame([row]),
        count="customers",
        amounts=[*bars.index, *groups, "gross_change"],
        dominance=list(dict.fromkeys([*bars.index, *hidden_above])),
        sums=[
            *(Sum(name, parts) for name, parts in groups.items()),
            Sum("gross_change", (*groups, *alone)),
        ],
    ).rows.iloc[0]
    hidden = {str(bar) for bar in bars.index if is_suppressed(released[bar])}
    return hidden | ({"tax"} if is_suppressed(released["gross_change"]) else set())


def _list_groups(known: Collection[object]) -> dict[str, tuple[str, ...]]:
    groups = {
        name: tuple(bar for bar in parts if bar in known)
        for name, parts in _GROUPS.items()
    }
    return {name: parts for name, parts in groups.items() if parts}


def _measure_bars(bars: pd.DataFrame) -> dict[str, float]:
    """Give each bar's amount, and how much of it the largest customers hold."""
    row: dict[str, float] = {}
    for name, bar in bars.iterrows():
        key = str(name)
        row |= {key: bar["amount"]}
        row |= {f"{key}_{end}": bar[f"amount_{end}"] for end in MEASURES}
        if bar["customers"] < MINIMUM_CELL:
            row |= _measure_alone(key, bar["amount_absolute"])
    return row


def _measure_alone(name: str, amount: float) -> dict[str, float]:
    """Give the dominance of an amount that one customer makes."""
    size = max(amount, 1.0)
    return {
        f"{name}_{end}": part
        for end, part in zip(MEASURES, (size, 0.0, size), strict=True)
    }
