"""Balances and interest of a month: term accounts by their law, the rest by residual.

Amounts are fen as whole numbers; what is published in yuan is fen divided by 100, so
that interest can be computed again to the fen from the published columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import IS_LOAN, LIVES, Accounts
from analysis.synthetic.months import count_days, ends_quarter
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.quantiles import bound_assets

Fen = NDArray[np.int64]
_BETA = np.array(
    [
        [slot.elasticity * multiplier for multiplier in model.TIER_ELASTICITY]
        for slot in model.SLOTS
    ],
    np.float32,
)


@dataclass(frozen=True, slots=True)
class MonthBalances:
    """Balances of the live accounts, and what customers hold in all.

    Parameters
    ----------
    average, end, interest, credited : array of int, shape (accounts,)
        Average balance, balance at the end, interest accrued and credited, fen;
        credited is -1 for loans and investments.
    rate : array, shape (accounts,)
        Decimal a year, NaN for investments.
    assets : array of int, shape (customers,)
        Deposits and investments, fen.
    scaled : int
        Customers whose contracts had to be scaled down to fit their tier.
    """

    average: Fen
    end: Fen
    interest: Fen
    credited: Fen
    rate: NDArray[np.float64]
    assets: Fen
    scaled: int


def draw_balances(
    accounts: Accounts,
    people: Population,
    assets: Fen,
    prices: MonthPrices,
    month: int,
    draws: np.random.Generator,
) -> MonthBalances:
    """Draw a month's balances; noise and accrued interest of accounts move on.

    Parameters
    ----------
    accounts : Accounts
        Live accounts.
    people : Population
        Customers.
    assets : array of int, shape (customers,)
        Total assets wanted, fen.
    prices : MonthPrices
        Prices of the month.
    month : int
        Number of the month.
    draws : numpy.random.Generator
        Random numbers of the month.

    Returns
    -------
    MonthBalances
        The balances.
    """
    _move_noise(accounts, draws)
    tier = people.held_tier[accounts.customer]
    region = people.region[accounts.customer]
    response = _respond(accounts, tier, region, prices)
    average, scaled = _fill_term(accounts, assets, response)
    _fill_liquid(accounts, people, assets, response, average)
    _fill_loans(accounts, average)
    rate = _find_rates(accounts, tier, region, prices)
    paid = np.where(np.isnan(rate), 0.0, rate)
    yearly = average / 100 * paid * count_days(month) / model.DAYS_A_YEAR
    interest = np.rint(yearly * 100).astype(np.int64)
    held = np.where(IS_LOAN[accounts.slot], 0, average)
    total = np.bincount(accounts.customer, weights=held, minlength=len(people))
    return MonthBalances(
        average=average,
        end=_close_month(accounts, average, month, draws),
        interest=interest,
        credited=_credit(accounts, interest, month),
        rate=rate,
        assets=total.astype(np.int64),
        scaled=scaled,
    )


def _move_noise(accounts: Accounts, draws: np.random.Generator) -> None:
    memory = model.NOISE_MEMORY
    scale = np.float32(model.NOISE_DEVIATION * (1 - memory**2) ** 0.5)
    shock = draws.standard_normal(len(accounts), np.float32)
    accounts.noise = np.float32(memory) * accounts.noise + scale * shock


def _respond(
    accounts: Accounts,
    tier: NDArray[np.int8],
    region: NDArray[np.int8],
    prices: MonthPrices,
) -> NDArray[np.float32]:
    """Give the log balance's distance from its base: the law of the module model."""
    slot = np.minimum(accounts.slot, len(model.PRICED_SLOTS) - 1)
    law = _BETA[: len(model.PRICED_SLOTS), :, None] * prices.gap
    law = (law + prices.demand + prices.season[:, :, None]).astype(np.float32)
    priced = accounts.slot < len(model.PRICED_SLOTS)
    return np.where(priced, law[slot, tier, region], np.float32(0)) + accounts.noise


def _fill_term(
    accounts: Accounts, assets: Fen, response: NDArray[np.float32]
) -> tuple[Fen, int]:
    average = np.zeros(len(accounts), np.int64)
    rows = np.flatnonzero(accounts.is_term)
    customer = accounts.customer[rows]
    logs = accounts.base[rows].astype(np.float64) + response[rows]
    wanted = 100 * np.exp(logs)
    total = np.bincount(customer, weights=wanted, minlength=len(assets))
    limit = model.BALANCE_LIMIT * assets
    over = total > limit
    factor = np.where(over, limit / np.maximum(total, 1), 1.0)
    average[rows] = (wanted * factor[customer]).astype(np.int64)
    return average, int(over.sum())


