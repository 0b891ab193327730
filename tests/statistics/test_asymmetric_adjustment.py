"""Two-speed adjustment finds planted speeds and known sticky deposit rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.asymmetric_adjustment import estimate_asymmetric_adjustment

SHARED = Path(__file__).parents[3] / "shared" / "data"
OWN_RATES = SHARED / "us_deposit_rates" / "own_rates_1959_2019.csv"


@pytest.mark.skipif(not OWN_RATES.exists(), reason="the FRED extract is not at hand")
def test_united_states_deposit_rates_are_stickier_upwards():
    # M2 own rate on the federal funds rate, 1987 to 2007 (FRED M2OWN, FEDFUNDS).
    # Driscoll and Judson (2013): deposit rates fall faster than they rise.
    rates = pd.read_csv(OWN_RATES)
    rates.index = pd.to_datetime(rates.iloc[:, 0])
    rates = rates.loc["1987-01":"2007-12"]
    found = estimate_asymmetric_adjustment(rates["M2OWN"], rates["FEDFUNDS"])
    assert found.long_run == pytest.approx(0.672, abs=5e-4)
    assert found.r_squared == pytest.approx(0.88, abs=5e-3)
    assert found.speed_above == pytest.approx(-0.067, abs=5e-4)
    assert found.speed_above < found.speed_below < 0


def simulate(rng, *, periods, above, below):
    driver = rng.normal(0, 0.25, size=periods).cumsum()
    outcome = np.zeros(periods)
    outcome[0] = 0.5 * driver[0]
    for now in range(1, periods):
        distance = outcome[now - 1] - 0.5 * driver[now - 1]
        speed = above if distance > 0 else below
        outcome[now] = outcome[now - 1] - speed * distance + rng.normal(0, 0.05)
    return pd.Series(outcome), pd.Series(driver)


def test_planted_speeds_are_found():
    outcome, driver = simulate(
        np.random.default_rng(1), periods=4000, above=0.3, below=0.1
    )
    found = estimate_asymmetric_adjustment(outcome, driver)
    # The fitted line runs through the mean distance, which lies below zero here, so
    # that the two regimes mix a little.
    assert found.speed_above == pytest.approx(-0.3, abs=0.06)
    assert found.speed_below == pytest.approx(-0.1, abs=0.06)
    assert found.pvalue < 0.001


def test_equal_speeds_are_seldom_told_apart():
    rng = np.random.default_rng(2)
    pvalues = [
        estimate_asymmetric_adjustment(
            *simulate(rng, periods=120, above=0.2, below=0.2)
        ).pvalue
        for _ in range(100)
    ]
    # 5% wanted; more than 12 of 100 would happen less than once in 500 times.
    assert sum(pvalue < 0.05 for pvalue in pvalues) <= 12


def test_a_short_series_is_refused():
    outcome, driver = simulate(
        np.random.default_rng(3), periods=20, above=0.2, below=0.2
    )
    with pytest.raises(ValueError, match="must have 24 periods without a gap"):
        estimate_asymmetric_adjustment(outcome, driver)
