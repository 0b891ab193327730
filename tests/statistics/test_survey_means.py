"""Weighted means and changes agree with published errors and cover planted truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.net_promoter import measure_variance, score_promoters
from analysis.statistics.survey_means import (
    detect_change,
    estimate_change,
    estimate_mean,
)
from analysis.statistics.survey_weights import encode_margins, rake_weights

# R package survey 4.1-1 (svymean) and NPS: half promoters, a third passives, a sixth
# detractors among 324, and weights 1, 2, 3 cycling.
FIRST_WAVE = np.repeat([1.0, 0.0, -1.0], [162, 108, 54])
SECOND_WAVE = np.repeat([1.0, 0.0, -1.0], [150, 120, 90])

# R package survey 4.1-1, data of California's schools: type, whether the school met its
# target, and of the score api00 how many, their sum and the sum of their squares.
SCHOOLS = (
    ("E", "No", 15, 8592, 5127344),
    ("H", "No", 13, 7711, 4797715),
    ("M", "No", 9, 4935, 2822583),
    ("E", "Yes", 127, 86000, 60481944),
    ("H", "Yes", 12, 7423, 4672763),
    ("M", "Yes", 24, 16656, 11837226),
)
STATE = {
    "stype": pd.Series({"E": 4421.0, "H": 755.0, "M": 1018.0}),
    "sch_wide": pd.Series({"No": 1072.0, "Yes": 5122.0}),
}


def rebuild_schools():
    """Answers with the published mean and variance in each cell; no more matters."""
    rows = []
    for kind, wide, n, total, squares in SCHOOLS:
        mean, half = total / n, n // 2
        deviation = np.sqrt((squares / n - mean**2) * n / (2 * half))
        scores = [mean + deviation, mean - deviation] * half + [mean] * (n % 2)
        rows += [(kind, wide, score) for score in scores]
    return pd.DataFrame(rows, columns=["stype", "sch_wide", "score"])


def test_raked_mean_and_its_error_agree_with_the_survey_package():
    schools = rebuild_schools()
    kinds = schools[["stype", "sch_wide"]]
    raked = rake_weights(kinds, STATE, np.full(200, 30.97))
    found = estimate_mean(
        schools["score"].to_numpy(), raked.weights, margins=encode_margins(kinds)
    )
    assert found.estimate == pytest.approx(657.791546, abs=5e-7)
    # The package regresses on the margins with design weights, we with raked ones as
    # Deville and Särndal do: four parts in a hundred thousand apart.
    assert found.std_error == pytest.approx(8.97171, rel=1e-4)
    finite = (1 - 200 / 6194) ** 0.5
    assert found.std_error * finite == pytest.approx(8.82568, rel=1e-4)
    fixed = estimate_mean(schools["score"].to_numpy(), raked.weights)
    assert fixed.std_error > found.std_error


def test_net_promoter_score_and_variance_agree_with_the_published_ones():
    found = estimate_mean(FIRST_WAVE, np.ones(324))
    assert found.estimate == pytest.approx(1 / 3)
    assert measure_variance(1 / 2, 1 / 6) == pytest.approx(1e4 * 5 / 9)
    # .041473 divides by n - 1, .041409 by n: NPS prints the second.
    assert found.std_error == pytest.approx(0.041473, abs=5e-7)
    assert np.sqrt(measure_variance(1 / 2, 1 / 6) / 324) == pytest.approx(
        4.1409, abs=5e-5
    )


def test_weighted_error_agrees_with_svymean():
    found = estimate_mean(FIRST_WAVE, np.tile([1.0, 2, 3], 108))
    assert found.std_error == pytest.approx(0.044796, abs=5e-7)
    # svymean compares with a simple sample of 324 drawn from 648 without replacement.
    simple = 5 / 9 / 323 * (1 - 324 / 648)
    assert found.std_error**2 / simple == pytest.approx(2.3333, abs=5e-5)


def test_change_between_independent_waves_agrees_with_the_published_one():
    later = estimate_mean(FIRST_WAVE, np.ones(324))
    earlier = estimate_mean(SECOND_WAVE, np.ones(360))
    change = estimate_change(later, earlier)
    assert change.estimate == pytest.approx(0.166667, abs=5e-7)
    # The published error divides by n, ours by n - 1: 0.15 % apart.
    assert change.lower == pytest.approx(0.050890, rel=4e-3)
    assert change.upper == pytest.approx(0.282443, rel=1e-3)
    assert change.pvalue == pytest.approx(0.004780, rel=2e-2)
    assert change.repeated == 0


@pytest.mark.parametrize(
    ("nobs", "points"), [(300, 19.2), (1000, 10.5), (3000, 6.1)], ids=str
)
def test_detectable_change_agrees_with_the_planning_table(nobs, points):
    # Promoters .35, detractors .25, design effect 1.2, power .8: 19.2, 10.5, 6.1.
    variance = 2 * measure_variance(0.35, 0.25) * 1.2 / nobs
    assert detect_change(np.sqrt(variance)) == pytest.approx(points, abs=0.06)


def test_answers_are_scored_as_published():
    answers = np.array([0.0, 6, 7, 8, 9, 10, np.nan])
    expected = [-100, -100, 0, 0, 100, 100, np.nan]
    np.testing.assert_array_equal(score_promoters(answers), expected)


def test_an_answer_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="from 0 to 10; 1 do not, the first"):
        score_promoters(np.array([3.0, 11.0]))


def test_one_margin_gives_the_error_of_a_stratified_sample():
    rng = np.random.default_rng(1)
    strata = np.repeat(["a", "b"], [80, 40])
    answers = rng.normal(np.where(strata == "a", 2.0, 8.0), 1.0)
    held = pd.DataFrame({"stratum": strata})
    raked = rake_weights(
        held, {"stratum": pd.Series({"a": 900, "b": 100})}, np.ones(120)
    )
    found = estimate_mean(answers, raked.weights, margins=encode_margins(held))
    variances = [answers[strata == name].var() for name in "ab"]
    # Post-stratification: sum of squared population shares x variance / n, and n/(n-1).
    expected = 0.9**2 * variances[0] / 80 + 0.1**2 * variances[1] / 40
    assert found.std_error**2 == pytest.approx(expected * 120 / 119)
    assert found.std_error < estimate_mean(answers, raked.weights).std_error


def test_intervals_of_raked_means_cover_the_truth():
    # 300 samples of 250 from a population whose answer follows two margins.
    rng = np.random.default_rng(20)
    population = pd.DataFrame(
        {
            "one": rng.choice(list("abc"), 20_000),
            "other": rng.choice(list("xy"), 20_000),
        }
    )
    level = population["one"].map({"a": 0, "b": 1, "c": 3}) + (
        population["other"] == "x"
    )
    answers = (level + rng.normal(0, 1, 20_000)).to_numpy()
    chance = np.where(population["other"] == "x", 0.018, 0.008)
    targets = {name: population[name].value_counts() for name in population}
    covered = 0
    for _ in range(300):
        drawn = np.flatnonzero(rng.random(20_000) < chance)
        held = population.iloc[drawn].reset_index(drop=True)
        weights = rake_weights(held, targets, np.ones(len(drawn))).weights
        found = estimate_mean(answers[drawn], weights, margins=encode_margins(held))
        covered += found.lower <= answers.mean() <= found.upper
    # .95 less three standard errors of a share of 300.
    assert 0.912 <= covered / 300 <= 0.985


def test_people_asked_twice_make_a_change_surer():
    rng = np.random.default_rng(3)
    person = rng.normal(0, 2, 500)
    people = pd.Index(np.arange(500).astype(str))
    before = estimate_mean(person + rng.normal(0, 1, 500), np.ones(500))
    after = estimate_mean(person + 0.2 + rng.normal(0, 1, 500), np.ones(500))
    paired = estimate_change(after, before, later_people=people, earlier_people=people)
    alone = estimate_change(after, before)
    assert paired.repeated == 500
    assert paired.std_error < 0.6 * alone.std_error
    # Same people in both: the error of a paired t-test.
    assert paired.std_error == pytest.approx(np.sqrt(2 / 500), rel=0.1)


def test_a_cell_counts_only_its_own_answers():
    answers = np.array([1.0, 2, np.nan, 10, 11])
    inside = np.array([True, True, True, False, False])
    found = estimate_mean(answers, np.ones(5), inside=inside)
    assert (found.estimate, found.nobs) == (1.5, 2)
    assert (found.scores[2:] == 0).all()


def test_no_change_has_no_evidence():
    same = estimate_mean(np.array([1.0, 2, 3]), np.ones(3))
    assert estimate_change(same, same).pvalue == 1


def test_a_mean_of_one_answer_is_refused():
    with pytest.raises(ValueError, match="at least two answers, not 1"):
        estimate_mean(np.array([1.0, np.nan]), np.ones(2))
