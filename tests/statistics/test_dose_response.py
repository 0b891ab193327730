"""Shapes agree with other software, and find planted lines and bands."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import BSpline
from scipy.optimize import lsq_linear

from analysis.statistics.dose_response import estimate_dose_response, find_quantiles
from analysis.statistics.indifference_band import list_kinks
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.monotone_spline import fit_rising, list_rising_splines
from analysis.statistics.panel_effects import estimate_panel_effects

EFFECTS = ["cell", "period"]
BAND = 0.15


def straight(dose):
    return 0.12 * dose


def passed_over(dose):
    return 0.12 * np.sign(dose) * np.maximum(np.abs(dose) - BAND, 0.0)


def simulate(rng, *, shape=straight, answer=0.0, cells=60, periods=36):
    """Balances whose rate may answer to the demand that also moves them."""
    demand, credit = np.zeros((cells, periods)), np.zeros((cells, periods))
    for now in range(1, periods):
        demand[:, now] = 0.85 * demand[:, now - 1] + rng.normal(0, 0.02, cells)
        credit[:, now] = 0.9 * credit[:, now - 1] + rng.normal(0, 0.12, cells)
    rate = 0.8 * credit + rng.normal(0, 0.05, demand.shape) - answer * demand
    means = [rate.mean(axis=axis, keepdims=True) for axis in (0, 1)]
    dose = rate - means[0] - means[1] + rate.mean()
    outcome = shape(dose) + demand + rng.normal(0, 0.05, demand.shape)
    cell, period = (index.ravel() for index in np.indices(demand.shape))
    return pd.DataFrame(
        {
            "cell": cell,
            "period": period,
            "outcome": outcome.ravel(),
            "weight": rng.integers(1, 5, demand.size),
            "dose": dose.ravel(),
            "credit": credit.ravel(),
        }
    )


def estimate(rows, seed=1, **options):
    return estimate_dose_response(
        rows,
        effects=EFFECTS,
        cluster="cell",
        rng=np.random.default_rng(seed),
        draws=199,
        **options,
    )


MOVED = {"endogenous": ["dose"], "instruments": ["credit"]}


# --- the curve that never falls ------------------------------------------------------


def test_a_rising_spline_is_the_integral_of_its_density():
    # Ramsay's equation 5: an I-spline integrates an M-spline, here of two degrees less
    # one, whose whole integral is one.
    knots = np.array([-1.0, -0.2, 0.1, 0.4, 2.0])
    places = np.linspace(-1, 2, 50)
    found = list_rising_splines(places, knots)
    full = np.r_[-1.0, -1.0, knots[1:-1], 2.0, 2.0]
    assert found.shape == (50, 5)
    for column in range(len(full) - 2):
        density = BSpline.basis_element(full[column : column + 3], extrapolate=False)
        fine = np.linspace(full[column], full[column + 2], 20_001)
        heights = np.nan_to_num(density(fine))
        steps = np.r_[0.0, np.cumsum((heights[1:] + heights[:-1]) / 2)]
        expected = np.interp(places, fine, steps / steps[-1])
        np.testing.assert_allclose(found[:, column], expected, atol=1e-4)


def test_rising_splines_rise_from_nothing_to_one_and_are_flat_beyond():
    knots = np.array([0.0, 1.0, 3.0])
    found = list_rising_splines(np.linspace(-1, 4, 101), knots)
    assert (np.diff(found, axis=0) >= -1e-12).all()
    np.testing.assert_allclose(found[0], 0.0)
    np.testing.assert_allclose(found[-1], 1.0)


def test_knots_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match=r"must rise, not \[0.0, 0.0, 1.0\]"):
        list_rising_splines(np.zeros(1), np.array([0.0, 0.0, 1.0]))


def test_weights_of_zero_or_more_equal_those_of_scipy():
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(80, 6))
    outcome = columns @ [1.0, -1.0, 0.5, 0.0, 2.0, -0.2] + rng.normal(size=80)
    known = lsq_linear(columns, outcome, bounds=(0, np.inf), tol=1e-12).x
    found = fit_rising(columns.T @ columns, columns.T @ outcome)
    np.testing.assert_allclose(found, known, atol=1e-6)
    assert (found == 0).any()


def test_the_curve_never_falls_and_follows_the_truth():
    found = estimate(simulate(np.random.default_rng(2), shape=passed_over))
    dose, height = (found.curve[name].to_numpy() for name in ("dose", "estimate"))
    assert (np.diff(height) >= -1e-12).all()  # rounding
    # Three hundredths of a log point is two errors of an outer bin.
    assert np.abs(height - passed_over(dose)).max() < 0.03


# --- bins and line -------------------------------------------------------------------


def test_bins_equal_dummies_against_their_average():
    rows = simulate(np.random.default_rng(3))
    found = estimate(rows)
    edges = find_quantiles(
        rows["dose"].to_numpy(), rows["weight"].to_numpy(), np.arange(1, 8) / 8
    )
    place = np.searchsorted(edges, rows["dose"])
    dummies = {f"bin_{n}": (place == n).astype(float) for n in range(1, 8)}
    known = estimate_panel_effects(
        rows.assign(**dummies),
        regressors=list(dummies),
        effects=EFFECTS,
        cluster="cell",
    )["estimate"]
    heights = np.r_[0.0, known]
    sizes = np.bincount(place, rows["weight"])
    np.testing.assert_allclose(
        found.bins["estimate"], heights - np.average(heights, weights=sizes), atol=1e-9
    )
    assert list(found.bins["nobs"]) == list(sizes)
    assert found.nobs == rows["weight"].sum()


def test_an_instrumented_line_is_two_stage_least_squares_with_other_regressors():
    rng = np.random.default_rng(4)
    rows = simulate(rng, answer=3.0)
    mover = rng.normal(size=len(rows))
    rows = rows.assign(mover=mover, other=mover + rng.normal(size=len(rows)))
    found = estimate(
        rows, endogenous=["dose", "other"], instruments=["credit", "mover"]
    )
    known = estimate_instrumented_effects(
        rows,
        endogenous=["dose", "other"],
        instruments=["credit", "mover"],
        effects=EFFECTS,
        cluster="cell",
    ).effects.iloc[0]
    assert found.slope == pytest.approx(known["estimate"], rel=1e-9)
    # The interval is from 199 draws, which know an error to one part in twenty.
    reach = found.slope_upper - found.slope
    assert reach == pytest.approx(known["upper"] - known["estimate"], rel=0.15)


@pytest.mark.parametrize("answer", [0.0, 3.0])
def test_a_straight_line_is_covered_by_slope_and_bins(answer):
    rng = np.random.default_rng(5)
    covered = bins_covered = 0
    for seed in range(6):
        rows = simulate(rng, answer=answer)
        found = estimate(rows, seed, **(MOVED if answer else {}))
        covered += found.slope_lower <= 0.12 <= found.slope_upper
        truth = straight(found.bins["dose"])
        truth = truth - np.average(truth, weights=found.bins["nobs"])
        bins_covered += found.bins["lower"].lt(truth).to_numpy().sum()
        bins_covered -= found.bins["upper"].lt(truth).to_numpy().sum()
    # 95 % of 6 intervals, and of 48 bins, of which those of one draw miss together.
    assert covered >= 4
    assert bins_covered >= 38


def test_bins_explain_more_than_a_line_only_where_there_is_a_band():
    rng = np.random.default_rng(6)
    gains = {
        shape: np.mean(
            [
                found.bins_share - found.line_share
                for found in (estimate(simulate(rng, shape=shape)) for _ in range(3))
            ]
        )
        for shape in (straight, passed_over)
    }
    assert gains[passed_over] > 0 > gains[straight]


def test_a_dose_of_two_values_has_no_bins():
    rows = simulate(np.random.default_rng(7))
    with pytest.raises(ValueError, match="more different values than 8 bins"):
        estimate(rows.assign(dose=(rows["dose"] > 0).astype(float)))


# --- the band around zero ------------------------------------------------------------


def test_kinks_by_hand():
    found = list_kinks(np.array([-0.3, -0.1, 0.0, 0.25]), np.array([0.1, 0.2]))
    expected = [[-0.2, -0.1], [0.0, 0.0], [0.0, 0.0], [0.15, 0.05]]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("answer", [0.0, 3.0])
def test_a_planted_band_is_found_within_its_interval(answer):
    rng = np.random.default_rng(8)
    seen = covered = 0
    for seed in range(4):
        rows = simulate(rng, shape=passed_over, answer=answer, cells=90)
        band = estimate(rows, seed, **(MOVED if answer else {})).band
        seen += band.pvalue < 0.05
        covered += band.lower <= BAND <= band.upper
    assert seen >= 3
    assert covered >= 3


def test_no_band_is_found_in_a_straight_line_and_power_is_told():
    rng = np.random.default_rng(9)
    bands = [estimate(simulate(rng), seed).band for seed in range(6)]
    # Chance finds one in twenty; three of six come once in 400 runs.
    assert sum(band.pvalue < 0.05 for band in bands) <= 2
    assert all(0 < band.smallest_seen < BAND for band in bands)


def test_without_any_answer_no_band_would_be_seen():
    rows = simulate(np.random.default_rng(10), shape=np.zeros_like)
    assert estimate(rows).band.smallest_seen == math.inf
