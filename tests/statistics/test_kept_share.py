"""The lowest share kept is that of the worst window."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.kept_share import find_lowest_kept


def test_the_worst_window_counts_by_hand():
    # Over two periods: 110/100, 66/120, 99/110, 80/66.
    balances = pd.Series([100.0, 120.0, 110.0, 66.0, 99.0, 80.0])
    assert find_lowest_kept(balances, window=2) == pytest.approx(66 / 120)


def test_a_balance_that_only_grew_was_kept_whole():
    assert find_lowest_kept(pd.Series([1.0, 2.0, 3.0]), window=1) == 1.0


def test_the_planted_run_off_is_found_whatever_the_unit():
    rng = np.random.default_rng(1)
    months = np.arange(120)
    steady = np.exp(0.002 * months + rng.normal(0, 1e-4, size=120))
    steady[60:] *= 0.7
    planted = 0.7 * np.exp(0.002 * 12)
    for unit in (1.0, 1e6):
        found = find_lowest_kept(pd.Series(unit * steady), window=12)
        assert found == pytest.approx(planted, abs=1e-3)


@pytest.mark.parametrize("bad", [np.nan, 0.0])
def test_a_balance_that_is_not_there_is_refused(bad):
    with pytest.raises(ValueError, match="known and above zero"):
        find_lowest_kept(pd.Series([1.0, bad, 2.0]), window=1)


def test_a_history_no_longer_than_the_window_is_refused():
    with pytest.raises(ValueError, match="window's 12, at least 1; there are 3"):
        find_lowest_kept(pd.Series([1.0, 2.0, 3.0]), window=12)
