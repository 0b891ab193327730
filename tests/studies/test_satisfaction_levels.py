"""Why the score changed, who stands out, and how far silence can move the score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayTable
from analysis.statistics.truth_scores import score_estimates
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers.answers.response import lay_beside
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.answers.tilting import tilt_wave
from analysis.studies.satisfaction_drivers.levels import truth as levels_truth
from analysis.studies.satisfaction_drivers.levels.measures import (
    list_measures,
    score_index,
)
from analysis.studies.satisfaction_drivers.levels.unit_scores import standardise_units
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.silence import truth as silence_truth
from analysis.studies.satisfaction_drivers.silence.early_and_late import (
    compare_early_and_late,
)
from analysis.studies.satisfaction_drivers.silence.screening import STRAIGHT

QUARTERS = ("2026Q2", "2026Q3")
PARAMETERS = study.Parameters(quarter="2026Q3", replicates=200)
BRANCHES = 8
SIZE = 1600


def draw_wave(rng, quarter, gold_shift=0.0):
    """Gold customers rate higher, branch 0 has most of them, branch 1 is far off."""
    unit = rng.integers(0, BRANCHES, SIZE)
    gold = rng.random(SIZE) < np.where(unit == 0, 0.8, 0.2)
    latent = rng.standard_normal(SIZE) + 0.8 * gold - 1.2 * (unit == 1)
    latent += gold_shift * gold
    ready = np.clip(np.round(7.6 + 2 * latent), 0, 10)
    return pd.DataFrame(
        {
            "wave": quarter,
            "quarter": quarter,
            "respondent_id": [f"{quarter}-{n}" for n in range(SIZE)],
            "customer_id": [f"C{n}" for n in rng.permutation(6000)[:SIZE]],
            "design_weight": np.where(gold, 2.0, 5.0),
            "seconds": 200.0,
            "in_frame": True,
            "answered_date": pd.Timestamp("2026-09-01")
            + pd.to_timedelta((ready < 7) * 10 + rng.integers(0, 8, SIZE), unit="D"),
            "tier": np.where(gold, "gold", "basic"),
            "customer_type": "person",
            "age_band": "30 to 44",
            "channel": np.where(rng.random(SIZE) < 0.5, "uses the app", "no app"),
            "region": "north",
            "home_branch": [f"Branch {n}" for n in unit],
            "manager": "not known",
            "satisfaction": np.clip(np.round(7 + 1.5 * latent), 1, 10),
            "acsi": np.clip(np.round(6.5 + 1.5 * latent), 1, 10),
            "recommend": ready,
            "answered": 6,
            "smallest": 1.0,
            "largest": 10.0,
        }
    )


@pytest.fixture(scope="module")
def survey():
    rng = np.random.default_rng(5)
    waves = [draw_wave(rng, QUARTERS[0]), draw_wave(rng, QUARTERS[1], -0.9)]
    cells = [
        (quarter, tier, "person", "30 to 44", channel, "north", count)
        for quarter in QUARTERS
        for tier, count in (("basic", 4000), ("gold", 1000))
        for channel in ("uses the app", "no app")
    ]
    columns = [
        "quarter", "tier", "customer_type", "age_band", "channel", "region",
        "customers",
    ]  # fmt: skip
    return Survey(
        quarters=QUARTERS,
        invited=dict.fromkeys(QUARTERS, 4000),
        attributes=(),
        outcomes={
            "satisfaction": Attribute("satisfaction", "Overall", ("o",), 1.0, 10.0),
            "recommend": Attribute("recommend", "Recommend", ("r",), 0.0, 10.0),
            "acsi": Attribute("acsi", "Index", ("a", "b"), 1.0, 10.0),
        },
        respondents=pd.concat(waves, ignore_index=True),
        frame=pd.DataFrame(cells, columns=columns),
        source="A survey",
    )


@pytest.fixture(scope="module")
def weighted(survey):
    return study.weigh_survey(survey, PARAMETERS)


@pytest.fixture(scope="module")
def levels(survey, weighted):
    return study.measure_levels(survey, weighted, PARAMETERS)


@pytest.fixture(scope="module")
def branches(survey, weighted):
    return study.compare_branches(survey, weighted, PARAMETERS)


@pytest.fixture(scope="module")
def response(survey):
    held = survey.respondents.query("quarter == '2026Q3'")
    counts = survey.frame.query("quarter == '2026Q3'").drop(columns="quarter")
    return lay_beside(held, counts, 0.95)


@pytest.fixture(scope="module")
def band(survey, weighted, response):
    return study.bend_score(survey, weighted.reported, response, PARAMETERS)


def test_the_index_is_the_sum_of_three_items_on_a_scale_to_100(survey, weighted):
    # Fornell and others (1996) with equal weights: (sum - 3) / 27 x 100.
    wave = weighted.reported
    assert "satisfaction_index" in list_measures(survey)
    three = wave.scores("satisfaction") + 2 * wave.scores("acsi")
    np.testing.assert_allclose(score_index(survey, wave), (three - 3) / 27 * 100)


def test_without_three_items_there_is_no_index(survey):
    outcomes = {k: v for k, v in survey.outcomes.items() if k != "acsi"}
    assert "satisfaction_index" not in list_measures(replace(survey, outcomes=outcomes))


def test_the_fall_is_put_on_the_customers_who_changed(survey, weighted, levels):
    change = study.explain_change(survey, weighted, PARAMETERS)
    parts = change.parts.set_index("name")
    assert parts.loc["gold", "is_clear"]
    assert not parts.loc["basic", "is_clear"]
    assert change.parts["estimate"].sum() == pytest.approx(change.total)
    assert change.total == pytest.approx(levels.total("net_promoter")["change"])
    finding = study.find_change(change)
    assert "because of gold" in finding.headline
    assert finding.verdict == "fell"
    assert isinstance(study.chart_change(change), Chart)


def test_one_wave_has_no_change_to_explain(survey):
    alone = replace(
        survey,
        quarters=QUARTERS[1:],
        respondents=survey.respondents.query("quarter == '2026Q3'"),
    )
    change = study.explain_change(
        alone, study.weigh_survey(alone, PARAMETERS), PARAMETERS
    )
    assert isinstance(change, Refused)
    assert study.find_change(change).verdict == "not identified"
    assert isinstance(study.chart_change(change), Note)
    assert isinstance(study.tabulate_change(change), Note)


def test_a_branch_is_not_praised_for_its_customers(branches):
    table = branches.table.set_index("unit")
    rich = table.loc["Branch 0"]
    others = table.drop(index=["Branch 0", "Branch 1"])
    # Gold customers rate higher: as answered branch 0 leads by far, adjusted not.
    assert rich["raw"] > others["raw"].max() + 10
    assert abs(rich["adjusted"] - others["adjusted"].mean()) < 8
    assert list(branches.below["unit"]) == ["Branch 1"]
    assert "Branch 1" in study.find_branches(branches, PARAMETERS).headline


def test_pooled_scores_lie_between_their_own_and_the_common_one(branches):
    table = branches.table
    low = np.minimum(table["adjusted"], branches.pooled.mean)
    high = np.maximum(table["adjusted"], branches.pooled.mean)
    assert ((low - 1e-6 <= table["pooled"]) & (table["pooled"] <= high + 1e-6)).all()


def test_answers_of_one_person_count_as_one_for_the_error():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame(
        {
            "score": rng.standard_normal(600),
            "weight": 1.0,
            "unit": np.tile(np.arange(6), 100),
            "person": np.arange(600),
            "kind": rng.choice(["a", "b"], 600),
        }
    )
    twice = pd.concat([rows, rows], ignore_index=True)
    one, both = (standardise_units(each, ["kind"]) for each in (rows, twice))
    assert both.repeat_factor == pytest.approx(2.0)
    np.testing.assert_allclose(
        both.table["std_error"], one.table["std_error"], rtol=1e-6
    )


def test_managers_who_are_not_known_get_no_scorecard(survey, weighted):
    refused = study.compare_managers(survey, weighted, PARAMETERS)
    finding = study.find_managers(refused, PARAMETERS)
    assert finding.verdict == "not identified"
    assert "does not say which manager" in finding.reason
    assert isinstance(study.chart_units(refused), Note)


def test_managers_are_shown_under_numbers_only(survey, weighted):
    waves = tuple(
        replace(
            wave,
            respondents=wave.respondents.assign(
                manager="RM-" + wave.respondents["home_branch"].str[-1]
            ),
        )
        for wave in weighted.waves
    )
    known = replace(weighted, waves=waves)
    found = study.compare_managers(survey, known, PARAMETERS)
    assert not found.table["unit"].str.contains("RM-").any()
    assert sorted(found.table["unit"]) == [f"Manager {n + 1}" for n in range(BRANCHES)]
    assert "Manager" in study.find_managers(found, PARAMETERS).headline


def test_without_characteristics_no_comparison_is_fair(survey, weighted):
    same = {"tier": "x", "channel": "x"}
    waves = tuple(
        replace(wave, respondents=wave.respondents.assign(**same))
        for wave in weighted.waves
    )
    refused = study.compare_branches(survey, replace(weighted, waves=waves), PARAMETERS)
    assert isinstance(refused, Refused)
    assert "fair comparison is not possible" in refused.reason


def test_too_few_answers_a_branch_are_refused(survey, weighted):
    waves = tuple(
        replace(
            wave,
            respondents=wave.respondents.assign(
                home_branch=[f"B{n % 200}" for n in range(len(wave.weights))]
            ),
        )
        for wave in weighted.waves
    )
    refused = study.compare_branches(survey, replace(weighted, waves=waves), PARAMETERS)
    assert isinstance(refused, Refused)
    assert "Only 0 branches have answers worth 30" in refused.reason


def test_a_tilted_wave_still_meets_its_margins(weighted):
    wave = weighted.reported
    tilted = tilt_wave(wave, 0.35)
    gold = (wave.respondents["tier"] == "gold").to_numpy()
    assert tilted.weights[gold].sum() == pytest.approx(wave.weights[gold].sum())
    assert np.average(tilted.scores("satisfaction"), weights=tilted.weights) < (
        np.average(wave.scores("satisfaction"), weights=wave.weights) - 0.1
    )
    assert tilt_wave(wave, 0.0) is wave


def test_the_band_holds_the_score_and_is_said_with_it(levels, band):
    low, high = band.bent.band
    assert low <= levels.total("net_promoter")["estimate"] <= high
    said = study.find_net_promoter_score(levels, PARAMETERS, band).sentence
    assert "If those who kept silent differ" in said
    silent = study.find_silent_customers(levels, band)
    assert silent.verdict == "not identified"
    assert "may lie anywhere from" in silent.headline
    assert isinstance(study.chart_silence(band, levels), Chart)


def test_rates_of_answering_are_those_that_were_drawn(response):
    rates = response.rates.set_index("category")["rate_pct"]
    gold = response.held.query("tier == 'gold'")["design_weight"].sum()
    assert rates["gold"] == pytest.approx(100 * gold / 2000)
    assert response.indicators.partial["tier"] > 0
    assert response.indicators.partial["channel"] < 0.05
    assert "region" not in response.variables


def test_late_answers_of_the_unhappy_are_noticed(survey, weighted):
    halves = compare_early_and_late(survey, weighted.reported, PARAMETERS)
    assert halves.upper < 0
    assert "Late answers are lower" in study.note_early_and_late(halves).text
    assert "not say on which day" in study.note_early_and_late(None).text


def test_without_a_frame_nothing_is_said_of_the_silent(levels):
    assert study.find_response(None, levels).verdict == "not identified"
    shown = (
        study.chart_response(None, levels),
        study.tabulate_response(None, levels),
        study.chart_silence(None, levels),
        *study.tabulate_screening(None),
    )
    assert all(isinstance(each, Note) for each in shown)


def test_all_that_is_shown_has_passed_the_door(
    survey, weighted, levels, branches, response
):
    change = study.explain_change(survey, weighted, PARAMETERS)
    tables = (
        study.tabulate_change(change),
        *study.tabulate_units(branches),
        study.tabulate_response(response, levels),
        *study.tabulate_weighting(survey, weighted, levels),
    )
    for table in tables:
        behind = table.released.customers
        assert behind is not None
        assert all(n is None or n >= MINIMUM_CELL for n in behind), table.title
    assert isinstance(study.chart_units(branches), Chart)
    assert isinstance(study.chart_response(response, levels), Chart)


def test_the_synthetic_bank_tells_who_answered(bank_folder, monkeypatch):
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    tables = read_tables(
        study.TABLES,
        quarter="2026Q3",
        source="synthetic",
        optional=study.OPTIONAL_TABLES,
    )
    survey = study.read_survey(tables, PARAMETERS)
    weighted = study.weigh_survey(survey, PARAMETERS)
    response = study.describe_response(tables, survey, PARAMETERS)
    assert {"complained", "assets_change"} <= set(response.variables)
    frame = survey.frame.query("quarter == '2026Q3'")["customers"].sum()
    assert response.cells["customers"].sum() == frame
    wave = survey.respondents.query("quarter == '2026Q3' and in_frame")
    assert response.cells["answers"].sum() == len(wave)
    # The old and those with the app answer more often: planted.
    rates = response.rates.set_index("category")["rate_pct"]
    assert rates["60 and over"] > rates["under 30"]
    band = study.bend_score(survey, weighted.reported, response, PARAMETERS)
    assert band.bent.band[0] < band.bent.band[1]
    screening = study.screen_answers(tables, survey, PARAMETERS)
    used = screening.rules.set_index("rule")["nobs"]
    assert used.iloc[1] <= used.iloc[0]
    straight = screening.signs[STRAIGHT]
    assert straight.sum() == weighted.unscreened.straight
    assert screening.signs.loc[straight, "variability"].max() == 0
    shown = study.tabulate_screening(screening)
    assert all(isinstance(table, DisplayTable) for table in shown)


def score(module, name, scenario, draws):
    found = [
        getattr(module, name)(scenario, np.random.default_rng([11, draw])).assign(
            draw=draw
        )
        for draw in range(draws)
    ]
    rows = pd.concat(found, ignore_index=True)
    groups = rows.groupby(["estimator", "target"])[rows.columns.tolist()]
    return groups.apply(score_estimates)


def test_the_band_covers_what_raking_misses():
    scores = score(silence_truth, "score_silence", "nonresponse .35", 3)
    found = scores["coverage"].xs("net promoter score", level="target")
    assert found["report"] >= 0.75
    assert found["raked"] <= 0.2


def test_straight_liners_are_found():
    scores = score(silence_truth, "score_silence", "straight-liners", 10)
    bias = scores.loc["report", "bias"]
    assert 1 + bias["precision"] >= 0.95
    assert 1 + bias["recall"] >= 0.85


def test_pooling_branches_beats_each_alone():
    scores = score(levels_truth, "score_levels", "branches", 5)
    rmse = scores["rmse"].xs("branch score", level="target")
    assert rmse["report"] <= 0.6 * rmse["each alone"]
    assert scores.loc[("report", "branch score"), "coverage"] >= 0.9
    far = score(levels_truth, "score_levels", "branches, two far off", 3)
    assert 1 + far.loc[("report", "far branches found"), "bias"] >= 0.4


def test_changes_between_waves_are_covered():
    scores = score(levels_truth, "score_levels", "waves without a shift", 25)
    assert 0.8 <= scores.loc[("report", "change"), "coverage"] <= 1
    shifted = score(levels_truth, "score_levels", "waves", 20)
    found = 0.8 + shifted.loc[("report", "found"), "bias"]
    assert 0.5 <= found <= 0.99
