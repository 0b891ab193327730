"""Paths reach what was planted, expense adds up by hand, refusals carry no number."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    LinePassThrough,
    PassThrough,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.studies.deposit_rate_elasticity.scenarios.balances import BalanceEffect
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import RateForecasts

QUARTER = Quarter.parse("2026Q3")
TERM, SAVINGS = ("term", 12), ("savings", 0)
LABELS = {TERM: "term, 12 months", SAVINGS: "savings"}


def make_history(rng, *, periods=120, long_run=0.5, noise=0.01):
    """Two lines that close three tenths of their distance a month."""
    days = pd.date_range(end="2026-09-30", periods=periods, freq="ME")
    policy = 2 + np.cumsum(rng.choice([-0.25, 0, 0, 0, 0, 0.25], periods))
    parts = []
    for product, tenor in (TERM, SAVINGS):
        rate = np.full(periods, 0.2 + long_run * policy[0])
        for now in range(1, periods):
            back = 0.3 * (0.2 + long_run * policy[now] - rate[now - 1])
            rate[now] = rate[now - 1] + back + noise * rng.normal()
        parts.append(
            pd.DataFrame(
                {
                    "product": product,
                    "tenor_months": tenor,
                    "label": LABELS[(product, tenor)],
                    "period": days,
                    "own_pct": rate,
                    "policy_pct": policy,
                    "competitor_pct": 1.0 + 0 * rate,
                }
            )
        )
    rates = pd.concat(parts, ignore_index=True)
    lines = pd.DataFrame([TERM, SAVINGS], columns=["product", "tenor_months"])
    average = rates.groupby("period", as_index=False)[["own_pct", "policy_pct"]].mean()
    total = {"customers": 500, "balance": 2e6, "balance_largest": 4e4}
    known = dict.fromkeys((field.name for field in fields(RateHistory)), None)
    given = {
        "rates": rates,
        "average": average,
        "lines": lines.assign(balance=1e6),
        "total": pd.DataFrame(
            [total | {"balance_second": 3e4, "balance_absolute": 2e6}]
        ),
        "quarter": QUARTER,
        "period_months": 1,
        "source": "simulation",
    }
    return RateHistory(**known | given)


def make_pass_through(reason=""):
    lines = tuple(LinePassThrough(label, 120) for label in LABELS.values())
    average = LinePassThrough("average", 120, reason=reason)
    return PassThrough(average, None, lines, None, QUARTER, "simulation", 1)


class HandTables(dict):
    """One term deposit that matures in each half of the year."""

    source = SimpleNamespace(minor_units=100, currency="CNY", period="month")


def make_tables():
    accounts = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "customer_id": ["C1", "C2", "C3"],
            "product": ["term", "term", "savings"],
            "side": "deposit",
            "tenor_months": [12, 12, 0],
            "open_date": pd.to_datetime(["2025-11-05", "2026-05-05", "2020-01-01"]),
            "maturity_date": pd.to_datetime(["2026-11-05", "2027-05-05", None]),
            "contract_rate": [0.02, 0.02, None],
        }
    )
    balances = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "period": pd.Timestamp("2026-09-30"),
            "balance_end_minor": [40_000_000, 60_000_000, 100_000_000],
        }
    )
    tables = HandTables(
        accounts=ibis.memtable(accounts), balances=ibis.memtable(balances)
    )
    days = {"accounts": ["open_date", "maturity_date"], "balances": ["period"]}
    return HandTables(
        {
            name: table.mutate(**{day: table[day].cast("date") for day in days[name]})
            for name, table in tables.items()
        }
    )


def hold_paths(changes):
    """Forecasts whose mean rate moves by given points in each quarter, the same."""
    rows = [
        {
            "product": product,
            "tenor_months": tenor,
            "scenario": scenario,
            "quarter": ahead,
            "own_pct": 1.0 + change,
            "mean_pct": 1.0 + change,
            "now_pct": 1.0,
            "reach_pct": 0.1,
        }
        for product, tenor in (TERM, SAVINGS)
        for scenario, change in changes.items()
        for ahead in (1, 2, 3, 4)
    ]
    empty = pd.DataFrame()
    lines = pd.DataFrame(rows)
    return RateForecasts(empty, lines, empty, 1.0, "", QUARTER, "simulation")


def test_a_year_after_a_cut_the_planted_long_run_is_reached():
    history = make_history(np.random.default_rng(1))
    forecasts = study.forecast_rates(history, make_pass_through())
    ends = forecasts.average[forecasts.average["quarter"] == 4].set_index("scenario")
    cut = ends.loc["unchanged", "own_pct"] - ends.loc["cut", "own_pct"]
    # Half of 25 bp; after a year 0.7 ** 12 of it, a seventieth, is still to come.
    assert cut == pytest.approx(0.125, abs=0.01)
    assert (
        ends.loc["fast_cut", "policy_pct"] == ends.loc["unchanged", "policy_pct"] - 0.5
    )
    truth = 0.2 + 0.5 * ends["policy_pct"]
    assert ((ends["lower_pct"] <= truth) & (truth <= ends["upper_pct"])).all()
    scores = forecasts.scores.set_index("quarter")
    assert (scores["rmse"] < scores["unchanged_rmse"]).all()
    assert scores["origins"].tolist() == [20, 19, 18, 17]


def test_expense_by_hand():
    history = make_history(np.random.default_rng(2))
    paths = hold_paths({"unchanged": 0.0, "cut": -0.2})
    effect = study.measure_expense(make_tables(), history, paths)
    cut = effect.scenarios.set_index("scenario").loc["cut"]
    # Savings: a million for a year. Term: 400,000 from the middle of the first quarter,
    # 600,000 from the middle of the third.
    paid = 1e6 + 4e5 * 3.5 / 4 + 6e5 * 1.5 / 4
    assert cut["expense"] == pytest.approx(-0.002 * paid)
    assert cut["upper"] - cut["expense"] == pytest.approx(0.001 * paid)
    assert effect.repriced_pct == pytest.approx(100.0)
    assert effect.covered_pct == pytest.approx(100.0)


def test_only_graded_products_move_balances():
    history = make_history(np.random.default_rng(3))
    paths = hold_paths({"unchanged": 0.0, "cut": -0.2, "fast_cut": 0, "rise": 0.2})
    products = pd.DataFrame(
        {
            "product": ["term", "savings"],
            "grade": ["B", "D"],
            "estimate": [10.0, np.nan],
            "lower": [5.0, np.nan],
            "upper": [15.0, np.nan],
        }
    )
    verdicts = Verdicts(pd.DataFrame(), products, QUARTER, "simulation")
    found = study.measure_balances(history, paths, verdicts)
    cut = found.scenarios.set_index("scenario").loc["cut"]
    # The competitor stands still: 20 bp less at 10% per point is 2% of a million.
    assert cut["estimate"] == pytest.approx(-20_000)
    assert (cut["lower"], cut["upper"]) == pytest.approx((-30_000, -10_000))
    assert found.products == ("term",)
    refused = replace(verdicts, products=products.assign(grade="D"))
    assert study.measure_balances(history, paths, refused).scenarios.empty


def test_what_is_shown_tells_errors_of_the_past():
    history = make_history(np.random.default_rng(4))
    forecasts = study.forecast_rates(history, make_pass_through())
    expense = study.measure_expense(make_tables(), history, forecasts)
    finding = study.find_scenarios(forecasts, expense)
    assert finding.requirement == "A5"
    assert "at 17 past quarter ends" in finding.sentence
    assert isinstance(study.chart_scenarios(history, forecasts), Chart)
    nothing = BalanceEffect(pd.DataFrame(columns=["scenario"]), ())
    table = study.tabulate_scenarios(forecasts, expense, nothing)
    assert table.rows["moved"].unique().tolist() == ["Not known"]
    assert "bands held" in table.note


@pytest.mark.parametrize(
    ("periods", "reason", "said"),
    [
        pytest.param(120, "No relation.", "No relation.", id="no long run"),
        pytest.param(53, "", "could be tried at 2 past", id="short history"),
        pytest.param(30, "", "could be tried at 0 past", id="too short to fit"),
    ],
)
def test_without_relation_or_history_there_is_no_number(periods, reason, said):
    history = make_history(np.random.default_rng(5), periods=periods)
    forecasts = study.forecast_rates(history, make_pass_through(reason))
    expense = study.measure_expense(make_tables(), history, forecasts)
    finding = study.find_scenarios(forecasts, expense)
    assert finding.verdict == "not identified"
    assert said in finding.reason
    assert study.chart_scenarios(history, forecasts) == ()
    nothing = BalanceEffect(pd.DataFrame(), ())
    assert study.tabulate_scenarios(forecasts, expense, nothing) == ()
