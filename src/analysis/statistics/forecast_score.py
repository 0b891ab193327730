"""Score forecasts against what came: calibration, and how often intervals hold.

Forecasts and outcomes are in the caller's unit. A slope of one says that as much came
as was foreseen, zero that the forecast knew nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from analysis.statistics.instrumental_effects import (
    InstrumentedEffects,
    estimate_instrumented_effects,
)
from analysis.statistics.panel_effects import estimate_panel_effects

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came for each unit foreseen.

    Parameters
    ----------
    slope, std_error, lower, upper : float
        The slope and its interval; the ends are infinite where forecasts hardly moved.
    strength : float
        Effective F of what moves the forecast; missing without a mover.
    nobs, clusters : int
        Observations behind it, and clusters.
    """

    slope: float
    std_error: float
    lower: float
    upper: float
    strength: float
    nobs: int
    clusters: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often intervals held what came.

    Parameters
    ----------
    share, lower, upper : float
        Share of outcomes inside, from 0 to 1, and Wilson's interval of it.
    statistic, pvalue : float
        Likelihood ratio of the share against the one promised, and its p-value.
    nobs : int
        Outcomes.
    """

    share: float
    lower: float
    upper: float
    statistic: float
    pvalue: float
    nobs: int


def calibrate_forecast(  # noqa: PLR0913 - the parts of its model
    rows: pd.DataFrame,
    *,
    effects: Sequence[str],
    cluster: str,
    mover: str | None = None,
    beside: tuple[str, str] | None = None,
    weakest: float = 10.0,
    confidence_level: float = 0.95,
) -> Calibration | None:
    """Regress what came on what was foreseen.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per forecast: `outcome` (what came), `predicted`, `weight`, the effects
        and the cluster.
    effects : sequence of str
        One or two columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    mover : str, optional
        Column with what moved the forecast and knows nothing of the outcome; without
        it the forecast itself is taken to know nothing.
    beside : tuple of str, optional
        A column that goes with the outcome too, and what moves it. It is used where
        there is a mover and both are moved strongly enough.
    weakest : float
        Least effective F with which `beside` is used.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    Calibration or None
        None where the effects explain every forecast. With a mover and nothing beside
        it the ends are Anderson and Rubin's, which hold however little it moved.

    Raises
    ------
    ValueError
        If there are fewer than two clusters.

    References
    ----------
    .. [1] Mincer and Zarnowitz (1969), The evaluation of economic forecasts, in
       Economic Forecasts and Expectations, NBER, equation 5: outcome on forecast. By
       instrument where the forecast follows prices that answer the outcome.
    """
    model = _Model(effects, cluster, confidence_level)
    if mover is None:
        return _regress(rows, model)
    pair = ("predicted", mover)
    if beside is not None:
        found = _instrument(rows, [pair, beside], model)
        if found is not None and found.effects["effective_f"].min() >= weakest:
            row = found.effects.iloc[0]
            return _take(row, float(row["lower"]), float(row["upper"]))
    found = _instrument(rows, [pair], model)
    if found is None:
        return None
    return _take(found.effects.iloc[0], found.robust_lower, found.robust_upper)


def check_coverage(
    inside: int, nobs: int, *, promised: float, confidence_level: float = 0.95
) -> Coverage:
    """Test whether as many outcomes lie inside their intervals as promised.

    Parameters
    ----------
    inside, nobs : int
        Outcomes inside, and all.
    promised : float
        Share that the intervals promise to hold, between 0 and 1.
    confidence_level : float
        Share of such intervals of the share that hold the truth.

    Returns
    -------
    Coverage
        Outcomes are taken to be independent: where they are not, the p-value is too
        small.

    Raises
    ------
    ValueError
        If there is no outcome, or more inside than there are.

    References
    ----------
    .. [1] Kupiec (1995), Techniques for verifying the accuracy of risk measurement
       models, J. Derivatives 3, section 3: likelihood ratio of the proportion of
       failures.
    .. [2] Wilson (1927), Probable inference, the law of succession, and statistical
       inference, J. American Statistical Association 22.
    """
    if not 0 <= inside <= nobs or nobs == 0:
        message = f"Between 0 and all outcomes must be inside, not {inside} of {nobs}."
        raise ValueError(message)
    outside, share = nobs - inside, inside / nobs
    # xlogy gives nothing for no outcome inside, or none outside.
    found = special.xlogy(inside, share) + special.xlogy(outside, 1 - share)
    expected = special.xlogy(inside, promised) + special.xlogy(outside, 1 - promised)
    statistic = max(0.0, 2 * float(found - expected))
    ends = stats.binomtest(inside, nobs).proportion_ci(confidence_level, "wilson")
    return Coverage(
        share=share,
        lower=float(ends.low),
        upper=float(ends.high),
        statistic=statistic,
        pvalue=float(stats.chi2.sf(statistic, 1)),
        nobs=nobs,
    )


def find_inside(
    errors: Floats, *, noise: Floats, degrees: Floats, doubt: Floats, level: float
) -> NDArray[np.bool_]:
    """Say which forecast errors lie inside their predictive interval.

    Parameters
    ----------
    errors : numpy.ndarray, shape (forecasts,)
        What came less what was foreseen.
    noise : numpy.ndarray, shape (forecasts,)
        Root mean square of earlier errors of the same unit.
    degrees : numpy.ndarray, shape (forecasts,)
        Earlier errors behind it.
    doubt : numpy.ndarray, shape (forecasts,)
        Standard error of the forecast itself.
    level : float
        Share of outcomes that the intervals promise to hold.

    Returns
    -------
    numpy.ndarray, shape (forecasts,)
        Student's t with as many degrees of freedom as earlier errors.
    """
    reach = stats.t.ppf(0.5 + level / 2, degrees) * np.hypot(noise, doubt)
    return np.asarray(np.abs(errors) <= reach)


@dataclass(frozen=True, slots=True)
class _Model:
    """What the regressions of one forecast share."""

    effects: Sequence[str]
    cluster: str
    confidence_level: float


def _regress(rows: pd.DataFrame, model: _Model) -> Calibration | None:
    found = estimate_panel_effects(
        rows,
        regressors=["predicted"],
        effects=model.effects,
        cluster=model.cluster,
        confidence_level=model.confidence_level,
    )
    if found.empty:
        return None
    row = found.iloc[0]
    return _take(row, float(row["lower"]), float(row["upper"]))


def _instrument(
    rows: pd.DataFrame, pairs: Sequence[tuple[str, str]], model: _Model
) -> InstrumentedEffects | None:
    known = rows.dropna(subset=[name for pair in pairs for name in pair])
    if known.empty:
        return None
    found = estimate_instrumented_effects(
        known,
        endogenous=[regressor for regressor, _ in pairs],
        instruments=[moved for _, moved in pairs],
        effects=model.effects,
        cluster=model.cluster,
        confidence_level=model.confidence_level,
    )
    return None if found.effects.empty else found


def _take(row: pd.Series, lower: float, upper: float) -> Calibration:
    return Calibration(
        slope=float(row["estimate"]),
        std_error=float(row["std_error"]),
        lower=float(lower),
        upper=float(upper),
        strength=float(row.get("effective_f", math.nan)),
        nobs=int(row["nobs"]),
        clusters=int(row["clusters"]),
    )
