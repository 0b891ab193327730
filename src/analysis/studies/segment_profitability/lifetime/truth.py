"""Score the worth of customers, and their stay, where both are known.

Lives are drawn from a known chain with known profits; cohorts from a known beta
distribution of chances of leaving. What is scored is the report's own estimator; beside
it stands what is common instead. Money is in thousands, shares in percent.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.markov_value import value_states
from analysis.statistics.paired_bootstrap import Floats, draw_units, summarise
from analysis.statistics.shifted_beta_geometric import (
    CohortCounts,
    bound_survival,
    fit_shifted_beta_geometric,
    give_survival,
)
from analysis.studies.segment_profitability.lifetime.chain import (
    QUARTERS_A_YEAR,
    WINDOW,
    Chain,
    convert_hurdle,
    fit_chain,
    value_chain,
    value_second_order,
)
from analysis.studies.segment_profitability.lifetime.cohorts import AHEAD
from analysis.studies.segment_profitability.lifetime.lives import ABSENT, Lives
from analysis.studies.segment_profitability.lifetime.persistence import (
    check_persistence,
    foresee_year,
    is_uneven,
    value_two_speeds,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL

HEADLINE: Final = "report"
AVERAGE: Final = "average retention"
SURVIVORS: Final = "profit and stay of those who stayed"
MEMORY: Final = "memory of two quarters"
UNCHECKED: Final = "chain, believed unchecked"
CONSTANT: Final = "one chance of leaving"
LAST: Final = "last quarter four times"
WORTH, KEPT = "worth of a customer", "kept in three more years"
YEAR: Final = "profit of the next year"
RIGHT: Final = "check of memory is right"
SCENARIOS: Final = ("lives", "lives, uneven", "cohorts")
"""Worlds: a chain that forgets, customers who differ within a state, cohorts."""

STATES: Final = ("top", "middle", "basic", "asleep")
TRANSITIONS: Final = np.array(
    [
        [0.930, 0.055, 0.005, 0.000],
        [0.015, 0.900, 0.070, 0.000],
        [0.001, 0.020, 0.920, 0.040],
        [0.000, 0.000, 0.060, 0.910],
    ]
)
"""Chances a quarter of moving among the states; what lacks to one is who leaves."""
PROFITS: Final = np.array([4.0, 0.6, 0.08, -0.02])
"""Mean profit of a quarter by state at its start, thousands."""
SIZES: Final = np.array([500, 1500, 3500, 2500])
HURDLE_PCT: Final = 12.0
_SPREAD_SHAPE: Final = 2.0
"""Shape of the gamma distribution of customers' profit about their state's mean."""
_PERSISTENT: Final = 0.7
"""Part of a profit's spread that a customer keeps from quarter to quarter."""
_RESTLESS: Final = (0.25, 1.75)
"""Where customers differ: factors of every chance of moving, half of them each."""
_DRAWS: Final = 500
ALPHA, BETA = 0.9, 4.0
COHORT_SIZE, COHORT_AGES = 400, 8
"""Members of each cohort, and quarters by which cohorts are followed."""


