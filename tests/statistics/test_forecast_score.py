"""Forecasts are scored as published tests do, and a forecast that is half wrong is
found to be.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from analysis.statistics.forecast_score import (
    calibrate_forecast,
    check_coverage,
    find_inside,
)

CRITICAL = 3.841


def draw_forecasts(rng, *, slope=1.0, clusters=30, size=8, answer=0.0):
    """Outcomes with shocks of their cluster, to which forecasts may answer."""
    cluster = np.repeat(np.arange(clusters), size)
    shock = rng.normal(0, 0.5, clusters)[cluster] + rng.normal(0, 1, len(cluster))
    mover = rng.normal(0, 1, len(cluster))
    predicted = mover - answer * shock
    return pd.DataFrame(
        {
            "cluster": cluster,
            "one": 0,
            "weight": rng.integers(1, 5, len(cluster)),
            "predicted": predicted,
            "mover": mover,
            "outcome": 0.3 + slope * predicted + shock,
        }
    )


def calibrate(rows, **options):
    return calibrate_forecast(rows, effects=["one"], cluster="cluster", **options)


# --- published figures and outside libraries ---------------------------------------


@pytest.mark.parametrize(
    ("chance", "days", "fewest", "most"),
    [
        (0.010, 255, 1, 6),
        (0.010, 510, 2, 10),
        (0.010, 1000, 5, 16),
        (0.025, 255, 3, 11),
        (0.025, 510, 7, 20),
        (0.025, 1000, 16, 35),
        (0.050, 255, 7, 20),
        (0.050, 510, 17, 35),
        (0.050, 1000, 38, 64),
        (0.075, 255, 12, 27),
        (0.075, 510, 28, 50),
        (0.075, 1000, 60, 91),
        (0.100, 255, 17, 35),
        (0.100, 510, 39, 64),
        (0.100, 1000, 82, 119),
    ],
)
def test_as_many_failures_are_allowed_as_in_kupiecs_table(chance, days, fewest, most):
    # Kupiec (1995), J. Derivatives 3, non-rejection regions at 5 %: 6 < N < 21 of 255
    # days at a chance of .05, and so on. It prints N < 7 for the first row; no failure
    # at all is rejected there too (statistic 5.1), as it is everywhere else.
    def reject(failures):
        tested = check_coverage(days - failures, days, promised=1 - chance)
        return tested.statistic > CRITICAL

    allowed = [count for count in range(days // 4) if not reject(count)]
    assert allowed == list(range(fewest, most + 1))


def test_a_likelihood_ratio_by_hand():
    # 90 of 100 inside where 95 % are promised.
    found = check_coverage(90, 100, promised=0.95)
    by_hand = 2 * (
        90 * math.log(0.90) + 10 * math.log(0.10)
        - 90 * math.log(0.95) - 10 * math.log(0.05)
    )  # fmt: skip
    assert found.statistic == pytest.approx(by_hand, rel=1e-12)
    assert found.pvalue == pytest.approx(stats.chi2.sf(by_hand, 1))
    assert found.lower < 0.90 < found.upper


def test_calibration_is_the_clustered_regression_of_statsmodels():
    rows = draw_forecasts(np.random.default_rng(1)).assign(weight=1)
    expected = smf.ols("outcome ~ predicted", rows).fit(
        cov_type="cluster", cov_kwds={"groups": rows["cluster"]}, use_t=True
    )
    found = calibrate(rows)
    ends = expected.conf_int().loc["predicted"]
    assert found.slope == pytest.approx(expected.params["predicted"], rel=1e-9)
    assert found.std_error == pytest.approx(expected.bse["predicted"], rel=1e-9)
    assert [found.lower, found.upper] == pytest.approx(list(ends), rel=1e-9)


# --- planted truth -----------------------------------------------------------------


def test_a_forecast_that_is_twice_too_large_has_a_slope_of_a_half():
    found = calibrate(draw_forecasts(np.random.default_rng(2), slope=0.5))
    assert found.lower < 0.5 < found.upper < 1


def test_intervals_hold_the_slope_as_often_as_they_say():
    rng = np.random.default_rng(3)
    drawn = [
        calibrate(draw_forecasts(rng, answer=0.5), mover="mover") for _ in range(120)
    ]
    held = np.mean([found.lower <= 1 <= found.upper for found in drawn])
    # Three standard errors of 120 draws.
    assert held == pytest.approx(0.95, abs=0.06)


def test_a_forecast_that_follows_what_it_foresees_is_scored_by_its_mover():
    rng = np.random.default_rng(4)
    worlds = [draw_forecasts(rng, answer=0.7) for _ in range(20)]
    blind = [calibrate(rows).slope for rows in worlds]
    found = [calibrate(rows, mover="mover") for rows in worlds]
    error = np.mean([one.std_error for one in found]) / len(worlds) ** 0.5
    assert np.mean(blind) < 0.8
    assert abs(np.mean([one.slope for one in found]) - 1) < 3 * error


def draw_beside(rng):
    """Forecasts, and another price that moves with theirs and takes balances away."""
    rows = draw_forecasts(rng, answer=0.3)
    other = 0.6 * rows["mover"] + rng.normal(0, 1, len(rows))
    return rows.assign(
        other=other + rng.normal(0, 0.2, len(rows)),
        other_mover=other,
        outcome=rows["outcome"] - other,
    )


def test_what_goes_beside_the_forecast_is_taken_off():
    rng = np.random.default_rng(5)
    worlds = [draw_beside(rng) for _ in range(20)]
    pair = ("other", "other_mover")
    alone = [calibrate(rows, mover="mover").slope for rows in worlds]
    found = [calibrate(rows, mover="mover", beside=pair) for rows in worlds]
    error = np.mean([one.std_error for one in found]) / len(worlds) ** 0.5
    assert np.mean(alone) < 0.6
    assert abs(np.mean([one.slope for one in found]) - 1) < 3 * error


def test_predictive_intervals_hold_what_comes_however_few_errors_are_behind_them():
    rng = np.random.default_rng(6)
    units, earlier = 4000, 6
    scale = rng.uniform(0.5, 2, (units, 1))
    past = scale * rng.normal(0, 1, (units, earlier))
    doubt = np.zeros(units)
    noise = np.sqrt((past**2).mean(axis=1))
    errors = scale[:, 0] * rng.normal(0, 1, units)
    for level in (0.80, 0.95):
        inside = find_inside(
            errors,
            noise=noise,
            degrees=np.full(units, earlier),
            doubt=doubt,
            level=level,
        )
        assert inside.mean() == pytest.approx(level, abs=3 * 0.4 / units**0.5)


# --- edges -------------------------------------------------------------------------


def test_something_beside_that_hardly_moves_is_left_out():
    rng = np.random.default_rng(7)
    rows = draw_forecasts(rng, answer=0.3)
    weak = rows.assign(
        other=rng.normal(0, 1, len(rows)), other_mover=rng.normal(0, 1, len(rows))
    )
    found = calibrate(weak, mover="mover", beside=("other", "other_mover"))
    assert found == calibrate(weak, mover="mover")


def test_a_forecast_that_never_moves_has_no_slope():
    rows = draw_forecasts(np.random.default_rng(8))
    still = rows.assign(predicted=1.0, mover=1.0)
    assert calibrate(still) is None
    assert calibrate(still, mover="mover") is None
    assert calibrate(rows.assign(mover=math.nan), mover="mover") is None


def test_a_mover_that_moves_nothing_leaves_the_slope_without_ends():
    rng = np.random.default_rng(9)
    rows = draw_forecasts(rng, answer=0.3)
    found = calibrate(rows.assign(mover=rng.normal(0, 1, len(rows))), mover="mover")
    assert not math.isfinite(found.lower) or found.upper - found.lower > 5


def test_all_or_nothing_inside_is_still_tested():
    assert check_coverage(50, 50, promised=0.8).pvalue < 0.001
    assert check_coverage(0, 50, promised=0.8).share == 0.0
    assert check_coverage(40, 50, promised=0.8).statistic == pytest.approx(0.0)


@pytest.mark.parametrize(("inside", "nobs"), [(0, 0), (5, 4), (-1, 4)])
def test_more_inside_than_there_are_is_refused(inside, nobs):
    with pytest.raises(ValueError, match="must be inside"):
        check_coverage(inside, nobs, promised=0.8)
