"""Paths over lags add up, agree with free lags, and split into rises and falls."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.statistics.lagged_paths import (
    find_smallest_seen,
    split_moves,
    spread_over_lags,
)


def draw_path(rng, units=6, periods=30):
    return pd.DataFrame(rng.normal(size=(units, periods)).cumsum(axis=1))


def test_sums_at_every_lag_equal_those_of_free_lags_with_their_errors():
    rng = np.random.default_rng(1)
    path = draw_path(rng)
    outcome = rng.normal(size=path.size)
    lags = [path.shift(lag, axis=1).to_numpy().ravel() for lag in range(4)]
    known = ~np.isnan(lags[3])
    free = sm.OLS(outcome[known], np.column_stack(lags)[known]).fit()
    columns = [column.to_numpy().ravel() for column in spread_over_lags(path, range(4))]
    found = sm.OLS(outcome[known], np.column_stack(columns)[known]).fit()
    for lag in range(4):
        summed = free.t_test(np.r_[np.ones(lag + 1), np.zeros(3 - lag)])
        assert found.params[lag] == pytest.approx(float(summed.effect[0]), abs=1e-10)
        assert found.bse[lag] == pytest.approx(float(summed.sd[0, 0]), abs=1e-10)


def test_lags_that_lie_on_the_line_between_knots_give_the_lagged_effect():
    path = draw_path(np.random.default_rng(2))
    # 0.5 at once, then 0.2 in each of lags 1 and 2, then 0.05 in each of 3 to 6.
    effects = [0.5, 0.2, 0.2, 0.05, 0.05, 0.05, 0.05]
    expected = sum(
        effect * path.shift(lag, axis=1) for lag, effect in enumerate(effects)
    )
    sums = [0.5, 0.9, 1.1]
    columns = spread_over_lags(path, (0, 2, 6))
    found = sum(total * column for total, column in zip(sums, columns, strict=True))
    pd.testing.assert_frame_equal(found, expected)
    assert found.isna().sum(axis=1).eq(6).all()


def test_one_knot_is_the_path_itself():
    path = draw_path(np.random.default_rng(3))
    pd.testing.assert_frame_equal(spread_over_lags(path, (0,))[0], path)


@pytest.mark.parametrize("knots", [(1, 3), (0, 3, 3), (0, 6, 3)])
def test_knots_that_do_not_rise_from_zero_are_refused(knots):
    with pytest.raises(ValueError, match="must rise from 0"):
        spread_over_lags(draw_path(np.random.default_rng(4)), knots)


def test_moves_split_by_hand():
    rises, falls = split_moves(pd.DataFrame([[1.0, 1.2, 1.1, np.nan, 1.0]]))
    np.testing.assert_allclose(rises, [[np.nan, 0.2, 0.0, np.nan, np.nan]])
    np.testing.assert_allclose(falls, [[np.nan, 0.0, -0.1, np.nan, np.nan]])


def test_the_smallest_effect_seen_is_seen_four_times_in_five():
    rng = np.random.default_rng(5)
    degrees, error = 20, 0.3
    effect = find_smallest_seen(error, degrees)
    estimates = effect + error * rng.normal(size=20_000)
    errors = error * np.sqrt(rng.chisquare(degrees, 20_000) / degrees)
    seen = estimates / errors > stats.t.ppf(0.975, degrees)
    # The sum of two quantiles is Bloom's rule; exact power differs in the third digit.
    assert seen.mean() == pytest.approx(0.8, abs=0.015)


def test_a_large_sample_needs_two_point_eight_errors():
    assert find_smallest_seen(1.0, 10**6) == pytest.approx(1.96 + 0.8416, abs=1e-3)
    assert find_smallest_seen(1.0, 0) == math.inf
