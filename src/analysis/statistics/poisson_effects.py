"""Estimate effects on counts and totals that may be zero, with fixed effects.

A Poisson mean makes effects relative without taking logs, so that zeros stay in; only
the mean must be right, the outcome need not be Poisson (Gourieroux, Monfort and
Trognon). Outcomes and regressors are in the caller's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.poisson_rounds import leave_out_foretold, linearise
from analysis.statistics.two_way_effects import Floats


@dataclass(frozen=True, slots=True)
class PoissonEffects:
    """Relative effects, and what of the rows could not tell anything.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per regressor that is not explained by the effects: `term`,
        `estimate` (log points per unit), `std_error`, `lower`, `upper`, `pvalue`,
        `nobs`, `clusters`; with instruments `effective_f` too.
    dropped : int
        Rows left out because they are explained whole: always zero at a level of an
        effect or by a regressor, or alone at a level.
    zero_share : float
        Share of zeros among the rows used.
    """

    effects: pd.DataFrame
    dropped: int
    zero_share: float


@dataclass(frozen=True, slots=True)
class PoissonFit:
    """A fitted Poisson mean, for estimators that build on it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows that were used.
    panel : AbsorbedPanel
        Regressors with the effects taken off at the fitted means as weights.
    terms : tuple of str
        Regressors that the effects do not explain.
    coefficients : numpy.ndarray, shape (terms,)
        Log points per unit.
    residuals : numpy.ndarray, shape (rows,)
        Outcome less mean, as a share of the mean.
    """

    rows: pd.DataFrame
    panel: AbsorbedPanel
    terms: tuple[str, ...]
    coefficients: Floats
    residuals: Floats


def estimate_poisson_effects(
    rows: pd.DataFrame,
    *,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str,
    confidence_level: float = 0.95,
) -> PoissonEffects:
    """Regress a count or total on regressors and fixed effects, clustered.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per unit and period, with `outcome` (zero or more), `weight` (how many
        such rows it stands for), the regressors, effects and cluster. Rows with a
        missing value are left out.
    regressors : sequence of str
        Columns whose effects are estimated.
    effects : sequence of str
        One or two columns whose levels each have their own factor.
    cluster : str
        Column within which errors may depend on each other.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    PoissonEffects
        Intervals use Student's t with clusters - 1 degrees of freedom.

    Raises
    ------
    ValueError
        If an outcome is negative, all are zero, there are fewer than two clusters, or
        two regressors can't be told apart.

    References
    ----------
    .. [1] Gourieroux, Monfort and Trognon (1984), Pseudo maximum likelihood methods:
       applications to Poisson models, Econometrica 52.
    .. [2] Correia, Guimaraes and Zylkin (2020), Fast Poisson estimation with
       high-dimensional fixed effects, Stata Journal 20, section 2: weighted least
       squares with the effects taken off in each round; section 3: zeros that are
       foretold without doubt tell nothing of the rest.
    """
    complete = choose_columns(rows, regressors, effects=effects, cluster=cluster)
    fit = fit_poisson(complete, regressors, effects=effects, cluster=cluster)
    columns = fit.panel.take(fit.terms)
    covariance = np.empty((0, 0))
    if fit.terms:
        covariance = fit.panel.spread(columns, fit.residuals)
    table = fit.panel.tidy(fit.terms, fit.coefficients, covariance, confidence_level)
    return summarise(table, complete, fit.rows)


def choose_columns(
    rows: pd.DataFrame, names: Sequence[str], *, effects: Sequence[str], cluster: str
) -> pd.DataFrame:
    """Keep complete rows, and refuse an outcome that no Poisson mean can have.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in `estimate_poisson_effects`.
    names : sequence of str
        Columns needed beside outcome, weight, effects and cluster.
    effects : sequence of str
        Columns of the effects.
    cluster : str
        Column of the clusters.

    Returns
    -------
    pandas.DataFrame
        The rows without a missing value.

    Raises
    ------
    ValueError
        If an outcome is negative.
    """
    needed = list(dict.fromkeys([*names, *effects, cluster]))
    complete = rows[["outcome", "weight", *needed]].dropna()
    lowest = complete["outcome"].min()
    if lowest < 0:
        raise ValueError(f"Outcomes of a Poisson mean must not be negative: {lowest}.")
    return complete


def fit_poisson(
    rows: pd.DataFrame,
    regressors: Sequence[str],
    *,
    effects: Sequence[str],
    cluster: str,
) -> PoissonFit:
    """Fit a Poisson mean by weighted least squares in rounds.

    Parameters
    ----------
    rows : pandas.DataFrame
        Complete rows, see `choose_columns`.
    regressors : sequence of str
        Columns whose effects are estimated.
    effects : sequence of str
        Columns of the effects.
    cluster : str
        Column of the clusters.

    Returns
    -------
    PoissonFit
        The fit of the rows that can tell something.

    Raises
    ------
    ValueError
        If nothing is left, the rounds do not end, or two regressors can't be told
        apart.
    """
    kept, mean = leave_out_foretold(rows, regressors, effects=effects)
    outcome, weight = (kept[name].to_numpy(float) for name in ("outcome", "weight"))
    panel = AbsorbedPanel(
        kept.assign(outcome=linearise(outcome, mean), weight=weight * mean),
        regressors,
        effects=effects,
        cluster=cluster,
        nobs=int(weight.sum()),
    )
    terms = tuple(name for name in regressors if name not in panel.explained)
    columns = panel.take(terms)
    coefficients = np.empty(0)
    if terms:
        coefficients = panel.regress(columns, panel.outcome[:, None])[:, 0]
    residuals = panel.outcome - columns @ coefficients
    return PoissonFit(kept, panel, terms, coefficients, residuals)


def summarise(
    table: pd.DataFrame, complete: pd.DataFrame, kept: pd.DataFrame
) -> PoissonEffects:
    """Put the estimates beside what was left out.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy estimates.
    complete, kept : pandas.DataFrame
        Rows without a missing value, and of these the ones used.

    Returns
    -------
    PoissonEffects
        Both together.
    """
    zeros = float((kept["outcome"] == 0).mean())
    return PoissonEffects(table, len(complete) - len(kept), zeros)
