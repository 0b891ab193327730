"""The market for deposits is what its switches say, and answers as planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.synthetic.deposit_market import (
    BUNCHING_SHARE,
    CROSS_SHARE,
    PRODUCTS,
    SEGMENTS,
    SISTER,
    SPEED_DOWN,
    SPEED_UP,
    UNINSURED_OUTFLOW,
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


def draw_large(seed=3, accounts_per_cell=20, **switches):
    return draw_market(
        np.random.default_rng(seed),
        switches=replace(CLEAN, **switches),
        accounts_per_cell=accounts_per_cell,
    )


def average_logs(market, product, segment):
    """Mean log balance of each region and month, beside the product's prices."""
    rows = market.accounts.query("product == @product and segment == @segment")
    logs = rows.assign(log=np.log(rows["balance"]))
    means = logs.groupby(["region", "month"], as_index=False)["log"].mean()
    prices = market.prices.query("product == @product").drop(columns="product")
    return means.merge(prices, on=["region", "month"])


def regress(rows, columns, *, unit="region"):
    """Regress with effects of unit and month; errors of a region may go together."""
    left = rows[["log", *columns]]
    for _ in range(30):
        for level in (unit, "month"):
            left = left - left.groupby(rows[level]).transform("mean")
    return sm.OLS(left["log"], left[columns]).fit(
        cov_type="cluster", cov_kwds={"groups": rows["region"]}
    )


def assert_found(fit, planted):
    for name, value in planted.items():
        assert abs(fit.params[name] - value) < 3.5 * fit.bse[name], name
        # The errors are small enough for the claim to mean something.
        assert fit.bse[name] < abs(value) / 3, name


def find_truth(market, product="large_denomination", segment="private"):
    truth = market.truth.set_index(["product", "segment"])
    return truth.loc[(product, segment)]


def test_balances_answer_own_and_sister_prices_as_planted():
    market = draw_large(cannibalisation=True)
    means = average_logs(market, "large_denomination", "private")
    is_sister = market.prices["product"] == SISTER["large_denomination"]
    sister = market.prices[is_sister]
    sister = sister.set_index(["region", "month"])["posted_pct"].rename("sister_pct")
    both = means.join(sister, on=["region", "month"])
    fit = regress(both, ["posted_pct", "sister_pct"])
    assert_found(fit, {"posted_pct": 0.3, "sister_pct": -0.3 * CROSS_SHARE})


# --- troubles that are off unless asked for ----------------------------------------

LATER = {
    "stale_quotes": True,
    "sticky": True,
    "threshold": 0.1,
    "asymmetry": 0.5,
    "adjustment": 0.3,
    "maturity": True,
    "tiers": (50_000.0,),
    "insured_limit": 50_000.0,
    "wedge": 0.2,
}


def test_off_switches_leave_no_trace():
    market = draw()
    columns = ["product", "region", "month", "posted_pct", "credit_pct"]
    assert list(market.prices) == columns
    assert list(market.truth) == ["product", "segment", "response"]
    assert not {"contract_months", "contract_age"} & set(market.accounts)


@pytest.mark.parametrize("name", LATER)
def test_a_switch_moves_no_other_random_number(name):
    # What a switch does not touch is the same number, not merely alike.
    still = draw().prices["credit_pct"]
    pd.testing.assert_series_equal(
        draw(**{name: LATER[name]}).prices["credit_pct"], still
    )


def test_balances_answer_the_gap_to_competitors_and_quotes_blur_it():
    market = draw_large(stale_quotes=True)
    means = average_logs(market, "large_denomination", "private")
    true, seen = (
        regress(means.assign(gap=means["posted_pct"] - means[name]), ["gap"])
        for name in ("competitor_pct", "quote_pct")
    )
    assert_found(true, {"gap": find_truth(market)["response"]})
    assert seen.params["gap"] < 0.95 * true.params["gap"]
    assert (market.prices["competitor_pct"] / 0.05 % 1).round(6).isin([0, 1]).all()


def test_quotes_are_read_once_a_quarter():
    prices = draw_large(stale_quotes=True).prices
    one = prices.query("product == 'term' and region == 0")
    assert (one["quote_pct"].diff().abs() > 1e-9).sum() == 19
    error = (one["quote_pct"] - one["competitor_pct"])[one["month"] % 3 == 0]
    assert error.std() == pytest.approx(0.08, abs=0.03)


