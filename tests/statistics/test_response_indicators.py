"""The R-indicator agrees with its definition, and is not fooled by sampling noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.response_indicators import (
    ResponseCells,
    encode_categories,
    measure_response,
)


def lay_cells(rates, *, population=1000, weight=1.0):
    """Cells of one variable, of equal size, that answer at these rates."""
    counts = np.array(rates) * population / weight
    return ResponseCells(
        categories=pd.DataFrame({"kind": [f"k{n}" for n in range(len(rates))]}),
        population=np.full(len(rates), float(population)),
        weight=counts * weight,
        weight_squared=counts * weight**2,
    )


def test_indicator_is_one_less_two_deviations():
    # Schouten, Cobben and Bethlehem (2009), equation 4, rates .5 and .3 in halves:
    # deviation .1, indicator .8; a million customers leave no noise.
    found = measure_response(lay_cells([0.5, 0.3], population=1_000_000))
    assert found.indicator == pytest.approx(0.8, abs=1e-4)
    assert found.rate == pytest.approx(0.4)
    assert found.coefficient_of_variation == pytest.approx(0.25, abs=1e-3)
    assert found.partial["kind"] == pytest.approx(0.1, abs=1e-4)
    np.testing.assert_allclose(found.propensities, [0.5, 0.3], atol=1e-9)


def test_an_even_response_has_indicator_one():
    found = measure_response(lay_cells([0.4, 0.4, 0.4]))
    assert found.indicator == 1
    assert found.coefficient_of_variation == 0
    assert found.lower < 1


def test_a_variable_that_does_not_matter_has_no_part():
    categories = pd.DataFrame({"one": list("aabb"), "other": list("xyxy")})
    population = np.full(4, 1e6)
    weight = population * np.array([0.5, 0.5, 0.3, 0.3])
    found = measure_response(ResponseCells(categories, population, weight, weight))
    assert found.partial["one"] == pytest.approx(0.1, abs=1e-3)
    assert found.partial["other"] == 0


def test_interval_covers_the_indicator_and_noise_is_taken_off():
    rng = np.random.default_rng(8)
    rates = np.repeat([0.5, 0.3], 6)
    truth = 1 - 2 * rates.std()
    found = []
    for _ in range(120):
        cells = lay_cells(rates, population=150)
        answers = rng.binomial(150, rates).astype(float)
        found.append(
            measure_response(
                ResponseCells(cells.categories, cells.population, answers, answers)
            )
        )
    mean = np.mean([each.indicator for each in found])
    covered = np.mean([each.lower <= truth <= each.upper for each in found])
    # Without the noise taken off the mean would be .79.
    assert mean == pytest.approx(truth, abs=0.008)
    assert covered >= 0.9


def test_first_categories_are_left_out():
    held = pd.DataFrame({"one": ["a", "b"], "other": ["y", "x"]})
    levels = {"one": ["a", "b"], "other": ["x", "y"]}
    encoded = encode_categories(held, levels)
    np.testing.assert_array_equal(encoded, [[0, 1], [1, 0]])


def test_a_survey_without_answers_is_refused():
    with pytest.raises(ValueError, match="must both have members"):
        measure_response(lay_cells([0.0, 0.0]))
