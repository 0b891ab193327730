r"""Measure whether low ratings cost more than high ratings gain.

Each attribute enters a regression of the outcome twice: by how far it lies below its
middle, and by how far above. Slopes are points of the outcome for one point of the
attribute; their difference says what kind of attribute it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

BASIC, EXCITEMENT = "basic", "excitement"
PERFORMANCE, INDIFFERENT = "performance", "indifferent"
"""Kinds of attributes: penalty larger, reward larger, both alike, neither."""


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """Slopes below and above the middle.

    Parameters
    ----------
    slopes : numpy.ndarray, shape (2, attributes)
        Outcome lost by one point less below the middle (penalty), and gained by one
        point more above it (reward).
    covariance : numpy.ndarray, shape (2 * attributes, 2 * attributes)
        HC3 covariance of all penalties, then all rewards.
    """

    slopes: _Floats
    covariance: _Floats


def contrast_penalty_reward(
    attributes: _Floats, outcome: _Floats, weights: _Floats, middle: _Floats
) -> PenaltyReward:
    """Regress an outcome on both sides of all attributes together.

    Parameters
    ----------
    attributes : numpy.ndarray, shape (rows, attributes)
        Ratings; nothing missing.
    outcome : numpy.ndarray, shape (rows,)
        What they explain.
    weights : numpy.ndarray, shape (rows,)
        Survey weights.
    middle : numpy.ndarray, shape (attributes,)
        Rating between the two sides.

    Returns
    -------
    PenaltyReward
        Slopes with errors that allow for unequal spread.

    Raises
    ------
    ValueError
        If nobody is on one side of an attribute, or sides repeat each other.

    References
    ----------
    .. [1] Brandt (1988), How service marketers can identify value-enhancing service
       elements, Journal of Services Marketing 2: penalty-reward contrasts.
    .. [2] Mikulić and Prebežac (2011), A critical review of techniques for classifying
       quality attributes in the Kano model, Managing Service Quality 21.
    .. [3] MacKinnon and White (1985), Journal of Econometrics 29: HC3.
    """
    distance = attributes - middle
    sides = np.hstack([np.minimum(distance, 0), np.maximum(distance, 0)])
    if not (np.ptp(sides, axis=0) > 0).all():
        message = "Every attribute must be rated on both sides of its middle."
        raise ValueError(message)
    design = np.column_stack([np.ones(len(sides)), sides])
    inner = design.T @ (weights[:, None] * design)
    if np.linalg.cond(inner) > 1e12:
        message = "Attributes must not repeat each other; some sides do."
        raise ValueError(message)
    bread = np.linalg.inv(inner)
    estimates = bread @ (design.T @ (weights * outcome))
    leverage = weights * np.einsum("ij,jk,ik->i", design, bread, design)
    left = weights * (outcome - design @ estimates) / np.maximum(1 - leverage, 1e-3)
    pulls = (design * left[:, None]) @ bread
    covariance = pulls.T @ pulls
    return PenaltyReward(estimates[1:].reshape(2, -1), covariance[1:, 1:])


def classify_attribute(
    penalty: float, reward: float, covariance: _Floats, reach: float
) -> str:
    """Say what kind of attribute it is.

    Parameters
    ----------
    penalty, reward : float
        Slopes below and above the middle.
    covariance : numpy.ndarray, shape (2, 2)
        Their covariance.
    reach : float
        Half width of an interval in standard errors, 1.96 for 95 %.

    Returns
    -------
    {"basic", "excitement", "performance", "indifferent"}
        Basic or excitement where the interval of the difference leaves out zero;
        else performance where that of the mean slope does; else indifferent.
    """
    gap, mean = np.array([1.0, -1.0]), np.array([0.5, 0.5])
    slopes = np.array([penalty, reward])
    if abs(gap @ slopes) > reach * np.sqrt(gap @ covariance @ gap):
        return BASIC if penalty > reward else EXCITEMENT
    clear = mean @ slopes > reach * np.sqrt(mean @ covariance @ mean)
    return PERFORMANCE if clear else INDIFFERENT
