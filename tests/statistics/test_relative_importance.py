"""Shares of R squared agree with relaimpo, and zero drivers fall to their floor."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.johnson_weights import weigh_by_johnson
from analysis.statistics.relative_importance import decompose_r_squared

REFERENCE = Path(__file__).parents[1] / "reference"


def read_reference(name):
    stored = json.loads((REFERENCE / f"{name}.json").read_text())
    names = [*stored["values"]["drivers"], stored["outcome"]]
    return np.corrcoef([stored["data"][name] for name in names]), stored["values"]


def draw_correlation(rng, drivers, common=1.0):
    rows = rng.standard_normal((4 * drivers + 20, drivers + 1))
    return np.corrcoef((rows + common * rng.standard_normal((len(rows), 1))).T)


def explain(correlation, subset):
    """R squared of the last variable by a subset of the others, by a linear solve."""
    if not subset:
        return 0.0
    inner = correlation[np.ix_(subset, subset)]
    outer = correlation[subset, -1]
    return float(outer @ np.linalg.solve(inner, outer))


def refit_all_subsets(correlation):
    drivers = len(correlation) - 1
    shares = np.zeros(drivers)
    for driver in range(drivers):
        others = [other for other in range(drivers) if other != driver]
        for size in range(drivers):
            weight = 1 / (drivers * math.comb(drivers - 1, size))
            for subset in itertools.combinations(others, size):
                gain = explain(correlation, [*subset, driver])
                shares[driver] += weight * (gain - explain(correlation, list(subset)))
    return shares


def remove_own_effect(correlation, driver):
    """Covariances once a driver's own coefficient is zero; the outcome is last."""
    coefficients = np.linalg.solve(correlation[:-1, :-1], correlation[:-1, -1])
    coefficients[driver] = 0.0
    without = correlation.copy()
    without[:-1, -1] = without[-1, :-1] = correlation[:-1, :-1] @ coefficients
    return without


def test_swiss_shares_agree_with_relaimpo_to_nine_digits():
    correlation, published = read_reference("swiss")
    found = decompose_r_squared(correlation)
    # Printed with nine digits; half of the last one is the tolerance.
    np.testing.assert_allclose(found.lmg, published["lmg"], atol=5e-10)
    assert found.r_squared == pytest.approx(published["r_squared"], abs=5e-10)


@pytest.mark.parametrize("measure", ["first", "last"])
def test_swiss_simple_measures_agree_with_relaimpo(measure):
    correlation, published = read_reference("swiss")
    found = getattr(decompose_r_squared(correlation), measure)
    np.testing.assert_allclose(found, published[measure], atol=5e-7)


def test_swiss_normalised_shares_and_pratt_agree_with_relaimpo():
    correlation, published = read_reference("swiss")
    found = decompose_r_squared(correlation)
    shares = found.lmg / found.r_squared
    np.testing.assert_allclose(shares, published["lmg_share"], atol=5e-7)
    pratt = found.coefficients * correlation[:-1, -1]
    np.testing.assert_allclose(pratt, published["pratt"], atol=5e-7)


def test_mtcars_shares_agree_with_relaimpo_and_domir():
    correlation, published = read_reference("mtcars")
    found = decompose_r_squared(correlation)
    np.testing.assert_allclose(found.lmg, published["lmg"], atol=5e-7)
    assert found.first[0] == pytest.approx(published["first_of_cyl"], abs=5e-7)
    assert found.last[0] == pytest.approx(published["last_of_cyl"], abs=5e-7)


def test_johnson_weights_agree_with_rwa_and_order_other_than_shares():
    # The README of the R package rwa prints these; hp is first by Johnson's weights
    # and third by the shares.
    correlation, published = read_reference("mtcars")
    weights = weigh_by_johnson(correlation)
    expected = [0.228480, 0.222147, 0.232174, 0.096389]
    np.testing.assert_allclose(weights, expected, atol=6e-7)
    assert weights.sum() == pytest.approx(published["r_squared"], abs=6e-7)
    shares = 100 * weights / weights.sum()
    printed = [29.322737, 28.509988, 29.796910, 12.370365]
    np.testing.assert_allclose(shares, printed, atol=6e-7)
    assert weights.argmax() == 2
    assert np.argsort(-decompose_r_squared(correlation).lmg)[2] == 2


def test_johnson_weights_of_swiss_agree_with_a_prototype():
    correlation, _ = read_reference("swiss")
    expected = [0.048417, 0.154708, 0.271964, 0.114680, 0.116966]
    np.testing.assert_allclose(weigh_by_johnson(correlation), expected, atol=6e-7)


def test_johnson_weights_need_a_square_matrix():
    with pytest.raises(ValueError, match="must be square"):
        weigh_by_johnson(np.eye(3)[:2])


@pytest.mark.parametrize("drivers", [1, 2, 3, 6, 9])
def test_shares_equal_a_refit_of_every_subset(drivers):
    correlation = draw_correlation(np.random.default_rng(drivers), drivers)
    found = decompose_r_squared(correlation)
    np.testing.assert_allclose(found.lmg, refit_all_subsets(correlation), atol=1e-12)


