"""Sums of lagged coefficients agree with published expense betas and planted ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.lagged_sum import estimate_lagged_sum

SHARED = Path(__file__).parents[3] / "shared" / "data"
BANKS = SHARED / "us_bank_panel_2009_2020" / "panel_quarterly_derived.parquet"
POLICY = SHARED / "fred_rates" / "FEDFUNDS.csv"


@pytest.mark.skipif(not BANKS.exists(), reason="the panel of banks is not at hand")
def test_united_states_banks_pass_on_a_third_of_policy_moves():
    # Drechsler, Savov and Schnabl (2021) find a mean expense beta of 0.345 in call
    # reports. Holding companies 2010 to 2020 are another sample, hence the width.
    banks = pd.read_parquet(BANKS).query("usable")
    banks["quarter"] = pd.PeriodIndex(banks["date"], freq="Q")
    rates = banks.pivot_table(
        index="quarter", columns="symbol", values="expense_rate_pct"
    )
    funds = pd.read_csv(POLICY, parse_dates=["date"]).set_index("date")["FEDFUNDS"]
    quarterly = funds.groupby(pd.PeriodIndex(funds.index, freq="Q")).mean()
    full = pd.period_range("2008Q4", rates.index.max(), freq="Q")
    found = estimate_lagged_sum(
        rates.reindex(full), quarterly.reindex(full), minimum_periods=20
    )
    assert found.units == 273
    assert found.estimate == pytest.approx(0.345, abs=0.03)


def make_panel(rng, *, units, periods, betas):
    driver = pd.Series(rng.normal(0, 0.25, size=periods).cumsum())
    moves = driver.diff().fillna(0.0).to_numpy()
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    passed = np.convolve(moves, weights)[:periods]
    changes = betas * passed[:, None] + rng.normal(0, 0.02, size=(periods, units))
    return pd.DataFrame(changes.cumsum(axis=0)), driver


def test_interval_covers_the_planted_mean():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(100):
        betas = rng.normal(0.4, 0.1, size=25)
        outcomes, driver = make_panel(rng, units=25, periods=44, betas=betas)
        found = estimate_lagged_sum(outcomes, driver)
        covered += found.lower <= 0.4 <= found.upper
    # 95% wanted; fewer than 88 of 100 would happen less than once in 250 times.
    assert covered >= 88


def test_one_unit_by_hand():
    # The level jumps by half of each jump of the driver, at once and exactly.
    driver = pd.Series([0.0, 1.0, 1.0, 3.0, 2.0, 2.0, 5.0])
    outcomes = pd.DataFrame({"a": driver / 2, "b": driver / 4})
    found = estimate_lagged_sum(outcomes, driver, n_lags=0, minimum_periods=6)
    assert found.by_unit["estimate"].tolist() == pytest.approx([0.5, 0.25])
    assert found.estimate == pytest.approx(0.375)


def test_units_with_too_few_periods_are_left_out():
    rng = np.random.default_rng(2)
    outcomes, driver = make_panel(rng, units=3, periods=44, betas=np.full(3, 0.4))
    outcomes.loc[:35, 0] = np.nan
    found = estimate_lagged_sum(outcomes, driver)
    assert found.by_unit["unit"].tolist() == [1, 2]


def test_one_unit_has_no_spread_and_is_refused():
    rng = np.random.default_rng(3)
    outcomes, driver = make_panel(rng, units=1, periods=44, betas=np.full(1, 0.4))
    with pytest.raises(ValueError, match="At least two units must have 20 changes"):
        estimate_lagged_sum(outcomes, driver)
