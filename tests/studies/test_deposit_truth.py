"""The stored scores hold what is promised, and are those of today's code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.studies.deposit_rate_elasticity import truth
from analysis.studies.deposit_rate_elasticity.response.truth import POOLED

STORED = Path(__file__).parents[1] / "reference/truth/deposit_rate_elasticity.csv"
SEED, DRAWS = 1, 3
COMMON = ("log-log, pooled", "account effects", "account and month effects")
BROKEN = ("weak instrument", "uniform prices", "treasury answers outflow")


@pytest.fixture(scope="module")
def scores():
    return pd.read_csv(STORED).set_index(["scenario", "estimator", "target"])


@pytest.fixture(scope="module")
def drawn():
    parts = [
        truth.score_draw("bank", np.random.default_rng([SEED, 0, number]))
        for number in range(DRAWS)
    ]
    return pd.concat(parts)


def test_the_same_numbers_give_the_same_scores(drawn):
    again = truth.score_draw("bank", np.random.default_rng([SEED, 0, 0]))
    pd.testing.assert_frame_equal(again, drawn.head(len(again)))


def test_a_few_draws_fit_the_stored_scores(drawn, scores):
    error = drawn["estimate"] - drawn["truth"]
    for (estimator, target), found in error.groupby(
        [drawn["estimator"], drawn["target"]]
    ):
        stored = scores.loc["bank", estimator, target]
        # Segments of a draw share prices: no better than as many draws as there are.
        reach = 4 * stored["rmse"] / DRAWS**0.5
        assert abs(found.mean() - stored["bias"]) < reach, (estimator, target)


@pytest.mark.parametrize("target", ["term", "large_denomination"])
def test_the_number_that_the_report_prints_is_unbiased_and_covers(scores, target):
    score = scores.loc["bank", truth.HEADLINE, target]
    assert score["draws"] >= 300
    assert abs(score["relative_bias"]) <= 0.05
    assert 0.93 <= score["coverage"] <= 0.97


@pytest.mark.parametrize("target", ["term", "large_denomination"])
def test_each_segment_alone_is_unbiased_and_covers(scores, target):
    score = scores.loc["bank", "instruments with sister", target]
    assert abs(score["relative_bias"]) <= 0.05
    assert 0.93 <= score["coverage"] <= 0.97


@pytest.mark.parametrize("scenario", ["smooth rates"])
def test_the_long_run_that_the_report_prints_covers(scores, scenario):
    score = scores.loc[scenario, truth.HEADLINE, "long run"]
    assert score["draws"] >= 300
    assert 0.93 <= score["coverage"] <= 0.97


def test_a_good_world_is_seldom_refused_and_seldom_has_the_wrong_sign(scores):
    for target in ("savings", "term", "large_denomination"):
        score = scores.loc["bank", truth.HEADLINE, target]
        assert score["refused_share"] <= 0.10
        assert score["wrong_sign_share"] <= 0.15


@pytest.mark.parametrize("scenario", BROKEN)
def test_a_broken_world_gets_no_number(scores, scenario):
    for target in ("savings", "term", "large_denomination"):
        score = scores.loc[scenario, truth.HEADLINE, target]
        assert score["draws"] >= 100
        assert score["refused_share"] >= 0.95


def test_what_is_common_fails_where_the_bank_answers_outflow(scores):
    for estimator in (
        "log-log, pooled",
        "account effects",
        "account and month effects",
    ):
        for target in ("term", "large_denomination"):
            score = scores.loc["bank", estimator, target]
            assert score["relative_bias"] < -0.25
            assert score["coverage"] < 0.70


def test_pooling_brings_every_product_closer_to_the_truth(scores):
    for target in ("savings", "term", "large_denomination"):
        pooled = scores.loc["bank", POOLED, target]
        single = scores.loc["bank", "instruments with sister", target]
        assert pooled["rmse"] < single["rmse"]
        assert pooled["coverage"] >= 0.90
