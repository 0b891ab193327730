"""One draw of a market for deposits, with the truth behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.synthetic.deposit_market.accounts import (
    BUNCHING_SHARE,
    UNINSURED_OUTFLOW,
    World,
    draw_accounts,
)
from analysis.synthetic.deposit_market.answers import measure_slope
from analysis.synthetic.deposit_market.contracts import HAZARD_RESPONSE, TERM_PRODUCTS
from analysis.synthetic.deposit_market.prices import draw_prices
from analysis.synthetic.deposit_market.switches import (
    PRODUCTS,
    SEGMENTS,
    Generator,
    MarketSwitches,
    SpareNumbers,
)


@dataclass(frozen=True, slots=True)
class Market:
    """One draw.

    Parameters
    ----------
    accounts : pandas.DataFrame
        One row per account and month that it is open: `product`, `segment`, `region`,
        `account`, `month` (from 0), `balance` (with credited interest), `credited`
        (interest credited in the month, as a share of the balance), `paid_pct`; with
        maturities `contract_months` (0 for none) and `contract_age`, months since the
        running contract began.
    prices : pandas.DataFrame
        One row per product, region and month: `posted_pct`, `credit_pct`; with
        competitors `competitor_pct`, what they pay, and `quote_pct`, what the bank has
        seen of it; with an experiment `wedge_pct`, the part of the posted rate that
        was drawn.
    truth : pandas.DataFrame
        One row per product and segment: `response`, log points per percentage point,
        on average over the rates drawn and once all has settled. With asymmetry
        `response_up` and `response_down`; with slow balances `impact` and `long_run`;
        with maturities `hazard_response`, by how much the log odds of leaving fall per
        point; with tiers `bunching_share`; with a limit `uninsured_outflow` and
        `stress_month`.
    """

    accounts: pd.DataFrame
    prices: pd.DataFrame
    truth: pd.DataFrame


def draw_market(
    rng: Generator,
    *,
    switches: MarketSwitches | None = None,
    regions: int = 30,
    accounts_per_cell: int = 8,
    months: int = 60,
) -> Market:
    """Draw a market.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    switches : MarketSwitches or None
        What is wrong with the world; the common troubles if None.
    regions, accounts_per_cell, months : int
        Size: accounts are counted by product, segment and region.

    Returns
    -------
    Market
        Accounts, prices and the truth.
    """
    chosen = switches or MarketSwitches()
    spare = SpareNumbers.take(rng)
    prices = draw_prices(rng, spare, chosen, (regions, months))
    stress_month = int(spare.stress.integers(months // 3, 2 * months // 3))
    world = World(chosen, prices, stress_month, spare)
    kinds = [(product, segment) for product in PRODUCTS for segment in SEGMENTS]
    parts = [draw_accounts(rng, world, kind, accounts_per_cell) for kind in kinds]
    truth = pd.DataFrame([_tell_truth(world, *kind) for kind in kinds])
    return Market(pd.concat(parts, ignore_index=True), prices.tabulate(), truth)


def _tell_truth(world: World, product: str, segment: str) -> dict[str, object]:
    """Give what is planted in a product and segment."""
    switches, prices = world.switches, world.prices
    slope = measure_slope(prices.posted[product], prices.going[product], switches)
    response = PRODUCTS[product] * SEGMENTS[segment] * slope
    truth = {"product": product, "segment": segment, "response": response}
    if switches.asymmetry:
        truth["response_up"] = response * (1.0 - switches.asymmetry)
        truth["response_down"] = response * (1.0 + switches.asymmetry)
    if switches.adjustment < 1.0:
        truth |= {"impact": switches.adjustment * response, "long_run": response}
    if switches.maturity:
        has_term = product in TERM_PRODUCTS
        truth["hazard_response"] = (
            HAZARD_RESPONSE * SEGMENTS[segment] if has_term else np.nan
        )
    if switches.tiers:
        truth["bunching_share"] = BUNCHING_SHARE
    if switches.insured_limit:
        truth["uninsured_outflow"] = UNINSURED_OUTFLOW
        truth["stress_month"] = world.stress_month
    return truth
