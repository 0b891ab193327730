"""Cost to serve: what each activity costs in each channel, and what stands idle."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.activity_costing import cost_capacity
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.periods import (
    keep_quarter,
    label_quarter,
)
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    LONGEST_MOVED_MINUTES,
    MOVED_SHARE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import join_names, mark, say

NEEDED = {
    "events": mark("events"),
    "activity_times": mark("activity times"),
    "cost_pools": mark("cost pools"),
}
"""Tables without which service has no cost, as a reader knows them."""

_ALL_CHANNELS = ""


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
    events : ibis.Table
        Priced contacts of the quarter reported: `channel`, `customer_id`, `count` and
        `cost`; not computed before it is asked for.
    untimed : int
        Events whose activity has no time in `activity_times`: they cost nothing here.
    currency, source : str
        Of the amounts.
    """

    activities: pd.DataFrame
    pools: pd.DataFrame
    events: ibis.Table
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
    missing = [say(known_as) for name, known_as in NEEDED.items() if name not in tables]
    if missing:
        names = join_names(missing)
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
    activities = pd.concat([part.activities for part in parts], ignore_index=True)
    return ServiceCost(
        activities=activities,
        pools=pd.concat(
            [part.pools for part in parts], keys=pools.index.unique("quarter")
        ).reset_index(names=["quarter", "cost_pool"]),
        events=_price_events(tables, activities, parameters.reported),
        untimed=int(timed.loc[unknown, "volume"].sum()),
        currency=tables.source.currency,
        source=tables.source.attribution,
    )


def charge_customers(tables: Tables, cost: ServiceCost, quarter: Quarter) -> ibis.Table:
    """Charge each customer for the activities used, inside the engine.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    cost : ServiceCost
        Cost of one of each activity.
    quarter : Quarter
        The quarter charged.

    Returns
    -------
    ibis.Table
        One row per customer: `cost_to_serve`, and `idle_cost`, what the
        customer would bear if the pools' unused capacity were spread by use; both
        negative.
    """
    pools = cost.pools[["quarter", "cost_pool"]].assign(
        idle=cost.pools["cost_unused"]
        .div(cost.pools["cost_assigned"])
        .where(cost.pools["cost_assigned"] > 0, 0.0)
    )
    shares = cost.activities.merge(pools, on=["quarter", "cost_pool"], validate="m:1")
    used = _price_events(tables, shares, quarter)
    return used.group_by("customer_id").agg(
        cost_to_serve=-used.cost.sum(), idle_cost=-(used.cost * used.idle).sum()
    )


@dataclass(frozen=True, slots=True, eq=False)
class ChannelCost:
    """What channels cost, and what moving some of their work would save.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per channel of the quarter: `customers`, `volume`, `minutes_used`,
        `cost`, `unit_cost`, `moved` (times), `saving_average` (at average cost),
        `saving_avoidable` (what can be shed within a year), major currency units, and
        the dominance of `volume` and `cost`.
    total : pandas.DataFrame
        The same of all channels together, one row, its channel empty.
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
    total: pd.DataFrame
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
    sums = detailed.groupby("channel")[names].sum()
    used = sums[sums["volume"] > 0]
    users = _measure_users(cost.events)
    ordered = _describe(used.reset_index(), users).sort_values("cost", ascending=False)
    total = _describe(used.sum().to_frame().T.assign(channel=_ALL_CHANNELS), users)
    before = cost.activities.loc[
        cost.activities["quarter"] != parameters.quarter, "cost"
    ]
    previous = float(before.sum()) if len(before) else None
    cheapest = str(average.idxmin())
    return ChannelCost(
        rows=ordered.reset_index(drop=True),
        total=total,
        previous_cost=previous,
        cheapest=cheapest,
        cost=cost,
        quarter=parameters.quarter,
    )


def _describe(sums: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Add averages, and who used the channels; an empty name is all of them."""
    known = sums.merge(users, on="channel", validate="1:1")
    return known.assign(
        unit_cost=known["cost"] / known["volume"],
        saving_avoidable=known["saving_average"] * AVOIDABLE_SHARE,
    )


def _price_events(
    tables: Tables, activities: pd.DataFrame, quarter: Quarter
) -> ibis.Table:
    now = activities[activities["quarter"] == str(quarter)]
    known = ["channel", "activity", "unit_cost", "idle"]
    prices = ibis.memtable(now[now.columns.intersection(known)])
    used = keep_quarter(tables["events"], quarter).join(prices, ["channel", "activity"])
    return used.mutate(cost=used["count"] * used.unit_cost)


def _measure_users(used: ibis.Table) -> pd.DataFrame:
    """Count who used each channel, and all of them, and find the largest users.

    One row per channel, and a last one, its channel empty, for all channels.
    """
    by_channel = used.group_by("channel", "customer_id").agg(
        volume=used["count"].sum(), cost=used.cost.sum()
    )
    kept = keep_rows(by_channel, "channel_users")
    everywhere = kept.group_by("customer_id").agg(
        channel=ibis.literal(_ALL_CHANNELS),
        volume=kept.volume.sum(),
        cost=kept.cost.sum(),
    )
    return pd.concat(
        [
            _measure_users_of_each(rows.select(*kept.columns))
            for rows in (kept, everywhere)
        ],
        ignore_index=True,
    )


def _measure_users_of_each(rows: ibis.Table) -> pd.DataFrame:
    counted: pd.DataFrame = (
        rows.group_by("channel").agg(customers=rows.count()).to_pandas()
    )
    largest = measure_dominance(rows, ("channel",), ("volume", "cost"))
    return counted.merge(largest, on="channel", validate="1:1")


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
