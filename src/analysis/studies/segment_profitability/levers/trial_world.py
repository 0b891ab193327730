"""Worlds in which a fee's effects are known: by lot, by lot of branches, or by choice.

Small: some thousand customers of sixty branches over nine months. Branches lose
customers at rates of their own, poorer customers sleep and leave less often, and with
the trial a competitor comes who takes some from all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

LEVELS = np.array([0.0, 3.0, 6.0, 10.0])
PERIODS = 9
SLOPE, OWN_SLOPE = 0.10, 0.05
"""Log-odds of leaving for each unit of fee, and on top of that of the vulnerable."""
_CONSTANT, _COMPETITOR, _BY_WEALTH, _BY_VULNERABLE = -6.0, 0.6, 0.4, 0.3
_COMPLAINT, _COMPLAINT_SLOPE = 0.004, 0.001
_CHARGED, _CHARGED_BY_WEALTH = 1.5, 3.0
MARGIN = 9.0
"""Marginal profit a month."""
_COST, _SPREAD = 14.0, 25.0
"""Cost a month that stays in the short run, and the deviation of profit."""


@dataclass(frozen=True, slots=True)
class TrialWorld:
    """How fees are set.

    Parameters
    ----------
    by_branch : bool
        Whether all of a branch pay the same.
    chosen : bool
        Whether managers choose lower fees where customers have been leaving.
    customers, branches : int
        How many.
    branch_deviation : float
        Of the branches' log-odds of leaving.
    """

    by_branch: bool = False
    chosen: bool = False
    customers: int = 8000
    branches: int = 60
    branch_deviation: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTrial:
    """A world that was drawn.

    Parameters
    ----------
    people : pandas.DataFrame
        As `list_people` gives them, with `is_charged` and its chance,
        `marginal_profit` and `profit` (a month), and the log-odds of leaving without a
        fee, `lean`.
    exits_before : float
        Customers who left a month before the trial, as a share.
    """

    people: pd.DataFrame
    exits_before: float


def draw_trial(world: TrialWorld, rng: np.random.Generator) -> DrawnTrial:
    """Draw a world.

    Parameters
    ----------
    world : TrialWorld
        How fees are set.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    DrawnTrial
        One draw.
    """
    people = _draw_people(world, rng)
    year, quarter = _draw_before(people, world, rng)
    people = people.assign(branch_exits_year=year, branch_exits_quarter=quarter)
    fee = _set_fees(people, world, rng)
    slope = SLOPE + OWN_SLOPE * people["vulnerable"].to_numpy(float)
    chance = expit(people["lean"].to_numpy(float) + slope * fee)
    leaves = rng.random((len(people), PERIODS)) < chance[:, None]
    has_event = leaves.any(axis=1)
    periods = np.where(has_event, leaves.argmax(axis=1) + 1, PERIODS)
    present = periods - has_event
    rate = _COMPLAINT + _COMPLAINT_SLOPE * fee
    unit = (
        people["branch"] if world.by_branch or world.chosen else people["customer_id"]
    )
    drawn = people.assign(
        fee=fee,
        unit=unit.astype(str),
        periods=periods,
        has_event=has_event,
        present=present,
        below=np.where(people["is_charged"], present, 0),
        complaints=rng.poisson(rate * (periods - 0.5 * has_event)),
    )
    return DrawnTrial(drawn, float(year.mean() / 12))


def _draw_people(world: TrialWorld, rng: np.random.Generator) -> pd.DataFrame:
    size = world.customers
    branch = rng.integers(0, world.branches, size)
    wealth = rng.standard_normal(size)
    vulnerable = rng.random(size) < 0.15
    digital = np.where(vulnerable, 0.0, rng.random(size) < 0.5)
    shock = world.branch_deviation * rng.standard_normal(world.branches)
    lean = _CONSTANT + _COMPETITOR + _BY_WEALTH * wealth + _BY_VULNERABLE * vulnerable
    charge_chance = expit(_CHARGED - _CHARGED_BY_WEALTH * wealth)
    margin = MARGIN + _SPREAD * rng.standard_normal(size)
    return pd.DataFrame(
        {
            "customer_id": np.arange(size),
            "branch": branch,
            "vulnerable": vulnerable,
            "assets_before": wealth,
            "age": np.where(vulnerable, 70.0, rng.integers(18, 65, size)),
            "digital": digital,
            "asleep": (rng.random(size) < 0.4).astype(float),
            "tenure_years": rng.gamma(2.0, 4.0, size),
            "contacts_before": rng.poisson(0.5, size).astype(float),
            "lean": lean + shock[branch],
            "charge_chance": charge_chance,
            "is_charged": rng.random(size) < charge_chance,
            "marginal_profit": margin,
            "profit": margin - _COST,
        }
    )


def _draw_before(
    people: pd.DataFrame, world: TrialWorld, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw which share of each branch's customers left before the competitor came."""
    monthly = expit(people["lean"].to_numpy(float) - _COMPETITOR)
    expected = np.bincount(people["branch"], monthly, minlength=world.branches)
    sizes = np.bincount(people["branch"], minlength=world.branches).clip(min=1)
    # A branch has many customers beside those with small balances.
    counted = [rng.poisson(8 * expected * months) / (8 * sizes) for months in (9, 3)]
    branch = people["branch"].to_numpy()
    return (counted[0] + counted[1])[branch], counted[1][branch]


def _set_fees(
    people: pd.DataFrame, world: TrialWorld, rng: np.random.Generator
) -> Floats:
    branch = people["branch"].to_numpy()
    if world.chosen:
        exits = (
            pd.Series(people["branch_exits_year"].to_numpy()).groupby(branch).first()
        )
        noise = rng.standard_normal(len(exits)) * exits.std() * 0.5
        rank = (-exits + noise).rank(method="first") - 1
        level = (rank * len(LEVELS) // len(exits)).astype(int)
        return _take(level.reindex(branch).to_numpy(np.int64))
    if world.by_branch:
        dealt = rng.permutation(np.arange(world.branches) % len(LEVELS))
        return _take(np.asarray(dealt[branch], np.int64))
    return _take(rng.integers(0, len(LEVELS), len(people), dtype=np.int64))


def _take(places: NDArray[np.integer[Any]]) -> Floats:
    taken: Floats = LEVELS[places]
    return taken
