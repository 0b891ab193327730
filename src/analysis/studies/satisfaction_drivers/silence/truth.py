"""Score the nonresponse band and the screening on worlds whose truth is known.

A world is a bank of customers with a latent satisfaction of which complaints and the
change of assets tell a little. Some are invited; who answers may depend on
satisfaction itself. In the world of straight-liners some answer without reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.statistics.net_promoter import score_promoters
from analysis.statistics.survey_means import estimate_mean
from analysis.statistics.survey_weights import encode_margins, rake_weights
from analysis.studies.satisfaction_drivers.answers.response import lay_beside
from analysis.studies.satisfaction_drivers.answers.weighting import flag_careless
from analysis.studies.satisfaction_drivers.levels.silence_band import bend_answers
from analysis.studies.satisfaction_drivers.parameters import Parameters

_Floats = NDArray[np.float64]

HEADLINE = "report"
"""The estimator whose number the report prints."""


@dataclass(frozen=True, slots=True)
class SilentWorld:
    """A bank whose silent customers may differ.

    Parameters
    ----------
    slope : float
        Effect of one deviation of satisfaction on the log-odds of answering.
    """

    slope: float


@dataclass(frozen=True, slots=True)
class CarelessWorld:
    """A survey in which some answer without reading.

    Parameters
    ----------
    share : float
        Of respondents who give one answer throughout, mostly fast.
    """

    share: float


SCENARIOS: dict[str, SilentWorld | CarelessWorld] = {
    "nonresponse 0": SilentWorld(0.0),
    "nonresponse .2": SilentWorld(0.2),
    "nonresponse .35": SilentWorld(0.35),
    "nonresponse .5": SilentWorld(0.5),
    "straight-liners": CarelessWorld(0.06),
}
"""Worlds by name."""
_CUSTOMERS, _INVITED = 20_000, 4_000
_RECOMMEND_CORRELATION = 0.85
_REPLICATES = 200
_SHARES = (0.02, 0.01, 0.01, 0.02, 0.03, 0.07, 0.08, 0.14, 0.22, 0.20, 0.20)
_LIKERT = (0.01, 0.015, 0.025, 0.04, 0.07, 0.11, 0.17, 0.22, 0.18, 0.16)
_TIERS = {"mass": 0.62, "affluent": 0.24, "private": 0.05, "business": 0.09}
_RESPONDENTS, _ITEMS = 1_500, 14
_SECONDS, _FAST_SECONDS, _SECONDS_SIGMA = 210.0, 80.0, 0.35
_FRAME = ("tier", "age_band", "channel")


def score_silence(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
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
        One row per estimator and target: `estimator`, `target`, `part`, `truth`,
        `estimate`, `lower`, `upper`. Scores are net promoter points; precision and
        recall of the screening are shares, their truth 1.
    """
    world = SCENARIOS[scenario]
    if isinstance(world, CarelessWorld):
        return _score_screening(world, rng)
    return _score_band(world, rng)


def _score_band(world: SilentWorld, rng: np.random.Generator) -> pd.DataFrame:
    people = _draw_people(rng)
    truth = float(score_promoters(people["recommend"].to_numpy()).mean())
    held = _draw_answers(people, world, rng)
    names = [*_FRAME, "complained", "assets_change"]
    counts = people.groupby(names).size().rename("customers").reset_index()
    response = lay_beside(held, counts, 0.95)
    points = score_promoters(held["recommend"].to_numpy(dtype=np.float64))
    bent = bend_answers(
        points,
        held,
        response.cells[[*response.variables, "customers"]],
        limits=(-100.0, 100.0),
        replicates=_REPLICATES,
        generator=rng,
    )
    lower, upper = bent.band
    rows = {
        HEADLINE: (bent.estimates[1], lower, upper),
        "raked": _rake(points, held, people, list(_FRAME)),
        "raked by behaviour too": _rake(points, held, people, names),
        "as answered": _average(points, held),
    }
    found = pd.DataFrame(rows, index=["estimate", "lower", "upper"]).T
    found = found.rename_axis("estimator").reset_index()
    return found.assign(target="net promoter score", part="all", truth=truth)


