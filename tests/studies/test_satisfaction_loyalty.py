"""Answers are followed to what customers do next, and valued in money."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers.fixes.expectation_gap import ExpectationGap
from analysis.studies.satisfaction_drivers.fixes.worth import Worth
from analysis.studies.satisfaction_drivers.loyalty.gains import (
    add_up_gains,
    draw_futures,
)
from analysis.studies.satisfaction_drivers.loyalty.outcomes import name_bands
from analysis.studies.satisfaction_drivers.loyalty.release_loyalty import release_bands
from analysis.studies.satisfaction_drivers.loyalty.truth import draw_links
from analysis.studies.satisfaction_drivers.refusal import Refused

PARAMETERS = study.Parameters(quarter="2026Q3", replicates=100)


@pytest.fixture(scope="module")
def links():
    return draw_links("loyalty", np.random.default_rng(3))


@pytest.fixture(scope="module")
def leaving(links):
    return study.measure_leaving(links, PARAMETERS)


@pytest.fixture(scope="module")
def tables(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        yield read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )


@pytest.fixture(scope="module")
def survey(tables):
    return study.read_survey(tables, PARAMETERS)


@pytest.fixture(scope="module")
def weighted(survey):
    return study.weigh_survey(survey, PARAMETERS)


@pytest.fixture(scope="module")
def followed(tables, survey, weighted):
    return study.link_answers(tables, survey, weighted)


def test_the_planted_effect_is_found_and_shown(leaving):
    slope, error = leaving.fit.coefficients[1], leaving.fit.std_errors[1]
    assert abs(slope + 0.28) < 3 * error
    assert leaving.upper < 1
    assert (leaving.bands["share_pct"].diff().dropna() < 0).all()
    expected = leaving.bands["expected_pct"] - leaving.bands["share_pct"]
    assert expected.abs().max() < 1


def test_nothing_is_kept_where_nothing_rises(leaving):
    futures = draw_futures(leaving, 50, seed=1)
    n = len(leaving.links.now)
    for gains in add_up_gains(futures, np.zeros(n), np.ones(51)):
        np.testing.assert_allclose(gains, 0, atol=1e-9)


def test_kept_customers_are_leavers_before_less_leavers_after(leaving):
    now = leaving.links.now
    futures = draw_futures(leaving, 20, seed=1)
    step = np.clip(10 - now["satisfaction"].to_numpy(), 0, 1)
    kept, _ = add_up_gains(futures, step, np.ones(21))
    satisfied = now["satisfaction"].to_numpy()[:, None]
    before = leaving.fit.predict(np.hstack([satisfied, leaving.now_controls]))
    after = leaving.fit.predict(
        np.hstack([satisfied + step[:, None], leaving.now_controls])
    )
    assert kept[0] == pytest.approx(now["weight"] @ (before - after))


def test_ratings_that_are_missing_gain_nothing(leaving):
    futures = draw_futures(leaving, 20, seed=1)
    n = len(leaving.links.now)
    step, part = np.ones(n), np.where(np.arange(n) < n // 2, 1.0, np.nan)
    all_of_them, _ = add_up_gains(futures, step, np.ones(21))
    some, _ = add_up_gains(futures, part, np.ones(21))
    assert (some > 0).all()
    assert (some < all_of_them).all()


def test_bands_follow_the_scale():
    assert name_bands(1, 10) == ["1 to 4", "5 to 6", "7 to 8", "9 to 10"]
    assert name_bands(1, 5) == ["1 to 2", "3", "4", "5"]
    assert name_bands(0, 10) == ["0 to 4", "5 to 6", "7 to 8", "9 to 10"]


def test_bands_of_few_leavers_are_not_shown(leaving):
    bands = leaving.bands.assign(events=[20, 12, 12, 3])
    shown = release_bands(replace(leaving, bands=bands))
    assert list(shown.rows["band"]) == ["1 to 4", "5 to 6", "7 to 8"]


def test_a_few_leavers_tell_nothing(links):
    rows = links.rows.assign(left=np.arange(len(links.rows)) < 29)
    refused = study.measure_leaving(replace(links, rows=rows), PARAMETERS)
    finding = study.find_staying(refused, refused)
    assert finding.verdict == "not identified"
    assert finding.reason.startswith("Fewer than 30 respondents left")
    assert isinstance(study.chart_leaving(refused), Note)
    assert study.tabulate_worth(refused) == ()


def test_who_is_gone_is_who_has_no_row_a_quarter_later(followed, tables):
    periods = tables["customer_periods"].to_pandas()
    days = pd.to_datetime(periods["period"])
    for quarter, day in (("2026Q2", "2026-09-30"), ("2025Q4", "2026-03-31")):
        here = set(periods.loc[days == day, "customer_id"])
        rows = followed.rows[followed.rows["quarter"] == quarter]
        assert len(rows) > 50
        assert (rows["left"] == ~rows["customer_id"].isin(here)).all()
    assert followed.reported not in set(followed.rows["quarter"])


def test_assets_stood_for_are_those_of_the_tiers(followed, tables):
    periods = tables["customer_periods"].to_pandas()
    last = pd.to_datetime(periods["period"]) == "2026-09-30"
    active = periods[last & (periods["state"] == "active")]
    known = active.groupby("tier")["assets_average"].sum()
    stood_for = followed.now.groupby("tier")["assets_stood_for"].sum()
    np.testing.assert_allclose(stood_for, known[stood_for.index], rtol=1e-9)


def test_a_source_without_periods_is_refused(survey, weighted):
    refused = study.link_answers({}, survey, weighted)
    finding = study.find_worth_of_point(refused)
    assert "does not say which customers are still there" in finding.reason
    assert "customer_periods" in finding.action


def test_referrals_are_counted_once_a_wave(followed, tables, monkeypatch):
    monkeypatch.setattr(
        "analysis.studies.satisfaction_drivers.loyalty.referrals.FEWEST_EVENTS", 1
    )
    found = study.measure_referrals(tables, followed, PARAMETERS)
    customers = tables["customers"].to_pandas()
    joined = customers[pd.to_datetime(customers["open_date"]) >= "2025-01-01"]
    assert followed.quarters[0] == "2024Q4"
    assert found.newcomers == len(joined)
    assert found.referred == joined["referred_by"].notna().sum()
    asked = followed.rows.merge(
        customers[["referred_by", "open_date"]].rename(
            columns={"referred_by": "customer_id"}
        ),
        on="customer_id",
    )
    ends = pd.PeriodIndex(asked["quarter"], freq="Q")
    opened = pd.to_datetime(asked["open_date"]).dt.to_period("Q")
    late = opened.to_numpy() > ends.to_numpy()
    soon = opened.to_numpy() <= (ends + 4).to_numpy()
    pairs = asked[late & soon][["quarter", "customer_id"]].drop_duplicates()
    assert found.outcome.fit.events == len(pairs) > 0


def test_gaps_are_met_less_expected(tables, survey, weighted):
    gap = study.measure_expectation_gap(tables, survey, weighted.reported, PARAMETERS)
    assert isinstance(gap, ExpectationGap)
    np.testing.assert_allclose(
        gap.table["gap"], gap.table["met"] - gap.table["expected"]
    )
    assert gap.table["attribute"].iloc[0] in {"fees", "waiting", "rates"}
    assert gap.table["attribute"].iloc[-1] in {"offerings", "branch", "trust"}
    assert "behind expectations" in study.find_expectation_gap(gap).headline
    assert isinstance(study.chart_expectation_gap(gap), Chart)


def test_a_survey_that_does_not_ask_what_is_expected_is_refused(
    tables, survey, weighted
):
    without = replace(survey, attributes=())
    gap = study.measure_expectation_gap(tables, without, weighted.reported, PARAMETERS)
    assert isinstance(gap, Refused)
    assert study.find_expectation_gap(gap).verdict == "not identified"


def test_fixes_are_ranked_by_what_they_keep(leaving):
    table = pd.DataFrame(
        {
            "attribute": ["staff", "app"],
            "label": ["Staff", "<Mobile> app"],
            "answers": [900, 500],
            "reach": [9_000.0, 5_000.0],
            "effect": [0.3, 0.2],
            "effect_lower": [0.2, 0.1],
            "effect_upper": [0.4, 0.3],
            "kept": [20.0, 10.0],
            "kept_lower": [10.0, 2.0],
            "kept_upper": [30.0, 20.0],
            "balances": [2e6, 1e6],
            "balances_lower": [1e6, 1e5],
            "balances_upper": [3e6, 2e6],
            "profit": [2e4, 1e4],
            "profit_lower": [1e4, 1e3],
            "profit_upper": [3e4, 2e4],
            "first": [97.0, 3.0],
            "top_3": [100.0, 100.0],
            "assets": [1e9, 5e8],
            "assets_largest": [1e7, 1e7],
            "assets_second": [1e6, 1e6],
            "assets_absolute": [1e9, 5e8],
        }
    )
    worth = Worth(table, table.iloc[0], leaving, 1.0)
    assert study.find_best_fix(worth).headline == "In money the first to fix is Staff"
    assert isinstance(study.chart_worth(worth), Chart)
    page = bundle(study.tabulate_worth(worth))["text/html"]
    assert "&lt;Mobile&gt; app" in page
    assert "<Mobile>" not in page
    dominated = table.assign(assets_largest=[9.5e8, 1e7])
    hidden = study.tabulate_worth(Worth(dominated, table.iloc[0], leaving, 1.0))
    assert hidden.released.n_hidden > 0
