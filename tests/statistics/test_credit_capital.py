"""Return on economic capital."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.credit_capital import measure_raroc


def test_hull_example_16_5():
    # Hull, Risk Management and Financial Institutions, example 16.5: loans lose 1 % a
    # year, cost 0.7 %, spread 2.5 %, capital 4 % -> 20 %; with 2 % earned on capital
    # 22 %.
    profit = 2.5 - 0.7 - 1.0
    assert measure_raroc(profit, 4.0) == pytest.approx(0.20)
    assert measure_raroc(profit, 4.0, return_on_capital=0.02) == pytest.approx(0.22)


def test_hull_section_23_8():
    # Hull, section 23.8: income 12, cost 3, expected loss 2; the worst loss is 40, so
    # that capital is 40 - 2 -> 18.4 %.
    assert measure_raroc(12 - 3 - 2, 40 - 2) == pytest.approx(0.184, abs=5e-4)


def test_return_is_missing_where_there_is_no_capital():
    returns = measure_raroc([1.0, 1.0], [0.0, 5.0])
    assert np.isnan(returns[0])
    assert returns[1] == pytest.approx(0.2)


def test_a_charge_for_capital_inside_profit_would_be_counted_twice():
    # A mistake seen in an open collection of finance recipes: economic profit, from
    # which the charge for capital is taken, divided by capital once more. Hull's 20 %
    # of example 16.5 would become 8 % at a hurdle of 12 %.
    profit, capital, hurdle = 2.5 - 0.7 - 1.0, 4.0, 0.12
    economic_profit = profit - hurdle * capital
    assert measure_raroc(economic_profit, capital) == pytest.approx(0.08)
    raroc = measure_raroc(profit, capital)
    assert raroc == pytest.approx(0.20)
    # The two readings agree on who creates value: raroc above the hurdle.
    assert (raroc > hurdle) == (economic_profit > 0)
    assert raroc - hurdle == pytest.approx(economic_profit / capital)
