"""Time-driven activity-based costing: what an activity costs, and what stands idle.

Costs are in any currency unit, times in minutes. A pool's rate is its cost over the
minutes it could practically work, so that the cost of idle time is never spread over
those who are served: it is shown as the pool's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class CapacityCost:
    """Cost of activities, and of the capacity that nobody used.

    Parameters
    ----------
    activities : pandas.DataFrame
        As given, with `unit_cost` (cost of one) and `minutes_used`, `cost` (of all).
    pools : pandas.DataFrame
        As given, with `rate` (cost a minute), `minutes_used`, `cost_assigned`,
        `cost_unused` and `share_used`. Unused cost is negative where more minutes
        were worked than the pool could practically give.
    """

    activities: pd.DataFrame
    pools: pd.DataFrame


def cost_capacity(pools: pd.DataFrame, activities: pd.DataFrame) -> CapacityCost:
    """Cost activities by the time they take, and show the time that nobody used.

    Parameters
    ----------
    pools : pandas.DataFrame
        One row per pool, indexed by its name, with `cost` and `practical_minutes`.
    activities : pandas.DataFrame
        One row per activity, with `cost_pool`, `minutes` (one takes) and `volume`
        (how many there were).

    Returns
    -------
    CapacityCost
        Costs of both; assigned and unused cost of a pool add up to its cost.

    Raises
    ------
    ValueError
        If an activity uses a pool that is not there.

    References
    ----------
    .. [1] Kaplan and Anderson (2004), Time-driven activity-based costing, Harvard
       Business Review 82(11), 131-138.
    """
    unknown = sorted(set(activities["cost_pool"]) - set(pools.index))
    if unknown:
        message = (
            f"Activities must use pools that have a cost; {unknown[:5]} have none."
        )
        raise ValueError(message)
    rate = pools["cost"] / pools["practical_minutes"]
    unit_cost = activities["minutes"] * activities["cost_pool"].map(rate).astype(float)
    costed = activities.assign(
        unit_cost=unit_cost,
        minutes_used=activities["minutes"] * activities["volume"],
        cost=unit_cost * activities["volume"],
    )
    used = costed.groupby("cost_pool")["minutes_used"].sum()
    minutes_used = used.reindex(pools.index, fill_value=0.0)
    return CapacityCost(
        activities=costed,
        pools=pools.assign(
            rate=rate,
            minutes_used=minutes_used,
            cost_assigned=rate * minutes_used,
            cost_unused=rate * (pools["practical_minutes"] - minutes_used),
            share_used=minutes_used / pools["practical_minutes"],
        ),
    )
