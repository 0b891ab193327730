"""Nothing that describes fewer than ten customers is shown, nor can be worked out."""

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
    suppress_small_cells,
)


def make_rows(counts: list[float], *, total: bool = False) -> pd.DataFrame:
    held = [*counts, sum(counts)] if total else counts
    return pd.DataFrame(
        {"customers": held, "profit": [10.0 * n for n in held], "tier": "金卡"}
    )


def list_hidden(rows: pd.DataFrame) -> list[bool]:
    return [is_suppressed(cell) for cell in rows["profit"]]


def test_cells_under_ten_are_suppressed_with_their_count() -> None:
    shown = suppress_small_cells(
        make_rows([9, 10, 1]), count="customers", values=["profit"]
    )
    assert list_hidden(shown) == [True, False, True]
    assert [is_suppressed(cell) for cell in shown["customers"]] == [True, False, True]
    assert count_suppressed(shown) == 4


def test_an_empty_cell_describes_nobody_and_stays() -> None:
    shown = suppress_small_cells(
        make_rows([0, 12]), count="customers", values=["profit"]
    )
    assert list_hidden(shown) == [False, False]
    pd.testing.assert_frame_equal(shown, make_rows([0, 12]))


def test_the_frame_given_is_not_changed() -> None:
    rows = make_rows([3, 12])
    suppress_small_cells(rows, count="customers", values=["profit"])
    pd.testing.assert_frame_equal(rows, make_rows([3, 12]))


def test_one_suppressed_row_takes_the_smallest_other_with_it_under_a_total() -> None:
    rows = make_rows([5, 40, 20], total=True)
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    assert list_hidden(shown) == [True, False, True, False]


def test_suppressed_rows_hold_ten_customers_together_under_a_total() -> None:
    # 3 + 4 customers: the total less the other rows would describe seven.
    rows = make_rows([3, 4, 30, 50], total=True)
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    assert list_hidden(shown) == [True, True, True, False, False]


def test_the_total_goes_when_no_other_row_can_hide_one() -> None:
    rows = make_rows([5, 0], total=True)
    rows.loc[2, "customers"] = 25
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    assert list_hidden(shown) == [True, False, True]


@pytest.mark.parametrize("seed", range(20))
def test_no_small_sum_can_be_found_by_subtraction(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 40, size=6).tolist()
    rows = make_rows(counts, total=True)
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    hidden = np.array(list_hidden(shown))
    rest = rows["customers"].to_numpy()[:-1][hidden[:-1]].sum()
    assert hidden[-1] or rest == 0 or (rest >= MINIMUM_CELL and hidden[:-1].sum() > 1)


def test_nothing_is_suppressed_without_need_under_a_total() -> None:
    rows = make_rows([15, 40], total=True)
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    assert count_suppressed(shown) == 0


def test_the_mark_is_one_object_that_is_not_a_number() -> None:
    assert pickle.loads(pickle.dumps(SUPPRESSED)) is SUPPRESSED
    assert copy.deepcopy(SUPPRESSED) is SUPPRESSED
    assert math.isnan(float(SUPPRESSED))
    assert str(SUPPRESSED) == "n < 10"
    assert not any(is_suppressed(value) for value in (0, None, math.nan, "n < 10"))


def test_the_mark_becomes_nan_in_a_column_of_numbers() -> None:
    shown = suppress_small_cells(
        make_rows([9, 10]), count="customers", values=["profit"]
    )
    np.testing.assert_array_equal(shown["profit"].astype(float), [np.nan, 100.0])


@pytest.mark.parametrize("wrong", [-1, 2.5, math.nan])
def test_counts_that_are_no_whole_numbers_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"whole numbers of customers.*1 in all"):
        suppress_small_cells(
            make_rows([20, wrong]), count="customers", values=["profit"]
        )


def test_missing_columns_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must have columns \['income'\]"):
        suppress_small_cells(make_rows([20]), count="customers", values=["income"])


def test_a_frame_without_rows_stays_as_it_is() -> None:
    rows = make_rows([20]).iloc[:0]
    shown = suppress_small_cells(
        rows, count="customers", values=["profit"], has_total=True
    )
    assert shown.empty


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
