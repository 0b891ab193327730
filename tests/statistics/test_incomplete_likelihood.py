"""Factor models of answers with gaps agree with complete ones, and with lavaan."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.factor_fit import measure_fit
from analysis.statistics.factor_model import fit_factors
from analysis.statistics.incomplete_likelihood import (
    fit_incomplete,
    measure_log_likelihood,
)
from analysis.statistics.sample_moments import measure_moments

BIG_FIVE = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data")) / "bfi/bfi.csv"


def draw(rows, *, missing=0.0):
    rng = np.random.default_rng(2)
    opinion = rng.standard_normal((rows, 1))
    answers = opinion * np.array([0.9, 0.8, 0.7, 0.6]) + rng.standard_normal((rows, 4))
    answers[(rng.random(rows) < missing) & (opinion[:, 0] > -2), 3] = np.nan
    return answers


def test_without_gaps_the_complete_fit_comes_back():
    answers = draw(500)
    sample = measure_moments(answers)
    complete = measure_fit(fit_factors([sample], [0] * 4), [sample])
    found = fit_incomplete(answers, [0] * 4)
    assert found.chi2 == pytest.approx(complete.chi2, abs=1e-6)
    assert found.log_likelihood == pytest.approx(complete.log_likelihood, abs=1e-6)
    assert found.df == complete.df == 2


def test_a_row_counts_with_what_it_holds():
    # By hand: standard normal answers of 0 and 1, the third one missing.
    answers = np.array([[0.0, 1.0, np.nan], [np.nan, np.nan, np.nan]])
    found = measure_log_likelihood(answers, np.zeros(3), np.eye(3))
    assert found == pytest.approx(-np.log(2 * np.pi) - 0.5)


def test_gaps_cost_certainty_but_not_the_loadings():
    found = fit_incomplete(draw(5000, missing=0.4), [0] * 4)
    expected = np.array([0.9, 0.8, 0.7, 0.6]) / 0.9
    np.testing.assert_allclose(found.model.loadings[0], expected, atol=0.08)


@pytest.mark.extended
@pytest.mark.skipif(not BIG_FIVE.exists(), reason="the big five are not at hand")
def test_five_factors_of_incomplete_answers_agree_with_lavaan():
    # R 4.2.2, lavaan 0.6-14: cfa(..., psychTools::bfi, missing = "fiml").
    answers = pd.read_csv(BIG_FIVE).loc[:, "A1":"O5"].to_numpy(dtype=float)
    found = fit_incomplete(answers, np.repeat(np.arange(5), 5).tolist())
    assert found.free_log_likelihood == pytest.approx(-111941.247, abs=5e-4)
    # The rounds stop at 1e-7 of the log-likelihood, some way before the maximum.
    assert found.chi2 == pytest.approx(4674.262990, abs=1e-4)
