"""Raked weights agree with published cells and meet every margin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.survey_weights import (
    count_effective,
    encode_margins,
    measure_design_effect,
    rake_weights,
    trim_weights,
)

# California schools: R package survey 4.1-1, data apiclus1 (183 schools), raked with
# epsilon = 1e-12 to 6,194 schools by type and by growth target met. Respondents per
# cell, and the weight of each cell printed to six digits.
SCHOOL_CELLS = {
    ("E", "Yes"): (132, 29.870675),
    ("E", "No"): (12, 39.839236),
    ("H", "Yes"): (11, 50.329401),
    ("H", "No"): (3, 67.125529),
    ("M", "Yes"): (17, 36.791025),
    ("M", "No"): (8, 49.069072),
}
SCHOOL_TARGETS = {
    "type": pd.Series({"E": 4421.0, "H": 755.0, "M": 1018.0}),
    "met": pd.Series({"No": 1072.0, "Yes": 5122.0}),
}


@pytest.fixture
def schools():
    cells = [cell for cell, (count, _) in SCHOOL_CELLS.items() for _ in range(count)]
    return pd.DataFrame(cells, columns=["type", "met"])


def test_california_schools_get_the_published_weights(schools):
    raked = rake_weights(schools, SCHOOL_TARGETS, np.full(183, 6194 / 183))
    expected = [weight for count, weight in SCHOOL_CELLS.values() for _ in range(count)]
    np.testing.assert_allclose(raked.weights, expected, atol=5e-7)
    # survey's own design effect, of weights that stopped one round too early.
    assert measure_design_effect(raked.weights) == pytest.approx(1.051661, abs=1e-5)


def test_every_margin_is_met_to_ten_digits(schools):
    raked = rake_weights(schools, SCHOOL_TARGETS, np.ones(183))
    assert raked.discrepancy <= 1e-10
    after, wanted = raked.margins["after_pct"], raked.margins["population_pct"]
    np.testing.assert_allclose(after, wanted, rtol=1e-9)
    assert raked.margins["respondents"].tolist() == [144, 14, 25, 23, 160]


def test_one_margin_is_post_stratification(schools):
    target = {"type": SCHOOL_TARGETS["type"]}
    raked = rake_weights(schools, target, np.ones(183))
    # 4,421 elementary schools over the 144 that were drawn.
    assert raked.weights[0] == pytest.approx(4421 / 144)
    assert raked.rounds == 1


def test_margins_of_another_total_are_scaled_to_the_first(schools):
    halved = {**SCHOOL_TARGETS, "met": SCHOOL_TARGETS["met"] / 2}
    one = rake_weights(schools, SCHOOL_TARGETS, np.ones(183)).weights
    other = rake_weights(schools, halved, np.ones(183)).weights
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_indicator_columns_add_up_to_one_for_each_margin(schools):
    indicators = encode_margins(schools)
    assert indicators.shape == (183, 5)
    assert (indicators.sum(axis=1) == 2).all()


def test_equal_weights_cost_nothing_and_unequal_ones_do():
    assert measure_design_effect(np.full(9, 4.2)) == pytest.approx(1)
    # Weights 1, 2, 3 in equal numbers: 3 x 14 / 36.
    assert measure_design_effect(np.array([1.0, 2, 3])) == pytest.approx(14 / 12)
    assert count_effective(np.array([1.0, 2, 3])) == pytest.approx(36 / 14)
    assert count_effective(np.array([])) == 0


def test_a_population_category_without_respondents_is_refused(schools):
    targets = {"type": pd.Series({"E": 10.0, "H": 5.0, "M": 3.0, "X": 2.0})}
    with pytest.raises(ValueError, match=r"must have a respondent in \['X'\]"):
        rake_weights(schools, targets, np.ones(183))


def test_a_respondent_outside_the_population_is_refused(schools):
    targets = {"type": pd.Series({"E": 10.0, "H": 5.0})}
    with pytest.raises(ValueError, match=r"must have a count for \['M'\]"):
        rake_weights(schools, targets, np.ones(183))


def test_raking_to_nothing_is_refused(schools):
    with pytest.raises(ValueError, match="at least one margin"):
        rake_weights(schools, {}, np.ones(183))


def test_a_weight_that_is_not_positive_is_refused(schools):
    start = np.ones(183)
    start[4] = 0.0
    with pytest.raises(ValueError, match="1 are not, the first"):
        rake_weights(schools, SCHOOL_TARGETS, start)


def test_margins_that_contradict_each_other_are_refused():
    held = pd.DataFrame({"one": ["a", "a", "b"], "other": ["x", "x", "y"]})
    targets = {"one": pd.Series({"a": 1, "b": 1}), "other": pd.Series({"x": 9, "y": 1})}
    with pytest.raises(ValueError, match="must agree with all margins"):
        rake_weights(held, targets, np.ones(3))


def test_cut_weights_keep_their_total_and_cost_less():
    weights = np.array([1.0] * 90 + [2.0] * 8 + [30.0, 40.0])
    cut = trim_weights(weights)
    assert cut.sum() == pytest.approx(weights.sum())
    assert cut[-2:].tolist() == [3.0, 3.0]
    assert measure_design_effect(cut) < measure_design_effect(weights)


def test_weights_without_a_large_one_are_left():
    weights = np.array([1.0, 2, 2, 3])
    assert trim_weights(weights).tolist() == weights.tolist()
