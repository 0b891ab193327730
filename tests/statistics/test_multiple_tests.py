"""Holm's adjustment agrees with statsmodels and leaves single tests alone."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.statistics.multiple_tests import adjust_pvalues


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
