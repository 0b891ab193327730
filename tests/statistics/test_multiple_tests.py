"""Holm's adjustment agrees with statsmodels and leaves single tests alone."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.statistics.multiple_tests import (
    adjust_pvalues,
    limit_false_discoveries,
)


def test_adjustment_equals_another_implementation():
    pvalues = pd.Series(np.random.default_rng(1).uniform(size=12) ** 3)
    _, expected, *_ = multipletests(pvalues, method="holm")
    np.testing.assert_allclose(adjust_pvalues(pvalues), expected, rtol=1e-12)


def test_a_single_test_keeps_its_pvalue_and_a_missing_one_stays_missing():
    adjusted = adjust_pvalues(pd.Series([math.nan, 0.03]))
    assert adjusted.tolist()[1] == 0.03
    assert math.isnan(adjusted.tolist()[0])


def test_a_number_that_is_no_pvalue_is_refused():
    with pytest.raises(ValueError, match="must lie from 0 to 1"):
        adjust_pvalues(pd.Series([0.5, 1.2]))


# Benjamini and Hochberg (1995), section 4: 15 comparisons after myocardial attack;
# their procedure rejects the first four at .05, Bonferroni's the first three.
HEART_ATTACK = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_false_discoveries_are_limited_as_published():
    adjusted = limit_false_discoveries(pd.Series(HEART_ATTACK))
    assert (adjusted < 0.05).sum() == 4
    assert (adjust_pvalues(pd.Series(HEART_ATTACK)) < 0.05).sum() == 3
    expected = multipletests(HEART_ATTACK, method="fdr_bh")[1]
    assert adjusted.to_numpy() == pytest.approx(expected)


def test_tests_that_were_not_made_stay_missing():
    adjusted = limit_false_discoveries(pd.Series([0.02, None, 0.04], index=list("abc")))
    assert adjusted["a"] == pytest.approx(0.04)
    assert pd.isna(adjusted["b"])


def test_chances_beyond_one_are_refused_here_too():
    with pytest.raises(ValueError, match="must lie from 0 to 1"):
        limit_false_discoveries(pd.Series([0.5, 1.5]))
