"""Estimate a Poisson mean whose regressors answer to what they should explain.

What of a regressor the instruments do not move stands beside it as a regressor of its
own and takes up the answer. Outcomes and regressors are in the caller's unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.poisson_effects import (
    PoissonEffects,
    PoissonFit,
    choose_columns,
    fit_poisson,
    summarise,
)
from analysis.statistics.poisson_rounds import leave_out_foretold
from analysis.statistics.two_way_effects import Floats

_RESIDUAL = "unmoved_{name}"


def estimate_instrumented_poisson(
    rows: pd.DataFrame,
    *,
    endogenous: Sequence[str],
    instruments: Sequence[str],
    effects: Sequence[str],
    cluster: str,
    confidence_level: float = 0.95,
) -> PoissonEffects:
    """Regress a count or total on instrumented regressors and fixed effects, clustered.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per unit and period, with `outcome` (zero or more), `weight` (how many
        such rows it stands for), the regressors, instruments, effects and cluster.
        Rows with a missing value are left out.
    endogenous : sequence of str
        Columns that may answer to the outcome.
    instruments : sequence of str
        Columns that move them; at least as many.
    effects : sequence of str
        One or two columns whose levels each have their own factor.
    cluster : str
        Column within which errors may depend on each other.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    PoissonEffects
        One row per endogenous regressor, with `effective_f`, how strongly the
        instruments move it; none where the effects explain a regressor or
        instrument. Errors allow for the first stage being estimated.

    Raises
    ------
    ValueError
        As `estimate_poisson_effects` and `estimate_instrumented_effects`.

    References
    ----------
    .. [1] Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data,
       section 18.5: residuals of the first stage in an exponential mean.
    .. [2] Murphy and Topel (1985), Estimation and inference in two-step econometric
       models, J. Business & Economic Statistics 3, theorem 1, in clusters.
    """
    names = [*endogenous, *instruments]
    complete = choose_columns(rows, names, effects=effects, cluster=cluster)
    kept = leave_out_foretold(complete, names, effects=effects)[0]
    linear = estimate_instrumented_effects(
        kept,
        endogenous=endogenous,
        instruments=instruments,
        effects=effects,
        cluster=cluster,
    )
    if linear.effects.empty:
        return summarise(linear.effects, complete, kept)
    first = AbsorbedPanel(kept, names, effects=effects, cluster=cluster)
    moved, excluded = first.take(endogenous), first.take(instruments)
    left = moved - excluded @ first.regress(excluded, moved)
    residuals = {
        _RESIDUAL.format(name=name): left[:, place]
        for place, name in enumerate(endogenous)
        if not _is_nothing(left[:, place], moved[:, place])
    }
    fit = fit_poisson(
        kept.assign(**residuals),
        [*endogenous, *residuals],
        effects=effects,
        cluster=cluster,
    )
    covariance = _spread(fit, first, excluded, residuals)
    table = fit.panel.tidy(fit.terms, fit.coefficients, covariance, confidence_level)
    strengths = linear.effects["effective_f"].to_numpy()
    shown = table.iloc[: len(endogenous)].assign(effective_f=strengths)
    return summarise(shown, complete, kept)


def _is_nothing(left: Floats, moved: Floats) -> bool:
    """Say whether the instruments explain a regressor whole."""
    return bool(left @ left <= 1e-16 * (moved @ moved))


def _spread(
    fit: PoissonFit,
    first: AbsorbedPanel,
    excluded: Floats,
    residuals: dict[str, Floats],
) -> Floats:
    """Give the clustered covariance, with the error of the first stage in it.

    A first stage that is off by d moves each score by the coefficient of its residual
    times the products of regressors and instruments times d.
    """
    columns = fit.panel.take(fit.terms)
    scores = fit.panel.sum_scores(columns * fit.residuals[:, None])
    squares = first.cross(excluded, excluded)
    passed_on = np.linalg.solve(squares, fit.panel.cross(excluded, columns))
    for name, left in residuals.items():
        coefficient = fit.coefficients[fit.terms.index(name)]
        scores = scores + coefficient * (
            first.sum_scores(excluded * left[:, None]) @ passed_on
        )
    bread = np.linalg.inv(fit.panel.cross(columns, columns))
    factor = fit.panel.correct(len(fit.terms))
    covariance: Floats = bread @ (scores.T @ scores) @ bread * factor
    return covariance
