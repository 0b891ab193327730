"""The survey's truths: weights, shifts, gaps and biases are found again."""

import json

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

from analysis.synthetic import attributes, survey_answers, survey_field
from analysis.synthetic.survey_items import DRIVERS, ITEMS, QUESTIONS
from analysis.synthetic.survey_truth import (
    measure_alphas,
    share_importance,
    share_latent_importance,
)

NAMES = [driver.item for driver in DRIVERS]


def read(folder, name):
    return ds.dataset(folder / f"{name}.parquet").to_table().to_pandas()


def list_questions(name):
    return [f"{name}_{number}" for number in range(1, QUESTIONS + 1)]


@pytest.fixture(scope="module")
def answers(large_bank):
    """Give one row a respondent: items, means of attributes, who was careless."""
    scores = read(large_bank, "survey_answers").pivot_table(
        index=["wave", "respondent_id"], columns="item", values="score"
    )
    for name in NAMES:
        scores[name] = scores[list_questions(name)].mean(axis=1)
    key = ["wave", "respondent_id"]
    frame = read(large_bank, "survey_responses").set_index(key).join(scores)
    straight = read(large_bank, "truth/straight_liners").set_index(key)
    frame["straight"] = frame.index.isin(straight.index)
    customers = read(large_bank, "customers").set_index("customer_id")
    return frame.join(customers[["is_digital", "birth_year"]], on="customer_id")


def test_population_importance_adds_up_to_one():
    shares, floors, _ = share_importance()
    assert sum(shares.values()) == pytest.approx(1)
    # What is asked badly gets an effect below nil, and then its floor is above it.
    assert all(0 < floors[item] <= shares[item] + 0.02 for item in shares)


def test_population_importance_follows_the_weights():
    shares, floors, effects = share_importance()
    idle = [driver.item for driver in DRIVERS if driver.weight == 0]
    assert set(sorted(NAMES, key=shares.get)[-3:]) == {"staff", "app", "rates"}
    # Correlated drivers without any effect still get a share: all of it is floor.
    for item in idle:
        assert shares[item] > 0.04
        assert shares[item] == pytest.approx(floors[item], abs=0.015)
        assert abs(effects[item]) < 0.04


def test_what_is_asked_badly_looks_less_important():
    shares, _, _ = share_importance()
    latent = share_latent_importance()
    weighted = [driver.item for driver in DRIVERS if driver.weight > 0]
    assert sorted(weighted, key=latent.get, reverse=True) == weighted
    assert latent["staff"] > latent["app"]
    assert shares["staff"] < shares["app"], "its questions are less reliable"
    assert sum(latent.values()) == pytest.approx(1)


def test_questions_are_as_reliable_as_planned(answers):
    # The mean of three answers is more reliable by halo and less by grading.
    expected = measure_alphas()
    careful = answers[~answers["straight"]]
    for driver in DRIVERS:
        table = careful[list_questions(driver.item)].dropna().cov().to_numpy()
        alpha = QUESTIONS / (QUESTIONS - 1) * (1 - np.trace(table) / table.sum())
        assert alpha == pytest.approx(expected[driver.item], abs=0.012)
        assert driver.alpha - 0.01 < expected[driver.item] < driver.alpha + 0.08
    assert min(driver.alpha for driver in DRIVERS) == 0.65
    assert max(driver.alpha for driver in DRIVERS) == 0.92


def test_expectations_lie_above_performance_as_planned(answers, large_bank):
    truth = json.loads((large_bank / "truth" / "params.json").read_text("utf-8"))
    planted = truth["survey"]["expectations"]["gap_points"]
    careful = answers[~answers["straight"] & answers["is_digital"]]
    early = careful[careful.index.get_level_values("wave") < "2025Q1"]  # no shift yet
    for driver in DRIVERS:
        expected = early[f"{driver.item}_expected"]
        gap = (expected - early[driver.item]).mean()
        assert gap == pytest.approx(planted[driver.item], abs=0.25)


def test_the_satisfaction_index_is_that_of_the_frame(answers, large_bank):
    waves = read(large_bank, "truth/waves").set_index("wave")
    careful = answers[~answers["straight"]]
    three = careful[["overall", "expectations_met", "ideal"]].mean(axis=1)
    found = (100 / 9 * (three - 1)).groupby("wave").mean()
    # The satisfied answer more readily: the mean of the answers is too high.
    assert (found - waves["index"]).mean() == pytest.approx(3, abs=2)
    assert waves["index"].between(60, 80).all()


def test_least_squares_find_the_population_effects_again(answers):
    _, _, effects = share_importance()
    items = NAMES
    users = answers[~answers["straight"]].dropna(subset=[*items, "overall"])
    scaled = users[[*items, "overall"]]
    scaled = (scaled - scaled.mean()) / scaled.std()
    regressors, outcome = scaled[items].to_numpy(), scaled["overall"].to_numpy()
    inverse = np.linalg.inv(regressors.T @ regressors)
    found = inverse @ regressors.T @ outcome
    rest = outcome - regressors @ found
    errors = np.sqrt(np.diag(inverse) * rest.var())
    truth = np.array([effects[item] for item in items])
    assert len(users) > 8_000
    assert (np.abs(found - truth) < 3 * errors).all()


