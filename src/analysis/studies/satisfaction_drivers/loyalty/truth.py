"""Score what satisfaction keeps where the truth is known.

Wealthy customers are more satisfied and stay anyway, so that leaving goes along with
satisfaction for two reasons; some answer in several waves; weights are unequal. The
truth is known from the chances themselves, over the whole population.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from analysis.statistics.resampling import cut_interval
from analysis.statistics.weighted_logit import fit_weighted_logit
from analysis.studies.satisfaction_drivers.loyalty.gains import (
    add_up_gains,
    draw_futures,
)
from analysis.studies.satisfaction_drivers.loyalty.growth import measure_growth
from analysis.studies.satisfaction_drivers.loyalty.leaving import measure_leaving
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused

_Floats = NDArray[np.float64]

HEADLINE: Final = "report"
PLAIN: Final = "leavers by satisfaction alone"
SCENARIOS: Final = ("loyalty", "loyalty, weak")
_SLOPES: Final = {"loyalty": (-0.28, 0.6), "loyalty, weak": (-0.08, 0.2)}
"""Log-odds of leaving, and percent of growth, per point of satisfaction."""
_BASE, _BY_WEALTH, _NOISE_PCT = -4.3, -0.35, 12.0
"""Log-odds of leaving at seven points and usual wealth; effect of a deviation of
wealth; deviation of growth, percent."""
_PEOPLE, _WAVES, _ANSWERS = 20_000, 6, 2_000
_CORRELATION = 0.4
"""Of satisfaction and wealth."""


def score_loyalty(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw waves and let each estimator say what a point of satisfaction keeps.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and target: `estimator`, `target`, `part`, `truth`,
        `estimate`, `lower`, `upper`.
    """
    links = draw_links(scenario, rng)
    parameters = Parameters(quarter="2026Q3", seed=int(rng.integers(2**31)))
    leaving = measure_leaving(links, parameters)
    growth = measure_growth(links, parameters)
    if isinstance(leaving, Refused) or isinstance(growth, Refused):
        raise ValueError("A world must have leavers and stayers.")
    slope, growth_pct = _SLOPES[scenario]
    kept, balances = find_true_gains(scenario)
    reach = norm.ppf(0.975) * leaving.fit.std_errors[1]
    found = leaving.fit.coefficients[1]
    futures = draw_futures(leaving, 400, parameters.seed)
    step = np.clip(links.highest - links.now["satisfaction"], 0.0, 1.0).to_numpy()
    gains = add_up_gains(futures, step, np.ones(401))
    rows = [
        (HEADLINE, "log-odds of leaving per point", slope, found, -reach, reach),
        (
            HEADLINE,
            "growth per point, percent",
            growth_pct,
            growth.effect_pct,
            growth.lower - growth.effect_pct,
            growth.upper - growth.effect_pct,
        ),
        (HEADLINE, "customers kept per point", kept, *_reach(gains[0])),
        (HEADLINE, "balances per point", balances, *_reach(gains[1])),
        (PLAIN, "log-odds of leaving per point", slope, *_ignore_wealth(leaving)),
    ]
    return pd.DataFrame(
        {
            "estimator": [row[0] for row in rows],
            "target": [row[1] for row in rows],
            "part": "all",
            "truth": [row[2] for row in rows],
            "estimate": [row[3] for row in rows],
            "lower": [row[3] + row[4] for row in rows],
            "upper": [row[3] + row[5] for row in rows],
        }
    )


@cache
def find_true_gains(scenario: str) -> tuple[float, float]:
    """Find what one point more keeps in the whole population.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.

    Returns
    -------
    tuple of float
        Customers, and their balances, kept in a quarter by chance alone.
    """
    slope, _ = _SLOPES[scenario]
    people = _draw_people(np.random.default_rng(1), 50 * _PEOPLE)
    chance = _give_chance(people, slope)
    step = np.clip(10 - people["satisfaction"], 0, 1)
    gone = expit(np.log(chance / (1 - chance)) + slope * step)
    stay = (chance - gone) / 50
    return float(stay.sum()), float((people["assets"] * stay).sum())


def _draw_people(rng: np.random.Generator, size: int) -> pd.DataFrame:
    wealth = rng.standard_normal(size)
    own = rng.standard_normal(size)
    lean = _CORRELATION * wealth + (1 - _CORRELATION**2) ** 0.5 * own
    return pd.DataFrame(
        {
            "satisfaction": np.clip(np.round(7.4 + 1.8 * lean), 1, 10),
            "assets": 20_000 * np.exp(1.2 * wealth),
            "tier": np.where(wealth > 1, "gold", "basic"),
            **dict.fromkeys(("customer_type", "age_band", "channel"), "all"),
            "years": 5.0,
        }
    )


def _give_chance(people: pd.DataFrame, slope: float) -> _Floats:
    wealth = np.log(people["assets"] / 20_000) / 1.2
    lean = _BASE + slope * (people["satisfaction"] - 7) + _BY_WEALTH * wealth
    chances: _Floats = expit(lean.to_numpy(dtype=np.float64))
    return chances


def draw_links(scenario: str, rng: np.random.Generator) -> LinkedAnswers:
    """Let waves of unequal chance of being asked be followed, and one be reported.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    LinkedAnswers
        Five waves that are followed, and the wave reported.
    """
    people = _draw_people(rng, _PEOPLE).assign(
        customer_id=np.arange(_PEOPLE).astype(str)
    )
    chance = np.where(people["tier"] == "gold", 2.0, 1.0)
    chance *= _ANSWERS / chance.sum()
    waves = [
        people.assign(weight=1 / chance)[rng.random(_PEOPLE) < chance]
        for _ in range(_WAVES)
    ]
    past = pd.concat(waves[:-1], ignore_index=True)
    slope, growth_pct = _SLOPES[scenario]
    left = rng.random(len(past)) < _give_chance(past, slope)
    noise = _NOISE_PCT * rng.standard_normal(len(past))
    growth = growth_pct * (past["satisfaction"] - 7) + noise
    after = past["assets"] * np.exp(growth / 100)
    past = past.assign(left=left, assets_next=after.where(~left), quarter="2026Q2")
    now = waves[-1].reset_index(drop=True)
    held = people.groupby("tier")["assets"].sum()
    raw = now["weight"] * now["assets"]
    seen = raw.groupby(now["tier"]).transform("sum")
    now = now.assign(assets_stood_for=raw * now["tier"].map(held) / seen)
    return LinkedAnswers(
        rows=past,
        now=now,
        lowest=1.0,
        highest=10.0,
        quarters=("2026Q2",),
        reported="2026Q3",
        source=scenario,
        currency="CNY",
    )


def _reach(draws: _Floats) -> tuple[float, float, float]:
    """Give the estimate, and how far its interval reaches down and up."""
    lower, upper = cut_interval(draws[1:], draws[0], 0.95)
    return float(draws[0]), float(lower - draws[0]), float(upper - draws[0])


def _ignore_wealth(leaving: Outcome) -> tuple[float, float, float]:
    """Fit leaving to satisfaction alone, as a cross table does."""
    links = leaving.links
    fit = fit_weighted_logit(
        links.satisfaction[:, None],
        links.rows["left"].to_numpy(dtype=bool),
        links.weights,
        links.people,
    )
    reach = norm.ppf(0.975) * fit.std_errors[1]
    return float(fit.coefficients[1]), -reach, reach
