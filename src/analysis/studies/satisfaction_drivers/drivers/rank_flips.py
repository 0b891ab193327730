"""Rank drivers under every choice a reader could have made, and say what flips.

Choices are crossed: how gaps are bridged, whether customers are weighted, whether
answers are numbers or ordered steps, whether errors of measurement are taken out,
whether doubtful answers are kept, and whether the unhappy kept silent. Each variant is
an order of attributes; what orders them is of no unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau, norm, rankdata

from analysis.statistics.correlation_repair import repair_correlation
from analysis.statistics.filled_answers import fill_answers
from analysis.statistics.missing_answers import Moments, estimate_moments
from analysis.statistics.ordered_logit import fit_ordered_logit
from analysis.statistics.polychoric import correlate_ordered
from analysis.statistics.relative_importance import decompose_r_squared
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.drivers.driver_answers import (
    DriverAnswers,
    gather_answers,
)
from analysis.studies.satisfaction_drivers.drivers.importance import FEWEST_ANSWERS
from analysis.studies.satisfaction_drivers.drivers.shares import (
    correct,
    measure_reliabilities,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.wording import mark

_Floats = NDArray[np.float64]

TILT = 0.35
"""Log-odds of answering that grow with a deviation of satisfaction, where assumed."""
_COPIES = 5

LIKELIHOOD, LISTWISE, IMPUTED = "em", "listwise", "mi"
HEADLINE_CHOICE = mark("As reported")
CHANGES: dict[str, dict[str, Any]] = {
    HEADLINE_CHOICE: {},
    mark("Complete answers only"): {"gaps": LISTWISE},
    mark("Gaps drawn several times"): {"gaps": IMPUTED},
    mark("Without weights"): {"is_weighted": False},
    mark("Answers as ordered steps"): {"is_ordinal": True},
    mark("Steps of a hidden scale"): {"is_polychoric": True},
    mark("Errors of measurement kept"): {"is_corrected": False},
    mark("Doubtful answers kept"): {"is_screened": False},
    mark("As if the unhappy kept silent"): {"is_tilted": True},
}
"""One choice changed at a time, as readers see it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """One way of ranking.

    Parameters
    ----------
    gaps : {"em", "listwise", "mi"}
        Maximum likelihood, complete answers only, or filled several times.
    is_weighted, is_ordinal, is_corrected, is_screened, is_tilted : bool
        Customers weighted; ordered logit instead of shares of variance; errors of
        measurement taken out; doubtful answers left out; answers weighted as if
        satisfied customers answered more readily.
    is_polychoric : bool
        Polychoric correlations: answers as steps of a hidden normal scale.
    """

    gaps: str = LIKELIHOOD
    is_weighted: bool = True
    is_ordinal: bool = False
    is_corrected: bool = True
    is_screened: bool = True
    is_tilted: bool = False
    is_polychoric: bool = False


@dataclass(frozen=True, slots=True)
class RankFlips:
    """Orders of attributes under all choices.

    Parameters
    ----------
    ranks : pandas.DataFrame
        One row per variant, the reported one first: the fields of `Choices`, `first`
        (label of the attribute ranked first), `tau` (Kendall's, with the reported
        order).
    orders : numpy.ndarray of int, shape (variants, attributes)
        Rank of each attribute, from 1.
    labels : tuple of str
        Attributes, in the reported order.
    single : pandas.DataFrame
        One row per change of `CHANGES` that can be made here: `change`, `first`,
        `second`, `tau`, `variant` (row of `ranks`).
    leader_first : int
        Variants in which the leader reported is first.
    is_stable : bool
        Whether it is first in all of them.
    nobs : int
        Respondents of the wave.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    """

    ranks: pd.DataFrame
    orders: NDArray[np.int64]
    labels: tuple[str, ...]
    single: pd.DataFrame
    leader_first: int
    is_stable: bool
    nobs: int
    quarter: str
    source: str


class _Sample(NamedTuple):
    """Answers under one choice of rows and weights, with what is estimated of them."""

    answers: DriverAnswers
    weights: _Floats
    moments: Moments


def compare_rankings(
    survey: Survey,
    weighted: WeightedSurvey,
    parameters: Parameters,
    items: ItemAnswers | None = None,
) -> RankFlips:
    """Rank attributes under all choices.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Who answered, doubtful answers with and without.
    parameters : Parameters
        Seed.
    items : ItemAnswers, optional
        Answers to single items; without them nothing can be corrected.

    Returns
    -------
    RankFlips
        Variants that can be made here, and whether they agree on the first rank.
    """
    wave = weighted.reported
    reported = gather_answers(survey, wave, items)
    can_correct = any(each.shape[1] > 1 for each in reported.items)
    can_weigh = bool(np.ptp(wave.weights) > 0)
    can_screen = len(weighted.unscreened.weights) > len(wave.weights)
    variants = [
        each
        for each in _list_choices()
        if (can_correct or not each.is_corrected)
        and (can_weigh or each.is_weighted)
        and (can_screen or each.is_screened)
    ]
    samples: dict[tuple[bool, bool, bool], _Sample] = {}
    kept, values = [], []
    for choices in variants:
        key = (choices.is_screened, choices.is_weighted, choices.is_tilted)
        if key not in samples:
            source = wave if choices.is_screened else weighted.unscreened
            samples[key] = _draw_sample(survey, source, choices, items)
        if (scores := _rank(samples[key], choices, parameters.seed)) is not None:
            kept.append(choices)
            values.append(scores)
    names = [each.label for each in reported.attributes]
    return _compare(kept, np.array(values), names, wave, survey.source)