def test_sticky_prices_rise_slowly_and_fall_fast():
    wanted, posted = (
        draw_large(sticky=sticky).prices.pivot_table(
            index=["product", "region"], columns="month", values="posted_pct"
        )
        for sticky in (False, True)
    )
    way = (wanted - posted.shift(axis=1)).iloc[:, 1:].to_numpy().ravel()
    moved = posted.diff(axis=1).iloc[:, 1:].to_numpy().ravel()
    for is_up, speed in ((way > 0, SPEED_UP), (way < 0, SPEED_DOWN)):
        slope = (way[is_up] @ moved[is_up]) / (way[is_up] @ way[is_up])
        # Both rates stand on the grid: the slope is a little off.
        assert slope == pytest.approx(speed, abs=0.03)


def test_nothing_answers_within_the_threshold_and_the_truth_is_the_average():
    market = draw_large(threshold=0.2)
    free = draw_large()
    assert 0.1 < find_truth(market)["response"] / find_truth(free)["response"] < 0.7
    means = average_logs(market, "large_denomination", "private")
    assert_found(
        regress(means, ["posted_pct"]), {"posted_pct": find_truth(market)["response"]}
    )
    # What is left of the response lies beyond the threshold.
    reference = free.prices.groupby(["product", "month"])["posted_pct"].mean()
    level = means["month"].map(reference["large_denomination"])
    gap = means["posted_pct"] - level
    beyond = np.sign(gap) * np.maximum(gap.abs() - 0.2, 0)
    within = gap - beyond
    fit = regress(means.assign(within=within, beyond=beyond), ["within", "beyond"])
    assert fit.params["beyond"] > fit.params["within"] + 2 * fit.bse["beyond"]


def test_rises_and_cuts_have_their_own_slopes():
    market = draw_large(asymmetry=0.5)
    means = average_logs(market, "large_denomination", "private")
    change = means.groupby("region")["posted_pct"].diff().fillna(0.0)
    parts = {"up": change.clip(lower=0), "down": change.clip(upper=0)}
    sums = {
        name: part.groupby(means["region"]).cumsum() for name, part in parts.items()
    }
    fit = regress(means.assign(**sums), ["up", "down"])
    truth = find_truth(market)
    assert_found(fit, {"up": truth["response_up"], "down": truth["response_down"]})
    assert truth["response_down"] == pytest.approx(3 * truth["response_up"])


def test_slow_balances_have_an_impact_and_a_long_run():
    market = draw_large(adjustment=0.3)
    means = average_logs(market, "large_denomination", "private")
    truth = find_truth(market)
    assert truth["long_run"] == truth["response"]
    region = means["region"]
    reached = means.groupby("region")["posted_pct"].transform(
        lambda rates: rates.ewm(alpha=0.3, adjust=False).mean()
    )
    fit = regress(means.assign(reached=reached), ["reached"])
    assert_found(fit, {"reached": truth["long_run"]})
    # The impact: this month's rate beside what had been reached the month before.
    before = reached.groupby(region).shift()
    later = means.assign(before=before).dropna().reset_index(drop=True)
    fit = regress(later, ["posted_pct", "before"])
    assert abs(fit.params["posted_pct"] - truth["impact"]) < 3.5 * fit.bse["posted_pct"]


def test_term_accounts_change_at_maturity_only():
    accounts = draw(maturity=True).accounts
    term = accounts[accounts["contract_months"] > 0]
    assert set(term["product"]) == {"term", "large_denomination"}
    assert set(term["contract_months"]) == {3, 12}
    keys = [term["product"], term["segment"], term["account"]]
    moved = np.log(term["balance"]).groupby(keys).diff().abs() > 1e-9
    assert not moved[term["contract_age"] > 0].any()
    assert moved[(term["contract_age"] == 0) & (term["month"] > 0)].mean() > 0.99


