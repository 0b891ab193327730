"""Placebo treatments tell the error that a formula gives where there is one, and the
error that an experiment then has.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.experiment_design import (
    assign_treatments,
    find_detectable_effect,
    measure_placebo_errors,
)
from analysis.statistics.panel_effects import estimate_panel_effects

EFFECTS = ["cell", "period"]
MEMORY, DEVIATION = 0.7, 0.05


def draw_noise(rng, cells, periods):
    """Autoregressions of order one, settled from the start."""
    noise = np.empty((cells, periods))
    noise[:, 0] = rng.normal(0, DEVIATION, cells)
    for period in range(1, periods):
        shock = rng.normal(0, DEVIATION * (1 - MEMORY**2) ** 0.5, cells)
        noise[:, period] = MEMORY * noise[:, period - 1] + shock
    return noise


def lay_out(outcome, *, baseline=3, months=3):
    """One row per cell and period; a lot is drawn every some months."""
    cell, period = (index.ravel() for index in np.indices(outcome.shape))
    return pd.DataFrame(
        {
            "cell": cell,
            "place": cell,
            "period": period,
            "round": np.where(period >= baseline, (period - baseline) // months, -1),
            "outcome": outcome.ravel(),
            "weight": 1,
        }
    )


def draw_lots(rng, cells, rounds, *, assignments=100, share=1.0):
    chosen = np.zeros((assignments, cells), dtype=bool)
    chosen[:, : int(share * cells)] = True
    return assign_treatments(np.zeros(cells, dtype=int), chosen, rounds=rounds, rng=rng)


def measure(rows, lots):
    return measure_placebo_errors(rows, lots, effects=EFFECTS, cluster="cell")


# --- published figures and textbook formulas ----------------------------------


@pytest.mark.parametrize(
    ("significance", "power", "multiplier"),
    [(0.10, 0.8, 2.49), (0.05, 0.8, 2.80), (0.05, 0.9, 3.24), (0.02, 0.8, 3.17)],
)
def test_the_multiplier_is_that_of_bloom(significance, power, multiplier):
    # Bloom (1995), Evaluation Review 19: one-sided .05 equals two-sided .10.
    found = find_detectable_effect(
        1.0, degrees=math.inf, power=power, significance=significance
    )
    assert found == pytest.approx(multiplier, abs=0.005)


def test_few_clusters_need_a_larger_effect():
    assert find_detectable_effect(2.0, degrees=14) > find_detectable_effect(
        2.0, degrees=math.inf
    )


def test_units_in_clusters_give_the_textbook_variance_of_a_cluster_randomised_trial():
    # Donner and Klar (2000), section 3.3: the variance of a difference of means of k
    # clusters of m units an arm is 2 s^2 (1 + (m - 1) rho) / (k m).
    rng = np.random.default_rng(3)
    clusters, units, correlation, worlds = 40, 6, 0.3, 60
    shared = rng.normal(0, correlation**0.5, (worlds, clusters, 1))
    single = rng.normal(0, (1 - correlation) ** 0.5, (worlds, clusters, units))
    cluster = np.repeat(np.arange(clusters), units)
    squares = []
    for outcome in shared + single:
        rows = pd.DataFrame(
            {"place": cluster, "cluster": cluster, "one": 0, "round": 0, "weight": 1}
        ).assign(outcome=outcome.ravel())
        lots = draw_lots(rng, clusters, 1, assignments=20)
        found = measure_placebo_errors(rows, lots, effects=["one"], cluster="cluster")
        squares.append(found.spread**2)
    inflation = 1 + (units - 1) * correlation
    arm = clusters / 2
    textbook = 2 * inflation / (arm * units)
    # A treatment is one up or one down: the arms are two apart.
    assert 4 * np.mean(squares) == pytest.approx(textbook, rel=0.10)


def test_noise_that_remembers_gives_the_error_of_its_covariance():
    rng = np.random.default_rng(4)
    cells, periods = 24, 15
    lots = draw_lots(rng, cells, 4, assignments=60)
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    covariance = np.kron(np.eye(cells), DEVIATION**2 * MEMORY**lag)
    turn = np.repeat(np.arange(-1, 4), 3)
    exact = []
    for lot in lots:
        treatment = np.where(turn >= 0, lot[turn].T, 0.0)
        left = treatment - treatment.mean(axis=1, keepdims=True)
        left = (left - left.mean(axis=0)).ravel()
        exact.append(left @ covariance @ left / (left @ left) ** 2)
    found = [
        measure(lay_out(draw_noise(rng, cells, periods)), lots).spread ** 2
        for _ in range(40)
    ]
    assert np.mean(found) == pytest.approx(np.mean(exact), rel=0.10)


# --- an outside estimator -----------------------------------------------------


def test_one_placebo_is_the_regression_that_the_study_would_run():
    rng = np.random.default_rng(5)
    rows = lay_out(draw_noise(rng, 12, 12)).sample(frac=0.8, random_state=1)
    rows = rows.assign(weight=rng.integers(1, 9, len(rows)))
    lots = draw_lots(rng, 12, 3, assignments=1)
    given = np.where(rows["round"] >= 0, lots[0, rows["round"], rows["place"]], 0.0)
    expected = estimate_panel_effects(
        rows.assign(given=given), regressors=["given"], effects=EFFECTS, cluster="cell"
    ).iloc[0]
    found = measure(rows, lots)
    assert found.spread == pytest.approx(abs(expected["estimate"]), rel=1e-9)
    assert found.std_error == pytest.approx(expected["std_error"], rel=1e-9)
    assert (found.nobs, found.clusters) == (expected["nobs"], expected["clusters"])


# --- planted truth ------------------------------------------------------------


def test_experiments_miss_a_planted_response_by_as_much_as_designed():
    rng = np.random.default_rng(6)
    cells, periods, wedge, response = 30, 15, 0.2, 0.12
    designed, missed = [], []
    for _ in range(12):
        noise = draw_noise(rng, cells, periods)
        designed.append(measure(lay_out(noise), draw_lots(rng, cells, 4)).spread)
    for _ in range(120):
        rows = lay_out(draw_noise(rng, cells, periods))
        lot = wedge * draw_lots(rng, cells, 4, assignments=1)[0]
        given = np.where(rows["round"] >= 0, lot[rows["round"], rows["place"]], 0.0)
        real = rows.assign(given=given, outcome=rows["outcome"] + response * given)
        estimate = estimate_panel_effects(
            real, regressors=["given"], effects=EFFECTS, cluster="cell"
        )["estimate"].iloc[0]
        missed.append(estimate - response)
    realised = float(np.sqrt(np.mean(np.square(missed))))
    expected = float(np.sqrt(np.mean(np.square(designed)))) / wedge
    assert realised == pytest.approx(expected, rel=0.15)
    assert abs(np.mean(missed)) < 3 * realised / len(missed) ** 0.5


# --- identities ---------------------------------------------------------------


def test_the_error_falls_as_the_treatment_grows():
    rng = np.random.default_rng(7)
    rows = lay_out(draw_noise(rng, 12, 12))
    lots = draw_lots(rng, 12, 3)
    one, three = measure(rows, lots), measure(rows, 3 * lots)
    assert one.spread == pytest.approx(3 * three.spread, rel=1e-9)
    assert one.std_error == pytest.approx(3 * three.std_error, rel=1e-9)


def test_more_months_and_more_cells_give_smaller_errors():
    rng = np.random.default_rng(8)
    noise = draw_noise(rng, 40, 27)
    spreads = [
        [
            measure(lay_out(noise[:, :months]), draw_lots(rng, 40, 8, share=share))
            for share in (0.25, 0.5, 1.0)
        ]
        for months in (9, 15, 27)
    ]
    values = np.array([[found.spread for found in row] for row in spreads])
    # Twice the size cuts an error by 29 %; a hundred lots leave 7 % of noise.
    assert (np.diff(values, axis=0) < 0).all()
    assert (np.diff(values, axis=1) < 0).all()


def test_the_interval_holds_the_spread_of_many_lots():
    rng = np.random.default_rng(9)
    rows = lay_out(draw_noise(rng, 20, 12))
    many = measure(rows, draw_lots(rng, 20, 3, assignments=2000)).spread
    few = [measure(rows, draw_lots(rng, 20, 3, assignments=50)) for _ in range(60)]
    held = np.mean([found.lower <= many <= found.upper for found in few])
    assert 0.88 <= held <= 1.0


def test_lots_are_even_in_every_stratum_and_round():
    rng = np.random.default_rng(10)
    strata = np.repeat([0, 1, 2], [6, 4, 8])
    chosen = rng.random((50, 18)) < 0.7
    lots = assign_treatments(strata, chosen, rounds=5, rng=rng)
    assert (np.abs(lots) == chosen[:, None, :]).all()
    for stratum in range(3):
        total = lots[:, :, strata == stratum].sum(axis=2)
        is_odd = chosen[:, strata == stratum].sum(axis=1) % 2
        assert (np.abs(total) == is_odd[:, None]).all()
    assert abs(lots.mean()) < 0.02


# --- edges --------------------------------------------------------------------


def test_a_lot_that_never_changes_and_has_no_baseline_tells_nothing():
    rng = np.random.default_rng(11)
    rows = lay_out(draw_noise(rng, 10, 3), baseline=0)
    found = measure(rows, draw_lots(rng, 10, 1))
    assert found.n_assignments == 0
    assert math.isnan(found.spread)
    assert math.isnan(found.std_error)


def test_one_cluster_is_refused():
    rng = np.random.default_rng(12)
    rows = lay_out(draw_noise(rng, 10, 9)).assign(cell=0)
    with pytest.raises(ValueError, match="two or more clusters"):
        measure(rows, draw_lots(rng, 10, 2))


def test_many_rows_are_taken_in_parts_without_a_change(monkeypatch):
    rng = np.random.default_rng(13)
    rows = lay_out(draw_noise(rng, 12, 12))
    lots = draw_lots(rng, 12, 3, assignments=10)
    whole = measure(rows, lots)
    monkeypatch.setattr(
        "analysis.statistics.experiment_design._MOST_NUMBERS", 3 * len(rows)
    )
    assert measure(rows, lots).spread == pytest.approx(whole.spread, rel=1e-12)
