"""Score rankings and effects of drivers in surveys whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau, norm

from analysis.statistics.johnson_weights import weigh_by_johnson
from analysis.statistics.missing_answers import (
    correlate,
    estimate_moments,
    resample_moments,
)
from analysis.statistics.ordered_logit import fit_ordered_logit
from analysis.statistics.relative_importance import decompose_r_squared
from analysis.statistics.resampling import cut_interval, draw_weights
from analysis.studies.satisfaction_drivers.drivers.segment_effects import (
    pool_segments,
    regress_segment,
)
from analysis.studies.satisfaction_drivers.drivers.shares import (
    Shares,
    correct,
    measure_reliabilities,
    share_variance,
)
from analysis.studies.satisfaction_drivers.drivers.survey_world import (
    WEIGHTS,
    DrawnSurvey,
    World,
    draw_population,
    draw_survey,
    find_alpha,
    find_graded_correlation,
)

HEADLINE = "report"
"""The estimator whose number the report prints."""
CREDITED, RAW, COMPLETE, FILLED = (
    "credited share",
    "errors of measurement kept",
    "complete answers",
    "gaps filled with means",
)
ALONE, SMALLEST = "each segment alone", 70

_Floats = NDArray[np.float64]
_N_DRAWS, _LEVEL = 200, 0.95
_POPULATION = 200_000
_LOW, _USUAL = 0.58, 0.88
_SEGMENT_SIZES: Final = (900, 400, 200, SMALLEST, SMALLEST)
_SEGMENT_SPREAD = 0.06

_WORLDS: Final = {
    "even": World(),
    "blocks": World(correlation=0.4, within=0.8),
    "non-use": World(non_users=(0.45, 0.40, 0.40)),
    "unequal reliability": World(
        items=3, reliabilities=(_LOW, *(_USUAL,) * (len(WEIGHTS) - 1))
    ),
    "equal reliability": World(items=3, reliabilities=(_USUAL,) * len(WEIGHTS)),
    "halo": World(halo=0.6),
}


def score_drivers(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a survey and let every estimator say what drives satisfaction.

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
        `truth`, `estimate`, `lower`, `upper`. Shares are percent of the variance of
        satisfaction. Of a ranking, both ends are the number itself: of 8 drivers that
        matter how many are among the first five (5 at best), whether the first is
        found (1 or 0), and Kendall's tau with the true order.
    """
    return SCENARIOS[scenario](rng)


def _score_world(name: str, rng: np.random.Generator) -> pd.DataFrame:
    world = _WORLDS[name]
    drawn = draw_survey(world, rng)
    correlation, shares = _share_out(drawn, rng)
    orders = _rank_by_all(drawn, correlation, shares)
    rows = [row for name, by in orders.items() for row in _score_order(name, by)]
    rows += _score_shares(world, shares)
    if name == "even":
        rows += _score_effects(world, drawn)
    return pd.DataFrame(rows)


def _share_out(drawn: DrawnSurvey, rng: np.random.Generator) -> tuple[_Floats, Shares]:
    """Do what the study does: EM, replicates, reliabilities, shares."""
    scores, weights = drawn.scores, drawn.weights
    moments = estimate_moments(scores, weights)
    resampled = draw_weights(weights, _N_DRAWS, rng)
    draws = resample_moments(scores, moments, resampled)
    items = [drawn.items[:, place] for place in range(drawn.items.shape[1])]
    shares = share_variance(
        moments.correlation,
        draws.correlation,
        measure_reliabilities(items, weights[None])[0],
        measure_reliabilities(items, resampled),
    )
    return moments.correlation, shares


def _rank_by_all(
    drawn: DrawnSurvey, correlation: _Floats, shares: Shares
) -> dict[str, _Floats]:
    """Give what each way of ranking orders drivers by."""
    scores, weights = drawn.scores, drawn.weights
    orders = {
        HEADLINE: shares.found.own,
        CREDITED: shares.raw.lmg,
        "correlation": shares.raw.first,
        "regression coefficient": shares.raw.coefficients,
        "Johnson weights": weigh_by_johnson(correlation),
    }
    whole = np.isfinite(scores).all(axis=1)
    if not whole.all():
        filled = np.where(np.isfinite(scores), scores, np.nanmean(scores, axis=0))
        gaps = {COMPLETE: (scores[whole], weights[whole]), FILLED: (filled, weights)}
        orders |= {
            name: decompose_r_squared(_correlate_weighted(*sample)).own
            for name, sample in gaps.items()
        }
    if np.isfinite(shares.reliability).any():
        orders[RAW] = shares.raw.own
    return orders


def _own(correlation: _Floats, reliability: _Floats) -> _Floats:
    own: _Floats = decompose_r_squared(correct(correlation, reliability)).own
    return own


def _correlate_weighted(scores: _Floats, weights: _Floats) -> _Floats:
    return correlate(np.cov(scores.T, aweights=weights))


