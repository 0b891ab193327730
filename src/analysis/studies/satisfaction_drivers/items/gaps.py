"""Which answers are missing, why, and what that does to the scores.

An attribute that nearly nobody of a channel answered was not asked there: that is no
gap, and nothing is filled in for it. What is left are skipped answers. Scores are means
in points of the attribute's scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.multiple_imputation import (
    PooledEstimate,
    expect_answers,
    impute_answers,
    pool_estimates,
)
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import (
    SATISFACTION,
    Attribute,
    Survey,
)
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    Parameters,
)

_Floats = NDArray[np.float64]
_Marks = NDArray[np.bool_]

NOT_ASKED_BELOW = 0.05
"""Share of a channel's respondents below whose answers an attribute was not asked."""
FILLINGS, TURNS = 20, 5
"""Fillings of the gaps, and draws before each; few are skipped, so chains are short."""


@dataclass(frozen=True, slots=True)
class AnswerGaps:
    """Gaps of a wave, and scores under three ways of treating them.

    Parameters
    ----------
    quarter : str
        Wave reported.
    channels : pandas.DataFrame
        One row per attribute and channel: `attribute`, `label`, `channel`,
        `respondents`, `answered_pct`, `asked` (bool).
    scores : pandas.DataFrame
        One row per attribute: `attribute`, `label`, `nobs` (asked), `skipped_pct` of
        those asked, `given` (mean of the answers given), `complete` (of those who
        skipped nothing), `likely` (maximum likelihood), `filled` with `filled_lower`
        and `filled_upper`, and `missing_information_pct`.
    source : str
        Where the answers come from.
    """

    quarter: str
    channels: pd.DataFrame
    scores: pd.DataFrame
    source: str


def measure_gaps(
    survey: Survey,
    weighted: WeightedSurvey,
    items: ItemAnswers,
    parameters: Parameters,
) -> AnswerGaps:
    """Map the gaps and compare what they do to the scores.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Who answered.
    items : ItemAnswers
        Answers to single items.
    parameters : Parameters
        Confidence level and start of the random numbers.

    Returns
    -------
    AnswerGaps
        Shares answered by channel, and scores of those asked.
    """
    wave = weighted.reported
    answers = [_gather(each, wave, items) for each in survey.attributes]
    held = np.column_stack([np.isfinite(each).any(axis=1) for each in answers])
    channels = wave.respondents["channel"].astype(str).to_numpy(dtype=object)
    asked = _find_asked(held, channels)
    gaps = np.column_stack([np.isnan(each).any(axis=1) for each in answers])
    whole = np.asarray(~(gaps & asked).any(axis=1))
    labels = {each.name: each.label for each in survey.attributes}
    generator = np.random.default_rng(parameters.seed)
    rows = [
        {"attribute": each.name, "label": each.label}
        | _score(values, asked[:, place], whole, wave, generator)
        for place, (each, values) in enumerate(
            zip(survey.attributes, answers, strict=True)
        )
        if _is_useful(values, asked[:, place])
    ]
    return AnswerGaps(
        quarter=survey.reported,
        channels=_map_channels(held, channels, labels),
        scores=pd.DataFrame(rows),
        source=survey.source,
    )


def _gather(attribute: Attribute, wave: WeightedWave, items: ItemAnswers) -> _Floats:
    """Give the items of an attribute, or its score where it has one item."""
    if set(attribute.items) <= set(items.table.columns):
        return items.read(attribute, wave)
    return wave.scores(attribute.name)[:, None]


def _is_useful(values: _Floats, asked: _Marks) -> bool:
    held = np.isfinite(values) & asked[:, None]
    if (held.sum(axis=0) < SUPPRESSED_BELOW).any():
        return False
    return bool((np.nanstd(values, axis=0) > 0).all())


def _find_asked(held: _Marks, channels: NDArray[np.object_]) -> _Marks:
    """Mark who was asked what: everyone of a channel, or nobody."""
    asked = np.ones(held.shape, dtype=bool)
    for channel in np.unique(channels):
        inside = channels == channel
        asked[inside] = held[inside].mean(axis=0) >= NOT_ASKED_BELOW
    return asked


def _map_channels(
    held: _Marks, channels: NDArray[np.object_], labels: dict[str, str]
) -> pd.DataFrame:
    shares = 100 * pd.DataFrame(held, columns=list(labels)).groupby(channels).mean()
    sizes = pd.Series(channels).value_counts()
    rows = [
        (name, labels[name], channel, int(sizes[channel]), shares.loc[channel, name])
        for name in labels
        for channel in shares.index
    ]
    columns = ["attribute", "label", "channel", "respondents", "answered_pct"]
    mapped = pd.DataFrame(rows, columns=columns)
    return mapped.assign(asked=mapped["answered_pct"] >= 100 * NOT_ASKED_BELOW)


def _score(
    values: _Floats,
    asked: _Marks,
    whole: _Marks,
    wave: WeightedWave,
    generator: np.random.Generator,
) -> dict[str, float]:
    """Score those asked: as given, of complete rows, by likelihood, and filled."""
    answers, weights = values[asked], wave.weights[asked]
    given = pd.DataFrame(answers).mean(axis=1).to_numpy()
    joint = np.column_stack([answers, wave.scores(SATISFACTION)[asked]])
    moments = estimate_moments(joint, weights / weights.mean())
    filled = impute_answers(joint, moments, generator, fillings=FILLINGS, steps=TURNS)
    scores = filled[..., : answers.shape[1]].mean(axis=2)
    pooled = pool_means(scores, weights)
    likely = expect_answers(joint, moments)[:, : answers.shape[1]].mean(axis=1)
    return {
        "nobs": int(asked.sum()),
        "skipped_pct": 100 * float(np.isnan(answers).mean()),
        "given": _average(given, weights, np.isfinite(given)),
        "complete": _average(given, weights, whole[asked]),
        "likely": float(np.average(likely, weights=weights)),
        "filled": pooled.estimate,
        "filled_lower": pooled.lower,
        "filled_upper": pooled.upper,
        "missing_information_pct": 100 * pooled.missing_information,
    }


def pool_means(filled: _Floats, weights: _Floats) -> PooledEstimate:
    """Pool weighted means over fillings.

    Parameters
    ----------
    filled : numpy.ndarray, shape (fillings, rows)
        Filled answers.
    weights : numpy.ndarray, shape (rows,)
        Positive weights.

    Returns
    -------
    PooledEstimate
        Mean with its 95 % interval and the share of missing information.
    """
    shares = weights / weights.sum()
    means = filled @ shares
    variances = ((filled - means[:, None]) ** 2) @ shares**2
    return pool_estimates(means, variances, complete_df=len(weights) - 1)


def _average(values: _Floats, weights: _Floats, inside: _Marks) -> float:
    if not inside.any():
        return np.nan
    return float(np.average(values[inside], weights=weights[inside]))
