"""Count how much of each cycle of the policy rate the price lists took on.

Betas and shares are percent of the policy move, moves basis points. Over the lines they
are facts of the price list and have no interval; where many price lists are set apart,
these are taken as a draw and their mean has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from babel.dates import format_date

from analysis.quarter import Quarter
from analysis.statistics.cumulative_beta import (
    average_units,
    find_cycles,
    measure_betas,
    weigh_betas,
)
from analysis.studies.deposit_rate_elasticity.parameters import CELL, CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.units import Unit, write_value
from analysis.wording import get_language, say

SMALLEST_TURN_PCT = 0.20
"""Move of the policy rate against its direction that starts a cycle."""
FEWEST_LISTS = 10
"""Fewest price lists over which a beta is averaged."""


@dataclass(frozen=True, slots=True)
class PolicyCycles:
    """Cumulative betas by cycle of the policy rate.

    Parameters
    ----------
    cycles : pandas.DataFrame
        One row per cycle in order: `start`, `end`, `is_open`, `moves`, `months`,
        `policy_bp`, `label`, `estimate` (percent of the policy move), `lower`, `upper`
        (missing where facts are counted), `units` (price lists, or lines),
        `lowest`, `lowest_label`, `highest`, `highest_label` (over lines; missing where
        there is one only).
    is_sampled : bool
        Whether price lists are averaged, so that there are intervals.
    previous : float or None
        Beta of the last cycle as it stood a quarter before; None where that was
        another cycle, or unknown.
    policy_pct : float
        Policy rate at the end.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    cycles: pd.DataFrame
    is_sampled: bool
    previous: float | None
    policy_pct: float
    quarter: Quarter
    source: str


def measure_policy_cycles(history: RateHistory) -> PolicyCycles:
    """Cut the policy rate's history into cycles and give each its beta.

    Parameters
    ----------
    history : RateHistory
        Posted and policy rates.

    Returns
    -------
    PolicyCycles
        One row per cycle; none where the policy rate hardly moved.
    """
    policy = history.rates.groupby("period")["policy_pct"].first().dropna()
    found, is_sampled = _measure(history, policy)
    earlier = policy[policy.index <= pd.Timestamp(history.quarter.previous.last_day)]
    before, _ = _measure(history, earlier)
    return PolicyCycles(
        cycles=found,
        is_sampled=is_sampled,
        previous=_find_previous(found, before),
        policy_pct=float(policy.iloc[-1]) if len(policy) else float("nan"),
        quarter=history.quarter,
        source=history.source,
    )


def write_month(day: date) -> str:
    """Write a month as the reader's language does.

    Parameters
    ----------
    day : datetime.date
        Any of its days.

    Returns
    -------
    str
        For example "Sep 2026" or "2026年9月".
    """
    return str(format_date(day, say("MMM y"), locale=get_language()))


def _measure(history: RateHistory, policy: pd.Series) -> tuple[pd.DataFrame, bool]:
    cycles = find_cycles(policy, smallest_turn=SMALLEST_TURN_PCT)
    cycles = cycles.assign(
        policy_bp=100 * cycles["change"],
        months=cycles["periods"] * history.period_months,
    )
    cycles = cycles.assign(label=[_name_cycle(row) for _, row in cycles.iterrows()])
    lines = _measure_lines(history, cycles)
    lists = 100 * measure_betas(_spread_cells(history), cycles)
    is_sampled = not history.has_reference and bool(
        (lists.notna().sum(axis=1) >= FEWEST_LISTS).all() and len(cycles)
    )
    numbers = (
        average_units(lists, confidence_level=CONFIDENCE_LEVEL)
        if is_sampled
        else _weigh_lines(history, lines)
    )
    joined = cycles.join(numbers).join(_find_ends(lines))
    return joined.dropna(subset=["estimate"]).reset_index(drop=True), is_sampled


def _measure_lines(history: RateHistory, cycles: pd.DataFrame) -> pd.DataFrame:
    wide = history.rates.pivot_table(index="period", columns="label", values="own_pct")
    return 100 * measure_betas(wide, cycles)


def _spread_cells(history: RateHistory) -> pd.DataFrame:
    return history.cells.pivot_table(index="period", columns=CELL, values="own_pct")


def _weigh_lines(history: RateHistory, betas: pd.DataFrame) -> pd.DataFrame:
    """Weigh lines by the quarter's balances; each that holds money must be known."""
    held = history.lines[history.lines["balance"] > 0].set_index("label")["balance"]
    known = betas[held.index].dropna()
    book = [weigh_betas(row, held.tolist()) for row in known.to_numpy(float)]
    return pd.DataFrame(
        {
            "estimate": pd.Series(book, index=known.index, dtype=float),
            "lower": np.nan,
            "upper": np.nan,
            "units": len(held),
        },
        index=betas.index,
    )


def _find_ends(betas: pd.DataFrame) -> pd.DataFrame:
    """Name the lines that took on least and most of each cycle."""
    known = betas.dropna()
    if known.empty or betas.shape[1] < 2:
        return pd.DataFrame(
            {"lowest": np.nan, "lowest_label": "", "highest": np.nan}
            | {"highest_label": ""},
            index=betas.index,
        )
    return pd.DataFrame(
        {
            "lowest": known.min(axis=1),
            "lowest_label": known.idxmin(axis=1),
            "highest": known.max(axis=1),
            "highest_label": known.idxmax(axis=1),
        },
        index=betas.index,
    )


def _name_cycle(cycle: pd.Series) -> str:
    size = write_value(abs(cycle["policy_bp"]), Unit.BASIS_POINTS)
    ends = {"start": write_month(cycle["start"]), "end": write_month(cycle["end"])}
    if cycle["policy_bp"] > 0:
        return say("Up {size}, {start} to {end}", size=size, **ends)
    return say("Down {size}, {start} to {end}", size=size, **ends)


def _find_previous(now: pd.DataFrame, before: pd.DataFrame) -> float | None:
    if now.empty or before.empty:
        return None
    same = bool(before["start"].iloc[-1] == now["start"].iloc[-1])
    return float(before["estimate"].iloc[-1]) if same else None
