"""How customers were won, and what winning each of them cost.

Chances and costs are truths of the bank, in yuan. A channel is drawn given the tier in
which a customer joins, from a stream of its own: no other draw knows of it. What was
spent on customers who were here before the first month is not on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.population import Population
from analysis.synthetic.streams import Streams

CHANNELS = ("网点", "代发工资", "线上", "转介绍")
SHARES = (
    (0.40, 0.28, 0.27, 0.05),
    (0.36, 0.30, 0.12, 0.22),
    (0.30, 0.08, 0.04, 0.58),
    (0.20, 0.02, 0.01, 0.77),
    (0.20, 0.02, 0.01, 0.77),
)
"""Weight of each channel by the tier at the start; rows are tiers."""
ONLINE = 2
ONLINE_BY_USE = (0.3, 1.5)
"""Factor of the online weight of those without, and with, the app."""
COSTS = (900.0, 400.0, 1800.0, 1000.0)
"""Mean cost of a customer of the lowest tier by channel, yuan, in `BASE_MONTH`."""
TIER_FACTORS = (1.0, 2.0, 6.0, 15.0, 30.0)
"""How much more a customer of each tier costs."""
COST_GROWTH = 0.06
"""Growth of costs a year."""
BASE_MONTH = 12 * 2026
"""Month from which costs grow: January 2026."""
SPREAD_SHAPE = 4.0
"""Shape of the gamma distribution of costs about their mean."""
NOT_ON_RECORD = -1


@dataclass(frozen=True, slots=True)
class Acquired:
    """How customers were won, in the order of their arrival.

    Parameters
    ----------
    channel : array of int, shape (n,)
        Codes in `CHANNELS`.
    cost : array of int, shape (n,)
        Fen; `NOT_ON_RECORD` where unknown.
    """

    channel: NDArray[np.int8]
    cost: NDArray[np.int64]


def draw_acquired(
    streams: Streams, people: Population, month: int, *, newcomers: bool
) -> Acquired:
    """Draw how customers were won who are here at a month's start or join in it.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    people : Population
        Those customers only, as they joined.
    month : int
        Number of the month.
    newcomers : bool
        Whether they join in this month; else their cost is not on record.

    Returns
    -------
    Acquired
        One position per customer.
    """
    name = "acquisition" if newcomers else "acquisition before"
    draws = streams.at(name, month)
    weights = np.array(SHARES)[people.asset_tier]
    weights[:, ONLINE] *= np.array(ONLINE_BY_USE)[people.is_digital.astype(np.int8)]
    ends = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    channel = (draws.random(len(people))[:, None] > ends[:, :-1]).sum(axis=1)
    cost = np.full(len(people), NOT_ON_RECORD, np.int64)
    if newcomers:
        noise = draws.gamma(SPREAD_SHAPE, 1 / SPREAD_SHAPE, len(people))
        mean = expect_cost(channel, people.asset_tier, month)
        cost = np.rint(100 * mean * noise).astype(np.int64)
    return Acquired(channel.astype(np.int8), cost)


def expect_cost(
    channel: NDArray[Any], tier: NDArray[Any], month: int
) -> NDArray[np.float64]:
    """Give the mean cost of winning a customer.

    Parameters
    ----------
    channel, tier : array of int, shape (n,)
        Codes of the channel, and of the tier in which the customer joins.
    month : int
        Number of the month.

    Returns
    -------
    array of float, shape (n,)
        Yuan.
    """
    growth = (1 + COST_GROWTH) ** ((month - BASE_MONTH) / 12)
    mean: NDArray[np.float64] = (
        np.array(COSTS)[channel] * np.array(TIER_FACTORS)[tier] * growth
    )
    return mean


def join(parts: list[Acquired]) -> Acquired:
    """Put arrivals together.

    Parameters
    ----------
    parts : list of Acquired
        In the order of arrival.

    Returns
    -------
    Acquired
        All of them.
    """
    return Acquired(
        np.concatenate([part.channel for part in parts]),
        np.concatenate([part.cost for part in parts]),
    )


def describe_acquisition() -> dict[str, Any]:
    """Give the truths of winning customers, for truth/params.json."""
    return {
        "channels": CHANNELS,
        "tiers": model.TIERS,
        "channel_weights_by_tier": SHARES,
        "online_factor_by_use_of_app": ONLINE_BY_USE,
        "mean_cost_yuan_by_channel": COSTS,
        "cost_factor_by_tier": TIER_FACTORS,
        "cost_growth_a_year": COST_GROWTH,
        "base_month": "2026-01",
    }
