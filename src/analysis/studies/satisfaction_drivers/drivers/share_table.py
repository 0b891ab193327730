"""The columns of shares of a wave, with their intervals and chances of rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.missing_answers import Moments, estimate_moments
from analysis.statistics.relative_importance import decompose_r_squared
from analysis.statistics.resampling import cut_interval, measure_rank_probabilities
from analysis.studies.satisfaction_drivers.drivers.shares import Shares, correct

_Floats = NDArray[np.float64]


def tabulate_shares(shares: Shares, level: float) -> pd.DataFrame:
    """Lay out shares, percent of the variance of satisfaction.

    Parameters
    ----------
    shares : Shares
        Of a wave.
    level : float
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        One row per attribute: `lmg`, `floor`, `own` with ends of `lmg` and `own`,
        `own_answered` (as answered, errors of measurement kept), `reliability_pct`,
        `first` and `top_3` (percent of replicates).
    """
    ranks = 100 * measure_rank_probabilities(shares.draws.own)
    table = pd.DataFrame(
        {
            "lmg": 100 * shares.found.lmg,
            "floor": 100 * shares.found.floor,
            "own": 100 * shares.found.own,
            "own_answered": 100 * shares.raw.own,
            "reliability_pct": 100 * shares.reliability,
            "first": ranks[:, 0],
            "top_3": ranks[:, :3].sum(axis=1),
        }
    )
    add_interval(table, "own", 100 * shares.draws.own, level)
    add_interval(table, "lmg", 100 * shares.draws.lmg, level)
    return table


def share_complete(
    scores: _Floats, weights: _Floats, reliability: _Floats, fewest: int
) -> _Floats:
    """Give own shares from complete answers only.

    Parameters
    ----------
    scores : numpy.ndarray, shape (respondents, attributes + 1)
        Attributes, then satisfaction; NaN where missing.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights.
    reliability : numpy.ndarray, shape (attributes,)
        NaN where not measured.
    fewest : int
        Complete answers below which there is no number.

    Returns
    -------
    numpy.ndarray, shape (attributes,)
        Percent of variance; NaN when they are too few to vary.
    """
    whole = np.isfinite(scores).all(axis=1)
    held = scores[whole]
    if len(held) < fewest or (np.ptp(held, axis=0) == 0).any():
        return np.full(scores.shape[1] - 1, np.nan)
    moments: Moments = estimate_moments(held, weights[whole])
    own: _Floats = decompose_r_squared(correct(moments.correlation, reliability)).own
    return 100 * own


def add_interval(table: pd.DataFrame, name: str, draws: _Floats, level: float) -> None:
    """Add the ends of percentile intervals to a table that is being built.

    Parameters
    ----------
    table : pandas.DataFrame
        Holds the estimates.
    name : str
        Their column; ends get its name with `_lower` and `_upper`.
    draws : numpy.ndarray, shape (replicates, rows)
        Replicates of the estimates.
    level : float
        Confidence level.
    """
    lower, upper = cut_interval(draws, table[name].to_numpy(), level)
    table[f"{name}_lower"], table[f"{name}_upper"] = lower, upper
