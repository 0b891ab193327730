"""Retention of cohorts agrees with Fader and Hardie, and finds what was planted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from analysis.statistics.shifted_beta_geometric import (
    CohortCounts,
    bound_survival,
    fit_shifted_beta_geometric,
    give_survival,
)

# Fader and Hardie (2007), table 1: percent of 1,000 customers kept, two cohorts.
HIGH_END = (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1)
REGULAR = (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1)


def count(percents):
    members = 10 * np.array(percents, float)
    kept = np.zeros(len(percents) - 1)
    kept[-1] = members[-1]
    return CohortCounts(-np.diff(members), kept)


def draw_cohort(rng, *, alpha, beta, size=4000, ages=6):
    left = rng.geometric(rng.beta(alpha, beta, size))
    lost = np.bincount(left[left <= ages] - 1, minlength=ages).astype(float)
    kept = np.zeros(ages)
    kept[-1] = size - lost.sum()
    return CohortCounts(lost, kept)


@pytest.mark.parametrize(
    ("percents", "alpha", "beta", "likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.16), (REGULAR, 0.704, 1.182, -1680.27)],
)
def test_estimates_are_those_of_fader_and_hardie(percents, alpha, beta, likelihood):
    found = fit_shifted_beta_geometric(count(percents))
    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert found.beta == pytest.approx(beta, abs=5e-4)
    assert found.log_likelihood == pytest.approx(likelihood, abs=5e-3)
    assert found.constant_pvalue < 1e-6


def test_survival_is_a_ratio_of_beta_functions():
    found = give_survival(np.array(0.668), np.array(3.806), 12)
    ages = np.arange(1, 13)
    known = special.beta(0.668, 3.806 + ages) / special.beta(0.668, 3.806)
    assert found == pytest.approx(known, rel=1e-12)


def test_bounds_hold_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(1)
    truth = give_survival(np.array(0.9), np.array(4.0), 18)[-1]
    held = []
    for _ in range(50):
        model = fit_shifted_beta_geometric(
            draw_cohort(generator, alpha=0.9, beta=4.0, size=1500)
        )
        band = bound_survival(model, n_ages=18, confidence_level=0.95)
        held.append(band.lower[-1] <= truth <= band.upper[-1])
    assert np.mean(held) >= 0.88


def test_one_chance_for_all_is_not_taken_for_a_spread():
    generator = np.random.default_rng(2)
    left = generator.geometric(0.05, 3000)
    lost = np.bincount(left[left <= 8] - 1, minlength=8).astype(float)
    kept = np.zeros(8)
    kept[-1] = 3000 - lost.sum()
    model = fit_shifted_beta_geometric(CohortCounts(lost, kept))
    assert model.constant_pvalue > 0.05
    band = bound_survival(model, n_ages=20, confidence_level=0.95)
    assert band.lower[-1] <= 0.95**20 <= band.upper[-1]
    assert band.periods_lower <= band.periods <= band.periods_upper


def test_who_is_still_here_counts_up_to_the_age_seen():
    """Ten of a hundred left at once, the rest seen once: nothing but a tenth."""
    counts = CohortCounts(np.array([10.0, 4.0]), np.array([46.0, 40.0]))
    model = fit_shifted_beta_geometric(counts)
    first = give_survival(np.array(model.alpha), np.array(model.beta), 2)[0]
    assert first == pytest.approx(0.90, abs=0.01)


@pytest.mark.parametrize("lost", [[0.0, 0.0], [50.0, 0.0]])
def test_no_chance_can_be_told_where_nobody_left_or_all_at_once(lost):
    kept = np.array([0.0, 50.0 - sum(lost)])
    with pytest.raises(ValueError, match="Some members must have left"):
        fit_shifted_beta_geometric(CohortCounts(np.array(lost), kept))
