"""Pooled effects agree with Stan's, shrink, and cover where a fixed spread does not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.pooled_normal import pool_effects

# Rubin (1981): gains by coaching in eight schools, with their standard errors.
SCHOOLS = ([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
# rstan's vignette "Accessing the contents of a stanfit object": posterior means of the
# eight effects by simulation, and the error of each mean.
STAN_MEANS = [
    (11.322773, 0.155056),
    (8.004102, 0.096308),
    (6.299784, 0.115597),
    (7.767177, 0.085392),
    (5.247304, 0.091406),
    (6.336859, 0.096169),
    (10.608966, 0.113284),
    (8.422207, 0.122791),
]
STAN_DEVIATIONS = [8.2777, 6.2422, 7.5422, 6.3793, 6.3314, 6.8222, 6.8472, 7.7450]


def test_eight_schools_have_the_posterior_that_stan_simulates():
    found = pool_effects(*SCHOOLS).groups
    for mean, (simulated, error) in zip(found["mean"], STAN_MEANS, strict=True):
        assert abs(mean - simulated) < 4 * error
    assert found["deviation"].to_numpy() == pytest.approx(STAN_DEVIATIONS, rel=0.05)


def test_a_finer_grid_would_not_change_what_is_printed(monkeypatch):
    module = "analysis.statistics.pooled_normal._GRID"
    coarse = pool_effects(*SCHOOLS)
    monkeypatch.setattr(module, 4_000)
    fine = pool_effects(*SCHOOLS)
    assert coarse.groups["mean"].to_numpy() == pytest.approx(
        fine.groups["mean"].to_numpy(), abs=0.01
    )
    assert coarse.spread == pytest.approx(fine.spread, abs=0.05)


def test_intervals_cover_where_those_of_a_fixed_spread_do_not():
    rng = np.random.default_rng(1)
    pooled, fixed, closer = 0, 0, 0
    errors = np.array([3.0, 5.0, 2.0, 4.0, 6.0])
    for _ in range(400):
        truth = rng.normal(10, 2, 5)
        estimates = rng.normal(truth, errors)
        found = pool_effects(estimates, errors).groups
        pooled += ((found["lower"] <= truth) & (truth <= found["upper"])).sum()
        fixed += _count_covered(estimates, errors, truth)
        closer += ((found["mean"] - truth) ** 2).sum() < (
            (estimates - truth) ** 2
        ).sum()
    # Of 2,000; the error of a share of 95 % is half a percentage point.
    assert 0.935 <= pooled / 2_000 <= 0.99
    assert fixed / 2_000 < 0.90
    assert closer > 300


def _count_covered(estimates, errors, truth):
    """Count what empirical Bayes covers with its spread taken as known."""
    mean = np.average(estimates, weights=1 / errors**2)
    spread = max(estimates.var(ddof=1) - (errors**2).mean(), 0.0)
    share = spread / (spread + errors**2)
    centre, width = share * estimates + (1 - share) * mean, errors * np.sqrt(share)
    return (np.abs(truth - centre) <= 1.96 * width).sum()


def test_equal_estimates_stay_where_they_are():
    found = pool_effects([5.0, 5.0, 5.0], [1.0, 2.0, 1.5])
    assert found.mean == pytest.approx(5.0)
    assert found.groups["mean"].to_numpy() == pytest.approx([5.0] * 3)
    assert (found.groups["lower"] + found.groups["upper"]).to_numpy() == pytest.approx(
        [10.0] * 3, abs=1e-6
    )


def test_the_unit_does_not_matter():
    plain = pool_effects(*SCHOOLS)
    scaled = pool_effects(*(np.array(part) * 0.01 for part in SCHOOLS))
    assert scaled.spread == pytest.approx(plain.spread / 100)
    assert scaled.groups["lower"].to_numpy() == pytest.approx(
        plain.groups["lower"].to_numpy() / 100
    )


def test_two_groups_are_refused():
    with pytest.raises(ValueError, match="needs 3 groups or more, not 2"):
        pool_effects([1.0, 2.0], [1.0, 1.0])


def test_an_error_of_nothing_is_refused():
    with pytest.raises(ValueError, match="must be above 0"):
        pool_effects([1.0, 2.0, 3.0], [1.0, 0.0, 1.0])
