"""Errors of measurement are taken out, and what chance breaks is mended."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.disattenuation import (
    covary_pairs,
    disattenuate,
)
from analysis.statistics.reliability import compute_alpha


def test_alpha_of_equal_items_is_spearman_browns():
    # Three items that correlate by one half: 3 x .5 / (1 + 2 x .5) = .75.
    covariance = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    both = compute_alpha(np.stack([covariance, np.eye(3)]))
    np.testing.assert_allclose(both, [0.75, 0], atol=1e-12)


def test_covariances_are_those_of_complete_rows_and_of_pairs():
    rng = np.random.default_rng(1)
    items = rng.standard_normal((200, 3)) + rng.standard_normal((200, 1))
    weights = rng.integers(1, 4, (2, 200)).astype(float)
    found = covary_pairs(items, weights)
    for one, each in zip(found, weights, strict=True):
        expected = np.cov(items.T, fweights=each.astype(int), ddof=0)
        np.testing.assert_allclose(one, expected, atol=1e-12)
    gaps = items.copy()
    gaps[:50, 0] = np.nan
    found = covary_pairs(gaps, weights)[0]
    expected = np.cov(items[50:].T, fweights=weights[0, 50:].astype(int), ddof=0)
    assert found[0, 1] == pytest.approx(expected[0, 1])


def test_correlations_come_back_as_they_were_before_the_errors():
    before = np.array([[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]])
    reliability = np.array([0.5, 0.8, 1.0])
    root = np.sqrt(reliability)
    measured = before * np.outer(root, root)
    np.fill_diagonal(measured, 1.0)
    np.testing.assert_allclose(disattenuate(measured, reliability), before, atol=1e-12)


def test_an_impossible_matrix_becomes_a_valid_one_and_others_stay():
    fine = np.array([[1.0, 0.3], [0.3, 1.0]])
    broken = np.array([[1.0, 0.9], [0.9, 1.0]])
    reliability = np.array([0.8, 0.8])
    both = disattenuate(np.stack([fine, broken]), np.stack([reliability] * 2))
    assert both[0, 0, 1] == pytest.approx(0.3 / 0.8)
    assert np.linalg.eigvalsh(both[1]).min() > 0
    assert both[1, 0, 1] > 0.95
    np.testing.assert_allclose(np.diagonal(both, axis1=1, axis2=2), 1.0)


def test_a_missing_reliability_is_refused():
    with pytest.raises(ValueError, match="must be known"):
        disattenuate(np.eye(2), np.array([np.nan, 1.0]))
