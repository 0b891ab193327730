"""The bootstrap of units over several periods."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.paired_bootstrap import draw_units, summarise


def test_first_replicate_is_the_sample_itself():
    values = np.arange(50.0)
    draws = draw_units(50, n_draws=10, generator=np.random.default_rng(1))
    assert draws.total(values)[0, 0] == values.sum()


def test_few_units_give_the_ordinary_bootstrap():
    draws = draw_units(
        40, n_draws=20, generator=np.random.default_rng(2), n_groups=1000
    )
    assert sorted(draws.group) == list(range(40))
    assert (draws.weights.sum(axis=1) == 40).all()


@pytest.mark.parametrize("n_units", [800, 20_000])
def test_interval_of_a_mean_is_as_wide_as_theory_says(n_units):
    # The mean of n draws from a sample has standard error sd / sqrt(n). 4,000 draws
    # know it to 1.1 %, 1,000 groups to 2.2 %: 8 % is more than three of these.
    values = np.random.default_rng(3).lognormal(size=n_units)
    draws = draw_units(n_units, n_draws=4000, generator=np.random.default_rng(4))
    means = draws.total(values)[1:, 0] / n_units
    assert means.std() == pytest.approx(values.std() / np.sqrt(n_units), rel=0.08)


def test_change_of_the_same_units_keeps_their_correlation():
    # after = before + 1 for every unit: the mean change is 1 in every draw, although
    # either mean alone is uncertain.
    before = np.random.default_rng(5).normal(size=300)
    draws = draw_units(300, n_draws=200, generator=np.random.default_rng(6))
    change = draws.total(before + 1) - draws.total(before)
    assert np.allclose(change, 300.0)


def test_cells_add_up_to_the_whole_in_every_draw():
    values = np.random.default_rng(7).normal(size=5000)
    cell = np.random.default_rng(8).integers(0, 4, size=5000)
    draws = draw_units(5000, n_draws=50, generator=np.random.default_rng(9))
    by_cell = draws.total(values, cell=cell, n_cells=4)
    assert np.allclose(by_cell.sum(axis=1), draws.total(values)[:, 0])


def test_units_kept_are_drawn_together_with_the_others():
    values = np.random.default_rng(10).normal(size=500)
    kept = values > 0
    draws = draw_units(500, n_draws=50, generator=np.random.default_rng(11))
    assert np.allclose(
        draws.keep(kept).total(values[kept]), draws.total(np.where(kept, values, 0.0))
    )


def test_interval_never_leaves_the_estimate_outside():
    summary = summarise(np.array([9.0, 1.0, 2.0, 3.0]), confidence_level=0.5)
    assert summary.lower <= summary.estimate <= summary.upper == 9.0


def test_one_unit_cannot_be_resampled():
    with pytest.raises(ValueError, match="at least 2 units, not 1"):
        draw_units(1, n_draws=5, generator=np.random.default_rng(0))


def test_units_of_another_period_are_drawn_as_often_and_new_ones_evenly():
    draws = draw_units(3_000, n_draws=50, generator=np.random.default_rng(1))
    units = np.array([5, -1, 2_999, *[-1] * 1_999])
    placed = draws.place(units, generator=np.random.default_rng(2))
    assert placed.group[[0, 2]].tolist() == draws.group[[5, 2_999]].tolist()
    sizes = np.bincount(placed.group[units < 0], minlength=1_000)
    assert sizes.max() - sizes.min() <= 1
    again = draws.place(units, generator=np.random.default_rng(2))
    assert (again.group == placed.group).all()