def _fill_liquid(
    accounts: Accounts,
    people: Population,
    assets: Fen,
    response: NDArray[np.float32],
    average: Fen,
) -> None:
    """Share out what contracts leave between current account and wealth products."""
    size = len(assets)
    term = np.bincount(accounts.customer, weights=average, minlength=size)
    least, largest = bound_assets(people.asset_tier, people.sleeping)
    term = term.astype(np.int64)
    liquid = assets - term
    wealth = np.flatnonzero(accounts.slot == model.WEALTH)
    current = np.flatnonzero(accounts.slot == model.CURRENT)
    has_wealth = np.zeros(size, np.bool_)
    has_wealth[accounts.customer[wealth]] = True
    owner = accounts.customer[current]
    shares = np.where(has_wealth[owner], accounts.base[current], np.float32(0))
    awake = ~people.sleeping[owner]
    logs = shares.astype(np.float64) + np.where(awake, response[current], 0)
    cash = (liquid[owner] * np.exp(logs)).astype(np.int64)
    floor, ceiling = np.maximum(least - term, 0)[owner], (largest - term)[owner]
    cash = np.where(has_wealth[owner], np.minimum(cash, liquid[owner]), cash)
    average[current] = np.where(has_wealth[owner], cash, np.clip(cash, floor, ceiling))
    kept = np.zeros(size, np.int64)
    kept[owner] = average[current]
    holder = accounts.customer[wealth]
    average[wealth] = (liquid - kept)[holder]


def _fill_loans(accounts: Accounts, average: Fen) -> None:
    rows = np.flatnonzero(IS_LOAN[accounts.slot])
    lives = LIVES[accounts.slot[rows]]
    # Instalment loans are paid down evenly; cards revolve with their noise.
    paid = np.where(lives > 0, accounts.age[rows] / np.maximum(lives, 1), 0.0)
    logs = accounts.base[rows] + np.where(lives > 0, 0, accounts.noise[rows])
    average[rows] = (100 * np.exp(logs.astype(np.float64)) * (1 - paid)).astype(
        np.int64
    )


def _find_rates(
    accounts: Accounts,
    tier: NDArray[np.int8],
    region: NDArray[np.int8],
    prices: MonthPrices,
) -> NDArray[np.float64]:
    slot = np.minimum(accounts.slot, len(model.PRICED_SLOTS) - 1)
    posted = prices.posted[slot, tier, region]
    renews = (accounts.slot == model.SHORT_TERM) & (accounts.age > 0)
    renews &= accounts.age % 3 == 0
    accounts.rate = np.where(renews, posted, accounts.rate).astype(np.float32)
    floats = np.isnan(accounts.rate) & (accounts.slot < model.WEALTH)
    percent = np.where(floats, posted, accounts.rate.astype(np.float64))
    return np.round(percent / 100, 6)


def _close_month(
    accounts: Accounts, average: Fen, month: int, draws: np.random.Generator
) -> Fen:
    """Let the last day differ from the average, upwards at a quarter's end."""
    shock = draws.standard_normal(len(accounts), np.float32)
    scale = np.where(accounts.slot == model.CURRENT, 0.05, 0.003)
    scale = np.where(IS_LOAN[accounts.slot], 0.0, scale)
    dressing = 0.02 * ends_quarter(month) * (accounts.slot == model.CURRENT)
    end: Fen = (average * np.exp(scale * shock + dressing)).astype(np.int64)
    return end


def _credit(accounts: Accounts, interest: Fen, month: int) -> Fen:
    """Credit current accounts at quarter ends, contracts with their last month."""
    accounts.accrued = accounts.accrued + interest
    lives = LIVES[accounts.slot]
    short = accounts.slot == model.SHORT_TERM
    ends = np.where(short, accounts.age % 3 == 2, accounts.age + 1 == lives)
    due = np.where(lives > 0, ends, ends_quarter(month))
    credited = np.where(due, accounts.accrued, 0)
    accounts.accrued = np.where(due, 0, accounts.accrued)
    return np.where(accounts.slot >= model.WEALTH, -1, credited)
