"""Panel effects agree with dummies, ignore what effects explain, cover the truth."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.formula.api as smf

from analysis.statistics.panel_effects import (
    estimate_panel_effects,
    measure_free_variation,
)


def simulate_panel(rng, *, cells=12, accounts=10, periods=24, effect=0.1):
    shape = (cells, accounts, periods)
    price = rng.normal(0, 0.2, size=(cells, periods)).cumsum(axis=1)
    balance = (
        effect * price[:, None, :]
        + rng.normal(0, 1, size=(cells, accounts, 1))
        + rng.normal(0, 0.3, size=(1, 1, periods))
        + rng.normal(0, 0.05, size=(cells, 1, periods))
        + rng.normal(0, 0.2, size=shape)
    )
    cell, account, period = (index.ravel() for index in np.indices(shape))
    return pd.DataFrame(
        {
            "cell": cell,
            "account": cell * accounts + account,
            "period": period,
            "price": price[cell, period],
            "outcome": balance.ravel(),
            "weight": 1,
        }
    )


def estimate(rows):
    return estimate_panel_effects(
        rows, regressors=["price"], effects=["account", "period"], cluster="cell"
    ).iloc[0]


def test_effect_equals_least_squares_with_dummies():
    rows = simulate_panel(np.random.default_rng(1), cells=6, accounts=3, periods=8)
    dummies = smf.ols("outcome ~ price + C(account) + C(period)", rows).fit()
    # Different solvers of the same equations.
    assert estimate(rows)["estimate"] == pytest.approx(
        dummies.params["price"], abs=1e-9
    )


def test_effect_and_error_of_an_unbalanced_panel_equal_those_of_pyfixest():
    rng = np.random.default_rng(10)
    rows = simulate_panel(rng).sample(frac=0.6, random_state=1)
    rows = rows.assign(weight=rng.integers(1, 9, len(rows)))
    lone = rows.head(1).assign(account=-1)  # alone in its account: it says nothing
    rows = pd.concat([rows, lone], ignore_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = pyfixest.feols(
            "outcome ~ price | account + period",
            rows,
            weights="weight",
            weights_type="fweights",
            vcov={"CRV1": "cell"},
            demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        )
    found = estimate(rows)
    assert found["estimate"] == pytest.approx(known.coef()["price"], rel=1e-8)
    assert found["std_error"] == pytest.approx(known.se()["price"], rel=1e-8)
    assert found["pvalue"] == pytest.approx(known.pvalue()["price"], rel=1e-6)
    assert found["nobs"] == known._N == rows["weight"].sum() - lone["weight"].sum()


def test_averages_with_weights_equal_single_accounts():
    rows = simulate_panel(np.random.default_rng(2))
    mean = rows.groupby(["cell", "period", "price"], as_index=False).agg(
        outcome=("outcome", "mean"), weight=("weight", "sum")
    )
    compressed, single = estimate(mean.assign(account=mean["cell"])), estimate(rows)
    assert compressed["estimate"] == pytest.approx(single["estimate"], abs=1e-9)
    assert compressed["std_error"] == pytest.approx(single["std_error"], abs=1e-9)
    assert compressed["nobs"] == single["nobs"] == len(rows)


def test_interval_covers_the_planted_effect():
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(100):
        found = estimate(simulate_panel(rng, accounts=3, periods=12))
        covered += found["lower"] <= 0.1 <= found["upper"]
    # 95% wanted; fewer than 88 of 100 would happen less than once in 250 times.
    assert covered >= 88


def test_a_price_that_time_explains_has_no_row():
    rows = simulate_panel(np.random.default_rng(4))
    uniform = rows.assign(price=rows.groupby("period")["price"].transform("first"))
    found = estimate_panel_effects(
        uniform.assign(other=rows["price"]),
        regressors=["price", "other"],
        effects=["account", "period"],
        cluster="cell",
    )
    assert found["term"].tolist() == ["other"]


def test_rows_without_a_regressor_are_left_out():
    rows = simulate_panel(np.random.default_rng(5))
    cut = rows.assign(price=rows["price"].where(rows["period"] < 20))
    assert estimate(cut)["nobs"] == (rows["period"] < 20).sum()


def test_one_cluster_is_refused():
    rows = simulate_panel(np.random.default_rng(6), cells=1)
    with pytest.raises(ValueError, match="must have two or more clusters"):
        estimate(rows)


def test_regressors_that_explain_each_other_are_refused():
    rows = simulate_panel(np.random.default_rng(7))
    doubled = rows.assign(twice=2 * rows["price"])
    with pytest.raises(ValueError, match="must not explain each other"):
        estimate_panel_effects(
            doubled, regressors=["price", "twice"], effects=["period"], cluster="cell"
        )


def test_uniform_prices_have_no_free_variation():
    rows = simulate_panel(np.random.default_rng(8)).query("account % 10 == 0")
    uniform = rows.assign(price=rows["period"] * 0.1)
    free = measure_free_variation(uniform, column="price", unit="cell", time="period")
    assert free == pytest.approx(0.0, abs=1e-12)


def test_prices_that_never_move_have_no_free_variation():
    rows = pd.DataFrame(
        {"cell": [0, 0, 1, 1], "period": [0, 1, 0, 1], "price": [1.0, 1.0, 2.0, 2.0]}
    )
    free = measure_free_variation(rows, column="price", unit="cell", time="period")
    assert free == 0.0


def test_free_variation_by_hand():
    # Within cells: -1, 1 and 1, -1; both periods average to nothing, so all is free.
    rows = pd.DataFrame(
        {"cell": [0, 0, 1, 1], "period": [0, 1, 0, 1], "price": [0.0, 2.0, 5.0, 3.0]}
    )
    free = measure_free_variation(rows, column="price", unit="cell", time="period")
    assert free == pytest.approx(1.0)


def test_free_variation_of_an_unbalanced_panel_equals_least_squares_with_dummies():
    rows = simulate_panel(np.random.default_rng(9), cells=5, accounts=1, periods=9)
    holes = rows.drop(index=[3, 11, 12, 30])
    full = smf.ols("price ~ C(cell) + C(period)", holes).fit()
    within = smf.ols("price ~ C(cell)", holes).fit()
    free = measure_free_variation(holes, column="price", unit="cell", time="period")
    assert free == pytest.approx(full.ssr / within.ssr, abs=1e-9)
