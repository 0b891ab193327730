"""What is fixed when an account is opened: days, contract rate, transfer rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import IS_DEPOSIT, LIVES, Accounts
from analysis.synthetic.months import place_days
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.rates import RateWorld

Floats = NDArray[np.float64]
_STEPS_A_POINT = round(1 / model.PRICE_STEP)


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
    rate: Floats
    transfer_rate: Floats
    is_exception: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signing:
    """The circumstances in which contracts are signed.

    Parameters
    ----------
    people : Population
        Customers.
    world : RateWorld
        The market.
    prices : MonthPrices
        Prices of the month.
    month : int
        Number of the month.
    """

    people: Population
    world: RateWorld
    prices: MonthPrices
    month: int

    def sign(self, opened: Accounts, draws: np.random.Generator) -> Contracts:
        """Fix the contracts of accounts opened now, or `age` months ago.

        Parameters
        ----------
        opened : Accounts
            New accounts.
        draws : numpy.random.Generator
            Random numbers.

        Returns
        -------
        Contracts
            Their contracts.
        """
        months = self.month - opened.age.astype(np.int64)
        open_day, end_day = self._date(opened, months, draws)
        rate, transfer = self._quote(opened, months, draws)
        bonus = self._grant_bonus(opened, draws)
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

    def _date(
        self, opened: Accounts, months: NDArray[np.int64], draws: np.random.Generator
    ) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
        day = draws.integers(1, 29, len(opened))
        joined = self.people.open_day[opened.customer]
        first = place_days(months, day)
        first = np.where(opened.slot == model.CURRENT, joined, first)
        lives = LIVES[opened.slot].astype(np.int64)
        last = place_days(months + lives, day)
        last[lives == 0] = np.datetime64("NaT")
        # Nobody holds a contract from before joining the bank.
        return np.maximum(first, joined), last

    def _quote(
        self, opened: Accounts, months: NDArray[np.int64], draws: np.random.Generator
    ) -> tuple[Floats, Floats]:
        rate = np.full(len(opened), np.nan)
        transfer = np.full(len(opened), np.nan)
        spread = draws.random(len(opened))
        for number, slot in enumerate(model.SLOTS):
            if slot.side == "investment" or (slot.side, slot.life) == ("deposit", 0):
                continue
            rows = np.flatnonzero(opened.slot == number)
            curve = self.world.funding_at(months[rows], slot.tenor)
            if slot.life:
                transfer[rows] = curve
            if slot.side == "loan":
                least, most = model.LOAN_SPREADS[number]
                rate[rows] = curve + least + (most - least) * spread[rows]
            else:
                rate[rows] = self._find_posted(opened, rows, number, months[rows])
        return rate, transfer

    def _find_posted(
        self,
        opened: Accounts,
        rows: NDArray[np.int64],
        number: int,
        months: NDArray[np.int64],
    ) -> Floats:
        """Give the cell's price now, or the reference price before cells began."""
        customer = opened.customer[rows]
        tier, region = self.people.held_tier[customer], self.people.region[customer]
        today = self.prices.posted[number, tier, region]
        reference = self.world.reference[np.maximum(months - self.world.first, 0)]
        then = np.round(reference[:, number] * _STEPS_A_POINT) / _STEPS_A_POINT
        return np.where(opened.age[rows] == 0, today, then)

    def _grant_bonus(self, opened: Accounts, draws: np.random.Generator) -> Floats:
        """Grant more than the posted rate, more often where money is leaving."""
        tier = self.people.held_tier[opened.customer]
        region = self.people.region[opened.customer]
        number = np.minimum(opened.slot, len(model.PRICED_SLOTS) - 1)
        demand = self.prices.demand[number, tier, region]
        chance = np.where(
            demand < -model.DEMAND_DEVIATION,
            model.EXCEPTION_CHANCE_OUTFLOW,
            model.EXCEPTION_CHANCE,
        )
        least, most = model.EXCEPTION_BONUS
        bonus = least + (most - least) * draws.random(len(opened))
        eligible = IS_DEPOSIT[opened.slot] & (LIVES[opened.slot] > 0)
        granted = eligible & (tier >= model.EXCEPTION_TIER)
        granted &= draws.random(len(opened)) < chance
        steps = np.round(bonus * _STEPS_A_POINT) / _STEPS_A_POINT
        return np.where(granted, steps, 0.0)
