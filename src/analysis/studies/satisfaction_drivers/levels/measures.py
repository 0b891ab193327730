"""Turn answers into measures whose mean is the score, and bend them for silence.

The net promoter score is in points from -100 to 100, satisfaction in points of its
scale, the top-box share in percent, the satisfaction index in points from 0 to 100.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.net_promoter import SCALE, score_promoters
from analysis.studies.satisfaction_drivers.answers.survey import (
    INDEX,
    RECOMMEND,
    SATISFACTION,
    Attribute,
    Survey,
)
from analysis.studies.satisfaction_drivers.answers.tilting import SLOPES, tilt_wave
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.units import Unit
from analysis.wording import mark, say

Measure = Literal["net_promoter", "satisfaction", "top_box", "satisfaction_index"]
_MEASURES: dict[Measure, tuple[str, Unit]] = {
    "net_promoter": (mark("Net promoter score"), Unit.POINTS),
    "satisfaction": (mark("Mean satisfaction"), Unit.SCORE),
    "top_box": (mark("Very satisfied"), Unit.PERCENT),
    "satisfaction_index": (mark("Satisfaction index (ACSI form)"), Unit.POINTS),
}
_INDEX_ITEMS = 3
"""Items of the American Customer Satisfaction Index."""


def name_measure(measure: Measure) -> tuple[str, Unit]:
    """Name a measure for readers, with its unit.

    Parameters
    ----------
    measure : {"net_promoter", "satisfaction", "top_box", "satisfaction_index"}
        What is measured.

    Returns
    -------
    tuple of str and Unit
        Name in the reader's language, and unit.
    """
    name, unit = _MEASURES[measure]
    return say(name), unit


def list_measures(survey: Survey) -> tuple[Measure, ...]:
    """List what can be measured; a net promoter score needs its own question.

    Parameters
    ----------
    survey : Survey
        What was asked.

    Returns
    -------
    tuple of str
        Measures, the headline first.
    """
    asked = survey.outcomes.get(RECOMMEND)
    measures: list[Measure] = ["satisfaction", "top_box"]
    if asked is not None and (asked.lowest, asked.highest) == SCALE:
        measures.insert(0, "net_promoter")
    if sum(len(each.items) for each in _list_index(survey)) >= _INDEX_ITEMS:
        measures.append("satisfaction_index")
    return tuple(measures)


def give_limits(survey: Survey, measure: Measure) -> tuple[float, float]:
    """Give the ends that a measure cannot leave.

    Parameters
    ----------
    survey : Survey
        What was asked.
    measure : {"net_promoter", "satisfaction", "top_box", "satisfaction_index"}
        What is measured.

    Returns
    -------
    tuple of float
        Lowest and highest value.
    """
    if measure == "net_promoter":
        return -100.0, 100.0
    asked = survey.outcomes[SATISFACTION]
    return (asked.lowest, asked.highest) if measure == "satisfaction" else (0.0, 100.0)


def score_index(survey: Survey, wave: WeightedWave) -> NDArray[np.float64]:
    """Score the satisfaction index: equally weighted items, from 0 to 100.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        Points, NaN where an outcome is missing. With three items from 1 to 10 it is
        (sum - 3) / 27 x 100.

    References
    ----------
    .. [1] Fornell, Johnson, Anderson, Cha and Bryant (1996), The American Customer
       Satisfaction Index, J. of Marketing 60; the weights of the index itself are not
       published, equal ones stand in for them.
    """
    asked = _list_index(survey)
    items = sum(len(each.items) for each in asked)
    total = np.zeros(len(wave.weights))
    for each in asked:
        share = (wave.scores(each.name) - each.lowest) / (each.highest - each.lowest)
        total += 100 * share * len(each.items) / items
    return total


def _list_index(survey: Survey) -> list[Attribute]:
    roles = (SATISFACTION, INDEX)
    return [survey.outcomes[role] for role in roles if role in survey.outcomes]


def score(survey: Survey, wave: WeightedWave, measure: Measure) -> NDArray[np.float64]:
    """Score each respondent so that a measure is a mean of scores.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    measure : {"net_promoter", "satisfaction", "top_box", "satisfaction_index"}
        What is measured.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        Scores in the unit of the measure, NaN where missing.
    """
    if measure == "net_promoter":
        return score_promoters(wave.scores(RECOMMEND))
    if measure == "satisfaction_index":
        return score_index(survey, wave)
    answers = wave.scores(SATISFACTION)
    if measure == "satisfaction":
        return answers
    highest = find_top_box(survey.outcomes[SATISFACTION])
    return np.where(np.isnan(answers), np.nan, 100.0 * (answers >= highest))


def find_top_box(asked: Attribute) -> float:
    """Give the lowest answer that counts as very satisfied.

    Parameters
    ----------
    asked : Attribute
        Overall satisfaction and its scale.

    Returns
    -------
    float
        The second highest answer on scales of seven points and more, else the
        highest.
    """
    long_scale = asked.highest - asked.lowest >= 6
    return asked.highest - 1 if long_scale else asked.highest


def tilt_answers(survey: Survey, wave: WeightedWave, measure: Measure) -> pd.DataFrame:
    """Undo an assumed readiness of satisfied customers to answer.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    measure : {"net_promoter", "satisfaction", "top_box", "satisfaction_index"}
        What is measured.

    Returns
    -------
    pandas.DataFrame
        One row per assumed `slope` of `SLOPES`: `estimate`.
    """
    answers = score(survey, wave, measure)
    held = np.isfinite(answers)
    rows = [
        {
            "slope": slope,
            "estimate": np.average(
                answers[held], weights=tilt_wave(wave, slope).weights[held]
            ),
        }
        for slope in SLOPES
    ]
    return pd.DataFrame(rows)
