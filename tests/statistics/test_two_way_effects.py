"""Effects are taken off as dummies would, in panels with holes and parts apart."""

from __future__ import annotations

import numpy as np
import pytest
from pyfixest.core import demean

from analysis.statistics.two_way_effects import take_off_effects


def take_off_dummies(values, levels, weights):
    """Regress on all dummies, weighted; the textbook's way."""
    dummies = np.hstack([np.eye(level.max() + 1)[level] for level in levels])
    root = np.sqrt(weights)[:, None]
    shares = np.linalg.lstsq(root * dummies, root * values, rcond=None)[0]
    return values - dummies @ shares


def draw_panel(rng, *, units=30, periods=12, share=0.6):
    present = rng.random((units, periods)) < share
    unit, period = np.nonzero(present)
    unit, period = (np.unique(x, return_inverse=True)[1] for x in (unit, period))
    values = rng.normal(size=(len(unit), 3)) + unit[:, None] - 0.5 * period[:, None]
    return values, [unit, period], rng.uniform(0.5, 9, len(unit))


def test_a_panel_with_holes_is_left_as_dummies_leave_it():
    panel = draw_panel(np.random.default_rng(1))
    assert take_off_effects(*panel) == pytest.approx(take_off_dummies(*panel), abs=1e-9)


def test_it_is_what_pyfixest_comes_to_by_turns():
    values, levels, weights = draw_panel(np.random.default_rng(2), units=400)
    turns, settled = demean(
        values, np.column_stack(levels).astype(np.uint64), weights, 1e-12, 100_000
    )
    assert settled
    assert take_off_effects(values, levels, weights) == pytest.approx(turns, abs=1e-9)


def test_parts_that_never_meet_are_solved_apart():
    # Two markets that share neither units nor periods: two effects are free.
    values, (unit, period), weights = draw_panel(np.random.default_rng(3))
    twice = [np.concatenate([x, x + x.max() + 1]) for x in (unit, period)]
    panel = (np.vstack([values, 2 * values]), twice, np.concatenate([weights] * 2))
    assert take_off_effects(*panel) == pytest.approx(take_off_dummies(*panel), abs=1e-9)


def test_the_order_of_the_sets_does_not_matter():
    values, levels, weights = draw_panel(np.random.default_rng(4))
    one = take_off_effects(values, levels, weights)
    other = take_off_effects(values, levels[::-1], weights)
    assert one == pytest.approx(other, abs=1e-10)


def test_one_set_takes_off_weighted_means():
    values = np.array([[1.0], [4.0], [7.0]])
    left = take_off_effects(values, [np.array([0, 0, 1])], np.array([2.0, 1.0, 5.0]))
    assert left[:, 0] == pytest.approx([-1.0, 2.0, 0.0])


def test_units_of_a_single_period_are_explained_whole():
    levels = [np.array([0, 1, 2]), np.array([0, 0, 0])]
    left = take_off_effects(np.array([[1.0], [2.0], [4.0]]), levels, np.ones(3))
    assert left == pytest.approx(0.0)


def test_three_sets_are_refused():
    level = np.array([0, 1])
    with pytest.raises(ValueError, match="one or two sets, not 3"):
        take_off_effects(np.ones((2, 1)), [level] * 3, np.ones(2))
