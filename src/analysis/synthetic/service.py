"""What customers do, what it costs, and the fees and points they bring.

Minutes are minutes of work, amounts are fen. The cost pools are sized on the work
expected of the customers present, so that some capacity stays unused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.population import Population
from analysis.synthetic.queueing import Queues

Fen = NDArray[np.int64]

CHANNELS = ("柜面", "ATM", "智能柜员机", "电话", "网银", "手机", "企微", "客户经理")
POOLS = ("网点人员", "自助设备", "客服中心", "线上渠道", "客户经理队伍")
YUAN_A_MINUTE = (3.6, 1.15, 2.0, 1.5, 6.0)
"""Cost of a minute of each pool's practical capacity."""
TARGET_USE = (0.84, 0.80, 0.82, 0.83, 0.84)
"""Share of each pool's minutes expected to be used."""
WAGE_GROWTH = 0.02


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity in one channel.

    Parameters
    ----------
    name : str
        What is done.
    channel, pool : int
        Codes in `CHANNELS` and `POOLS`.
    minutes : float
        Time that one takes.
    monthly : tuple of float
        Times a month of an active customer without the app, by tier.
    digital : float
        Multiplier for users of the app.
    wait : float
        Average minutes before being served, 0 for none.
    anger : float
        How much more often, in logs, for each deviation of satisfaction lost.
    """

    name: str
    channel: int
    pool: int
    minutes: float
    monthly: tuple[float, ...]
    digital: float = 1.0
    wait: float = 0.0
    anger: float = 0.0


ACTIVITIES = (
    Activity("现金存取", 0, 0, 10.0, (0.18, 0.35, 0.45, 0.5, 0.6), 0.5, 14.0),
    Activity("账户服务", 0, 0, 18.0, (0.04, 0.08, 0.14, 0.2, 0.3), 0.7, 14.0),
    Activity("取现", 1, 1, 1.5, (0.5, 0.6, 0.5, 0.3, 0.2), 0.8),
    Activity("自助业务", 2, 1, 5.0, (0.15, 0.25, 0.3, 0.3, 0.3), 1.0, 3.0),
    Activity("咨询", 3, 2, 7.0, (0.06, 0.12, 0.25, 0.4, 0.5), 0.8, 2.0),
    Activity(
        "投诉处理", 3, 2, 45.0, (0.004, 0.008, 0.015, 0.02, 0.03), 1.0, 4.0, anger=0.6
    ),
    Activity("转账", 4, 3, 0.3, (0.1, 0.3, 0.8, 2.0, 4.0), 1.5),
    Activity("转账缴费", 5, 3, 0.15, (0.0, 0.0, 0.0, 0.0, 0.0), 1.0),
    Activity("沟通", 6, 4, 4.0, (0.02, 0.2, 0.9, 2.0, 4.0), 1.3),
    Activity("面访", 7, 4, 75.0, (0.0, 0.025, 0.33, 1.45, 4.0), 1.0),
)
APP = 7
APP_MONTHLY = (5.0, 8.0, 10.0, 10.0, 8.0)
UPKEEP = Activity("账户维护", 4, 3, 1.4, (0.0,) * 5)
"""Checking and statements, by the bank: once a quarter for every customer."""

WEALTH_FEES = (0.0050, 0.0045, 0.0042, 0.0036, 0.0030)
"""Fee on wealth products by tier held, share of the average balance a year."""
CARD_FEE, POINTS_SHARE = 0.020, 0.010
"""Shares of a card's average balance a year: fee, and cost of points."""
ACCOUNT_FEE, PAYMENT_FEE = 8.0, 0.5
"""Yuan a month of a small business; yuan for an internet-bank transfer."""


@dataclass(frozen=True, slots=True)
class MonthEvents:
    """A month's events, one position each.

    Parameters
    ----------
    customer, activity, count : array of int
        Who did what, how often; the last activity code is `UPKEEP`.
    wait : array
        Average minutes waited, NaN where there is no waiting.
    transfers : array, shape (customers,)
        Internet-bank transfers of each customer.
    expected_minutes : array, shape (5,)
        Minutes of work expected by pool.
    """

    customer: NDArray[np.int64]
    activity: NDArray[np.int8]
    count: NDArray[np.int64]
    wait: NDArray[np.float64]
    transfers: NDArray[np.int64]
    expected_minutes: NDArray[np.float64]


_COUNTER = 0
_IS_COUNTER = np.array([part.channel == _COUNTER for part in (*ACTIVITIES, UPKEEP)])


def list_activities() -> tuple[Activity, ...]:
    """Give all activities, the bank's own upkeep last."""
    return (*ACTIVITIES, UPKEEP)


