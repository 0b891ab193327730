"""Posted rates, the treasury's credit and competitors' rates, by region and month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.synthetic.deposit_market.answers import follow_slowly
from analysis.synthetic.deposit_market.switches import (
    ANCHORS,
    FOLLOWING,
    PRODUCTS,
    QUARTER,
    STEP,
    Floats,
    Generator,
    MarketSwitches,
    SpareNumbers,
    wander,
)

COMPETITORS_LEAD = 0.05
"""Share of a policy move that competitors pass on beyond the bank's own."""
_COMMON_MOVES, _LOCAL_MOVES, _MEMORY = 0.10, 0.25, 0.85
_MISREADING = 0.08


@dataclass(frozen=True, slots=True)
class Prices:
    """One draw, each by product: region x month, percent a year.

    Parameters
    ----------
    posted, credit : dict of str to numpy.ndarray
        What the bank pays, and what the treasury credits.
    demand : dict of str to numpy.ndarray
        What moves balances beside rates, log points.
    going : dict of str to numpy.ndarray
        The rate that a posted one is compared with: the competitors', or the level
        of headquarters where there are none.
    beside : dict of str to dict
        Further columns of the price list, by name, then by product.
    """

    posted: dict[str, Floats]
    credit: dict[str, Floats]
    demand: dict[str, Floats]
    going: dict[str, Floats]
    beside: dict[str, dict[str, Floats]]

    def tabulate(self) -> pd.DataFrame:
        """Lay prices out, one row per product, region and month.

        Returns
        -------
        pandas.DataFrame
            `product`, `region`, `month`, `posted_pct`, `credit_pct`, and the columns
            beside them.
        """
        columns = {"posted_pct": self.posted, "credit_pct": self.credit, **self.beside}
        parts = []
        for product, posted in self.posted.items():
            region, month = (index.ravel() for index in np.indices(posted.shape))
            part = {"product": product, "region": region, "month": month}
            rates = {name: rate[product].ravel() for name, rate in columns.items()}
            parts.append(pd.DataFrame(part | rates))
        return pd.concat(parts, ignore_index=True)


def draw_prices(
    rng: Generator,
    spare: SpareNumbers,
    switches: MarketSwitches,
    shape: tuple[int, int],
) -> Prices:
    """Draw prices and what moves them.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    spare : SpareNumbers
        Random numbers of competitors and wedges.
    switches : MarketSwitches
        What is wrong with the world.
    shape : tuple of int
        Regions and months.

    Returns
    -------
    Prices
        All of it.
    """
    policy = 2.0 + 0.25 * np.cumsum(
        rng.choice([-1, 0, 1], shape[1], p=[0.14, 0.78, 0.08])
    )
    common = wander(rng, shape, 0.9, 0.35)
    demand = {product: wander(rng, shape, 0.85, 0.06) for product in PRODUCTS}
    levels = {
        product: ANCHORS[product] + FOLLOWING[product] * policy for product in PRODUCTS
    }
    posted, credit = {}, {}
    for product in PRODUCTS:
        seen = (demand[product] + np.roll(demand[product], 1, axis=1)) / 2
        cost = 0.6 * common + 0.8 * wander(rng, shape, 0.9, 0.35)
        credit[product] = policy + cost - switches.credit_answers * seen
        level = levels[product]
        local = switches.credit_load * (credit[product] - policy)
        wanted = level + local - switches.answer * seen
        wanted = wanted + rng.normal(0, 0.03, shape)
        posted[product] = _post(wanted, level, switches)
    going = {name: np.broadcast_to(level, shape) for name, level in levels.items()}
    beside: dict[str, dict[str, Floats]] = {}
    if switches.stale_quotes:
        going = _draw_competitors(spare.quotes, levels, policy, shape)
        beside["competitor_pct"] = going
        beside["quote_pct"] = _see_competitors(spare.quotes, going)
    if switches.wedge:
        wedges = _draw_wedges(spare.wedges, shape, switches.wedge)
        beside["wedge_pct"] = wedges
        posted = {name: rates + wedges[name] for name, rates in posted.items()}
    return Prices(posted, credit, demand, going, beside)


def _post(wanted: Floats, level: Floats, switches: MarketSwitches) -> Floats:
    """Put on the price list what is wanted, as far as it may and can be."""
    if switches.uniform:
        wanted = np.broadcast_to(level, wanted.shape)
    if switches.sticky:
        wanted = follow_slowly(wanted)
    if switches.ceiling:
        wanted = np.minimum(wanted, level + 0.5)
    return _put_on_grid(wanted)


def _put_on_grid(rates: Floats) -> Floats:
    on_grid: Floats = np.round(rates / STEP) * STEP
    return on_grid


def _draw_competitors(
    rng: Generator, levels: dict[str, Floats], policy: Floats, shape: tuple[int, int]
) -> dict[str, Floats]:
    """Draw what competitors pay: policy, common and local moves, on the grid."""
    rates = {}
    for product, level in levels.items():
        moves = wander(rng, (1, shape[1]), _MEMORY, _COMMON_MOVES)
        moves = moves + wander(rng, shape, _MEMORY, _LOCAL_MOVES)
        rates[product] = _put_on_grid(level + COMPETITORS_LEAD * policy + moves)
    return rates


def _see_competitors(rng: Generator, rates: dict[str, Floats]) -> dict[str, Floats]:
    """See each region's competitors once a quarter, not all in the same month."""
    seen = {}
    for product, rate in rates.items():
        region, month = np.indices(rate.shape)
        last = np.maximum(month - (month + region) % QUARTER, 0)
        read = rate + rng.normal(0, _MISREADING, rate.shape)
        seen[product] = read[region, last]
    return seen


def _draw_wedges(
    rng: Generator, shape: tuple[int, int], size: float
) -> dict[str, Floats]:
    """Put half of the regions up and half down, others each quarter."""
    regions, months = shape
    quarters = -(-months // QUARTER)
    signs = np.where(np.arange(regions) % 2 == 0, size, -size)
    wedges = {}
    for product in PRODUCTS:
        drawn = rng.permuted(np.tile(signs, (quarters, 1)), axis=1).T
        wedges[product] = np.repeat(drawn, QUARTER, axis=1)[:, :months]
    return wedges
