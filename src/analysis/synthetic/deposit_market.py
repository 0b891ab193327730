"""A market for deposits as one panel, drawn in a second: what each price did is known.

Where the whole bank has customers, ledgers and surveys, this has only accounts, prices
and what moved them, so that an estimator can be scored over hundreds of draws. Every
trouble of real deposit panels has a switch. Rates are percent a year, responses are
log points of balance per percentage point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Generator = np.random.Generator

PRODUCTS = {"savings": 0.04, "term": 0.12, "large_denomination": 0.20}
"""Response of balances to the own rate, log points per percentage point."""
SEGMENTS = {"mass": 0.6, "affluent": 1.0, "private": 1.5, "business": 1.2}
"""Multiplies the response."""
SISTER = {
    "savings": "term",
    "term": "large_denomination",
    "large_denomination": "term",
}
"""The product that a product loses money to."""
CROSS_SHARE = 0.3
"""Response to the sister's rate, as a share of the response to the own."""
ANCHORS = {"savings": 0.3, "term": 1.5, "large_denomination": 2.0}
FOLLOWING = {"savings": 0.2, "term": 0.6, "large_denomination": 0.7}
"""Level of a rate and its share of policy moves."""
STEP = 0.05
"""Posted rates stand on a grid of 5 bp."""
CREDIT_LOAD = 0.6
_MONTHS_OF_EXCEPTION = 3
_EXCEPTION_RATE = 0.30
_KEPT_INTEREST = 0.9
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class MarketSwitches:
    """What is wrong with the world; all but the last four as in any bank.

    Parameters
    ----------
    answer : float
        Percentage points by which posted rates rise per log point of outflow.
    exceptions : bool
        Whether accounts that shrink are paid more than the posted rate.
    cannibalisation : bool
        Whether money moves to the sister product when that pays more.
    capitalisation : bool
        Whether interest is credited to the balance each quarter.
    quarter_end : bool
        Whether business balances swell at the end of a quarter.
    ceiling : bool
        Whether posted rates have a highest value.
    attrition : bool
        Whether accounts close, sooner the less they are paid.
    credit_load : float
        How much of the treasury's credit reaches posted rates: 0 leaves no
        instrument, little a weak one.
    uniform : bool
        Whether headquarters sets one price for all regions.
    credit_answers : float
        Percentage points by which the treasury credits more per log point of outflow:
        its credit is then no instrument.
    """

    answer: float = 2.0
    exceptions: bool = True
    cannibalisation: bool = True
    capitalisation: bool = True
    quarter_end: bool = True
    ceiling: bool = True
    attrition: bool = True
    credit_load: float = CREDIT_LOAD
    uniform: bool = False
    credit_answers: float = 0.0


@dataclass(frozen=True, slots=True)
class Market:
    """One draw.

    Parameters
    ----------
    accounts : pandas.DataFrame
        One row per account and month that it is open: `product`, `segment`, `region`,
        `account`, `month` (from 0), `balance` (with credited interest), `credited`
        (interest credited in the month, as a share of the balance), `paid_pct`.
    prices : pandas.DataFrame
        One row per product, region and month: `posted_pct`, `credit_pct`.
    truth : pandas.DataFrame
        One row per product and segment: `response`, log points per percentage point.
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
    prices = _Prices.draw(rng, chosen, regions, months)
    parts = [
        _draw_accounts(rng, chosen, prices, (product, segment), accounts_per_cell)
        for product in PRODUCTS
        for segment in SEGMENTS
    ]
    truth = [
        {"product": product, "segment": segment, "response": base * multiple}
        for product, base in PRODUCTS.items()
        for segment, multiple in SEGMENTS.items()
    ]
    return Market(
        pd.concat(parts, ignore_index=True), prices.tabulate(), pd.DataFrame(truth)
    )


@dataclass(frozen=True, slots=True)
class _Prices:
    """Posted rates, the treasury's credit and demand, by product: region x month."""

    posted: dict[str, Floats]
    credit: dict[str, Floats]
    demand: dict[str, Floats]

    @classmethod
    def draw(
        cls, rng: Generator, switches: MarketSwitches, regions: int, months: int
    ) -> _Prices:
        shape = (regions, months)
        policy = 2.0 + 0.25 * np.cumsum(
            rng.choice([-1, 0, 1], months, p=[0.14, 0.78, 0.08])
        )
        common = _wander(rng, shape, 0.9, 0.35)
        demand = {product: _wander(rng, shape, 0.85, 0.06) for product in PRODUCTS}
        posted, credit = {}, {}
        for product in PRODUCTS:
            seen = (demand[product] + np.roll(demand[product], 1, axis=1)) / 2
            cost = 0.6 * common + 0.8 * _wander(rng, shape, 0.9, 0.35)
            credit[product] = policy + cost - switches.credit_answers * seen
            level = ANCHORS[product] + FOLLOWING[product] * policy
            local = switches.credit_load * (credit[product] - policy)
            wanted = level + local - switches.answer * seen
            wanted = wanted + rng.normal(0, 0.03, shape)
            if switches.uniform:
                wanted = np.broadcast_to(level, shape)
            if switches.ceiling:
                wanted = np.minimum(wanted, level + 0.5)
            posted[product] = np.round(wanted / STEP) * STEP
        return cls(posted, credit, demand)

    def tabulate(self) -> pd.DataFrame:
        parts = []
        for product, posted in self.posted.items():
            region, month = (index.ravel() for index in np.indices(posted.shape))
            part = {"product": product, "region": region, "month": month}
            rates = {
                "posted_pct": posted.ravel(),
                "credit_pct": self.credit[product].ravel(),
            }
            parts.append(pd.DataFrame(part | rates))
        return pd.concat(parts, ignore_index=True)


