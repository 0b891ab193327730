"""Tests of prices keep to zero and the ceiling, cost what a hand can add up, and are
the smallest that reach the wanted error.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.experiment.arms import (
    cost_test,
    place_arms,
)
from analysis.studies.deposit_rate_elasticity.experiment.designs import (
    WANTED_ERROR,
    WEDGES_BP,
)
from analysis.studies.deposit_rate_elasticity.experiment.noise_panel import (
    NoisePanel,
)
from analysis.studies.deposit_rate_elasticity.experiment.words import write_arms
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

QUARTER = Quarter.parse("2026Q3")
PARAMETERS = study.Parameters(quarter=str(QUARTER))
REGIONS, MONTHS = 20, 21


def make_noise(*, deviation=0.03, months=MONTHS, accounts=20):
    """One line with a price in each region, and accounts that wander."""
    rng = np.random.default_rng(1)
    days = pd.date_range(end=QUARTER.last_day, periods=months, freq="ME")
    names = [f"R{number:02d}" for number in range(REGIONS)]
    region, period = (i.ravel() for i in np.indices((REGIONS, months)))
    groups = pd.DataFrame(
        {
            "product": "notice",
            "region": np.array(names)[region],
            "cell": region,
            "group": region,
            "market": period,
            "period": days[period],
            "outcome": rng.normal(10, deviation, len(region)),
            "weight": accounts,
        }
    )
    cells = pd.DataFrame(
        {
            "product": "notice",
            "tenor_months": 0,
            "tier": "all",
            "region": names,
            "accounts": accounts,
            "balance": 1e6,
            "own_pct": 1.0,
            "ceiling_pct": math.nan,
            "funding_pct": 2.0,
            "cell": range(REGIONS),
        }
    )
    held = {
        "customers": accounts * REGIONS,
        "balance": 1e6 * REGIONS,
        "balance_largest": 1e5,
        "balance_second": 9e4,
        "balance_absolute": 1e6 * REGIONS,
    }
    products = pd.DataFrame([{"product": "notice", **held}])
    periods = tuple(days)
    return NoisePanel(groups, cells, products, periods, 1, QUARTER, "by hand", "CNY")


def make_verdicts(grade="D"):
    numbers = {"estimate": 10.0, "lower": 5.0, "upper": 15.0}
    if grade == "D":
        numbers = dict.fromkeys(numbers, math.nan)
    products = pd.DataFrame([{"product": "notice", "grade": grade, **numbers}])
    return Verdicts(pd.DataFrame(), products, QUARTER, "by hand")


@pytest.fixture(scope="module")
def designs():
    return study.design_tests(make_noise(), make_verdicts(), PARAMETERS)


# --- arms and costs by hand ----------------------------------------------------


def test_rates_stay_between_zero_and_the_ceiling():
    cells = pd.DataFrame(
        {
            "region": ["A", "B", "C", "D", "E"],
            "accounts": [5, 5, 5, 5, 2],
            # Room on both sides; none below; none above; neither; too few accounts.
            "own_pct": [1.0, 0.05, 1.45, 0.05, 1.0],
            "ceiling_pct": [1.5, math.nan, 1.5, 0.20, math.nan],
        }
    )
    lifts = place_arms(cells, 0.10)
    assert lifts.tolist()[:3] == [0.0, 1.0, -1.0]
    assert lifts.isna().tolist() == [False, False, False, True, True]
    high = cells["own_pct"] + (lifts + 1) * 0.10
    low = cells["own_pct"] + (lifts - 1) * 0.10
    assert (low.dropna() >= 0).all()
    assert (high[lifts.notna()] <= cells["ceiling_pct"].fillna(9)[lifts.notna()]).all()


def test_a_wedge_on_both_sides_costs_what_a_hand_adds_up():
    cells = pd.DataFrame(
        {"balance": [1e6, 3e6], "own_pct": [1.0, 1.0], "funding_pct": [2.0, 2.0]}
    )
    lifts = pd.Series([0.0, 0.0])
    cost = cost_test(cells, lifts, 0.2, months=6, share=0.5, responses=(0.0, 10.0))
    # 4 million, half of the regions, half of them raised by 0.2 % for half a year.
    assert cost["paid"] == pytest.approx(4e6 / 4 * 0.002 / 2)
    assert cost["saved"] == pytest.approx(cost["paid"])
    assert cost["cost_lower"] == pytest.approx(0.0)
    # 2 % more balance earns 0.8 %, 2 % less loses 1.2 %.
    lost = 4e6 / 4 * 0.02 * (0.012 - 0.008) / 2
    assert cost["cost_upper"] == pytest.approx(lost)


def test_raising_only_costs_net_interest_less_the_margin_of_what_comes():
    cells = pd.DataFrame({"balance": [1e6], "own_pct": [0.1], "funding_pct": [1.1]})
    cost = cost_test(
        cells, pd.Series([1.0]), 0.1, months=12, share=1.0, responses=(0.0, 20.0)
    )
    assert cost["saved"] == 0.0
    assert cost["interest"] == pytest.approx(1e6 / 2 * 0.002)
    gained = 1e6 / 2 * 0.04 * 0.008
    assert cost["cost_upper"] == pytest.approx(1000.0)
    assert cost["cost_lower"] == pytest.approx(1000.0 - gained)


def test_without_a_credit_of_the_treasury_the_margin_is_not_guessed():
    cells = pd.DataFrame(
        {"balance": [1e6], "own_pct": [1.0], "funding_pct": [math.nan]}
    )
    cost = cost_test(
        cells, pd.Series([0.0]), 0.1, months=12, share=1.0, responses=(0.0, 20.0)
    )
    assert cost["paid"] == pytest.approx(500.0)
    assert math.isnan(cost["cost_upper"])


# --- designs -------------------------------------------------------------------


def test_the_chosen_test_reaches_the_wanted_error_and_moves_least(designs):
    chosen = designs.products.iloc[0]
    good = designs.tried[designs.tried["error"] <= WANTED_ERROR]
    assert chosen["is_reached"]
    assert chosen["error"] <= WANTED_ERROR
    assert chosen["moved"] == good["moved"].min()
    assert len(good) < len(designs.tried)


def test_an_error_falls_in_proportion_to_the_wedge(designs):
    errors = designs.tried.pivot_table(
        index=["regions", "months"], columns="wedge_bp", values="error"
    )
    first = WEDGES_BP[0]
    for wedge in WEDGES_BP[1:]:
        ratio = errors[first] / errors[wedge]
        assert np.allclose(ratio, wedge / first, rtol=1e-12)


def test_the_error_is_that_of_noise_without_memory(designs):
    # Noise is independent: one over the root of the weighted squares of the wedge,
    # a little more for the means of cell and month that are taken off.
    row = designs.tried.query("regions == 20 and months == 18 and wedge_bp == 10")
    plain = 100 * 0.03 / (0.1 * (REGIONS * 18) ** 0.5)
    assert row["error"].iloc[0] == pytest.approx(plain, rel=0.25)


def test_months_beyond_the_history_are_not_tried():
    short = study.design_tests(make_noise(months=15), make_verdicts(), PARAMETERS)
    assert sorted(short.tried["months"].unique()) == [6, 12]


def test_no_more_regions_are_used_than_there_are(designs):
    assert sorted(designs.tried["regions"].unique()) == [10, 20]


def test_the_same_seed_gives_the_same_tests(designs):
    again = study.design_tests(make_noise(), make_verdicts(), PARAMETERS)
    pd.testing.assert_frame_equal(again.tried, designs.tried)


def test_the_cost_of_a_known_response_uses_its_interval():
    known = study.design_tests(make_noise(), make_verdicts("B"), PARAMETERS)
    blind = study.design_tests(make_noise(), make_verdicts("D"), PARAMETERS)
    width = [
        (rows.tried["cost_upper"] - rows.tried["cost_lower"]).iloc[0]
        for rows in (known, blind)
    ]
    # From 5 to 15, against from 0 to 30.
    assert width[0] == pytest.approx(width[1] / 3)


# --- what is said --------------------------------------------------------------


def test_the_finding_names_the_product_that_past_data_cannot_tell(designs):
    finding = study.find_test(designs)
    assert finding.verdict == "measured"
    assert "would tell" in finding.headline
    assert finding.estimate == designs.products["error"].iloc[0]
    known = study.design_tests(make_noise(), make_verdicts("C"), PARAMETERS)
    assert "would confirm" in study.find_test(known).headline


def test_noise_that_no_test_overcomes_is_said_to_be_so():
    loud = study.design_tests(make_noise(deviation=2.0), make_verdicts(), PARAMETERS)
    finding = study.find_test(loud)
    assert finding.headline.startswith("Even 18 months of ±30 bp")
    assert finding.estimate == pytest.approx(loud.tried["error"].min())
    assert finding.estimate > WANTED_ERROR
    assert "0 of 1" in study.tabulate_tests(loud).title


def test_a_region_of_one_customer_gets_no_test():
    single = study.design_tests(make_noise(accounts=1), make_verdicts(), PARAMETERS)
    finding = study.find_test(single)
    assert finding.verdict == "not identified"
    assert finding.estimate is None
    assert isinstance(study.chart_tests(single), Note)
    assert study.tabulate_tests(single) == study.tabulate_plan(single) == ()


def test_the_plan_names_design_errors_and_no_early_stop(designs):
    rows = study.tabulate_plan(designs).rows.set_index("part")["fixed"]
    chosen = designs.products.iloc[0]
    assert f"{chosen['months']} months" in rows["Design"]
    assert rows["Stopping"].startswith("None")
    assert "Clustered by pricing cell" in rows["Errors"]


def test_the_chart_holds_every_wedge_and_length(designs):
    chart = study.chart_tests(designs)
    assert isinstance(chart, Chart)
    assert len(chart.drawing.data.rows) == 3 * 3


def test_costs_are_hidden_where_one_customer_holds_most(designs):
    held = designs.products.assign(balance_largest=1.9e7)
    hidden = replace(designs, products=held)
    rows = study.tabulate_tests(hidden).rows
    assert is_suppressed(rows["paid"].iloc[0])
    assert not is_suppressed(rows["error"].iloc[0])
    assert "is not shown" in study.find_test(hidden).sentence


@pytest.mark.parametrize(
    ("raised", "lowered", "words"),
    [(0, 0, "±10 bp"), (8, 0, "0 or +20 bp"), (0, 8, "−20 or 0 bp")],
)
def test_arms_are_written_as_most_cells_have_them(raised, lowered, words):
    row = pd.Series(
        {"wedge_bp": 10, "possible": 10, "raised_only": raised, "lowered_only": lowered}
    )
    assert write_arms(row) == words
