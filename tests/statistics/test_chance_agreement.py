"""Kappa reproduces the published example, and refuses what has no chance."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.chance_agreement import measure_agreement


def test_two_psychologists_agree_as_published():
    # Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions,
    # table 18.1: 100 diagnoses; kappa .68, standard error .087.
    table = np.array([[75.0, 1, 4], [5, 4, 1], [0, 0, 10]])
    found = measure_agreement(table)
    assert found.kappa == pytest.approx(0.6765, abs=5e-5)
    assert found.std_error == pytest.approx(0.087, abs=1e-3)
    assert (found.observed, found.expected) == pytest.approx((0.89, 0.66))


def test_independent_codings_agree_by_chance_only():
    found = measure_agreement(np.outer([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]) * 1000)
    assert found.kappa == pytest.approx(0.0, abs=1e-12)
    assert found.lower < 0 < found.upper


def test_what_can_not_differ_is_refused():
    with pytest.raises(ValueError, match="never differ"):
        measure_agreement(np.array([[9.0, 0], [0, 0]]))
    with pytest.raises(ValueError, match="needs units"):
        measure_agreement(np.zeros((2, 2)))
