"""What drives satisfaction: each attribute's own share, its floor, and how sure.

Shares are percent of the variance of overall satisfaction. Effects are points of
satisfaction (or net promoter points) for one point of an attribute. Drivers are what
goes along with satisfaction at the same time: only a trial shows what causes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import BadInputError, Problem
from analysis.statistics.missing_answers import (
    MomentDraws,
    Moments,
    estimate_moments,
    resample_moments,
)
from analysis.statistics.resampling import draw_weights
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.drivers.driver_answers import (
    DriverAnswers,
    gather_answers,
)
from analysis.studies.satisfaction_drivers.drivers.share_table import (
    add_interval,
    share_complete,
    tabulate_shares,
)
from analysis.studies.satisfaction_drivers.drivers.shares import (
    measure_reliabilities,
    share_variance,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters

_Floats = NDArray[np.float64]

FEWEST_ANSWERS = 100
"""Respondents below which drivers are not estimated."""

SURE = 0.95
"""Chance of being first from which on a leader is called stable."""

STABLE, NOT_SURE = "stable", "not number one for sure"
CANNOT_TELL = "cannot be told"
"""Verdicts on the first rank."""


@dataclass(frozen=True, slots=True)
class Importance:
    """Drivers of one wave.

    Parameters
    ----------
    quarter : str
        Quarter that the wave describes.
    table : pandas.DataFrame
        One row per attribute, the largest own share first: `attribute`, `label`,
        `role` ("rates" or "service"), `answers` (a count) and `answered_pct`; `lmg`,
        `floor`, `own` with `own_lower` and `own_upper` and `lmg_lower`, `lmg_upper`
        (percent of variance); `first` and `top_3` (percent of replicates); `effect`,
        `effect_lower`, `effect_upper` (points of satisfaction per point);
        `promoter_effect` with its ends; `performance` with its ends (0 to 100);
        `headroom` (points to the top of the scale); `gain` with its ends (effect x
        headroom); `fix_first` (percent);
        `listwise` (own share from complete answers only); `own_answered` (own share
        with errors of measurement kept) and `reliability_pct` (NaN for one item).
    own_draws : numpy.ndarray, shape (replicates, attributes)
        Own shares in each replicate, in the order of `table`, percent of variance.
    effect_draws : numpy.ndarray, shape (replicates, attributes)
        Effects on satisfaction in each replicate, points per point.
    performance_draws : numpy.ndarray, shape (replicates, attributes)
        Performance in each replicate, 0 to 100.
    r_squared : float
        Percent of the variance that all attributes explain together.
    nobs, complete : int
        Respondents, and those who answered all questions.
    verdict : str
        `STABLE`, `NOT_SURE` or `CANNOT_TELL`.
    left_out : tuple of str
        Attributes that too few answered, or that all answered alike.
    source : str
        Where the answers come from.
    confidence_level : float
        Of all intervals.
    """

    quarter: str
    table: pd.DataFrame
    own_draws: _Floats
    effect_draws: _Floats
    performance_draws: _Floats
    r_squared: float
    nobs: int
    complete: int
    verdict: str
    left_out: tuple[str, ...]
    source: str
    confidence_level: float

    @property
    def leader(self) -> pd.Series[float]:
        """Row of the attribute with the largest own share."""
        return self.table.iloc[0]


@dataclass(frozen=True, slots=True)
class Drivers:
    """Drivers of the wave reported and of the one before.

    Parameters
    ----------
    now : Importance
        Wave reported.
    before : Importance or None
        Wave before, by the same code.
    """

    now: Importance
    before: Importance | None


def rank_drivers(
    survey: Survey,
    waves: tuple[WeightedWave, ...],
    parameters: Parameters,
    items: ItemAnswers | None = None,
) -> Drivers:
    """Rank the drivers of the wave reported, and of the one before.

    Parameters
    ----------
    survey : Survey
        What was asked.
    waves : tuple of WeightedWave
        In time; the last one is reported.
    parameters : Parameters
        Replicates, seed, confidence level, and which attributes are about prices.
    items : ItemAnswers, optional
        Answers to single items; where an attribute has two or more, shares are
        corrected for its reliability.

    Returns
    -------
    Drivers
        Shares, floors, ranks and effects.

    Raises
    ------
    BadInputError
        If the wave reported has too few answers.
    """
    now, *earlier = reversed(waves)
    if len(now.weights) < FEWEST_ANSWERS:
        what = (
            f"Wave {now.quarter} must have {FEWEST_ANSWERS} usable answers to rank "
            f"drivers; it has {len(now.weights)}."
        )
        remedy = "Run a quarter with a larger wave."
        raise BadInputError([Problem(what, "survey_responses", remedy)])
    enough = [wave for wave in earlier[:1] if len(wave.weights) >= FEWEST_ANSWERS]
    before = [_rank_wave(survey, wave, parameters, items) for wave in enough]
    ranked = _rank_wave(survey, now, parameters, items)
    return Drivers(ranked, before[0] if before else None)


def _rank_wave(
    survey: Survey,
    wave: WeightedWave,
    parameters: Parameters,
    items: ItemAnswers | None,
) -> Importance:
    answers = gather_answers(survey, wave, items)
    moments = estimate_moments(answers.scores, answers.weights)
    generator = np.random.default_rng(parameters.seed)
    weights = draw_weights(answers.weights, parameters.replicates, generator)
    draws = resample_moments(answers.scores, moments, weights)
    level = parameters.confidence_level
    shares, own_draws = _decompose(answers, moments, draws, weights, level)
    ratings, performance_draws = _rate(answers, moments, draws, own_draws, level)
    table = pd.concat(
        [
            _name_attributes(answers, parameters),
            shares,
            _estimate_effects(answers, moments, draws, level),
            ratings,
        ],
        axis=1,
    )
    order = np.argsort(-table["own"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    kept = {each.name for each in answers.attributes}
    return Importance(
        quarter=wave.quarter,
        table=table,
        own_draws=own_draws[:, order],
        effect_draws=_regress(draws.covariance, len(kept))[:, order, 0],
        performance_draws=performance_draws[:, order],
        r_squared=float(table["lmg"].sum()),
        nobs=moments.nobs,
        complete=moments.complete,
        verdict=judge_leader(table),
        left_out=tuple(e.label for e in survey.attributes if e.name not in kept),
        source=survey.source,
        confidence_level=level,
    )


def judge_leader(table: pd.DataFrame) -> str:
    """Say how sure the first rank is.

    Parameters
    ----------
    table : pandas.DataFrame
        Attributes with `own_lower` (percent of variance) and `first` (percent of
        replicates), the largest own share first.

    Returns
    -------
    str
        `CANNOT_TELL` when the leader's interval reaches its floor, `STABLE` when it
        is first in at least 95 % of replicates, else `NOT_SURE`.
    """
    leader = table.iloc[0]
    if leader["own_lower"] <= 0:
        return CANNOT_TELL
    return STABLE if leader["first"] >= 100 * SURE else NOT_SURE


def _decompose(
    answers: DriverAnswers,
    moments: Moments,
    draws: MomentDraws,
    weights: _Floats,
    level: float,
) -> tuple[pd.DataFrame, _Floats]:
    used = np.arange(len(answers.attributes) + 1)
    inside = np.ix_(used, used)
    shares = share_variance(
        moments.correlation[inside],
        draws.correlation[:, used[:, None], used],
        measure_reliabilities(answers.items, answers.weights[None])[0],
        measure_reliabilities(answers.items, weights),
    )
    table = tabulate_shares(shares, level)
    listwise = share_complete(
        answers.scores[:, used], answers.weights, shares.reliability, FEWEST_ANSWERS
    )
    return table.assign(listwise=listwise), 100 * shares.draws.own


def _estimate_effects(
    answers: DriverAnswers, moments: Moments, draws: MomentDraws, level: float
) -> pd.DataFrame:
    """Regress the outcomes on all attributes, in points for one point."""
    drivers = len(answers.attributes)
    slopes = _regress(moments.covariance, drivers)
    replicates = _regress(draws.covariance, drivers)
    room = np.array([each.highest for each in answers.attributes], np.float64)
    headroom = room - moments.mean[:drivers]
    table = pd.DataFrame({"effect": slopes[:, 0], "headroom": headroom})
    add_interval(table, "effect", replicates[..., 0], level)
    table["gain"] = table["effect"] * headroom
    gains = replicates[..., 0] * (room - draws.mean[:, :drivers])
    add_interval(table, "gain", gains, level)
    if slopes.shape[1] > 1:
        table["promoter_effect"] = slopes[:, 1]
        add_interval(table, "promoter_effect", replicates[..., 1], level)
    return table


def _regress(covariance: _Floats, drivers: int) -> _Floats:
    inner = covariance[..., :drivers, :drivers]
    slopes = np.linalg.solve(inner, covariance[..., :drivers, drivers:])
    return np.asarray(slopes, dtype=np.float64)


def _rate(
    answers: DriverAnswers,
    moments: Moments,
    draws: MomentDraws,
    own_draws: _Floats,
    level: float,
) -> tuple[pd.DataFrame, _Floats]:
    """Rate performance, and how often an attribute is important and rated low."""
    lowest = np.array([e.lowest for e in answers.attributes], np.float64)
    room = np.array([e.highest for e in answers.attributes], np.float64) - lowest
    drivers = len(lowest)
    performance = 100 * (moments.mean[:drivers] - lowest) / room
    replicates = 100 * (draws.mean[:, :drivers] - lowest) / room
    important = own_draws > own_draws.mean(axis=1, keepdims=True)
    low = replicates < replicates.mean(axis=1, keepdims=True)
    fix_first = 100 * (important & low).mean(axis=0)
    table = pd.DataFrame({"performance": performance, "fix_first": fix_first})
    add_interval(table, "performance", replicates, level)
    return table, replicates


def _name_attributes(answers: DriverAnswers, parameters: Parameters) -> pd.DataFrame:
    names = [each.name for each in answers.attributes]
    held = np.isfinite(answers.scores[:, : len(names)])
    rates = parameters.rate_names
    return pd.DataFrame(
        {
            "attribute": names,
            "label": [each.label for each in answers.attributes],
            "role": ["rates" if name in rates else "service" for name in names],
            "answers": held.sum(axis=0),
            "answered_pct": 100 * held.mean(axis=0),
        }
    )
