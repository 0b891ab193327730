"""The rates of the whole market: policy, curves, reference prices, competitors.

All rates are percent a year. One row of an array is one month, from 144 months before
the first balances to the last month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.months import number_month
from analysis.synthetic.streams import Streams

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateWorld:
    """What every bank faces, month by month.

    Parameters
    ----------
    first : int
        Number of the first month.
    policy, inflation : array, shape (months,)
        Policy rate; price rise over a year.
    market : array, shape (months, 2)
        Market rate by `model.MARKET_PREMIUMS`.
    funding : array, shape (months, 5)
        The bank's funding curve by `model.FUNDING_PREMIUMS`.
    reference : array, shape (months, 7)
        Headquarters' reference price of each priced slot.
    quotes : array, shape (months, 7, 8)
        What each competitor truly posts.
    """

    first: int
    policy: Floats
    inflation: Floats
    market: Floats
    funding: Floats
    reference: Floats
    quotes: Floats

    def row(self, month: int) -> int:
        """Give the row of a month; months before the first take the first.

        Parameters
        ----------
        month : int
            Number of the month.

        Returns
        -------
        int
            Position in the arrays.
        """
        return max(month - self.first, 0)

    def funding_at(self, months: NDArray[np.int64], tenor: int) -> Floats:
        """Give the funding curve at a term in given months.

        Parameters
        ----------
        months : array of int, shape (n,)
            Month numbers; those before the first take the first.
        tenor : int
            Term in months, one of `model.FUNDING_PREMIUMS`.

        Returns
        -------
        array, shape (n,)
            Percent a year.
        """
        column = list(model.FUNDING_PREMIUMS).index(tenor)
        rows: Floats = self.funding[np.maximum(months - self.first, 0), column]
        return rows


def make_rate_world(streams: Streams, first: int, last: int) -> RateWorld:
    """Make the market from its first to its last month.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    first, last : int
        Month numbers, both included.

    Returns
    -------
    RateWorld
        The market.
    """
    months = range(first, last + 1)
    policy = np.array([_step_policy(month) for month in months])
    shocks = np.array([streams.at("market", m).standard_normal(32) for m in months])
    level = _persist(shocks[:, 0], 0.9, 0.08)
    funding = _draw_funding(policy, level, first) + 0.01 * shocks[:, 4:9]
    market = np.array(list(model.MARKET_PREMIUMS.values()))
    return RateWorld(
        first=first,
        policy=policy,
        inflation=1.8 + _persist(shocks[:, 1], 0.95, 0.5),
        market=(policy + level)[:, None] + market + 0.03 * shocks[:, 2:4],
        funding=funding,
        reference=_follow_policy(policy, shocks[:, 9:16]),
        quotes=_quote_competitors(streams, policy, first),
    )


def _step_policy(month: int) -> float:
    current = model.POLICY_STEPS[0][1]
    for text, rate in model.POLICY_STEPS:
        if number_month(date.fromisoformat(f"{text}-01")) <= month:
            current = rate
    return current


def _draw_funding(policy: Floats, level: Floats, first: int) -> Floats:
    """Draw the curve; its point at term 0 moves slowly, as most such money stays."""
    premiums = np.array(list(model.FUNDING_PREMIUMS.values()))
    curve: Floats = (policy + level)[:, None] + premiums
    before = [
        _step_policy(first - back) for back in range(model.CORE_MONTHS - 1, 0, -1)
    ]
    window = np.full(model.CORE_MONTHS, 1 / model.CORE_MONTHS)
    core = np.convolve(np.concatenate([before, policy]), window, mode="valid")
    rolled = core - model.CORE_DISCOUNT
    curve[:, 0] = (1 - model.CORE_SHARE) * curve[:, 0] + model.CORE_SHARE * rolled
    return curve


def _persist(shocks: Floats, memory: float, deviation: float) -> Floats:
    values = np.empty_like(shocks)
    values[0] = shocks[0]
    for row in range(1, len(shocks)):
        values[row] = memory * values[row - 1] + (1 - memory**2) ** 0.5 * shocks[row]
    return deviation * values


def _follow_policy(policy: Floats, shocks: Floats) -> Floats:
    slots = [model.SLOTS[number] for number in model.PRICED_SLOTS]
    anchor = np.array([slot.anchor for slot in slots])
    slope = np.array([slot.pass_through for slot in slots])
    prices = np.empty((len(policy), len(slots)))
    prices[0] = anchor + slope * policy[0]
    for row in range(1, len(policy)):
        error = prices[row - 1] - anchor - slope * policy[row - 1]
        speed = np.where(error > 0, model.SPEED_DOWN, model.SPEED_UP)
        at_once = model.IMPACT * slope * (policy[row] - policy[row - 1])
        noise = model.REFERENCE_DEVIATION * np.minimum(slope / 0.4, 1) * shocks[row]
        prices[row] = prices[row - 1] + at_once - speed * error + noise
    return np.maximum(prices, 0.01)


def _quote_competitors(streams: Streams, policy: Floats, first: int) -> Floats:
    slots = [model.SLOTS[number] for number in model.PRICED_SLOTS]
    anchor = np.array([slot.anchor for slot in slots])
    slope = np.array([slot.pass_through for slot in slots])
    followed = np.empty_like(policy)
    followed[0] = policy[0]
    for row in range(1, len(policy)):
        step = model.COMPETITOR_SPEED * (policy[row] - followed[row - 1])
        followed[row] = followed[row - 1] + step
    shape = (len(slots), len(model.COMPETITORS) + 1)
    shocks = np.array(
        [
            streams.at("competitors", first + row).standard_normal(shape)
            for row in range(len(policy))
        ]
    )
    moves = _persist(shocks, 0.8, model.COMPETITOR_DEVIATION)
    spreads = np.linspace(-0.10, 0.15, len(model.COMPETITORS))
    scale = np.minimum(slope / 0.4, 1)[:, None]
    centre = (anchor + 0.02 + slope * followed[:, None])[:, :, None]
    quotes = centre + scale * (spreads + moves[:, :, :1] + moves[:, :, 1:])
    rounded = np.round(quotes / model.PRICE_STEP) * model.PRICE_STEP
    return np.maximum(rounded, model.LOWEST_PRICE)
