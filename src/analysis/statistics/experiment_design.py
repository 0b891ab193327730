"""Plan an experiment from a panel's own noise: placebo treatments tell its error.

Cells are treated upwards or downwards by lot, anew in each round. The same regression
that will judge the experiment is run on a panel in which nothing was treated: what it
finds is chance, and its spread is the error that the experiment will have, with the
real dependence between periods and units. Outcomes are in the caller's unit, the
treatment is one unit up or down; an error falls in proportion to a larger treatment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from analysis.statistics.absorbed_panel import AbsorbedPanel

Floats = NDArray[np.float64]
_MOST_NUMBERS = 2_000_000
"""Rows times treatments that are held at a time."""
_LEFT_OVER = 1e-12
"""Share of a treatment's squares below which the effects explain all of it."""


@dataclass(frozen=True, slots=True)
class PlaceboErrors:
    """What chance alone would make of an experiment, for a treatment of one unit.

    Parameters
    ----------
    spread : float
        Root mean square of the placebo estimates: the error to expect. Missing where
        the effects explain every treatment.
    lower, upper : float
        Interval of the spread for the number of assignments drawn.
    std_error : float
        Mean of the clustered errors that the analysis would state.
    n_assignments : int
        Assignments drawn.
    nobs, clusters : int
        Units times periods, and clusters.
    """

    spread: float
    lower: float
    upper: float
    std_error: float
    n_assignments: int
    nobs: int
    clusters: int


def assign_treatments(
    strata: NDArray[np.intp],
    chosen: NDArray[np.bool_],
    *,
    rounds: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw treatments by lot: in each round half of a stratum is up, half down.

    Parameters
    ----------
    strata : numpy.ndarray, shape (cells,)
        Stratum of each cell, numbered from 0.
    chosen : numpy.ndarray, shape (assignments, cells)
        Whether a cell takes part in an assignment.
    rounds : int
        How often treatments are drawn anew.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    numpy.ndarray, shape (assignments, rounds, cells)
        1 up, -1 down, 0 not treated. Of an odd number the one in the middle is drawn.

    References
    ----------
    .. [1] Imbens and Rubin (2015), Causal Inference for Statistics, Social, and
       Biomedical Sciences, chapter 9: stratified randomized experiments.
    """
    treatments = np.zeros((len(chosen), rounds, len(strata)))
    for stratum in np.unique(strata):
        places = np.flatnonzero(strata == stratum)
        takes_part = chosen[:, None, places]
        keys = rng.random((len(chosen), rounds, len(places)))
        keys = np.where(takes_part, keys, np.inf)
        rank = keys.argsort(axis=2).argsort(axis=2)
        middle = (takes_part.sum(axis=2, keepdims=True) - 1) / 2
        coins = rng.choice([-1.0, 1.0], size=(len(chosen), rounds, 1))
        signs = np.where(rank == middle, coins, np.sign(rank - middle))
        treatments[:, :, places] = np.where(takes_part, signs, 0.0)
    return treatments


def measure_placebo_errors(
    rows: pd.DataFrame,
    treatments: Floats,
    *,
    effects: Sequence[str],
    cluster: str,
    confidence_level: float = 0.95,
) -> PlaceboErrors:
    """Regress an untreated outcome on treatments drawn by lot.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units and period, with `outcome`, `weight`, the effects,
        the cluster, `place` (of the cell in the treatments, -1 for none) and `round`
        (of the treatments, -1 before the first).
    treatments : numpy.ndarray, shape (assignments, rounds, cells)
        As `assign_treatments` draws them.
    effects : sequence of str
        One or two columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    confidence_level : float
        Share of such intervals of the spread that hold the truth.

    Returns
    -------
    PlaceboErrors
        Spread of the estimates, and the mean of their clustered errors.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, or not one or two effects.

    Notes
    -----
    A treatment and its opposite are equally likely, so that placebo estimates have
    mean zero; the root mean square loses no degree of freedom.

    References
    ----------
    .. [1] Bertrand, Duflo and Mullainathan (2004), How much should we trust
       differences-in-differences estimates?, Quarterly J. Economics 119, section III:
       placebo laws drawn on real panels.
    .. [2] Burlig, Preonas and Woerman (2020), Panel data and experimental design,
       J. Development Economics 144, section 4: the same to plan an experiment.
    """
    panel = AbsorbedPanel(
        rows.reset_index(drop=True), [], effects=effects, cluster=cluster
    )
    place, turn = (rows[name].to_numpy()[panel.index] for name in ("place", "round"))
    n_drawn, n_rounds, n_cells = treatments.shape
    # One line per cell of a round, and a last one for what is not treated.
    lots = treatments.reshape(n_drawn, n_rounds * n_cells).T
    lots = np.vstack([lots, np.zeros(n_drawn)])
    is_treated = (place >= 0) & (turn >= 0)
    line = np.where(is_treated, turn * n_cells + place, len(lots) - 1)
    step = max(1, _MOST_NUMBERS // len(line))
    parts = [
        _estimate_placebos(panel, lots[:, start : start + step][line])
        for start in range(0, n_drawn, step)
    ]
    estimates, errors = np.concatenate(parts, axis=1)
    return _summarise(panel, estimates, errors, confidence_level)


def find_detectable_effect(
    std_error: float, *, degrees: float, power: float = 0.8, significance: float = 0.05
) -> float:
    """Give the smallest effect that a two-sided test finds as often as wanted.

    Parameters
    ----------
    std_error : float
        Error of the estimate.
    degrees : float
        Degrees of freedom of Student's t; infinite for the normal.
    power : float
        How often the effect is to be found.
    significance : float
        How often one is found where there is none.

    Returns
    -------
    float
        The error times the sum of two quantiles: 2.8 for many degrees of freedom.

    References
    ----------
    .. [1] Bloom (1995), Minimum detectable effects, Evaluation Review 19, table 1.
    """
    quantiles = stats.t.ppf([1 - significance / 2, power], degrees)
    return std_error * float(quantiles.sum())


def _estimate_placebos(panel: AbsorbedPanel, given: Floats) -> Floats:
    """Give estimates and clustered errors; of none that the effects explain."""
    left = panel.absorb(given)
    shape = (panel.n_clusters, len(left))
    clusters = sparse.csr_matrix(
        (panel.weights, (panel.codes, np.arange(len(left)))), shape
    )
    squares = np.asarray(clusters @ left**2)
    products = np.asarray(clusters @ (left * panel.outcome[:, None]))
    size = squares.sum(axis=0)
    is_free = size > _LEFT_OVER * panel.nobs * float(np.abs(given).max()) ** 2
    squares, products, size = squares[:, is_free], products[:, is_free], size[is_free]
    estimates = products.sum(axis=0) / size
    scores = products - estimates * squares
    errors = np.sqrt((scores**2).sum(axis=0) * panel.correct(1)) / size
    return np.vstack([estimates, errors])


def _summarise(
    panel: AbsorbedPanel, estimates: Floats, errors: Floats, confidence_level: float
) -> PlaceboErrors:
    drawn = len(estimates)
    spread = lower = upper = std_error = math.nan
    if drawn:
        spread = float(np.sqrt((estimates**2).mean()))
        std_error = float(errors.mean())
        tails = np.array([0.5 + confidence_level / 2, 0.5 - confidence_level / 2])
        lower, upper = spread * np.sqrt(drawn / stats.chi2.ppf(tails, drawn))
    return PlaceboErrors(
        spread=spread,
        lower=float(lower),
        upper=float(upper),
        std_error=std_error,
        n_assignments=drawn,
        nobs=panel.nobs,
        clusters=panel.n_clusters,
    )
