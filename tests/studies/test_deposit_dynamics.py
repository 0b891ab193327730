"""Dynamics find what is planted, claim nothing beyond it, and refuse the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.dynamics.designs import WIDEST_REACH
from analysis.studies.deposit_rate_elasticity.dynamics.repricing import (
    measure_repricing,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import BalancePanel
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.wording import use_language

QUARTER = Quarter.parse("2026Q3")
PARAMETERS = study.Parameters(quarter="2026Q3")
TRUTH = 12.0
REGIONS = 30


# --- planted truths ------------------------------------------------------------------


def answer_linearly(rate):
    return TRUTH / 100 * rate


def answer_slowly(rate):
    """Half at once, the rest in equal parts over the next five months."""
    past = [np.roll(rate, lag, axis=1) for lag in range(1, 6)]
    for lag, path in enumerate(past, start=1):
        path[:, :lag] = rate[:, [0]]
    return TRUTH / 100 * (rate / 2 + sum(past) / 10)


def answer_falls_only(rate):
    moves = np.diff(rate, axis=1, prepend=rate[:, [0]])
    return TRUTH / 100 * 2 * np.minimum(moves, 0.0).cumsum(axis=1)


def pass_over(rate):
    dose = rate - rate.mean(axis=0) - rate.mean(axis=1, keepdims=True) + rate.mean()
    return TRUTH / 100 * np.sign(dose) * np.maximum(np.abs(dose) - 0.15, 0.0)


def make_panel(rng, *, answer=answer_linearly, accounts=0.0, grade="B", periods=36):
    """Cells of 30 regions whose prices follow the treasury's credit and demand.

    `accounts` is the response of their number, log points per percentage point.
    """
    cells = 3 * REGIONS
    shape = (cells, periods)
    demand, credit = np.zeros(shape), np.zeros(shape)
    for now in range(1, periods):
        demand[:, now] = 0.8 * demand[:, now - 1] + rng.normal(0, 0.015, cells)
        credit[:, now] = 0.9 * credit[:, now - 1] + rng.normal(0, 0.1, cells)
    reply = 3.0 * demand if grade == "B" else 0.0
    rate = 1.5 + 0.7 * credit + rng.normal(0, 0.03, shape) - reply
    rate = rate + np.linspace(0.4, 0, periods)  # the market falls
    outcome = 9 + answer(rate) + demand + rng.normal(0, 0.02, shape)
    cell, period = (index.ravel() for index in np.indices(shape))
    count = rng.poisson(30 * np.exp(accounts * (rate - 1.5)))
    rows = pd.DataFrame(
        {
            "product": "term",
            "segment": "gold",
            "tenor_months": 12,
            "tier": "gold",
            "cell": cell,
            "group": cell,
            "market": period,
            "region": [f"R{number:02d}" for number in cell % REGIONS],
            "period": pd.date_range(end="2026-09-30", periods=periods, freq="ME")[
                period
            ],
            "outcome": outcome.ravel(),
            "weight": 20,
            "rate_pct": rate.ravel(),
            "funding_pct": credit.ravel() if grade == "B" else np.nan,
            "sister_pct": np.nan,
            "sister_funding_pct": np.nan,
            "accounts": count.ravel(),
            "balance": count.ravel() * np.exp(outcome.ravel()),
        }
    )
    return BalancePanel(
        groups=rows,
        segments=pd.DataFrame(),
        quarter=QUARTER,
        source="simulation",
        prices=rows.drop(columns=["segment", "accounts", "balance", "outcome"]),
        totals=rows[rows["accounts"] > 0],
    )


def judge(grade="B"):
    numbers = {"estimate": 12.0, "std_error": 1.0, "lower": 10.0, "upper": 14.0}
    row = {"product": "term", "grade": grade, "check": "", **numbers, "nobs": 100}
    if grade == "D":
        row |= dict.fromkeys(numbers, np.nan) | {"check": "lead"}
    segments = pd.DataFrame([row | {"segment": "gold", "customers": 500}])
    return Verdicts(segments, pd.DataFrame([row]), QUARTER, "simulation")


def count_covered(draws):
    return sum(lower <= truth <= upper for lower, truth, upper in draws)


@pytest.mark.parametrize("grade", ["B", "C"])
def test_the_number_of_accounts_is_found_or_not_claimed(grade):
    rng = np.random.default_rng(1)
    draws = []
    for accounts in (0.0, 0.2, 0.0, 0.2):
        panel = make_panel(rng, accounts=accounts, grade=grade)
        margins = study.estimate_margins(panel, judge(grade))
        row = margins.rows.set_index("margin").loc["accounts"]
        draws.append((row["lower"], 100 * accounts, row["upper"]))
        headline = study.find_who_moves(margins).headline
        assert ("brings accounts" in headline) == (row["lower"] > 0)
    assert count_covered(draws) >= 3
    assert draws[1][0] > 0


def test_a_slow_answer_adds_up_and_a_fast_one_is_said_to_be_at_once():
    rng = np.random.default_rng(2)
    firsts, lasts, headlines = [], [], []
    for answer in (answer_slowly, answer_slowly, answer_linearly, answer_linearly):
        timing = study.estimate_timing(make_panel(rng, answer=answer), judge())
        rows = timing.rows.set_index("months")
        first = TRUTH / 2 if answer is answer_slowly else TRUTH
        firsts.append((rows["lower"][0], first, rows["upper"][0]))
        lasts.append((rows["lower"][6], TRUTH, rows["upper"][6]))
        headlines.append(study.find_timing(timing).headline)
    assert count_covered(firsts) >= 3
    assert count_covered(lasts) >= 3
    assert all("go on answering" in headline for headline in headlines[:2])
    assert any("at once" in headline for headline in headlines[2:])


def test_what_comes_later_is_the_difference_of_the_sums():
    timing = study.estimate_timing(make_panel(np.random.default_rng(3)), judge())
    rows = timing.rows
    # The same least squares with its columns turned.
    np.testing.assert_allclose(
        rows["later"], rows["estimate"] - rows["estimate"].iloc[0], atol=1e-8
    )


def test_a_short_history_identifies_no_long_past():
    panel = make_panel(np.random.default_rng(4), periods=10)
    timing = study.estimate_timing(panel, judge())
    checks = timing.rows.set_index("months")["check"]
    assert checks[[6, 12]].eq("history").all()
    assert timing.rows.set_index("months")["estimate"][[6, 12]].isna().all()
    assert "not identified" in study.chart_timing(timing).note


def test_a_past_whose_interval_explodes_carries_no_number():
    rng = np.random.default_rng(5)
    panel = make_panel(rng)
    noise = rng.normal(0, 0.8, len(panel.groups))
    noisy = replace(panel, groups=panel.groups.assign(outcome=noise))
    rows = study.estimate_timing(noisy, judge()).rows
    reach = (rows["upper"] - rows["lower"]) / 2
    assert rows["check"].isin(["", "width"]).all()
    assert rows.loc[rows["months"] == 12, "check"].eq("width").all()
    assert rows.loc[rows["check"] == "width", "estimate"].isna().all()
    assert not (
        reach[(rows["check"] == "") & (rows["months"] > 0)] > WIDEST_REACH
    ).any()


@pytest.mark.parametrize("grade", ["B", "C"])
def test_one_sided_answers_are_told_apart_and_equal_ones_are_not(grade):
    rng = np.random.default_rng(6)
    draws, headlines = [], []
    for answer in (answer_falls_only, answer_falls_only, answer_linearly):
        panel = make_panel(rng, answer=answer, grade=grade)
        directions = study.estimate_directions(panel, judge(grade))
        row = directions.rows.iloc[0]
        truth = -2 * TRUTH if answer is answer_falls_only else 0.0
        draws.append((row["difference_lower"], truth, row["difference_upper"]))
        assert row["difference"] == pytest.approx(row["up"] - row["down"])
        assert 0 < row["smallest_seen"] < 2 * TRUTH
        headlines.append(study.find_direction(directions).headline)
    assert count_covered(draws) >= 2
    assert all("a fall more than a rise" in headline for headline in headlines[:2])
    assert "No clear difference" in headlines[2]


def test_a_band_of_indifference_is_told_with_its_interval():
    panel = make_panel(np.random.default_rng(7), answer=pass_over)
    shape = study.estimate_shape(panel, judge(), PARAMETERS)
    finding = study.find_shape(shape)
    assert finding.lower <= 15 <= finding.upper
    assert "answered less" in finding.headline
    assert "little moves within" in study.chart_shape(shape).title


def test_a_straight_answer_has_no_band():
    panel = make_panel(np.random.default_rng(8), grade="C")
    shape = study.estimate_shape(panel, judge("C"), PARAMETERS)
    finding = study.find_shape(shape)
    assert finding.lower <= TRUTH <= finding.upper
    assert "small and large moves of its rate alike" in finding.headline
    assert "would often go unseen" in finding.sentence


# --- grades --------------------------------------------------------------------------


def test_grade_b_is_never_answered_without_its_instrument():
    rng = np.random.default_rng(9)
    panel = make_panel(rng)
    noise = rng.normal(size=len(panel.prices))
    blind = replace(
        panel,
        groups=panel.groups.assign(funding_pct=noise),
        prices=panel.prices.assign(funding_pct=noise),
    )
    margins = study.estimate_margins(blind, judge())
    counted = margins.rows[margins.rows["margin"] != "existing"]
    assert counted["check"].eq("strength").all()
    assert counted["estimate"].isna().all()
    timing = study.estimate_timing(blind, judge())
    assert timing.rows["check"].eq("strength").all()
    directions = study.estimate_directions(blind, judge())
    assert directions.rows["check"].eq("strength").all()
    assert study.estimate_shape(blind, judge(), PARAMETERS).found is None
    for finding in (
        study.find_who_moves(margins),
        study.find_timing(timing),
        study.find_direction(directions),
    ):
        assert finding.verdict == "not identified"
        assert "credit does not move it" in finding.reason


def test_prices_that_answer_demand_would_mislead_without_an_instrument():
    panel = make_panel(np.random.default_rng(10))
    misled, found = (
        study.estimate_timing(panel, judge(grade)).rows.iloc[0] for grade in "CB"
    )
    assert misled["upper"] < TRUTH
    assert found["lower"] <= TRUTH <= found["upper"]


def test_a_refused_product_has_its_reason_and_no_number():
    panel, refused = make_panel(np.random.default_rng(11)), judge("D")
    margins = study.estimate_margins(panel, refused)
    timing = study.estimate_timing(panel, refused)
    directions = study.estimate_directions(panel, refused)
    shape = study.estimate_shape(panel, refused, PARAMETERS)
    assert margins.rows["check"].tolist() == ["lead"]
    assert timing.rows.empty
    findings = (
        study.find_who_moves(margins),
        study.find_timing(timing),
        study.find_direction(directions),
        study.find_shape(shape),
    )
    assert {finding.verdict for finding in findings} == {"not identified"}
    for shown in (
        study.tabulate_margins(margins),
        study.chart_timing(timing),
        study.tabulate_directions(directions),
        study.chart_shape(shape),
    ):
        assert isinstance(shown, Note)


# --- the synthetic bank --------------------------------------------------------------


@pytest.fixture(scope="module")
def history(bank):
    return study.build_rate_history(bank, PARAMETERS)


@pytest.fixture(scope="module")
def judged(bank, history):
    panel = study.build_balance_panel(bank, history, PARAMETERS)
    responses = study.estimate_responses(panel)
    return panel, study.judge_responses(panel, responses, PARAMETERS)


def test_totals_of_the_bank_are_those_of_its_cells(judged):
    panel, _ = judged
    counted = panel.totals.groupby(["product", "segment"])["accounts"].sum()
    known = panel.segments.set_index(["product", "segment"])["account_periods"]
    assert len(counted) >= 2
    assert (counted == known[counted.index]).all()
    priced = panel.totals.merge(panel.prices, on=["cell", "period"])
    assert len(priced) == len(panel.totals)


def test_what_can_reprice_grows_with_time_and_is_hidden_where_few_hold_it(
    bank, history
):
    rows = measure_repricing(bank, history)
    shares = rows[[f"share_{months}_pct" for months in (1, 3, 6, 12)]].to_numpy()
    assert (np.diff(shares, axis=1) >= 0).all()
    assert ((shares >= 0) & (shares <= 100)).all()
    table = study.tabulate_repricing(bank, history)
    for months in (1, 3, 6, 12):
        for (_, row), shown in zip(
            rows.iterrows(), table.rows[f"share_{months}_pct"], strict=True
        ):
            if row[f"customers_{months}"] < 10:
                assert is_suppressed(shown)


@pytest.fixture(scope="module")
def estimated(judged):
    panel, verdicts = judged
    return (
        study.estimate_margins(panel, verdicts),
        study.estimate_timing(panel, verdicts),
        study.estimate_directions(panel, verdicts),
        study.estimate_shape(panel, verdicts, PARAMETERS),
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_shown_of_the_bank_can_be_shown(bank, history, estimated, language):
    margins, timing, directions, shape = estimated
    use_language(language)
    try:
        shown = [
            study.find_who_moves(margins),
            study.tabulate_margins(margins),
            study.find_timing(timing),
            study.chart_timing(timing),
            study.tabulate_repricing(bank, history),
            study.find_direction(directions),
            study.tabulate_directions(directions),
            study.find_shape(shape),
            study.chart_shape(shape),
        ]
        texts = [bundle(item)["text/plain"] for item in shown]
    finally:
        use_language("en")
    assert not [text for text in texts if "nan" in text or "{" in text]
    keys = [item.key for item in shown if hasattr(item, "key")]
    assert len(keys) == len(set(keys)) == 4
    assert any(isinstance(item, Chart) for item in shown)


def test_the_bank_answers_at_once_alike_and_in_a_line(estimated):
    _, timing, directions, shape = estimated
    # What is planted there is immediate, symmetric and straight.
    assert "nothing clear comes later" in study.find_timing(timing).headline
    assert "small and large moves" in study.find_shape(shape).headline
    # One test at 5 % may err; three and a half errors are one in a thousand.
    rows = directions.rows
    error = (rows["difference_upper"] - rows["difference_lower"]) / 4
    assert (rows["difference"].abs() < 3.5 * error).all()
