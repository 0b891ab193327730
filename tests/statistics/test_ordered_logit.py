"""The ordered logit reaches the maximum that clm of R reaches, and errors are right."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.statistics.ordered_logit import fit_ordered_logit
from analysis.statistics.proportional_odds import (
    run_brant_test,
    run_likelihood_ratio_test,
)

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="module")
def applicants():
    """The UCLA data of 400 students, which come with statsmodels (BSD)."""
    place = files("statsmodels.miscmodels.tests.results") / "ologit_ucla.csv"
    with place.open() as file:
        table = pd.read_csv(file)
    likely = {"unlikely": 0.0, "somewhat likely": 1.0, "very likely": 2.0}
    outcome = table["apply"].map(likely).to_numpy()
    return outcome, table[["pared", "public", "gpa"]].to_numpy(float)


@pytest.fixture(scope="module")
def housing():
    stored = json.loads((REFERENCE / "housing.json").read_text())
    tenants = np.array(stored["tenants"], float)
    contact, kind, influence, satisfied = np.indices((2, 4, 3, 3)).reshape(4, -1)
    indicators = [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3]
    drivers = np.column_stack([*indicators, contact == 1]).astype(float)
    return satisfied.astype(float), drivers, tenants, stored["values"]


def test_students_agree_with_the_converged_maximum(applicants):
    # ordinal::clm of R, six digits printed. MASS::polr and statsmodels' BFGS stop
    # earlier (pared 1.047690 and 1.047635), so they are not what is compared with.
    fit = fit_ordered_logit(*applicants)
    expected = [1.047664, -0.058683, 0.615746, 2.203323, 4.298767]
    np.testing.assert_allclose(fit.estimates, expected, atol=6e-7)
    errors = np.sqrt(np.diagonal(fit.covariance))
    np.testing.assert_allclose(errors[:3], [0.265789, 0.297859, 0.260631], atol=6e-7)
    assert fit.log_likelihood == pytest.approx(-358.512436, abs=6e-7)
    assert fit.nobs == 400


def test_weighted_tenants_agree_with_r(housing):
    outcome, drivers, tenants, published = housing
    fit = fit_ordered_logit(outcome, drivers, weights=tenants)
    np.testing.assert_allclose(fit.estimates, published["estimates"], atol=6e-7)
    errors = np.sqrt(np.diagonal(fit.covariance))[:6]
    np.testing.assert_allclose(errors, published["std_errors"], atol=6e-7)
    assert -2 * fit.log_likelihood == pytest.approx(published["deviance"], abs=6e-7)


def test_an_interaction_of_tenants_gains_what_r_says(housing):
    outcome, drivers, tenants, published = housing
    pairs = [drivers[:, [i]] * drivers[:, [j]] for i in (0, 1) for j in (2, 3, 4)]
    plain = fit_ordered_logit(outcome, drivers, weights=tenants)
    wide = fit_ordered_logit(outcome, np.hstack([drivers, *pairs]), weights=tenants)
    gain = 2 * (wide.log_likelihood - plain.log_likelihood)
    assert gain == pytest.approx(published["interaction"], abs=6e-7)


def test_brant_of_students_is_the_corrected_one(applicants):
    # R's brant 0.3-0 prints 4.342905: it forgets to transpose a covariance block.
    # Its tests of single drivers are right, and are these.
    test = run_brant_test(*applicants)
    assert test.omnibus.statistic == pytest.approx(4.344259, abs=6e-7)
    assert test.omnibus.pvalue == pytest.approx(0.226610, abs=6e-7)
    assert test.omnibus.degrees == 3
    single = [each.statistic for each in test.drivers]
    np.testing.assert_allclose(single, [0.132341, 3.443346, 0.179122], atol=6e-7)


def test_freeing_each_driver_of_students_gains_what_clm_says(applicants):
    found = [run_likelihood_ratio_test(*applicants, free=[each]) for each in range(3)]
    expected = [0.024709, 3.883335, 0.801613]
    np.testing.assert_allclose([each.statistic for each in found], expected, atol=6e-7)
    assert {each.degrees for each in found} == {1}


def test_tenants_pass_both_tests_of_proportional_odds(housing):
    outcome, drivers, tenants, published = housing
    brant = run_brant_test(outcome, drivers, tenants).omnibus
    assert brant.statistic == pytest.approx(published["brant"], abs=6e-7)
    assert brant.pvalue == pytest.approx(published["brant_pvalue"], abs=6e-7)
    freed = run_likelihood_ratio_test(outcome, drivers, tenants, free=range(6))
    assert freed.statistic == pytest.approx(published["likelihood_ratio"], abs=6e-7)
    assert brant.degrees == freed.degrees == 6


def draw_answers(rng, size=800, levels=6):
    drivers = rng.standard_normal((size, 3)) + rng.standard_normal((size, 1))
    latent = drivers @ [0.8, 0.4, 0.0] + rng.logistic(size=size)
    cuts = np.quantile(latent, np.arange(1, levels) / levels)
    return np.searchsorted(cuts, latent).astype(float), drivers


def test_the_maximum_is_that_of_statsmodels():
    outcome, drivers = draw_answers(np.random.default_rng(1))
    fit = fit_ordered_logit(outcome, drivers)
    other = OrderedModel(outcome, drivers, distr="logit").fit(
        method="bfgs", disp=0, gtol=1e-9, maxiter=500
    )
    assert fit.log_likelihood == pytest.approx(other.llf, abs=1e-7)
    np.testing.assert_allclose(fit.coefficients[0], other.params[:3], atol=1e-4)


def test_no_row_matters_that_has_no_weight():
    outcome, drivers = draw_answers(np.random.default_rng(2))
    weights = (np.arange(len(outcome)) % 2).astype(float)
    kept = weights > 0
    alone = fit_ordered_logit(outcome[kept], drivers[kept])
    weighted = fit_ordered_logit(outcome, drivers, weights=weights)
    np.testing.assert_allclose(weighted.estimates, alone.estimates, atol=1e-9)
    np.testing.assert_allclose(
        weighted.robust_covariance, alone.robust_covariance, atol=1e-9
    )


def test_robust_errors_do_not_shrink_with_the_size_of_weights():
    outcome, drivers = draw_answers(np.random.default_rng(3))
    once = fit_ordered_logit(outcome, drivers)
    tenfold = fit_ordered_logit(outcome, drivers, weights=np.full(len(outcome), 10.0))
    np.testing.assert_allclose(
        tenfold.robust_covariance, once.robust_covariance, rtol=1e-6
    )
    np.testing.assert_allclose(10 * tenfold.covariance, once.covariance, rtol=1e-6)


def test_rows_repeated_within_clusters_tell_nothing_new():
    outcome, drivers = draw_answers(np.random.default_rng(4))
    who = np.arange(len(outcome))
    once = fit_ordered_logit(outcome, drivers, clusters=who)
    twice = fit_ordered_logit(
        np.tile(outcome, 2), np.tile(drivers, (2, 1)), clusters=np.tile(who, 2)
    )
    np.testing.assert_allclose(
        twice.robust_covariance, once.robust_covariance, rtol=1e-6
    )


def test_a_freed_driver_shows_its_effect_at_each_cut_point():
    rng = np.random.default_rng(5)
    size = 4000
    drivers = rng.standard_normal((size, 2))
    # Above the first cut by 1.0 a unit of driver 0, above the second by 0.2.
    first = 1.0 * drivers[:, 0] + 0.5 * drivers[:, 1] + 1.0
    second = 0.2 * drivers[:, 0] + 0.5 * drivers[:, 1] - 1.5
    uniform = rng.random(size)
    above = uniform[:, None] < 1 / (1 + np.exp(-np.column_stack([first, second])))
    outcome = above.sum(axis=1).astype(float)
    assert run_brant_test(outcome, drivers).drivers[0].pvalue < 1e-6
    assert run_brant_test(outcome, drivers).drivers[1].pvalue > 0.01
    fit = fit_ordered_logit(outcome, drivers, free=[0])
    np.testing.assert_allclose(fit.coefficients[:, 0], [1.0, 0.2], atol=0.15)
    assert fit.coefficients[0, 1] == fit.coefficients[1, 1]
    np.testing.assert_allclose(fit.cut_points, [-1.0, 1.5], atol=0.15)


@pytest.mark.parametrize(
    ("outcome", "drivers", "weights", "words"),
    [
        ([1.0, 1.0, 1.0], [[1.0], [2.0], [3.0]], None, "two levels or more"),
        ([1.0, np.nan, 2.0], [[1.0], [2.0], [3.0]], None, "must be whole"),
        ([1.0, 1.0, 2.0], [[1.0], [2.0], [3.0]], [1.0, -1.0, 1.0], "0 or above"),
        ([1.0, 1.0, 2.0, 2.0], [[1.0], [2.0], [3.0], [4.0]], None, "may divide"),
        ([1.0, 2.0, 1.0, 2.0], [[1.0]] * 4, None, "must vary"),
    ],
    ids=["one level", "missing", "negative weight", "separated", "constant"],
)
def test_answers_that_have_no_maximum_are_refused(outcome, drivers, weights, words):
    counts = None if weights is None else np.array(weights)
    with pytest.raises(ValueError, match=words):
        fit_ordered_logit(np.array(outcome), np.array(drivers), weights=counts)


def test_brant_needs_three_levels():
    outcome = np.array([0.0, 1.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="needs three levels"):
        run_brant_test(outcome, np.arange(4.0)[:, None])
