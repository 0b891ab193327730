"""The study finds planted responses, refuses what is not identified, prints nothing
of it, and compresses accounts without changing an estimate.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.errors import BadInputError
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.quarter import Quarter
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.rates.line_balances import (
    read_balances,
    read_total_balance,
)
from analysis.studies.deposit_rate_elasticity.response.account_periods import (
    PERIODS_PER_MASK,
    compress_accounts,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    BalancePanel,
    add_leads,
    add_sisters,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    estimate_response,
)

SHARED = Path(__file__).parents[3] / "shared" / "data"
QUARTER = "2026Q3"
PARAMETERS = study.Parameters(quarter=QUARTER)
TRUTH = 12.0
REGIONS = 30
WEDGES = ["wedge_pct", "wedge_lead_pct"]


# --- compression ----------------------------------------------------------------


def make_account_periods(rng, *, accounts=240, periods=75):
    """Accounts of 12 cells with holes; few patterns, so that many share one."""
    days = pd.date_range("2020-01-31", periods=periods, freq="ME")
    patterns = rng.random((3, periods)) < 0.8
    cell = np.arange(accounts) % 12
    price = rng.normal(1.5, 0.2, size=(12, periods))
    present = patterns[rng.integers(0, 3, size=accounts)]
    account, period = np.nonzero(present)
    log_balance = (
        9
        + 0.12 * price[cell[account], period]
        + rng.normal(0, 1, accounts)[account]
        + rng.normal(0, 0.1, size=account.size)
    )
    rows = pd.DataFrame(
        {
            "account_id": [f"A{number:04d}" for number in account],
            "customer_id": [f"C{number // 2:04d}" for number in account],
            "product": "term",
            "tenor_months": 12,
            "tier": "gold",
            "region": [f"R{number:02d}" for number in cell[account]],
            "segment": "gold",
            "period": days[period],
            "balance": np.exp(log_balance),
            "credited_share": np.where(period % 3 == 2, 0.004, 0.0),
        }
    )
    prices = pd.DataFrame(
        {
            "region": [
                f"R{number:02d}" for number in np.repeat(np.arange(12), periods)
            ],
            "period": np.tile(days, 12),
            "rate_pct": price.ravel(),
        }
    )
    return rows, prices


def test_compressed_accounts_give_the_estimate_of_single_accounts():
    rows, prices = make_account_periods(np.random.default_rng(1))
    # Some are empty for a while, with interest or without; some change their segment.
    rows.loc[rows.index[::997], "balance"] = 0.0
    moves = rows["account_id"].isin(["A0003", "A0100"]) & (
        rows["period"] > "2023-01-31"
    )
    rows.loc[moves, "segment"] = "basic"
    compressed = compress_accounts(
        ibis.memtable(rows), periods=rows["period"], period_months=1
    ).to_pandas()
    groups = compressed.merge(prices, on=["region", "period"])
    groups = groups.assign(
        market=groups.groupby("period").ngroup(),
        cell=groups.groupby("region").ngroup(),
    )
    kept = np.log1p(-rows["credited_share"]).groupby(rows["account_id"]).cumsum()
    single = rows.assign(outcome=np.log(rows["balance"].where(rows["balance"] > 0)))
    single = single.assign(outcome=single["outcome"] + kept, weight=1).dropna()
    single = single.merge(prices, on=["region", "period"])
    single = single.assign(
        group=single.groupby(["account_id", "segment"]).ngroup(),
        market=single.groupby("period").ngroup(),
        cell=single.groupby("region").ngroup(),
    )
    found, expected = (
        estimate_panel_effects(
            frame,
            regressors=["rate_pct"],
            effects=["group", "market"],
            cluster="cell",
        ).iloc[0]
        for frame in (groups, single)
    )
    assert len(groups) < len(single) / 2
    assert rows["period"].nunique() > PERIODS_PER_MASK
    assert not groups.duplicated(["group", "period"]).any()
    # The same least squares; iterations stop at 1e-8 of a log point.
    for name in ("estimate", "std_error"):
        assert found[name] == pytest.approx(expected[name], abs=1e-9)
    assert found["nobs"] == expected["nobs"] == len(single)


def test_the_rate_of_other_products_is_their_mean_at_the_same_place_by_hand():
    prices = pd.DataFrame(
        {
            "product": ["savings", "term", "term", "notice", "savings"],
            "tier": ["gold"] * 4 + ["basic"],
            "region": "R01",
            "period": pd.Timestamp("2026-09-30"),
            "rate_pct": [0.2, 1.0, 1.4, 0.6, 0.1],
            "funding_pct": [1.0, 2.0, 2.2, np.nan, 1.0],
        }
    )
    found = add_sisters(prices)
    # Both terms of a product are own; who is alone at its place has no sister.
    expected = [1.0, 0.4, 0.4, 2.6 / 3, np.nan]
    assert found["sister_pct"].tolist() == pytest.approx(expected, nan_ok=True)
    credits = [2.1, 1.0, 1.0, 5.2 / 3, np.nan]
    assert found["sister_funding_pct"].tolist() == pytest.approx(credits, nan_ok=True)


# --- verdicts on simulated panels --------------------------------------------------


def make_panel(
    rng,
    *,
    cells=120,
    periods=36,
    answer_to_demand=0.0,
    common=False,
    credit_load=0.0,
    credit_answers=0.0,
    wedge=0.0,
    wedge_answers=False,
):
    """One product, two segments; prices may answer demand, or be uniform.

    With a `credit_load` prices follow what the treasury credits each of 30 regions;
    `credit_answers` lets the treasury answer demand itself. A `wedge` is put on each
    cell's price, up or down, each quarter at random, or where demand falls.
    """
    demand = np.zeros((cells, periods))
    cost = np.zeros((cells, periods))
    for now in range(1, periods):
        demand[:, now] = 0.85 * demand[:, now - 1] + rng.normal(0, 0.02, cells)
        cost[:, now] = 0.9 * cost[:, now - 1] + rng.normal(0, 0.08, cells)
    # A bank sees outflow with a delay: it answers this month and the month before.
    seen = (demand + np.roll(demand, 1, axis=1)) / 2
    price = 1.5 + cost - answer_to_demand * seen
    funding = np.full(price.shape, np.nan)
    if credit_load:
        funding = make_credit(rng, seen, answers=credit_answers)
        price = price + credit_load * funding
    if common:
        price = np.broadcast_to(price[0], price.shape)
    wedges = np.full(price.shape, np.nan)
    if wedge:
        wedges = make_wedges(rng, demand if wedge_answers else None, price.shape, wedge)
        price = price + wedges
    noise = rng.normal(0, 0.05, size=price.shape)
    outcome = 9 + TRUTH / 100 * price + demand + noise
    later, later_funding, later_wedge = (
        np.diff(rates, axis=1, append=np.nan) for rates in (price, funding, wedges)
    )
    days = pd.date_range(end="2026-09-30", periods=periods, freq="ME")
    cell, period = (index.ravel() for index in np.indices(price.shape))
    segment = np.where(cell % 2 == 0, "basic", "gold")
    groups = pd.DataFrame(
        {
            "product": "term",
            "segment": segment,
            "cell": cell,
            "group": cell,
            "market": period + periods * (cell % 2),
            "period": days[period],
            "outcome": outcome.ravel(),
            "weight": 20,
            "rate_pct": price.ravel(),
            "lead_pct": later.ravel(),
            "region": [f"R{number:02d}" for number in cell // 2 % REGIONS],
            "funding_pct": funding.ravel(),
            "funding_lead_pct": later_funding.ravel(),
            "wedge_pct": wedges.ravel(),
            "wedge_lead_pct": later_wedge.ravel(),
            "sister_pct": np.nan,
            "sister_funding_pct": np.nan,
        }
    )
    segments = pd.DataFrame(
        {
            "product": "term",
            "segment": ["basic", "gold"],
            "accounts": 600.0,
            "account_periods": 600 * periods,
            "empty_share_pct": 0.0,
            "balance": [4e6, 6e6],
            "cells": cells // 2,
            "free_share_pct": 0.0 if common else 60.0,
            "free_deviation_bp": 15.0,
            "customers": 500,
        }
    )
    used = groups.iloc[:0] if common else groups
    return BalancePanel(used, segments, Quarter.parse(QUARTER), "simulation")


def make_credit(rng, seen, *, answers):
    """What the treasury credits a region: a walk that forgets, answering or not."""
    cells, periods = seen.shape
    region = np.arange(cells) // 2 % REGIONS
    credit = np.zeros((REGIONS, periods))
    for now in range(1, periods):
        credit[:, now] = 0.9 * credit[:, now - 1] + rng.normal(0, 0.08, REGIONS)
    total = np.zeros((REGIONS, periods))
    np.add.at(total, region, seen)
    outflow = total / np.bincount(region, minlength=REGIONS)[:, None]
    return (credit - answers * outflow)[region]


def make_wedges(rng, demand, shape, size):
    """Half of the cells up and half down each quarter: at random, or by demand."""
    cells, periods = shape
    by = rng.random((cells, periods)) if demand is None else -demand
    up = by > np.median(by, axis=0)
    quarter = np.arange(periods) // 3 * 3
    return np.where(up, size, -size)[:, quarter]


def judge(panel):
    return study.judge_responses(panel, study.estimate_responses(panel), PARAMETERS)


def test_interval_covers_the_planted_response_and_verdict_is_grade_c():
    rng = np.random.default_rng(2)
    covered = passed = 0
    for _ in range(16):
        product = judge(make_panel(rng)).products.iloc[0]
        passed += product["grade"] == "C"
        covered += product["lower"] <= TRUTH <= product["upper"]
    # Lead tests refuse 1 or 2% of sound panels; 95% of intervals cover.
    assert passed >= 15
    assert covered >= 13


def test_a_price_that_answers_demand_is_never_identified():
    rng = np.random.default_rng(3)
    for _ in range(8):
        panel = make_panel(rng, answer_to_demand=4.0)
        naive = estimate_response(panel.groups)
        verdicts = judge(panel)
        # The naive interval would have missed the truth: that is why it is refused.
        assert naive["upper"] < TRUTH
        assert set(verdicts.segments["grade"]) == {"D"}
        assert set(verdicts.segments["check"]) <= {"lead"}


def test_uniform_prices_are_refused_for_lack_of_variation():
    verdicts = judge(make_panel(np.random.default_rng(4), common=True))
    assert set(verdicts.segments["check"]) == {"variation"}


def test_a_price_that_answers_demand_is_identified_by_what_the_treasury_credits():
    rng = np.random.default_rng(11)
    covered = passed = 0
    for _ in range(16):
        panel = make_panel(rng, answer_to_demand=4.0, credit_load=0.6)
        naive = estimate_response(panel.groups)
        product = judge(panel).products.iloc[0]
        assert naive["upper"] < TRUTH
        passed += product["grade"] == "B"
        covered += product["lower"] <= TRUTH <= product["upper"]
    # Checks refuse 2 or 3% of sound panels; 95% of intervals cover.
    assert passed >= 14
    assert covered >= 13


def test_a_treasury_that_answers_outflow_is_no_instrument():
    rng = np.random.default_rng(12)
    checks = Counter()
    for _ in range(10):
        panel = make_panel(
            rng, answer_to_demand=4.0, credit_load=0.1, credit_answers=80.0
        )
        checks.update(judge(panel).segments["check"])
    # The lead test has 1 or 2 misses in 100 here; more when the answer is faint.
    assert checks["lead"] >= 18


def test_a_credit_that_prices_hardly_follow_is_too_weak():
    panel = make_panel(
        np.random.default_rng(13), answer_to_demand=4.0, credit_load=0.02
    )
    verdicts = judge(panel)
    assert set(verdicts.segments["check"]) == {"strength"}
    assert verdicts.segments["estimate"].isna().all()
    assert "effective F" in verdicts.segments["reason"][0]


def test_prices_set_at_random_are_grade_a_though_others_answer_demand():
    rng = np.random.default_rng(15)
    covered = passed = 0
    for _ in range(8):
        # The treasury answers demand too: nothing but the wedge is left to believe.
        panel = make_panel(
            rng, answer_to_demand=4.0, credit_load=0.1, credit_answers=80.0, wedge=0.2
        )
        product = judge(panel).products.iloc[0]
        passed += product["grade"] == "A"
        covered += product["lower"] <= TRUTH <= product["upper"]
    # Checks refuse 2 or 3% of sound panels; 95% of intervals cover.
    assert passed >= 6
    assert covered >= 6


def test_a_grade_a_response_says_that_prices_were_set_at_random():
    verdicts = judge(make_panel(np.random.default_rng(16), wedge=0.2))
    assert set(verdicts.segments["design"]) == {"experiment"}
    # What was drawn was drawn for cells, of which each segment has 60.
    assert set(verdicts.segments["clusters"]) == {60}
    (finding,) = study.find_responses(verdicts, {})
    assert finding.headline.endswith("(grade A)")
    assert "set at random" in finding.action
    pooled = study.pool_segments(verdicts)
    assert "Grade A" in study.chart_responses(verdicts, pooled).note
    assert "nan" not in bundle(study.tabulate_verdicts(verdicts))["text/plain"]


def test_a_wedge_that_follows_demand_was_not_drawn():
    rng = np.random.default_rng(17)
    for _ in range(6):
        panel = make_panel(rng, answer_to_demand=4.0, wedge=0.2, wedge_answers=True)
        verdicts = judge(panel)
        assert set(verdicts.segments["grade"]) == {"D"}
        assert set(verdicts.segments["check"]) == {"lead"}


def test_a_wedge_in_few_cells_or_one_period_leaves_the_other_designs():
    panel = make_panel(np.random.default_rng(18), wedge=0.2)
    groups = panel.groups
    few = groups["cell"] < 20
    for kept in (few, groups["period"] == groups["period"].max()):
        hidden = {name: groups[name].where(kept) for name in WEDGES}
        verdicts = judge(replace(panel, groups=groups.assign(**hidden)))
        assert set(verdicts.segments["design"]) == {"effects"}
    # Two periods give a response, and no lead test: it is not believed.
    hidden = {
        name: groups[name].where(groups["period"] >= "2026-08-31") for name in WEDGES
    }
    verdicts = judge(replace(panel, groups=groups.assign(**hidden)))
    assert "A" not in set(verdicts.segments["grade"])


def test_coming_changes_are_put_beside_each_price_by_hand():
    prices = pd.DataFrame(
        {
            "region": "R01",
            "month": [0, 1, 2],
            "rate_pct": [1.0, 1.2, 1.1],
            "funding_pct": [2.0, 2.0, 2.5],
            "wedge_pct": [0.2, 0.2, -0.2],
        }
    )
    later = prices.assign(month=prices["month"] - 1)
    found = add_leads(prices, later, keys=["region", "month"])
    expected = {
        "lead_pct": [0.2, -0.1, np.nan],
        "funding_lead_pct": [0.0, 0.5, np.nan],
        "wedge_lead_pct": [0.0, -0.4, np.nan],
    }
    for name, values in expected.items():
        assert found[name].tolist() == pytest.approx(values, nan_ok=True)
    unknown = add_leads(
        *(frame.drop(columns="wedge_pct") for frame in (prices, later)),
        keys=["region", "month"],
    )
    assert unknown[["wedge_pct", "wedge_lead_pct"]].isna().to_numpy().all()
    assert unknown["lead_pct"].equals(found["lead_pct"])


def test_without_a_credit_the_effects_alone_are_judged():
    verdicts = judge(make_panel(np.random.default_rng(14)))
    assert set(verdicts.segments["design"]) == {"effects"}
    assert set(verdicts.segments["grade"]) == {"C"}


def test_a_short_noisy_panel_is_refused_because_the_lead_test_is_weak():
    panel = make_panel(np.random.default_rng(5), cells=40, periods=5)
    noise = np.random.default_rng(6).normal(0, 0.3, size=len(panel.groups))
    noisy = replace(panel, groups=panel.groups.assign(outcome=noise))
    assert set(judge(noisy).segments["check"]) == {"power"}


def test_a_response_of_the_wrong_sign_is_refused():
    panel = make_panel(np.random.default_rng(7))
    wrong = panel.groups["outcome"] - 0.4 * panel.groups["rate_pct"]
    turned = replace(panel, groups=panel.groups.assign(outcome=wrong))
    assert set(judge(turned).segments["check"]) == {"sign"}


def test_few_customers_and_few_cells_are_refused():
    panel = make_panel(np.random.default_rng(8))
    few = panel.segments.assign(customers=[500, 12])
    assert judge(replace(panel, segments=few)).segments["check"].tolist() == [
        "",
        "customers",
    ]
    thin = make_panel(np.random.default_rng(9), cells=20)
    assert set(judge(thin).segments["check"]) == {"clusters"}


def test_a_refused_response_carries_no_number_anywhere():
    verdicts = judge(make_panel(np.random.default_rng(10), answer_to_demand=4.0))
    numbers = ["estimate", "std_error", "lower", "upper", "pvalue"]
    assert verdicts.segments[numbers].isna().to_numpy().all()
    assert verdicts.products[[*numbers, "previous"]].isna().to_numpy().all()
    (finding,) = study.find_responses(verdicts, {})
    assert finding.verdict == "not identified"
    assert finding.estimate is finding.lower is finding.previous is None
    assert finding.nobs == 0
    assert isinstance(
        study.chart_responses(verdicts, study.pool_segments(verdicts)), Note
    )


# --- the synthetic bank ---------------------------------------------------------


@pytest.fixture(scope="module")
def history(bank):
    return study.build_rate_history(bank, PARAMETERS)


@pytest.fixture(scope="module")
def panel(bank, history):
    return study.build_balance_panel(bank, history, PARAMETERS)


@pytest.fixture(scope="module")
def responses(panel):
    return study.estimate_responses(panel)


@pytest.fixture(scope="module")
def verdicts(panel, responses):
    return study.judge_responses(panel, responses, PARAMETERS)


@pytest.fixture(scope="module")
def truth(bank_folder):
    return pd.read_parquet(bank_folder / "truth" / "elasticities.parquet")


def test_wedge_priced_deposits_have_intervals_that_cover_the_truth(responses, truth):
    planted = truth[truth["pricing"] == "wedge"].drop_duplicates(["product", "tier"])
    naive = responses.segments.query("design == 'effects'")
    found = naive.merge(
        planted, left_on=["product", "segment"], right_on=["product", "tier"]
    )
    assert len(found) >= 2
    distance = (found["estimate"] - 100 * found["beta"]) / found["std_error"]
    # Joint chance below 1% that any of at most five lies beyond three errors.
    assert (distance.abs() < 3).all()


def test_the_default_bank_gets_a_number_only_where_prices_differ(large_bank):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(large_bank))
        tables = read_tables(
            study.TABLES,
            quarter=QUARTER,
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
        rates = study.build_rate_history(tables, PARAMETERS)
        balances = study.build_balance_panel(tables, rates, PARAMETERS)
        estimated = study.estimate_responses(balances)
        graded = study.judge_responses(balances, estimated, PARAMETERS).segments
    planted = pd.read_parquet(large_bank / "truth" / "elasticities.parquet")
    differ = set(planted.loc[planted["pricing"] != "headquarters", "product"])
    passed = graded[graded["grade"] != "D"]
    assert set(passed["product"]) == differ
    # Prices set by outflow are known by what the treasury credits, and only so.
    by_outflow = planted.loc[planted["pricing"] == "outflow", "product"]
    assert set(passed.loc[passed["product"].isin(by_outflow), "grade"]) == {"B"}
    assert len(passed) >= 5
    truth = planted.drop_duplicates(["product", "tier"]).rename(
        columns={"tier": "segment"}
    )
    beside = passed.merge(truth, on=["product", "segment"])
    distance = (beside["estimate"] - 100 * beside["beta"]) / beside["std_error"]
    assert (distance.abs() < 3).all()


@pytest.mark.parametrize("pricing", ["headquarters", "outflow"])
def test_prices_as_they_were_set_are_never_believed_where_they_should_not(
    verdicts, truth, pricing
):
    products = set(truth.loc[truth["pricing"] == pricing, "product"])
    judged = verdicts.segments[verdicts.segments["product"].isin(products)]
    assert len(judged) > 0
    assert "C" not in set(judged["grade"])
    if pricing == "headquarters":
        assert set(judged["check"]) <= {"variation", "customers"}


def test_long_run_of_each_reference_price_is_near_the_planted_one(history, truth):
    pass_through = study.estimate_pass_through(history, PARAMETERS)
    planted = truth.drop_duplicates(["product", "tenor_months"])
    labels = history.lines[["product", "tenor_months", "label"]]
    named = planted.merge(labels, on=["product", "tenor_months"]).set_index("label")
    assert not [line.label for line in pass_through.lines if line.reason]
    for line in pass_through.lines:
        error = (line.upper - line.lower) / 4
        distance = abs(line.estimate - named.loc[line.label, "pass_through"])
        # Seven lines; asymmetric speeds are planted and bias the line a little.
        assert distance < 4 * error, line.label


def test_a_gap_is_own_less_the_middle_of_competitors(bank, history):
    position = study.compare_with_competitors(bank, history)
    quotes = bank["competitor_rates"].to_pandas()
    quotes["period"] = pd.to_datetime(quotes["period"])
    last = quotes[quotes["period"] == "2026-09-30"]
    for _, row in position.gaps.iterrows():
        mine = last[
            (last["product"] == row["product"])
            & (last["tenor_months"] == row["tenor_months"])
        ]
        middle = 100 * mine["rate"].median()
        assert row["gap_bp"] == pytest.approx(100 * (row["own_pct"] - middle), abs=1e-6)
        assert row["rank"] == 1 + (100 * mine["rate"] > row["own_pct"] + 1e-9).sum()
    assert position.gaps["gap_bp"].min() <= position.gap_bp
    assert position.gap_bp <= position.gaps["gap_bp"].max()


def test_real_rate_by_hand(history):
    real = study.deflate_rates(history).series.iloc[-1]
    ratio = (1 + real["nominal_pct"] / 100) / (1 + real["inflation_pct"] / 100)
    assert real["real_pct"] == pytest.approx(100 * (ratio - 1))


def test_a_reference_price_that_stands_is_quiet_since_its_last_move(history):
    lines = history.lines.set_index("label")
    cells = history.cells.sort_values("period")
    product = lines.index[0]
    mine = cells[cells["product"] == lines.loc[product, "product"]]
    one = mine[(mine["tier"] == mine["tier"].iloc[0]) & (mine["region"] == "all")]
    assert (lines["months_since_change"] >= 0).all()
    assert one.empty or one["own_pct"].diff().abs().iloc[1:].gt(0).any()


@pytest.mark.parametrize(
    ("own", "policy", "headline"),
    [
        (-0.10, -0.25, "posted rates fell 10 bp; the policy rate fell 25 bp"),
        (0.03, -0.58, "posted rates rose 3 bp; the policy rate fell 58 bp"),
        (-0.03, 0.25, "posted rates fell 3 bp; the policy rate rose 25 bp"),
        (0.0, 0.25, "posted rates changed by 0 bp, the policy rate by +25 bp"),
    ],
)
def test_rates_that_part_are_said_to_rise_and_to_fall(history, own, policy, headline):
    last, before = (
        history.average["period"] == pd.Timestamp(quarter.last_day)
        for quarter in (history.quarter, history.quarter.year_ago)
    )
    average = history.average.copy()
    average.loc[before, ["own_pct", "policy_pct"]] = [1.0, 2.0]
    average.loc[last, ["own_pct", "policy_pct"]] = [1.0 + own, 2.0 + policy]
    moved = replace(history, average=average)
    finding = study.find_posted_rates(moved, PARAMETERS)
    assert finding.headline == f"Over a year {headline}"


def test_a_long_run_that_may_be_nothing_is_not_said_to_reach_anybody(history):
    found = study.estimate_pass_through(history, PARAMETERS)
    wide = replace(found.average, estimate=0.4, lower=-0.01, upper=0.8)
    finding = study.find_long_run(replace(found, average=wide))
    assert "is not clear: \N{MINUS SIGN}1.0% to 80.0%" in finding.headline
    assert not finding.headline.startswith("In the end")


def test_everything_shown_can_be_shown(bank, history, verdicts):
    position = study.compare_with_competitors(bank, history)
    real = study.deflate_rates(history)
    pass_through = study.estimate_pass_through(history, PARAMETERS)
    shown = [
        study.find_posted_rates(history, PARAMETERS),
        study.find_competitor_gap(position, PARAMETERS),
        study.find_real_rate(real),
        study.find_long_run(pass_through),
        *study.find_pass_through_across(pass_through, PARAMETERS),
        *study.find_responses(verdicts, study.find_shares(history)),
        study.chart_posted_rates(history),
        study.tabulate_posted_rates(history),
        study.chart_competitor_map(position),
        study.tabulate_competitor_gap(position),
        study.chart_real_rate(real),
        study.chart_pass_through(pass_through),
        study.tabulate_pass_through(pass_through),
        study.chart_responses(verdicts, study.pool_segments(verdicts)),
        study.tabulate_verdicts(verdicts),
        study.tabulate_assumptions(PARAMETERS),
        study.tabulate_codebook(),
    ]
    texts = [bundle(item)["text/plain"] for item in shown]
    assert not [text for text in texts if "nan" in text]
    keys = [item.key for item in shown if hasattr(item, "key")]
    assert len(keys) == len(set(keys))


# --- what may be shown of customers ------------------------------------------------


def test_what_the_largest_customers_hold_by_hand():
    accounts = pd.DataFrame(
        {
            "account_id": ["A1", "A2", "A3", "A4", "A5"],
            "customer_id": ["C1", "C1", "C2", "C3", "C2"],
            "product": ["term", "term", "term", "term", "sight"],
            "tenor_months": [12, 12, 12, 12, 0],
            "side": ["deposit"] * 5,
        }
    )
    balances = pd.DataFrame(
        {
            "account_id": ["A1", "A2", "A3", "A4", "A5", "A1"],
            "period": pd.to_datetime(["2026-09-30"] * 5 + ["2026-06-30"]).date,
            "balance_average": [40.0, 20.0, 50.0, 0.0, 7.0, 1000.0],
        }
    )
    tables = {"accounts": ibis.memtable(accounts), "balances": ibis.memtable(balances)}
    quarter = Quarter.parse(QUARTER)
    lines = read_balances(tables, quarter).set_index("product")
    # One period: customer 1 holds 40 + 20, customer 2 holds 50, customer 3 nothing.
    held = ["customers", "balance", "balance_largest", "balance_second"]
    assert lines.loc["term", held].tolist() == [2, 110, 60, 50]
    assert lines.loc["sight", held].tolist() == [1, 7, 7, 0]
    # Over both lines customer 2 holds 50 + 7.
    whole = read_total_balance(tables, lines.reset_index(), quarter).iloc[0]
    assert whole[held].tolist() == [2, 117, 60, 57]


@pytest.fixture(scope="module")
def narrow_history(history):
    """One line that three customers hold."""
    few = history.lines["label"] == history.lines["label"].iloc[-1]
    counts = history.lines["customers"].mask(few, 3)
    return replace(history, lines=history.lines.assign(customers=counts))


def test_the_share_of_a_line_of_few_customers_is_hidden_with_another(narrow_history):
    table = study.tabulate_posted_rates(narrow_history)
    rows = table.rows.set_index("label")
    assert is_suppressed(rows.loc[narrow_history.lines["label"].iloc[-1], "share_pct"])
    # One hidden share could be found from the others: a second is hidden with it.
    assert rows["share_pct"].map(is_suppressed).sum() >= 2


def test_no_finding_tells_a_share_that_the_table_hides(narrow_history, verdicts):
    shares = study.find_shares(narrow_history)
    product = narrow_history.lines["product"].iloc[-1]
    assert product not in shares
    findings = study.find_responses(verdicts, shares)
    (mine,) = [f for f in findings if f.key == f"semi_elasticity_{product}"]
    assert "of priced deposits" not in mine.sentence
    told = [f for f in findings if "of priced deposits" in f.sentence]
    assert len(told) == len(shares)


def test_shares_of_products_are_those_of_their_lines(history):
    shares = study.find_shares(history)
    expected = history.lines.groupby("product")["share_pct"].sum()
    assert shares == pytest.approx(expected.to_dict())


def test_a_response_is_never_shown_of_fewer_than_ten_customers(panel, responses):
    # The smallest limit that may be set is the door's own.
    with pytest.raises(ValueError, match="greater than or equal to 10"):
        study.Parameters(quarter=QUARTER, fewest_customers=9)
    parameters = study.Parameters(quarter=QUARTER, fewest_customers=10)
    few = panel.segments.assign(customers=7)
    verdicts = study.judge_responses(
        replace(panel, segments=few), responses, parameters
    )
    table = study.tabulate_verdicts(verdicts)
    for name in ("customers", "cells", "free_share_pct"):
        assert table.rows[name].map(is_suppressed).all()
    assert set(verdicts.segments["check"]) == {"customers"}


def test_a_finding_of_the_quarter_before_is_the_previous_value(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        values = []
        for quarter in ("2026Q2", QUARTER):
            parameters = study.Parameters(quarter=quarter)
            tables = read_tables(
                study.TABLES,
                quarter=quarter,
                source="synthetic",
                optional=study.OPTIONAL_TABLES,
            )
            history = study.build_rate_history(tables, parameters)
            values.append(study.deflate_rates(history).series.set_index("period"))
    before, now = values
    day = pd.Timestamp("2026-06-30")
    # Weights are those of the quarter reported, so only nearly the same.
    assert now.loc[day, "real_pct"] == pytest.approx(
        before.loc[day, "real_pct"], abs=0.05
    )


def test_a_quarter_without_prices_is_refused(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        tables = read_tables(
            study.TABLES,
            quarter="2031Q1",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
        with pytest.raises(BadInputError, match="must reach 31 March 2031"):
            study.build_rate_history(tables, study.Parameters(quarter="2031Q1"))


def test_parameters_refuse_a_segment_that_does_not_exist():
    with pytest.raises(ValueError, match="segment"):
        study.Parameters(quarter=QUARTER, segment="colour")


# --- listed banks ---------------------------------------------------------------


@pytest.mark.skipif(
    not (SHARED / "us_bank_panel_2009_2020").exists(),
    reason="the panel of banks is not at hand",
)
def test_listed_banks_pass_on_a_third_and_their_response_is_refused():
    parameters = study.Parameters(quarter="2019Q4")
    tables = read_tables(
        study.TABLES,
        quarter="2019Q4",
        source="us_banks",
        optional=study.OPTIONAL_TABLES,
    )
    history = study.build_rate_history(tables, parameters)
    pass_through = study.estimate_pass_through(history, parameters)
    # Drechsler, Savov and Schnabl (2021) find a mean expense beta of 0.345 over a
    # longer time; to 2019 only, the rise of 2015 to 2018 weighs more.
    assert pass_through.units.estimate == pytest.approx(0.345, abs=0.08)
    panel = study.build_balance_panel(tables, history, parameters)
    verdicts = study.judge_responses(panel, study.estimate_responses(panel), parameters)
    assert verdicts.segments["check"].tolist() == ["lead"]
    position = study.compare_with_competitors(tables, history)
    assert study.find_competitor_gap(position, parameters).verdict == "not identified"
    assert isinstance(study.chart_competitor_map(position), Note)
    assert isinstance(study.chart_posted_rates(history), Chart)
    assert math.isnan(verdicts.products["estimate"].item())
