"""The states between which customers move: tiers, awake or asleep.

Tiers of too few customers are put together with the tier below, so that a state's
chances can be told and its numbers shown. Closed customers are in no state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import pandas as pd

from analysis.data.contract import ANY
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.wording import join_names, say

LEAST_IN_STATE: Final = 30
"""Customers at an average quarter's end below which a state is put with another."""

MOST_TIERS: Final = 8
"""Groups of tiers set side by side; beyond, the smallest are put together."""


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """States of a source.

    Parameters
    ----------
    names : tuple of str
        As a reader knows them, richest first, sleepers of a tier below its others.
    codes : pandas.DataFrame
        One row per tier and state of the source: `tier`, `is_sleeping`, `code` (place
        in `names`).
    """

    names: tuple[str, ...]
    codes: pd.DataFrame


def form_states(held: ibis.Table, n_ends: int) -> States:
    """Form states of enough customers.

    Parameters
    ----------
    held : ibis.Table
        One row per customer and quarter's end, with `tier`, `is_sleeping` and
        `assets_average`.
    n_ends : int
        Quarter's ends among them.

    Returns
    -------
    States
        Every tier and state of the source belongs to one.
    """
    counted = held.group_by("tier", "is_sleeping").agg(
        customers=held.count() / float(n_ends),
        assets=held.assets_average.fill_null(0.0).sum(),
    )
    rows: pd.DataFrame = counted.to_pandas()
    tiers = rows.groupby("tier")[["customers", "assets"]].sum()
    tiers["each"] = tiers["assets"] / tiers["customers"]
    order = tiers.reset_index().sort_values(["each", "tier"], ascending=[False, True])
    groups = _pool([[name] for name in order["tier"]], tiers["customers"])
    place = {tier: number for number, group in enumerate(groups) for tier in group}
    rows["group"] = rows["tier"].map(place)
    sizes = rows.groupby(["group", "is_sleeping"])["customers"].sum()
    apart = {
        number: bool((sizes.loc[number] >= LEAST_IN_STATE).sum() > 1)
        for number in range(len(groups))
    }
    rows["asleep"] = rows["is_sleeping"] & rows["group"].map(apart)
    names, codes = _number(rows, groups)
    return States(names, rows.assign(code=codes)[["tier", "is_sleeping", "code"]])


def _pool(groups: list[list[str]], customers: pd.Series[float]) -> list[list[str]]:
    """Put the smallest group with its neighbour below until all are large enough."""
    sizes = [float(customers[group].sum()) for group in groups]
    while len(groups) > 1 and (min(sizes) < LEAST_IN_STATE or len(groups) > MOST_TIERS):
        smallest = sizes.index(min(sizes))
        first = min(smallest, len(groups) - 2)
        groups = [
            *groups[:first],
            groups[first] + groups[first + 1],
            *groups[first + 2 :],
        ]
        sizes = [*sizes[:first], sizes[first] + sizes[first + 1], *sizes[first + 2 :]]
    return groups


def _number(
    rows: pd.DataFrame, groups: list[list[str]]
) -> tuple[tuple[str, ...], list[int]]:
    keys = sorted(set(zip(rows["group"], rows["asleep"], strict=True)))
    names = []
    for number, asleep in keys:
        tier = join_names([_name_tier(name) for name in groups[number]])
        names.append(say("{tier}, asleep", tier=tier) if asleep else tier)
    found = zip(rows["group"], rows["asleep"], strict=True)
    return tuple(names), [keys.index(key) for key in found]


def _name_tier(tier: str) -> str:
    return name_segment(EVERYBODY if tier == ANY else tier)
