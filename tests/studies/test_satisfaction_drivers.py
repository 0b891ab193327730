"""The study finds planted drivers, weights to the frame, refuses what it must."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.sources import read_tables
from analysis.errors import BadInputError
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import MINIMUM_CELL, is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers.answers.survey import (
    Attribute,
    Survey,
    read_items,
)
from analysis.studies.satisfaction_drivers.levels.measures import tilt_answers
from analysis.studies.satisfaction_drivers.parameters import SUPPRESSED_BELOW
from analysis.wording import speak

QUARTERS = ("2026Q2", "2026Q3")
WEIGHTS = {"staff": 0.5, "rates": 0.3, "app": 0.2, "branch": 0.0, "advice": 0.0}
PARAMETERS = study.Parameters(quarter="2026Q3", replicates=300)
DATA = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data"))


def grade(values, shift=0.0):
    return np.clip(np.round(7 + shift + 1.6 * values), 1, 10)


def draw_wave(rng, quarter, *, size=1500, shift=0.0):
    """Answers whose drivers, weights and gaps are known; the young answer rarely."""
    common = rng.standard_normal((size, 1))
    attributes = 0.77 * common + 0.64 * rng.standard_normal((size, len(WEIGHTS)))
    satisfied = attributes @ np.array(list(WEIGHTS.values()))
    satisfied = satisfied / satisfied.std() + 0.8 * rng.standard_normal(size)
    satisfied /= satisfied.std()
    rows = pd.DataFrame(grade(attributes), columns=list(WEIGHTS))
    rows["rates"] = grade(attributes[:, 1], -1.2)
    digital = rng.random(size) < 0.7
    rows.loc[~digital, "app"] = np.nan
    rows["satisfaction"] = grade(satisfied, shift)
    rows["recommend"] = np.clip(np.round(7.4 + shift + 2 * satisfied), 0, 10)
    young = rng.random(size) < 0.2
    return rows.assign(
        quarter=quarter,
        respondent_id=[f"{quarter}-{number}" for number in range(size)],
        customer_id=[f"C{number}" for number in rng.permutation(9000)[:size]],
        design_weight=5.0,
        seconds=np.round(200 * np.exp(0.3 * rng.standard_normal(size))),
        in_frame=True,
        tier=np.where(rng.random(size) < 0.98, "basic", "gold"),
        customer_type="person",
        age_band=np.where(young, "under 30", "30 to 44"),
        channel=np.where(digital, "uses the app", "no app"),
        region="north",
        answered=6,
        smallest=1.0,
        largest=10.0,
    )


@pytest.fixture(scope="module")
def survey():
    rng = np.random.default_rng(7)
    waves = [draw_wave(rng, quarter) for quarter in QUARTERS]
    frame = pd.DataFrame(
        [
            (quarter, tier, "person", age, channel, "north", count)
            for quarter in QUARTERS
            for tier, share in (("basic", 0.97), ("gold", 0.03))
            for age, part in (("under 30", 0.4), ("30 to 44", 0.6))
            for channel, split in (("uses the app", 0.6), ("no app", 0.4))
            if (count := round(12_000 * share * part * split))
        ],
        columns=[
            "quarter", "tier", "customer_type", "age_band", "channel", "region",
            "customers",
        ],
    )  # fmt: skip
    labels = {name: name.capitalize() for name in WEIGHTS}
    return Survey(
        quarters=QUARTERS,
        invited=dict.fromkeys(QUARTERS, 5000),
        attributes=tuple(
            Attribute(name, labels[name], (name,), 1.0, 10.0) for name in WEIGHTS
        ),
        outcomes={
            "satisfaction": Attribute("satisfaction", "Overall", ("o",), 1.0, 10.0),
            "recommend": Attribute("recommend", "Recommend", ("r",), 0.0, 10.0),
        },
        respondents=pd.concat(waves, ignore_index=True),
        frame=frame,
        source="A survey",
    )


@pytest.fixture(scope="module")
def weighted(survey):
    return study.weigh_survey(survey, PARAMETERS)


@pytest.fixture(scope="module")
def levels(survey, weighted):
    return study.measure_levels(survey, weighted, PARAMETERS)


@pytest.fixture(scope="module")
def drivers(survey, weighted):
    return study.rank_drivers(survey, weighted.waves, PARAMETERS)


def test_weights_add_up_to_the_frame_in_every_margin(weighted):
    wave = weighted.reported
    assert wave.raked.discrepancy <= 1e-10
    held = wave.respondents
    young = held.loc[held["age_band"] == "under 30", "customers"].sum()
    assert young / held["customers"].sum() == pytest.approx(0.4)
    assert wave.design_effect > 1.1


def test_doubtful_answers_are_left_out_and_counted(survey):
    held = survey.respondents.copy()
    doubtful = held["quarter"].eq("2026Q3") & (np.arange(len(held)) % 20 == 0)
    held.loc[doubtful, ["smallest", "largest"]] = 7.0
    held.loc[doubtful, "seconds"] = 40.0
    screened = study.weigh_survey(replace(survey, respondents=held), PARAMETERS)
    dropped = len(screened.unscreened.weights) - len(screened.reported.weights)
    assert dropped == screened.reported.straight == doubtful.sum()


def test_slow_answers_all_alike_are_kept(survey):
    held = survey.respondents.assign(smallest=7.0, largest=7.0, seconds=300.0)
    kept = study.weigh_survey(replace(survey, respondents=held), PARAMETERS).reported
    assert len(kept.weights) == 1500
    assert kept.straight == 1500


def test_planted_drivers_are_found_in_their_order(drivers):
    table = drivers.now.table
    assert table["attribute"].tolist()[:3] == ["staff", "rates", "app"]
    assert drivers.now.verdict == "stable"


def test_drivers_without_effect_fall_to_their_floor(drivers):
    table = drivers.now.table.set_index("attribute")
    idle = table.loc[["branch", "advice"]]
    assert (idle["lmg"] > 4).all(), "the plain share credits them all the same"
    # Grading answers to whole points leaves a little of the others' effect in them.
    assert (idle["own"] < 0.4 * idle["lmg"]).all()
    assert table.loc["staff", "own"] > 0.8 * table.loc["staff", "lmg"]


def test_ranks_and_shares_add_up(drivers):
    table = drivers.now.table
    assert table["first"].sum() == pytest.approx(100)
    assert table["top_3"].sum() == pytest.approx(300)
    assert table["lmg"].sum() == pytest.approx(drivers.now.r_squared)
    own = table["lmg"] - table["floor"]
    np.testing.assert_allclose(own, table["own"], atol=1e-12)


def test_an_important_attribute_rated_low_is_fixed_first(drivers):
    finding = study.find_fix_first(drivers)
    assert finding.headline == "To fix first: Rates, which matters and is rated low"
    assert finding.requirement == "C3"
    table = drivers.now.table.set_index("attribute")
    assert table.loc["rates", "fix_first"] >= 95
    assert table.loc["staff", "fix_first"] <= 5


def test_the_same_seed_gives_the_same_numbers(survey, weighted, drivers):
    again = study.rank_drivers(survey, weighted.waves, PARAMETERS)
    pd.testing.assert_frame_equal(again.now.table, drivers.now.table)


def test_nothing_changed_is_said_in_these_words(levels):
    finding = study.find_net_promoter_score(levels, PARAMETERS)
    assert finding.change == "no clear change"
    assert finding.headline.endswith("no clear change since 2026Q2")
    assert finding.previous == pytest.approx(levels.before("net_promoter"))


@pytest.mark.parametrize(("shift", "word"), [(0.8, "rose"), (-0.8, "fell")])
def test_a_planted_change_is_found(survey, shift, word):
    rng = np.random.default_rng(11)
    waves = [draw_wave(rng, "2026Q2"), draw_wave(rng, "2026Q3", shift=shift)]
    moved = replace(survey, respondents=pd.concat(waves, ignore_index=True))
    weighted = study.weigh_survey(moved, PARAMETERS)
    levels = study.measure_levels(moved, weighted, PARAMETERS)
    assert study.find_net_promoter_score(levels, PARAMETERS).change == word
    assert study.find_satisfaction(levels).change == word


def test_segments_too_small_are_shown_together(levels):
    assert "gold" not in set(levels.segments["segment"]), "30 answers of gold"
    assert (levels.segments["effective"] >= SUPPRESSED_BELOW).all()


def test_rates_are_rated_below_service(drivers):
    finding = study.find_rates_and_service(study.compare_rates_and_service(drivers.now))
    assert finding.headline == "Customers rate prices below service"
    assert finding.upper < 0


def test_prices_and_service_cannot_be_compared_when_one_is_missing(survey, weighted):
    alone = PARAMETERS.model_copy(update={"rate_attributes": "none"})
    drivers = study.rank_drivers(survey, weighted.waves, alone)
    finding = study.find_rates_and_service(study.compare_rates_and_service(drivers.now))
    assert finding.verdict == "not identified"


def test_no_score_is_given_without_its_question(survey):
    silent = replace(survey, outcomes={"satisfaction": survey.outcomes["satisfaction"]})
    weighted = study.weigh_survey(silent, PARAMETERS)
    levels = study.measure_levels(silent, weighted, PARAMETERS)
    finding = study.find_net_promoter_score(levels, PARAMETERS)
    assert finding.verdict == "not identified"
    assert levels.measures == ("satisfaction", "top_box")


def test_without_a_frame_the_report_says_whom_it_describes(survey):
    blind = replace(survey, frame=None)
    weighted = study.weigh_survey(blind, PARAMETERS)
    levels = study.measure_levels(blind, weighted, PARAMETERS)
    assert weighted.reported.raked is None
    assert "all who answered" in study.find_satisfaction(levels).sentence
    assert "cannot be weighted" in study.find_who_answered(weighted, levels).headline
    (note,) = study.tabulate_weighting(blind, weighted, levels)
    assert isinstance(note, Note)


def test_drivers_that_say_nothing_are_refused(survey):
    rng = np.random.default_rng(3)
    held = survey.respondents.copy()
    held["satisfaction"] = rng.integers(1, 11, len(held)).astype(float)
    noise = replace(survey, respondents=held)
    weighted = study.weigh_survey(noise, PARAMETERS)
    drivers = study.rank_drivers(noise, weighted.waves, PARAMETERS)
    assert drivers.now.verdict == "cannot be told"
    assert study.find_top_driver(drivers).verdict == "not identified"
    assert study.find_fix_first(drivers).verdict == "not identified"


def test_a_wave_of_few_answers_is_refused(survey):
    few = replace(
        survey, respondents=survey.respondents.groupby("quarter").head(60), frame=None
    )
    weighted = study.weigh_survey(few, PARAMETERS)
    with pytest.raises(BadInputError, match="must have 100 usable answers"):
        study.rank_drivers(few, weighted.waves, PARAMETERS)


def test_one_wave_gives_a_note_instead_of_a_trend(survey):
    last = survey.respondents[survey.respondents["quarter"] == "2026Q3"]
    alone = replace(survey, quarters=("2026Q3",), respondents=last)
    weighted = study.weigh_survey(alone, PARAMETERS)
    levels = study.measure_levels(alone, weighted, PARAMETERS)
    assert isinstance(study.chart_trend(levels), Note)
    assert study.find_satisfaction(levels).change is None


def test_silence_of_the_unhappy_would_lower_the_score(levels):
    assert levels.nonresponse["estimate"].is_monotonic_decreasing
    finding = study.find_silent_customers(levels, None)
    assert finding.verdict == "not identified"


def test_what_raking_leaves_is_told_as_a_share_a_reader_knows(survey, weighted, levels):
    cost, *_ = study.tabulate_weighting(survey, weighted, levels)
    assert cost.rows["value"].iloc[-1] == "under 0.01%"


def test_every_exhibit_can_be_shown(survey, weighted, levels, drivers):
    exhibits = [
        study.chart_funnel(weighted, levels),
        study.chart_segments(levels),
        study.chart_trend(levels),
        study.chart_importance(drivers),
        study.chart_map(drivers),
        study.tabulate_levels(levels),
        study.tabulate_ranks(drivers),
        study.tabulate_fixes(drivers),
        study.tabulate_nonresponse(levels),
        *study.tabulate_weighting(survey, weighted, levels),
        study.note_idle_attributes(drivers),
        study.find_segment_gap(levels),
        study.find_who_answered(weighted, levels),
        study.find_top_driver(drivers),
    ]
    assert all(bundle(exhibit)["text/plain"] for exhibit in exhibits)
    assert sum(isinstance(exhibit, Chart) for exhibit in exhibits) == 5


def make_items(**columns):
    """Two items of one attribute and one outcome, with labels as given."""
    rows = {
        "item": ["q1", "q2", "q3"],
        "role": ["driver", "driver", "satisfaction"],
        "attribute": ["ease_of_use", "ease_of_use", None],
        "scale_minimum": 1.0,
        "scale_maximum": 10.0,
        "label_en": ["Ease, item 1", "Ease, item 2", "Overall"],
        "label_zh": ["易用，第1题", "易用，第2题", None],
        "attribute_label_en": ["ease", "ease", None],
        "attribute_label_zh": ["易用性", "易用性", None],
    }
    return pd.DataFrame(rows | columns)


@pytest.mark.parametrize(
    ("language", "attribute", "outcome"),
    [("en", "Ease", "Overall"), ("zh", "易用性", "Overall")],
)
def test_attributes_are_named_in_the_readers_language(language, attribute, outcome):
    with speak(language):
        attributes, outcomes = read_items(make_items())
    assert [each.label for each in attributes] == [attribute]
    assert outcomes["satisfaction"].label == outcome, "no label in Chinese"
    assert attributes[0].name == "ease_of_use", "parameters name the code"


def test_an_attribute_without_a_name_is_called_by_its_code():
    nothing = dict.fromkeys(["attribute_label_en", "attribute_label_zh"], None)
    attributes, _ = read_items(make_items(**nothing))
    assert attributes[0].label == "Ease of use"


def test_an_attribute_of_one_item_is_called_as_the_item():
    nothing = dict.fromkeys(["attribute_label_en", "attribute_label_zh"], None)
    items = make_items(attribute=["ease", "speed", None], **nothing)
    with speak("zh"):
        attributes, _ = read_items(items)
    assert [each.label for each in attributes] == ["易用，第1题", "易用，第2题"]


def test_prices_are_named_by_code_never_by_label(survey, weighted):
    by_label = PARAMETERS.model_copy(update={"rate_attributes": "Rates"})
    drivers = study.rank_drivers(survey, weighted.waves, by_label)
    assert set(drivers.now.table["role"]) == {"service"}


def screen(survey, doubtful):
    """The reported wave with so many answers that are all alike and too fast."""
    held = survey.respondents.copy()
    chosen = held.index[held["quarter"] == "2026Q3"][:doubtful]
    held.loc[chosen, ["smallest", "largest"]] = 7.0
    held.loc[chosen, "seconds"] = 40.0
    moved = replace(survey, respondents=held)
    weighted = study.weigh_survey(moved, PARAMETERS)
    return weighted, study.measure_levels(moved, weighted, PARAMETERS)


def test_what_a_few_left_out_would_change_is_not_told(survey):
    weighted, levels = screen(survey, MINIMUM_CELL - 1)
    sentence = study.find_who_answered(weighted, levels).sentence
    assert "fewer than 10 were left out" in sentence
    assert "doubtful" not in sentence
    assert "1,500" not in sentence, "answers before the few were left out"
    chart = study.chart_funnel(weighted, levels)
    steps = dict(chart.drawing.data.rows)
    assert list(steps.values()) == [5000.0, 1491.0]
    assert " 9 " not in chart.note


def test_what_many_left_out_would_change_is_told(survey):
    weighted, levels = screen(survey, MINIMUM_CELL)
    sentence = study.find_who_answered(weighted, levels).sentence
    assert "With the 10 doubtful answers kept" in sentence


def test_a_small_segment_is_hidden_with_another_one(levels):
    rows = levels.segments
    small = rows["segment"].eq("uses the app")
    few = replace(levels, segments=rows.assign(nobs=rows["nobs"].mask(small, 5)))
    shown = study.tabulate_levels(few).rows.set_index("segment")
    assert is_suppressed(shown.loc["uses the app", "estimate"])
    assert is_suppressed(shown.loc["no app", "estimate"]), "it follows from the total"
    assert not is_suppressed(shown.loc["under 30", "estimate"])


def test_all_that_is_shown_has_passed_the_door(survey, weighted, levels, drivers):
    tables = [
        study.tabulate_levels(levels),
        study.tabulate_ranks(drivers),
        study.tabulate_fixes(drivers),
        study.tabulate_nonresponse(levels),
        *study.tabulate_weighting(survey, weighted, levels),
    ]
    for table in tables:
        behind = table.released.customers
        assert behind is not None
        assert all(n is None or n >= MINIMUM_CELL for n in behind), table.title


def test_an_attribute_that_a_few_answered_is_left_out(survey):
    held = survey.respondents.copy()
    wave = held.index[held["quarter"] == "2026Q3"]
    held = held.drop(wave[120:])
    held.loc[wave[MINIMUM_CELL - 1 : 120], "advice"] = np.nan
    few = replace(survey, respondents=held, frame=None)
    weighted = study.weigh_survey(few, PARAMETERS)
    drivers = study.rank_drivers(few, weighted.waves, PARAMETERS)
    assert "advice" not in set(drivers.now.table["attribute"])
    assert drivers.now.left_out == ("Advice",)


def test_parameters_refuse_a_quarter_that_is_none():
    with pytest.raises(ValidationError, match="must be written like"):
        study.Parameters(quarter="2026-3")


@pytest.mark.skipif(
    not (DATA / "csibank").exists(), reason="the csibank survey is not at hand"
)
def test_a_real_survey_ranks_value_first_as_published_paths_do():
    # Path coefficients on satisfaction of the R package genpathmox's data, PLS mode
    # A: value .449, quality .261, image .180, expectations .034 (p .11).
    tables = read_tables(
        study.TABLES,
        quarter="2008Q4",
        source="csibank",
        optional=study.OPTIONAL_TABLES,
    )
    parameters = study.Parameters(quarter="2008Q4", replicates=300)
    survey = study.read_survey(tables, parameters)
    weighted = study.weigh_survey(survey, parameters)
    drivers = study.rank_drivers(survey, weighted.waves, parameters)
    order = ["value", "quality", "image", "expectations"]
    assert drivers.now.table["attribute"].tolist() == order
    assert drivers.now.table["own_lower"].iloc[-1] <= 0
    assert survey.frame is None


@pytest.fixture(scope="module")
def bank(large_bank):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(large_bank))
        tables = read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
    parameters = study.Parameters(quarter="2026Q3", replicates=300)
    survey = study.read_survey(tables, parameters)
    weighted = study.weigh_survey(survey, parameters)
    levels = study.measure_levels(survey, weighted, parameters)
    truth = pd.read_parquet(large_bank / "truth" / "waves.parquet").set_index("wave")
    return survey, weighted, levels, truth


def test_the_score_of_the_synthetic_bank_flatters_as_its_truth_says(bank):
    # Satisfied customers answer more readily (log-odds +0.2 a deviation): raking
    # cannot mend it, undoing that slope does, on average over eight waves.
    survey, weighted, levels, truth = bank
    true = truth["net_promoter"].reindex(list(survey.quarters)).to_numpy()
    raked = levels.trend.query("measure == 'net_promoter'")["estimate"].to_numpy()
    assert (raked - true).mean() > 3
    tilted = [
        tilt_answers(survey, wave, "net_promoter").set_index("slope").loc[0.2]
        for wave in weighted.waves
    ]
    # Standard error of a mean over eight waves: 1.9 / sqrt(8) = 0.7 points.
    assert abs(np.mean(tilted) - true.mean()) < 2.5


def test_drivers_of_the_synthetic_bank_are_found(bank):
    survey, weighted, _, _ = bank
    parameters = study.Parameters(quarter="2026Q3", replicates=300)
    table = study.rank_drivers(survey, weighted.waves, parameters).now.table
    # Planted weights: staff .30, app .25, rates .20; four attributes have none.
    assert set(table["attribute"].head(3)) <= {"staff", "app", "rates", "waiting"}
    idle = table[
        table["attribute"].isin(["branch", "advice", "saving_time", "offerings"])
    ]
    assert (idle["own_lower"] <= 0).sum() >= 3


def test_straight_liners_of_the_synthetic_bank_are_caught(bank, large_bank):
    _, weighted, _, _ = bank
    planted = pd.read_parquet(large_bank / "truth" / "straight_liners.parquet")
    planted = set(planted.loc[planted["wave"] == "2026Q3", "respondent_id"])
    kept = set(weighted.reported.respondents["respondent_id"])
    dropped = set(weighted.unscreened.respondents["respondent_id"]) - kept
    # Both bars come from simulations of this rule: precision .97, recall .89.
    assert len(dropped & planted) / len(dropped) >= 0.9
    assert len(dropped & planted) / len(planted) >= 0.7
