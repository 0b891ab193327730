"""Things held together: against statsmodels, by hand, and confounding taken out."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from analysis.statistics.joint_holding import measure_joint_holding

TABLES = np.array([[[50.0, 30], [20, 40]], [[10.0, 25], [15, 60]]])


def test_test_is_that_of_mantel_and_haenszel():
    tables = [table[::-1, ::-1] for table in TABLES]
    expected = StratifiedTable(tables).test_null_odds(correction=False).pvalue
    assert measure_joint_holding(TABLES).pvalue == pytest.approx(expected)


def test_lift_by_hand():
    # Both: 40 + 60. Expected: 60 x 70 / 140 = 30 and 75 x 85 / 110 = 57.95.
    found = measure_joint_holding(TABLES)
    assert found.lift == pytest.approx(100 / (30 + 75 * 85 / 110))
    assert (found.both, found.first, found.second) == (100, 135, 155)
    # Without strata: 100 of 250; 135 x 155 / 250 expected.
    assert found.raw_lift == pytest.approx(100 / (135 * 155 / 250))


def test_holding_that_only_wealth_explains_has_no_lift_within_strata():
    poor = np.outer([0.9, 0.1], [0.9, 0.1]) * 1000
    rich = np.outer([0.2, 0.8], [0.3, 0.7]) * 1000
    found = measure_joint_holding(np.array([poor, rich]))
    assert found.lift == pytest.approx(1.0)
    assert found.lower < 1 < found.upper
    assert found.raw_lift > 1.5
    assert found.pvalue > 0.9


def test_interval_holds_the_lift_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    first = generator.random((400, 500)) < 0.3
    second = generator.random((400, 500)) < np.where(first, 0.5, 0.25)
    truth = 0.5 / (0.3 * 0.5 + 0.7 * 0.25)
    tables = [
        np.array([[[(~a & ~b).sum(), (~a & b).sum()], [(a & ~b).sum(), (a & b).sum()]]])
        for a, b in zip(first, second, strict=True)
    ]
    found = [measure_joint_holding(table.astype(float)) for table in tables]
    covered = np.mean([each.lower < truth < each.upper for each in found])
    # 400 draws: three standard errors of a share of .95 are .033.
    assert 0.917 < covered < 0.983


def test_what_nobody_holds_with_another_has_no_lift():
    assert measure_joint_holding(np.array([[[10.0, 5.0], [5.0, 0.0]]])) is None
    assert measure_joint_holding(np.array([[[10.0, 0.0], [5.0, 0.0]]])) is None
