"""Effects of attributes when answers are taken as ordered steps, not as numbers.

Odds ratios are those of a higher answer on overall satisfaction, for one point more of
an attribute at given ratings of all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.filled_answers import pool_imputations
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.statistics.ordered_logit import OrderedLogit, fit_ordered_logit
from analysis.statistics.proportional_odds import BrantTest, run_brant_test
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.drivers.driver_answers import gather_answers
from analysis.studies.satisfaction_drivers.drivers.filled_copies import fill_copies
from analysis.studies.satisfaction_drivers.parameters import Parameters

_Floats = NDArray[np.float64]

_SMALLEST_STEP = 0.05
_ANSWERS_PER_DRIVER = 8


@dataclass(frozen=True, slots=True)
class OrdinalEffects:
    """Odds ratios of one wave.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per attribute: `attribute`, `label`, `answers` (a count),
        `odds_ratio` with `odds_ratio_lower` and `odds_ratio_upper`; `low_odds_ratio`
        and `high_odds_ratio`, at the lowest and highest cut point when the attribute's
        coefficient is freed; `pvalue` of the same coefficient at all cut points (Holm;
        NaN where too few answered).
    omnibus : float
        p-value of the same coefficients at all cut points for all attributes
        together; NaN where too few answered.
    steps : int
        Levels of satisfaction on which both tests rest, rare ones taken together.
    nobs : int
        Respondents who said how satisfied they are.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    confidence_level : float
        Of all intervals.
    """

    table: pd.DataFrame
    omnibus: float
    steps: int
    nobs: int
    quarter: str
    source: str
    confidence_level: float


def fit_ordinal_effects(
    survey: Survey, wave: WeightedWave, parameters: Parameters
) -> OrdinalEffects:
    """Fit the cumulative logit of satisfaction on all attributes.

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
    OrdinalEffects
        Pooled over filled copies; a customer's errors may go together with his weight.
    """
    answers = gather_answers(survey, wave)
    count = len(answers.attributes)
    said = np.isfinite(answers.scores[:, count])
    scores, weights = answers.scores[said, : count + 1], answers.weights[said]
    outcome = scores[:, -1]
    coarse = merge_rare_steps(outcome, weights, count)
    copies = list(fill_copies(scores, weights, np.random.default_rng(parameters.seed)))
    drivers = [copy[:, :-1] for copy in copies]
    fits = [fit_ordered_logit(outcome, each, weights=weights) for each in drivers]
    tests, freed = _test_copies(coarse, drivers, weights)
    table = pd.DataFrame(
        {
            "attribute": [each.name for each in answers.attributes],
            "label": [each.label for each in answers.attributes],
            "answers": np.isfinite(scores[:, :-1]).sum(axis=0),
            **_pool_odds(fits, count, parameters.confidence_level),
            **_pool_tests(tests, freed, count),
        }
    )
    return OrdinalEffects(
        table=table,
        omnibus=_take_median([test.omnibus.pvalue for test in tests]),
        steps=len(np.unique(coarse)),
        nobs=int(said.sum()),
        quarter=wave.quarter,
        source=survey.source,
        confidence_level=parameters.confidence_level,
    )


def _test_copies(
    coarse: _Floats, copies: list[_Floats], weights: _Floats
) -> tuple[list[BrantTest], list[_Floats]]:
    """Test proportional odds, and free all coefficients; nothing below three steps."""
    if len(np.unique(coarse)) < 3:
        return [], []
    tests = [run_brant_test(coarse, each, weights) for each in copies]
    loose = [
        fit_ordered_logit(coarse, each, weights=weights, free=range(each.shape[1]))
        for each in copies
    ]
    return tests, [fit.coefficients[[0, -1]] for fit in loose]


def merge_rare_steps(outcome: _Floats, weights: _Floats, drivers: int) -> _Floats:
    """Take neighbouring answers together until each step is frequent enough.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (respondents,)
        Ordered answers.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights.
    drivers : int
        Attributes: each step needs some answers for each of them.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        Number of the step, from 0; one step only where all are too few.
    """
    least = max(_SMALLEST_STEP * len(outcome), _ANSWERS_PER_DRIVER * drivers)
    levels, place = np.unique(outcome, return_inverse=True)
    counts = np.bincount(place[weights > 0], minlength=len(levels))
    steps, current, held = np.zeros(len(levels), dtype=np.float64), 0, 0
    for number, n in enumerate(counts):
        if held >= least and counts[number:].sum() >= least:
            current, held = current + 1, 0
        steps[number] = current
        held += n
    return steps[place]


def _pool_odds(
    fits: list[OrderedLogit], count: int, level: float
) -> dict[str, _Floats]:
    effects, variances = pool_imputations(
        np.array([fit.coefficients[0] for fit in fits]),
        np.array([np.diagonal(fit.robust_covariance)[:count] for fit in fits]),
    )
    reach = norm.ppf(0.5 + level / 2) * np.sqrt(variances)
    return {
        "odds_ratio": np.exp(effects),
        "odds_ratio_lower": np.exp(effects - reach),
        "odds_ratio_upper": np.exp(effects + reach),
    }


def _pool_tests(
    tests: list[BrantTest], freed: list[_Floats], count: int
) -> dict[str, _Floats]:
    """Take the median p-value over copies, and the mean of freed coefficients."""
    if not tests:
        return dict.fromkeys(
            ("low_odds_ratio", "high_odds_ratio", "pvalue"), np.full(count, np.nan)
        )
    each = [
        _take_median([test.drivers[j].pvalue for test in tests]) for j in range(count)
    ]
    low, high = np.exp(np.mean(freed, axis=0))
    adjusted = adjust_pvalues(pd.Series(each)).to_numpy(dtype=np.float64)
    return {"low_odds_ratio": low, "high_odds_ratio": high, "pvalue": adjusted}


def _take_median(values: list[float]) -> float:
    return float(np.median(values)) if values else float("nan")
