"""Factor models agree with lavaan, and groups that measure alike are found alike."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.factor_fit import compare_groups, measure_fit
from analysis.statistics.factor_model import fit_factors
from analysis.statistics.sample_moments import SampleMoments, measure_moments

REFERENCE = Path(__file__).parents[1] / "reference"
ABILITIES = [0, 0, 0, 1, 1, 1, 2, 2, 2]


@pytest.fixture(scope="module")
def pupils():
    stored = json.loads((REFERENCE / "holzinger_swineford.json").read_text())
    tests = np.column_stack([stored["data"][f"x{place}"] for place in range(1, 10)])
    return tests, np.array(stored["data"]["school"]), stored["values"]


def unstack(triangle):
    size = int((np.sqrt(8 * len(triangle) + 1) - 1) / 2)
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = triangle
    return matrix + np.tril(matrix, -1).T


def test_fit_of_the_pupils_tests_agrees_with_lavaan(pupils):
    tests, _, values = pupils
    sample = measure_moments(tests)
    model = fit_factors([sample], ABILITIES)
    fit = measure_fit(model, [sample])
    for name in ("cfi", "tli", "rmsea", "rmsea_lower", "rmsea_upper", "srmr"):
        assert getattr(fit, name) == pytest.approx(values[name], abs=6e-7)
    for name in ("chi2", "log_likelihood", "aic", "bic", "baseline_chi2"):
        assert getattr(fit, name) == pytest.approx(values[name], abs=6e-7)
    assert fit.df == values["df"]
    for name, loading in values["loadings"].items():
        place = int(name[1:]) - 1
        # lavaan prints what its optimiser stops at: 4e-6 for the last ones.
        assert model.loadings[0, place] == pytest.approx(loading, abs=4e-6)
    assert fit.pvalue == pytest.approx(8.503e-9, rel=1e-3)


def test_scaled_statistic_agrees_with_lavaan(pupils):
    tests, _, values = pupils
    model = fit_factors([measure_moments(tests)], ABILITIES)
    assert model.scaling == pytest.approx(values["scaling"], abs=5e-7)
    assert model.chi2 / model.scaling == pytest.approx(values["scaled_chi2"], rel=1e-6)


def test_invariance_by_school_agrees_with_lavaan(pupils):
    tests, school, values = pupils
    samples = [
        measure_moments(tests[school == name]) for name in ("Pasteur", "Grant-White")
    ]
    found = compare_groups(samples, ABILITIES)
    chi2 = [model.chi2 for model in found.models]
    assert chi2 == pytest.approx(values["groups_chi2"], abs=1e-6)
    assert [model.df for model in found.models] == values["groups_df"]
    known = [SampleMoments(s.mean, s.covariance, s.nobs) for s in samples]
    plain = compare_groups(known, ABILITIES)
    assert plain.metric.chi2 == pytest.approx(8.192200, abs=1e-6)
    assert plain.metric.pvalue == pytest.approx(0.22436, abs=5e-6)
    # lavaan prints 40.059294: its two statistics stop at five digits.
    assert plain.scalar.chi2 == pytest.approx(40.059294, abs=1e-5)
    assert plain.scalar.pvalue == pytest.approx(4.4e-7, abs=5e-9)
    assert plain.scalar.cfi_loss > 0.01 > plain.metric.cfi_loss


def test_five_factors_with_turned_items_agree_with_lavaan():
    stored = json.loads((REFERENCE / "big_five.json").read_text())
    values = stored["values"]["five_factors"]
    covariance = unstack(stored["moments"]["five_factors"])
    sample = SampleMoments(np.zeros(25), covariance, values["nobs"])
    model = fit_factors([sample], np.repeat(np.arange(5), 5).tolist())
    fit = measure_fit(model, [sample])
    assert fit.df == values["df"]
    for name in ("chi2", "cfi", "rmsea", "srmr"):
        assert getattr(fit, name) == pytest.approx(values[name], abs=6e-7)
    assert np.isnan(model.scaling)


def test_one_factor_agrees_with_lavaan():
    stored = json.loads((REFERENCE / "big_five.json").read_text())
    covariance = unstack(stored["moments"]["agreeableness_complete"])
    sample = SampleMoments(np.zeros(5), covariance, 2709)
    fit = measure_fit(fit_factors([sample], [0] * 5), [sample])
    expected = stored["values"]["one_factor"]
    assert fit.chi2 == pytest.approx(expected["chi2"], abs=5e-4)
    assert fit.cfi == pytest.approx(expected["cfi"], abs=5e-4)
    assert fit.rmsea == pytest.approx(expected["rmsea"], abs=5e-4)


def test_errors_of_normal_answers_need_no_correction():
    rng = np.random.default_rng(4)
    opinion = rng.standard_normal((20_000, 1))
    answers = 0.8 * opinion + 0.6 * rng.standard_normal((20_000, 4))
    model = fit_factors([measure_moments(answers)], [0] * 4)
    assert model.scaling == pytest.approx(1, abs=0.05)
    ratio = np.diag(model.scatter) / np.diag(model.covariance)
    np.testing.assert_allclose(ratio, 1, atol=0.1)


def test_three_items_leave_nothing_to_test():
    answers = np.random.default_rng(5).standard_normal((500, 1))
    answers = answers + np.random.default_rng(6).standard_normal((500, 3))
    sample = measure_moments(answers)
    model = fit_factors([sample], [0, 0, 0])
    fit = measure_fit(model, [sample])
    assert (fit.df, fit.cfi, fit.tli, fit.rmsea) == (0, 1, 1, 0)
    assert fit.chi2 == pytest.approx(0, abs=1e-6)


def test_a_perfect_fit_has_no_error_of_approximation():
    covariance = 0.5 + 0.5 * np.eye(4)
    sample = SampleMoments(np.zeros(4), covariance, 400)
    fit = measure_fit(fit_factors([sample], [0] * 4), [sample])
    assert (fit.rmsea, fit.rmsea_lower, fit.rmsea_upper) == (0, 0, 0)
    assert fit.cfi == 1


def test_fewer_moments_than_parameters_are_refused():
    sample = SampleMoments(np.zeros(2), np.eye(2), 100)
    with pytest.raises(ValueError, match="as many moments as parameters; it lacks 1"):
        fit_factors([sample], [0, 0])


def test_impossible_moments_are_refused():
    covariance = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    sample = SampleMoments(np.zeros(3), covariance, 100)
    with pytest.raises(ValueError, match="must be positive definite"):
        fit_factors([sample], [0, 0, 0])


def test_an_impossible_beginning_is_refused():
    sample = SampleMoments(np.zeros(3), 0.5 + 0.5 * np.eye(3), 100)
    with pytest.raises(ValueError, match="must begin where covariances are possible"):
        fit_factors([sample], [0, 0, 0], start=-np.ones(9))


def test_one_complete_row_has_no_moments():
    answers = np.array([[1.0, 2.0], [np.nan, 1.0]])
    with pytest.raises(ValueError, match="At least two rows must be complete; 1 are"):
        measure_moments(answers)
