"""Planted attacks on released tables fail, and nothing is hidden without need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.disclosure import (
    Released,
    Structure,
    Sum,
    current_rules,
    infer_interval,
    intervals,
    is_suppressed,
    list_inferences,
    release,
)
from analysis.presentation.disclosure.secondary import find_sensitive
from analysis.presentation.disclosure.structure import read_cells

ACCOUNT = (Sum("profit", ("income", "cost")),)


def add_total(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([rows, rows.sum().to_frame().T], ignore_index=True)


def make_amounts(counts: list[int], **amounts: list[float]) -> pd.DataFrame:
    return add_total(pd.DataFrame({"customers": counts, **amounts}))


def mark(released: Released, column: str) -> str:
    cells = released.rows[column]
    return "".join("x" if is_suppressed(cell) else "." for cell in cells)


def infer_from_naive(rows: pd.DataFrame, structure: Structure, line: int) -> Any:
    """Bound the first column of a line if only the primary rules were applied."""
    cells = read_cells(rows, structure, minimum=10)
    hidden = find_sensitive(cells, current_rules())
    assert hidden[line, 0]
    return infer_interval(cells.find_knowledge(), hidden.ravel(), cells.number(line, 0))


# --- attacks ---


def test_subtraction_from_a_total_finds_the_cell_that_is_hidden_alone() -> None:
    rows = make_amounts([5, 40, 20])
    naive = infer_from_naive(rows, Structure(count="customers", has_total=True), 0)
    assert (naive.lower, naive.upper) == pytest.approx((5, 5))


def test_subtraction_fails_on_what_is_released() -> None:
    rows = make_amounts([5, 40, 20], profit=[50.0, 400.0, 200.0])
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert mark(released, "customers") == mark(released, "profit") == "x.x."
    assert released.customers == (None, 40, None, 65)
    structure = Structure(count="customers", amounts=("profit",), has_total=True)
    found = list_inferences(rows, released, structure)
    np.testing.assert_allclose(found["lower"], 0, atol=1e-6)
    np.testing.assert_allclose(found["upper"], [25, 250, 25, 250])


def test_hidden_rows_describe_ten_customers_together() -> None:
    # 3 + 4: what is left of the total would describe seven.
    rows = make_amounts([3, 4, 30, 50])
    released = release(rows, count="customers", has_total=True)
    assert mark(released, "customers") == "xxx.."


def test_all_but_one_customer_tell_on_the_one() -> None:
    rows = pd.DataFrame({"customers": [40, 40, 40], "losing": [39, 30, 40]})
    released = release(rows, count="customers", counts=["losing"])
    assert mark(released, "customers") == "..."
    assert mark(released, "losing") == "x.x"


def test_a_zero_protects_nothing() -> None:
    # Hidden 5 and 0 under a total would still be 5 together.
    rows = make_amounts([5, 0, 0, 60], profit=[50.0, 0.0, 0.0, 600.0])
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert mark(released, "customers") == "x..x."
    assert mark(released, "profit") == "x..x."


def test_a_cell_hidden_in_rows_and_columns_cannot_be_found_from_both() -> None:
    # Promoters of the first row are few: hiding one more in its row and one more in
    # its column leaves each of these alone in its other sum.
    rows = add_total(
        pd.DataFrame(
            {
                "customers": [100, 100, 100],
                "promoters": [4, 40, 50],
                "others": [96, 60, 50],
            }
        )
    )
    sums = (Sum("customers", ("promoters", "others")),)
    structure = Structure(
        count="customers", counts=("promoters", "others"), sums=sums, has_total=True
    )
    released = release(
        rows,
        count="customers",
        counts=["promoters", "others"],
        sums=sums,
        has_total=True,
    )
    assert mark(released, "promoters") == mark(released, "others") == "xx.."
    assert mark(released, "customers") == "...."
    found = list_inferences(rows, released, structure)
    assert ((found["upper"] - found["lower"]) >= 10).all()


def test_a_profit_that_is_hidden_cannot_be_added_up_from_income_and_cost() -> None:
    rows = pd.DataFrame(
        {
            "customers": [50, 60],
            "income": [10.0, 20.0],
            "cost": [-4.0, -5.0],
            "profit": [6.0, 15.0],
            "profit_largest": [5.9, 1.0],
            "profit_second": [0.05, 1.0],
            "profit_absolute": [6.0, 15.0],
        }
    )
    released = release(
        rows,
        count="customers",
        amounts=["income", "cost", "profit"],
        dominance=["profit"],
        sums=ACCOUNT,
    )
    assert mark(released, "profit") == "x."
    assert mark(released, "cost") == "x."
    assert mark(released, "income") == ".."
    assert not [name for name in released.rows if name.startswith("profit_")]


def test_profits_of_either_sign_are_judged_by_what_they_leave_together() -> None:
    # Two hidden profits of either sign are unbounded for a programme; but their sum is
    # public, and with a small second row it is still the dominated first one.
    rows = make_amounts(
        [40, 20, 60, 80],
        profit=[1_000.0, -10.0, 500.0, -800.0],
        profit_largest=[990.0, 1.0, 20.0, 20.0],
        profit_second=[5.0, 1.0, 20.0, 20.0],
        profit_absolute=[1_000.0, 12.0, 500.0, 800.0],
    )
    rows.loc[4, ["profit_largest", "profit_second"]] = [990.0, 20.0]
    released = release(
        rows,
        count="customers",
        amounts=["profit"],
        dominance=["profit"],
        has_total=True,
    )
    assert mark(released, "profit") == "xxx.."
    assert mark(released, "customers") == "....."


def test_customers_that_only_the_total_counts_are_protected_too() -> None:
    # 3 customers are in no row: the total less the rows would describe them.
    rows = pd.DataFrame({"customers": [30, 40, 73], "profit": [3.0, 4.0, 8.0]})
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert mark(released, "customers") == mark(released, "profit") == "x.."


def test_enough_customers_that_only_the_total_counts_hide_nothing() -> None:
    rows = pd.DataFrame({"customers": [30, 40, 80], "profit": [3.0, 4.0, 8.0]})
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert released.n_hidden == 0


def test_the_total_goes_when_no_other_row_can_hide_one() -> None:
    rows = pd.DataFrame({"customers": [5, 0, 25]})
    released = release(rows, count="customers", has_total=True)
    assert mark(released, "customers") == "x.x"


def test_shares_of_all_let_nobody_work_out_a_hidden_row() -> None:
    rows = pd.DataFrame({"customers": [5, 40, 60], "profit": [50.0, 500.0, 900.0]})
    rows = rows.assign(share_pct=100 * rows["profit"] / rows["profit"].sum())
    released = release(
        rows,
        count="customers",
        amounts=["profit"],
        derived={"share_pct": ["profit"]},
    )
    # 900 and 62.07 % give the total away; hidden alone, 50 would follow from it.
    assert mark(released, "profit") == mark(released, "share_pct") == "xx."
    unlinked = release(
        rows[["customers", "profit"]], count="customers", amounts=["profit"]
    )
    assert mark(unlinked, "profit") == "x.."


def test_a_small_neighbour_does_not_hide_a_large_amount() -> None:
    # 5 customers hold 100 and 11 hold 2: hidden together, the first is in [0, 102],
    # 2 % from the truth. A third amount must go, but not its customers.
    rows = make_amounts([5, 11, 60, 70], profit=[100.0, 2.0, 50.0, 900.0])
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert mark(released, "customers") == "xx..."
    assert mark(released, "profit") == "xxx.."


def make_products() -> pd.DataFrame:
    # One customer holds much of every product: each is safe, their total is not.
    rows = make_amounts([40, 40, 60], balance=[100.0, 40.0, 500.0])
    return rows.assign(
        balance_largest=[30.0, 10.0, 200.0, 600.0],
        balance_second=[30.0, 10.0, 200.0, 10.0],
        balance_absolute=rows["balance"],
        share_pct=100 * rows["balance"] / 640,
    )


def test_a_hidden_total_cannot_be_added_up_nor_bounded_from_below() -> None:
    # Without 40 the rows add up to 600 of 640: too close. Without 140 to 500.
    released = release(
        make_products(),
        count="customers",
        amounts=["balance"],
        dominance=["balance"],
        has_total=True,
    )
    assert mark(released, "balance") == "xx.x"
    assert mark(released, "customers") == "...."


def test_shares_of_a_hidden_total_are_hidden_in_all_rows() -> None:
    released = release(
        make_products(),
        count="customers",
        amounts=["balance"],
        dominance=["balance"],
        derived={"share_pct": ["balance"]},
        has_total=True,
    )
    assert mark(released, "share_pct") == "xxxx"


def test_parts_that_are_whole_groups_do_not_protect_each_other() -> None:
    # 12 of 12 and 15 of 15 lose: their sum of 27 is public, and no part can be larger.
    rows = add_total(pd.DataFrame({"customers": [12, 15, 60], "losing": [12, 15, 20]}))
    released = release(rows, count="customers", counts=["losing"], has_total=True)
    assert mark(released, "losing") == "xxx."
    assert mark(released, "customers") == "...."


def test_a_zero_goes_before_a_sum_where_nothing_else_can_hide_a_cell() -> None:
    rows = pd.DataFrame({"customers": [40, 40], "yes": [40, 20], "no": [0, 20]})
    released = release(
        rows,
        count="customers",
        counts=["yes", "no"],
        sums=[Sum("customers", ("yes", "no"))],
    )
    assert mark(released, "yes") == mark(released, "no") == "x."
    assert mark(released, "customers") == ".."


def test_a_zero_that_was_hidden_in_vain_is_shown_again() -> None:
    # Cost is never above zero: hidden, it would leave income at 100 or more of 100.
    # So profit goes, and then cost need not.
    rows = pd.DataFrame(
        {"customers": [40, 50], "income": [100.0, 80.0], "cost": [0.0, -20.0]}
    )
    rows = rows.assign(
        profit=[100.0, 60.0],
        income_largest=[99.0, 2.0],
        income_second=[0.5, 2.0],
        income_absolute=[100.0, 80.0],
    )
    released = release(
        rows,
        count="customers",
        amounts=["income", "cost", "profit"],
        dominance=["income"],
        sums=ACCOUNT,
    )
    assert mark(released, "income") == mark(released, "profit") == "x."
    assert mark(released, "cost") == ".."


def test_an_amount_of_zero_of_a_few_customers_is_protected_and_a_count_is_not() -> None:
    # Of 5 customers an amount of 0 says that none of them has any; that nobody of
    # them is counted describes nobody.
    rows = make_amounts([5, 20, 60], fees=[0.0, 0.0, 70.0], losing=[0, 0, 20])
    rows = rows.astype({"customers": int, "losing": int})
    released = release(
        rows, count="customers", counts=["losing"], amounts=["fees"], has_total=True
    )
    assert mark(released, "customers") == mark(released, "losing") == "xx.."
    assert mark(released, "fees") == "xxx."


def test_a_row_whose_customers_must_be_hidden_is_hidden_whole() -> None:
    # All 40 lose, and every customer either loses or does not: nothing else to hide.
    rows = pd.DataFrame({"customers": [40], "losing": [40], "profit": [1.5]})
    released = release(
        rows,
        count="customers",
        counts=["losing"],
        amounts=["profit"],
        sums=[Sum("customers", ("losing",))],
    )
    assert released.customers == (None,)
    assert released.n_hidden == 3


@pytest.mark.parametrize("seed", range(12))
def test_no_attack_comes_close_to_a_sensitive_cell(seed: int) -> None:
    generator = np.random.default_rng(seed)
    counts = generator.integers(0, 60, 8)
    rows = pd.DataFrame({"customers": counts})
    rows["losing"] = generator.binomial(counts, 0.3)
    rows["income"] = counts * generator.lognormal(2, 1, 8)
    rows["cost"] = -counts * generator.lognormal(1, 1, 8)
    rows["profit"] = rows["income"] + rows["cost"]
    rows = add_total(rows).astype({"customers": int, "losing": int})
    names = ("income", "cost", "profit")
    structure = Structure(
        count="customers",
        counts=("losing",),
        amounts=names,
        sums=ACCOUNT,
        has_total=True,
    )
    released = release(
        rows,
        count="customers",
        counts=["losing"],
        amounts=names,
        sums=ACCOUNT,
        has_total=True,
    )
    found = list_inferences(rows, released, structure)
    cells = read_cells(rows, structure, minimum=10)
    sensitive = find_sensitive(cells, current_rules())
    columns = list(structure.columns)
    is_sensitive = [
        sensitive[row, columns.index(name)] and value != 0
        for row, name, value in zip(
            found["row"], found["column"], found["value"], strict=True
        )
    ]
    found = found[is_sensitive]
    assert len(found) == (sensitive[: len(rows)] & (cells.numbers[:9] != 0)).sum()
    counted = found["column"].isin(["customers", "losing"])
    assert ((found["upper"] - found["lower"])[counted] > 10 - 1e-6).all()
    level = 0.1 * found["value"].abs() - 1e-6
    assert (found["upper"] >= found["value"] + level)[~counted].all()
    assert (found["lower"] <= found["value"] - level)[~counted].all()
    assert released.customers is not None
    assert released.customers[-1] == counts.sum()


# --- what is hidden with what ---


def test_columns_computed_from_a_hidden_cell_are_hidden_also_at_second_hand() -> None:
    rows = pd.DataFrame(
        {
            "customers": [40, 5, 60],
            "losing": [3, 1, 20],
            "losing_pct": [7.5, 20.0, 33.3],
            "verdict": ["few", "few", "many"],
            "channel": ["app", "branch", "app"],
        }
    )
    released = release(
        rows,
        count="customers",
        counts=["losing"],
        derived={
            "verdict": ["losing_pct"],
            "losing_pct": ["losing", "customers"],
            "channel": ["customers"],
        },
    )
    assert mark(released, "losing_pct") == mark(released, "verdict") == "xx."
    assert mark(released, "channel") == ".x."


def test_what_is_computed_and_shown_has_only_inputs_that_are_shown() -> None:
    rows = make_amounts([5, 40, 20, 80], profit=[50.0, 400.0, 200.0, 90.0])
    rows = rows.assign(mean=rows["profit"] / rows["customers"])
    released = release(
        rows,
        count="customers",
        amounts=["profit"],
        derived={"mean": ["profit", "customers"]},
        has_total=True,
    )
    shown = released.rows[~released.rows["mean"].map(is_suppressed)]
    assert len(shown) == 3
    assert not shown.map(is_suppressed).to_numpy().any()


def test_an_undeclared_number_with_a_fraction_is_hidden_with_its_row() -> None:
    rows = pd.DataFrame({"months": [3, 6], "customers": [5, 40], "rate": [1.25, 1.5]})
    released = release(rows, count="customers")
    assert mark(released, "rate") == "x."
    assert mark(released, "months") == ".."


def test_a_count_of_something_else_is_judged_alone() -> None:
    # More before than now: not a part of today's customers.
    rows = pd.DataFrame({"customers": [40, 50], "before": [45, 50]})
    released = release(rows, count="customers", counts=["before"])
    assert released.n_hidden == 0


# --- nothing without need ---


def test_a_table_without_sensitive_cells_needs_no_programme(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a linear programme was solved")

    monkeypatch.setattr(intervals, "linprog", refuse)
    amounts = {f"line_{i}": [float(i)] * 40 for i in range(10)}
    rows = make_amounts([40] * 40, **amounts)
    released = release(rows, count="customers", amounts=[*amounts], has_total=True)
    assert released.n_hidden == 0
    pd.testing.assert_frame_equal(released.rows, rows)


def test_an_empty_row_describes_nobody_and_stays() -> None:
    rows = pd.DataFrame({"customers": [0, 12], "profit": [0.0, 7.0]})
    released = release(rows, count="customers", amounts=["profit"])
    assert released.n_hidden == 0
    assert released.customers == (0, 12)


def test_a_table_without_rows_stays_as_it_is() -> None:
    rows = pd.DataFrame({"customers": [5], "profit": [1.0]}).iloc[:0]
    released = release(rows, count="customers", amounts=["profit"], has_total=True)
    assert released.rows.empty
    assert released.customers == ()


def test_the_cheapest_row_is_hidden_and_the_choice_is_the_same_each_time() -> None:
    rows = make_amounts([5, 40, 12, 12, 70], profit=[5.0, 40.0, 12.0, 12.0, 70.0])
    found = [
        mark(
            release(rows, count="customers", amounts=["profit"], has_total=True),
            "customers",
        )
        for _ in range(3)
    ]
    assert found == ["x.x..."] * 3


# --- refusals ---


@pytest.mark.parametrize("wrong", [-1, 2.5, np.nan])
def test_counts_that_are_no_whole_numbers_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"whole numbers of customers.*1 in all"):
        release(pd.DataFrame({"customers": [20, wrong]}), count="customers")


def test_missing_columns_are_refused() -> None:
    rows = pd.DataFrame({"customers": [20], "profit": [1.0]})
    with pytest.raises(ValueError, match=r"must have columns \['profit_largest', "):
        release(rows, count="customers", amounts=["profit"], dominance=["profit"])
    with pytest.raises(ValueError, match=r"must have columns \['income'\]"):
        release(rows, count="customers", derived={"profit": ["income"]})


def test_a_column_has_one_role() -> None:
    rows = pd.DataFrame({"customers": [20], "profit": [1.0], "income": [1.0]})
    with pytest.raises(ValueError, match=r"In two roles: \['profit'\]"):
        release(
            rows,
            count="customers",
            amounts=["profit"],
            derived={"profit": ["customers"]},
        )
    with pytest.raises(ValueError, match=r"in a sum without one: \['income'\]"):
        release(
            rows,
            count="customers",
            amounts=["profit"],
            sums=[Sum("profit", ("income",))],
        )


def test_a_sum_that_does_not_hold_is_refused() -> None:
    rows = pd.DataFrame(
        {"customers": [20, 30], "income": [5.0, 6.0], "cost": [2.0, -2.0]}
    ).assign(profit=[3.0, 4.0])
    with pytest.raises(ValueError, match=r"must add up to 'profit'.*rows \[0\]"):
        release(
            rows,
            count="customers",
            amounts=["income", "cost", "profit"],
            sums=ACCOUNT,
        )


def test_text_in_a_column_of_amounts_is_refused() -> None:
    rows = pd.DataFrame({"customers": [20], "profit": ["many"]})
    with pytest.raises(ValueError, match="'profit' must hold numbers"):
        release(rows, count="customers", amounts=["profit"])
