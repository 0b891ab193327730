"""Penalty and reward of each attribute: what low ratings cost, what high ones gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.filled_answers import pool_imputations
from analysis.statistics.penalty_reward import (
    classify_attribute,
    contrast_penalty_reward,
)
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.drivers.driver_answers import (
    DriverAnswers,
    gather_answers,
)
from analysis.studies.satisfaction_drivers.drivers.filled_copies import fill_copies
from analysis.studies.satisfaction_drivers.parameters import Parameters

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Penalties and rewards of one wave.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per attribute, the largest penalty first: `attribute`, `label`,
        `answers` (a count), `middle` (points of the scale), `penalty` and `reward`
        with their ends (points of satisfaction per point), `gap` (penalty less reward)
        with its ends, `penalty_larger` (percent: chance that the penalty is larger),
        `kind`, and `pvalue` of the gap.
    nobs : int
        Respondents who said how satisfied they are.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    confidence_level : float
        Of all intervals.
    """

    table: pd.DataFrame
    nobs: int
    quarter: str
    source: str
    confidence_level: float


def measure_asymmetry(
    survey: Survey, wave: WeightedWave, parameters: Parameters
) -> Asymmetry:
    """Measure both slopes of every attribute, all attributes together.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    parameters : Parameters
        Seed and confidence level.

    Returns
    -------
    Asymmetry
        Pooled over filled copies; the middle is the attribute's weighted mean.
    """
    answers = gather_answers(survey, wave)
    count = len(answers.attributes)
    said = np.isfinite(answers.scores[:, count])
    scores, weights = answers.scores[said, : count + 1], answers.weights[said]
    slopes, covariance, middle = _pool_copies(scores, weights, parameters.seed)
    table = _tabulate(slopes, covariance, parameters.confidence_level)
    table = pd.concat([_name(answers, scores), table], axis=1).assign(middle=middle)
    return Asymmetry(
        table=table.sort_values("penalty", ascending=False, ignore_index=True),
        nobs=int(said.sum()),
        quarter=wave.quarter,
        source=survey.source,
        confidence_level=parameters.confidence_level,
    )


def _pool_copies(
    scores: _Floats, weights: _Floats, seed: int
) -> tuple[_Floats, _Floats, _Floats]:
    """Give slopes (2, attributes), their covariances (attributes, 2, 2), middles."""
    slopes, covariances, middles = [], [], []
    for whole in fill_copies(scores, weights, np.random.default_rng(seed)):
        middle = np.average(whole[:, :-1], axis=0, weights=weights)
        found = contrast_penalty_reward(whole[:, :-1], whole[:, -1], weights, middle)
        count = len(middle)
        sides = found.covariance.reshape(2, count, 2, count)
        slopes.append(found.slopes)
        covariances.append(np.einsum("ajbj->jab", sides))
        middles.append(middle)
    drawn = np.array(slopes)
    mean, _ = pool_imputations(drawn, np.zeros_like(drawn))
    left = (drawn - mean).transpose(2, 0, 1)
    between = np.swapaxes(left, 1, 2) @ left / (len(drawn) - 1)
    pooled = np.mean(covariances, axis=0) + (1 + 1 / len(drawn)) * between
    return mean, pooled, np.mean(middles, axis=0)


def _tabulate(slopes: _Floats, covariance: _Floats, level: float) -> pd.DataFrame:
    reach = float(norm.ppf(0.5 + level / 2))
    gap = slopes[0] - slopes[1]
    spread = covariance[:, 0, 0] + covariance[:, 1, 1] - 2 * covariance[:, 0, 1]
    errors = {
        "penalty": np.sqrt(covariance[:, 0, 0]),
        "reward": np.sqrt(covariance[:, 1, 1]),
        "gap": np.sqrt(spread),
    }
    table = pd.DataFrame({"penalty": slopes[0], "reward": slopes[1], "gap": gap})
    for name, error in errors.items():
        table[f"{name}_lower"] = table[name] - reach * error
        table[f"{name}_upper"] = table[name] + reach * error
    table["penalty_larger"] = 100 * norm.cdf(gap / errors["gap"])
    table["pvalue"] = 2 * norm.sf(np.abs(gap) / errors["gap"])
    table["kind"] = [
        classify_attribute(penalty, reward, each, reach)
        for penalty, reward, each in zip(*slopes, covariance, strict=True)
    ]
    return table


def _name(answers: DriverAnswers, scores: _Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "attribute": [each.name for each in answers.attributes],
            "label": [each.label for each in answers.attributes],
            "answers": np.isfinite(scores[:, :-1]).sum(axis=0),
        }
    )
