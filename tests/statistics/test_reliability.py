"""Alpha and omega agree with R's psych and lavaan; noise is told where it can be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.factor_model import fit_factors
from analysis.statistics.reliability import (
    compute_alpha,
    drop_items,
    estimate_alpha,
    estimate_omega,
    find_feldt_interval,
    standardise_alpha,
)
from analysis.statistics.sample_moments import SampleMoments, measure_moments

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="module")
def stored():
    return json.loads((REFERENCE / "big_five.json").read_text())


def unstack(stored, name):
    matrix = np.zeros((5, 5))
    matrix[np.tril_indices(5)] = stored["moments"][name]
    return matrix + np.tril(matrix, -1).T


def test_alpha_agrees_with_psych(stored):
    values = stored["values"]
    pairwise = compute_alpha(unstack(stored, "agreeableness_pairwise"))
    assert pairwise == pytest.approx(values["alpha_pairwise"], abs=5e-7)
    interval = find_feldt_interval(pairwise, 2800, 5)
    assert interval == pytest.approx(values["alpha_interval"], abs=5e-7)
    complete = unstack(stored, "agreeableness_complete")
    assert compute_alpha(complete) == pytest.approx(values["alpha_complete"], abs=5e-7)
    standardised = standardise_alpha(complete)
    assert standardised == pytest.approx(values["alpha_standardised"], abs=5e-7)


def test_alpha_of_neuroticism_agrees_with_psych(stored):
    alpha = compute_alpha(unstack(stored, "neuroticism_pairwise"))
    values = stored["values"]
    assert alpha == pytest.approx(values["neuroticism_alpha"], abs=5e-7)
    interval = find_feldt_interval(alpha, 2800, 5)
    assert interval == pytest.approx(values["neuroticism_interval"], abs=5e-7)


def test_omega_agrees_with_lavaan(stored):
    covariance = unstack(stored, "agreeableness_complete")
    found = estimate_omega(SampleMoments(np.zeros(5), covariance, 2709))
    values = stored["values"]
    assert found.estimate == pytest.approx(values["omega"], abs=5e-7)
    assert found.std_error == pytest.approx(values["omega_std_error"], abs=5e-7)
    interval = (found.lower, found.upper)
    assert interval == pytest.approx(values["omega_interval"], abs=1e-6)


def test_omega_of_the_pupils_tests_agrees_with_lavaan():
    # omega of each factor in the three-factor model, from its own loadings.
    stored = json.loads((REFERENCE / "holzinger_swineford.json").read_text())
    tests = np.column_stack([stored["data"][f"x{place}"] for place in range(1, 10)])
    model = fit_factors([measure_moments(tests)], [0, 0, 0, 1, 1, 1, 2, 2, 2])
    common = model.loadings[0].reshape(3, 3).sum(axis=1) ** 2
    common = common * np.diag(model.factor_covariance[0])
    omega = common / (common + model.unique[0].reshape(3, 3).sum(axis=1))
    assert omega == pytest.approx(stored["values"]["omega"], abs=1e-4)


def test_alpha_of_two_items_is_spearman_and_browns():
    covariance = np.array([[1.0, 0.6], [0.6, 1.0]])
    assert compute_alpha(covariance) == pytest.approx(2 * 0.6 / 1.6)
    assert np.isnan(drop_items(covariance)).all()


def test_the_item_that_harms_is_found():
    covariance = 0.5 + 0.5 * np.eye(4)
    covariance[3, :3] = covariance[:3, 3] = 0.05
    dropped = drop_items(covariance)
    assert dropped.argmax() == 3
    assert dropped[3] == pytest.approx(compute_alpha(covariance[:3, :3]))


def test_error_of_alpha_is_that_of_resampling():
    rng = np.random.default_rng(7)
    answers = rng.standard_normal((600, 1)) + rng.standard_normal((600, 3)) ** 3 / 4
    weights = rng.uniform(0.5, 2, 600)
    found = estimate_alpha(measure_moments(answers, weights))
    draws = []
    for _ in range(400):
        rows = rng.integers(600, size=600)
        drawn = measure_moments(answers[rows], weights[rows])
        draws.append(compute_alpha(drawn.covariance))
    # 400 draws tell an error to 3.5 %.
    assert found.std_error == pytest.approx(np.std(draws), rel=0.12)
    assert found.lower < found.estimate < found.upper


def test_errors_of_normal_answers_agree_with_feldt():
    rng = np.random.default_rng(8)
    answers = rng.standard_normal((5000, 1)) + rng.standard_normal((5000, 4))
    sample = measure_moments(answers)
    known = SampleMoments(sample.mean, sample.covariance, sample.nobs)
    free, normal = estimate_alpha(sample), estimate_alpha(known)
    assert free.std_error == pytest.approx(normal.std_error, rel=0.05)
    assert free.lower == pytest.approx(normal.lower, abs=0.001)
    omega = estimate_omega(sample)
    plain = estimate_omega(sample, robust=False)
    assert omega.std_error == pytest.approx(plain.std_error, rel=0.05)


def test_one_item_has_no_reliability():
    with pytest.raises(ValueError, match="can't be measured with 1 item"):
        compute_alpha(np.ones((1, 1)))


def test_two_items_have_no_omega():
    with pytest.raises(ValueError, match="at least three items; there are 2"):
        estimate_omega(SampleMoments(np.zeros(2), np.eye(2), 50))
