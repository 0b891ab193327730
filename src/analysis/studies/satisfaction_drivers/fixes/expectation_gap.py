"""What customers expected beside what they met: the gap of each attribute.

Gaps are points of the scale, met less expected, of the same respondents: below zero
the bank stays behind what is expected of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.survey_means import SurveyMean, estimate_mean
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import say

EXPECTATION = "expectation"


@dataclass(frozen=True, slots=True, eq=False)
class ExpectationGap:
    """Gaps of one wave.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per attribute, the widest shortfall first: `attribute`, `label`,
        `answers` (who told both), `expected`, `met` (points), `gap` with its ends
        (allowing for looking at all attributes).
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    confidence_level : float
        For all intervals together.
    """

    table: pd.DataFrame
    quarter: str
    source: str
    confidence_level: float


def measure_expectation_gap(
    tables: Tables, survey: Survey, wave: WeightedWave, parameters: Parameters
) -> ExpectationGap | Refused:
    """Compare what was met with what was expected, attribute by attribute.

    Parameters
    ----------
    tables : Tables
        Items and answers.
    survey : Survey
        Attributes.
    wave : WeightedWave
        Who answered.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    ExpectationGap or Refused
        Refused where no attribute has an item on what is expected.

    References
    ----------
    .. [1] Parasuraman, Zeithaml and Berry (1988), SERVQUAL, Journal of Retailing 64:
       quality as the gap between perception and expectation.
    """
    expected = _read_expected(tables, survey, wave)
    asked = [each for each in survey.attributes if each.name in expected]
    enough = [
        each
        for each in asked
        if np.isfinite(_subtract(wave, expected, each)).sum() >= MINIMUM_CELL
    ]
    if not enough:
        return Refused(
            say("The survey does not ask what customers expect."),
            say("Ask for the expected level beside the rating of each attribute."),
            wave.quarter,
            survey.source,
        )
    level = 1 - (1 - parameters.confidence_level) / len(enough)
    rows = [_compare(wave, expected, each, level) for each in enough]
    table = pd.DataFrame(rows).sort_values("gap", kind="stable", ignore_index=True)
    return ExpectationGap(
        table, wave.quarter, survey.source, parameters.confidence_level
    )


def _read_expected(tables: Tables, survey: Survey, wave: WeightedWave) -> pd.DataFrame:
    """Average the expectation items of each attribute, in the order of respondents."""
    items: pd.DataFrame = tables["survey_items"].to_pandas()
    items = items[items["role"] == EXPECTATION]
    scales = {each.name: (each.lowest, each.highest) for each in survey.attributes}
    ends = zip(items["scale_minimum"], items["scale_maximum"], strict=True)
    pairs = zip(items["attribute"].astype(str), ends, strict=True)
    items = items[np.array([scales.get(name) == scale for name, scale in pairs], bool)]
    answers = tables["survey_answers"]
    names = wave.respondents["wave"].unique().tolist()
    answers = answers.filter(
        answers.wave.isin(names) & answers.item.isin(items["item"].tolist())
    )
    found: pd.DataFrame = answers.to_pandas()
    found["attribute"] = found["item"].map(items.set_index("item")["attribute"])
    scores = found.pivot_table(
        index=["wave", "respondent_id"], columns="attribute", values="score"
    )
    keys = pd.MultiIndex.from_frame(wave.respondents[["wave", "respondent_id"]])
    return scores.reindex(keys).reset_index(drop=True)


def _subtract(
    wave: WeightedWave, expected: pd.DataFrame, each: Attribute
) -> NDArray[np.float64]:
    hoped: NDArray[np.float64] = expected[each.name].to_numpy(dtype=np.float64)
    return wave.scores(each.name) - hoped


def _compare(
    wave: WeightedWave, expected: pd.DataFrame, each: Attribute, level: float
) -> dict[str, object]:
    gap = _subtract(wave, expected, each)
    both = np.isfinite(gap)
    mean: SurveyMean = estimate_mean(
        gap, wave.weights, margins=wave.margins, confidence_level=level
    )
    met = wave.scores(each.name)[both]
    hoped = expected[each.name].to_numpy(dtype=np.float64)[both]
    return {
        "attribute": each.name,
        "label": each.label,
        "answers": mean.nobs,
        "expected": float(np.average(hoped, weights=wave.weights[both])),
        "met": float(np.average(met, weights=wave.weights[both])),
        "gap": mean.estimate,
        "gap_lower": mean.lower,
        "gap_upper": mean.upper,
    }