@pytest.mark.parametrize("drivers", [2, 5, 7])
def test_floor_equals_the_share_left_when_the_own_coefficient_is_zero(drivers):
    correlation = draw_correlation(np.random.default_rng(drivers), drivers)
    found = decompose_r_squared(correlation)
    expected = [
        refit_all_subsets(remove_own_effect(correlation, driver))[driver]
        for driver in range(drivers)
    ]
    np.testing.assert_allclose(found.floor, expected, atol=1e-12)


@pytest.mark.parametrize("drivers", [4, 12, 17])
def test_shares_add_up_to_r_squared(drivers):
    found = decompose_r_squared(draw_correlation(np.random.default_rng(1), drivers))
    assert found.lmg.sum() == pytest.approx(found.r_squared, abs=1e-12)


def test_uncorrelated_drivers_get_their_squared_coefficient_and_no_floor():
    correlation = np.eye(4)
    correlation[-1, :-1] = correlation[:-1, -1] = [0.6, -0.3, 0.1]
    found = decompose_r_squared(correlation)
    np.testing.assert_allclose(found.lmg, [0.36, 0.09, 0.01], atol=1e-14)
    np.testing.assert_allclose(found.floor, 0, atol=1e-14)


def test_a_batch_equals_its_matrices_one_by_one():
    rng = np.random.default_rng(3)
    batch = np.stack([draw_correlation(rng, 11) for _ in range(150)])
    together = decompose_r_squared(batch.reshape(3, 50, 12, 12))
    alone = [decompose_r_squared(matrix).own for matrix in batch]
    assert together.own.shape == (3, 50, 11)
    np.testing.assert_allclose(together.own.reshape(150, 11), alone, atol=1e-12)


def test_splitting_into_blocks_changes_nothing(monkeypatch):
    correlation = draw_correlation(np.random.default_rng(5), 10)
    whole = decompose_r_squared(correlation).lmg
    module = "analysis.statistics.relative_importance._BLOCK_ELEMENTS"
    monkeypatch.setattr(module, 16)
    np.testing.assert_allclose(decompose_r_squared(correlation).lmg, whole, atol=1e-13)


def test_a_driver_asked_twice_shares_equally_and_nothing_breaks():
    correlation = draw_correlation(np.random.default_rng(7), 4)
    twice = correlation[np.ix_([0, 0, 1, 2, 3, 4], [0, 0, 1, 2, 3, 4])]
    found = decompose_r_squared(twice)
    assert found.lmg[0] == pytest.approx(found.lmg[1], abs=1e-9)
    once = decompose_r_squared(correlation)
    assert found.lmg.sum() == pytest.approx(once.r_squared, abs=1e-9)


def test_zero_drivers_of_a_strong_block_fall_to_the_floor():
    # Four blocks of correlation .8, each with a driver that matters and one that does
    # not: the plain share ranks zero drivers among the first, the own effect does not.
    block = np.kron(np.eye(4), np.array([[1.0, 0.8], [0.8, 1.0]]))
    drivers = np.where(block == 0, 0.2, block)
    effects = np.array([0.40, 0, 0.30, 0, 0.20, 0, 0.10, 0])
    signal = effects @ drivers @ effects
    scale = np.sqrt(0.6 / signal)
    correlation = np.ones((9, 9))
    correlation[:-1, :-1] = drivers
    correlation[:-1, -1] = correlation[-1, :-1] = drivers @ effects * scale
    found = decompose_r_squared(correlation)
    zero = effects == 0
    assert found.lmg[1] > found.lmg[6], "the plain share is misled"
    np.testing.assert_allclose(found.own[zero], 0, atol=1e-12)
    assert (np.argsort(-found.own)[:4] == [0, 2, 4, 6]).all()


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.eye(3)[:2], "must be square"),
        (np.eye(1), "must be 1 to 30 drivers, not 0"),
        (np.eye(32), "must be 1 to 30 drivers, not 31"),
        (np.full((3, 3), np.nan), "must be finite"),
    ],
    ids=["not square", "no driver", "too many", "missing"],
)
def test_a_matrix_that_cannot_be_decomposed_is_refused(matrix, words):
    with pytest.raises(ValueError, match=words):
        decompose_r_squared(matrix)


def test_many_drivers_on_threads_add_up_and_do_not_depend_on_their_order():
    rng = np.random.default_rng(8)
    rows = rng.standard_normal((90, 20)) + rng.standard_normal((90, 1))
    correlation = np.corrcoef(rows.T)
    found = decompose_r_squared(correlation)
    assert found.lmg.sum() == pytest.approx(found.r_squared, abs=1e-12)
    order = rng.permutation(19)
    moved = np.append(order, 19)
    again = decompose_r_squared(correlation[np.ix_(moved, moved)])
    np.testing.assert_allclose(again.lmg, found.lmg[order], atol=1e-12)
    np.testing.assert_allclose(again.floor, found.floor[order], atol=1e-12)
