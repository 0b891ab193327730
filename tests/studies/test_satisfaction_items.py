"""Items are trusted as far as the answers tell, and refused where they can't."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.items.likeness import DIFFERENT, TIERS
from analysis.studies.satisfaction_drivers.items.truth import SCENARIOS, score_items
from analysis.wording import speak

QUARTERS = ("2026Q2", "2026Q3")
LOADINGS = {"staff": 0.9, "rates": 0.75, "app": 0.85, "trust": 0.55}
"""Loading of the three items of each attribute."""
PARAMETERS = study.Parameters(quarter="2026Q3", replicates=300)
SIZE = 1200


def grade(values):
    return np.clip(np.round(6.5 + 1.6 * values), 1, 10)


def draw_wave(rng, quarter, *, shift=0.0):
    """Items of known reliability; gold rates one item of staff by another yardstick."""
    common = rng.standard_normal((SIZE, 1))
    halo = 0.4 * rng.standard_normal((SIZE, 1))
    gold = rng.random(SIZE) < 0.5
    digital = rng.random(SIZE) < 0.7
    columns = {}
    for name, loading in LOADINGS.items():
        opinion = 0.6 * common + 0.8 * rng.standard_normal((SIZE, 1))
        noise = np.sqrt(1 - loading**2) * rng.standard_normal((SIZE, 3))
        latent = loading * opinion + noise + halo
        if name == "staff":
            latent[:, 2] -= shift * gold
        answers = grade(latent)
        answers[rng.random(answers.shape) < 0.03] = np.nan
        if name == "app":
            answers[~digital] = np.nan
        columns |= {f"{name}_{place}": answers[:, place - 1] for place in (1, 2, 3)}
    columns["marker"] = grade(halo[:, 0] + rng.standard_normal(SIZE))
    items = pd.DataFrame(columns)
    scores = {
        name: items[[f"{name}_{place}" for place in (1, 2, 3)]].mean(axis=1)
        for name in LOADINGS
    }
    people = pd.DataFrame(scores).assign(
        quarter=quarter,
        respondent_id=[f"{quarter}-{number}" for number in range(SIZE)],
        customer_id=[f"C{number}" for number in range(SIZE)],
        design_weight=rng.choice([1.0, 2.0], SIZE),
        seconds=np.nan,
        in_frame=True,
        tier=np.where(gold, "gold", "basic"),
        channel=np.where(digital, "uses the app", "no app"),
        satisfaction=grade(common[:, 0]),
        answered=12,
        smallest=1.0,
        largest=10.0,
    )
    return people, items.set_index(
        pd.MultiIndex.from_frame(people[["quarter", "respondent_id"]])
    )


def build(seed, *, shift=0.0):
    rng = np.random.default_rng(seed)
    waves = [draw_wave(rng, quarter, shift=shift) for quarter in QUARTERS]
    survey = Survey(
        quarters=QUARTERS,
        invited={},
        attributes=tuple(
            Attribute(
                name, name.capitalize(), tuple(f"{name}_{n}" for n in (1, 2, 3)), 1, 10
            )
            for name in LOADINGS
        ),
        outcomes={"satisfaction": Attribute("satisfaction", "Overall", ("o",), 1, 10)},
        respondents=pd.concat([people for people, _ in waves], ignore_index=True),
        frame=None,
        source="A survey",
    )
    items = ItemAnswers(pd.concat([table for _, table in waves]), ("marker",))
    return SimpleNamespace(
        survey=survey, items=items, weighted=study.weigh_survey(survey, PARAMETERS)
    )


@pytest.fixture(scope="module")
def asked():
    return build(5)


@pytest.fixture(scope="module")
def single(asked):
    """The same answers as if every attribute had one item."""
    attributes = tuple(
        replace(each, items=(each.name,)) for each in asked.survey.attributes
    )
    survey = replace(asked.survey, attributes=attributes)
    return SimpleNamespace(
        survey=survey, items=ItemAnswers(pd.DataFrame()), weighted=asked.weighted
    )


@pytest.fixture(scope="module")
def reliability(asked):
    return study.measure_reliability(
        asked.survey, asked.weighted, asked.items, PARAMETERS
    )


@pytest.fixture(scope="module")
def likeness(asked):
    return study.compare_likeness(asked.survey, asked.weighted, asked.items)


@pytest.fixture(scope="module")
def gaps(asked):
    return study.measure_gaps(asked.survey, asked.weighted, asked.items, PARAMETERS)


def test_planted_reliabilities_come_back_in_their_order(reliability):
    assert reliability.table["attribute"].tolist() == ["trust", "rates", "app", "staff"]
    for row in reliability.table.itertuples():
        # The halo of variance 0.16 counts as reliable: it comes back every time.
        common = LOADINGS[row.attribute] ** 2 + 0.16
        alpha = 3 * common / (3 * common + 1 - LOADINGS[row.attribute] ** 2)
        assert row.alpha_lower - 0.02 < alpha < row.alpha_upper + 0.02
        assert row.omega == pytest.approx(row.alpha, abs=0.02)
        assert row.reason == ""
    assert set(reliability.tiers["tier"]) == {"basic", "gold"}


def test_the_least_reliable_attribute_is_named(reliability):
    finding = study.find_reliability(reliability)
    assert finding.verdict == "measured"
    assert finding.headline == "3 of 4 attributes are surely measured well enough"
    assert finding.sentence.startswith("Trust is measured least well")
    assert finding.change in {"rose", "fell", "no clear change"}
    assert isinstance(study.chart_reliability(reliability), Chart)
    assert len(study.tabulate_reliability(reliability).rows) == 4


def test_reliable_attributes_need_no_new_questions(reliability):
    better = replace(reliability, table=reliability.table.iloc[1:], previous=None)
    finding = study.find_reliability(better)
    assert finding.headline == "All 3 attributes are measured well enough"
    assert finding.action.startswith("Keep the questions")
    assert finding.change is None


def test_one_item_is_refused_with_its_reason(single):
    found = study.measure_reliability(
        single.survey, single.weighted, single.items, PARAMETERS
    )
    finding = study.find_reliability(found)
    assert finding.verdict == "not identified"
    assert "noise can't be told from one item" in finding.sentence
    assert isinstance(study.chart_reliability(found), Note)
    alike = study.compare_likeness(single.survey, single.weighted, single.items)
    assert "can't be tested" in study.note_likeness(alike).text
    assert "can't be tested" in study.note_structure(alike).text
    assert isinstance(study.tabulate_likeness(alike), Note)


def test_gaps_of_single_items_are_mapped_too(single):
    found = study.measure_gaps(single.survey, single.weighted, single.items, PARAMETERS)
    assert found.scores["skipped_pct"].max() < 1
    assert "Nobody who was asked skipped" in study.note_gaps(found).text


def test_where_nothing_is_skipped_nothing_is_filled_in(gaps):
    full = replace(gaps, scores=gaps.scores.assign(skipped_pct=0.0))
    assert "Nobody who was asked skipped" in study.note_gaps(full).text


def test_one_tier_is_not_laid_beside_itself(reliability):
    gold = reliability.tiers[reliability.tiers["tier"] == "gold"]
    table = study.tabulate_reliability(replace(reliability, tiers=gold))
    assert not [each for each in table.rows if each.startswith("tier")]


def test_tiers_that_understand_alike_may_be_compared(likeness):
    text = study.note_likeness(likeness).text
    assert "Scores may be compared across tiers: all 4 attributes" in text
    assert "across the last two waves" in text
    assert len(study.tabulate_likeness(likeness).rows) == 4


def test_another_yardstick_is_found_in_its_attribute_alone():
    built = build(6, shift=0.6)
    found = study.compare_likeness(built.survey, built.weighted, built.items)
    different = found.table[found.table["verdict"] == DIFFERENT]
    assert different[["attribute", "compared"]].to_numpy().tolist() == [
        ["staff", TIERS]
    ]
    assert "Scores of Staff should not be compared" in study.note_likeness(found).text


def test_marker_gives_back_the_correlation_without_halo(likeness):
    marker, whole = likeness.marker, likeness.whole
    assert 0.1 < marker.shared < marker.between
    assert marker.adjusted < marker.between - 0.05
    assert whole.fit.cfi > 0.98
    assert 0 < whole.heterotrait < 0.85
    text = study.note_structure(likeness).text
    assert text.startswith("Questions stand for the attributes")
    bare = replace(likeness, marker=None)
    assert "habit of answering can't be told" in study.note_structure(bare).text
    fit = replace(whole.fit, cfi=0.8)
    poor = replace(likeness, whole=replace(whole, fit=fit))
    assert "do not quite stand" in study.note_structure(poor).text


def test_who_does_not_use_the_app_is_not_filled_in(gaps, asked):
    rows = gaps.channels[~gaps.channels["asked"]]
    assert rows[["attribute", "channel"]].to_numpy().tolist() == [["app", "no app"]]
    app = gaps.scores.set_index("attribute").loc["app"]
    wave = asked.weighted.reported
    assert app["nobs"] == (wave.respondents["channel"] == "uses the app").sum()
    assert app["skipped_pct"] == pytest.approx(3, abs=1)
    assert study.note_gaps(gaps).text.startswith("App: who does not use the channel")


def test_three_treatments_of_chance_gaps_agree(gaps):
    scores = gaps.scores
    assert (scores["filled"] - scores["given"]).abs().max() < 0.02
    assert (scores["filled"] - scores["likely"]).abs().max() < 0.02
    assert (scores["filled_lower"] < scores["complete"]).all()
    assert (scores["missing_information_pct"].between(0, 10)).all()
    assert len(study.tabulate_gaps(gaps).rows) == 4


def test_exhibits_speak_chinese(reliability, likeness, gaps):
    with speak("zh"):
        assert "测得最不可靠" in study.find_reliability(reliability).sentence
        assert "客户层级" in study.note_likeness(likeness).text
        assert "填补" in study.note_gaps(gaps).text


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_world_is_scored_by_every_estimator(scenario):
    rows = score_items(scenario, np.random.default_rng(3))
    assert rows["estimator"].iloc[0] == "report"
    assert rows["estimator"].nunique() >= 2
    assert np.isfinite(rows[["truth", "estimate", "lower", "upper"]]).all(axis=None)
