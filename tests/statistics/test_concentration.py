"""Shares of the top, the whale curve, and Gini indices with negative values."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.concentration import (
    measure_gini,
    measure_normalised_gini,
    rank_units,
    replicate_gini,
    replicate_normalised_gini,
    trace_curve,
)
from analysis.statistics.paired_bootstrap import draw_units, summarise


def _draw(n_units, *, n_draws=20):
    generator = np.random.default_rng(1)
    return draw_units(n_units, n_draws=n_draws, generator=generator)


# Mean absolute difference by hand: the ordered pairs of [1, 2, 3, 4] differ by 20 in
# all, those of [-5, 1, 2, 6] by 68. Gini = D / (2 n^2 mean): 20/80 and 68/32.
@pytest.mark.parametrize(
    ("values", "gini"), [([1, 2, 3, 4], 0.25), ([-5, 1, 2, 6], 2.125)]
)
def test_gini_of_four_values_by_hand(values, gini):
    assert measure_gini(np.array(values)) == pytest.approx(gini, abs=1e-15)


# Raffinetti, Siletti and Vernizzi (2015): D / (2 (n-1) (gains + losses)), which is
# 20/60 and 68/84.
@pytest.mark.parametrize(
    ("values", "gini"), [([1, 2, 3, 4], 1 / 3), ([-5, 1, 2, 6], 0.8095238095)]
)
def test_normalised_gini_of_four_values_by_hand(values, gini):
    assert measure_normalised_gini(np.array(values)) == pytest.approx(gini, abs=1e-10)


def test_normalised_gini_is_one_at_the_extreme():
    assert measure_normalised_gini(np.array([-7.0, 0, 0, 0, 4.0])) == pytest.approx(1)


def test_normalised_gini_of_positive_values_is_gini_with_its_sample_correction():
    values = np.random.default_rng(2).lognormal(size=60)
    expected = measure_gini(values) * 60 / 59
    assert measure_normalised_gini(values) == pytest.approx(expected, rel=1e-12)


def test_whale_curve_of_kanthal():
    # Kaplan and Cooper on Kanthal: 20 % of customers make 225 % of profit, 70 % break
    # even, 10 % lose 125 %. One hundred customers with these sums:
    profit = np.repeat([225 / 20, 0.0, -125 / 10], [20, 70, 10])
    ranked = rank_units(profit, _draw(100))
    curve = trace_curve(ranked, np.array([0, 0.2, 0.5, 0.9, 1.0]))[0]
    assert curve == pytest.approx([0, 2.25, 2.25, 2.25, 1.0], abs=1e-12)


def test_lorenz_curve_ends_at_one_and_stays_below_the_diagonal():
    balance = np.random.default_rng(3).pareto(1.5, size=5000)
    ranked = rank_units(balance, _draw(5000), descending=False)
    shares = np.linspace(0, 1, 101)
    curves = trace_curve(ranked, shares)
    assert np.allclose(curves[:, -1], 1.0)
    assert (curves[0] <= shares + 1e-12).all()


@pytest.mark.parametrize("descending", [True, False])
def test_replicated_gini_of_the_sample_is_the_gini(descending):
    values = np.random.default_rng(4).normal(1, 2, size=400)
    ranked = rank_units(values, _draw(400), descending=descending)
    assert replicate_gini(ranked)[0] == pytest.approx(measure_gini(values))
    assert replicate_normalised_gini(ranked)[0] == pytest.approx(
        measure_normalised_gini(values)
    )


def test_bins_change_a_heavy_tailed_gini_by_less_than_a_thousandth():
    values = np.random.default_rng(5).pareto(1.2, size=50_000)
    ranked = rank_units(values, _draw(50_000))
    assert replicate_gini(ranked)[0] == pytest.approx(measure_gini(values), abs=1e-3)


def test_interval_of_the_top_share_agrees_with_a_bootstrap_written_out():
    # One sort a draw against bins and groups. With 1,000 draws and 1,000 groups either
    # interval's width is known to some 5 %; 15 % is three of these.
    values = np.random.default_rng(6).lognormal(0, 1.2, size=3000) - 1
    generator = np.random.default_rng(7)
    samples = [np.sort(generator.choice(values, 3000))[::-1] for _ in range(1000)]
    plain = np.array([sample[:600].sum() / sample.sum() for sample in samples])
    ranked = rank_units(values, _draw(3000, n_draws=1000))
    share = summarise(trace_curve(ranked, np.array([0.2]))[:, 0], confidence_level=0.95)
    lower, upper = np.quantile(plain, [0.025, 0.975])
    assert share.upper - share.lower == pytest.approx(upper - lower, rel=0.15)
    assert share.lower == pytest.approx(lower, rel=0.02)
    assert share.upper == pytest.approx(upper, rel=0.02)


def test_gini_of_nothing_is_refused():
    with pytest.raises(ValueError, match="total above 0"):
        measure_gini(np.array([-1.0, 1.0]))
    with pytest.raises(ValueError, match="two values that are not all 0"):
        measure_normalised_gini(np.zeros(3))
