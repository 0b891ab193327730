"""Cells of a table pool as prediction with known variances does, and come closer."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.pooled_normal import pool_effects
from analysis.statistics.pooled_two_way import pool_table

# Rubin (1981): gains by coaching in eight schools, with their standard errors.
SCHOOLS = ([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])


def draw_table(rng, rule=np.multiply.outer, columns=(0.6, 1.0, 1.5, 1.2)):
    """Three rows and four columns whose effects share a pattern."""
    truth = rule([4.0, 12.0, 20.0], columns)
    truth = (truth + rng.normal(0, 1.5, truth.shape)).ravel()
    errors = rng.uniform(3.0, 5.0, truth.size)
    return truth, rng.normal(truth, errors), errors


def name_cells():
    rows = np.repeat(["savings", "term", "large"], 4)
    return {"rows": rows, "columns": np.tile(list("abcd"), 3)}


def test_one_row_without_shared_columns_is_the_eight_schools_of_one_way_pooling():
    found = pool_table(*SCHOOLS, rows=["all"] * 8, columns=range(8))
    one_way = pool_effects(*SCHOOLS).groups
    # The one-way grid is finer and reaches further; Stan's own error is 0.1 to 0.15.
    for name, within in {"mean": 0.1, "deviation": 0.15, "lower": 0.5}.items():
        assert found.cells[name].to_numpy() == pytest.approx(
            one_way[name].to_numpy(), abs=within
        )
    assert found.column_spread == 0


def test_at_one_pair_of_spreads_it_is_generalised_least_squares(monkeypatch):
    module = "analysis.statistics.pooled_two_way."
    _, estimates, errors = draw_table(np.random.default_rng(3))
    cells = name_cells()
    monkeypatch.setattr(
        module + "_lay_grid",
        lambda *_, **__: (np.array([[5.0, 1.5]]), np.ones(1)),
    )
    found = pool_table(estimates, errors, **cells)
    means = (cells["rows"][:, None] == ["savings", "term", "large"]).astype(float)
    same = (cells["columns"][:, None] == cells["columns"]).astype(float)
    weights = means.T / errors**2
    sizes = np.abs(weights @ estimates / weights.sum(axis=1))
    assert (sizes > weights.sum(axis=1) ** -0.5).all()
    sizes = means @ (sizes / sizes.mean())
    between = 25 * same * np.outer(sizes, sizes) + 2.25 * np.eye(12)
    fit = sm.GLS(estimates, means, sigma=between + np.diag(errors**2)).fit(
        cov_type="nonrobust"
    )
    left = np.linalg.solve(between + np.diag(errors**2), estimates - fit.fittedvalues)
    expected = fit.fittedvalues + between @ left
    assert found.cells["mean"].to_numpy() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        pytest.param(np.multiply.outer, (0.6, 1.0, 1.5, 1.2), id="stretched"),
        pytest.param(np.add.outer, (-6.0, 0.0, 5.0, 1.0), id="shifted"),
        pytest.param(np.add.outer, (0.0, 0.0, 0.0, 0.0), id="the same"),
    ],
)
def test_a_table_comes_closer_than_its_cells_and_its_intervals_cover(rule, columns):
    rng = np.random.default_rng(11)
    raw = pooled = 0.0
    covered = 0
    for _ in range(80):
        truth, estimates, errors = draw_table(rng, rule, columns)
        cells = pool_table(estimates, errors, **name_cells()).cells
        raw += ((estimates - truth) ** 2).sum()
        pooled += ((cells["mean"] - truth) ** 2).sum()
        covered += int(cells["lower"].le(truth).mul(cells["upper"].ge(truth)).sum())
    assert pooled < 0.8 * raw
    # Of 960; cells of a table go together, so the share has an error of about 1 %.
    assert 0.92 <= covered / 960 <= 0.98


def test_errors_that_go_together_are_allowed_for():
    rng = np.random.default_rng(12)
    covered = {0.0: 0, 0.5: 0}
    for _ in range(80):
        truth, _, errors = draw_table(rng)
        together = np.repeat(rng.normal(size=3), 4)
        shocks = 0.5**0.5 * together + 0.5**0.5 * rng.normal(size=12)
        for correlation in covered:
            cells = pool_table(
                truth + errors * shocks,
                errors,
                **name_cells(),
                error_correlation=correlation,
            ).cells
            holds = cells["lower"].le(truth) & cells["upper"].ge(truth)
            covered[correlation] += int(holds.sum())
    assert covered[0.0] / 960 < 0.91
    assert 0.92 <= covered[0.5] / 960 <= 0.98


def test_a_row_around_nothing_takes_no_pattern_from_the_others():
    estimates = np.array([0.1, -0.2, 0.1, 0.0, 12.0, 24.0, 6.0, 18.0])
    errors = np.full(8, 0.2)
    cells = {"rows": np.repeat(["none", "some"], 4), "columns": np.tile([*"abcd"], 2)}
    found = pool_table(estimates, errors, **cells)
    assert found.cells["mean"].to_numpy()[:4] == pytest.approx(estimates[:4], abs=0.2)


def test_gaps_in_the_table_are_allowed():
    _, estimates, errors = draw_table(np.random.default_rng(5))
    cells = name_cells()
    kept = np.arange(12) != 6
    found = pool_table(
        estimates[kept],
        errors[kept],
        **{name: labels[kept] for name, labels in cells.items()},
    )
    assert len(found.cells) == 11
    assert found.cells.notna().all().all()


def test_the_unit_does_not_matter():
    _, estimates, errors = draw_table(np.random.default_rng(7))
    plain = pool_table(estimates, errors, **name_cells())
    scaled = pool_table(estimates * 0.01, errors * 0.01, **name_cells())
    assert scaled.cell_spread == pytest.approx(plain.cell_spread / 100)
    assert scaled.cells["lower"].to_numpy() == pytest.approx(
        plain.cells["lower"].to_numpy() / 100
    )


def test_as_many_rows_as_estimates_are_refused():
    with pytest.raises(ValueError, match="needs 2 estimates more than rows"):
        pool_table([1.0, 2.0, 3.0], [1.0] * 3, rows="abc", columns="xxx")


@pytest.mark.parametrize("correlation", [-0.1, 1.0])
def test_a_correlation_that_is_none_is_refused(correlation):
    with pytest.raises(ValueError, match="from 0 to below 1"):
        pool_table(
            *SCHOOLS, rows=["a"] * 8, columns=range(8), error_correlation=correlation
        )


def test_an_error_of_nothing_is_refused():
    with pytest.raises(ValueError, match="must be above 0"):
        pool_table([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], rows="aaa", columns="xyz")