def test_attributes_correlate_as_planned(answers):
    items = NAMES
    table = answers.loc[~answers["straight"], items].corr().to_numpy()
    observed = table[np.triu_indices(len(items), 1)].mean()
    # With the mean item reliability .61 of three items: (.6 * .61 + halo .2025) /
    # (.61 + .2025 + .39 / 3) = .60, before answers are cut into ten.
    assert observed == pytest.approx(0.58, abs=0.05)


def test_only_users_of_the_app_rate_it(answers):
    asked = [item.item for item in ITEMS if item.attribute == "app"]
    assert len(asked) == QUESTIONS + 1
    assert answers.loc[~answers["is_digital"], asked].isna().all(axis=None)
    users = answers.loc[answers["is_digital"], "app_1"]
    assert users.isna().mean() == pytest.approx(survey_answers.MISSING_SHARE, abs=0.01)


def test_straight_liners_are_few_and_fast(answers):
    straight = answers["straight"]
    assert straight.mean() == pytest.approx(survey_answers.STRAIGHT_SHARE, abs=0.01)
    medians = answers.groupby(straight)["seconds"].median()
    assert medians[True] < 0.5 * medians[False]
    items = [item.item for item in ITEMS]
    spread = answers.loc[straight, items].std(axis=1)
    assert (spread.dropna() == 0).all()


def test_weights_add_up_to_the_frame(answers, large_bank):
    waves = read(large_bank, "truth/waves").set_index("wave")
    invited = read(large_bank, "survey_waves").set_index("wave")["invited"]
    assert (waves["invited"] == invited).all()
    scaled = answers.groupby("wave")["design_weight"].mean() * waves["invited"]
    assert np.abs(scaled / waves["frame"] - 1).max() < 0.05


def test_a_wave_has_about_1800_answers(answers):
    sizes = answers.groupby("wave").size()
    assert len(sizes) == 12
    assert sizes.between(1_500, 2_000).all()


def test_the_satisfied_and_the_old_answer_more(answers, large_bank):
    waves = read(large_bank, "truth/waves").set_index("wave")
    careful = answers[~answers["straight"]]
    promoter = (careful["recommend"] >= 9).astype(float)
    detractor = (careful["recommend"] <= 6).astype(float)
    weight = careful["design_weight"].where(careful["recommend"].notna(), 0)
    score = 100 * ((promoter - detractor) * weight).groupby("wave").sum()
    bias = score / weight.groupby("wave").sum() - waves["net_promoter"]
    assert bias.mean() > 2  # points; nonresponse slope .2
    customers = read(large_bank, "customers")
    assert answers["birth_year"].mean() < customers["birth_year"].mean()


def test_planted_shifts_are_seen(answers):
    waves = sorted(answers.index.get_level_values("wave").unique())
    careful = answers[~answers["straight"]]
    means = careful.groupby("wave")[[item for item, *_ in attributes.SHIFTS]].mean()
    for item, first, size in attributes.SHIFTS:
        change = (
            means.loc[waves[first:], item].mean()
            - means.loc[waves[:first], item].mean()
        )
        assert np.sign(change) == np.sign(size)
        assert abs(change) > 0.25  # points on a scale of ten


def test_waiting_is_shorter_once_customers_say_so(large_bank):
    events = ds.dataset(large_bank / "events").to_table(["period", "wait_minutes"])
    waits = events.to_pandas().dropna().groupby("period")["wait_minutes"].mean()
    _, first, size = next(shift for shift in attributes.SHIFTS if shift[0] == "waiting")
    ratio = waits.iloc[3 * first :].mean() / waits.iloc[: 3 * first].mean()
    expected = np.exp(-attributes.WAIT_BY_ATTRIBUTE * size)
    assert ratio == pytest.approx(expected, rel=0.03)


def test_more_are_invited_where_few_live(answers):
    weights = answers["design_weight"].groupby("wave").agg(["min", "max"])
    assert (weights["max"] / weights["min"]).between(2.4, 3.0).all()


def test_the_truth_of_a_wave_is_that_of_its_frame(large_bank):
    waves = read(large_bank, "truth/waves")
    assert waves["net_promoter"].between(5, 30).all()
    assert waves["answered"].le(waves["invited"]).all()
    truth = json.loads((large_bank / "truth" / "params.json").read_text("utf-8"))
    weights = truth["survey"]["latent_weights"]
    assert pd.Series(weights).sum() == pytest.approx(1.2)


def test_a_fifth_of_a_wave_answered_the_one_before(answers):
    asked = answers.reset_index().groupby("wave")["customer_id"].agg(set).sort_index()
    shares = [
        len(asked.iloc[place] & asked.iloc[place - 1]) / len(asked.iloc[place])
        for place in range(1, len(asked))
    ]
    assert np.mean(shares) == pytest.approx(0.2, abs=0.04)


def test_the_dissatisfied_answer_later(answers):
    careful = answers[~answers["straight"]].dropna(subset=["overall"])
    day = pd.to_datetime(careful["answered_date"]).dt.day
    low = day[careful["overall"] <= 6].mean()
    assert low > day[careful["overall"] >= 9].mean() + 1.5
    assert day.max() == survey_field.FIELD_DAYS


def test_only_users_of_the_app_answer_in_it(answers):
    used = answers.groupby("is_digital")["channel"].value_counts(normalize=True)
    assert "手机" not in used[False].index
    assert used[True]["手机"] == pytest.approx(0.62, abs=0.02)