def draw_events(
    people: Population,
    month: int,
    draws: np.random.Generator,
    queues: Queues,
) -> MonthEvents:
    """Draw what customers did in a month.

    Parameters
    ----------
    people : Population
        Customers.
    month : int
        Number of the month.
    draws : numpy.random.Generator
        Random numbers of the month.
    queues : Queues
        Multipliers of the usual waiting times.

    Returns
    -------
    MonthEvents
        The events, ordered by activity, then customer.
    """
    awake = np.flatnonzero(people.active)
    parts, expected = [], np.zeros(len(POOLS))
    transfers = np.zeros(len(people), np.int64)
    for code, activity in enumerate(ACTIVITIES):
        rate = _expect_counts(people, awake, code)
        expected[activity.pool] += activity.minutes * float(rate.sum())
        count = draws.poisson(rate)
        rows = np.flatnonzero(count)
        parts.append((awake[rows], np.full(len(rows), code), count[rows]))
        if activity.channel == 4:
            transfers[awake] = count
    here = np.flatnonzero(people.present)
    here = here[here % 3 == month % 3]
    parts.append((here, np.full(len(here), len(ACTIVITIES)), np.ones_like(here)))
    expected[UPKEEP.pool] += UPKEEP.minutes * len(here)
    customer, number, count = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    waits = _draw_waits(number, draws)
    at_counter = _IS_COUNTER[number]
    waits[at_counter] *= queues.at_counter[customer[at_counter]]
    return MonthEvents(
        customer=customer,
        activity=number.astype(np.int8),
        count=count,
        wait=np.round(queues.everywhere * waits, 1),
        transfers=transfers,
        expected_minutes=expected,
    )


def size_pools(
    expected: NDArray[np.float64], years: float
) -> tuple[Fen, NDArray[np.float64]]:
    """Give what the pools cost and could do in a month.

    Parameters
    ----------
    expected : array, shape (5,)
        Minutes of work expected.
    years : float
        Years since the first month: a minute costs 2 % more every year.

    Returns
    -------
    amounts : array of int, shape (5,)
        Cost of each pool, fen.
    minutes : array, shape (5,)
        Practical capacity, minutes.
    """
    minutes = np.maximum(np.rint(expected / np.array(TARGET_USE)), 1.0)
    price = np.array(YUAN_A_MINUTE) * (1 + WAGE_GROWTH) ** years
    return np.rint(100 * price * minutes).astype(np.int64), minutes


def book_income(
    people: Population,
    accounts: Accounts,
    balances: MonthBalances,
    transfers: NDArray[np.int64],
) -> tuple[Fen, Fen]:
    """Book a month's fees and points to customers.

    Parameters
    ----------
    people : Population
        Customers.
    accounts : Accounts
        Live accounts.
    balances : MonthBalances
        Their balances.
    transfers : array of int, shape (customers,)
        Internet-bank transfers.

    Returns
    -------
    fee, points : array of int, shape (customers,)
        Income (0 or more) and cost (0 or less), fen.
    """
    held = {
        slot: np.bincount(
            accounts.customer[accounts.slot == slot],
            weights=balances.average[accounts.slot == slot],
            minlength=len(people),
        )
        for slot in (model.WEALTH, model.CARD)
    }
    wealth_fee = np.array(WEALTH_FEES)[people.held_tier]
    shares = wealth_fee * held[model.WEALTH] + CARD_FEE * held[model.CARD]
    business = 100 * ACCOUNT_FEE * (people.is_business & people.active)
    fee = np.rint(shares / 12 + business + 100 * PAYMENT_FEE * transfers)
    points = np.rint(-POINTS_SHARE * held[model.CARD] / 12)
    return fee.astype(np.int64), points.astype(np.int64)


def _expect_counts(
    people: Population, awake: NDArray[np.int64], number: int
) -> NDArray[np.float64]:
    digital = people.is_digital[awake].astype(np.int8)
    rates = _give_rates(number)[people.held_tier[awake], digital]
    anger = ACTIVITIES[number].anger
    if anger:
        # Divided by the mean of a lognormal, so that the bank's average stays.
        moods = np.exp(-anger * people.satisfaction[awake] - anger**2 / 2)
        rates = rates * moods
    expected: NDArray[np.float64] = rates * people.intensity[awake]
    return expected


def _give_rates(number: int) -> NDArray[np.float64]:
    """Give times a month by tier and use of the app, shape (5, 2)."""
    activity = ACTIVITIES[number]
    plain = np.array(activity.monthly)
    digital = np.array(APP_MONTHLY) if number == APP else activity.digital * plain
    return np.column_stack([plain, digital])


def _draw_waits(
    number: NDArray[np.int64], draws: np.random.Generator
) -> NDArray[np.float64]:
    means = np.array([activity.wait for activity in list_activities()])[number]
    waits = means * draws.gamma(2.0, 0.5, len(number))
    return np.where(means > 0, waits, np.nan)
