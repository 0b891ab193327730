"""Return on economic capital, and profit after its cost."""

from __future__ import annotations

import pytest

from analysis.statistics.credit_capital import measure_economic_profit, measure_raroc


def test_hull_example_16_5():
    # Hull, Options, Futures, and Other Derivatives / RMFI, example 16.5: loans lose
    # 1 % a year, cost 0.7 %, spread 2.5 %, capital 4 % -> 20 %; with 2 % earned on
    # capital 22 %.
    profit = 2.5 - 0.7 - 1.0
    assert measure_raroc(profit, 4.0) == pytest.approx(0.20)
    assert measure_raroc(profit, 4.0, return_on_capital=0.02) == pytest.approx(0.22)


def test_hull_section_23_8():
    # Hull, section 23.8: income 12, cost 3, expected loss 2; the worst loss is 40, so
    # that capital is 40 - 2 -> 18.4 %.
    assert measure_raroc(12 - 3 - 2, 40 - 2) == pytest.approx(0.184, abs=5e-4)


def test_economic_profit_is_zero_where_raroc_meets_the_hurdle():
    assert measure_economic_profit(8.0, 80.0, hurdle=0.10) == pytest.approx(0)
    assert measure_raroc(8.0, 80.0) == pytest.approx(0.10)


def test_return_without_capital_is_refused():
    with pytest.raises(ValueError, match="capital above 0, not 0"):
        measure_raroc(1.0, 0.0)
