"""Estimate effects of attributes in each segment, and pool them over segments.

Effects are points of satisfaction for one point of an attribute, from a weighted
regression on all attributes. Numbers only: names are given where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.filled_answers import fill_answers
from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.statistics.pooled_normal import pool_effects

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SegmentEffects:
    """Effects in one segment, estimated from its answers alone.

    Parameters
    ----------
    effects, std_errors : numpy.ndarray, shape (attributes,)
        Points of satisfaction for one point of the attribute.
    nobs : int
        Respondents.
    """

    effects: _Floats
    std_errors: _Floats
    nobs: int


@dataclass(frozen=True, slots=True)
class PooledSegments:
    """Effects in all segments, each lending the others strength.

    Parameters
    ----------
    mean, lower, upper, deviation : numpy.ndarray, shape (segments, attributes)
        Posterior of each effect.
    centre, centre_deviation : numpy.ndarray, shape (attributes,)
        Common mean of the segments.
    pvalue, qvalue : numpy.ndarray, shape (segments, attributes)
        Of the segment's own estimate differing from that of all other segments, and
        the share of false ones to expect among all with as small a value.
    heterogeneity : numpy.ndarray, shape (attributes,)
        I squared: share of the spread between segments that is not chance, a decimal.
    differs : numpy.ndarray, shape (segments, attributes)
        Posterior chance that the effect lies on its side of the common mean.
    """

    mean: _Floats
    lower: _Floats
    upper: _Floats
    deviation: _Floats
    centre: _Floats
    centre_deviation: _Floats
    pvalue: _Floats
    qvalue: _Floats
    heterogeneity: _Floats
    differs: _Floats


def regress_segment(scores: _Floats, weights: _Floats) -> SegmentEffects:
    """Regress satisfaction on all attributes within one segment.

    Parameters
    ----------
    scores : numpy.ndarray, shape (respondents, attributes + 1)
        Attributes, then satisfaction; NaN where missing.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights.

    Returns
    -------
    SegmentEffects
        Slopes from the EM covariance. Errors are HC3 of the rows with gaps filled by
        their expectation, then widened by the share of answers that are missing.

    References
    ----------
    .. [1] MacKinnon and White (1985), Some heteroskedasticity-consistent covariance
       matrix estimators, Journal of Econometrics 29: HC3.
    """
    moments = estimate_moments(scores, weights)
    centred = fill_answers(scores, moments.mean, moments.covariance) - moments.mean
    drivers, satisfied = centred[:, :-1], centred[:, -1]
    inner = moments.covariance[:-1, :-1]
    effects: _Floats = np.linalg.solve(inner, moments.covariance[:-1, -1]).astype(float)
    share = weights / weights.sum()
    bread = np.linalg.inv(inner)
    leverage = share * (1 + np.einsum("ij,jk,ik->i", drivers, bread, drivers))
    left = share * (satisfied - drivers @ effects) / np.maximum(1 - leverage, 0.1)
    pulls = (drivers * left[:, None]) @ bread
    held = np.isfinite(scores[:, :-1]) & np.isfinite(scores[:, -1:])
    answered = (share[:, None] * held).sum(axis=0)
    errors = np.sqrt((pulls**2).sum(axis=0) / answered)
    return SegmentEffects(effects, errors, len(scores))


def pool_segments(
    effects: _Floats, std_errors: _Floats, confidence_level: float
) -> PooledSegments:
    """Pool each attribute's effect over segments.

    Parameters
    ----------
    effects, std_errors : numpy.ndarray, shape (segments, attributes)
        Of each segment alone; three segments or more.
    confidence_level : float
        Posterior probability of each interval.

    Returns
    -------
    PooledSegments
        Posteriors, and tests held to a rate of false discoveries.

    References
    ----------
    .. [1] Higgins and Thompson (2002), Quantifying heterogeneity in a meta-analysis,
       Statistics in Medicine 21: I squared.
    .. [2] Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B
       57.
    """
    pools = [
        pool_effects(effects[:, each], std_errors[:, each],
                     confidence_level=confidence_level)
        for each in range(effects.shape[1])
    ]  # fmt: skip
    pick = {
        name: np.column_stack([pool.groups[name] for pool in pools])
        for name in ("mean", "lower", "upper", "deviation")
    }
    centre = np.array([pool.mean for pool in pools])
    pvalue = _compare_with_others(effects, std_errors)
    qvalue = limit_false_discoveries(pd.Series(pvalue.ravel())).to_numpy()
    return PooledSegments(
        **pick,
        centre=centre,
        centre_deviation=np.array([pool.mean_deviation for pool in pools]),
        pvalue=pvalue,
        qvalue=qvalue.reshape(pvalue.shape),
        heterogeneity=_measure_heterogeneity(effects, std_errors),
        differs=norm.cdf(np.abs(pick["mean"] - centre) / pick["deviation"]),
    )


def _compare_with_others(effects: _Floats, std_errors: _Floats) -> _Floats:
    """Test each segment against the precision-weighted mean of all others."""
    precision = 1 / std_errors**2
    others = precision.sum(axis=0) - precision
    mean = ((precision * effects).sum(axis=0) - precision * effects) / others
    gap = (effects - mean) / np.sqrt(std_errors**2 + 1 / others)
    pvalue: _Floats = 2 * norm.sf(np.abs(gap))
    return pvalue


def _measure_heterogeneity(effects: _Floats, std_errors: _Floats) -> _Floats:
    precision = 1 / std_errors**2
    mean = (precision * effects).sum(axis=0) / precision.sum(axis=0)
    spread = (precision * (effects - mean) ** 2).sum(axis=0)
    excess = (spread - (len(effects) - 1)) / np.maximum(spread, 1e-12)
    share: _Floats = np.maximum(excess, 0.0)
    return share
