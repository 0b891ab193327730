"""A gathering at a threshold is found as planted; a smooth density has none."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.bunching import measure_bunching

PLACES = np.arange(-19.5, 20.0)
SMOOTH = np.exp(4.0 - 0.03 * PLACES - 0.0005 * PLACES**2)


def test_what_is_expected_is_the_poisson_fit_with_the_window_told_apart():
    # A dummy for every bin of the window takes it out of the fit: the same polynomial.
    counts = np.random.default_rng(1).poisson(SMOOTH)
    inside = np.abs(PLACES) < 2
    scaled = PLACES / np.abs(PLACES).max()
    dummies = np.eye(len(PLACES))[:, inside]
    design = np.column_stack([scaled**0, scaled, scaled**2, dummies])
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    expected = np.exp(design[inside, :3] @ fit.params[:3]).sum()
    found = measure_bunching(PLACES, counts, window=2)
    assert found.expected == pytest.approx(expected, rel=1e-6)
    assert found.observed == counts[inside].sum()


def test_intervals_hold_the_excess_that_is_planted():
    rng = np.random.default_rng(2)
    inside = np.abs(PLACES) < 2
    held = seen = 0
    for _ in range(300):
        found = measure_bunching(
            PLACES, rng.poisson(np.where(inside, 1.4, 1.0) * SMOOTH), window=2
        )
        held += found.lower <= 40 <= found.upper
        seen += found.pvalue < 0.05
    assert held / 300 == pytest.approx(0.95, abs=0.035)
    assert seen / 300 > 0.9


def test_a_smooth_density_gathers_nowhere():
    rng = np.random.default_rng(3)
    wrong = sum(
        measure_bunching(PLACES, rng.poisson(SMOOTH), window=2).pvalue < 0.05
        for _ in range(300)
    )
    assert wrong / 300 == pytest.approx(0.05, abs=0.035)


def test_too_few_say_nothing():
    found = measure_bunching(PLACES, np.ones(40, dtype=int), window=2)
    assert found.observed == 4
    assert np.isnan(found.excess_pct)
    empty = measure_bunching(PLACES, np.zeros(40, dtype=int), window=2)
    assert (empty.observed, empty.expected) == (0, 0.0)


def test_a_window_without_neighbours_is_refused():
    with pytest.raises(ValueError, match="bins inside the window and 6 outside"):
        measure_bunching(PLACES, np.ones(40, dtype=int), window=18)
