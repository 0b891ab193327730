"""Error correction agrees with published estimates and covers planted truths."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import danish_data

from analysis.statistics.error_correction import estimate_error_correction
from analysis.statistics.lag_orders import LagOrders, select_orders
from analysis.statistics.long_run_interval import bootstrap_long_run

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "danish_money_demand.json").read_text()
)
PUBLISHED = REFERENCE["values"]
ORDERS = LagOrders(3, (("lry", 1), ("ibo", 3), ("ide", 2)))


@pytest.fixture(scope="module")
def danish_money():
    return danish_data.load().data


def simulate_pass_through(
    rng, *, periods, speed, long_run=0.45, impact=0.1, noise=0.03
):
    policy = 2 + np.cumsum(rng.choice([-0.25, 0, 0, 0, 0.25], size=periods))
    rate = np.empty(periods)
    rate[0] = 0.3 + long_run * policy[0]
    for now in range(1, periods):
        distance = 0.3 + long_run * policy[now - 1] - rate[now - 1]
        move = impact * (policy[now] - policy[now - 1])
        rate[now] = rate[now - 1] + speed * distance + move + rng.normal(0, noise)
    return pd.DataFrame({"rate": rate, "policy": policy})


def test_danish_money_demand_agrees_with_the_published_model(danish_money):
    model = estimate_error_correction(danish_money, outcome="lrm", orders=ORDERS)
    # Printed with four digits; half of the last one is the tolerance.
    assert model.bounds_f == pytest.approx(PUBLISHED["bounds_f_case_2"], abs=5e-5)
    assert model.bounds_t == pytest.approx(PUBLISHED["bounds_t"], abs=5e-5)
    assert model.speed == pytest.approx(PUBLISHED["speed"], abs=5e-5)
    assert model.speed_std_error == pytest.approx(
        PUBLISHED["speed_std_error"], abs=5e-5
    )


@pytest.mark.parametrize("driver", ["lry", "ibo", "ide"])
def test_danish_long_run_agrees_with_the_published_one(danish_money, driver):
    model = estimate_error_correction(danish_money, outcome="lrm", orders=ORDERS)
    found = model.long_run.set_index("driver").loc[driver]
    estimate, std_error = PUBLISHED["long_run"][driver]
    assert found["estimate"] == pytest.approx(estimate, abs=5e-4)
    assert found["std_error"] == pytest.approx(std_error, abs=5e-4)


def test_bootstrap_is_centred_on_the_error_correction_estimate(danish_money):
    model = estimate_error_correction(danish_money, outcome="lrm", orders=ORDERS)
    interval = bootstrap_long_run(
        danish_money,
        outcome="lrm",
        orders=ORDERS,
        rng=np.random.default_rng(1),
        draws=99,
    )
    # The two forms of the same model are the same least squares.
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(interval[column], model.long_run[column], rtol=1e-6)
    assert (interval["lower"] < interval["estimate"]).all()
    assert (interval["estimate"] < interval["upper"]).all()


def test_half_life_of_a_speed_of_one_half_is_one_period():
    # By hand: after one period half of the distance is left.
    rng = np.random.default_rng(2)
    series = simulate_pass_through(rng, periods=2000, speed=0.5, noise=0.01)
    orders = LagOrders(1, (("policy", 1),))
    model = estimate_error_correction(series, outcome="rate", orders=orders)
    assert model.half_life == pytest.approx(1.0, abs=0.1)
    assert model.constant == pytest.approx(0.3, abs=0.01)
    assert model.short_run["estimate"].item() == pytest.approx(0.1, abs=0.01)


def test_interval_covers_the_planted_long_run():
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(60):
        series = simulate_pass_through(rng, periods=72, speed=0.3)
        orders = select_orders(series, outcome="rate", drivers=["policy"], max_lag=2)
        interval = bootstrap_long_run(
            series, outcome="rate", orders=orders, rng=rng, draws=199
        ).iloc[0]
        covered += interval["lower"] <= 0.45 <= interval["upper"]
    # 95% wanted; of 60 draws fewer than 51 would happen once in 500 times.
    assert covered >= 51


def test_bounds_test_rarely_finds_a_relation_between_unrelated_walks():
    rng = np.random.default_rng(4)
    orders = LagOrders(1, (("policy", 1),))
    rejected = 0
    for _ in range(60):
        walks = rng.normal(size=(80, 2)).cumsum(axis=0)
        series = pd.DataFrame(walks, columns=["rate", "policy"])
        model = estimate_error_correction(series, outcome="rate", orders=orders)
        rejected += model.pvalue_upper < 0.05
    # 5% wanted, asymptotic values reject a little too often.
    assert rejected <= 9


def test_simulated_pvalue_is_larger_than_the_asymptotic_one(danish_money):
    exact = estimate_error_correction(
        danish_money,
        outcome="lrm",
        orders=ORDERS,
        rng=np.random.default_rng(5),
        draws=4000,
    )
    asymptotic = estimate_error_correction(danish_money, outcome="lrm", orders=ORDERS)
    assert exact.pvalue_upper > asymptotic.pvalue_upper
    assert exact.bounds_f == asymptotic.bounds_f


def test_two_lags_are_chosen_when_two_matter():
    rng = np.random.default_rng(6)
    driver = rng.normal(size=400).cumsum()
    rate = np.zeros(400)
    for now in range(2, 400):
        rate[now] = 0.5 * rate[now - 1] - 0.4 * rate[now - 2] + driver[now]
    rate += rng.normal(0, 0.01, size=400)
    series = pd.DataFrame({"rate": rate, "policy": driver})
    chosen = select_orders(series, outcome="rate", drivers=["policy"], max_lag=3)
    assert chosen.outcome >= 2


def test_a_short_series_is_refused():
    series = simulate_pass_through(np.random.default_rng(7), periods=12, speed=0.3)
    orders = LagOrders(1, (("policy", 1),))
    with pytest.raises(ValueError, match="must have at least 15 periods"):
        estimate_error_correction(series, outcome="rate", orders=orders)


def test_a_gap_is_refused():
    series = simulate_pass_through(np.random.default_rng(8), periods=60, speed=0.3)
    series.loc[5, "rate"] = math.nan
    with pytest.raises(ValueError, match="must have no gap"):
        select_orders(series, outcome="rate", drivers=["policy"], max_lag=2)


def test_a_speed_beyond_one_has_no_half_life_left():
    rng = np.random.default_rng(9)
    series = simulate_pass_through(rng, periods=300, speed=1.2, noise=0.01)
    orders = LagOrders(1, (("policy", 1),))
    model = estimate_error_correction(series, outcome="rate", orders=orders)
    assert model.half_life == 0.0
