"""Poisson effects agree with other software, keep zeros and find planted truths."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from analysis.statistics.control_function import estimate_instrumented_poisson
from analysis.statistics.poisson_effects import estimate_poisson_effects

EFFECTS = ["cell", "period"]


def simulate(rng, *, cells=30, periods=20, effect=0.5, level=1.0, answer=0.0):
    """Counts whose regressor may answer to what also moves them."""
    shape = (cells, periods)
    shock = rng.normal(0, 0.3, shape)
    credit = rng.normal(0, 0.5, shape).cumsum(axis=1)
    rate = 0.8 * credit - answer * shock + rng.normal(0, 0.2, shape)
    mean = np.exp(
        level
        + effect * rate
        + shock
        + rng.normal(0, 0.7, (cells, 1))
        + rng.normal(0, 0.3, (1, periods))
    )
    cell, period = (index.ravel() for index in np.indices(shape))
    return pd.DataFrame(
        {
            "cell": cell,
            "period": period,
            "rate": rate.ravel(),
            "other": rng.normal(size=rate.size),
            "credit": credit.ravel(),
            "outcome": rng.poisson(mean).ravel(),
            "weight": 1,
        }
    )


def estimate(rows, regressors=("rate", "other")):
    return estimate_poisson_effects(
        rows, regressors=regressors, effects=EFFECTS, cluster="cell"
    )


def instrument(rows):
    return estimate_instrumented_poisson(
        rows,
        endogenous=["rate"],
        instruments=["credit"],
        effects=EFFECTS,
        cluster="cell",
    )


def test_effects_and_errors_equal_those_of_pyfixest_with_zeros_dropped_alike():
    rows = simulate(np.random.default_rng(1), level=-0.5).sample(
        frac=0.7, random_state=1
    )
    rows.loc[rows["cell"] == 3, "outcome"] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = pyfixest.fepois(
            "outcome ~ rate + other | cell + period",
            rows,
            vcov={"CRV1": "cell"},
            iwls_tol=1e-12,
            demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        )
    found = estimate(rows)
    table = found.effects.set_index("term")
    for term in ("rate", "other"):
        assert table["estimate"][term] == pytest.approx(known.coef()[term], rel=1e-7)
        assert table["std_error"][term] == pytest.approx(known.se()[term], rel=1e-6)
    assert table["nobs"].iloc[0] == known._N
    assert found.dropped == len(rows) - known._N >= (rows["cell"] == 3).sum()
    assert found.zero_share > 0.2


def test_effects_equal_a_generalised_linear_model_with_dummies():
    rows = simulate(np.random.default_rng(2), cells=8, periods=9)
    known = smf.glm(
        "outcome ~ rate + other + C(cell) + C(period)",
        rows,
        family=sm.families.Poisson(),
    ).fit(tol=1e-12)
    found = estimate(rows).effects.set_index("term")["estimate"]
    # The same maximum of the same likelihood.
    assert found["rate"] == pytest.approx(known.params["rate"], abs=1e-8)
    assert found["other"] == pytest.approx(known.params["other"], abs=1e-8)


def test_a_row_of_weight_two_counts_as_two_rows():
    rows = simulate(np.random.default_rng(3), cells=10, periods=8)
    twice = pd.concat([rows, rows.iloc[:20]])
    weighted = rows.assign(weight=np.where(np.arange(len(rows)) < 20, 2, 1))
    pd.testing.assert_frame_equal(
        estimate(twice).effects, estimate(weighted).effects, rtol=1e-9
    )


def test_two_cells_by_hand():
    # One period each before and after, no other effect: the ratio of ratios.
    rows = pd.DataFrame(
        {
            "cell": [0, 0, 1, 1],
            "period": [0, 1, 0, 1],
            "rate": [0.0, 1.0, 0.0, 0.0],
            "outcome": [10, 30, 20, 30],
            "weight": 1,
        }
    )
    found = estimate(rows, ["rate"]).effects
    assert found["estimate"].iloc[0] == pytest.approx(np.log((30 / 10) / (30 / 20)))


def test_intervals_cover_the_planted_effect():
    rng = np.random.default_rng(4)
    tables = [estimate(simulate(rng), ["rate"]).effects.iloc[0] for _ in range(30)]
    covered = sum(row["lower"] <= 0.5 <= row["upper"] for row in tables)
    assert covered >= 25  # 95 % of 30; fewer than 25 happens once in 300


def test_a_regressor_that_effects_explain_is_left_out():
    rows = simulate(np.random.default_rng(5))
    found = estimate(rows.assign(size=rows["cell"] % 4), ["rate", "size"])
    assert list(found.effects["term"]) == ["rate"]
    assert estimate(rows.assign(size=rows["cell"] % 4), ["size"]).effects.empty


def test_a_negative_outcome_is_refused():
    rows = simulate(np.random.default_rng(6))
    rows.loc[0, "outcome"] = -1
    with pytest.raises(ValueError, match="must not be negative: -1"):
        estimate(rows)


def test_zeros_that_a_regressor_foretells_are_left_out_with_it():
    rows = simulate(np.random.default_rng(7), level=2.0)
    told = (rows["other"] > 1).astype(float)
    rows = rows.assign(other=told, outcome=rows["outcome"].mask(told > 0, 0))
    found, rest = estimate(rows), estimate(rows[told == 0], ["rate"])
    assert found.dropped == told.sum() > 50
    pd.testing.assert_frame_equal(found.effects, rest.effects, rtol=1e-6)


def test_nothing_but_zeros_is_refused():
    rows = simulate(np.random.default_rng(7)).assign(outcome=0)
    with pytest.raises(ValueError, match="outcomes that are not zero"):
        estimate(rows)


# --- instruments -------------------------------------------------------------------


def test_what_answers_the_outcome_is_set_right_by_its_instrument():
    rng = np.random.default_rng(8)
    covered = naive_covered = 0
    for _ in range(30):
        rows = simulate(rng, answer=1.0)
        found, naive = instrument(rows).effects.iloc[0], estimate(rows).effects.iloc[0]
        covered += found["lower"] <= 0.5 <= found["upper"]
        naive_covered += naive["lower"] <= 0.5 <= naive["upper"]
    assert covered >= 25
    assert naive_covered <= 4


def test_errors_with_an_instrument_equal_those_of_clusters_left_out_in_turn():
    rows = simulate(np.random.default_rng(9), answer=1.0, cells=25, periods=12)
    without = [
        instrument(rows[rows["cell"] != cell]).effects["estimate"].iloc[0]
        for cell in range(25)
    ]
    jackknife = np.sqrt(24 / 25 * np.sum((without - np.mean(without)) ** 2))
    # Both are estimates of one deviation; with 25 clusters they differ by a tenth.
    error = instrument(rows).effects["std_error"].iloc[0]
    assert error == pytest.approx(jackknife, rel=0.2)


def test_a_regressor_that_is_its_own_instrument_needs_none():
    rows = simulate(np.random.default_rng(10))
    found = estimate_instrumented_poisson(
        rows.assign(copy=rows["rate"]),
        endogenous=["rate"],
        instruments=["copy"],
        effects=EFFECTS,
        cluster="cell",
    )
    plain = estimate(rows, ["rate"])
    columns = list(plain.effects)
    pd.testing.assert_frame_equal(found.effects[columns], plain.effects, rtol=1e-9)


def test_an_instrument_that_effects_explain_carries_nothing():
    rows = simulate(np.random.default_rng(11))
    assert instrument(rows.assign(credit=rows["period"])).effects.empty
