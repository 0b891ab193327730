"""Cycles are found where a driver turns; betas agree with published and hand-made ones.

The betas .12, .00, .14 and .20 that were published for four Swiss cycles cannot be
tested: the series of the Swiss National Bank is not at hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.cumulative_beta import (
    AMERICAN_RETAIL,
    average_units,
    find_cycles,
    measure_betas,
    weigh_betas,
)

SHARED = Path(__file__).parents[3] / "shared" / "data"
NATIONAL = SHARED / "us_deposit_rates" / "fdic_national_rates_2021_2023.csv"
LONG = SHARED / "us_deposit_rates" / "own_rates_1959_2019.csv"


# Greenwald, Schulhofer-Wohl and Younger (2023): betas of retail, operational and other
# deposits with weights 55, 25 and 20; printed without decimals.
@pytest.mark.parametrize(
    ("betas", "book"), [((24, 41, 50), 33), ((35, 50, 59), 44)], ids=["2023", "final"]
)
def test_a_book_has_the_published_beta_of_its_parts(betas, book):
    assert round(weigh_betas(betas, [55, 25, 20])) == book


@pytest.mark.parametrize(
    ("level", "beta"), [(0.0, 25.4), (1.0, 25.29), (2.0, 28.76), (5.0, 60.65)]
)
def test_the_published_curve_rises_with_the_level_by_hand(level, beta):
    # 1.79 R^2 - 1.90 R + 25.4, Greenwald, Schulhofer-Wohl and Younger (2023).
    assert AMERICAN_RETAIL.at(level) == pytest.approx(beta, abs=1e-9)


def test_the_published_curve_is_lowest_near_half_a_percent():
    levels = np.linspace(0, 6, 601)
    lowest = levels[np.argmin([AMERICAN_RETAIL.at(level) for level in levels])]
    assert lowest == pytest.approx(1.90 / (2 * 1.79), abs=0.005)


STEPS = pd.Series(
    [1.0, 1.0, 1.25, 1.25, 1.5, 1.5, 1.5, 1.25, 0.75, 0.75, 1.0],
    index=pd.date_range("2020-01-31", periods=11, freq="ME"),
)


def test_cycles_of_dated_steps_by_hand():
    cycles = find_cycles(STEPS, smallest_turn=0.25)
    days = [f"{day:%Y-%m}" for day in cycles["start"]]
    assert days == ["2020-02", "2020-07", "2020-10"]
    assert [f"{day:%Y-%m}" for day in cycles["end"]] == [*days[1:], "2020-11"]
    assert cycles["change"].tolist() == pytest.approx([0.5, -0.75, 0.25])
    assert cycles["moves"].tolist() == [2, 2, 1]
    assert cycles["periods"].tolist() == [5, 3, 1]
    assert cycles["is_open"].tolist() == [False, False, True]


def test_betas_of_two_units_by_hand():
    first = pd.Series(0.2, STEPS.index)
    first.iloc[6:] = 0.3
    outcomes = pd.DataFrame({"slow": first, "full": STEPS, "young": STEPS})
    outcomes.iloc[:3, 2] = np.nan
    betas = measure_betas(outcomes, find_cycles(STEPS, smallest_turn=0.25))
    assert betas["slow"].tolist() == pytest.approx([0.2, 0.0, 0.0])
    assert betas["full"].tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert np.isnan(betas["young"].iloc[0])
    average = average_units(betas)
    assert average["units"].tolist() == [2, 3, 3]
    # Two units of .2 and 1: mean .6, error .4, and t of one degree of freedom 12.706.
    assert average["lower"].iloc[0] == pytest.approx(0.6 - 12.7062 * 0.4, abs=1e-3)


def test_changes_of_the_cycles_add_up_to_the_change_of_the_history():
    rng = np.random.default_rng(1)
    driver = pd.Series(rng.choice([-0.25, 0, 0, 0, 0.25], size=400).cumsum())
    outcome = pd.DataFrame({"a": rng.normal(size=400).cumsum()})
    cycles = find_cycles(driver, smallest_turn=0.5)
    betas = measure_betas(outcome, cycles)["a"]
    first = cycles["start"].iloc[0]
    moved = float((betas * cycles["change"]).sum())
    assert len(cycles) > 5
    assert moved == pytest.approx(outcome["a"].iloc[-1] - outcome["a"].loc[first])
    assert (np.sign(cycles["change"]).diff().dropna().abs() == 2).all()


def test_the_interval_covers_the_planted_mean():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        betas = pd.DataFrame(rng.normal(0.4, 0.1, size=(1, 12)))
        found = average_units(betas).iloc[0]
        covered += found["lower"] <= 0.4 <= found["upper"]
    # 95% wanted; fewer than 180 of 200 would happen once in 500 times.
    assert 180 <= covered < 200


def test_noise_below_the_smallest_turn_makes_no_cycle():
    wobbling = pd.Series([0.10, 0.15, 0.08, 0.12, 0.09])
    cycles = find_cycles(wobbling, smallest_turn=0.2)
    assert cycles.empty
    assert measure_betas(pd.DataFrame({"a": wobbling}), cycles).empty


@pytest.mark.skipif(not NATIONAL.exists(), reason="national deposit rates not at hand")
def test_american_national_rates_of_the_last_rise_by_hand():
    rates = pd.read_csv(NATIONAL, parse_dates=["date"]).set_index("date")
    cycles = find_cycles(rates["FEDFUNDS"], smallest_turn=0.2)
    assert len(cycles) == 1
    betas = measure_betas(rates[["SNDR", "NDR12MCD"]], cycles).iloc[0]
    # From June 2021 to November 2023, read off the file.
    first, last = cycles.loc[0, ["start", "end"]]
    moved = rates.loc[last] - rates.loc[first]
    assert betas["SNDR"] == pytest.approx(moved["SNDR"] / moved["FEDFUNDS"])
    assert betas["SNDR"] < 0.15
    assert 0.25 < betas["NDR12MCD"] < 0.5


@pytest.mark.skipif(not LONG.exists(), reason="long deposit rates not at hand")
def test_the_american_beta_is_no_constant():
    rates = pd.read_csv(LONG, parse_dates=["date"]).set_index("date").loc["1987":]
    rates = rates[["M2OWN", "FEDFUNDS"]].dropna()
    cycles = find_cycles(rates["FEDFUNDS"], smallest_turn=1.0)
    betas = measure_betas(rates[["M2OWN"]], cycles)["M2OWN"]
    # Known peaks of 1989, 2000 and 2007; the rise of June 2004 starts from a low that
    # was last touched in December 2003.
    assert {1989, 2000, 2003, 2007} <= {day.year for day in cycles["start"]}
    assert betas.between(0, 1).all()
    assert betas.max() > 2 * betas.min()


def test_a_gap_is_refused():
    with pytest.raises(ValueError, match="no gap and a smallest turn above 0"):
        find_cycles(pd.Series([1.0, np.nan]), smallest_turn=0.2)


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2]])
def test_weights_that_weigh_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="not be negative, nor all zero"):
        weigh_betas([0.2, 0.4], weights)
