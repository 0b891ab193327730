"""Rates reproduce published intervals, and bunches widen them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.event_rates import (
    bound_rates,
    compare_rates,
    measure_bunches,
    measure_unrest,
)


def test_the_welsh_nickel_workers_have_the_published_interval():
    # R's manual of poisson.test: 137 deaths where 24.19893 were expected.
    lower, upper = bound_rates(np.array([137.0]), np.array([24.19893]))
    assert (lower[0], upper[0]) == pytest.approx((4.753125, 6.692709), abs=1e-6)


def test_ten_events_have_the_ends_of_the_textbook():
    # Garwood (1936); tabulated in Breslow and Day (1987), table 2.11.
    lower, upper = bound_rates(np.array([10.0, 0.0]), np.ones(2))
    assert lower == pytest.approx([4.795, 0.0], abs=5e-4)
    assert upper == pytest.approx([18.39, 3.689], abs=5e-3)


def test_lung_cancer_in_fredericia_has_the_published_ratio():
    # R's manual of poisson.test, data eba1977 of the package ISwR.
    found = compare_rates((11, 21), (800, 3011))
    assert found.estimate == pytest.approx(1.971488, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((0.8584264, 4.2772659), abs=1e-5)


def test_bunches_widen_and_single_events_do_not():
    rng = np.random.default_rng(3)
    alone = rng.poisson(0.02, 40_000)
    bunched = rng.poisson(0.02 * rng.gamma(0.05, 20, 40_000))
    plain, wild = (
        measure_bunches(len(each), each.sum(), (each**2).sum())
        for each in (alone, bunched)
    )
    assert plain.pvalue > 0.01 > wild.pvalue
    assert wild.factor > 1.2
    one, many = np.array([100.0]), np.array([1000.0])
    narrow = bound_rates(one, many)
    wide = bound_rates(one, many, dispersion=4)
    assert wide[1] - wide[0] == pytest.approx(2 * (narrow[1] - narrow[0]), rel=0.1)


def test_the_test_of_bunches_keeps_its_size_where_events_are_rare():
    rng = np.random.default_rng(4)
    draws = rng.poisson(0.01, (400, 20_000))
    rejected = [
        measure_bunches(len(each), each.sum(), (each**2).sum()).pvalue < 0.05
        for each in draws
    ]
    assert 0.02 <= np.mean(rejected) <= 0.08


def test_periods_that_jump_are_told_from_those_that_do_not():
    counts = np.array([100.0, 104, 97, 99, 101, 95])
    assert measure_unrest(counts, np.full(6, 1e4)).factor == 1.0
    jumping = counts * np.array([1, 1.5, 0.6, 1.2, 0.8, 1.6])
    assert measure_unrest(jumping, np.full(6, 1e4)).pvalue < 0.001


def test_rates_without_events_are_refused():
    with pytest.raises(ValueError, match="without any event"):
        compare_rates((0, 0), (10, 10))
    with pytest.raises(ValueError, match="two units or more"):
        measure_bunches(1, 1, 1)
    with pytest.raises(ValueError, match="two periods or more"):
        measure_unrest(np.array([3.0]), np.ones(1))


def test_a_rate_from_nothing_has_no_upper_end():
    none = compare_rates((0, 5), (10, 10))
    assert (none.estimate, none.lower) == (0.0, 0.0)
    assert none.upper == pytest.approx(1 / 0.916356, abs=1e-5)
    found = compare_rates((5, 0), (10, 10))
    assert found.upper == np.inf
    assert found.lower == pytest.approx(0.916356, abs=1e-6)
    assert found.pvalue == pytest.approx(2 / 2**5)