def _score_order(estimator: str, by: _Floats) -> list[dict[str, object]]:
    truth = np.array(WEIGHTS)
    first_five = np.argsort(-by, kind="stable")[:5]
    found = {
        "drivers that matter among the first five": (
            5.0,
            (truth[first_five] > 0).sum(),
        ),
        "first driver found": (1.0, by.argmax() == truth.argmax()),
        "order": (1.0, kendalltau(by, truth).statistic),
    }
    return [
        _row(estimator, target, "all", true, float(value), (np.nan, np.nan))
        for target, (true, value) in found.items()
    ]


def _score_shares(world: World, shares: Shares) -> list[dict[str, object]]:
    """Score shares against those of the whole population, errors taken out."""
    graded = find_graded_correlation(world)
    own = 100 * _own(graded, find_alpha(world))
    lmg = 100 * decompose_r_squared(graded).lmg
    compared = [(HEADLINE, "own share", own, shares.found.own, shares.draws.own)]
    if world.items == 1:
        measured = shares.raw.lmg, shares.draws.lmg
        compared.append((CREDITED, "credited share", lmg, *measured))
    rows = []
    for estimator, target, truth, value, draws in compared:
        lower, upper = cut_interval(100 * draws, 100 * value, _LEVEL)
        cells = zip(truth, 100 * value, lower, upper, strict=True)
        rows += [
            _row(estimator, target, f"driver {place + 1:02}", *each[:2], each[2:])
            for place, each in enumerate(cells)
        ]
    if world.items > 1:
        rows += [
            _row(RAW, "own share", f"driver {place + 1:02}", *each)
            for place, each in enumerate(zip(own, 100 * shares.raw.own, strict=True))
        ]
    return rows


def _row(
    estimator: str,
    target: str,
    part: str,
    truth: float,
    estimate: float,
    ends: tuple[float, ...] = (np.nan, np.nan),
) -> dict[str, object]:
    return {
        "estimator": estimator,
        "target": target,
        "part": part,
        "truth": truth,
        "estimate": estimate,
        "lower": ends[0],
        "upper": ends[1],
    }


def _score_effects(world: World, drawn: DrawnSurvey) -> list[dict[str, object]]:
    """Score log-odds of the ordered logit."""
    scores = drawn.scores
    fit = fit_ordered_logit(scores[:, -1], scores[:, :-1], weights=drawn.weights)
    effects = fit.coefficients[0]
    errors = np.sqrt(np.diagonal(fit.robust_covariance))[: len(effects)]
    reach = norm.ppf(0.5 + _LEVEL / 2) * errors
    cells = zip(
        _find_effects(world), effects, effects - reach, effects + reach, strict=True
    )
    return [
        _row(HEADLINE, "effect", f"driver {place + 1:02}", *each[:2], each[2:])
        for place, each in enumerate(cells)
    ]


@cache
def _find_effects(world: World) -> _Floats:
    """Fit the ordered logit to so many answers that chance is nothing beside ours."""
    scores = draw_population(world, _POPULATION).scores
    fit = fit_ordered_logit(scores[:, -1], scores[:, :-1])
    effects: _Floats = fit.coefficients[0]
    return effects


def _score_segments(rng: np.random.Generator) -> pd.DataFrame:
    """Score effects in segments, pooled and each alone."""
    truths, found = [], []
    for size in _SEGMENT_SIZES:
        moved = np.array(WEIGHTS) + _SEGMENT_SPREAD * rng.standard_normal(len(WEIGHTS))
        world = World(nobs=size, weights=tuple(moved))
        drawn = draw_survey(world, rng)
        truths.append(_regress_population(world))
        found.append(regress_segment(drawn.scores, drawn.weights))
    effects = np.array([one.effects for one in found])
    errors = np.array([one.std_errors for one in found])
    pooled = pool_segments(effects, errors, _LEVEL)
    reach = norm.ppf(0.5 + _LEVEL / 2) * errors
    alone = effects, effects - reach, effects + reach
    rows = [
        _row(name, "effect", f"segment of {size}", truth, value[0], tuple(value[1:]))
        for name, columns in (
            (HEADLINE, (pooled.mean, pooled.lower, pooled.upper)),
            (ALONE, alone),
        )
        for place, size in enumerate(_SEGMENT_SIZES)
        for truth, *value in zip(
            truths[place], *(each[place] for each in columns), strict=True
        )
    ]
    return pd.DataFrame(rows)


def _regress_population(world: World) -> _Floats:
    graded = find_graded_correlation(world)
    slopes = np.linalg.solve(graded[:-1, :-1], graded[:-1, -1])
    return np.asarray(slopes, dtype=np.float64)


SCENARIOS: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    **{name: partial(_score_world, name) for name in _WORLDS},
    "segments": _score_segments,
}
"""Worlds by name. A draw's numbers depend on the place of its world: new ones are
added at the end."""
