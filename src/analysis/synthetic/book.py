"""The book of live accounts: which are opened, renewed, withdrawn and ended."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import LIVES, Accounts, make_accounts
from analysis.synthetic.contracts import Contracts, Signing
from analysis.synthetic.months import number_months
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.rates import RateWorld
from analysis.synthetic.streams import Streams

_ENDS_AT_RANDOM = np.array([slot.life == 0 for slot in model.SLOTS])
_ENDS_AT_RANDOM[model.CURRENT] = False


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
        self.accounts = make_accounts(0, 0)

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
        wishes = self._wish(people, assets, draws, start=month if is_start else None)
        self._open(_join_wishes([*wishes, renewed]), people, prices, month)

    def _end_accounts(
        self, people: Population, assets: NDArray[np.int64], draws: np.random.Generator
    ) -> Wishes:
        live = self.accounts
        live.age += 1
        stays = people.present[live.customer]
        stays &= people.active[live.customer] | (live.slot == model.CURRENT)
        ripe = (LIVES[live.slot] > 0) & (live.age >= LIVES[live.slot])
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
        start: int | None,
    ) -> list[Wishes]:
        live = self.accounts
        yuan = assets / 100
        planned = _sum_planned(live.take(live.is_term), len(people))
        has = np.zeros((len(model.SLOTS), len(people)), np.bool_)
        has[live.slot, live.customer] = True
        wishes = []
        for number, slot in enumerate(model.SLOTS):
            chance = _give_chance(number, is_start=start is not None)[people.held_tier]
            wants = draws.random(len(people), np.float32) < chance
            wants &= people.present if number == model.CURRENT else people.active
            wants &= ~has[number] & (yuan >= slot.entry)
            customers = np.flatnonzero(wants)
            size = _draw_sizes(number, yuan[customers], draws)
            if number in model.TERM_SLOTS:
                room = model.OPENING_LIMIT * yuan[customers] - planned[customers]
                customers, size = customers[size <= room], size[size <= room]
                planned[customers] += size
            back = np.zeros(len(size), np.int64)
            if start is not None:
                tenure = start - number_months(people.open_day[customers])
                back = _draw_ages(number, tenure, draws)
            wishes.append(_make_wishes(customers, number, size, back))
        return wishes

    def _open(
        self, wishes: Wishes, people: Population, prices: MonthPrices, month: int
    ) -> None:
        size = len(wishes.customer)
        draws = self._streams.at("contracts", month)
        opened = make_accounts(self._next_number, size)
        opened.customer, opened.slot = wishes.customer, wishes.slot
        opened.age, opened.base = wishes.back, wishes.base
        start = draws.standard_normal(size).astype(np.float32)
        opened.noise = np.float32(model.NOISE_DEVIATION) * start
        signing = Signing(people, self._world, prices, month)
        contracts = signing.sign(opened, draws)
        opened.rate = contracts.rate.astype(np.float32)
        self._next_number += size
        self.contracts.append(contracts)
        self.accounts = self.accounts.join(opened)


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
    number: int, tenure: NDArray[np.int64], draws: np.random.Generator
) -> NDArray[np.int64]:
    """Draw the age of contracts found at the start: none older than its customer."""
    age = draws.integers(0, model.SLOTS[number].life or 60, len(tenure))
    return np.minimum(age, tenure)
