"""Accounts of a product and segment: their balances, what they are paid, who stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.synthetic.deposit_market.answers import pull_balances
from analysis.synthetic.deposit_market.contracts import (
    HAZARD_RESPONSE,
    TERM_PRODUCTS,
    Contracts,
    draw_contracts,
)
from analysis.synthetic.deposit_market.prices import Prices
from analysis.synthetic.deposit_market.switches import (
    CROSS_SHARE,
    PRODUCTS,
    QUARTER,
    SEGMENTS,
    SISTER,
    Floats,
    Generator,
    MarketSwitches,
    SpareNumbers,
    wander,
)

Places = NDArray[np.intp]

BUNCHING_SHARE = 0.5
"""Share of accounts that top up to a tier when they are a little short of it."""
SHORT_OF_TIER = 0.10
"""How short, as a share of the tier."""
UNINSURED_OUTFLOW = 0.4
"""Share of the balance above the insured limit that a stress event takes away."""
STRESS_MONTHS = 6
_MONTHS_OF_EXCEPTION = 3
_EXCEPTION_RATE = 0.30
_KEPT_INTEREST = 0.9


@dataclass(frozen=True, slots=True)
class World:
    """What all accounts share.

    Parameters
    ----------
    switches : MarketSwitches
        What is wrong with the world.
    prices : Prices
        Rates and demand.
    stress_month : int
        First month of the stress event, if there is one.
    spare : SpareNumbers
        Random numbers of contracts and tiers.
    """

    switches: MarketSwitches
    prices: Prices
    stress_month: int
    spare: SpareNumbers


def draw_accounts(
    rng: Generator, world: World, kind: tuple[str, str], accounts_per_cell: int
) -> pd.DataFrame:
    """Draw the accounts of a product and segment: account x month, then as rows.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    world : World
        What all accounts share.
    kind : tuple of str
        Product and segment.
    accounts_per_cell : int
        Accounts in each region.

    Returns
    -------
    pandas.DataFrame
        One row per account and month that it is open.
    """
    product, segment = kind
    switches, prices = world.switches, world.prices
    posted = prices.posted[product]
    region = np.repeat(np.arange(len(posted)), accounts_per_cell)
    own = wander(rng, (len(region), posted.shape[1]), 0.8, 0.25)
    balance = _draw_log_balances(rng, world, kind, own, region)
    paid = posted[region] + _EXCEPTION_RATE * _grant(rng, switches, own)
    contracts = None
    if switches.maturity and product in TERM_PRODUCTS:
        gap = (posted - prices.going[product])[region]
        hazard_response = HAZARD_RESPONSE * SEGMENTS[segment]
        contracts = draw_contracts(world.spare.contracts, gap, hazard_response)
        balance, paid = contracts.hold(balance), contracts.hold(paid)
    credited = _credit_interest(paid, is_on=switches.capitalisation)
    kept = np.cumsum(-np.log1p(-_KEPT_INTEREST * credited), axis=1)
    is_open = _close(rng, switches, paid, own)
    held = _react_to_limits(np.exp(balance + kept), world)
    account, month = np.nonzero(is_open if contracts is None else contracts.is_open)
    return pd.DataFrame(
        {
            "product": product,
            "segment": segment,
            "region": region[account],
            "account": account,
            "month": month,
            "balance": held[account, month],
            "credited": (_KEPT_INTEREST * credited)[account, month],
            "paid_pct": paid[account, month],
            **_tell_contracts(switches, contracts, account, month),
        }
    )


def _draw_log_balances(
    rng: Generator, world: World, kind: tuple[str, str], own: Floats, region: Places
) -> Floats:
    """Draw log balances before interest: own level and shocks, rates and demand."""
    product, segment = kind
    switches, prices = world.switches, world.prices
    months = own.shape[1]
    response = PRODUCTS[product] * SEGMENTS[segment]
    pull = pull_balances(prices.posted[product], prices.going[product], switches)
    balance: Floats = rng.normal(10, 1, (len(own), 1)) + own
    balance = balance + (response * pull + prices.demand[product])[region]
    balance = balance + wander(rng, (1, months), 0.9, 0.05)
    if switches.cannibalisation:
        cross = CROSS_SHARE * response
        balance = balance - cross * prices.posted[SISTER[product]][region]
    if switches.quarter_end and segment == "business":
        balance = balance + 0.08 * (np.arange(months) % QUARTER == QUARTER - 1)
    return balance


def _grant(rng: Generator, switches: MarketSwitches, own: Floats) -> Floats:
    """Say in which months an account is paid an exception: those after it shrank."""
    if not switches.exceptions:
        return np.zeros_like(own)
    asked = (own < -0.35) & (rng.random(own.shape) < 0.25)
    granted = asked.copy()
    for later in range(1, _MONTHS_OF_EXCEPTION):
        granted[:, later:] |= asked[:, :-later]
    return granted.astype(float)


def _credit_interest(paid: Floats, *, is_on: bool) -> Floats:
    """Credit a quarter's interest in its last month, as a share of the balance."""
    month = np.arange(paid.shape[1])
    is_last = is_on & (month % QUARTER == QUARTER - 1)
    earned: Floats = np.where(is_last, paid / 100 / 4, 0.0)
    return earned


def _close(
    rng: Generator, switches: MarketSwitches, paid: Floats, own: Floats
) -> NDArray[np.bool_]:
    """Say in which months an account is open; it never comes back."""
    if not switches.attrition:
        return np.ones(paid.shape, dtype=bool)
    distance = paid - paid.mean()
    hazard = 0.012 * np.exp(-0.3 * distance - 0.5 * own)
    closes = rng.random(paid.shape) < hazard
    closes[:, 0] = False
    return ~np.logical_or.accumulate(closes, axis=1)


def _react_to_limits(held: Floats, world: World) -> Floats:
    """Top up to tiers, and leave with what is not insured while there is stress."""
    switches = world.switches
    if switches.tiers:
        tops_up = world.spare.tiers.random((len(held), 1)) < BUNCHING_SHARE
        for tier in switches.tiers:
            is_short = (held >= (1 - SHORT_OF_TIER) * tier) & (held < tier)
            held = np.where(is_short & tops_up, tier, held)
    if switches.insured_limit:
        month = np.arange(held.shape[1]) - world.stress_month
        in_stress = (month >= 0) & (month < STRESS_MONTHS)
        above = np.maximum(held - switches.insured_limit, 0.0)
        held = held - UNINSURED_OUTFLOW * in_stress * above
    return held


def _tell_contracts(
    switches: MarketSwitches,
    contracts: Contracts | None,
    account: Places,
    month: Places,
) -> dict[str, NDArray[np.int64] | int]:
    """Give the columns of contracts, where there are any."""
    if not switches.maturity:
        return {}
    if contracts is None:
        return {"contract_months": 0, "contract_age": 0}
    return {
        "contract_months": contracts.months[account, 0],
        "contract_age": contracts.age[account, month],
    }