def _draw_accounts(
    rng: Generator,
    switches: MarketSwitches,
    prices: _Prices,
    kind: tuple[str, str],
    accounts_per_cell: int,
) -> pd.DataFrame:
    """Draw the accounts of a product and segment: account x month, then as rows."""
    product, segment = kind
    posted = prices.posted[product]
    regions, months = posted.shape
    region = np.repeat(np.arange(regions), accounts_per_cell)
    shape = (len(region), months)
    own = _wander(rng, shape, 0.8, 0.25)
    response = PRODUCTS[product] * SEGMENTS[segment]
    balance = rng.normal(10, 1, (len(region), 1)) + own
    balance = balance + (response * posted + prices.demand[product])[region]
    balance = balance + _wander(rng, (1, months), 0.9, 0.05)
    if switches.cannibalisation:
        cross = CROSS_SHARE * response
        balance = balance - cross * prices.posted[SISTER[product]][region]
    if switches.quarter_end and segment == "business":
        balance = balance + 0.08 * (np.arange(months) % _QUARTER == _QUARTER - 1)
    paid = posted[region] + _EXCEPTION_RATE * _grant(rng, switches, own)
    credited = _credit_interest(paid) if switches.capitalisation else np.zeros(shape)
    kept = np.cumsum(-np.log1p(-_KEPT_INTEREST * credited), axis=1)
    is_open = _close(rng, switches, paid, own)
    account, month = np.nonzero(is_open)
    return pd.DataFrame(
        {
            "product": product,
            "segment": segment,
            "region": region[account],
            "account": account,
            "month": month,
            "balance": np.exp(balance + kept)[account, month],
            "credited": (_KEPT_INTEREST * credited)[account, month],
            "paid_pct": paid[account, month],
        }
    )


def _grant(rng: Generator, switches: MarketSwitches, own: Floats) -> Floats:
    """Say in which months an account is paid an exception: those after it shrank."""
    if not switches.exceptions:
        return np.zeros_like(own)
    asked = (own < -0.35) & (rng.random(own.shape) < 0.25)
    granted = asked.copy()
    for later in range(1, _MONTHS_OF_EXCEPTION):
        granted[:, later:] |= asked[:, :-later]
    return granted.astype(float)


def _credit_interest(paid: Floats) -> Floats:
    """Credit a quarter's interest in its last month, as a share of the balance."""
    month = np.arange(paid.shape[1])
    is_last = month % _QUARTER == _QUARTER - 1
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


def _wander(
    rng: Generator, shape: tuple[int, int], memory: float, deviation: float
) -> Floats:
    """Draw series that forget: autoregressions of order one, settled from the start."""
    shocks = rng.normal(0, deviation * (1 - memory**2) ** 0.5, shape)
    shocks[:, 0] = rng.normal(0, deviation, shape[0])
    series: Floats = np.empty(shape)
    series[:, 0] = shocks[:, 0]
    for month in range(1, shape[1]):
        series[:, month] = memory * series[:, month - 1] + shocks[:, month]
    return series
