"""What a reader can infer is found, neither more nor less."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.presentation.disclosure import (
    Interval,
    Knowledge,
    Relation,
    infer_interval,
)

# Geurts (1992), table 10, in Hundepool et al., Handbook on Statistical Disclosure
# Control, 2nd ed., section 4.2.2, example 3: rows 7 and 3, columns 6 and 4.
GEURTS = (
    Relation((0, 1, 4), (1, 1, -1)),
    Relation((2, 3, 5), (1, 1, -1)),
    Relation((0, 2, 6), (1, 1, -1)),
    Relation((1, 3, 7), (1, 1, -1)),
)
INNER = np.array([True] * 4 + [False] * 4)


def know(
    values: list[float], relations: tuple[Relation, ...], floor: float = 0.0
) -> Knowledge:
    cells = np.array(values)
    return Knowledge(
        cells, np.full(len(cells), floor), np.full(len(cells), np.inf), relations
    )


def make_geurts(x11: float) -> Knowledge:
    inner = [x11, 7 - x11, 6 - x11, x11 - 3]
    return know([*inner, 7.0, 3.0, 6.0, 4.0], GEURTS)


@pytest.mark.parametrize("x11", [3.0, 4.0, 5.5, 6.0])
def test_geurts_bounds_do_not_depend_on_the_truth(x11: float) -> None:
    known = make_geurts(x11)
    found = [infer_interval(known, INNER, cell) for cell in range(4)]
    bounds = [bound for each in found for bound in (each.lower, each.upper)]
    np.testing.assert_allclose(bounds, [3, 6, 1, 4, 0, 3, 0, 3], atol=1e-9)


def test_a_published_cell_is_known() -> None:
    assert infer_interval(make_geurts(4.0), INNER, 5) == Interval(3.0, 3.0)


def test_the_only_hidden_cell_of_a_sum_is_known() -> None:
    known = know([5.0, 95.0, 100.0], (Relation((0, 1, 2), (1, 1, -1)),))
    found = infer_interval(known, np.array([True, False, False]), 0)
    assert (found.lower, found.upper) == pytest.approx((5.0, 5.0))


def test_a_hidden_cell_in_no_sum_is_bounded_by_its_nature_only() -> None:
    known = know([5.0, 95.0], ())
    found = infer_interval(known, np.array([True, False]), 0)
    assert found == Interval(0.0, math.inf)


def test_two_hidden_amounts_of_either_sign_are_unbounded() -> None:
    known = know([5.0, 95.0, 100.0], (Relation((0, 1, 2), (1, 1, -1)),), floor=-np.inf)
    found = infer_interval(known, np.array([True, True, False]), 1)
    assert found == Interval(-math.inf, math.inf)


def test_a_part_is_at_most_its_group() -> None:
    known = know([12.0, 15.0], (Relation((0, 1), (1, -1), at_most=True),))
    found = infer_interval(known, np.array([True, False]), 0)
    assert (found.lower, found.upper) == pytest.approx((0.0, 15.0))


def test_bounds_hold_whatever_the_unit() -> None:
    values = [4e12, 3e12, 2e12, 1e12, 7e12, 3e12, 6e12, 4e12]
    found = infer_interval(know(values, GEURTS), INNER, 0)
    assert (found.lower, found.upper) == pytest.approx((3e12, 6e12), rel=1e-9)


def test_a_cell_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="number below 8, not 8"):
        infer_interval(make_geurts(4.0), INNER, 8)
