"""Chances of still being active agree with Fader, Hardie and Lee, and with draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.beta_geometric_activity import (
    ActivityHistory,
    ActivityModel,
    expect_actions,
    fit_activity,
    give_active_chance,
    give_return_chance,
)

# Fader, Hardie and Lee (2005), table 2: CDNOW, 2,357 customers, weeks.
CDNOW = ActivityModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
CUSTOMER = ActivityHistory(*(np.array([value]) for value in (2.0, 30.43, 38.86, 1.0)))
TRUTH = ActivityModel(r=0.8, alpha=6.0, a=0.7, b=2.5)


def simulate(rng, *, size=6000, model=TRUTH, until=40.0, after=20.0):
    """Draw units: what is seen of them, who is active, and who returns."""
    rate = rng.gamma(model.r, 1 / model.alpha, size)
    stops = rng.beta(model.a, model.b, size)
    time, active = np.zeros(size), np.ones(size, bool)
    repeats, last = np.zeros(size), np.zeros(size)
    returned = np.zeros(size, bool)
    alive = np.ones(size, bool)
    while (active & (time < until + after)).any():
        time = np.where(active, time + rng.exponential(1 / rate), time)
        acts = active & (time <= until)
        repeats += acts
        last = np.where(acts, time, last)
        returned |= active & (time > until) & (time <= until + after)
        stop = acts & (rng.random(size) < stops)
        alive &= ~stop
        active &= ~stop & (time <= until + after)
    history = ActivityHistory(repeats, last, np.full(size, until), np.ones(size))
    return history, alive, returned


def test_expectation_and_chance_are_those_of_fader_hardie_and_lee():
    assert expect_actions(CDNOW, CUSTOMER, time=39.0) == pytest.approx(1.226, abs=5e-4)
    assert give_active_chance(CDNOW, CUSTOMER) == pytest.approx(0.7266, abs=5e-5)


def test_parameters_are_found_again():
    history, _, _ = simulate(np.random.default_rng(1))
    found = fit_activity(history)
    assert found.r == pytest.approx(TRUTH.r, rel=0.1)
    assert found.alpha == pytest.approx(TRUTH.alpha, rel=0.12)
    share = found.a / (found.a + found.b)
    assert share == pytest.approx(TRUTH.a / (TRUTH.a + TRUTH.b), rel=0.1)


def test_chances_are_calibrated_where_the_model_holds():
    history, alive, returned = simulate(np.random.default_rng(2), size=20_000)
    for chance, came in (
        (give_active_chance(TRUTH, history), alive),
        (give_return_chance(TRUTH, history, time=20.0), returned),
    ):
        group = pd.qcut(chance, 8, duplicates="drop").codes
        for number in np.unique(group):
            inside = group == number
            gap = came[inside].mean() - chance[inside].mean()
            assert abs(gap) < 4 * 0.5 / inside.sum() ** 0.5


def test_rows_put_together_fit_as_one_by_one():
    history, _, _ = simulate(np.random.default_rng(3), size=800)
    rounded = replace(history, last=np.floor(history.last))
    rows = pd.DataFrame(
        {"repeats": rounded.repeats, "last": rounded.last, "observed": rounded.observed}
    )
    counted = rows.value_counts(sort=False).reset_index()
    together = ActivityHistory(
        *(counted[name].to_numpy(float) for name in [*rows.columns, "count"])
    )
    alone, pooled = fit_activity(rounded), fit_activity(together)
    assert pooled.log_likelihood == pytest.approx(alone.log_likelihood, abs=1e-4)
    assert pooled.r == pytest.approx(alone.r, rel=1e-2)


def test_the_unit_of_time_does_not_matter():
    history, _, _ = simulate(np.random.default_rng(4), size=1500)
    days = replace(history, last=7 * history.last, observed=7 * history.observed)
    weekly, daily = fit_activity(history), fit_activity(days)
    assert daily.alpha == pytest.approx(7 * weekly.alpha, rel=1e-3)
    shift = history.repeats.sum() * np.log(7)
    assert daily.log_likelihood == pytest.approx(
        weekly.log_likelihood - shift, abs=0.01
    )


def test_without_repeats_nobody_has_stopped():
    once = ActivityHistory(*(np.array([value]) for value in (0.0, 0.0, 40.0, 1.0)))
    assert give_active_chance(TRUTH, once) == pytest.approx(1.0)
    assert give_return_chance(TRUTH, once, time=20.0)[0] < 0.5


def test_one_action_each_says_nothing():
    once = ActivityHistory(*(np.array([value]) for value in (0.0, 0.0, 40.0, 9.0)))
    with pytest.raises(ValueError, match="must have acted more than once"):
        fit_activity(once)


def test_an_action_after_the_end_is_refused():
    late = replace(CUSTOMER, last=np.array([50.0]))
    with pytest.raises(ValueError, match="must not come after"):
        fit_activity(late)
