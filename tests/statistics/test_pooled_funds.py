"""Transfer prices by pool."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.statistics.pooled_funds import pool_funds


def _lay_out(loans, deposits):
    """Lay out loans and deposits of equal size, percent a year."""
    rates = [*loans, *deposits]
    used = [True] * len(loans) + [False] * len(deposits)
    return pd.DataFrame(
        {
            "is_used": used,
            "balance": [100 / len(loans if is_used else deposits) for is_used in used],
            "rate": rates,
            "kind": range(len(rates)),
        }
    )


# Plansmith (2016), Funds transfer pricing: the same bank under three methods.
def test_single_pool_of_plansmith_leaves_nothing_to_the_centre():
    pooled = pool_funds(_lay_out([1.05], [1.05]))
    assert (pooled.charge, pooled.credit) == pytest.approx((1.05, 1.05))
    assert pooled.centre == pytest.approx(0.0, abs=1e-15)


def test_double_pool_of_plansmith():
    pooled = pool_funds(_lay_out([1.05], [0.63]), by=["is_used"])
    assert (pooled.charge, pooled.credit) == pytest.approx((1.05, 0.63))
    assert pooled.centre == pytest.approx(0.42)


def test_multiple_pools_of_plansmith_as_printed_and_exactly():
    # Printed: loans 1.37, deposits .55, centre .82 (from the rounded ones); exactly
    # (1.70 + 1.05) / 2 = 1.375, (.46 + .63) / 2 = .545 and .83.
    pooled = pool_funds(_lay_out([1.70, 1.05], [0.46, 0.63]), by=["kind"])
    assert pooled.prices.tolist() == pytest.approx([1.70, 1.05, 0.46, 0.63])
    assert pooled.charge == pytest.approx(1.375, abs=1e-12)
    assert pooled.credit == pytest.approx(0.545, abs=1e-12)
    assert pooled.centre == pytest.approx(0.83, abs=1e-12)
    assert pooled.charge == pytest.approx(1.37, abs=0.00501)
    assert pooled.credit == pytest.approx(0.55, abs=0.00501)
    assert round(1.37 - 0.55, 2) == 0.82


def test_double_pool_moves_money_between_members_and_keeps_each_side_s_sum():
    money = pd.DataFrame(
        {
            "is_used": [False, False, True],
            "balance": [300.0, 100.0, 200.0],
            "rate": [0.01, 0.03, 0.04],
        }
    )
    pooled = pool_funds(money, by=["is_used"])
    assert pooled.prices.tolist() == pytest.approx([0.015, 0.015, 0.04])
    assert pooled.credit * 400 == pytest.approx(300 * 0.01 + 100 * 0.03)


def test_an_empty_pool_has_no_price_and_no_part_in_the_average():
    money = _lay_out([1.70, 1.05], [0.5]).assign(balance=[100.0, 0.0, 50.0])
    pooled = pool_funds(money, by=["kind"])
    assert pd.isna(pooled.prices.iloc[1])
    assert pooled.charge == pytest.approx(1.70)


def test_without_deposits_there_is_no_credit():
    assert pd.isna(pool_funds(_lay_out([1.0], [])).credit)


def test_a_balance_below_zero_is_refused():
    money = _lay_out([1.0], [1.0]).assign(balance=[1.0, -1.0])
    with pytest.raises(ValueError, match="must not be below 0"):
        pool_funds(money)
