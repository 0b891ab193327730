"""Shares, intervals and tests of moves agree with what was printed elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.migration_counts import (
    check_homogeneity,
    check_order,
    estimate_migration,
    measure_mobility,
)

# Standard and Poor's, global corporates 1981-2016, one year, from
# open-risk/transitionMatrix, datasets/sp_1981-2016.json (AAA, AA, A, BBB, BB, B, CCC,
# default, no rating), and rows AAA and BBB of the two-year matrix there.
RATINGS = np.array(
    [
        [0.8705, 0.0903, 0.0053, 0.0005, 0.0008, 0.0003, 0.0005, 0.0, 0.0317],
        [0.0052, 0.8682, 0.08, 0.0051, 0.0005, 0.0007, 0.0002, 0.0002, 0.0399],
        [0.0003, 0.0177, 0.8779, 0.0533, 0.0032, 0.0013, 0.0002, 0.0006, 0.0455],
        [0.0001, 0.001, 0.0351, 0.8556, 0.0379, 0.0051, 0.0012, 0.0018, 0.0623],
        [0.0001, 0.0003, 0.0012, 0.0497, 0.7698, 0.0692, 0.0061, 0.0072, 0.0963],
        [0.0, 0.0003, 0.0009, 0.0019, 0.0515, 0.7426, 0.0446, 0.0376, 0.1206],
        [0.0, 0.0, 0.0013, 0.0019, 0.0063, 0.1291, 0.4397, 0.2678, 0.1539],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)
AAA, AA, BBB, DEFAULT = 0, 1, 3, 7
TWO_YEARS = {(AAA, AA): 0.1608, (BBB, DEFAULT): 0.0052}


def simulate_triples(rng, *, size=4000, stickiness=0.0):
    """Draw three states in a row; stickiness is the share that repeats the first."""
    chances = np.cumsum([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]], axis=1)
    path = [rng.integers(0, 3, size)]
    for _ in range(2):
        path.append((rng.random(size)[:, None] > chances[path[-1]]).sum(axis=1))
    back = rng.random(size) < stickiness
    path[2] = np.where(back, path[0], path[2])
    triples = np.zeros((3, 3, 3), np.int64)
    np.add.at(triples, tuple(path), 1)
    return triples


def test_intervals_are_goodmans_as_may_and_johnson_print_them():
    """May and Johnson (2000), Journal of Statistical Software 5(6), example."""
    counts = np.array([[56, 72, 73, 59, 62, 87, 58]])
    found = estimate_migration(counts, confidence_level=0.95)
    assert found.lower[0, [0, 5]] == pytest.approx([0.085, 0.143], abs=5e-4)
    assert found.upper[0, [0, 5]] == pytest.approx([0.166, 0.239], abs=5e-4)


def test_an_empty_cell_has_the_exact_bound_and_an_empty_row_none():
    found = estimate_migration(np.array([[50, 0], [0, 0]]), confidence_level=0.95)
    assert found.lower[0, 1] == 0
    assert found.upper[0, 1] == pytest.approx(1 - 0.05 ** (1 / 50), abs=1e-12)
    # Nobody of fifty moved: as rare as that bound says, one time in twenty.
    assert stats.binom.cdf(0, 50, found.upper[0, 1]) == pytest.approx(0.05, abs=1e-9)
    assert np.isnan(found.shares[1]).all()


def test_ratings_break_the_chain_as_published():
    twice = RATINGS @ RATINGS
    assert 100 * twice[AAA, AA] == pytest.approx(15.71, abs=0.005)
    # Shares are printed to four digits; of them 0.415 comes, of more digits 0.42.
    assert 100 * twice[BBB, DEFAULT] == pytest.approx(0.42, abs=0.006)
    for cell, seen in TWO_YEARS.items():
        assert seen > twice[cell]


def test_statistic_is_the_sum_of_pearsons():
    triples = simulate_triples(np.random.default_rng(1))
    found = check_order(triples, n_draws=19, generator=np.random.default_rng(2))
    known = [
        stats.chi2_contingency(triples[:, now, :], correction=False) for now in range(3)
    ]
    assert found.statistic == pytest.approx(sum(each.statistic for each in known))
    assert found.degrees == sum(each.dof for each in known)
    assert found.nobs == 4000


def test_a_chain_that_forgets_is_refused_about_as_often_as_said():
    generator = np.random.default_rng(3)
    pvalues = [
        check_order(
            simulate_triples(generator, size=600), n_draws=99, generator=generator
        ).pvalue
        for _ in range(100)
    ]
    assert 0.01 <= np.mean(np.array(pvalues) <= 0.05) <= 0.11


def test_a_chain_that_remembers_is_caught():
    triples = simulate_triples(np.random.default_rng(4), stickiness=0.15)
    found = check_order(triples, n_draws=199, generator=np.random.default_rng(5))
    assert found.pvalue <= 0.01


def test_quarters_that_differ_are_told_from_quarters_that_do_not():
    generator = np.random.default_rng(6)
    alike, apart = [], []
    for _ in range(60):
        same = generator.multinomial(2000, [0.5, 0.3, 0.2], size=(4, 2))
        moved = same.copy()
        moved[3, 0] = generator.multinomial(2000, [0.42, 0.36, 0.22])
        for counts, pvalues in ((same, alike), (moved, apart)):
            test = check_homogeneity(counts, n_draws=99, generator=generator)
            pvalues.append(test.pvalue)
    assert np.mean(np.array(alike) <= 0.05) <= 0.13
    assert np.mean(np.array(apart) <= 0.05) >= 0.95


def test_rows_and_columns_without_a_unit_do_no_harm():
    counts = np.zeros((2, 3, 3), np.int64)
    counts[:, 0, 0] = [40, 60]
    counts[:, 0, 1] = [10, 12]
    found = check_homogeneity(counts, n_draws=99, generator=np.random.default_rng(7))
    assert found.degrees == 1
    assert found.pvalue > 0.05


def test_mobility_runs_from_nought_to_one():
    assert measure_mobility(np.eye(4)) == 0
    assert measure_mobility(np.full((4, 4), 0.25)) == pytest.approx(1.0)
