"""The book of live accounts: which are opened, renewed, withdrawn and ended."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.months import place_days
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.rates import RateWorld
from analysis.synthetic.streams import Streams

_LIVES = np.array([slot.life for slot in model.SLOTS], np.int16)
_SIDES = np.array([slot.side for slot in model.SLOTS])
_IS_TERM = np.isin(np.arange(len(model.SLOTS)), list(model.TERM_SLOTS))
_ENDS_AT_RANDOM = np.array([slot.life == 0 for slot in model.SLOTS])
_ENDS_AT_RANDOM[model.CURRENT] = False


@dataclass(slots=True)
class Accounts:
    """Accounts, one position each, in the order of their numbers.

    Parameters
    ----------
    number, customer : array of int
        Number of the account; position of its customer.
    slot, age : array of int
        Product and term; whole months since its first day.
    base, noise : array
        Planned log size in yuan, or log share for the current account; AR noise.
    rate : array
        Contract rate, percent; NaN where the posted rate applies.
    accrued : array of int
        Interest not yet credited, fen.
    """

    number: NDArray[np.int32]
    customer: NDArray[np.int32]
    slot: NDArray[np.int8]
    age: NDArray[np.int16]
    base: NDArray[np.float32]
    noise: NDArray[np.float32]
    rate: NDArray[np.float32]
    accrued: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def is_term(self) -> NDArray[np.bool_]:
        """Whether each account follows the log-linear balance law."""
        return _IS_TERM[self.slot]

    def take(self, rows: NDArray[Any]) -> Accounts:
        """Give some of the accounts, by mask or position."""
        parts = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return Accounts(**parts)

    def join(self, others: Accounts) -> Accounts:
        """Give these accounts followed by others."""
        parts = {
            field.name: np.concatenate(
                (getattr(self, field.name), getattr(others, field.name))
            )
            for field in fields(self)
        }
        return Accounts(**parts)


@dataclass(frozen=True, slots=True)
class Contracts:
    """What is fixed when accounts are opened, in the order of their numbers.

    Parameters
    ----------
    number, customer, slot : array of int
        As in `Accounts`.
    open_day, end_day : array of datetime64[D]
        First day; day of maturity, NaT for none.
    rate, transfer_rate : array
        Percent; NaN for none.
    is_exception : array of bool
        Whether the rate is above the posted one.
    """

    number: NDArray[np.int32]
    customer: NDArray[np.int32]
    slot: NDArray[np.int8]
    open_day: NDArray[np.datetime64]
    end_day: NDArray[np.datetime64]
    rate: NDArray[np.float64]
    transfer_rate: NDArray[np.float64]
    is_exception: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wishes:
    """Accounts about to be opened.

    Parameters
    ----------
    customer, slot : array of int
        Who opens what.
    base : array
        Planned log size.
    back : array of int
        Months before this one in which they were opened; 0 for now.
    """

    customer: NDArray[np.int32]
    slot: NDArray[np.int8]
    base: NDArray[np.float32]
    back: NDArray[np.int16]


class Book:
    """Live accounts and the list of all contracts ever made.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    world : RateWorld
        The market, for rates of contracts.
    """

    def __init__(self, streams: Streams, world: RateWorld) -> None:
        self._streams = streams
        self._world = world
        self._next_number = 1
        self.contracts: list[Contracts] = []
        self.accounts = _make_accounts(0, 0)

    def move(
        self,
        people: Population,
        assets: NDArray[np.int64],
        prices: MonthPrices,
        month: int,
    ) -> None:
        """End, renew and open accounts at a month's start.

        Parameters
        ----------
        people : Population
            Customers after their moves of the month.
        assets : array of int, shape (customers,)
            Total assets, fen.
        prices : MonthPrices
            Prices of the month.
        month : int
            Number of the month.
        """
        draws = self._streams.at("accounts", month)
        is_start = not self.contracts
        renewed = self._end_accounts(people, assets, draws)
        wishes = self._wish(people, assets, draws, is_start=is_start)
        self._open(_join_wishes([*wishes, renewed]), people, prices, month)

    def _end_accounts(
        self, people: Population, assets: NDArray[np.int64], draws: np.random.Generator
    ) -> Wishes:
        live = self.accounts
        live.age += 1
        stays = people.present[live.customer]
        stays &= people.active[live.customer] | (live.slot == model.CURRENT)
        ripe = (_LIVES[live.slot] > 0) & (live.age >= _LIVES[live.slot])
        chance = draws.random(len(live))
        renews = ripe & (chance < model.RENEWAL_CHANCE) & stays
        stays &= ~ripe
        stays &= ~(_ENDS_AT_RANDOM[live.slot] & (chance < model.MONTHLY_EXIT))
        crowded = self._find_crowded(stays | renews, assets)
        withdrawn = crowded[live.customer] & live.is_term
        old = live.take(renews & ~withdrawn)
        self.accounts = live.take(stays & ~withdrawn)
        shift = 0.05 * draws.standard_normal(len(old), np.float32)
        back = np.zeros(len(old), np.int16)
        return Wishes(old.customer, old.slot, old.base + shift, back)

    def _find_crowded(
        self, kept: NDArray[np.bool_], assets: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        live = self.accounts
        planned = _sum_planned(live.take(kept & live.is_term), len(assets))
        return planned > model.PLANNED_LIMIT * assets / 100

    def _wish(
        self,
        people: Population,
        assets: NDArray[np.int64],
        draws: np.random.Generator,
        *,
        is_start: bool,
    ) -> list[Wishes]:
        live = self.accounts
        yuan = assets / 100
        planned = _sum_planned(live.take(live.is_term), len(people))
        has = np.zeros((len(model.SLOTS), len(people)), np.bool_)
        has[live.slot, live.customer] = True
        wishes = []
        for number, slot in enumerate(model.SLOTS):
            chance = _give_chance(number, is_start=is_start)[people.held_tier]
            wants = draws.random(len(people), np.float32) < chance
            wants &= people.present if number == model.CURRENT else people.active
            wants &= ~has[number] & (yuan >= slot.entry)
            customers = np.flatnonzero(wants)
            size = _draw_sizes(number, yuan[customers], draws)
            if number in model.TERM_SLOTS:
                room = model.OPENING_LIMIT * yuan[customers] - planned[customers]
                customers, size = customers[size <= room], size[size <= room]
                planned[customers] += size
            back = _draw_ages(number, len(size), draws, is_start=is_start)
            wishes.append(_make_wishes(customers, number, size, back))
        return wishes

    def _open(
        self, wishes: Wishes, people: Population, prices: MonthPrices, month: int
    ) -> None:
        size = len(wishes.customer)
        draws = self._streams.at("contracts", month)
        opened = _make_accounts(self._next_number, size)
        opened.customer, opened.slot = wishes.customer, wishes.slot
        opened.age, opened.base = wishes.back, wishes.base
        start = draws.standard_normal(size).astype(np.float32)
        opened.noise = np.float32(model.NOISE_DEVIATION) * start
        contracts = self._sign(opened, people, prices, month, draws)
        opened.rate = contracts.rate.astype(np.float32)
        self._next_number += size
        self.contracts.append(contracts)
        self.accounts = self.accounts.join(opened)

    def _sign(
        self,
        opened: Accounts,
        people: Population,
        prices: MonthPrices,
        month: int,
        draws: np.random.Generator,
    ) -> Contracts:
        months = month - opened.age.astype(np.int64)
        day = draws.integers(1, 29, len(opened))
        lives = _LIVES[opened.slot].astype(np.int64)
        open_day = place_days(months, day)
        joined = people.open_day[opened.customer]
        open_day = np.where(opened.slot == model.CURRENT, joined, open_day)
        # Nobody holds a contract from before joining the bank.
        open_day = np.maximum(open_day, joined)
        end_day = place_days(months + lives, day)
        end_day[lives == 0] = np.datetime64("NaT")
        rate, transfer = self._quote(opened, people, prices, months, draws)
        bonus = _draw_bonus(opened, people, prices, draws)
        return Contracts(
            number=opened.number,
            customer=opened.customer,
            slot=opened.slot,
            open_day=open_day,
            end_day=end_day,
            rate=np.round(rate + bonus, 4),
            transfer_rate=np.round(transfer, 4),
            is_exception=bonus > 0,
        )

    def _quote(
        self,
        opened: Accounts,
        people: Population,
        prices: MonthPrices,
        months: NDArray[np.int64],
        draws: np.random.Generator,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rate = np.full(len(opened), np.nan)
        transfer = np.full(len(opened), np.nan)
        spread = draws.random(len(opened))
        for number, slot in enumerate(model.SLOTS):
            rows = np.flatnonzero(opened.slot == number)
            if slot.side == "investment" or (slot.side, slot.life) == ("deposit", 0):
                continue
            curve = self._world.funding_at(months[rows], slot.tenor)
            if slot.life:
                transfer[rows] = curve
            if slot.side == "loan":
                least, most = model.LOAN_SPREADS[number]
                rate[rows] = curve + least + (most - least) * spread[rows]
                continue
            customer = opened.customer[rows]
            tier, region = people.held_tier[customer], people.region[customer]
            today = prices.posted[number, tier, region]
            row = np.maximum(months[rows] - self._world.first, 0)
            then = np.round(self._world.reference[row, number] * 20) / 20
            rate[rows] = np.where(opened.age[rows] == 0, today, then)
        return rate, transfer


def _make_accounts(first: int, size: int) -> Accounts:
    return Accounts(
        number=np.arange(first, first + size, dtype=np.int32),
        customer=np.zeros(size, np.int32),
        slot=np.zeros(size, np.int8),
        age=np.zeros(size, np.int16),
        base=np.zeros(size, np.float32),
        noise=np.zeros(size, np.float32),
        rate=np.full(size, np.nan, np.float32),
        accrued=np.zeros(size, np.int64),
    )


def _make_wishes(
    customers: NDArray[Any], slot: int, sizes: NDArray[Any], back: NDArray[Any]
) -> Wishes:
    return Wishes(
        customers.astype(np.int32),
        np.full(len(customers), slot, np.int8),
        np.log(sizes).astype(np.float32),
        back.astype(np.int16),
    )


def _join_wishes(parts: list[Wishes]) -> Wishes:
    return Wishes(
        *(
            np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Wishes)
        )
    )


def _sum_planned(term: Accounts, size: int) -> NDArray[np.float64]:
    sums = np.bincount(term.customer, weights=np.exp(term.base), minlength=size)
    return sums.astype(np.float64)


def _give_chance(number: int, *, is_start: bool) -> NDArray[np.float32]:
    slot = model.SLOTS[number]
    holding = np.array(slot.holding, np.float32)
    if is_start or number == model.CURRENT:
        return holding
    # As many open as end, by maturity, at random, by withdrawal or sleep.
    ended = (1 - model.RENEWAL_CHANCE) / slot.life if slot.life else model.MONTHLY_EXIT
    is_term = number in model.TERM_SLOTS
    ended += model.TERM_REOPENING if is_term else model.OTHER_REOPENING
    return holding / (1 - holding) * np.float32(ended)


def _draw_sizes(
    number: int, yuan: NDArray[np.float64], draws: np.random.Generator
) -> NDArray[np.float64]:
    slot = model.SLOTS[number]
    smallest, largest = slot.size
    if slot.side == "loan":
        return smallest * np.exp(largest * draws.standard_normal(len(yuan)))
    share = smallest + (largest - smallest) * draws.random(len(yuan))
    if number == model.CURRENT:
        return share
    return np.maximum(slot.least, np.maximum(share * yuan, 1.0))


def _draw_ages(
    number: int, size: int, draws: np.random.Generator, *, is_start: bool
) -> NDArray[np.int64]:
    if not is_start:
        return np.zeros(size, np.int64)
    return draws.integers(0, model.SLOTS[number].life or 60, size)


def _draw_bonus(
    opened: Accounts,
    people: Population,
    prices: MonthPrices,
    draws: np.random.Generator,
) -> NDArray[np.float64]:
    tier = people.held_tier[opened.customer]
    region = people.region[opened.customer]
    number = np.minimum(opened.slot, len(model.PRICED_SLOTS) - 1)
    outflow = prices.demand[number, tier, region] < -model.DEMAND_DEVIATION
    chance = np.where(outflow, model.EXCEPTION_CHANCE_OUTFLOW, model.EXCEPTION_CHANCE)
    least, most = model.EXCEPTION_BONUS
    bonus = least + (most - least) * draws.random(len(opened))
    eligible = (_SIDES[opened.slot] == "deposit") & (_LIVES[opened.slot] > 0)
    granted = eligible & (tier >= model.EXCEPTION_TIER)
    granted &= draws.random(len(opened)) < chance
    return np.where(granted, np.round(bonus * 20) / 20, 0.0)
