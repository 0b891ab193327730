"""Quantiles of a histogram are those of its values, with intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.histogram_quantile import bound_share, estimate_quantile


def test_quantiles_are_those_of_the_values():
    values = np.arange(1.0, 102.0)
    found = estimate_quantile(values, np.ones(101), 0.9, effective=101)
    assert found.estimate == np.quantile(values, 0.9, method="inverted_cdf")
    assert found.lower < found.estimate < found.upper


def test_the_interval_of_a_median_is_that_of_order_statistics():
    # Conover (1999), Practical Nonparametric Statistics, section 3.2, on order
    # statistics: 16 values, 95 %: fourth and thirteenth; ours is not narrower.
    found = estimate_quantile(np.arange(1.0, 17.0), np.ones(16), 0.5, effective=16)
    assert found.lower <= 4
    assert found.upper >= 12


def test_a_share_has_the_exact_ends():
    # Clopper and Pearson's ends of 4 in 20, as in Hollander and Wolfe (1999).
    assert bound_share(0.2, 20) == pytest.approx((0.0573, 0.4366), abs=1e-4)
    assert bound_share(0.0, 10)[0] == 0.0
    assert bound_share(1.0, 10)[1] == 1.0


def test_intervals_of_the_ninetieth_percentile_hold():
    rng = np.random.default_rng(8)
    truth, held = -10 * np.log(0.1), 0
    for _ in range(400):
        bins, counts = np.unique(
            np.round(rng.exponential(10, 150), 1), return_counts=True
        )
        found = estimate_quantile(bins, counts.astype(float), 0.9, effective=150)
        held += found.lower <= truth <= found.upper
    assert 0.93 <= held / 400 <= 0.995


def test_nothing_has_no_quantile():
    with pytest.raises(ValueError, match="needs observations"):
        estimate_quantile(np.ones(1), np.zeros(1), 0.5, effective=1)
