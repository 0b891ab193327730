"""The logit of stepped prices agrees with statsmodels and finds planted chances."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.discrete.discrete_model import MNLogit

from analysis.statistics.stepped_rates import estimate_stepped_rates, find_grid

# Hannan and Berger (1991): a fall is likelier after the market fell by 29 basis points
# (62%) than a rise after it rose as much (39%). Their data are not public; the logit
# below is built so that it holds these two chances, and must be found again.
FALL, RISE, GAP = 0.62, 0.39, 29.0
REST = 0.03


def _solve(chance, gap):
    """Constant and slope with `REST` at a gap of 0, if the other move is `REST` too."""
    odds = [share / (1 - share - REST) for share in (REST, chance)]
    constant = np.log(odds[0])
    return constant, (np.log(odds[1]) - constant) / gap


def make_moves(rng, *, units=100, periods=60, period_noise=0.0):
    gap = rng.normal(0, 25, size=(units, periods))
    push = np.tile(rng.choice([-25.0, 0, 0, 0, 25.0], size=periods), (units, 1))
    common = rng.normal(0, period_noise, size=periods) if period_noise else 0.0
    up, up_slope = _solve(RISE, -GAP)
    down, down_slope = _solve(FALL, GAP)
    odds = np.exp(
        [up + up_slope * gap + 0.01 * push + common, down + down_slope * gap - common]
    )
    chances = odds / (1 + odds.sum(axis=0))
    drawn = rng.random((units, periods))
    moves = np.where(drawn < chances[0], 1, 0)
    moves = np.where(drawn > 1 - chances[1], -1, moves)
    unit, period = np.indices((units, periods))
    columns = {"move": moves, "gap": gap, "push": push, "unit": unit, "period": period}
    return pd.DataFrame({name: each.ravel() for name, each in columns.items()})


@pytest.fixture(scope="module")
def rows():
    return make_moves(np.random.default_rng(1))


def test_coefficients_and_clustered_errors_are_those_of_statsmodels(rows):
    # With each row a period of its own, two-way clusters are one-way clusters by unit.
    alone = rows.assign(period=range(len(rows)))
    found = estimate_stepped_rates(alone, at_gap=GAP, difference=0.2)
    coded = rows["move"].map({0: 0, 1: 1, -1: 2})
    design = np.column_stack([np.ones(len(rows)), rows["gap"], rows["push"]])
    fitted = MNLogit(coded, design).fit(
        disp=False,
        cov_type="cluster",
        cov_kwds={"groups": rows["unit"], "use_correction": False},
    )
    columns = found.coefficients
    params = np.asarray(fitted.params).ravel(order="F")
    errors = np.asarray(fitted.bse).ravel(order="F")
    corrected = errors * np.sqrt(rows["unit"].nunique() / (rows["unit"].nunique() - 1))
    np.testing.assert_allclose(columns["estimate"], params, rtol=1e-6)
    np.testing.assert_allclose(columns["std_error"], corrected, rtol=1e-5)
    predicted = fitted.predict(
        np.column_stack([design[:, 0], 0 * design[:, 0] + GAP, design[:, 2]])
    )
    chance = found.chances.set_index("outcome").loc["down", "estimate"]
    assert chance == pytest.approx(np.asarray(predicted)[:, 2].mean(), rel=1e-6)


def test_slopes_of_the_chances_are_right_by_small_differences(rows):
    # The interval of a chance follows from its slope: shift the gap, compare chances.
    near = estimate_stepped_rates(rows, at_gap=GAP, difference=0.2)
    refit = estimate_stepped_rates(
        rows.assign(gap=2 * rows["gap"]), at_gap=2 * GAP, difference=0.2
    )
    # Another unit of the gap changes nothing in chances, intervals or the test.
    columns = ["estimate", "lower", "upper"]
    np.testing.assert_allclose(near.chances[columns], refit.chances[columns], rtol=1e-6)
    assert near.pvalue == pytest.approx(refit.pvalue, abs=1e-9)


def test_chances_of_hannan_and_berger_are_found_where_they_are_planted(rows):
    found = estimate_stepped_rates(rows, at_gap=GAP, difference=0.2)
    chances = found.chances.set_index("outcome")
    assert chances.loc["down", "lower"] < FALL < chances.loc["down", "upper"]
    assert chances.loc["up", "lower"] < RISE < chances.loc["up", "upper"]
    assert found.pvalue < 0.001
    assert found.power > 0.99


def test_an_error_of_the_level_widens_the_interval_by_what_a_shift_does(rows):
    known = estimate_stepped_rates(rows, at_gap=GAP, difference=0.2)
    unsure = estimate_stepped_rates(rows, at_gap=GAP, difference=0.2, gap_error=2.0)
    shifted = [
        estimate_stepped_rates(
            rows.assign(gap=rows["gap"] + shift), at_gap=GAP, difference=0.2
        ).difference
        for shift in (-0.01, 0.01)
    ]
    slope = (shifted[1] - shifted[0]) / 0.02
    quantile = stats.t.ppf(0.975, known.periods - 1)
    added = (unsure.upper - unsure.lower) ** 2 - (known.upper - known.lower) ** 2
    assert added == pytest.approx((2 * quantile * 2.0 * slope) ** 2, rel=1e-3)
    assert unsure.difference == known.difference


def test_the_interval_of_the_difference_covers_under_common_shocks():
    rng = np.random.default_rng(2)
    draws = [make_moves(rng, units=30, periods=50, period_noise=0.5) for _ in range(60)]
    # The truth under shocks common to a period, by one large draw.
    large = make_moves(rng, units=50, periods=2500, period_noise=0.5)
    truth = estimate_stepped_rates(large, at_gap=GAP, difference=0.2).difference
    found = [estimate_stepped_rates(rows, at_gap=GAP, difference=0.2) for rows in draws]
    covered = sum(each.lower <= truth <= each.upper for each in found)
    # 95% wanted; of 60 draws fewer than 51 would happen once in 500 times.
    assert covered >= 51


def test_a_world_alike_both_ways_is_seldom_called_one_sided():
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(60):
        rows = make_moves(rng, units=30, periods=50)
        # A coin for each row turns the world upside down.
        turned = rng.choice([-1, 1], size=len(rows))
        mirrored = rows.assign(
            **{name: rows[name] * turned for name in ("move", "gap", "push")}
        )
        found = estimate_stepped_rates(mirrored, at_gap=GAP, difference=0.2)
        rejected += found.pvalue < 0.05
    assert rejected <= 9


@pytest.mark.parametrize(
    ("changes", "step"),
    [([0, 25, -50, 0], 25), ([0, 5, -25, 10], 5), ([0.3, -1.7, 4.4, 2.2], 0)],
    ids=["quarter points", "five points", "no grid"],
)
def test_the_grid_is_the_largest_step_of_all_moves(changes, step):
    grid = find_grid(changes, steps=[25, 10, 5, 1], smallest_move=0.1)
    assert grid.step == step
    assert grid.still_share == changes.count(0) / len(changes)


def test_a_price_that_never_moved_has_no_grid():
    grid = find_grid([0.0, np.nan, 0.0], steps=[25], smallest_move=0.1)
    assert (grid.nobs, grid.still_share, grid.step) == (2, 1.0, 0.0)


def test_no_change_is_refused():
    with pytest.raises(ValueError, match="at least one change"):
        find_grid([np.nan], steps=[25], smallest_move=0.1)


def test_too_few_rises_are_refused(rows):
    falling = rows.assign(move=-rows["move"].abs())
    with pytest.raises(ValueError, match="20 rises and 20 falls; there are 0 and"):
        estimate_stepped_rates(falling, at_gap=GAP, difference=0.2)


def test_a_gap_that_tells_each_move_is_refused(rows):
    certain = rows.assign(move=np.where(rows["gap"] > 0, -1, 1))
    certain.loc[rows["gap"].abs() < 10, "move"] = 0
    with pytest.raises(ValueError, match="no largest likelihood"):
        estimate_stepped_rates(certain, at_gap=GAP, difference=0.2)