def _draw_people(rng: np.random.Generator) -> pd.DataFrame:
    """Draw customers with a satisfaction that behaviour tells a little of."""
    satisfied = rng.standard_normal(_CUSTOMERS)
    own = rng.standard_normal(_CUSTOMERS)
    rest = (1 - _RECOMMEND_CORRELATION**2) ** 0.5
    assets = 0.25 * satisfied + rng.standard_normal(_CUSTOMERS)
    complained = rng.random(_CUSTOMERS) < expit(-2 - 0.8 * satisfied)
    return pd.DataFrame(
        {
            "satisfied": satisfied,
            "recommend": _grade(
                _RECOMMEND_CORRELATION * satisfied + rest * own, _SHARES, 0
            ),
            "tier": rng.choice([*_TIERS], _CUSTOMERS, p=[*_TIERS.values()]),
            "age_band": rng.choice(["20", "35", "50", "65"], _CUSTOMERS),
            "channel": np.where(rng.random(_CUSTOMERS) < 0.6, "app", "none"),
            "complained": np.where(complained, "yes", "no"),
            "assets_change": np.select(
                [assets < -0.8, assets > 0.8], ["fell", "grew"], "steady"
            ),
        }
    )


def _draw_answers(
    people: pd.DataFrame, world: SilentWorld, rng: np.random.Generator
) -> pd.DataFrame:
    size = people["tier"].map({"private": 3.0, "business": 2.0}).fillna(1.0)
    chance = (_INVITED * size / size.sum()).to_numpy()
    invited = rng.random(len(people)) < chance
    age = (people["age_band"].astype(float) - 42.5) / 15
    lean = (
        -0.7
        + world.slope * people["satisfied"]
        + 0.25 * age
        + 0.35 * (people["channel"] == "app")
    )
    answered = invited & (rng.random(len(people)) < expit(lean))
    held = people.assign(design_weight=1 / chance)[answered]
    named: pd.DataFrame = held.reset_index(names="respondent_id")
    return named


def _grade(latent: _Floats, shares: tuple[float, ...], lowest: int) -> _Floats:
    """Cut latent values into steps of a scale with given shares."""
    order = latent.argsort().argsort() / len(latent)
    steps = np.searchsorted(np.cumsum(shares)[:-1], order, side="right")
    graded: _Floats = (lowest + steps).astype(np.float64)
    return graded


def _rake(
    points: _Floats, held: pd.DataFrame, people: pd.DataFrame, names: list[str]
) -> tuple[float, float, float]:
    targets = {name: people[name].value_counts().astype(float) for name in names}
    raked = rake_weights(held[names], targets, held["design_weight"].to_numpy())
    found = estimate_mean(points, raked.weights, margins=encode_margins(held[names]))
    return found.estimate, found.lower, found.upper


def _average(points: _Floats, held: pd.DataFrame) -> tuple[float, float, float]:
    found = estimate_mean(points, held["design_weight"].to_numpy())
    return found.estimate, found.lower, found.upper


def _score_screening(world: CarelessWorld, rng: np.random.Generator) -> pd.DataFrame:
    wave, careless = _draw_sheets(world, rng)
    parameters = Parameters(quarter="2026Q3")
    straight, fast = flag_careless(wave, parameters)
    rules = {
        HEADLINE: straight & fast,
        "one answer throughout": straight,
        "too fast": fast,
    }
    rows = []
    for name, flagged in rules.items():
        hits = int((flagged & careless).sum())
        kept = {"estimator": name, "part": "all", "truth": 1.0}
        found = {
            "precision": hits / max(int(flagged.sum()), 1),
            "recall": hits / max(int(careless.sum()), 1),
        }
        rows += [
            {
                **kept,
                "target": target,
                "estimate": value,
                "lower": np.nan,
                "upper": np.nan,
            }
            for target, value in found.items()
        ]
    return pd.DataFrame(rows)


def _draw_sheets(
    world: CarelessWorld, rng: np.random.Generator
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Draw answer sheets, and say which were filled in without reading."""
    common = rng.standard_normal((_RESPONDENTS, 1))
    own = rng.standard_normal((_RESPONDENTS, _ITEMS))
    latent = 0.6**0.5 * common + 0.4**0.5 * own
    sheets = np.column_stack([_grade(column, _LIKERT, 1) for column in latent.T])
    careless = rng.random(_RESPONDENTS) < world.share
    sheets[careless] = sheets[careless, :1]
    sheets[rng.random(sheets.shape) < 0.02] = np.nan
    middle = np.where(careless, _FAST_SECONDS, _SECONDS)
    seconds = middle * np.exp(_SECONDS_SIGMA * rng.standard_normal(_RESPONDENTS))
    wave = pd.DataFrame(
        {
            "answered": np.isfinite(sheets).sum(axis=1),
            "smallest": np.nanmin(sheets, axis=1),
            "largest": np.nanmax(sheets, axis=1),
            "seconds": np.round(seconds),
        }
    )
    return wave, careless
