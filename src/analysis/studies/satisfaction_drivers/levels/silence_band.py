"""Between which values the score of all customers may lie, those who kept silent too.

Scores are in the unit of the measure. What an answer can be expected to be, given what
is known of every customer, is the proxy; how far the silent differ beyond it is not
known, and goes from nothing to all that the proxy allows, but no farther than if the
odds of answering doubled with each deviation of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.proxy_pattern_mixture import (
    Answers,
    BentMean,
    bend_mean,
    weigh_proxy,
)
from analysis.statistics.resampling import draw_weights
from analysis.statistics.response_indicators import encode_categories
from analysis.studies.satisfaction_drivers.answers.response import Response
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.levels.measures import (
    Measure,
    give_limits,
    list_measures,
    score,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters

WEAK_CORRELATION = 0.4
"""A proxy below this hardly tells answers apart, and the band is wide."""
STRONGEST_SLOPE = float(np.log(2))
"""Largest plausible effect of a deviation of the answer on log-odds of answering."""
_MOST_REPLICATES = 400
_FEWEST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class SilenceBand:
    """The headline score under several views of silence.

    Parameters
    ----------
    measure : Measure
        What is measured.
    bent : BentMean
        Score by view, with sampling intervals, and the strength of the proxy.
    nobs : int
        Answers behind it.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    """

    measure: Measure
    bent: BentMean
    nobs: int
    quarter: str
    source: str

    @property
    def is_weak(self) -> bool:
        """Whether the proxy hardly tells answers apart."""
        return self.bent.correlation < WEAK_CORRELATION

    @property
    def multiplier(self) -> float:
        """How many deviations the score moves for one of the proxy, at most."""
        return float(weigh_proxy(1.0, np.array([self.bent.correlation]))[0])


def bend_score(
    survey: Survey,
    wave: WeightedWave,
    response: Response | None,
    parameters: Parameters,
) -> SilenceBand | None:
    """Bend the headline score for silence.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Screened wave.
    response : Response or None
        Respondents beside all customers.
    parameters : Parameters
        Replicates, seed and confidence level.

    Returns
    -------
    SilenceBand or None
        None where the source does not know who was not asked, or answers are few.
    """
    if response is None:
        return None
    measure = list_measures(survey)[0]
    answers = pd.DataFrame(
        {
            "respondent_id": wave.respondents["respondent_id"],
            "score": score(survey, wave, measure),
        }
    ).dropna()
    joined = answers.merge(response.held, on="respondent_id")
    if len(joined) < _FEWEST_ANSWERS:
        return None
    bent = bend_answers(
        joined["score"].to_numpy(dtype=np.float64),
        joined,
        response.cells[[*response.variables, "customers"]],
        limits=give_limits(survey, measure),
        replicates=min(parameters.replicates, _MOST_REPLICATES),
        generator=np.random.default_rng(parameters.seed),
    )
    return SilenceBand(measure, bent, len(joined), wave.quarter, survey.source)


def bend_answers(
    answers: NDArray[np.float64],
    held: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    limits: tuple[float, float],
    replicates: int,
    generator: np.random.Generator,
) -> BentMean:
    """Bend a mean, the proxy being a regression on all variables of the cells.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents,)
        Without gaps.
    held : pandas.DataFrame
        One row per respondent: `design_weight` and the variables.
    cells : pandas.DataFrame
        One row per cell of the population: the variables and `customers`.
    limits : tuple of float
        Ends that the mean cannot leave.
    replicates : int
        Times that respondents are drawn again.
    generator : numpy.random.Generator
        Random numbers.

    Returns
    -------
    BentMean
        Means by view.
    """
    names = [name for name in cells.columns if name != "customers"]
    levels = {name: sorted(cells[name].unique()) for name in names}
    share = cells["customers"].to_numpy(dtype=np.float64)
    everyone = (share / share.sum()) @ encode_categories(cells, levels)
    weights = held["design_weight"].to_numpy(dtype=np.float64)
    silent = max(1 - weights.sum() / share.sum(), 0.0)
    known = Answers(
        answers,
        encode_categories(held, levels),
        everyone,
        limits=limits,
        most_shift=STRONGEST_SLOPE * silent,
    )
    return bend_mean(known, weights, draw_weights(weights, replicates, generator))
