"""A published difference of rates, and the variance that it rests on."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.additive_rate import estimate_additive_rate


def test_fluoroscopy_is_as_published():
    # Rothman and Greenland (1998), Modern Epidemiology, ch. 14: breast cancer with
    # (41 cases in 28,010 woman-years) and without (15 in 19,017) X-ray fluoroscopy.
    # Woman-years as units of one year: almost all have no event.
    rows = pd.DataFrame(
        {
            "exposed": [1.0, 0.0],
            "units": [28_010, 19_017],
            "exposure": 1.0,
            "events": [41, 15],
            "squares": [41, 15],
        }
    )
    fit = estimate_additive_rate(rows, covariates=["exposed"])
    difference = 41 / 28_010 - 15 / 19_017
    assert 1e4 * fit.coefficients[1] == pytest.approx(1e4 * difference, rel=1e-9)
    assert 1e4 * fit.coefficients[0] == pytest.approx(7.9, abs=0.05)  # as printed
    error = (41 / 28_010**2 + 15 / 19_017**2) ** 0.5
    # Units of one year may have one event only: their variance is p (1 - p).
    assert fit.covariance[1, 1] ** 0.5 == pytest.approx(error, rel=1e-3)


def draw_rows(rng, *, shared):
    dose = np.repeat([0.0, 1.0, 2.0, 3.0] * 10, 30)
    shock = np.repeat(rng.gamma(4.0, 0.25, 40), 30) if shared else 1.0
    time = rng.integers(1, 10, len(dose)).astype(float)
    events = rng.poisson(time * (0.1 + 0.05 * dose) * shock)
    return pd.DataFrame(
        {
            "dose": dose,
            "cluster": np.repeat(np.arange(40), 30),
            "units": 1,
            "exposure": time,
            "events": events,
            "squares": events**2,
        }
    )


@pytest.mark.parametrize("shared", [False, True])
def test_intervals_hold_the_truth(shared):
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        rows = draw_rows(rng, shared=shared)
        cluster = "cluster" if shared else None
        fit = estimate_additive_rate(rows, covariates=["dose"], cluster=cluster)
        reach = 2.02 * fit.covariance[1, 1] ** 0.5  # Student's t, 39 degrees
        held += abs(fit.coefficients[1] - 0.05) <= reach
    assert 270 <= held <= 297


def test_groups_give_the_same_as_units():
    rows = draw_rows(np.random.default_rng(4), shared=False)
    keys = ["dose", "exposure"]
    grouped = rows.groupby(keys)[["units", "events", "squares"]].sum().reset_index()
    one = estimate_additive_rate(rows, covariates=["dose"])
    other = estimate_additive_rate(grouped, covariates=["dose"])
    np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=1e-10)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-9)


def test_draws_vary_as_the_errors_say():
    fit = estimate_additive_rate(
        draw_rows(np.random.default_rng(5), shared=False), covariates=["dose"]
    )
    drawn = fit.draw(np.random.default_rng(6), 40_000)
    np.testing.assert_allclose(np.cov(drawn.T), fit.covariance, rtol=0.05)


def test_one_dose_for_all_tells_nothing():
    rows = draw_rows(np.random.default_rng(7), shared=False).assign(dose=1.0)
    with pytest.raises(ValueError, match="must differ among units at risk"):
        estimate_additive_rate(rows, covariates=["dose"])
