"""Turn answers into measures whose mean is the score, and bend them for silence.

The net promoter score is in points from -100 to 100, satisfaction in points of its
scale, the top-box share in percent.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from analysis.statistics.net_promoter import SCALE, score_promoters
from analysis.studies.satisfaction_drivers.answers.survey import (
    RECOMMEND,
    SATISFACTION,
    Attribute,
    Survey,
)
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.units import Unit
from analysis.wording import mark, say

Measure = Literal["net_promoter", "satisfaction", "top_box"]
_MEASURES: dict[Measure, tuple[str, Unit]] = {
    "net_promoter": (mark("Net promoter score"), Unit.POINTS),
    "satisfaction": (mark("Mean satisfaction"), Unit.SCORE),
    "top_box": (mark("Very satisfied"), Unit.PERCENT),
}
NONRESPONSE_SLOPES = (0.0, 0.2, 0.35)
"""Assumed effects of one deviation of satisfaction on the log-odds of answering."""


def name_measure(measure: Measure) -> tuple[str, Unit]:
    """Name a measure for readers, with its unit.

    Parameters
    ----------
    measure : {"net_promoter", "satisfaction", "top_box"}
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
    if asked is not None and (asked.lowest, asked.highest) == SCALE:
        return ("net_promoter", "satisfaction", "top_box")
    return ("satisfaction", "top_box")


def score(survey: Survey, wave: WeightedWave, measure: Measure) -> NDArray[np.float64]:
    """Score each respondent so that a measure is a mean of scores.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    measure : {"net_promoter", "satisfaction", "top_box"}
        What is measured.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        Scores in the unit of the measure, NaN where missing.
    """
    if measure == "net_promoter":
        return score_promoters(wave.scores(RECOMMEND))
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

    With log-odds of answering that grow by `slope` for each deviation of satisfaction
    (its normal score), each answer stands for one over its chance.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    measure : {"net_promoter", "satisfaction", "top_box"}
        What is measured.

    Returns
    -------
    pandas.DataFrame
        One row per assumed `slope`: `estimate`.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, chapter 15: sensitivity to nonignorable nonresponse.
    """
    satisfaction, answers = wave.scores(SATISFACTION), score(survey, wave, measure)
    held = np.isfinite(satisfaction) & np.isfinite(answers)
    weights, answers = wave.weights[held], answers[held]
    ranks = rankdata(satisfaction[held])
    scores = norm.ppf((ranks - 0.5) / len(ranks))
    others = 1 / wave.response_rate - 1
    rows = []
    for slope in NONRESPONSE_SLOPES:
        tilted = weights * (1 + others * np.exp(-slope * scores))
        rows.append({"slope": slope, "estimate": np.average(answers, weights=tilted)})
    return pd.DataFrame(rows)
