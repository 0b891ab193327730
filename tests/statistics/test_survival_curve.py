"""The product limit reproduces the published leukaemia data, and its edges hold."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.survival_curve import estimate_survival

REMISSION = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
"""Weeks of remission under 6-MP, and weeks of those still in it (Freireich et al.
1963; Kalbfleisch and Prentice 2002, table 1.2)."""


def count(ended, censored):
    times = np.unique([*ended, *censored]).astype(float)
    return times, *(
        np.array([list(each).count(time) for time in times], float)
        for each in (ended, censored)
    )


def test_the_leukaemia_curve_is_the_published_one():
    curve = estimate_survival(*count(REMISSION, STILL))
    seen = [curve.read(time)[0] for time in (6, 7, 10, 13, 16, 22, 23)]
    assert seen == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5
    )
    errors = curve.std_error[np.searchsorted(curve.times, [6, 10, 16, 23])]
    assert errors == pytest.approx([0.0764, 0.0963, 0.1141, 0.1346], abs=5e-5)
    assert curve.nobs == 21


def test_without_censoring_it_is_the_share_still_open():
    times = np.array([1.0, 2.0, 4.0])
    curve = estimate_survival(times, np.array([2.0, 3.0, 5.0]), np.zeros(3))
    assert curve.survival == pytest.approx([0.8, 0.5, 0.0])
    assert curve.read(0.5) == (1.0, 1.0, 1.0)
    assert curve.lower[-1] == 0.0 < curve.upper[-1] < 1.0


def test_dropping_the_open_ones_would_flatter():
    ended, open_since = [1, 2, 3], [9] * 7
    whole = estimate_survival(*count(ended, open_since))
    dropped = estimate_survival(*count(ended, []))
    assert whole.read(3)[0] == pytest.approx(0.7)
    assert dropped.read(3)[0] == 0.0


def test_nothing_is_said_beyond_the_last_one_followed():
    curve = estimate_survival(*count([2], [5, 5]))
    assert curve.read(5)[0] == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="Nobody was followed for 6; the last at 5"):
        curve.read(6)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        days, seen = rng.exponential(10, 60), rng.uniform(0, 40, 60)
        curve = estimate_survival(*count(days[days <= seen], seen[days > seen]))
        _, lower, upper = curve.read(8.0)
        held += lower <= np.exp(-0.8) <= upper
    assert 0.92 <= held / 300 <= 0.98


def test_times_must_rise():
    with pytest.raises(ValueError, match="times that rise"):
        estimate_survival(np.array([2.0, 1.0]), np.ones(2), np.zeros(2))
