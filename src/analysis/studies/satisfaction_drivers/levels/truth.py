"""Score changes between waves and the funnel of branches where the truth is known.

In the worlds of waves two samples, some people in both, are drawn from one population
whose satisfaction shifts by nothing or by what such waves should find in four of five
cases. In the worlds of branches their customers differ in kind, and branches differ a
little; two may be far off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.statistics.funnel_limits import judge_units
from analysis.statistics.pooled_normal import pool_effects
from analysis.statistics.survey_means import (
    SurveyMean,
    detect_change,
    estimate_change,
    estimate_mean,
)
from analysis.statistics.survey_weights import encode_margins, rake_weights
from analysis.studies.satisfaction_drivers.levels.unit_funnel import FALSE_SHARE
from analysis.studies.satisfaction_drivers.levels.unit_scores import (
    StandardisedUnits,
    standardise_units,
)

_Floats = NDArray[np.float64]

HEADLINE = "report"
"""The estimator whose number the report prints."""


@dataclass(frozen=True, slots=True)
class WavesWorld:
    """Two waves.

    Parameters
    ----------
    shifts : bool
        Whether satisfaction falls between them.
    """

    shifts: bool


@dataclass(frozen=True, slots=True)
class BranchWorld:
    """Branches that look after different customers.

    Parameters
    ----------
    outlying : float
        Points by which two branches are off, one up and one down.
    """

    outlying: float


SCENARIOS: dict[str, WavesWorld | BranchWorld] = {
    "waves": WavesWorld(shifts=True),
    "waves without a shift": WavesWorld(shifts=False),
    "branches": BranchWorld(0.0),
    "branches, two far off": BranchWorld(60.0),
}
"""Worlds by name."""
_ANSWERS, _REPEATED, _STABLE = 1_000, 0.2, 0.7
_STEPS = (norm.ppf(0.38), norm.ppf(0.60))
"""Latent values that part detractors, passives and promoters."""
_LEANS, _SHARES, _CHANCES = (-0.3, 0.0, 0.5), (0.5, 0.3, 0.2), (0.7, 1.0, 1.6)
"""Of three segments: mean satisfaction, share of customers, readiness to answer."""
_POWER, _LEVEL = 0.8, 0.05
_BRANCHES, _PER_BRANCH, _SPREAD, _KIND_EFFECT = 40, 70, 5.0, 25.0
_UP, _DOWN = 0.35, 0.45
"""Chances of a promoter and a detractor at an ordinary branch."""
_CHANGE, _FOUND = "change", "found"
_BRANCH, _FALSE, _FAR = "branch score", "false alarms", "far branches found"


def score_levels(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
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
        One row per estimator, target and branch (`part`): `estimator`, `target`,
        `part`, `truth`, `estimate`, `lower`, `upper`. Scores are net promoter points.
        "found" is 1 where zero is left out, its truth the chance that was planned;
        "false alarms" and "far branches found" are shares of branches, their truth
        the level and 1.
    """
    world = SCENARIOS[scenario]
    if isinstance(world, WavesWorld):
        return _score_waves(world, rng)
    return _score_branches(world, rng)


def _score_waves(world: WavesWorld, rng: np.random.Generator) -> pd.DataFrame:
    later, earlier = _draw_waves(_find_shift() if world.shifts else 0.0, rng)
    truth = _expect(_find_shift()) - _expect(0.0) if world.shifts else 0.0
    means = [_estimate(wave, raked=True) for wave in (later, earlier)]
    plain = [_estimate(wave, raked=False) for wave in (later, earlier)]
    people = [pd.Index(wave["person"]) for wave in (later, earlier)]
    changes = {
        HEADLINE: estimate_change(
            *means, later_people=people[0], earlier_people=people[1]
        ),
        "as if independent": estimate_change(*means),
        "not weighted": estimate_change(*plain),
    }
    rows = []
    for name, change in changes.items():
        ends = {"estimator": name, "part": "all"}
        found = float(change.lower > 0 or change.upper < 0)
        rows.append(
            {
                **ends,
                "target": _CHANGE,
                "truth": truth,
                "estimate": change.estimate,
                "lower": change.lower,
                "upper": change.upper,
            }
        )
        planned = _POWER if world.shifts else _LEVEL
        rows.append(_share(name, _FOUND, planned, found))
    return pd.DataFrame(rows)


