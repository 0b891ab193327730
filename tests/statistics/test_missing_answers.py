"""Moments from incomplete answers agree with a closed form and repair listwise bias."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.missing_answers import (
    correlate,
    estimate_moments,
    resample_moments,
)
from analysis.statistics.resampling import draw_weights


def draw_answers(rng, rows, variables, *, missing=0.0):
    loadings = np.eye(variables) + 0.5
    answers = 5 + rng.standard_normal((rows, variables)) @ loadings
    holes = rng.random(answers.shape) < missing
    holes[:, 0] = False
    return np.where(holes, np.nan, answers)


def test_two_variables_with_one_incomplete_agree_with_the_closed_form():
    # Anderson (1957), JASA 52: regress the incomplete variable on the complete one
    # and carry the slope over to all rows.
    rng = np.random.default_rng(1)
    answers = draw_answers(rng, 400, 2)
    answers[answers[:, 0] > 5.3, 1] = np.nan
    held = np.isfinite(answers[:, 1])
    part = np.cov(answers[held].T, ddof=0)
    slope = part[0, 1] / part[0, 0]
    variance = answers[:, 0].var()
    shift = answers[:, 0].mean() - answers[held, 0].mean()
    found = estimate_moments(answers, tolerance=1e-12)
    mean = answers[held, 1].mean() + slope * shift
    assert found.mean[1] == pytest.approx(mean, abs=1e-8)
    assert found.covariance[0, 1] == pytest.approx(slope * variance, abs=1e-8)
    expected = part[1, 1] + slope**2 * (variance - part[0, 0])
    assert found.covariance[1, 1] == pytest.approx(expected, abs=1e-8)
    assert (found.nobs, found.complete) == (400, int(held.sum()))


def test_complete_answers_give_the_weighted_covariance():
    rng = np.random.default_rng(2)
    answers, weights = draw_answers(rng, 200, 4), rng.uniform(0.5, 3, 200)
    found = estimate_moments(answers, weights)
    expected = np.cov(answers.T, aweights=weights, ddof=0)
    np.testing.assert_allclose(found.covariance, expected, atol=1e-10)
    np.testing.assert_allclose(found.correlation, correlate(expected), atol=1e-10)


def test_answers_missing_by_what_else_was_said_do_not_bias_the_estimate():
    rng = np.random.default_rng(3)
    complete = draw_answers(rng, 40_000, 3)
    answers = complete.copy()
    answers[complete[:, 0] < 5, 2] = np.nan
    truth = complete.mean(axis=0)[2]
    listwise = answers[np.isfinite(answers).all(axis=1), 2].mean()
    found = estimate_moments(answers).mean[2]
    # One standard error of the mean is 0.007.
    assert abs(found - truth) < 0.025
    assert abs(listwise - truth) > 0.5


def test_rows_without_any_answer_change_nothing():
    answers = draw_answers(np.random.default_rng(4), 150, 3, missing=0.2)
    padded = np.vstack([answers, np.full((30, 3), np.nan)])
    one, other = estimate_moments(answers), estimate_moments(padded)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-12)
    assert one.nobs == other.nobs == 150


def test_replicates_of_complete_answers_are_their_weighted_moments():
    rng = np.random.default_rng(5)
    answers = draw_answers(rng, 120, 3)
    weights = draw_weights(np.ones(120), 4, rng)
    draws = resample_moments(answers, estimate_moments(answers), weights)
    for mean, covariance, weight in zip(
        draws.mean, draws.covariance, weights, strict=True
    ):
        expected = np.cov(answers.T, aweights=weight, ddof=0)
        np.testing.assert_allclose(covariance, expected, atol=1e-10)
        np.testing.assert_allclose(mean, np.average(answers, axis=0, weights=weight))


def test_replicates_of_incomplete_answers_follow_a_full_refit():
    rng = np.random.default_rng(6)
    answers = draw_answers(rng, 1500, 5, missing=0.15)
    base = rng.uniform(0.5, 2, 1500)
    moments = estimate_moments(answers, base)
    weights = draw_weights(base, 6, rng)
    draws = resample_moments(answers, moments, weights)
    for replicate, weight in zip(draws.correlation, weights, strict=True):
        refit = estimate_moments(answers, weight).correlation
        moved = np.abs(refit - moments.correlation).max()
        # One Newton step leaves an error of second order.
        assert np.abs(replicate - refit).max() < 0.05 * moved


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (np.full(20, np.nan), "must have an answer"),
        (np.full(20, 7.0), r"columns \[1\] do not"),
    ],
    ids=["no answer", "constant"],
)
def test_a_variable_that_says_nothing_is_refused(column, words):
    answers = np.column_stack([np.arange(20.0), column])
    with pytest.raises(ValueError, match=words):
        estimate_moments(answers)


def test_two_variables_never_answered_together_do_not_settle():
    rng = np.random.default_rng(8)
    answers = rng.standard_normal((40, 2))
    answers[:20, 0] = answers[20:, 1] = np.nan
    # Nothing is known of their correlation: the estimate stays at its start, zero.
    assert estimate_moments(answers).correlation[0, 1] == pytest.approx(0, abs=1e-9)
