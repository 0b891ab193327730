"""Instrumented effects agree with other software, and cover what naive ones miss."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pyfixest
import pytest
from linearmodels.iv import IV2SLS

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.panel_effects import estimate_panel_effects

EFFECTS = ["account", "period"]


def simulate(rng, *, cells=30, accounts=4, periods=20, strength=1.0):
    """Balances of two products whose prices answer outflow and a cost of their own."""
    shape = (cells, periods)
    demand = rng.normal(0, 0.3, shape)
    costs = rng.normal(0, 0.3, (2, *shape))
    prices = strength * costs - 0.8 * demand + rng.normal(0, 0.1, (2, *shape))
    balance = (
        0.2 * prices[0, :, None]
        - 0.1 * prices[1, :, None]
        + demand[:, None]
        + rng.normal(0, 1, (cells, accounts, 1))
        + rng.normal(0, 0.2, (cells, accounts, periods))
    )
    cell, account, period = (i.ravel() for i in np.indices((cells, accounts, periods)))
    columns = {
        "own": prices[0],
        "sister": prices[1],
        "cost": costs[0],
        "sister_cost": costs[1],
    }
    return pd.DataFrame(
        {
            "cell": cell,
            "account": cell * accounts + account,
            "period": period,
            **{name: values[cell, period] for name, values in columns.items()},
            "outcome": balance.ravel(),
            "weight": 1,
        }
    )


def estimate(rows, *, endogenous=("own",), instruments=("cost",), exogenous=()):
    return estimate_instrumented_effects(
        rows,
        endogenous=endogenous,
        instruments=instruments,
        exogenous=exogenous,
        effects=EFFECTS,
        cluster="cell",
    )


def test_one_instrument_gives_what_pyfixest_gives():
    rng = np.random.default_rng(1)
    rows = simulate(rng).sample(frac=0.7, random_state=1)
    rows = rows.assign(weight=rng.integers(1, 5, len(rows)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = pyfixest.feols(
            "outcome ~ sister | account + period | own ~ cost",
            rows,
            weights="weight",
            weights_type="fweights",
            vcov={"CRV1": "cell"},
            demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        )
        known.IV_Diag()
    found = estimate(rows, exogenous=["sister"]).effects.set_index("term")
    for name in ("own", "sister"):
        estimated = found.loc[name, ["estimate", "std_error"]].to_list()
        expected = [known.coef()[name], known.se()[name]]
        assert estimated == pytest.approx(expected, rel=1e-7)
    assert found.loc["own", "effective_f"] == pytest.approx(known._eff_F, rel=1e-6)


def test_two_instrumented_prices_give_what_linearmodels_gives():
    rows = simulate(np.random.default_rng(2))
    names = ["own", "sister", "cost", "sister_cost"]
    panel = AbsorbedPanel(rows, names, effects=EFFECTS, cluster="cell")
    known = IV2SLS(
        panel.outcome, None, panel.take(names[:2]), panel.take(names[2:])
    ).fit(cov_type="clustered", clusters=panel.codes)
    found = estimate(rows, endogenous=names[:2], instruments=names[2:]).effects
    assert found["estimate"].to_numpy() == pytest.approx(known.params, rel=1e-8)
    # linearmodels makes no correction for the size of the sample.
    errors = np.sqrt(panel.correct(2)) * known.std_errors
    assert found["std_error"].to_numpy() == pytest.approx(errors, rel=1e-8)


def test_strength_beside_another_price_is_that_of_what_the_other_leaves():
    # The sister follows the own price: alone it is moved strongly, beside it hardly.
    rng = np.random.default_rng(3)
    rows = simulate(rng)
    noise = rng.normal(0, 0.1, len(rows))
    alike = rows.assign(sister=rows["own"] + noise)
    both = {"endogenous": ["own", "sister"], "instruments": ["cost", "sister_cost"]}
    alone = estimate(alike).effects["effective_f"][0]
    beside = estimate(alike, **both).effects["effective_f"]
    apart = estimate(rows, **both).effects["effective_f"]
    assert alone > 100
    assert apart.min() > 100
    assert beside.max() < 10


def test_at_the_ends_of_the_robust_set_the_instrument_is_just_not_rejected():
    rows = simulate(np.random.default_rng(4))
    found = estimate(rows)
    for end in (found.robust_lower, found.robust_upper):
        reduced = estimate_panel_effects(
            rows.assign(outcome=rows["outcome"] - end * rows["own"]),
            regressors=["cost"],
            effects=EFFECTS,
            cluster="cell",
        )
        assert reduced["pvalue"][0] == pytest.approx(0.05, abs=1e-9)


def test_both_prices_are_covered_where_their_effects_alone_are_not():
    rng = np.random.default_rng(5)
    both = {"endogenous": ["own", "sister"], "instruments": ["cost", "sister_cost"]}
    covered, naive = 0, 0
    for _ in range(100):
        rows = simulate(rng, accounts=2, periods=12)
        found = estimate(rows, **both).effects.iloc[0]
        covered += found["lower"] <= 0.2 <= found["upper"]
        effects = estimate_panel_effects(
            rows, regressors=["own", "sister"], effects=EFFECTS, cluster="cell"
        ).iloc[0]
        naive += effects["lower"] <= 0.2 <= effects["upper"]
    # 95 % wanted; fewer than 88 of 100 would happen less than once in 250 times.
    assert covered >= 88
    assert naive == 0


def test_the_robust_set_covers_with_a_weak_instrument():
    rng = np.random.default_rng(6)
    robust, strengths = 0, []
    for _ in range(200):
        rows = simulate(rng, accounts=1, periods=8, strength=0.12)
        rows = rows.assign(outcome=rows["outcome"] + 0.1 * rows["sister"])
        found = estimate(rows)
        strengths.append(found.effects["effective_f"][0])
        robust += found.robust_lower <= 0.2 <= found.robust_upper
    assert np.median(strengths) < 10
    # 95 % wanted; fewer than 182 of 200 would happen less than once in 100 times.
    assert robust >= 182


def test_an_instrument_that_moves_nothing_bounds_nothing():
    rows = simulate(np.random.default_rng(7), strength=0.0)
    found = estimate(rows)
    assert (found.robust_lower, found.robust_upper) == (-math.inf, math.inf)
    assert found.effects["effective_f"][0] < 10


def test_fewer_instruments_than_prices_are_refused():
    rows = simulate(np.random.default_rng(8), cells=4)
    with pytest.raises(ValueError, match="2 endogenous regressors need as many"):
        estimate(rows, endogenous=["own", "sister"])


def test_an_instrument_that_time_explains_gives_no_estimate():
    rows = simulate(np.random.default_rng(9), cells=4)
    uniform = rows.assign(cost=rows["period"] * 0.1)
    found = estimate(uniform)
    assert found.effects.empty
    assert math.isnan(found.robust_lower)


def test_the_robust_set_is_missing_with_two_instruments():
    rows = simulate(np.random.default_rng(10), cells=6)
    found = estimate(rows, instruments=["cost", "sister_cost"])
    assert math.isnan(found.robust_lower)
    assert math.isnan(found.robust_upper)
