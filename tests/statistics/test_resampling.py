"""Replicates keep their weights; rank probabilities add up; intervals cover."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.missing_answers import estimate_moments, resample_moments
from analysis.statistics.relative_importance import decompose_r_squared
from analysis.statistics.resampling import (
    cut_interval,
    draw_weights,
    measure_rank_probabilities,
)


def test_each_replicate_draws_as_many_as_answered():
    weights = np.array([1.0, 2.0, 5.0])
    draws = draw_weights(weights, 50, np.random.default_rng(1)) / weights
    assert draws.shape == (50, 3)
    assert (draws.sum(axis=1) == 3).all()


def test_rank_probabilities_count_ranks():
    draws = np.array([[3.0, 2, 1], [3, 1, 2], [1, 3, 2], [3, 2, 1]])
    found = measure_rank_probabilities(draws)
    # First column: first in 3, 1 and 0 of four replicates.
    assert found[:, 0].tolist() == [0.75, 0.25, 0.0]
    assert found.sum(axis=0).tolist() == found.sum(axis=1).tolist() == [1, 1, 1]


def test_an_interval_holds_its_estimate():
    draws = np.linspace(1, 2, 101)[:, None]
    lower, upper = cut_interval(draws, np.array([2.5]), 0.9)
    assert (lower[0], upper[0]) == (pytest.approx(1.05), 2.5)


def test_intervals_of_own_effects_cover_the_population_value():
    # 8 drivers of correlation .5, effects from .35 to 0, R squared .55; the truth is
    # the decomposition of the population's correlation matrix.
    effects = np.array([0.35, 0.25, 0.2, 0.15, 0.1, 0.05, 0, 0])
    drivers = np.full((8, 8), 0.5) + 0.5 * np.eye(8)
    signal = effects @ drivers @ effects
    truth = np.ones((9, 9))
    truth[:-1, :-1] = drivers
    truth[:-1, -1] = truth[-1, :-1] = drivers @ effects * np.sqrt(0.55 / signal)
    population = decompose_r_squared(truth).own
    factor = np.linalg.cholesky(truth)
    rng = np.random.default_rng(12)
    covered = []
    for _ in range(120):
        answers = rng.standard_normal((500, 9)) @ factor.T
        moments = estimate_moments(answers)
        weights = draw_weights(np.ones(500), 300, rng)
        draws = resample_moments(answers, moments, weights).correlation
        estimate = decompose_r_squared(moments.correlation).own
        replicates = decompose_r_squared(draws).own
        lower, upper = cut_interval(replicates, estimate, 0.95)
        covered.append((lower <= population) & (population <= upper))
    # .95 over 960 intervals (correlated within a sample), less three errors.
    assert 0.92 <= np.mean(covered) <= 0.98
