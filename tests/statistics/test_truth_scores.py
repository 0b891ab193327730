"""Scores by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.statistics.truth_scores import SCORES, score_estimates


def make_draws(**columns):
    known = {"draw": [0, 1, 2, 3], "truth": [10.0] * 4}
    numbers = {
        "estimate": [9.0, 13.0, -2.0, None],
        "lower": [5.0, 11.0, -8.0, None],
        "upper": [13.0, 15.0, 4.0, None],
    }
    return pd.DataFrame(known | numbers | columns)


def test_scores_by_hand():
    scores = score_estimates(make_draws())
    assert tuple(scores.index) == SCORES
    assert scores["draws"] == 4
    # Errors are -1, 3 and -12; the fourth was refused.
    assert scores["bias"] == pytest.approx(-10 / 3)
    assert scores["relative_bias"] == pytest.approx(-1 / 3)
    assert scores["rmse"] == pytest.approx(math.sqrt((1 + 9 + 144) / 3))
    assert scores["coverage"] == pytest.approx(1 / 3)
    assert scores["wrong_sign_share"] == pytest.approx(1 / 3)
    assert scores["refused_share"] == 0.25


def test_draws_are_counted_once_where_a_target_has_parts():
    assert score_estimates(make_draws(draw=[0, 0, 1, 1]))["draws"] == 2


def test_what_is_always_refused_has_no_score():
    scores = score_estimates(make_draws(estimate=[None] * 4))
    assert scores["refused_share"] == 1.0
    missing = ["bias", "relative_bias", "rmse", "coverage", "wrong_sign_share"]
    assert scores[missing].isna().all()