def score_lifetime(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a world and let every estimator say what it finds.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`. Worth is in thousands, shares in percent;
        `RIGHT` is 1 where the check of the chain says what is true. The report's
        worth is missing where its check finds customers to differ.
    """
    if scenario == "cohorts":
        return _score_cohorts(rng)
    factors = _RESTLESS if scenario == "lives, uneven" else (1.0, 1.0)
    lives, restless = draw_lives(rng, factors)
    return _score_lives(lives, restless, factors)


def draw_lives(
    rng: np.random.Generator, factors: tuple[float, float]
) -> tuple[Lives, NDArray[np.int64]]:
    """Draw customers who move by the chain, and their profits.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    factors : tuple of float
        Factors of all chances of moving, of half of the customers each.

    Returns
    -------
    Lives, ndarray of int, shape (n_customers,)
        Customers over `WINDOW` quarters, and which factor each has.
    """
    state = np.repeat(np.arange(len(STATES)), SIZES)
    kind = np.arange(state.size) % 2
    chances = np.cumsum(_list_chances(factors), axis=2)
    codes = [state]
    for _ in range(WINDOW):
        draw = rng.random(state.size)[:, None]
        after = (draw > chances[kind, np.maximum(state, 0)]).sum(axis=1)
        gone = (state == ABSENT) | (after == len(STATES))
        state = np.where(gone, ABSENT, after)
        codes.append(state)
    path = np.column_stack(codes).astype(np.int8)
    draws = draw_units(kind.size, n_draws=_DRAWS, generator=rng)
    profits = _draw_profits(path, rng)
    return Lives(path, len(STATES), profits, profits, draws), kind


def _list_chances(factors: tuple[float, float]) -> Floats:
    """Give each kind's chances, the last column of who leaves, shape (2, n, n + 1)."""
    whole = np.column_stack([TRANSITIONS, 1 - TRANSITIONS.sum(axis=1)])
    stay = np.eye(*whole.shape)
    return np.array([stay + factor * (whole - stay) for factor in factors])


def _draw_profits(
    path: NDArray[np.int8], rng: np.random.Generator
) -> dict[int, Floats]:
    """Draw profits of the last two quarters, alike for the same customer."""
    own = rng.gamma(_SPREAD_SHAPE, 1 / _SPREAD_SHAPE, len(path))
    profits = {}
    for end in (WINDOW - 1, WINDOW):
        new = rng.gamma(_SPREAD_SHAPE, 1 / _SPREAD_SHAPE, len(path))
        size = _PERSISTENT * own + (1 - _PERSISTENT) * new
        start = path[:, end - 1]
        profits[end] = np.where(start >= 0, PROFITS[start] * size, 0.0)
    return profits


def _score_lives(
    lives: Lives,
    kind: NDArray[np.int64],
    factors: tuple[float, float],
) -> pd.DataFrame:
    rate = convert_hurdle(HURDLE_PCT)
    chain = fit_chain(lives, last=WINDOW)
    values = value_chain(chain, chain.rewards, discount_rate=rate)
    test = check_persistence(lives)
    mixed = value_two_speeds(chain, test, discount_rate=rate)
    fired = is_uneven(test, values, mixed)
    estimators = {
        HEADLINE: np.full_like(values, np.nan) if fired else values,
        UNCHECKED: values,
        MEMORY: value_second_order(lives, chain, discount_rate=rate, n_draws=_DRAWS),
        **_value_naively(lives, chain.rewards, rate),
    }
    truths = _find_true_worth(lives, kind, factors, rate)
    rows: list[tuple[object, ...]] = []
    for estimator, found in estimators.items():
        for place, name in enumerate(STATES):
            row = (estimator, WORTH, name, truths[place], *_bound(found[:, place]))
            rows.append(row)
    right = float(fired == (factors[0] != factors[1]))
    rows.append((HEADLINE, RIGHT, "all", 1.0, right, right, right))
    return _frame([*rows, *_score_year(lives, chain, kind, factors)])


def _bound(replicates: Floats) -> tuple[float, float, float]:
    """Give estimate and interval, missing where the number is refused."""
    if np.isnan(replicates).all():
        return (np.nan, np.nan, np.nan)
    ends = summarise(replicates, confidence_level=CONFIDENCE_LEVEL)
    return (ends.estimate, ends.lower, ends.upper)


def _score_year(
    lives: Lives, chain: Chain, kind: NDArray[np.int64], factors: tuple[float, float]
) -> list[tuple[object, ...]]:
    """Score the profit of the next year of all, which is told in either world."""
    sizes = _count_kinds(lives, kind)
    chances = _list_chances(factors)[:, :, :-1]
    profits = np.tile(PROFITS, (2, 1))
    quarters = (
        np.linalg.matrix_power(chances, ahead) for ahead in range(QUARTERS_A_YEAR)
    )
    each = sum((chance @ profits[:, :, None])[:, :, 0] for chance in quarters)
    truth = float((sizes * each).sum())
    last = lives.draws.total(lives.profits[WINDOW])[:, 0]
    found = {
        HEADLINE: foresee_year(lives, chain) @ sizes.sum(axis=0),
        LAST: QUARTERS_A_YEAR * last,
    }
    return [
        (name, YEAR, "all", truth, *_bound(each_draw))
        for name, each_draw in found.items()
    ]


def _count_kinds(lives: Lives, kind: NDArray[np.int64]) -> Floats:
    """Count customers now by kind and state, shape (2, n_states)."""
    now = lives.codes[:, -1]
    here = now >= 0
    cell = kind[here] * len(STATES) + now[here]
    counts = np.bincount(cell, minlength=2 * len(STATES)).reshape(2, -1)
    return counts.astype(np.float64)


def _find_true_worth(
    lives: Lives, kind: NDArray[np.int64], factors: tuple[float, float], rate: float
) -> Floats:
    """Give the true worth of those in each state now, of either kind as they are."""
    chances = _list_chances(factors)[:, :, :-1]
    worth = value_states(chances, np.tile(PROFITS, (2, 1)), discount_rate=rate)
    sizes = _count_kinds(lives, kind)
    true: Floats = (sizes * worth).sum(axis=0) / sizes.sum(axis=0) / (1 + rate)
    return true


def _value_naively(lives: Lives, rewards: Floats, rate: float) -> dict[str, Floats]:
    """Value states by the bank's average retention, and by those who stayed only."""
    before, after = lives.codes[:, 0], lives.codes[:, -1]
    kept = lives.draws.total((after >= 0).astype(np.float64))
    kept = (kept / lives.draws.total(np.ones(before.size))) ** (1 / WINDOW)
    average = rewards / (1 + rate - kept)
    here = after >= 0
    stayed, place = lives.draws.keep(here), before[here].astype(np.int64)
    profit, size = (
        stayed.total(values, cell=place, n_cells=lives.n_states)
        for values in (lives.profits[WINDOW][here], np.ones(place.size))
    )
    years = 1 / (1 - kept**WINDOW)
    return {AVERAGE: average, SURVIVORS: QUARTERS_A_YEAR * profit / size * years}


def _score_cohorts(rng: np.random.Generator) -> pd.DataFrame:
    counts = _draw_cohorts(rng)
    n_ages = len(counts.lost) + AHEAD
    model = fit_shifted_beta_geometric(counts)
    band = bound_survival(model, n_ages=n_ages, confidence_level=CONFIDENCE_LEVEL)
    truth = give_survival(np.array(ALPHA), np.array(BETA), n_ages)[-1]
    lost = counts.lost.sum()
    ages = np.arange(len(counts.lost))
    stayed = counts.lost @ ages + counts.kept @ (ages + 1)
    chance, size = lost / (stayed + lost), stayed + lost
    reach = 1.96 * np.sqrt(chance * (1 - chance) / size)
    constant = [(1 - chance + shift) ** n_ages for shift in (0.0, -reach, reach)]
    ends = (band.estimate[-1], band.lower[-1], band.upper[-1])
    rows: list[tuple[object, ...]] = [
        (name, KEPT, "all", 100 * truth, *(100 * float(end) for end in found))
        for name, found in ((HEADLINE, ends), (CONSTANT, constant))
    ]
    return _frame(rows)


def _draw_cohorts(rng: np.random.Generator) -> CohortCounts:
    """Draw cohorts that joined one quarter after the other."""
    size = COHORT_SIZE * COHORT_AGES
    chance = rng.beta(ALPHA, BETA, size)
    left = rng.geometric(np.maximum(chance, 1e-12))
    seen = 1 + np.arange(size) % COHORT_AGES
    gone = left <= seen
    lost = np.bincount(left[gone] - 1, minlength=COHORT_AGES).astype(np.float64)
    kept = np.bincount(seen[~gone] - 1, minlength=COHORT_AGES).astype(np.float64)
    return CohortCounts(lost, kept)


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    columns = ["estimator", "target", "part", "truth", "estimate", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)
