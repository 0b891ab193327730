"""The pattern-mixture mean moves as published, and covers a truth hidden by silence."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.proxy_pattern_mixture import Answers, bend_mean, weigh_proxy
from analysis.statistics.resampling import draw_weights


def draw_silent(rng, slope=0.5, strength=0.6):
    """A population whose answer decides who answers; a covariate tells part of it."""
    covariate = rng.standard_normal(8000)
    own = rng.standard_normal(8000)
    answer = strength * covariate + (1 - strength**2) ** 0.5 * own
    answered = rng.random(8000) < 1 / (1 + np.exp(0.5 - slope * answer))
    known = Answers(
        answer[answered], covariate[answered, None], np.array([covariate.mean()])
    )
    return known, answer.mean()


def bend(known, **options):
    weights = np.ones(len(known.answers))
    draws = draw_weights(weights, 200, np.random.default_rng(2))
    return bend_mean(known, weights, draws, **options)


@pytest.mark.parametrize("correlation", [0.2, 0.5, 0.9])
def test_multipliers_are_the_published_ones(correlation):
    # Little, West, Boonstra and Hu (2020), equation 8: phi 0, 1/2 and 1 give the
    # correlation, 1 and its inverse.
    rho = np.array([correlation])
    assert weigh_proxy(0.0, rho)[0] == pytest.approx(correlation)
    assert weigh_proxy(0.5, rho)[0] == pytest.approx(1.0)
    assert weigh_proxy(1.0, rho)[0] == pytest.approx(1 / correlation)


def test_silence_by_the_proxy_alone_gives_the_regression_estimate():
    known, _ = draw_silent(np.random.default_rng(1))
    slope, constant = np.polyfit(known.covariates[:, 0], known.answers, 1)
    expected = constant + slope * known.population_mean[0]
    found = bend(known, phis=(0.0,))
    # The correlation allows for one covariate; otherwise the two are the same.
    assert found.estimates[0] == pytest.approx(expected, abs=2e-4)
    assert found.correlation == pytest.approx(0.6, abs=0.03)


def test_silence_by_the_answer_alone_finds_the_truth():
    known, truth = draw_silent(np.random.default_rng(3))
    found = bend(known)
    assert found.unadjusted - truth > 0.2
    assert found.lower[2] <= truth <= found.upper[2]
    # Silence that depends on the answer is not repaired by the proxy alone.
    assert found.lower[0] > truth
    assert found.band[0] <= truth <= found.band[1]


def test_a_weak_proxy_is_held_to_what_is_plausible():
    known, _ = draw_silent(np.random.default_rng(4), strength=0.05)
    apart = Answers(known.answers, known.covariates, np.array([-0.1]))
    free = bend(apart)
    held = bend(
        Answers(known.answers, known.covariates, np.array([-0.1]), most_shift=0.3)
    )
    assert held.is_capped
    assert not free.is_capped
    moved = np.abs(held.estimates - held.unadjusted).max()
    assert moved == pytest.approx(0.3 * known.answers.std(), rel=1e-3)
    assert free.band[1] - free.band[0] > held.band[1] - held.band[0]


def test_a_mean_does_not_leave_its_scale():
    known, _ = draw_silent(np.random.default_rng(5), strength=0.05)
    limited = Answers(
        known.answers, known.covariates, known.population_mean, limits=(-0.1, 0.4)
    )
    found = bend(limited)
    assert found.band[0] >= -0.1
    assert found.band[1] <= 0.4


def test_a_view_beyond_one_is_refused():
    known, _ = draw_silent(np.random.default_rng(6))
    with pytest.raises(ValueError, match=r"must lie from 0 to 1; they are \[0, 1.5\]"):
        bend(known, phis=(0, 1.5))


def test_a_handful_of_answers_is_refused():
    few = Answers(np.arange(5.0), np.ones((5, 1)), np.ones(1))
    with pytest.raises(ValueError, match="10 answers or more, not 5"):
        bend(few)
