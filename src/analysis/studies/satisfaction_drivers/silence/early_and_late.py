"""Early against late answers: late ones may be more like those that never came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.notes import Note
from analysis.statistics.survey_means import SurveyMean, estimate_change, estimate_mean
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.levels.measures import (
    Measure,
    list_measures,
    name_measure,
    score,
)
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    Parameters,
)
from analysis.units import write_interval, write_number, write_value
from analysis.wording import mark, say


@dataclass(frozen=True, slots=True)
class EarlyAndLate:
    """The headline score of the earlier and the later half of the answers.

    Parameters
    ----------
    measure : Measure
        What is scored.
    early, late : SurveyMean
        The two halves, by the day of the answer.
    gap, lower, upper : float
        Late less early, with its interval.
    """

    measure: Measure
    early: SurveyMean
    late: SurveyMean
    gap: float
    lower: float
    upper: float


def compare_early_and_late(
    survey: Survey, wave: WeightedWave, parameters: Parameters
) -> EarlyAndLate | None:
    """Compare the earlier with the later half of a wave's answers.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Screened, weighted wave.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    EarlyAndLate or None
        None where days of answering are not known, or a half is too small.

    References
    ----------
    .. [1] Armstrong and Overton (1977), Estimating nonresponse bias in mail surveys,
       J. of Marketing Research 14.
    """
    if "answered_date" not in wave.respondents:
        return None
    days = pd.to_datetime(wave.respondents["answered_date"])
    late = (days > days.median()).to_numpy(dtype=bool)
    early = (days <= days.median()).to_numpy(dtype=bool)
    measure = list_measures(survey)[0]
    answers = score(survey, wave, measure)
    sizes = [(np.isfinite(answers) & half).sum() for half in (early, late)]
    if min(sizes) < SUPPRESSED_BELOW:
        return None
    means = [
        estimate_mean(answers, wave.weights, inside=half, margins=wave.margins)
        for half in (early, late)
    ]
    everyone = pd.RangeIndex(len(answers))
    gap = estimate_change(
        means[1],
        means[0],
        later_people=everyone,
        earlier_people=everyone,
        confidence_level=parameters.confidence_level,
    )
    return EarlyAndLate(measure, means[0], means[1], gap.estimate, gap.lower, gap.upper)


def note_early_and_late(found: EarlyAndLate | None) -> Note:
    """Say how late answers differ from early ones.

    Parameters
    ----------
    found : EarlyAndLate or None
        The two halves.

    Returns
    -------
    Note
        What it hints at, or why it cannot be said.
    """
    if found is None:
        return Note(
            say(
                "The source does not say on which day answers came in, so late answers "
                "cannot be compared with early ones."
            )
        )
    unit = name_measure(found.measure)[1]
    template = mark(
        "Late and early answers do not clearly differ: {gap} ({interval}; {early} and "
        "{late} answers). That is no proof that the silent are alike."
    )
    if found.upper < 0:
        template = mark(
            "Late answers are lower by {gap} ({interval}; {early} and {late} answers): "
            "a hint that those who never answered are less satisfied still."
        )
    if found.lower > 0:
        template = mark(
            "Late answers are higher by {gap} ({interval}; {early} and {late} "
            "answers): a hint that those who never answered are not less satisfied."
        )
    return Note(
        say(
            template,
            gap=write_value(found.gap, unit, signed=True),
            interval=write_interval(found.lower, found.upper, unit),
            early=write_number(found.early.nobs),
            late=write_number(found.late.nobs),
        )
    )
