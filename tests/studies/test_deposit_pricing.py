"""Prices are set on graded responses only, and find the planted worlds' answers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.pricing.net_new_money import NetNewMoney
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.cross_effects import (
    CrossEffects,
)
from analysis.studies.deposit_rate_elasticity.response.truth import lay_out_market
from analysis.studies.deposit_rate_elasticity.twin.scores import TwinScores
from analysis.synthetic.deposit_market import (
    CROSS_SHARE,
    SISTER,
    MarketSwitches,
    draw_market,
)

QUARTER = "2026Q3"
PARAMETERS = study.Parameters(quarter=QUARTER)


@pytest.fixture(scope="module")
def priced(bank):
    history = study.build_rate_history(bank, PARAMETERS)
    panel = study.build_balance_panel(bank, history, PARAMETERS)
    verdicts = study.judge_responses(panel, study.estimate_responses(panel), PARAMETERS)
    cross = study.estimate_cross_effects(panel, history, verdicts)
    books = study.open_price_books(bank, history, panel, verdicts, PARAMETERS)
    # As if every response were of grade B, so that every product is laid out.
    numbers = {"estimate": 12.0, "std_error": 2.0, "lower": 8.0, "upper": 16.0}
    graded = verdicts.products.assign(grade="B", nobs=900, clusters=30, **numbers)
    whole = study.open_price_books(
        bank, history, panel, replace(verdicts, products=graded), PARAMETERS
    )
    return SimpleNamespace(
        panel=panel, verdicts=verdicts, cross=cross, books=books, whole=whole
    )


# --- between products ---------------------------------------------------------------


def fit_market(seed):
    """Cross effects of a drawn market in which each product loses to its sister."""
    market = draw_market(np.random.default_rng(seed))
    rows = lay_out_market(market)
    prices = market.prices.assign(
        tier="all",
        period=lambda frame: frame["month"].map(
            rows.drop_duplicates("month").set_index("month")["period"]
        ),
    )
    cells = prices.rename(
        columns={"posted_pct": "own_pct", "credit_pct": "funding_pct"}
    )
    products = rows["product"].unique()
    segments = rows.drop_duplicates(["product", "segment"])[["product", "segment"]]
    verdicts = SimpleNamespace(
        products=pd.DataFrame({"product": products, "grade": "B"}),
        segments=segments.assign(grade="B"),
    )
    panel = BalancePanel(rows, pd.DataFrame(), Quarter.parse(QUARTER), "simulation")
    found = study.estimate_cross_effects(panel, SimpleNamespace(cells=cells), verdicts)
    truth = market.truth.groupby("product")["response"].mean() * 100
    return found.effects, truth


def test_what_products_take_from_each_other_is_found_again():
    covered = pairs = 0
    for seed in range(4):
        effects, truth = fit_market(seed)
        for row in effects.to_dict("records"):
            product, price_of = row["product"], row["price_of"]
            planted = 0.0
            if product == price_of:
                planted = truth[product]
            elif SISTER[product] == price_of:
                planted = -CROSS_SHARE * truth[product]
            covered += row["lower"] <= planted <= row["upper"]
            pairs += 1
    assert pairs == 36
    # 95 % of intervals; 36 of them, which share draws.
    assert covered >= 31


def test_rates_that_move_together_are_not_told_apart():
    market = draw_market(np.random.default_rng(5))
    rows = lay_out_market(market)
    same = rows[rows["product"] == "term"]
    twin = pd.concat([same, same.assign(product="twin")])
    cells = twin.rename(columns={"rate_pct": "own_pct"})[
        ["product", "tier", "region", "period", "own_pct", "funding_pct"]
    ].drop_duplicates(["product", "region", "period"])
    verdicts = SimpleNamespace(
        products=pd.DataFrame({"product": ["term", "twin"], "grade": "B"}),
        segments=twin.drop_duplicates(["product", "segment"]).assign(grade="B"),
    )
    panel = BalancePanel(twin, pd.DataFrame(), Quarter.parse(QUARTER), "simulation")
    found = study.estimate_cross_effects(panel, SimpleNamespace(cells=cells), verdicts)
    assert found.effects.empty
    assert set(found.refused["product"]) == {"term", "twin"}
    assert isinstance(study.chart_cross_effects(found), Note)


def test_net_new_money_is_gain_less_what_others_lose():
    books = SimpleNamespace(
        products=pd.DataFrame(
            {"product": ["term", "notice"], "balance": [100.0, 50.0]}
        ),
        quarter=Quarter.parse(QUARTER),
        source="simulation",
    )
    numbers = {"std_error": 1e-9, "nobs": 900, "clusters": 30}
    effects = pd.DataFrame(
        [
            {"product": "term", "price_of": "term", "estimate": 10.0, "lower": 9.0},
            {"product": "notice", "price_of": "term", "estimate": -5.0, "lower": -6.0},
        ]
    ).assign(upper=11.0, **numbers)
    cross = CrossEffects(effects, pd.DataFrame(), Quarter.parse(QUARTER), "simulation")
    found = study.net_new_money(books, cross, PARAMETERS)
    # A point draws 10 % of 100; 5 % of 50 comes from the other: a quarter.
    assert found.products["estimate"].tolist() == pytest.approx([25.0])
    assert found.products["upper"].tolist() == pytest.approx([25.0])
    finding = study.find_net_new_money(found)
    assert "takes part of its new money" in finding.headline


def test_a_share_that_may_be_nothing_is_no_clear_sign():
    row = {"product": "term", "estimate": 5.0, "lower": -18.0, "upper": 30.0}
    rows = pd.DataFrame([{**row, "nobs": 900}])
    net = NetNewMoney(rows, Quarter.parse(QUARTER), "simulation")
    finding = study.find_net_new_money(net)
    assert "No clear sign" in finding.headline
    assert "up to 30.0%" in finding.action


# --- costs and moves ----------------------------------------------------------------


def test_only_responses_that_may_be_priced_on_are(priced):
    grades = priced.verdicts.products.set_index("product")["grade"]
    priced_on = set(priced.books.products["product"])
    assert priced_on == set(grades.index[grades.isin(["A", "B"])])
    assert set(priced.books.refused) == set(grades.index) - priced_on


def test_the_book_reprices_at_once_without_a_term_and_in_part_with_one(priced):
    shares = priced.whole.products.set_index("product")["repriced_share"]
    assert shares["通知存款"] == 1.0
    assert 0.05 < shares["定期"] < 0.5


def test_a_break_even_share_makes_new_money_cost_the_credit(priced):
    for row in study.price_new_money(priced.whole).costs.to_dict("records"):
        cost = row["rate_pct"] + row["breakeven_pct"] / 12.0
        assert cost == pytest.approx(row["funding_pct"])


def test_a_move_keeps_within_the_outflow_allowed_and_what_data_speak_of(priced):
    frontiers = study.weigh_moves(priced.whole, priced.cross, PARAMETERS)
    for row in frontiers.products.to_dict("records"):
        assert abs(row["move_bp"]) <= 2 * row["deviation_bp"]
        assert row["outflow_probability"] <= 0.1
        assert row["income"] >= 0
        assert row["value_of_knowing"] >= 0
    wide = study.weigh_moves(
        priced.whole,
        priced.cross,
        study.Parameters(quarter=QUARTER, largest_outflow_percent=40.0),
    )
    assert (wide.products["income"] >= frontiers.products["income"]).all()


def test_the_same_seed_gives_the_same_moves(priced):
    first, second = (
        study.weigh_moves(priced.books, priced.cross, PARAMETERS).steps
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, second)


def test_every_exhibit_can_be_shown(priced):
    costs = study.price_new_money(priced.whole)
    frontiers = study.weigh_moves(priced.whole, priced.cross, PARAMETERS)
    shown = [
        study.find_new_money(costs),
        study.find_best_move(frontiers, PARAMETERS),
        study.chart_new_money(costs),
        study.chart_moves(frontiers),
        study.chart_cross_effects(priced.cross),
        study.tabulate_moves(frontiers, PARAMETERS),
    ]
    assert all(bundle(item) for item in shown)
    assert isinstance(shown[2], Chart)
    assert isinstance(shown[3], Chart)


def test_without_a_graded_response_nothing_is_priced(priced):
    empty = replace(priced.books, products=priced.books.products.iloc[:0])
    costs = study.price_new_money(empty)
    frontiers = study.weigh_moves(empty, priced.cross, PARAMETERS)
    net = NetNewMoney(pd.DataFrame(), empty.quarter, empty.source)
    for finding in (
        study.find_new_money(costs),
        study.find_best_move(frontiers, PARAMETERS),
        study.find_net_new_money(net),
    ):
        assert finding.verdict == "not identified"
        assert "grade A or B" in finding.reason
    for note in (
        study.chart_new_money(costs),
        study.chart_moves(frontiers),
        study.tabulate_moves(frontiers, PARAMETERS),
    ):
        assert isinstance(note, Note)


# --- twins ---------------------------------------------------------------------------


def test_twins_of_the_panel_are_found_again_by_the_report(priced):
    twins = study.score_twins(priced.panel, priced.verdicts, PARAMETERS)
    graded = priced.verdicts.segments.query("grade != 'D'")
    assert twins.segments["truth"].tolist() == pytest.approx(
        graded["estimate"].tolist()
    )
    assert (twins.segments["relative_pct"].abs() < 15).all()
    assert twins.coverage_lower > 85
    finding = study.find_twin_coverage(twins)
    assert finding.estimate == twins.coverage_pct
    assert bundle(study.tabulate_twins(twins))


def test_without_a_response_there_is_no_twin(priced):
    segments = priced.verdicts.segments.assign(grade="D")
    none = replace(priced.verdicts, segments=segments)
    twins = study.score_twins(priced.panel, none, PARAMETERS)
    assert study.find_twin_coverage(twins).verdict == "not identified"
    assert isinstance(study.tabulate_twins(twins), Note)


def test_intervals_that_hold_too_little_are_widened():
    twins = TwinScores(
        pd.DataFrame({"naive_coverage_pct": [2.0]}),
        *(80.0, 78.0, 82.0),
        draws=300,
        nobs=9_000,
        quarter=Quarter.parse(QUARTER),
        source="simulation",
    )
    finding = study.find_twin_coverage(twins)
    assert "too sure of itself" in finding.headline
    assert "half as wide again" in finding.action


# --- other choices --------------------------------------------------------------------


def judge_market(**switches):
    """Panel and verdicts of a drawn market, judged as the report would."""
    market = draw_market(np.random.default_rng(3), switches=MarketSwitches(**switches))
    rows = lay_out_market(market)
    segments = rows.groupby(["product", "segment"], as_index=False).agg(
        customers=("account", "nunique"),
        balance=("balance", "sum"),
        cells=("cell", "nunique"),
    )
    panel = BalancePanel(
        rows,
        segments.assign(free_share_pct=50.0),
        Quarter.parse(QUARTER),
        "simulation",
    )
    return panel, study.judge_responses(
        panel, study.estimate_responses(panel), PARAMETERS
    )


def test_choices_that_should_not_matter_do_not_and_the_instrument_does():
    panel, verdicts = judge_market()
    choices = study.try_other_choices(panel, verdicts)
    fits = choices.fits.set_index(["product", "choice"])["estimate"]
    assert set(choices.fits["grade"]) == {"B"}
    for product in choices.fits["product"].unique():
        assert fits[product, "gross"] == pytest.approx(
            fits[product, "reported"], abs=0.5
        )
        # The bank answers outflow: prices as they were set say far too little.
        assert fits[product, "no_instrument"] < fits[product, "reported"] - 5
    chart = study.chart_other_choices(choices)
    assert isinstance(chart, Chart)
    # Of twelve intervals that hold the reported response 95 times in 100, one may miss.
    assert chart.title.startswith(("No choice", "1 of 12"))


def test_without_a_response_no_other_choice_is_tried():
    panel, verdicts = judge_market(credit_load=0.02)
    assert set(verdicts.products["grade"]) == {"D"}
    choices = study.try_other_choices(panel, verdicts)
    assert choices.fits.empty
    assert isinstance(study.chart_other_choices(choices), Note)
