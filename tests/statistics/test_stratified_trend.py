"""An outcome's trend over scores within strata: published, worked out, planted."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.stratified_trend import check_trend

BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]
"""Men admitted and rejected, women admitted and rejected, by department: Bickel, Hammel
and O'Connell (1975), Science 187, 398-404, as `UCBAdmissions` in R."""


def count_berkeley():
    """Score 0 is women, 1 men; the outcome is being admitted."""
    rows = [[[d, c], [b, a]] for a, b, c, d in BERKELEY]
    return np.array(rows, np.int64)


def test_two_scores_give_the_mantel_haenszel_test_of_berkeley():
    """R 4.3, mantelhaen.test(UCBAdmissions, correct = FALSE): 1.5246, p 0.2169;
    common odds ratio 0.9046968, 95% interval 0.7719074 to 1.0603298."""
    found = check_trend(count_berkeley(), confidence_level=0.95)
    assert found.zscore**2 == pytest.approx(1.5246, abs=5e-5)
    assert 2 * (1 - found.pvalue) == pytest.approx(0.2169, abs=5e-5)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    assert found.lower == pytest.approx(0.7719074, abs=5e-8)
    assert found.upper == pytest.approx(1.0603298, abs=5e-8)
    assert found.nobs == 4526


def test_three_scores_of_one_stratum_by_hand():
    """Scores 0, 1, 2 of one unit each, the last with the outcome: its score is 2, the
    mean of all 1, their variance 2/3."""
    found = check_trend(
        np.array([[[1, 0], [1, 0], [0, 1]]], np.int64), confidence_level=0.95
    )
    assert found.zscore == pytest.approx(1 / (2 / 3) ** 0.5, rel=1e-12)


def test_a_trend_is_found_and_without_one_five_in_a_hundred_are():
    generator = np.random.default_rng(3)
    fired = {0.0: 0, 0.5: 0}
    for slope in fired:
        for _ in range(200):
            stratum = generator.integers(0, 30, 3_000)
            score = generator.binomial(2, 0.3, 3_000)
            odds = np.exp(-2 + 0.05 * stratum + slope * score)
            outcome = (generator.random(3_000) < odds / (1 + odds)).astype(np.int64)
            cell = (stratum * 3 + score) * 2 + outcome
            counts = np.bincount(cell, minlength=180).reshape(30, 3, 2)
            fired[slope] += check_trend(counts, confidence_level=0.95).pvalue < 0.05
    assert fired[0.5] == 200
    assert 1 <= fired[0.0] <= 22


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((2, 3, 2), np.int64),
        np.array([[[5, 3], [0, 0]]], np.int64),
        np.array([[[5, 0], [4, 0]]], np.int64),
        np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], np.int64),
    ],
    ids=["nobody", "one score", "no outcome", "one unit a stratum"],
)
def test_what_cannot_be_compared_is_no_trend(counts):
    found = check_trend(counts, confidence_level=0.95)
    assert found.zscore == 0
    assert found.pvalue == 0.5
    assert np.isnan([found.odds_ratio, found.lower, found.upper]).all()
