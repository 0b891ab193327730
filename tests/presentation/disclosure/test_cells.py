"""A value that is not shown is marked, and a curve describes ten customers a step."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.disclosure import (
    MINIMUM_CELL,
    SUPPRESSED,
    count_suppressed,
    cut_into_points,
    is_suppressed,
)


def test_the_mark_is_one_object_that_is_not_a_number() -> None:
    assert pickle.loads(pickle.dumps(SUPPRESSED)) is SUPPRESSED
    assert copy.deepcopy(SUPPRESSED) is SUPPRESSED
    assert math.isnan(float(SUPPRESSED))
    assert str(SUPPRESSED) == "n < 10"
    assert not any(is_suppressed(value) for value in (0, None, math.nan, "n < 10"))


def test_the_mark_becomes_nan_in_a_column_of_numbers() -> None:
    column = pd.Series([SUPPRESSED, 100.0], dtype=object)
    np.testing.assert_array_equal(column.astype(float), [np.nan, 100.0])


def test_marks_are_counted_and_neither_zeros_nor_blanks() -> None:
    rows = pd.DataFrame({"n": [SUPPRESSED, 0, 12], "profit": [SUPPRESSED, None, 1.0]})
    assert count_suppressed(rows) == 2


@pytest.mark.parametrize("n_customers", [10, 19, 45, 999, 1000, 1005, 123_457])
def test_every_step_of_a_curve_holds_ten_customers(n_customers: int) -> None:
    ranks = cut_into_points(n_customers)
    steps = np.diff([0, *ranks])
    assert steps.min() >= MINIMUM_CELL
    assert ranks[-1] == n_customers
    assert len(ranks) == min(100, n_customers // MINIMUM_CELL)


def test_a_curve_of_nine_customers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 10 customers, not 9"):
        cut_into_points(9)


def test_a_curve_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        cut_into_points(100, n_points=0)