def test_who_leaves_at_maturity_answers_the_gap_as_planted():
    market = draw_large(maturity=True, accounts_per_cell=40)
    rows = market.accounts.query(
        "product == 'large_denomination' and segment == 'private'"
    )
    ends = rows[rows["contract_age"] == rows["contract_months"] - 1]
    ends = ends[ends["month"] < 59]
    stays = rows.set_index(["account", "month"]).index
    left = ~pd.MultiIndex.from_arrays([ends["account"], ends["month"] + 1]).isin(stays)
    posted = market.prices.query("product == 'large_denomination'").set_index(
        ["region", "month"]
    )
    next_month = pd.MultiIndex.from_arrays([ends["region"], ends["month"] + 1])
    rates = posted["posted_pct"].loc[next_month].to_numpy()
    months = pd.get_dummies(ends["month"], dtype=float).to_numpy()
    fit = sm.Logit(left.astype(float), np.column_stack([rates, months])).fit(disp=False)
    planted = -find_truth(market)["hazard_response"]
    assert abs(fit.params[0] - planted) < 3.5 * fit.bse[0]
    assert fit.bse[0] < abs(planted) / 5
    # Balances of contracts just begun answer as those without contracts do.
    begun = rows[rows["contract_age"] == 0].merge(
        market.prices, on=["product", "region", "month"]
    )
    begun = begun.assign(log=np.log(begun["balance"]))
    fit = regress(begun, ["posted_pct"], unit="account")
    assert_found(fit, {"posted_pct": find_truth(market)["response"]})


def test_accounts_bunch_at_tiers():
    tiers = (50_000.0, 200_000.0)
    plain, bunched = (
        draw_large(tiers=chosen).accounts["balance"].to_numpy()
        for chosen in ((), tiers)
    )
    for tier in tiers:
        short = ((plain >= 0.9 * tier) & (plain < tier)).sum()
        at_tier = (bunched == tier).sum()
        assert at_tier / short == pytest.approx(BUNCHING_SHARE, abs=0.06)
    untouched = ~np.isin(bunched, tiers)
    np.testing.assert_array_equal(bunched[untouched], plain[untouched])


def test_a_stress_event_takes_what_lies_above_the_insured_limit():
    limit = 50_000.0
    market = draw_large(insured_limit=limit)
    truth = find_truth(market)
    assert truth["uninsured_outflow"] == UNINSURED_OUTFLOW
    rows = market.accounts.sort_values(["product", "segment", "account", "month"])
    keys = ["product", "segment", "account"]
    before = rows.groupby(keys)["balance"].shift()
    change = (rows["balance"] - before) / before
    above = (1 - limit / before).clip(lower=0)
    slopes = {}
    for month in (truth["stress_month"] - 3, truth["stress_month"]):
        now = rows["month"] == month
        design = sm.add_constant(above[now])
        slopes[month] = sm.OLS(change[now], design).fit(cov_type="HC1")
    quiet, stress = slopes.values()
    # Balances above their mean come back a little each month: a quiet one says how far.
    found = quiet.params.iloc[1] - stress.params.iloc[1]
    error = np.hypot(quiet.bse.iloc[1], stress.bse.iloc[1])
    assert abs(found - UNINSURED_OUTFLOW) < 4 * error + 0.03
    plain = draw_large().accounts["balance"]
    hit = (market.accounts["balance"] - plain).abs() > 1e-6
    assert plain[hit].min() > limit
    months = market.accounts.loc[hit, "month"]
    assert months.min() == truth["stress_month"]


def test_a_wedge_is_drawn_each_quarter_and_posted_beside_everything_else():
    market, plain = draw_large(wedge=0.2), draw_large()
    prices = market.prices
    beside = prices["posted_pct"] - plain.prices["posted_pct"]
    np.testing.assert_allclose(prices["wedge_pct"], beside, atol=1e-12)
    assert set(prices["wedge_pct"].round(9)) == {-0.2, 0.2}
    by_quarter = prices.groupby(["product", prices["month"] // 3, "region"])[
        "wedge_pct"
    ]
    assert (by_quarter.max() == by_quarter.min()).all()
    assert prices.groupby(["product", "month"])["wedge_pct"].mean().abs().max() < 1e-9
    means = average_logs(market, "large_denomination", "private")
    fit = regress(means.assign(rest=beside_of(means)), ["wedge_pct", "rest"])
    assert_found(fit, {"wedge_pct": find_truth(market)["response"]})


def beside_of(means):
    """What of the posted rate was not drawn."""
    return means["posted_pct"] - means["wedge_pct"]