def _draw_waves(
    shift: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw two samples; some people of the first are in the second too."""
    chance = np.array(_SHARES) * np.array(_CHANCES)
    chance /= chance.sum()
    again = int(_REPEATED * _ANSWERS)
    size = 2 * _ANSWERS - again
    segment = rng.choice(len(_SHARES), size, p=chance)
    own = rng.standard_normal(size)
    waves = []
    for start, moved in ((_ANSWERS - again, shift), (0, 0.0)):
        who = np.arange(start, start + _ANSWERS)
        fresh = rng.standard_normal(_ANSWERS)
        latent = _STABLE**0.5 * own[who] + (1 - _STABLE) ** 0.5 * fresh
        latent += np.array(_LEANS)[segment[who]] + moved
        points = 100.0 * ((latent > _STEPS[1]) * 1.0 - (latent < _STEPS[0]) * 1.0)
        waves.append(
            pd.DataFrame({"person": who, "segment": segment[who], "score": points})
        )
    return waves[0], waves[1]


def _expect(shift: float) -> float:
    """Give the score of the whole population."""
    leans = np.array(_LEANS) + shift
    points = norm.sf(_STEPS[1] - leans) - norm.cdf(_STEPS[0] - leans)
    return float(100 * np.array(_SHARES) @ points)


@cache
def _find_shift() -> float:
    """Give the fall that such waves should find in four of five cases."""
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(20):
        later, earlier = _draw_waves(0.0, rng)
        change = estimate_change(
            _estimate(later, raked=True),
            _estimate(earlier, raked=True),
            later_people=pd.Index(later["person"]),
            earlier_people=pd.Index(earlier["person"]),
        )
        errors.append(change.std_error)
    wanted = detect_change(float(np.mean(errors)), power=_POWER)
    return float(brentq(lambda s: _expect(0.0) - _expect(s) - wanted, -1.0, 0.0))


def _estimate(wave: pd.DataFrame, *, raked: bool) -> SurveyMean:
    score = wave["score"].to_numpy()
    if not raked:
        return estimate_mean(score, np.ones(len(wave)))
    held = wave[["segment"]].astype(str)
    target = pd.Series(_SHARES, index=["0", "1", "2"]) * 1e5
    weights = rake_weights(held, {"segment": target}, np.ones(len(wave))).weights
    return estimate_mean(score, weights, margins=encode_margins(held))


def _score_branches(world: BranchWorld, rng: np.random.Generator) -> pd.DataFrame:
    rows, truth, far = _draw_branches(world, rng)
    adjusted = standardise_units(rows, ["kind"])
    table = adjusted.table
    found, errors = (table[n].to_numpy() for n in ("adjusted", "std_error"))
    pooled = pool_effects(found, errors).groups
    reach = 1.96 * errors
    blocks = [
        _lay_out(HEADLINE, truth, pooled["mean"], pooled["lower"], pooled["upper"]),
        _lay_out("each alone", truth, found, found - reach, found + reach),
        _lay_out(
            "each alone, not adjusted",
            truth,
            table["raw"],
            table["raw"] - reach,
            table["raw"] + reach,
        ),
        _judge(adjusted, far),
    ]
    return pd.concat(blocks, ignore_index=True)


def _draw_branches(
    world: BranchWorld, rng: np.random.Generator
) -> tuple[pd.DataFrame, _Floats, NDArray[np.bool_]]:
    """Draw branches: answers, true scores at the common mix, and which are far off."""
    effect = _SPREAD * rng.standard_normal(_BRANCHES)
    far = np.zeros(_BRANCHES, dtype=bool)
    if world.outlying:
        far[:2] = True
        effect[:2] = (world.outlying, -world.outlying)
    unit = np.repeat(np.arange(_BRANCHES), _PER_BRANCH)
    wealthy = rng.random(len(unit)) < rng.beta(2, 4, _BRANCHES)[unit]
    latent = effect[unit] / 100 + _KIND_EFFECT / 100 * wealthy
    chance = rng.random(len(unit))
    up, down = _UP + latent / 2, _DOWN - latent / 2
    points = np.where(chance < up, 100.0, np.where(chance > 1 - down, -100.0, 0.0))
    rows = pd.DataFrame(
        {
            "score": points,
            "weight": rng.choice([1.0, 2.0, 3.0], len(unit)),
            "unit": unit,
            "person": np.arange(len(unit)).astype(str),
            "kind": wealthy,
        }
    )
    common = np.average(wealthy, weights=rows["weight"])
    return rows, 100 * (_UP - _DOWN) + effect + _KIND_EFFECT * common, far


def _judge(adjusted: StandardisedUnits, far: NDArray[np.bool_]) -> pd.DataFrame:
    """Say which share of ordinary and of far branches each rule calls out."""
    table = adjusted.table
    rules = {HEADLINE: table["adjusted"], "limits by chance alone": table["adjusted"]}
    rows = []
    for name, scores in rules.items():
        funnel = judge_units(
            scores.to_numpy(), table["std_error"].to_numpy(), adjusted.target
        ).units
        plain = (scores - adjusted.target).abs() > 1.96 * table["std_error"]
        called = funnel["qvalue"] < FALSE_SHARE if name == HEADLINE else plain
        rows.append(_share(name, _FALSE, _LEVEL, float(called[~far].mean())))
        if far.any():
            rows.append(_share(name, _FAR, 1.0, float(called[far].mean())))
    return pd.DataFrame(rows)


def _share(
    estimator: str, target: str, truth: float, value: float
) -> dict[str, object]:
    named = {"estimator": estimator, "target": target, "part": "all", "truth": truth}
    return {**named, "estimate": value, "lower": np.nan, "upper": np.nan}


def _lay_out(
    estimator: str,
    truth: _Floats,
    estimate: _Floats | pd.Series[float],
    lower: _Floats | pd.Series[float],
    upper: _Floats | pd.Series[float],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "estimator": estimator,
            "target": _BRANCH,
            "part": "all",
            "truth": truth,
            "estimate": np.asarray(estimate),
            "lower": np.asarray(lower),
            "upper": np.asarray(upper),
        }
    )
