"""Score reliability, invariance and the treatment of gaps where the truth is known.

A draw is a set of answers on ten steps. True reliabilities and means are those of the
steps themselves, from one large draw, since cutting into steps costs some reliability.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.factor_fit import LARGEST_CFI_LOSS, compare_groups
from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.multiple_imputation import expect_answers, impute_answers
from analysis.statistics.reliability import (
    Reliability,
    compute_alpha,
    estimate_alpha,
    estimate_omega,
    find_feldt_interval,
)
from analysis.statistics.sample_moments import measure_moments
from analysis.studies.satisfaction_drivers.items.gaps import FILLINGS, pool_means
from analysis.studies.satisfaction_drivers.items.likeness import SURE

_Floats = NDArray[np.float64]

HEADLINE = "report"
"""The estimator whose number the report prints."""
FELDT = "normal answers"
"""The F interval, which takes answers as normal and equally weighted."""
LISTWISE = "complete answers"
EXPECTED = "likelihood, gaps as known"
"""Filled once with what is expected: right means, but errors as if nothing lacked."""
TEST_ALONE = "test alone"
"""A group is called different by its p-value, however little fit is lost."""

_N_ROWS, _N_LARGE = 800, 1_000_000
_LOADINGS: Final = (0.85, 0.75, 0.65)
_SHIFT = 0.5
"""Deviations by which one group rates one item lower than its opinion says."""
_CUTS: Final = (-2.3, -1.95, -1.65, -1.35, -1.0, -0.6, -0.15, 0.4, 1.0)


def score_items(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw answers and let every estimator say what they tell.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`. A verdict is 1 where it is right, so
        that coverage is the share of right ones.
    """
    return SCENARIOS[scenario](rng)


def _score_reliability(rng: np.random.Generator) -> pd.DataFrame:
    """Score alpha and omega of skewed answers with unequal weights."""
    answers, weights = _draw(rng, _N_ROWS), rng.choice((0.5, 1.0, 2.5), _N_ROWS)
    sample = measure_moments(answers, weights)
    alpha, omega = _find_true_reliability()
    found = estimate_alpha(sample)
    ends = find_feldt_interval(found.estimate, _N_ROWS, len(_LOADINGS))
    normal = Reliability(found.estimate, np.nan, *ends, found.nobs, found.items)
    return pd.DataFrame(
        [
            _row(HEADLINE, "alpha", alpha, found),
            _row(FELDT, "alpha", alpha, normal),
            _row(HEADLINE, "omega", omega, estimate_omega(sample)),
            _row(FELDT, "omega", omega, estimate_omega(sample, robust=False)),
        ]
    )


def _score_gaps(rng: np.random.Generator) -> pd.DataFrame:
    """Score the mean of an item that the dissatisfied skip more often."""
    answers, weights = _draw(rng, _N_ROWS), np.ones(_N_ROWS)
    chance = 1 / (1 + np.exp(0.8 * (answers[:, 0] - 6)))
    skipped = rng.random(_N_ROWS) < chance
    gappy = answers.copy()
    gappy[skipped, 2] = np.nan
    moments = estimate_moments(gappy)
    filled = impute_answers(gappy, moments, rng, fillings=FILLINGS)[..., 2]
    once = expect_answers(gappy, moments)[:, 2]
    pooled = pool_means(filled, weights)
    truth = _find_true_mean()
    rows = [
        {
            "estimator": HEADLINE,
            "target": "mean of a skipped item",
            "part": "all",
            "truth": truth,
            "estimate": pooled.estimate,
            "lower": pooled.lower,
            "upper": pooled.upper,
        },
        _average(LISTWISE, truth, gappy[~skipped, 2]),
        _average(EXPECTED, truth, once),
    ]
    return pd.DataFrame(rows)


def _score_alike(rng: np.random.Generator) -> pd.DataFrame:
    """Score the verdict where groups differ in nothing but opinion."""
    return _judge_groups(rng, shift=0.0)


def _score_different(rng: np.random.Generator) -> pd.DataFrame:
    """Score the verdict where one group understands one item differently."""
    return _judge_groups(rng, shift=_SHIFT)


SCENARIOS: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    "items reliability": _score_reliability,
    "items skipped": _score_gaps,
    "items alike": _score_alike,
    "items different": _score_different,
}
"""Worlds by name. A draw's numbers depend on the place of its world: new ones are
added at the end."""


def _judge_groups(rng: np.random.Generator, *, shift: float) -> pd.DataFrame:
    groups = [_draw(rng, _N_ROWS // 2, mean=mean) for mean in (0.0, 0.3)]
    groups[1] = _draw(rng, _N_ROWS // 2, mean=0.3, shift=shift) if shift else groups[1]
    found = compare_groups([measure_moments(each) for each in groups], [0, 0, 0])
    pvalue = min(2 * min(found.metric.pvalue, found.scalar.pvalue), 1.0)
    loss = max(found.metric.cfi_loss, found.scalar.cfi_loss)
    said = {
        HEADLINE: pvalue < SURE and loss > LARGEST_CFI_LOSS,
        TEST_ALONE: pvalue < SURE,
    }
    right = {name: float(verdict == (shift > 0)) for name, verdict in said.items()}
    return pd.DataFrame(
        [
            {
                "estimator": name,
                "target": "right verdict",
                "part": "all",
                "truth": 1.0,
                **dict.fromkeys(("estimate", "lower", "upper"), share),
            }
            for name, share in right.items()
        ]
    )


def _draw(
    rng: np.random.Generator, rows: int, *, mean: float = 0.0, shift: float = 0.0
) -> _Floats:
    """Draw answers from 1 to 10; `shift` lowers the third item alone."""
    loadings = np.array(_LOADINGS)
    opinion = mean + rng.standard_normal((rows, 1))
    noise = np.sqrt(1 - loadings**2) * rng.standard_normal((rows, len(loadings)))
    latent = loadings * opinion + noise - shift * np.array([0.0, 0.0, 1.0])
    return np.asarray(1.0 + np.searchsorted(np.array(_CUTS), latent))


@cache
def _draw_large() -> _Floats:
    return _draw(np.random.default_rng(1), _N_LARGE)


@cache
def _find_true_reliability() -> tuple[float, float]:
    sample = measure_moments(_draw_large()[: _N_LARGE // 2])
    omega = estimate_omega(sample).estimate
    return float(compute_alpha(sample.covariance)), omega


def _find_true_mean() -> float:
    return float(_draw_large()[:, 2].mean())


def _average(estimator: str, truth: float, values: _Floats) -> dict[str, object]:
    error = 1.96 * values.std(ddof=1) / len(values) ** 0.5
    return {
        "estimator": estimator,
        "target": "mean of a skipped item",
        "part": "all",
        "truth": truth,
        "estimate": values.mean(),
        "lower": values.mean() - error,
        "upper": values.mean() + error,
    }


def _row(
    estimator: str, target: str, truth: float, found: Reliability
) -> dict[str, object]:
    return {
        "estimator": estimator,
        "target": target,
        "part": "all",
        "truth": truth,
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
    }
