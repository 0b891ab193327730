"""Estimate effects in a panel when what is set answers to what it should explain.

An instrument moves the regressor and reaches the outcome by no other way. Several
regressors may each need one, as the prices of two products that compete for the same
money. Rows may stand for several units, as in `panel_effects`. Outcomes, regressors
and instruments are in the caller's unit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.two_way_effects import Floats


@dataclass(frozen=True, slots=True)
class InstrumentedEffects:
    """Two-stage least squares, and what its instruments can carry.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per endogenous regressor, then per exogenous one, none at all where the
        effects explain an instrument or a regressor: `term`, `estimate`,
        `std_error`, `lower`, `upper`, `pvalue`, `nobs` (units times periods),
        `clusters`; `effective_f`, how strongly the instruments move the regressor
        beside the other endogenous ones (missing for exogenous regressors).
    robust_lower, robust_upper : float
        Ends of the Anderson-Rubin set of a single endogenous regressor with a single
        instrument: it holds the truth as often as it says, however weak the
        instrument. Infinite where the data do not bound it; missing in other cases.
    """

    effects: pd.DataFrame
    robust_lower: float
    robust_upper: float


def estimate_instrumented_effects(  # noqa: PLR0913 - the parts of its model
    rows: pd.DataFrame,
    *,
    endogenous: Sequence[str],
    instruments: Sequence[str],
    effects: Sequence[str],
    cluster: str,
    exogenous: Sequence[str] = (),
    confidence_level: float = 0.95,
) -> InstrumentedEffects:
    """Regress an outcome on instrumented regressors and fixed effects, clustered.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units and period, with `outcome` (mean over the units),
        `weight` (number of units), the regressors, instruments, effects and cluster.
        Rows with a missing value are left out.
    endogenous : sequence of str
        Columns that may answer to the outcome.
    instruments : sequence of str
        Columns that move them; at least as many.
    effects : sequence of str
        Columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other: what the instrument was
        set for.
    exogenous : sequence of str
        Further regressors, which are their own instruments.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    InstrumentedEffects
        Estimates with Student's t of clusters - 1 degrees of freedom, the strength of
        the instruments, and the set that is robust to a weak one.

    Raises
    ------
    ValueError
        If there are fewer instruments than endogenous regressors, fewer than two
        clusters, or two columns can't be told apart.

    References
    ----------
    .. [1] Cameron and Miller (2015), A practitioner's guide to cluster-robust
       inference, J. Human Resources 50, section VII.A.
    .. [2] Montiel Olea and Pflueger (2013), A robust test for weak instruments,
       J. Business & Economic Statistics 31, equation 4: the effective F of one
       endogenous regressor.
    .. [3] Sanderson and Windmeijer (2016), A weak instrument F-test in linear IV models
       with multiple endogenous variables, J. Econometrics 190, equation 14: the same
       of one regressor beside others.
    .. [4] Anderson and Rubin (1949), Annals of Mathematical Statistics 20; its set for
       one instrument is Fieller's (1954).
    """
    if len(instruments) < len(endogenous):
        message = (
            f"{len(endogenous)} endogenous regressors need as many instruments, not "
            f"{len(instruments)}."
        )
        raise ValueError(message)
    columns = [*endogenous, *exogenous, *instruments]
    panel = AbsorbedPanel(rows, columns, effects=effects, cluster=cluster)
    if panel.explained:
        table = panel.tidy([], np.empty(0), np.empty((0, 0)), confidence_level)
        table = table.assign(effective_f=[], influence=[])
        return InstrumentedEffects(table, math.nan, math.nan)
    regressors = panel.take([*endogenous, *exogenous])
    excluded = panel.take(list(instruments))
    included = panel.take(list(exogenous))
    coefficients, moved = _fit_two_stages(
        panel, regressors, np.hstack([excluded, included])
    )
    strengths = [
        _measure_strength(panel, place, regressors, excluded, included)
        for place in range(len(endogenous))
    ]
    terms = [*endogenous, *exogenous]
    table = panel.tidy(terms, coefficients, moved.T @ moved, confidence_level)
    table = table.assign(influence=panel.name_clusters(moved))
    blank = [math.nan] * len(exogenous)
    is_single = len(endogenous) == len(instruments) == 1
    ends = (math.nan, math.nan)
    if is_single:
        ends = _invert_test(panel, regressors, excluded, included, confidence_level)
    return InstrumentedEffects(table.assign(effective_f=[*strengths, *blank]), *ends)


def _fit_two_stages(
    panel: AbsorbedPanel, regressors: Floats, instruments: Floats
) -> tuple[Floats, Floats]:
    """Give coefficients, and how far each cluster moves them."""
    fitted = instruments @ panel.regress(instruments, regressors)
    coefficients = panel.regress(fitted, panel.outcome[:, None])[:, 0]
    residuals = panel.outcome - regressors @ coefficients
    return coefficients, panel.influence(fitted, residuals)


def _measure_strength(
    panel: AbsorbedPanel,
    place: int,
    regressors: Floats,
    excluded: Floats,
    included: Floats,
) -> float:
    """Measure how the instruments move one regressor beside the other endogenous ones.

    With one endogenous regressor it is the effective F. With several, it is that of
    the regressor less its two-stage fit on the others, which uses up one direction of
    the instruments each.
    """
    n_endogenous = regressors.shape[1] - included.shape[1]
    others = [other for other in range(n_endogenous) if other != place]
    own = regressors[:, [place]]
    if others:
        beside = np.hstack([regressors[:, others], included])
        instruments = np.hstack([excluded, included])
        fitted = instruments @ panel.regress(instruments, beside)
        own = own - beside @ panel.regress(fitted, own)
    own, clear = (_take_off(panel, block, included) for block in (own, excluded))
    moved = panel.regress(clear, own)
    left = (own - clear @ moved)[:, 0]
    squares = panel.cross(clear, clear)
    covariance = panel.spread(clear, left, n_beside=included.shape[1])
    signal = float((moved.T @ squares @ moved)[0, 0])
    noise = float(np.trace(squares @ covariance))
    n_excluded = int(excluded.shape[1])
    if noise == 0:  # the instruments are the regressor itself
        return math.inf
    return signal / noise * n_excluded / (n_excluded - len(others))


def _take_off(panel: AbsorbedPanel, block: Floats, included: Floats) -> Floats:
    """Take exogenous regressors off."""
    if not included.shape[1]:
        return block
    left: Floats = block - included @ panel.regress(included, block)
    return left


def _invert_test(
    panel: AbsorbedPanel,
    regressors: Floats,
    excluded: Floats,
    included: Floats,
    confidence_level: float,
) -> tuple[float, float]:
    """Give the ends of all values that the instrument does not reject.

    The outcome's and the regressor's coefficients on the instrument, r and p, have a
    joint variance; b is kept where (r - b p)^2 is at most the critical value times the
    variance of r - b p: a quadratic in b.
    """
    both = np.column_stack([panel.outcome, regressors[:, 0]])
    both, clear = (_take_off(panel, block, included) for block in (both, excluded))
    shares = panel.regress(clear, both)
    scores = panel.sum_scores(clear * (both - clear @ shares))
    factor = panel.correct(1 + included.shape[1]) / panel.cross(clear, clear)[0, 0] ** 2
    (reduced, moved), variance = shares[0], scores.T @ scores * factor
    degrees = panel.n_clusters - 1
    critical = float(stats.t.ppf(0.5 + confidence_level / 2, degrees)) ** 2
    square = moved**2 - critical * variance[1, 1]
    middle = reduced * moved - critical * variance[0, 1]
    rest = reduced**2 - critical * variance[0, 0]
    if square <= 0:
        return -math.inf, math.inf
    reach = math.sqrt(max(middle**2 - square * rest, 0.0))
    return (middle - reach) / square, (middle + reach) / square
