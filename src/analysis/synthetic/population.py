"""Who the customers are, and how their tiers move from month to month."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.model import Hazard
from analysis.synthetic.months import place_days, start_month
from analysis.synthetic.streams import Streams

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]


@dataclass(slots=True)
class Population:
    """Every customer the bank ever had, one position each, in order of arrival.

    Parameters
    ----------
    region, branch, birth_year, gender, education, occupation : array of int
        What does not change; codes of `analysis.synthetic.model`.
    is_digital, is_business : array of bool
        Uses the app; is a small business.
    open_day, close_day : array of datetime64[D]
        Day of joining and of leaving, NaT while here.
    factor, intensity : array
        Hidden factor, standard normal; use of services, mean 1.
    satisfaction : array
        Latent satisfaction at the end of the last finished quarter, about standard
        normal.
    score, drift, older : array
        Score within the tier; its change over three months; scores one and two
        months ago, shape (n, 2).
    asset_tier, held_tier, months_below : array of int
        Tier by assets, tier held, months in a row with the former below the latter.
    sleeping, present : array of bool
        State.
    """

    region: Codes
    branch: NDArray[np.int16]
    birth_year: NDArray[np.int16]
    gender: Codes
    education: Codes
    occupation: Codes
    is_digital: Flags
    is_business: Flags
    open_day: NDArray[np.datetime64]
    close_day: NDArray[np.datetime64]
    factor: Floats
    intensity: Floats
    satisfaction: Floats
    score: Floats
    drift: Floats
    older: Floats
    asset_tier: Codes
    held_tier: Codes
    months_below: Codes
    sleeping: Flags
    present: Flags

    def __len__(self) -> int:
        return len(self.region)

    @property
    def active(self) -> Flags:
        """Whether each customer is here and awake."""
        return self.present & ~self.sleeping

    def extend(self, others: Population) -> None:
        """Add customers at the end.

        Parameters
        ----------
        others : Population
            Customers who arrived later.
        """
        for field in fields(self):
            parts = (getattr(self, field.name), getattr(others, field.name))
            setattr(self, field.name, np.concatenate(parts))


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved in a month, with the chances behind it.

    Parameters
    ----------
    at_risk : array of bool
        Awake customers at the month's start.
    rate_gap : array
        Covariate of the hazards, pp.
    score, drift : array
        Covariates of the hazards.
    asset_tier : array of int
        Tier at the start of the month.
    chances : dict of str to array
        Chance of each move.
    happened : dict of str to array of bool
        Whether it happened.
    """

    at_risk: Flags
    rate_gap: Floats
    score: Floats
    drift: Floats
    asset_tier: Codes
    chances: dict[str, Floats]
    happened: dict[str, Flags]


def draw_customers(
    streams: Streams, month: int, size: int, *, newcomers: bool
) -> Population:
    """Draw customers who are here at a month's start or join in it.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    month : int
        Number of the month.
    size : int
        Customers.
    newcomers : bool
        Whether they join in this month; else they joined in the 20 years before.

    Returns
    -------
    Population
        The customers.
    """
    draws = streams.at("newcomers" if newcomers else "customers", month)
    year = start_month(month).year
    age = np.clip(47 + 15 * draws.standard_normal(size), 18, 92)
    factor = draws.standard_normal(size) + 0.1 * (age - 47) / 15
    factor = (factor / 1.01**0.5).astype(np.float32)
    awake = _is_awake(draws, factor, newcomers=newcomers)
    lean = 0.9 - 0.06 * (age - 45) + 0.2 * factor - 1.2 * ~awake
    drawn = draws.choice(len(model.TIERS), size, p=model.TIER_SHARES)
    tier = np.where(awake, drawn, 0).astype(np.int8)
    score = draws.standard_normal(size).astype(np.float32)
    region = draws.integers(0, len(model.REGIONS), size)
    desk = draws.integers(0, model.BRANCHES_PER_REGION, size)
    retired = age > 62
    return Population(
        region=region.astype(np.int8),
        branch=(model.BRANCHES_PER_REGION * region + desk).astype(np.int16),
        birth_year=(year - age).astype(np.int16),
        gender=draws.integers(0, 2, size).astype(np.int8),
        education=draws.choice(4, size, p=(0.38, 0.27, 0.29, 0.06)).astype(np.int8),
        occupation=np.where(retired, 4, draws.choice((0, 1, 2, 3, 5), size)).astype(
            np.int8
        ),
        is_digital=draws.random(size) < 1 / (1 + np.exp(-lean)),
        is_business=draws.random(size) < model.SMALL_BUSINESS_SHARE,
        open_day=_draw_open_days(draws, month, size, newcomers=newcomers),
        close_day=np.full(size, "NaT", "datetime64[D]"),
        factor=factor,
        intensity=draws.gamma(0.5, 2.0, size).astype(np.float32),
        satisfaction=factor,
        score=score,
        drift=np.zeros(size, np.float32),
        older=np.column_stack([score, score]),
        asset_tier=tier,
        held_tier=tier.copy(),
        months_below=np.zeros(size, np.int8),
        sleeping=~awake,
        present=np.ones(size, np.bool_),
    )


