"""Somers' D against SciPy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import somersd

from analysis.statistics.rank_agreement import measure_somers_d

# Ratings of hotels by guests, the example of scipy.stats.somersd's documentation.
HOTELS = np.array(
    [[27, 25, 14, 7, 0], [7, 14, 18, 35, 12], [1, 3, 2, 7, 17]], dtype=float
)


def test_somers_d_is_that_of_the_documented_example():
    assert measure_somers_d(HOTELS) == pytest.approx(0.6032766111513396)
    assert measure_somers_d(HOTELS) == pytest.approx(somersd(HOTELS).statistic)


def test_somers_d_by_hand():
    # Class 0: outcomes 0 and 1; class 1: outcomes 1 and 2. Of four pairs three are in
    # order, one is a tie: D = 3/4.
    assert measure_somers_d(np.array([[1.0, 1, 0], [0, 1, 1]])) == pytest.approx(0.75)


def test_many_tables_at_once_are_each_their_own():
    tables = np.stack([HOTELS, HOTELS[::-1]])
    assert measure_somers_d(tables) == pytest.approx([0.60327661, -0.60327661])


def test_one_class_has_no_order():
    assert np.isnan(measure_somers_d(np.array([[3.0, 2.0], [0.0, 0.0]])))
