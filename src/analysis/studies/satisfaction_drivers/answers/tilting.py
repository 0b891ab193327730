"""Weights under an assumed readiness of satisfied customers to answer.

Any result can be computed again from a tilted wave: scores, rankings, chances of rank.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from analysis.statistics.survey_weights import rake_weights
from analysis.studies.satisfaction_drivers.answers.survey import SATISFACTION
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave

SLOPES = (0.0, 0.2, 0.35)
"""Assumed effects of one deviation of satisfaction on the log-odds of answering."""


def tilt_wave(wave: WeightedWave, slope: float) -> WeightedWave:
    """Weigh a wave as if satisfied customers had answered more readily.

    With log-odds of answering that grow by `slope` for each deviation of satisfaction
    (its normal score), each answer stands for one over its chance. Weights are raked
    again, so that they still meet every margin.

    Parameters
    ----------
    wave : WeightedWave
        Screened, weighted wave.
    slope : float
        Log-odds per deviation; 0 changes nothing.

    Returns
    -------
    WeightedWave
        The same respondents with other weights.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, chapter 15: sensitivity to nonignorable nonresponse.
    """
    if slope == 0 or len(wave.weights) == 0:
        return wave
    others = 1 / wave.response_rate - 1
    satisfied = _score_ranks(wave.scores(SATISFACTION))
    factor = (1 + others * np.exp(-slope * satisfied)) * wave.response_rate
    weights = wave.weights * factor
    weights = _rake_again(wave, weights * (wave.weights.sum() / weights.sum()))
    return replace(
        wave, weights=weights, respondents=wave.respondents.assign(customers=weights)
    )


def _score_ranks(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give normal scores of the answers; who did not answer is taken as average."""
    held = np.isfinite(answers)
    scores = np.zeros(len(answers))
    scores[held] = norm.ppf((rankdata(answers[held]) - 0.5) / held.sum())
    return scores


def _rake_again(
    wave: WeightedWave, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    if wave.raked is None or wave.categories is None:
        return weights
    total = wave.weights.sum()
    targets = {
        str(name): rows.set_index("category")["population_pct"] * (total / 100)
        for name, rows in wave.raked.margins.groupby("margin", sort=False)
    }
    return rake_weights(wave.categories, targets, weights).weights
