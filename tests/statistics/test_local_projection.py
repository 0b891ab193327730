"""Projections agree with pyfixest, find planted following, and no other."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pyfixest
import pytest

from analysis.statistics.local_projection import project_responses

CONTROLS = [
    "impulse_before",
    "response_before",
    "impulse_change_before",
    "response_change_before",
]


def simulate_rates(rng, *, units=14, periods=90, following=0.0, speed=0.2):
    """Both rates close in on a common market; the response may follow the impulse."""
    market = 2 + np.cumsum(rng.choice([-0.25, 0, 0, 0, 0.25], periods))
    impulse, response = (np.tile(0.5 * market[0], (2, units)) for _ in range(2))
    rows = []
    own, other = impulse[0].copy(), response[0].copy()
    for period in range(periods):
        move = speed * (0.5 * market[period] - own) + rng.normal(0, 0.03, units)
        common = rng.normal(0, 0.02)
        other = other + speed * (0.5 * market[period] - other) + following * move
        other = other + common + rng.normal(0, 0.03, units)
        own = own + move
        rows.append(
            pd.DataFrame(
                {
                    "unit": np.arange(units),
                    "period": period,
                    "impulse": own,
                    "response": other,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def test_projection_equals_that_of_pyfixest():
    rows = simulate_rates(np.random.default_rng(1), units=6, periods=40, following=0.5)
    found = project_responses(rows, horizons=[2]).iloc[0]
    by_unit = rows.sort_values(["unit", "period"]).groupby("unit")
    lags = {
        f"{name}_{step}": by_unit[name].shift(step)
        for name in ("impulse", "response")
        for step in (1, 2)
    }
    wide = rows.assign(**lags, later=by_unit["response"].shift(-2)).dropna()
    wide = wide.assign(
        outcome=wide["later"] - wide["response_1"],
        change=wide["impulse"] - wide["impulse_1"],
        impulse_before=wide["impulse_1"],
        response_before=wide["response_1"],
        impulse_change_before=wide["impulse_1"] - wide["impulse_2"],
        response_change_before=wide["response_1"] - wide["response_2"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = pyfixest.feols(
            f"outcome ~ change + {' + '.join(CONTROLS)} | unit + period",
            wide,
            vcov={"CRV1": "period"},
            demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        )
    assert found["estimate"] == pytest.approx(known.coef()["change"], rel=1e-7)
    assert found["std_error"] == pytest.approx(known.se()["change"], rel=1e-7)
    assert found["nobs"] == len(wide) == 6 * 36


def test_intervals_cover_planted_following_at_each_horizon():
    rng = np.random.default_rng(2)
    covered = np.zeros(2, int)
    for _ in range(24):
        found = project_responses(
            simulate_rates(rng, periods=60, following=0.5), horizons=[0, 2]
        )
        # A response of one half dies out with the distance that it opened.
        truth = np.array([0.5, 0.5 * 0.8**2])
        # Its own later moves answer the market too: 0.5 of each falls back as well.
        truth[1] += -0.5 * 0.2 * (1 - 0.2) - 0.5 * 0.2 * 0.8
        covered += ((found["lower"] <= truth) & (truth <= found["upper"])).to_numpy()
    assert covered[0] >= 19
    assert covered[1] >= 19


def test_two_rates_that_only_follow_the_market_do_not_follow_each_other():
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(24):
        found = project_responses(simulate_rates(rng, periods=60), horizons=[1])
        false += not found["lower"].item() <= 0 <= found["upper"].item()
    # 5% wanted; more than 5 of 24 would happen less than once in 700 times.
    assert false <= 5


def test_a_missing_period_breaks_the_series():
    rows = simulate_rates(np.random.default_rng(4), units=4, periods=40)
    holes = rows[rows["period"] != 20]
    whole, broken = (
        project_responses(each, horizons=[1])["nobs"].item() for each in (rows, holes)
    )
    # Lost: the period itself, one that leads to it, two that come after it.
    assert whole - broken == 4 * 4


def test_one_period_is_refused():
    rows = simulate_rates(np.random.default_rng(5), periods=3)
    with pytest.raises(ValueError, match="two or more clusters"):
        project_responses(rows, horizons=[0])
