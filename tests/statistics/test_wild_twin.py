"""A twin is what a refit on redrawn rows gives, and tells what simulation would."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.statistics.wild_twin import draw_twins

EFFECTS = {"effects": ["unit", "time"], "cluster": "region"}
PAIRS = {"endogenous": ["price", "other"], "instruments": ["credit", "other_credit"]}
TRUTH = 0.12


def draw_panel(rng, *, regions=30, units=4, times=24, answer=2.0):
    """Prices that follow a credit of their region and answer its demand."""
    shape = (regions, times)
    demand, credit, other_credit = (
        np.repeat(persist(rng, shape, size), units, axis=0) for size in (0.06, 0.3, 0.3)
    )
    price = 0.6 * credit - answer * demand + rng.normal(0, 0.03, demand.shape)
    other = 0.6 * other_credit + rng.normal(0, 0.03, demand.shape)
    noise = persist(rng, demand.shape, 0.1)
    outcome = TRUTH * price - 0.04 * other + demand + noise
    unit, time = (index.ravel() for index in np.indices(outcome.shape))
    columns = {
        "outcome": outcome,
        "price": price,
        "credit": credit,
        "other": other,
        "other_credit": other_credit,
    }
    rows = pd.DataFrame({name: block.ravel() for name, block in columns.items()})
    rows = rows.assign(unit=unit, time=time, region=unit // units, weight=1 + unit % 3)
    return rows[rng.random(len(rows)) < 0.9]


def persist(rng, shape, size):
    series = np.zeros(shape)
    for now in range(shape[1]):
        before = series[:, now - 1] if now else 0.0
        series[:, now] = 0.8 * before + rng.normal(0, 0.6 * size, shape[0])
    return series


def test_a_twin_is_a_refit_on_rows_with_their_signs_changed():
    rows = draw_panel(np.random.default_rng(1)).reset_index(drop=True)
    found = draw_twins(rows, **PAIRS, **EFFECTS, draws=1, rng=np.random.default_rng(9))
    sign = np.random.default_rng(9).choice([-1.0, 1.0], (1, 30))[0]
    names = [*PAIRS["endogenous"], *PAIRS["instruments"]]
    panel = AbsorbedPanel(rows, names, **EFFECTS)
    regressors, instruments = (panel.take(PAIRS[name]) for name in PAIRS)
    first = panel.regress(instruments, regressors)
    fitted = instruments @ first
    response = panel.regress(fitted, panel.outcome[:, None])[:, 0]
    own = sign[panel.codes]
    twin = fitted + own[:, None] * (regressors - fitted)
    errors = own * (panel.outcome - regressors @ response)
    redrawn = rows.assign(
        price=twin[:, 0], other=twin[:, 1], outcome=twin @ response + errors
    )
    expected = estimate_instrumented_effects(redrawn, **PAIRS, **EFFECTS).effects.iloc[
        0
    ]
    for name in ("estimate", "lower", "upper"):
        assert found[name].iloc[0] == pytest.approx(expected[name], abs=1e-10)
    naive = estimate_panel_effects(redrawn, regressors=["price"], **EFFECTS).iloc[0]
    assert found["naive"].iloc[0] == pytest.approx(naive["estimate"], abs=1e-10)


def test_twins_tell_what_a_simulation_of_the_world_tells():
    rng = np.random.default_rng(2)
    worlds = [draw_panel(rng) for _ in range(100)]
    fits = pd.DataFrame(
        estimate_instrumented_effects(rows, **PAIRS, **EFFECTS).effects.iloc[0]
        for rows in worlds
    )
    spread = float((fits["estimate"] - TRUTH).std())
    twins = [
        draw_twins(rows, **PAIRS, **EFFECTS, draws=100, rng=rng) for rows in worlds[:10]
    ]
    told = [float((twin["estimate"] - twin["truth"]).std()) for twin in twins]
    # Ten panels of 30 regions: each tells the spread to some 13 %.
    assert np.mean(told) == pytest.approx(spread, rel=0.15)
    every = pd.concat(twins)
    covered = every["truth"].between(every["lower"], every["upper"]).mean()
    assert 0.92 <= covered <= 0.98
    # The bank answers outflow: least squares is far too low, and says it is sure.
    assert (every["naive"] - every["truth"]).mean() < -0.1
    assert (
        every["truth"].between(every["naive_lower"], every["naive_upper"]).mean() < 0.1
    )


def test_regressors_that_are_their_own_instruments_do_not_change():
    rows = draw_panel(np.random.default_rng(3), answer=0.0)
    found = draw_twins(
        rows,
        endogenous=["price"],
        instruments=["price"],
        **EFFECTS,
        draws=200,
        rng=np.random.default_rng(4),
    )
    fit = estimate_panel_effects(rows, regressors=["price"], **EFFECTS).iloc[0]
    assert found["truth"].tolist() == pytest.approx([fit["estimate"]] * 200)
    assert found["estimate"].to_numpy() == pytest.approx(found["naive"].to_numpy())
    assert found["estimate"].std() == pytest.approx(fit["std_error"], rel=0.15)


def test_a_price_that_effects_explain_has_no_twin():
    rows = draw_panel(np.random.default_rng(5))
    same = rows.assign(price=rows["time"].astype(float))
    assert draw_twins(
        same, **PAIRS, **EFFECTS, draws=2, rng=np.random.default_rng(6)
    ).empty


def test_fewer_instruments_than_regressors_are_refused():
    rows = draw_panel(np.random.default_rng(7))
    with pytest.raises(ValueError, match="one instrument for each regressor, not 1"):
        draw_twins(
            rows,
            endogenous=["price", "other"],
            instruments=["credit"],
            **EFFECTS,
            draws=2,
            rng=np.random.default_rng(8),
        )
