"""The survey's truths: weights, shifts, gaps and biases are found again."""

import json

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

from analysis.synthetic import survey
from analysis.synthetic.truth import share_importance


def read(folder, name):
    return ds.dataset(folder / f"{name}.parquet").to_table().to_pandas()


@pytest.fixture(scope="module")
def answers(large_bank):
    """Give one row a respondent: items, weight, seconds, who was straight-lining."""
    scores = read(large_bank, "survey_answers").pivot_table(
        index=["wave", "respondent_id"], columns="item", values="score"
    )
    key = ["wave", "respondent_id"]
    frame = read(large_bank, "survey_responses").set_index(key).join(scores)
    straight = read(large_bank, "truth/straight_liners").set_index(key)
    frame["straight"] = frame.index.isin(straight.index)
    customers = read(large_bank, "customers").set_index("customer_id")
    return frame.join(customers[["is_digital", "birth_year"]], on="customer_id")


def test_population_importance_adds_up_to_one():
    shares, floors, _ = share_importance()
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0 < floors[item] <= shares[item] + 0.01 for item in shares)


def test_population_importance_follows_the_weights():
    shares, floors, effects = share_importance()
    weighted = [driver.item for driver in survey.DRIVERS if driver.weight > 0]
    idle = [driver.item for driver in survey.DRIVERS if driver.weight == 0]
    ranked = sorted(weighted, key=shares.get, reverse=True)
    assert ranked == weighted
    # Correlated drivers without any effect still get a share: all of it is floor.
    for item in idle:
        assert shares[item] > 0.05
        assert shares[item] == pytest.approx(floors[item], abs=0.01)
        assert abs(effects[item]) < 0.03


def test_least_squares_find_the_population_effects_again(answers):
    _, _, effects = share_importance()
    items = [driver.item for driver in survey.DRIVERS]
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
    items = [driver.item for driver in survey.DRIVERS]
    table = answers.loc[~answers["straight"], items].corr().to_numpy()
    observed = table[np.triu_indices(len(items), 1)].mean()
    # (.6 + halo .2025) / 1.2025 = .667 before answers are cut into ten.
    assert observed == pytest.approx(0.64, abs=0.04)


def test_only_users_of_the_app_rate_it(answers):
    assert answers.loc[~answers["is_digital"], "app"].isna().all()
    users = answers.loc[answers["is_digital"], "app"]
    assert users.isna().mean() == pytest.approx(survey.MISSING_SHARE, abs=0.01)


def test_straight_liners_are_few_and_fast(answers):
    straight = answers["straight"]
    assert straight.mean() == pytest.approx(survey.STRAIGHT_SHARE, abs=0.01)
    medians = answers.groupby(straight)["seconds"].median()
    assert medians[True] < 0.5 * medians[False]
    items = [driver.item for driver in survey.DRIVERS]
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
    means = careful.groupby("wave")[[item for item, *_ in survey.SHIFTS]].mean()
    for item, first, size in survey.SHIFTS:
        change = (
            means.loc[waves[first:], item].mean()
            - means.loc[waves[:first], item].mean()
        )
        assert np.sign(change) == np.sign(size)
        assert abs(change) > 0.25  # points on a scale of ten


def test_waiting_is_shorter_once_customers_say_so(large_bank):
    events = ds.dataset(large_bank / "events").to_table(["period", "wait_minutes"])
    waits = events.to_pandas().dropna().groupby("period")["wait_minutes"].mean()
    _, first, size = next(shift for shift in survey.SHIFTS if shift[0] == "waiting")
    ratio = waits.iloc[3 * first :].mean() / waits.iloc[: 3 * first].mean()
    expected = np.exp(-survey.WAIT_BY_SHIFT * size)
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
