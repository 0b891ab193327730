"""Forecasts use nothing of what they foresee, and are judged by what came."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.response import truth
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SISTERS,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    estimate_instrumented_response,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.studies.deposit_rate_elasticity.scorecard.changes import list_changes
from analysis.studies.deposit_rate_elasticity.scorecard.drift import measure_drift
from analysis.studies.deposit_rate_elasticity.scorecard.scores import (
    DESIGN_OF,
    judge_slope,
)
from analysis.synthetic.deposit_market import MarketSwitches, draw_market

QUARTER = Quarter.parse("2026Q3")
MONTHLY = SimpleNamespace(period_months=1)
REGIONS, MONTHS, RESPONSE = 30, 36, 0.20


def draw_groups(*, later=RESPONSE, noise=0.02, seed=1):
    """Prices of their own in each region; the response may change a year ago."""
    rng = np.random.default_rng(seed)
    days = pd.date_range(end=QUARTER.last_day, periods=MONTHS, freq="ME")
    region, month = (i.ravel() for i in np.indices((REGIONS, MONTHS)))
    steps = rng.normal(0, 0.15, (REGIONS, MONTHS // 3)).cumsum(axis=1)
    rate = np.repeat(steps, 3, axis=1)[region, month]
    start = np.repeat(steps[:, -5], MONTHS).reshape(REGIONS, MONTHS)[region, month]
    # What came before a year ago stays in the balance; only new moves count less.
    is_late = month >= MONTHS - 12
    answered = np.where(is_late, RESPONSE * start + later * (rate - start), 0.0)
    answered = np.where(is_late, answered, RESPONSE * rate)
    return pd.DataFrame(
        {
            "product": "notice",
            "segment": "gold",
            "cell": region,
            "group": region,
            "market": month,
            "region": [f"R{number:02d}" for number in region],
            "period": days[month],
            "outcome": 9 + answered + rng.normal(0, noise, len(region)),
            "weight": 12,
            "rate_pct": rate,
            "lead_pct": math.nan,
            "funding_pct": math.nan,
            "funding_lead_pct": math.nan,
            **dict.fromkeys(SISTERS, math.nan),
        }
    )


def make_verdicts(grade="C"):
    products = pd.DataFrame([{"product": "notice", "grade": grade, "balance": 1e6}])
    segments = products.assign(segment="gold", design="effects", customers=400)
    return Verdicts(segments, products, QUARTER, "by hand")


def score(groups, verdicts=None):
    panel = BalancePanel(groups, pd.DataFrame(), QUARTER, "by hand")
    return study.score_forecasts(panel, verdicts or make_verdicts(), MONTHLY)


def take(scorecard, span="year"):
    return scorecard.products.set_index("span").loc[span]


# --- changes by hand -----------------------------------------------------------


def test_changes_are_of_quarter_means_beside_the_other_cells_by_hand():
    days = pd.date_range("2026-01-31", periods=6, freq="ME")
    blank = {"funding_pct": math.nan, **dict.fromkeys(SISTERS, math.nan)}
    rows = pd.DataFrame(
        {
            "product": "notice",
            "segment": "gold",
            "region": np.repeat(["A", "B", "C"], 6),
            "cell": np.repeat([0, 1, 2], 6),
            "group": np.repeat([0, 1, 2], 6),
            "market": np.tile(range(6), 3),
            "period": np.tile(days, 3),
            "weight": np.repeat([1, 3, 5], 6),
            "outcome": [1, 2, 3, 4, 5, 6, *[0] * 6, *range(6)],
            "rate_pct": [0, 0, 0, 1, 1, 1, *[0] * 12],
            **blank,
        }
    ).drop(index=17)
    found = list_changes(rows, period_months=1).set_index("region")
    # C lacks a month and is left out; A rises by 3, B by 0; a quarter of both is A.
    assert list(found.index) == ["A", "B"]
    assert found["outcome"].tolist() == pytest.approx([3 - 0.75, -0.75])
    assert found["rate_pct"].tolist() == pytest.approx([1 - 0.25, -0.25])
    assert found["quarter"].tolist() == [4 * 2026 + 2] * 2


def test_a_cell_without_another_beside_it_foresees_nothing():
    alone = draw_groups()
    assert list_changes(alone[alone["cell"] == 0], period_months=1).empty


# --- planted truth -------------------------------------------------------------


def test_a_response_that_holds_is_trusted():
    row = take(score(draw_groups()))
    assert row["lower"] < 1 < row["upper"]
    assert row["verdict"] == "trust"
    assert row["cells"] == REGIONS
    assert row["forecasts"] == 4 * REGIONS
    assert row["inside_80_pct"] == pytest.approx(80, abs=12)
    assert row["inside_95_pct"] == pytest.approx(95, abs=6)


def test_a_response_that_halved_is_to_be_recalibrated():
    scorecard = score(draw_groups(later=RESPONSE / 2))
    row = take(scorecard)
    # Refits learn of the change, so that the slope rises a little above a half.
    assert row["slope"] == pytest.approx(0.55, abs=0.10)
    assert row["verdict"] == "recalibrate"
    finding = study.find_forecast_score(scorecard)
    assert "recalibrate" in finding.headline
    assert finding.estimate == row["slope"]


def test_a_response_that_vanished_is_frozen():
    groups = draw_groups(later=0.0, noise=0.04)
    row = take(score(groups))
    assert row["lower"] <= 0
    assert row["upper"] < 1
    assert row["verdict"] == "freeze"


def test_rates_that_hardly_moved_cannot_tell_and_print_the_power():
    scorecard = score(draw_groups(noise=1.0))
    finding = study.find_forecast_score(scorecard)
    assert take(scorecard)["verdict"] == "cannot tell"
    assert finding.verdict == "not identified"
    assert "four times in five" in finding.reason


def test_a_forecast_knows_nothing_of_its_own_quarter():
    groups = draw_groups()
    last = groups["period"] > pd.Timestamp(QUARTER.previous.last_day)
    changed = groups.assign(outcome=groups["outcome"].where(~last, 0.0))
    before, after = (
        score(rows, make_verdicts()).products.set_index("span").loc["last"]
        for rows in (groups, changed)
    )
    # Nothing came at all where every balance is the same: the forecast still stands.
    assert before["slope"] == pytest.approx(1.0, abs=0.3)
    assert before["forecasts"] == after["forecasts"]
    panel = BalancePanel(changed, pd.DataFrame(), QUARTER, "by hand")
    known = panel.groups[~last]
    assert DESIGN_OF["effects"].fit(known) == DESIGN_OF["effects"].fit(groups[~last])


# --- drift ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def drifts():
    found = []
    for seed in range(3):
        market = draw_market(
            np.random.default_rng([5, seed]),
            switches=MarketSwitches(),
            accounts_per_cell=3,
            months=36,
        )
        rows = truth.lay_out_market(market)
        for _, part in rows.groupby(["product", "segment"]):
            found.append((part, measure_drift(part, DESIGN_OF["instrument"], QUARTER)))
    return found


def test_drift_is_one_estimate_less_the_other(drifts):
    rows, drift = drifts[0]
    before = rows[rows["period"] <= pd.Timestamp(QUARTER.previous.last_day)]
    now, then = (
        estimate_instrumented_response(part)["estimate"] for part in (rows, before)
    )
    assert drift["drift"] == pytest.approx(now - then, abs=1e-8)


def test_drift_intervals_hold_nothing_where_nothing_drifts(drifts):
    held = [found["drift_lower"] <= 0 <= found["drift_upper"] for _, found in drifts]
    # Of 36, not independent: 12 share the prices of a draw.
    assert np.mean(held) == pytest.approx(0.95, abs=0.11)


def test_prices_that_effects_explain_have_no_drift():
    rows = draw_groups()
    same = rows.assign(rate_pct=rows["market"] * 0.1)
    assert math.isnan(measure_drift(same, DESIGN_OF["effects"], QUARTER)["drift"])


# --- verdicts and what is said -------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [
        (0.7, 1.3, "trust"),
        (0.2, 0.8, "recalibrate"),
        (1.1, 1.9, "recalibrate"),
        (-0.3, 0.6, "freeze"),
        (-0.9, -0.2, "freeze"),
        (-0.5, 1.5, "cannot tell"),
        (-math.inf, math.inf, "cannot tell"),
    ],
)
def test_verdicts_follow_from_the_interval(lower, upper, verdict):
    assert judge_slope(lower, upper) == verdict


def test_refused_responses_are_not_scored():
    scorecard = score(draw_groups(), make_verdicts("D"))
    assert scorecard.products.empty
    assert scorecard.refused == 1
    assert study.find_forecast_score(scorecard).verdict == "not identified"
    assert isinstance(study.chart_forecast_scores(scorecard), Note)
    assert study.tabulate_forecast_scores(scorecard) == ()


def test_chart_and_table_hold_both_spans():
    scorecard = score(draw_groups())
    chart = study.chart_forecast_scores(scorecard)
    assert isinstance(chart, Chart)
    assert len(chart.drawing.data.rows) == 2
    rows = study.tabulate_forecast_scores(scorecard).rows
    assert rows["verdict"].tolist() == ["Trust", "Trust"]


def test_a_slope_without_ends_is_not_drawn():
    scorecard = score(draw_groups())
    endless = scorecard.products.assign(lower=-math.inf, upper=math.inf)
    endless = endless.assign(verdict="cannot tell")
    without = replace(scorecard, products=endless)
    assert isinstance(study.chart_forecast_scores(without), Note)
    assert (
        study.tabulate_forecast_scores(without).rows["interval"].tolist() == ["–"] * 2
    )