def move_customers(
    people: Population, draws: np.random.Generator, gap: NDArray[np.float64]
) -> Moves:
    """Move every customer one month on; the population is changed in place.

    Parameters
    ----------
    people : Population
        Customers at the end of the month before.
    draws : numpy.random.Generator
        Random numbers of the month.
    gap : array, shape (5, 30)
        Own less competitors' 12-month rate by tier and region, month before, pp.

    Returns
    -------
    Moves
        What happened, and its chances.
    """
    rate_gap = gap[people.held_tier, people.region].astype(np.float32)
    at_risk = people.active
    tier_before = people.asset_tier.copy()
    score, drift = people.score.copy(), people.drift.copy()
    chances = {
        name: _give_chances(hazard, people, rate_gap)
        for name, hazard in model.HAZARDS.items()
    }
    # One double-precision draw decides all three: single precision would return
    # exactly 0 once in 17 million draws and make the impossible happen.
    draw = draws.random(len(people))
    happened, taken = {}, np.zeros(len(people))
    for name in ("close", "downgrade", "upgrade"):
        chance = chances[name]
        happened[name] = at_risk & (draw >= taken) & (draw < taken + chance)
        taken = taken + chance
    _apply_moves(people, happened)
    _move_sleepers(people, draws, at_risk & ~happened["close"])
    _move_scores(people, draws)
    _hold_tiers(people)
    return Moves(at_risk, rate_gap, score, drift, tier_before, chances, happened)


def close_customers(
    people: Population, before: Flags, draws: np.random.Generator, month: int
) -> None:
    """Date the leaving of customers who were here before and are no more.

    Parameters
    ----------
    people : Population
        Customers after the month's moves; `close_day` is changed in place.
    before : array of bool, shape (customers,)
        Who was here before the moves.
    draws : numpy.random.Generator
        Random numbers of the month.
    month : int
        Number of the month.
    """
    left = np.flatnonzero(before & ~people.present)
    days = draws.integers(1, 29, len(left))
    people.close_day[left] = place_days(np.full(len(left), month), days)


def _is_awake(draws: np.random.Generator, factor: Floats, *, newcomers: bool) -> Flags:
    share = model.SLEEPING_SHARE
    lean = np.log(share / (1 - share)) - 0.3 * factor
    asleep: Flags = draws.random(len(factor)) < 1 / (1 + np.exp(-lean))
    return np.ones_like(asleep) if newcomers else ~asleep


def _draw_open_days(
    draws: np.random.Generator, month: int, size: int, *, newcomers: bool
) -> NDArray[np.datetime64]:
    back = np.zeros(size, np.int64)
    if not newcomers:
        back = 1 + np.minimum(draws.gamma(2.0, 48.0, size), 360).astype(np.int64)
    return place_days(month - back, draws.integers(1, 29, size))


def _give_chances(hazard: Hazard, people: Population, rate_gap: Floats) -> Floats:
    base = np.array(hazard.base, np.float32)[people.asset_tier]
    lean = (
        hazard.satisfaction * people.satisfaction
        + hazard.rate_gap * rate_gap
        + hazard.is_digital * people.is_digital
        + hazard.drift * people.drift
        + hazard.low * (people.score < -1)
        + hazard.high * (people.score > 1)
    )
    odds = base / (1 - base) * np.exp(lean, dtype=np.float32)
    chances: Floats = odds / (1 + odds)
    return chances


def _apply_moves(people: Population, happened: dict[str, Flags]) -> None:
    people.present &= ~happened["close"]
    people.asset_tier += happened["upgrade"].astype(np.int8)
    people.asset_tier -= happened["downgrade"].astype(np.int8)
    flipped = happened["upgrade"] | happened["downgrade"]
    sign = np.where(flipped, np.float32(-1), np.float32(1))
    people.score *= sign
    people.older *= sign[:, None]


def _move_sleepers(
    people: Population, draws: np.random.Generator, awake: Flags
) -> None:
    draw = draws.random(len(people))
    asleep = people.present & people.sleeping
    lowest = awake & (people.asset_tier == 0) & (people.held_tier == 0)
    base = model.SLEEP_CHANCE / (1 - model.SLEEP_CHANCE)
    odds = base * np.exp(model.SLEEP_BY_FACTOR * people.factor)
    falls = lowest & (draw < odds / (1 + odds))
    wakes = asleep & (draw < model.WAKE_CHANCE)
    leaves = asleep & (draw >= 1 - model.SLEEPING_CLOSE_CHANCE)
    people.sleeping = (people.sleeping | falls) & ~wakes
    people.present &= ~leaves


def _move_scores(people: Population, draws: np.random.Generator) -> None:
    shock = draws.standard_normal(len(people), np.float32)
    memory = np.float32(model.SCORE_MEMORY)
    moved = memory * people.score + np.sqrt(1 - memory**2) * shock
    people.drift = moved - people.older[:, 1]
    people.older = np.column_stack([people.score, people.older[:, 0]])
    people.score = moved


def _hold_tiers(people: Population) -> None:
    below = people.asset_tier < people.held_tier
    people.months_below = np.where(below, people.months_below + 1, 0).astype(np.int8)
    falls = people.months_below >= model.MONTHS_OF_GRACE
    follows = falls | (people.asset_tier > people.held_tier)
    people.held_tier = np.where(follows, people.asset_tier, people.held_tier)
    people.months_below[follows] = 0
