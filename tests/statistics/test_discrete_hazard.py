"""A published discrete-time hazard, and coverage where the truth is drawn."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.discrete_hazard import fit_discrete_hazard, read_effect

# Singer and Willett (2003), Table 11.1: boys at risk and events by grade (7 to 12),
# without and with a parenting transition.
EVENTS = {0: (2, 2, 8, 8, 10, 8), 1: (13, 5, 16, 21, 15, 18)}
CENSORED = {0: 34, 1: 20}


def list_boys():
    rows = [
        {"transition": group, "periods": at + 1, "has_event": True, "units": count}
        for group, counts in EVENTS.items()
        for at, count in enumerate(counts)
    ]
    rows += [
        {"transition": group, "periods": 6, "has_event": False, "units": count}
        for group, count in CENSORED.items()
    ]
    return pd.DataFrame(rows)


def test_first_sex_is_as_published():
    fit = fit_discrete_hazard(list_boys(), covariates=["transition"])
    # Singer and Willett (2003), Table 11.3, model B.
    published = [-2.9943, -3.7001, -2.2811, -1.8226, -1.6542, -1.1791, 0.8736]
    np.testing.assert_allclose(fit.coefficients, published, atol=6e-5)
    assert fit.deviance == pytest.approx(634.66, abs=0.01)
    assert (fit.nobs, fit.events, fit.clusters) == (822, 126, 180)


def test_errors_of_units_that_stand_alone_are_near_the_published_ones():
    fit = fit_discrete_hazard(list_boys(), covariates=["transition"])
    # The book's errors trust the model; ours do not, and 180 boys tell little of it.
    published = [0.3175, 0.4206, 0.2724, 0.2585, 0.2691, 0.2716, 0.2174]
    errors = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(errors, published, rtol=0.06)


def test_one_row_a_unit_gives_the_same_as_groups():
    grouped = list_boys()
    alone = grouped.loc[grouped.index.repeat(grouped["units"])].assign(units=1)
    alone = alone.reset_index(drop=True).assign(boy=range(180))
    by_group = fit_discrete_hazard(grouped, covariates=["transition"])
    by_boy = fit_discrete_hazard(alone, covariates=["transition"], cluster="boy")
    np.testing.assert_allclose(by_boy.coefficients, by_group.coefficients, rtol=1e-9)
    # A jackknife errs on the safe side: a period's constant rests on few events.
    ratio = np.diag(by_boy.covariance) / np.diag(by_group.covariance)
    assert (ratio > 1).all()
    assert ratio.max() < 1.2
    assert by_boy.degrees == 179


def test_clusters_are_left_out_one_at_a_time():
    rng = np.random.default_rng(12)
    units = draw_units(rng, clusters=30, effect=0.3, deviation=0.4)
    fit = fit_discrete_hazard(units, covariates=["dose"], cluster="cluster")
    without = [
        fit_discrete_hazard(units[units["cluster"] != place], covariates=["dose"])
        for place in range(30)
    ]
    moves = np.array([each.effects[0] for each in without]) - fit.effects[0]
    jackknife = (29 / 30 * (moves**2).sum()) ** 0.5
    # One step of Newton's method is near the end of the way.
    assert fit.covariance[-1, -1] ** 0.5 == pytest.approx(jackknife, rel=0.02)


def test_a_period_without_events_has_no_hazard():
    quiet = list_boys().query("not (periods == 2 and has_event)")
    fit = fit_discrete_hazard(quiet, covariates=["transition"])
    assert 2 not in fit.periods
    average = fit.average_hazard(fit.coefficients[None, :], np.array([[0.0]]))
    constants = fit.coefficients[: len(fit.periods)]
    assert average[0, 0] == pytest.approx((1 / (1 + np.exp(-constants))).sum() / 6)


def draw_units(rng, *, clusters, effect, deviation):
    """Draw units of clusters that share a shock, at doses by cluster."""
    dose = np.repeat(rng.permutation(np.arange(clusters) % 4), 50).astype(float)
    lean = np.repeat(deviation * rng.standard_normal(clusters), 50) + effect * dose
    chance = 1 / (1 + np.exp(3.5 - lean))
    fails = rng.random((len(dose), 6)) < chance[:, None]
    first = np.where(fails.any(axis=1), fails.argmax(axis=1) + 1, 6)
    units = pd.DataFrame(
        {
            "cluster": np.repeat(np.arange(clusters), 50),
            "dose": dose,
            "periods": first,
            "has_event": fails.any(axis=1),
        }
    )
    keys = list(units.columns)
    return units.groupby(keys).size().rename("units").reset_index()


def test_intervals_hold_the_truth_where_clusters_share_a_shock():
    rng = np.random.default_rng(1)
    held = {"clustered": 0, "alone": 0}
    for _ in range(200):
        units = draw_units(rng, clusters=40, effect=0.3, deviation=0.4)
        for name, cluster in (("clustered", "cluster"), ("alone", None)):
            fit = fit_discrete_hazard(units, covariates=["dose"], cluster=cluster)
            _, lower, upper = read_effect(fit, "dose")
            held[name] += lower <= 0.3 <= upper
    # Of 200 intervals at 95 %, 180 to 198 hold the truth with a chance of 99.9 %.
    assert 180 <= held["clustered"] <= 198
    assert held["alone"] < 175  # what is common instead


def test_draws_vary_as_the_errors_say():
    fit = fit_discrete_hazard(list_boys(), covariates=["transition"])
    drawn = fit.draw(np.random.default_rng(2), 40_000)
    np.testing.assert_allclose(np.cov(drawn.T), fit.covariance, atol=0.004)
    np.testing.assert_allclose(drawn.mean(axis=0), fit.coefficients, atol=0.01)


def test_nothing_that_happened_has_no_hazard():
    still = list_boys().assign(has_event=False)
    with pytest.raises(ValueError, match="needs an event; nothing happened"):
        fit_discrete_hazard(still, covariates=["transition"])


def test_covariates_that_explain_each_other_are_refused():
    twice = list_boys().assign(again=lambda rows: 2 * rows["transition"])
    with pytest.raises(ValueError, match="must not explain each other"):
        fit_discrete_hazard(twice, covariates=["transition", "again"])


def test_an_effect_without_bound_is_refused():
    parted = list_boys().query("not (transition == 0 and has_event)")
    with pytest.raises(ValueError, match=r"must (not explain|have a largest)"):
        fit_discrete_hazard(parted, covariates=["transition"])
