"""Error correction finds the relation that a system of the same series finds.

The published system is Johansen and Juselius (1990). The paper was not read for these
tests: its figures are as recalled and were computed from the same data, so that they
hold the data and statsmodels to each other, and our single equation to both.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import danish_data
from statsmodels.multivariate.cancorr import CanCorr
from statsmodels.tsa.vector_ar.vecm import VECM

from analysis.statistics.error_correction import estimate_error_correction
from analysis.statistics.lag_orders import LagOrders

REFERENCE = Path(__file__).parents[1] / "reference" / "danish_cointegration.json"
PUBLISHED = json.loads(REFERENCE.read_text())["values"]
DRIVERS = ["lry", "ibo", "ide"]
RELATION = [PUBLISHED["relation"][name] for name in ["lrm", *DRIVERS]]


@pytest.fixture(scope="module")
def danish_money():
    return danish_data.load().data[["lrm", *DRIVERS]]


@pytest.fixture(scope="module")
def eigenvalues(danish_money):
    """Squared canonical correlations of changes and levels, the rest taken off."""
    levels = danish_money.to_numpy()
    changes = np.diff(levels, axis=0)
    quarter = np.arange(2, len(levels)) % 4
    seasons = (quarter[:, None] == np.arange(3)) - 0.25
    rest = np.column_stack([changes[:-1], seasons])
    before = np.column_stack([levels[1:-1], np.ones(len(levels) - 2)])
    both = np.column_stack([changes[1:], before])
    left = both - rest @ np.linalg.lstsq(rest, both)[0]
    # The constant is among the levels, so that neither side is centred again.
    return _correlate(left[:, :4], left[:, 4:]) ** 2


def _correlate(one, other):
    first, second = (np.linalg.qr(side)[0] for side in (one, other))
    return np.linalg.svd(first.T @ second, compute_uv=False)


def test_canonical_correlations_are_those_of_statsmodels():
    rng = np.random.default_rng(1)
    shared = rng.normal(size=(80, 2))
    one = shared @ rng.normal(size=(2, 3)) + rng.normal(size=(80, 3))
    other = shared + rng.normal(size=(80, 2))
    centred = [side - side.mean(axis=0) for side in (one, other)]
    expected = CanCorr(one, other).cancorr
    np.testing.assert_allclose(_correlate(*centred), expected, rtol=1e-10)


def test_eigenvalues_agree_with_the_published_ones(eigenvalues):
    np.testing.assert_allclose(eigenvalues, PUBLISHED["eigenvalues"], atol=5e-5)


def test_rank_statistics_agree_with_the_published_ones(eigenvalues):
    statistics = -53 * np.log(1 - eigenvalues)
    expected = PUBLISHED["largest_root_statistics"]
    np.testing.assert_allclose(statistics, expected, atol=5e-3)
    assert statistics.sum() == pytest.approx(PUBLISHED["trace_statistic"], abs=5e-3)


@pytest.fixture(scope="module")
def system(danish_money):
    model = VECM(danish_money, k_ar_diff=1, coint_rank=1, deterministic="ci", seasons=4)
    return model.fit()


def test_the_relation_agrees_with_the_published_one(system):
    np.testing.assert_allclose(system.beta[:, 0], RELATION, atol=5e-4)
    constant = float(system.const_coint.item())
    assert constant == pytest.approx(PUBLISHED["relation"]["constant"], abs=5e-4)


def test_error_correction_agrees_with_the_system_in_sign_and_order(
    danish_money, system
):
    orders = LagOrders(2, tuple((name, 1) for name in DRIVERS))
    model = estimate_error_correction(danish_money, outcome="lrm", orders=orders)
    found = model.long_run.set_index("driver")["estimate"]
    # Money less its drivers is zero in the relation: drivers change their sign.
    expected = pd.Series(-system.beta[1:, 0], index=DRIVERS)
    assert np.sign(found).tolist() == np.sign(expected).tolist()
    assert found.abs().rank().tolist() == expected.abs().rank().tolist()
    assert model.speed < 0 > float(system.alpha[0, 0])


def test_the_systems_relation_is_within_two_errors_of_the_single_equation(
    danish_money, system
):
    orders = LagOrders(3, (("lry", 1), ("ibo", 3), ("ide", 2)))
    model = estimate_error_correction(danish_money, outcome="lrm", orders=orders)
    distance = model.long_run["estimate"].to_numpy() + system.beta[1:, 0]
    assert (np.abs(distance) < 2 * model.long_run["std_error"]).all()
