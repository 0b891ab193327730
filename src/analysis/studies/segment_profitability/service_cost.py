"""Cost to serve: what each activity costs in each channel, and what stands idle."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.activity_costing import cost_capacity
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    LONGEST_MOVED_MINUTES,
    MOVED_SHARE,
    Parameters,
)
from analysis.studies.segment_profitability.periods import label_quarter
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import join_names, say

NEEDED = ("events", "activity_times", "cost_pools")


@dataclass(frozen=True, slots=True, eq=False)
class ServiceCost:
    """Cost of activities and of capacity, quarter by quarter.

    Parameters
    ----------
    activities : pandas.DataFrame
        One row per quarter, channel and activity: `cost_pool`, `minutes`, `volume`,
        `unit_cost`, `minutes_used`, `cost` (major currency units).
    pools : pandas.DataFrame
        One row per quarter and pool: `cost`, `practical_minutes`, `rate`,
        `minutes_used`, `cost_assigned`, `cost_unused`, `share_used`.
    untimed : int
        Events whose activity has no time in `activity_times`: they cost nothing here.
    currency, source : str
        Of the amounts.
    """

    activities: pd.DataFrame
    pools: pd.DataFrame
    untimed: int
    currency: str
    source: str


def cost_service(tables: Tables, parameters: Parameters) -> ServiceCost | Refused:
    """Cost the activities of both quarters by the time they take.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ServiceCost or Refused
        Costs, or the reason why the source gives none.

    References
    ----------
    .. [1] Kaplan and Anderson (2004), Time-driven activity-based costing, Harvard
       Business Review 82(11), 131-138.
    """
    missing = [name for name in NEEDED if name not in tables]
    if missing:
        names = join_names([name.replace("_", " ") for name in missing])
        return Refused(
            say("The source has no {names}.", names=names),
            parameters.quarter,
            tables.source.attribution,
        )
    pools = _read_pools(tables, parameters)
    volumes = _count_events(tables, parameters)
    times = tables["activity_times"].to_pandas()
    timed = volumes.merge(times, on=["channel", "activity"], how="left")
    unknown = timed["cost_pool"].isna()
    parts = [
        cost_capacity(
            pools.loc[quarter], timed[~unknown & (timed["quarter"] == quarter)]
        )
        for quarter in pools.index.unique("quarter")
    ]
    return ServiceCost(
        activities=pd.concat([part.activities for part in parts], ignore_index=True),
        pools=pd.concat(
            [part.pools for part in parts], keys=pools.index.unique("quarter")
        ).reset_index(names=["quarter", "cost_pool"]),
        untimed=int(timed.loc[unknown, "volume"].sum()),
        currency=tables.source.currency,
        source=tables.source.attribution,
    )


def charge_customers(
    tables: Tables, cost: ServiceCost, parameters: Parameters
) -> ibis.Table:
    """Charge each customer for the activities used, inside the engine.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    cost : ServiceCost
        Cost of one of each activity.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ibis.Table
        One row per quarter and customer, `cost_to_serve` negative.
    """
    names = ["quarter", "channel", "activity", "unit_cost"]
    prices = ibis.memtable(cost.activities[names])
    used = label_quarter(tables["events"], parameters).join(
        prices, ["quarter", "channel", "activity"]
    )
    return used.group_by("quarter", "customer_id").agg(
        cost_to_serve=-(used["count"] * used.unit_cost).sum()
    )


@dataclass(frozen=True, slots=True, eq=False)
class ChannelCost:
    """What channels cost, and what moving some of their work would save.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per channel of the quarter: `volume`, `minutes_used`, `cost`,
        `unit_cost`, `moved` (times), `saving_average` (at average cost) and
        `saving_avoidable` (what can be shed within a year), major currency units.
    previous_cost : float or None
        Cost of all channels in the quarter before, where it is known.
    cheapest : str
        Channel with the lowest cost of a contact, to which contacts are moved.
    cost : ServiceCost
        What it was added up from.
    quarter : str
        Quarter described.
    """

    rows: pd.DataFrame
    previous_cost: float | None
    cheapest: str
    cost: ServiceCost
    quarter: str


def cost_channels(
    cost: ServiceCost | Refused, parameters: Parameters
) -> ChannelCost | Refused:
    """Add up cost by channel, and what moving work to cheaper channels would save.

    Parameters
    ----------
    cost : ServiceCost or Refused
        Cost of each activity in each channel.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ChannelCost or Refused
        Average saving is all capacity freed; it becomes money only where capacity is
        given up. Channels are in order of cost.
    """
    if isinstance(cost, Refused):
        return cost
    now = cost.activities[cost.activities["quarter"] == parameters.quarter]
    by_channel = now.groupby("channel")[["volume", "cost"]].sum()
    average = by_channel["cost"] / by_channel["volume"]
    gap = now["unit_cost"] - average.min()
    can_move = (gap > 0) & (now["minutes"] <= LONGEST_MOVED_MINUTES)
    moved = (now["volume"] * MOVED_SHARE).where(can_move, 0.0)
    detailed = now.assign(moved=moved, saving_average=moved * gap)
    names = ["volume", "minutes_used", "cost", "moved", "saving_average"]
    rows = detailed.groupby("channel")[names].sum()
    rows = rows[rows["volume"] > 0].assign(
        unit_cost=lambda kept: kept["cost"] / kept["volume"],
        saving_avoidable=lambda kept: kept["saving_average"] * AVOIDABLE_SHARE,
    )
    ordered = rows.sort_values("cost", ascending=False).reset_index()
    before = cost.activities.loc[
        cost.activities["quarter"] != parameters.quarter, "cost"
    ]
    previous = float(before.sum()) if len(before) else None
    cheapest = str(average.idxmin())
    return ChannelCost(ordered, previous, cheapest, cost, parameters.quarter)


def _read_pools(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    pools = label_quarter(tables["cost_pools"], parameters)
    summed = pools.group_by("quarter", "cost_pool").agg(
        cost=pools.amount_minor.sum() / float(tables.source.minor_units),
        practical_minutes=pools.practical_minutes.sum(),
    )
    frame: pd.DataFrame = summed.to_pandas()
    return frame.set_index(["quarter", "cost_pool"]).sort_index()


def _count_events(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    events = label_quarter(tables["events"], parameters)
    counted = events.group_by("quarter", "channel", "activity").agg(
        volume=events["count"].sum()
    )
    frame: pd.DataFrame = counted.order_by("quarter", "channel", "activity").to_pandas()
    return frame
