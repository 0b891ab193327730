"""The choice model agrees with published estimates, and groups change nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.statistics.multinomial_choice import (
    average_effect,
    estimate_multinomial_choice,
)

TERMS = ["logpopul", "selfLR", "age", "educ", "income"]
PARTIES = [f"party_{number}" for number in range(7)]
# American National Election Study 1996, `mlogit PID logpopul selfLR age educ income` of
# Stata 11, "checked vs R nnet package": printed in statsmodels, file
# discrete/tests/results/results_discrete.py, class Anes, `mnlogit_basezero`. Constant
# last there; here the first and the last alternative, constant first.
PUBLISHED = {
    1: [-0.37340167, -0.01153598, 0.29771435, -0.024945, 0.08249144, 0.00519655],
    6: [-12.105751, -0.14088069, 2.0700801, -0.00943265, 0.3219257, 0.10889408],
}
PUBLISHED_ERRORS = {
    1: [
        *(0.6298376313, 0.0342823657, 0.093626795),
        *(0.0065248584, 0.0735865799, 0.0176336937),
    ],
    6: [
        *(1.059954821, 0.042138047, 0.1434089089),
        *(0.0081338625, 0.0910979921, 0.025300888),
    ],
}
PUBLISHED_LOG_LIKELIHOOD = -1461.922747312


@pytest.fixture(scope="module")
def elections():
    data = sm.datasets.anes96.load_pandas()
    chosen = pd.get_dummies(data.endog.astype(int)).astype(float)
    return pd.concat([data.exog, chosen.set_axis(PARTIES, axis=1)], axis=1), data


def simulate_choices(rng, *, cells=40, months=24, units=12, effect=(0.0, 0.0)):
    """Units of a cell and month choose alike up to a shock of the cell."""
    cell = np.repeat(np.arange(cells), months)
    gap = rng.normal(0, 0.3, cells)[cell] + rng.normal(0, 0.2, cell.size)
    shock = rng.normal(0, 0.2, (cells, 2))[cell]
    odds = np.exp(
        np.column_stack([np.zeros(cell.size), -1.8 + shock[:, 0], -1.2 + shock[:, 1]])
        + gap[:, None] * np.array([0.0, *effect])
    )
    chances = odds / odds.sum(axis=1, keepdims=True)
    counts = rng.multinomial(units, chances)
    return pd.DataFrame(
        {
            "cell": cell,
            "gap": gap,
            "line": cell % 3,
            **dict(zip(("stay", "move", "leave"), counts.T, strict=True)),
        }
    )


def fit(rows, regressors=("gap",), alternatives=("stay", "move", "leave")):
    return estimate_multinomial_choice(
        rows, alternatives=alternatives, regressors=regressors, cluster="cell"
    )


def test_coefficients_equal_those_published_for_the_1996_election(elections):
    rows, _ = elections
    found = estimate_multinomial_choice(rows, alternatives=PARTIES, regressors=TERMS)
    errors = np.sqrt(np.diag(found.covariance)).reshape(found.coefficients.shape)
    # Printed with eight digits.
    for party, expected in PUBLISHED.items():
        assert found.coefficients[party - 1] == pytest.approx(expected, rel=2e-6)
        assert errors[party - 1] == pytest.approx(PUBLISHED_ERRORS[party], rel=2e-6)
    assert found.log_likelihood == pytest.approx(PUBLISHED_LOG_LIKELIHOOD, abs=1e-6)
    assert found.nobs == 944


def test_average_effects_and_their_errors_equal_those_of_statsmodels(elections):
    rows, data = elections
    known = sm.MNLogit(data.endog, sm.add_constant(data.exog)).fit(
        disp=0, tol=1e-12, maxiter=100
    )
    margins = known.get_margeff(at="overall")
    found = estimate_multinomial_choice(rows, alternatives=PARTIES, regressors=TERMS)
    for term in ("selfLR", "income"):
        for party in (0, 3, 6):
            effect = average_effect(
                found, rows, term=term, alternative=PARTIES[party], step=10
            )
            place = (TERMS.index(term), party)
            assert effect.estimate == pytest.approx(
                10 * margins.margeff[place], rel=1e-8
            )
            expected = 10 * margins.margeff_se[place]
            assert effect.std_error == pytest.approx(expected, rel=1e-7)


def test_groups_give_the_estimate_and_clustered_error_of_single_units():
    rows = simulate_choices(np.random.default_rng(1), effect=(0.3, -0.8))
    names = ["stay", "move", "leave"]
    single = rows.loc[rows.index.repeat(rows[names].sum(axis=1))]
    chosen = np.concatenate(
        [np.repeat([0, 1, 2], row) for row in rows[names].to_numpy()]
    )
    design = sm.add_constant(single[["gap"]].reset_index(drop=True))
    known = sm.MNLogit(chosen, design).fit(
        disp=0,
        tol=1e-12,
        cov_type="cluster",
        cov_kwds={"groups": single["cell"].to_numpy(), "use_correction": False},
    )
    ones = np.eye(3)[chosen]
    micro = single.reset_index(drop=True).assign(
        **dict(zip(names, ones.T, strict=True))
    )
    grouped, units = fit(rows), fit(micro)
    assert grouped.coefficients == pytest.approx(units.coefficients, abs=1e-9)
    assert grouped.covariance == pytest.approx(units.covariance, abs=1e-9)
    assert grouped.coefficients == pytest.approx(known.params.to_numpy().T, abs=1e-9)
    clusters = rows["cell"].nunique()
    expected = known.cov_params().to_numpy() * clusters / (clusters - 1)
    assert grouped.covariance == pytest.approx(expected, abs=1e-9)
    assert (grouped.nobs, grouped.clusters) == (len(single), clusters)


def test_intervals_cover_the_planted_effect():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(60):
        rows = simulate_choices(rng, units=6, effect=(0.3, -0.8))
        found = average_effect(fit(rows), rows, term="gap", alternative="stay")
        # Average derivative at the planted coefficients, cell shocks averaged out.
        odds = np.exp(
            np.column_stack(
                [
                    0 * rows["gap"],
                    -1.8 + 0.02 + 0.3 * rows["gap"],
                    -1.2 + 0.02 - 0.8 * rows["gap"],
                ]
            )
        )
        chances = odds / odds.sum(axis=1, keepdims=True)
        mean = chances @ np.array([0.0, 0.3, -0.8])
        truth = float((-chances[:, 0] * mean).mean())
        covered += found.lower <= truth <= found.upper
    # 95% wanted; fewer than 51 of 60 would happen less than once in 300 times.
    assert covered >= 51


def test_no_effect_is_seldom_found_where_there_is_none():
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(60):
        rows = simulate_choices(rng, units=6)
        found = average_effect(fit(rows), rows, term="gap", alternative="stay")
        false += not found.lower <= 0 <= found.upper
    assert false <= 9


def test_effects_on_all_alternatives_add_up_to_nothing():
    rows = simulate_choices(np.random.default_rng(4), effect=(0.5, -1.0))
    choice = fit(rows)
    effects = [
        average_effect(choice, rows, term="gap", alternative=name).estimate
        for name in choice.alternatives
    ]
    assert sum(effects) == pytest.approx(0.0, abs=1e-12)


def test_two_alternatives_give_a_logit():
    rows = simulate_choices(np.random.default_rng(5), effect=(0.0, -1.0))
    kept = rows[["stay", "leave"]]
    known = sm.GLM(
        kept[["leave", "stay"]], sm.add_constant(rows[["gap"]]), sm.families.Binomial()
    ).fit(tol=1e-12)
    found = fit(rows, alternatives=("stay", "leave"))
    assert found.coefficients[0] == pytest.approx(known.params.to_numpy(), abs=1e-9)


def test_the_unit_of_a_regressor_changes_nothing_but_its_unit():
    rows = simulate_choices(np.random.default_rng(6), effect=(0.3, -0.8))
    small = rows.assign(gap=rows["gap"] * 1e4)
    here, there = (
        average_effect(fit(each), each, term="gap", alternative="stay", step=step)
        for each, step in ((rows, 0.1), (small, 1e3))
    )
    assert here.estimate == pytest.approx(there.estimate, rel=1e-9)
    assert here.std_error == pytest.approx(there.std_error, rel=1e-7)


def test_an_alternative_that_nobody_chose_is_refused():
    rows = simulate_choices(np.random.default_rng(7)).assign(leave=0)
    with pytest.raises(ValueError, match=r"Nobody chose \['leave'\]"):
        fit(rows)


def test_one_alternative_is_no_choice():
    rows = simulate_choices(np.random.default_rng(8))
    with pytest.raises(ValueError, match="two alternatives or more"):
        fit(rows, alternatives=("stay",))


def test_a_regressor_that_never_moves_is_refused():
    rows = simulate_choices(np.random.default_rng(9)).assign(one_line=1.0)
    with pytest.raises(ValueError, match="must not explain each other"):
        fit(rows, regressors=("gap", "one_line"))


def test_a_choice_that_is_explained_completely_is_refused():
    rows = simulate_choices(np.random.default_rng(10)).assign(move=0)
    high = rows["gap"] > 0
    split = rows.assign(stay=np.where(high, 12, 0), move=np.where(high, 0, 12))
    with pytest.raises(ValueError, match=r"choice completely|explained completely"):
        fit(split, alternatives=("stay", "move"))


def test_one_cluster_is_refused():
    rows = simulate_choices(np.random.default_rng(11), cells=1)
    with pytest.raises(ValueError, match="two or more clusters, not 1"):
        fit(rows)
