"""Funnel limits hold what they promise, and widen where units differ anyway."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from analysis.statistics.funnel_limits import ALARM, WARNING, judge_units


def test_limits_are_those_of_the_normal_distribution():
    # Spiegelhalter (2005): 95 and 99.8 % limits at 1.96 and 3.09 errors.
    errors = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    found = judge_units(np.full(5, 10.0), errors, 10.0)
    assert found.spread == 0
    reach = found.units["warning_upper"] - 10
    np.testing.assert_allclose(reach, 1.959964 * errors, rtol=1e-6)
    reach = 10 - found.units["alarm_lower"]
    np.testing.assert_allclose(reach, 3.090232 * errors, rtol=1e-6)
    assert (WARNING, ALARM) == (0.95, 0.998)


def test_units_of_chance_have_dispersion_one_and_few_alarms():
    rng = np.random.default_rng(1)
    called, over, levels = [], [], []
    for _ in range(150):
        errors = rng.uniform(5, 12, 60)
        found = judge_units(20 + errors * rng.standard_normal(60), errors, 20.0)
        called.append((found.units["qvalue"] < 0.05).any())
        over.append(found.dispersion_pvalue < 0.05)
        levels.append(found.dispersion)
    assert np.mean(levels) == pytest.approx(1.0, abs=0.04)
    assert np.mean(called) <= 0.08
    assert np.mean(over) == pytest.approx(0.06, abs=0.04)


def test_spread_between_ordinary_units_is_found_despite_outliers():
    rng = np.random.default_rng(2)
    spreads, hits, false = [], [], []
    for _ in range(60):
        truth = 6 * rng.standard_normal(100)
        truth[:2] = (45.0, -45.0)
        errors = rng.uniform(5, 9, 100)
        found = judge_units(truth + errors * rng.standard_normal(100), errors, 0.0)
        spreads.append(found.spread)
        called = found.units["qvalue"] < 0.05
        hits.append(called[:2].mean())
        false.append(called[2:].mean())
    assert np.mean(spreads) == pytest.approx(6.0, abs=0.8)
    assert np.mean(hits) > 0.9
    assert np.mean(false) < 0.01


def test_widened_limits_hold_both_errors():
    rng = np.random.default_rng(3)
    errors = np.full(80, 5.0)
    found = judge_units(rng.normal(0, 13, 80), errors, 0.0)
    widened = np.hypot(5.0, found.spread)
    expected = norm.ppf(0.975) * widened
    np.testing.assert_allclose(found.units["warning_upper"], expected)
    assert found.dispersion_pvalue < 1e-6


def test_four_units_are_too_few():
    with pytest.raises(ValueError, match="5 units or more, not 4"):
        judge_units(np.zeros(4), np.ones(4), 0.0)


def test_an_error_of_zero_is_refused():
    with pytest.raises(ValueError, match="must be above 0"):
        judge_units(np.zeros(5), np.array([1.0, 1, 0, 1, 1]), 0.0)