def _list_choices() -> Iterator[Choices]:
    """List all variants that make sense, the reported one first."""
    for corrected, gaps, weighted, ordinal, screened, tilted in product(
        (True, False),
        (LIKELIHOOD, LISTWISE, IMPUTED),
        (True, False),
        (False, True),
        (True, False),
        (False, True),
    ):
        # The ordered logit needs whole rows and has no matrix to correct.
        if not (ordinal and (corrected or gaps == LIKELIHOOD)):
            yield Choices(gaps, weighted, ordinal, corrected, screened, tilted)
    for corrected in (True, False):
        yield Choices(is_corrected=corrected, is_polychoric=True)


def _draw_sample(
    survey: Survey, wave: WeightedWave, choices: Choices, items: ItemAnswers | None
) -> _Sample:
    answers = gather_answers(survey, wave, items)
    count = len(answers.attributes)
    weights = answers.weights if choices.is_weighted else np.ones(len(wave.weights))
    if choices.is_tilted:
        weights = weights * _tilt(answers.scores[:, count], wave.response_rate)
    weights = weights / weights.mean()
    scores = answers.scores[:, : count + 1]
    return _Sample(
        replace(answers, scores=scores), weights, estimate_moments(scores, weights)
    )


def _tilt(satisfaction: _Floats, response_rate: float) -> _Floats:
    """Weigh answers as if the log-odds of answering grew with satisfaction."""
    held = np.isfinite(satisfaction)
    ranks = rankdata(satisfaction[held])
    tilted = np.ones(len(satisfaction))
    tilted[held] += (1 / response_rate - 1) * np.exp(
        -TILT * norm.ppf((ranks - 0.5) / len(ranks))
    )
    tilted[~held] = tilted[held].mean()
    return tilted


def _rank(sample: _Sample, choices: Choices, seed: int) -> _Floats | None:
    """Give what attributes are ordered by; None where complete answers are too few."""
    scores, weights = sample.answers.scores, sample.weights
    if choices.gaps == LISTWISE:
        whole = np.isfinite(scores).all(axis=1)
        if whole.sum() < FEWEST_ANSWERS or (np.ptp(scores[whole], axis=0) == 0).any():
            return None
        copies, weights = [scores[whole]], weights[whole]
    elif choices.gaps == IMPUTED:
        rng = np.random.default_rng(seed)
        mean, covariance = sample.moments.mean, sample.moments.covariance
        copies = [fill_answers(scores, mean, covariance, rng) for _ in range(_COPIES)]
    else:
        copies = []
    if choices.is_ordinal:
        effects = [_weigh_ordinal(each, weights) for each in copies]
        return np.asarray(np.mean(effects, axis=0), dtype=np.float64)
    matrices = [estimate_moments(each, weights).correlation for each in copies]
    correlation = np.array(matrices or [sample.moments.correlation])
    if choices.is_polychoric:
        steps = correlate_ordered(np.round(scores), weights)
        correlation = repair_correlation(steps).correlation[None]
    if choices.is_corrected:
        reliability = measure_reliabilities(sample.answers.items, sample.weights[None])
        correlation = correct(correlation, np.repeat(reliability, len(correlation), 0))
    own: _Floats = decompose_r_squared(correlation).own.mean(axis=0)
    return own


def _weigh_ordinal(whole: _Floats, weights: _Floats) -> _Floats:
    """Give log-odds for one deviation of each attribute."""
    outcome = np.round(whole[:, -1])
    fit = fit_ordered_logit(outcome, whole[:, :-1], weights=weights)
    mean = np.average(whole[:, :-1], axis=0, weights=weights)
    variance = np.average((whole[:, :-1] - mean) ** 2, axis=0, weights=weights)
    effects: _Floats = fit.coefficients[0] * np.sqrt(variance)
    return effects


def _compare(
    kept: list[Choices],
    values: _Floats,
    names: list[str],
    wave: WeightedWave,
    source: str,
) -> RankFlips:
    order = np.argsort(-values[0], kind="stable")
    values = values[:, order]
    labels = [names[place] for place in order]
    ranks = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1) + 1
    table = pd.DataFrame(
        {name: [getattr(each, name) for each in kept] for name in Choices.__slots__}
    ).assign(
        first=[labels[row.argmin()] for row in ranks],
        tau=[kendalltau(row, ranks[0]).statistic for row in ranks],
    )
    first = int((ranks[:, 0] == 1).sum())
    return RankFlips(
        ranks=table,
        orders=ranks,
        labels=tuple(labels),
        single=_pick_single(kept, table, ranks, labels),
        leader_first=first,
        is_stable=first == len(kept),
        nobs=len(wave.weights),
        quarter=wave.quarter,
        source=source,
    )


def _pick_single(
    kept: list[Choices],
    table: pd.DataFrame,
    ranks: NDArray[np.int64],
    labels: list[str],
) -> pd.DataFrame:
    """Find the variants that differ from the reported one by one choice."""
    rows = []
    for change, fields in CHANGES.items():
        wanted = replace(kept[0], **fields)
        if wanted.is_ordinal:  # it needs whole rows, and cannot be corrected
            wanted = replace(wanted, gaps=IMPUTED, is_corrected=False)
        if wanted not in kept or (fields and wanted == kept[0]):
            continue
        place = kept.index(wanted)
        second = labels[int(np.argsort(ranks[place])[1])] if len(labels) > 1 else ""
        row = {"change": change, "second": second, "variant": place}
        rows.append(row | table.loc[place, ["first", "tau"]].to_dict())
    return pd.DataFrame(rows)
