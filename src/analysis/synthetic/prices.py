"""The bank's own price list by cell: product and term, tier, region, month.

Rates and shocks to rates are percentage points, demand shocks are log points. The
four causes of a cell's price (wedge, cost shock, answer to outflow, ceiling) are drawn
apart, so that each product's identification is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.model import Pricing
from analysis.synthetic.rates import RateWorld
from analysis.synthetic.streams import Streams

Floats = NDArray[np.float64]
_SHAPE = (len(model.PRICED_SLOTS), len(model.TIERS), len(model.REGIONS))


@dataclass(frozen=True, slots=True)
class MonthPrices:
    """One month's price list and what lies behind it.

    Parameters
    ----------
    posted, funding, gap, demand : array, shape (7, 5, 30)
        Posted rate; what treasury credits; posted less the competitors' true
        average; demand shock, by slot, tier and region.
    ceiling : array, shape (7,)
        Highest rate allowed.
    season : array, shape (7, 5)
        Segment-month effect on log balances.
    """

    posted: Floats
    funding: Floats
    gap: Floats
    demand: Floats
    ceiling: Floats
    season: Floats


class PriceMaker:
    """Makes the price list month after month.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    world : RateWorld
        The market.
    first : int
        Number of the first month with prices.
    """

    def __init__(self, streams: Streams, world: RateWorld, first: int) -> None:
        self._streams = streams
        self._world = world
        start = streams.at("prices", first - 1)
        self._demand = start.standard_normal(_SHAPE)
        self._cost_common = start.standard_normal((1, 1, _SHAPE[2]))
        self._cost_own = start.standard_normal((_SHAPE[0], 1, _SHAPE[2]))
        self._season = start.standard_normal(_SHAPE[:2])
        self._wedge = _draw_wedges(start)

    def make_month(self, month: int) -> MonthPrices:
        """Make the next month's price list.

        Parameters
        ----------
        month : int
            Number of the month, one after the last one made.

        Returns
        -------
        MonthPrices
            Its prices.
        """
        draws = self._streams.at("prices", month)
        before = model.DEMAND_DEVIATION * self._demand
        self._demand = _move(draws, self._demand, model.DEMAND_MEMORY)
        self._cost_common = _move(draws, self._cost_common, model.COST_MEMORY)
        self._cost_own = _move(draws, self._cost_own, model.COST_MEMORY)
        self._season = _move(draws, self._season, model.SEGMENT_MEMORY)
        self._move_wedges(month)
        demand = model.DEMAND_DEVIATION * self._demand
        cost = model.COST_DEVIATION * (0.6 * self._cost_common + 0.8 * self._cost_own)
        row = self._world.row(month)
        ceiling = self._set_ceiling(month)
        now = model.OUTFLOW_NOW
        seen = now * demand + (1 - now) * before
        posted = self._post(row, seen, cost, ceiling)
        competitors = self._world.quotes[row].mean(axis=1)[:, None, None]
        return MonthPrices(
            posted=posted,
            funding=self._fund(row, cost),
            gap=posted - competitors,
            demand=demand,
            ceiling=ceiling,
            season=model.SEGMENT_DEVIATION * self._season,
        )

    def _move_wedges(self, month: int) -> None:
        if month % 3 != 0:
            return
        draws = self._streams.at("wedges", month)
        fresh = _draw_wedges(draws)
        changes = draws.random(_SHAPE) < model.WEDGE_CHANGE_CHANCE
        self._wedge = np.where(changes, fresh, self._wedge)

    def _set_ceiling(self, month: int) -> Floats:
        # A ceiling follows the policy rate two months later, in dated steps.
        policy = self._world.policy[self._world.row(month - 2)]
        slots = [model.SLOTS[number] for number in model.PRICED_SLOTS]
        level = np.array([slot.anchor + slot.pass_through * policy for slot in slots])
        return _put_on_grid(level + model.CEILING_ROOM)

    def _post(self, row: int, outflow: Floats, cost: Floats, ceiling: Floats) -> Floats:
        reference = self._world.reference[row][:, None, None]
        premium = np.array(model.TIER_PREMIUMS)[None, :, None]
        local = reference + premium + model.COST_LOAD * cost
        kinds = [model.SLOTS[number].pricing for number in model.PRICED_SLOTS]
        causes = {
            Pricing.HEADQUARTERS: np.broadcast_to(reference, _SHAPE),
            Pricing.WEDGE: local + self._wedge,
            Pricing.OUTFLOW: local - model.OUTFLOW_RESPONSE * outflow,
        }
        wanted = np.stack([causes[kind][slot] for slot, kind in enumerate(kinds)])
        allowed = np.minimum(_put_on_grid(wanted), ceiling[:, None, None])
        return np.maximum(allowed, model.LOWEST_PRICE)

    def _fund(self, row: int, cost: Floats) -> Floats:
        tenors = list(model.FUNDING_PREMIUMS)
        slots = [model.SLOTS[number] for number in model.PRICED_SLOTS]
        columns = [tenors.index(slot.tenor) for slot in slots]
        curve = self._world.funding[row][columns][:, None, None]
        return np.broadcast_to(curve + cost, _SHAPE)


def _draw_wedges(draws: np.random.Generator) -> Floats:
    sizes = draws.choice(np.array(model.WEDGES), _SHAPE)
    return np.where(draws.random(_SHAPE) < 0.5, -sizes, sizes)


def _move(draws: np.random.Generator, values: Floats, memory: float) -> Floats:
    shocks = draws.standard_normal(values.shape)
    moved: Floats = memory * values + (1 - memory**2) ** 0.5 * shocks
    return moved


def _put_on_grid(rates: Floats) -> Floats:
    return np.round(rates / model.PRICE_STEP) * model.PRICE_STEP
