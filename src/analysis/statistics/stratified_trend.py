"""Test whether an outcome grows likelier with a score among units that are alike.

Units are compared within strata only. Nothing here names a unit or a stratum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

Counts = NDArray[np.int64]
_LEAST: int = 2
"""Units of a stratum below which it tells nothing."""


@dataclass(frozen=True, slots=True)
class TrendTest:
    """Whether a higher score goes with more of an outcome.

    Parameters
    ----------
    zscore : float
        Outcomes at high scores beyond what chance puts there, in deviations; zero
        where no stratum can tell.
    pvalue : float
        Chance of as much or more, one-sided.
    odds_ratio, lower, upper : float
        Odds of the outcome at any score above zero over those at zero, and their
        interval; missing where no stratum has both.
    nobs : int
        Units in the strata.
    """

    zscore: float
    pvalue: float
    odds_ratio: float
    lower: float
    upper: float
    nobs: int


def check_trend(counts: Counts, *, confidence_level: float) -> TrendTest:
    """Test an outcome's trend over scores, strata added up.

    In a stratum of ``n`` units, ``m`` of them with the outcome, the sum of scores of
    those ``m`` has the mean and variance of a draw without replacement.

    Parameters
    ----------
    counts : ndarray of int, shape (n_strata, n_scores, 2)
        Units by stratum, score (0, 1, 2, ...) and outcome (no, yes).
    confidence_level : float
        Of the interval of the odds ratio.

    Returns
    -------
    TrendTest
        With two scores its square is the Mantel-Haenszel statistic, uncorrected.

    References
    ----------
    .. [1] Mantel (1963), Chi-square tests with one degree of freedom; extensions of
       the Mantel-Haenszel procedure, Journal of the American Statistical Association
       58, 690-700, section 3.
    .. [2] Robins, Breslow and Greenland (1986), Estimators of the Mantel-Haenszel
       variance consistent in both sparse data and large-strata limiting models,
       Biometrics 42(2), 311-323, for the interval.
    """
    scores = np.arange(counts.shape[1], dtype=np.float64)
    sizes = counts.sum(axis=(1, 2))
    table = counts[sizes >= _LEAST].astype(np.float64)
    size = table.sum(axis=(1, 2))
    with_it, without = table[:, :, 1].sum(axis=1), table[:, :, 0].sum(axis=1)
    at_score = table.sum(axis=2)
    total, squares = at_score @ scores, at_score @ scores**2
    excess = (table[:, :, 1] @ scores - with_it * total / size).sum()
    spread = squares - total**2 / size
    variance = (with_it * without * spread / (size * (size - 1))).sum()
    zscore = float(excess / np.sqrt(variance)) if variance > 0 else 0.0
    ratio, lower, upper = _compare_odds(table, confidence_level)
    return TrendTest(
        zscore, float(stats.norm.sf(zscore)), ratio, lower, upper, int(sizes.sum())
    )


def _compare_odds(
    table: NDArray[np.float64], confidence_level: float
) -> tuple[float, float, float]:
    """Give the pooled odds ratio of any score above zero, and its interval."""
    above = table[:, 1:].sum(axis=1)
    pairs = np.stack([above[:, ::-1], table[:, 0, ::-1]], axis=1)
    if not (pairs[:, 0, 0] * pairs[:, 1, 1]).any():
        return (np.nan, np.nan, np.nan)
    if not (pairs[:, 0, 1] * pairs[:, 1, 0]).any():
        return (np.nan, np.nan, np.nan)
    pooled = StratifiedTable(np.moveaxis(pairs, 0, -1))
    lower, upper = pooled.oddsratio_pooled_confint(alpha=1 - confidence_level)
    return float(pooled.oddsratio_pooled), float(lower), float(upper)
