"""Stability of groups: published limits, hand-made matches, one cloud and several."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.cluster_stability import (
    choose_clusters,
    judge_stability,
    measure_stability,
)


# Hennig (2007); limits as `clusterboot` of the R package fpc documents them.
@pytest.mark.parametrize(
    ("jaccard", "verdict"),
    [
        (0.59, "unstable"),
        (0.60, "doubtful"),
        (0.75, "doubtful"),
        (0.76, "stable"),
        (0.85, "stable"),
        (0.86, "highly stable"),
    ],
)
def test_verdicts_follow_the_published_limits(jaccard, verdict):
    assert judge_stability(jaccard) == verdict


def test_a_group_of_one_cloud_is_doubtful_at_best():
    assert judge_stability(0.99, is_apart=False) == "doubtful"
    assert judge_stability(0.30, is_apart=False) == "unstable"


def test_groups_apart_are_found_and_hold():
    generator = np.random.default_rng(1)
    centres = 5 * np.eye(3)
    labels = generator.integers(0, 3, 300)
    points = centres[labels] + generator.normal(size=(300, 3))
    choice = choose_clusters(points, (2, 3, 4), generator=generator, n_draws=10)
    assert choice.is_apart
    assert choice.chosen.n_clusters == 3
    assert choice.chosen.means.min() > 0.95


def test_one_long_cloud_comes_back_but_is_not_apart():
    # Cut across its length it returns in every resample: similarity alone is fooled.
    generator = np.random.default_rng(1)
    cloud = generator.normal(size=(400, 3)) * [4.0, 1.0, 1.0]
    choice = choose_clusters(cloud, (2,), generator=generator, n_draws=10)
    assert choice.chosen.means.min() > 0.85
    assert not choice.is_apart


def test_the_same_generator_gives_the_same_stability():
    points = np.random.default_rng(1).normal(size=(60, 2))
    found = [
        measure_stability(points, 2, generator=np.random.default_rng(4), n_draws=3)
        for _ in range(2)
    ]
    assert (found[0].jaccard == found[1].jaccard).all()
    assert found[0].gap == found[1].gap


def test_too_few_points_are_refused():
    with pytest.raises(ValueError, match="must have at least 30 points; there are 20"):
        measure_stability(np.zeros((20, 2)), 3, generator=np.random.default_rng(1))
