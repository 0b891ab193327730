"""Forecasts equal those of statsmodels; errors of the past by hand and as planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import danish_data
from statsmodels.tsa.ardl import ARDL

from analysis.statistics.forecast_backtest import (
    backtest_forecasts,
    fit_distributed_lag,
    forecast_path,
    score_forecasts,
    widen,
)
from analysis.statistics.lag_orders import LagOrders


def simulate_rates(rng, *, periods=130, speed=0.3, noise=0.03):
    policy = 2 + np.cumsum(rng.choice([-0.25, 0, 0, 0, 0, 0.25], periods))
    rate = np.empty(periods)
    rate[0] = 0.3 + 0.5 * policy[0]
    for now in range(1, periods):
        back = speed * (0.3 + 0.5 * policy[now] - rate[now - 1])
        rate[now] = rate[now - 1] + back + noise * rng.normal()
    return pd.DataFrame({"rate": rate, "policy": policy})


@pytest.mark.parametrize(("lags", "last"), [(1, 1), (3, 2), (2, 3)])
def test_forecasts_and_errors_equal_those_of_statsmodels(lags, last):
    data = danish_data.load().data[["lrm", "ide"]].reset_index(drop=True)
    past, later = data.iloc[:45], data.iloc[45:]
    orders = LagOrders(lags, (("ide", last),))
    model = fit_distributed_lag(past, outcome="lrm", driver="ide", orders=orders)
    found = forecast_path(model, past, later["ide"])
    known = ARDL(past["lrm"], lags, past[["ide"]], {"ide": last}, trend="c").fit()
    steps = {"start": 45, "end": len(data) - 1, "exog_oos": later[["ide"]]}
    predicted = known.get_prediction(**steps)
    assert found["forecast"].to_numpy() == pytest.approx(
        predicted.predicted_mean.to_numpy(), abs=1e-9
    )
    freedom = model.nobs - len(model.coefficients)
    assert model.deviation == pytest.approx(
        np.sqrt((known.resid**2).sum() / freedom), rel=1e-9
    )
    # statsmodels divides by periods where degrees of freedom are counted here.
    ratio = found["std_error"].to_numpy() / predicted.se_mean.to_numpy()
    assert ratio == pytest.approx(np.full(len(later), ratio[0]), rel=1e-9)


def test_scores_by_hand():
    tries = pd.DataFrame(
        {
            "origin": [10, 13, 10],
            "step": [3, 3, 6],
            "forecast": [1.0, 2.0, 3.0],
            "std_error": [1.0, 1.0, 1.0],
            "realised": [2.0, 0.5, 3.0],
            "unchanged": [1.5, 1.5, 1.5],
        }
    )
    scores = score_forecasts(tries)
    # Missed by -1 and 1.5; the band of 80% reaches 1.28. One origin gives no score.
    assert scores["step"].tolist() == [3]
    row = scores.iloc[0]
    assert row["rmse"] == pytest.approx(np.sqrt((1 + 2.25) / 2))
    assert row["bias"] == pytest.approx(0.25)
    assert row["unchanged_rmse"] == pytest.approx(np.sqrt((0.25 + 1) / 2))
    assert (row["held_80"], row["held_95"]) == (0.5, 1.0)
    # Student's t with one degree of freedom.
    assert widen(scores)[0] == pytest.approx(12.7062047 * row["rmse"], rel=1e-7)


def test_an_origin_knows_nothing_of_what_came_later():
    series = simulate_rates(np.random.default_rng(1))
    spoiled = series.assign(rate=series["rate"].where(series.index < 100, 99.0))
    here, there = (
        backtest_forecasts(
            each, outcome="rate", driver="policy", origins=[100], steps=[1, 3]
        )
        for each in (series, spoiled)
    )
    pd.testing.assert_series_equal(here["forecast"], there["forecast"])


def test_bands_hold_what_they_claim_and_beat_no_change_in_a_planted_world():
    rng = np.random.default_rng(2)
    tries = [
        backtest_forecasts(
            simulate_rates(rng),
            outcome="rate",
            driver="policy",
            origins=range(70, 127, 8),
            steps=[3],
        ).assign(draw=draw)
        for draw in range(25)
    ]
    rows = pd.concat(tries)
    scores = score_forecasts(rows.assign(origin=rows["origin"] + 1000 * rows["draw"]))
    row = scores.iloc[0]
    assert row["origins"] == 200
    # Coefficients are estimated, hence less than claimed: 0.74 and 0.91 of 480.
    assert 0.66 <= row["held_80"] <= 0.82
    assert 0.86 <= row["held_95"] <= 0.97
    assert row["rmse"] < 0.7 * row["unchanged_rmse"]
    assert abs(row["bias"]) < 0.015


def test_a_series_with_a_gap_is_refused():
    series = simulate_rates(np.random.default_rng(3))
    holed = series.assign(rate=series["rate"].where(series.index != 20))
    with pytest.raises(ValueError, match="must have no gap"):
        fit_distributed_lag(holed, outcome="rate", driver="policy")
