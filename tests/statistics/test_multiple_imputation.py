"""Fillings are pooled by Rubin's rules, and their spread is what gaps leave open."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.multiple_imputation import (
    expect_answers,
    impute_answers,
    pool_estimates,
)


def test_pooling_agrees_with_mice():
    # mice 3.15.0: pool.scalar(Q, U, n = 300, k = 3).
    found = pool_estimates(
        np.array([0.5, 0.6, 0.55, 0.45, 0.52]),
        np.array([0.010, 0.012, 0.011, 0.009, 0.0105]),
        complete_df=297,
    )
    assert found.estimate == pytest.approx(0.524)
    assert found.within == pytest.approx(0.0105)
    assert found.between == pytest.approx(0.00313)
    assert found.total == pytest.approx(0.014256)
    assert found.relative_increase == pytest.approx(0.357714, abs=5e-7)
    assert found.df == pytest.approx(45.545724, abs=5e-7)
    assert found.missing_information == pytest.approx(0.293812, abs=5e-7)


def test_fillings_that_agree_leave_the_complete_error():
    found = pool_estimates(np.full(3, 2.0), np.full(3, 0.25))
    assert found.std_error == 0.5
    assert found.upper == pytest.approx(2 + 1.959964 * 0.5, abs=1e-6)


def test_one_filling_cannot_be_pooled():
    with pytest.raises(ValueError, match="at least two fillings, not 1"):
        pool_estimates(np.ones(1), np.ones(1))


def test_given_answers_are_kept_and_gaps_vary():
    rng = np.random.default_rng(2)
    answers = rng.standard_normal((4000, 1)) + rng.standard_normal((4000, 3))
    complete = answers.copy()
    answers[complete[:, 0] > 0.5, 2] = np.nan
    moments = estimate_moments(answers)
    filled = impute_answers(answers, moments, rng, fillings=10, steps=10)
    held = np.isfinite(answers)
    assert (filled[:, held] == answers[held]).all()
    means = filled[..., 2].mean(axis=1)
    assert means.mean() == pytest.approx(moments.mean[2], abs=0.03)
    assert means.std() > 0.005
    assert filled[..., 2].var() == pytest.approx(moments.covariance[2, 2], rel=0.05)
    expected = expect_answers(answers, moments)[:, 2]
    assert expected.mean() == pytest.approx(moments.mean[2], abs=1e-6)
    assert expected.var() < 0.95 * moments.covariance[2, 2]
