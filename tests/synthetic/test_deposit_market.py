"""The market for deposits is what its switches say, and answers as planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.synthetic.deposit_market import (
    CROSS_SHARE,
    PRODUCTS,
    SEGMENTS,
    SISTER,
    MarketSwitches,
    draw_market,
)

CLEAN = MarketSwitches(
    answer=0.0,
    exceptions=False,
    cannibalisation=False,
    capitalisation=False,
    quarter_end=False,
    ceiling=False,
    attrition=False,
)


def draw(seed=1, **switches):
    return draw_market(
        np.random.default_rng(seed),
        switches=replace(CLEAN, **switches),
        regions=6,
        accounts_per_cell=3,
        months=24,
    )


def spread(prices, column="posted_pct"):
    return prices.groupby(["product", "month"])[column].std()


def test_the_same_numbers_give_the_same_market():
    pd.testing.assert_frame_equal(draw().accounts, draw().accounts)
    assert not draw().accounts.equals(draw(seed=2).accounts)


def test_the_truth_is_the_product_of_what_is_planted():
    truth = draw().truth.set_index(["product", "segment"])["response"]
    assert len(truth) == len(PRODUCTS) * len(SEGMENTS)
    assert truth["large_denomination", "private"] == pytest.approx(0.20 * 1.5)


def test_a_clean_market_is_balanced_and_pays_what_is_posted():
    market = draw()
    assert len(market.accounts) == 12 * 6 * 3 * 24
    paid = market.accounts.merge(market.prices, on=["product", "region", "month"])
    assert (paid["paid_pct"] == paid["posted_pct"]).all()
    assert (market.accounts["credited"] == 0).all()


def test_uniform_prices_differ_nowhere():
    assert spread(draw(uniform=True).prices).max() == pytest.approx(0.0, abs=1e-12)
    assert spread(draw().prices).min() > 0.01


def test_a_ceiling_cuts_the_highest_prices_off():
    free = draw(credit_load=1.5).prices
    bound = draw(credit_load=1.5, ceiling=True).prices
    assert (bound["posted_pct"] <= free["posted_pct"] + 1e-9).all()
    assert (bound["posted_pct"] < free["posted_pct"] - 1e-9).any()


def test_accounts_close_and_never_come_back():
    accounts = draw(attrition=True).accounts
    months = accounts.groupby(["product", "segment", "account"])["month"]
    assert (months.size() == months.max() + 1).all()
    assert months.size().min() < 24


def test_interest_is_credited_in_the_last_month_of_a_quarter():
    accounts = draw(capitalisation=True).accounts
    is_last = accounts["month"] % 3 == 2
    assert (accounts.loc[is_last, "credited"] != 0).all()
    assert (accounts.loc[~is_last, "credited"] == 0).all()


def test_exceptions_are_paid_to_accounts_that_have_shrunk():
    market = draw(exceptions=True)
    paid = market.accounts.merge(market.prices, on=["product", "region", "month"])
    extra = paid["paid_pct"] - paid["posted_pct"]
    assert set(extra.round(6)) == {0.0, 0.3}
    logs = np.log(paid["balance"])
    keys = [paid["product"], paid["segment"], paid["account"]]
    change = logs - logs.groupby(keys).transform("mean")
    assert change[extra > 0.1].mean() < change[extra < 0.1].mean() - 0.05


def test_a_treasury_that_answers_credits_more_where_money_leaves():
    quiet, answering = draw().prices, draw(credit_answers=8.0).prices
    moved = answering["credit_pct"] - quiet["credit_pct"]
    assert moved.std() > 0.1
    assert moved.mean() == pytest.approx(0.0, abs=0.2)


def regress_in_region_means(market, product, segment):
    """Regress mean log balances on own and sister's price, with all dummies."""
    rows = market.accounts.query("product == @product and segment == @segment")
    logs = rows.assign(log=np.log(rows["balance"]))
    means = logs.groupby(["region", "month"], as_index=False)["log"].mean()
    for name in (product, SISTER[product]):
        own = market.prices.query("product == @name")
        means = means.merge(
            own[["region", "month", "posted_pct"]].rename(columns={"posted_pct": name}),
            on=["region", "month"],
        )
    regions = pd.get_dummies(means["region"], prefix="region", dtype=float)
    months = pd.get_dummies(means["month"], prefix="month", dtype=float).iloc[:, 1:]
    prices = means[[product, SISTER[product]]]
    regressors = pd.concat([prices, regions, months], axis=1)
    return sm.OLS(means["log"], regressors).fit()


def test_balances_answer_own_and_sister_prices_as_planted():
    market = draw_market(
        np.random.default_rng(3),
        switches=replace(CLEAN, cannibalisation=True),
        accounts_per_cell=20,
    )
    found = regress_in_region_means(market, "large_denomination", "private")
    # Errors of a region depend on each other over time: the plain error is too small.
    for name, planted in (("large_denomination", 0.3), ("term", -0.3 * CROSS_SHARE)):
        assert abs(found.params[name] - planted) < 6 * found.bse[name]
