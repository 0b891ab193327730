"""Weighted logits against published and independent fits."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from analysis.statistics.weighted_logit import fit_weighted_logit

SPECTOR = (-13.0213, 2.8261, 0.0952, 2.3787)
"""Greene (2003), Econometric Analysis, 5th edition, table 21.1: the logit."""


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_coefficients_are_those_of_greene():
    data = sm.datasets.spector.load()
    regressors = data.exog[["GPA", "TUCE", "PSI"]].to_numpy()
    happened = data.endog.to_numpy() == 1
    ones = np.ones(len(happened))

    fit = fit_weighted_logit(regressors, happened, ones, np.arange(len(happened)))

    assert_allclose(fit.coefficients, SPECTOR, atol=5e-5)
    assert (fit.nobs, fit.events, fit.clusters) == (32, 11, 32)


def test_errors_are_those_of_estimating_equations_with_weights_and_clusters(rng):
    people = rng.integers(0, 200, 900)
    regressors = rng.standard_normal((900, 2))
    happened = rng.random(900) < 1 / (1 + np.exp(1 - regressors[:, 0]))
    weights = rng.uniform(0.5, 3, 900)

    fit = fit_weighted_logit(regressors, happened, weights, people)

    peer = sm.GEE(
        happened.astype(float),
        sm.add_constant(regressors),
        groups=people,
        family=sm.families.Binomial(),
        weights=weights,
    ).fit()
    clusters = len(np.unique(people))
    assert_allclose(fit.coefficients, peer.params, rtol=1e-6)
    assert_allclose(
        fit.std_errors, peer.bse * (clusters / (clusters - 1)) ** 0.5, rtol=1e-5
    )


def test_doubling_everyone_as_the_same_person_changes_nothing(rng):
    regressors = rng.standard_normal((300, 1))
    happened = rng.random(300) < 0.3
    once = (regressors, happened, np.ones(300), np.arange(300))
    twice = tuple(np.concatenate([part, part]) for part in once)

    first, second = fit_weighted_logit(*once), fit_weighted_logit(*twice)

    assert_allclose(first.coefficients, second.coefficients, rtol=1e-9)
    assert_allclose(first.std_errors, second.std_errors, rtol=1e-9)


def test_draws_have_the_fit_s_covariance(rng):
    regressors = rng.standard_normal((400, 1))
    happened = rng.random(400) < 0.4
    fit = fit_weighted_logit(regressors, happened, np.ones(400), np.arange(400))

    drawn = fit.draw(rng, 40_000)

    assert_allclose(np.cov(drawn.T), fit.covariance, rtol=0.05, atol=2e-4)


def test_events_that_never_came_are_refused():
    with pytest.raises(ValueError, match=r"needs events and others; 0 of 5 came"):
        fit_weighted_logit(
            np.zeros((5, 1)), np.zeros(5, bool), np.ones(5), np.arange(5)
        )


def test_regressors_that_repeat_each_other_are_refused(rng):
    column = rng.standard_normal((50, 1))
    happened = rng.random(50) < 0.5
    with pytest.raises(ValueError, match="must not be combinations of others"):
        fit_weighted_logit(
            np.hstack([column, column]), happened, np.ones(50), np.arange(50)
        )


@pytest.mark.filterwarnings("ignore:overflow")
def test_regressors_that_tell_all_events_are_refused():
    place = np.linspace(-1, 1, 40)[:, None]
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        fit_weighted_logit(place, place[:, 0] > 0, np.ones(40), np.arange(40))
