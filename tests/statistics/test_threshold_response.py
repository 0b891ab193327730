"""A bend is found where it is and not elsewhere; steps are worth what they are."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.threshold_response import Doses, estimate_threshold_response


def draw(rng, *, turn, size=800, knot=15.0):
    dose = rng.gamma(3, 4, size)
    control = rng.standard_normal(size)
    outcome = 8 - 0.02 * dose - turn * np.maximum(dose - knot, 0) + 0.3 * control
    outcome += rng.standard_normal(size)
    return Doses(outcome, dose, np.ones(size), control[:, None], np.arange(size))


def measure(doses, draws=199, seed=1):
    rng = np.random.default_rng(seed)
    return estimate_threshold_response(doses, step=5.0, rng=rng, draws=draws)


def test_the_straight_line_is_that_of_least_squares():
    doses = draw(np.random.default_rng(2), turn=0.0)
    columns = np.column_stack([np.ones(800), doses.dose, doses.controls])
    usual = sm.OLS(doses.outcome, columns).fit(cov_type="HC3")
    found = measure(doses, draws=999)
    assert found.slope == pytest.approx(usual.params[1], rel=1e-7)
    width = (found.slope_upper - found.slope_lower) / 2 / 1.96
    assert width == pytest.approx(usual.bse[1], rel=0.1)


def test_a_planted_bend_is_found_and_a_straight_line_stays_straight():
    rng = np.random.default_rng(3)
    bent = measure(draw(rng, turn=0.15))
    assert bent.is_bent
    assert bent.knot_lower <= 15.0 <= bent.knot_upper
    assert bent.above < bent.below - 0.08
    rejected = [measure(draw(rng, turn=0.0, size=300), 99).is_bent for _ in range(40)]
    assert np.mean(rejected) <= 0.15


def test_a_step_down_is_worth_what_was_planted():
    rng, held = np.random.default_rng(4), 0
    for _ in range(40):
        doses = draw(rng, turn=0.1, size=400)
        less = np.maximum(doses.dose - 5, 0)
        over = np.maximum(doses.dose - 15, 0) - np.maximum(less - 15, 0)
        truth = float((0.02 * (doses.dose - less) + 0.1 * over).mean())
        found = measure(doses, 99)
        held += found.gain_lower <= truth <= found.gain_upper
    assert held >= 34


def test_clusters_are_drawn_as_one():
    rng = np.random.default_rng(5)
    dose = np.repeat(rng.gamma(3, 4, 60), 10)
    outcome = (
        5 + np.repeat(rng.standard_normal(60), 10) + 0.1 * rng.standard_normal(600)
    )
    parts = (outcome, dose, np.ones(600), np.zeros((600, 0)))
    alone = measure(Doses(*parts, np.arange(600)))
    together = measure(Doses(*parts, np.repeat(np.arange(60), 10)))
    assert together.gain_upper - together.gain_lower > 2 * (
        alone.gain_upper - alone.gain_lower
    )


def test_a_line_that_leaves_nothing_has_no_bend():
    dose = np.arange(40.0)
    doses = Doses(8 - 0.1 * dose, dose, np.ones(40), np.zeros((40, 0)), np.arange(40))
    found = measure(doses)
    assert found.bend_pvalue == 1.0
    assert found.slope == pytest.approx(-0.1)


def test_a_dose_that_stays_is_refused():
    ones = np.ones(50)
    doses = Doses(ones, ones, ones, np.zeros((50, 0)), np.arange(50))
    with pytest.raises(ValueError, match="a dose that varies"):
        measure(doses)
