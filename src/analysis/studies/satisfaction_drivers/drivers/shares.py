"""Share out the variance of satisfaction, errors of measurement taken out.

Shares are decimals of the variance of satisfaction. Where an attribute has two items
or more, its reliability is measured, in every replicate anew, and its correlations are
corrected for it; a single item is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.disattenuation import (
    covary_pairs,
    disattenuate,
)
from analysis.statistics.relative_importance import (
    RelativeImportance,
    decompose_r_squared,
)
from analysis.statistics.reliability import compute_alpha

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of attributes, with replicates.

    Parameters
    ----------
    found : RelativeImportance
        From the correlations that count.
    draws : RelativeImportance
        The same in each replicate, reliabilities measured again.
    raw : RelativeImportance
        From the correlations as answered.
    reliability : numpy.ndarray, shape (attributes,)
        Of each attribute's score; NaN where it has one item.
    """

    found: RelativeImportance
    draws: RelativeImportance
    raw: RelativeImportance
    reliability: _Floats


def measure_reliabilities(items: Sequence[_Floats], weights: _Floats) -> _Floats:
    """Measure the reliability of each attribute under many row weights.

    Parameters
    ----------
    items : sequence of numpy.ndarray, shape (respondents, items)
        Answers to the items of each attribute; NaN where missing.
    weights : numpy.ndarray, shape (replicates, respondents)
        Row weights.

    Returns
    -------
    numpy.ndarray, shape (replicates, attributes)
        Cronbach's alpha; NaN where an attribute has one item.
    """
    measured = np.full((len(weights), len(items)), np.nan)
    for place, answers in enumerate(items):
        if answers.shape[1] > 1:
            measured[:, place] = compute_alpha(covary_pairs(answers, weights))
    return measured


def share_variance(
    correlation: _Floats,
    replicates: _Floats,
    reliability: _Floats,
    reliability_draws: _Floats,
) -> Shares:
    """Decompose what attributes explain, corrected where reliabilities are known.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (attributes + 1, attributes + 1)
        Of attributes and, last, satisfaction.
    replicates : numpy.ndarray, shape (replicates, attributes + 1, attributes + 1)
        The same in each replicate.
    reliability : numpy.ndarray, shape (attributes,)
        NaN where not measured.
    reliability_draws : numpy.ndarray, shape (replicates, attributes)
        The same in each replicate.

    Returns
    -------
    Shares
        Shares with replicates.
    """
    raw = decompose_r_squared(correlation)
    if np.isnan(reliability).all():
        return Shares(raw, decompose_r_squared(replicates), raw, reliability)
    return Shares(
        found=decompose_r_squared(correct(correlation, reliability)),
        draws=decompose_r_squared(correct(replicates, reliability_draws)),
        raw=raw,
        reliability=reliability,
    )


def correct(correlation: _Floats, reliability: _Floats) -> _Floats:
    """Correct correlations for the reliabilities that are known.

    Parameters
    ----------
    correlation : numpy.ndarray, shape (..., attributes + 1, attributes + 1)
        Of attributes and, last, satisfaction, which is taken as answered.
    reliability : numpy.ndarray, shape (..., attributes)
        NaN where not measured.

    Returns
    -------
    numpy.ndarray, shape (..., attributes + 1, attributes + 1)
        Corrected correlations.
    """
    known = np.where(np.isnan(reliability), 1.0, reliability)
    whole = np.concatenate([known, np.ones((*known.shape[:-1], 1))], axis=-1)
    return disattenuate(correlation, whole)
