"""Transfer rates for money with and without a term."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.statistics.funds_transfer_pricing import (
    average_ladder,
    interpolate_curve,
    price_without_term,
)

CURVE = pd.Series({0: 0.010, 12: 0.022, 36: 0.030})


def test_curve_is_read_along_straight_lines_and_level_beyond_its_ends():
    rates = interpolate_curve(CURVE, [0, 6, 12, 24, 36, 60])
    assert rates == pytest.approx([0.010, 0.016, 0.022, 0.026, 0.030, 0.030])


def test_terms_that_were_not_quoted_are_passed_over():
    curve = pd.Series({12: 0.02, 24: float("nan"), 36: 0.04})
    assert interpolate_curve(curve, [24])[0] == pytest.approx(0.03)


def test_ladder_on_a_curve_that_never_moves_is_the_curve():
    curves = pd.DataFrame([CURVE] * 60)
    assert average_ladder(curves, life_months=36) == pytest.approx(0.030)


def test_ladder_lags_a_steady_fall_by_half_its_life():
    # The rate falls by 1 bp a month. The last 24 of them are on average 11.5 months
    # old: the ladder stands 11.5 bp above the last rate.
    curves = pd.DataFrame({24: [0.05 - 0.0001 * month for month in range(60)]})
    last = curves[24].iloc[-1]
    assert average_ladder(curves, life_months=24) == pytest.approx(last + 0.00115)


def test_ladder_with_a_short_history_uses_the_months_there_are():
    curves = pd.DataFrame({36: [0.02, 0.03]})
    assert average_ladder(curves, life_months=36) == pytest.approx(0.025)


def test_money_without_term_is_core_at_the_ladder_and_rest_at_the_short_rate():
    curves = pd.DataFrame([CURVE] * 36)
    rate = price_without_term(curves, core_share=0.7, core_life_months=36)
    assert rate == pytest.approx(0.7 * 0.030 + 0.3 * 0.010)


@pytest.mark.parametrize(("core_share", "expected"), [(0.0, 0.010), (1.0, 0.030)])
def test_all_volatile_and_all_core_collapse_to_one_rate(core_share, expected):
    curves = pd.DataFrame([CURVE] * 36)
    rate = price_without_term(curves, core_share=core_share, core_life_months=36)
    assert rate == pytest.approx(expected)
