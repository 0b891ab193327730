"""Signs of careless answers agree with their definitions on sheets made by hand.

The 200 sheets of the R package careless (careless_dataset) are not at hand; its
functions are reproduced on sheets whose runs and deviations can be counted.
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.careless_answers import (
    measure_distances,
    measure_long_strings,
    measure_variability,
)

GAP = np.nan


def test_longest_runs_are_counted_as_careless_does():
    sheets = np.array(
        [
            [1, 2, 2, 2, 3, 3],
            [4, 4, 4, 4, 4, 4],
            [1, 2, 3, 1, 2, 3],
            [5, 5, GAP, 5, 1, 1],
            [GAP, GAP, GAP, GAP, GAP, GAP],
        ]
    )
    # A gap is passed over: the fifth sheet's run of fives goes on beyond it.
    assert measure_long_strings(sheets).tolist() == [3, 6, 1, 3, 0]


def test_variability_is_the_deviation_within_a_sheet():
    sheets = np.array(
        [[1.0, 2, 3, 4], [5, 5, 5, 5], [1, GAP, 3, GAP], [2, GAP, GAP, GAP]]
    )
    found = measure_variability(sheets)
    expected = [np.std([1, 2, 3, 4], ddof=1), 0.0, np.std([1, 3], ddof=1), np.nan]
    np.testing.assert_allclose(found, expected)


def test_distances_of_complete_sheets_are_mahalanobis():
    rng = np.random.default_rng(1)
    sheets = rng.multivariate_normal([0, 1, 2], np.eye(3) + 0.5, 500)
    mean, covariance = sheets.mean(axis=0), np.cov(sheets.T)
    found = measure_distances(sheets, mean, covariance)
    # Squared distances from the sample's own mean add up to (n - 1) x items.
    assert found["distance"].sum() == pytest.approx(499 * 3)
    assert (found["pvalue"] < 0.05).mean() == pytest.approx(0.05, abs=0.025)


def test_a_gap_takes_the_item_out_of_the_distance():
    sheets = np.array([[2.0, GAP], [2.0, 0.0], [GAP, GAP]])
    found = measure_distances(sheets, np.zeros(2), np.diag([4.0, 1.0]))
    np.testing.assert_allclose(found["distance"], [1.0, 1.0, 0.0])
    assert found["answered"].tolist() == [1, 2, 0]
    assert np.isnan(found["pvalue"].iloc[2])
