"""What more satisfaction keeps: customers who would leave, and their balances.

Customers and balances (major currency units) are those of one quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome

_Floats = NDArray[np.float64]

_BLOCK = 2_000
"""Respondents taken at once."""
_STREAM = 11
"""Sets these random numbers apart from those of other steps."""


@dataclass(frozen=True, slots=True, eq=False)
class Futures:
    """What may follow: the estimate first, then draws.

    Parameters
    ----------
    links : LinkedAnswers
        Respondents of the wave reported.
    controls : numpy.ndarray, shape (respondents, controls)
        What else tells who leaves.
    leaving : numpy.ndarray, shape (1 + draws, coefficients)
        Log-odds of leaving: constant, satisfaction, controls.
    counts : numpy.ndarray of int, shape (respondents, 1 + draws)
        Times that each respondent is drawn.
    scale : numpy.ndarray, shape (1 + draws,)
        What a draw's customers are multiplied by to add up to the bank's.
    tier : numpy.ndarray of int, shape (respondents,)
        Number of each respondent's tier.
    tier_scale : numpy.ndarray, shape (tiers, 1 + draws)
        What a draw's assets are multiplied by to add up to those of the tier.
    """

    links: LinkedAnswers
    controls: _Floats
    leaving: _Floats
    counts: NDArray[np.int8]
    scale: _Floats
    tier: NDArray[np.int64]
    tier_scale: _Floats


def draw_futures(leaving: Outcome, draws: int, seed: int) -> Futures:
    """Draw coefficients, and respondents by Poisson's bootstrap.

    Parameters
    ----------
    leaving : Outcome
        How leaving goes along with satisfaction.
    draws : int
        How many.
    seed : int
        Start of the random numbers.

    Returns
    -------
    Futures
        One estimate and the draws.

    References
    ----------
    .. [1] Hanley and MacGibbon (2006), Creating non-parametric bootstrap samples using
       Poisson frequencies, Computer Methods and Programs in Biomedicine 83.
    """
    rng = np.random.default_rng([seed, _STREAM])
    fit, now = leaving.fit, leaving.links.now
    coefficients = np.vstack([fit.coefficients, fit.draw(rng, draws)])
    counts = np.ones((len(now), draws + 1), np.int8)
    counts[:, 1:] = rng.poisson(1.0, (len(now), draws))
    tier = pd.factorize(now["tier"])[0].astype(np.int64)
    people = now["weight"].to_numpy(dtype=np.float64)
    assets = now["assets_stood_for"].to_numpy(dtype=np.float64)
    return Futures(
        links=leaving.links,
        controls=leaving.now_controls,
        leaving=coefficients,
        counts=counts,
        scale=_scale(people, counts, np.zeros_like(tier))[0],
        tier=tier,
        tier_scale=_scale(assets, counts, tier),
    )


def add_up_gains(
    futures: Futures, step: _Floats, effect: _Floats
) -> tuple[_Floats, _Floats]:
    """Add up what rising ratings keep.

    Parameters
    ----------
    futures : Futures
        What may follow.
    step : numpy.ndarray, shape (respondents,)
        By how much each rating rises, points; NaN where there is none.
    effect : numpy.ndarray, shape (1 + draws,)
        Points of satisfaction for one point of the rating.

    Returns
    -------
    tuple of numpy.ndarray, each of shape (1 + draws,)
        Customers kept, and their balances, the estimate first.
    """
    now = futures.links.now
    weight = now["weight"].to_numpy(dtype=np.float64)
    assets = now["assets_stood_for"].to_numpy(dtype=np.float64)
    satisfaction = now["satisfaction"].to_numpy(dtype=np.float64)
    rated = np.flatnonzero(np.isfinite(step))
    kept, balances = np.zeros(len(effect)), np.zeros(len(effect))
    slope = futures.leaving[:, 1] * effect
    for start in range(0, len(rated), _BLOCK):
        some = rated[start : start + _BLOCK]
        known = np.column_stack([np.ones(len(some)), satisfaction[some]])
        controls = futures.controls[some]
        lean = np.hstack([known, controls]) @ futures.leaving.T
        gone = expit(lean + np.outer(step[some], slope))
        stay = expit(lean) - gone
        drawn = futures.counts[some]
        kept += weight[some] @ (stay * drawn) * futures.scale
        scaled = stay * drawn * futures.tier_scale[futures.tier[some]]
        balances += assets[some] @ scaled
    return kept, balances


def _scale(
    values: _Floats, counts: NDArray[np.int8], group: NDArray[np.int64]
) -> _Floats:
    """Give what each group's draws are multiplied by to keep the group's total."""
    shape = (int(group.max()) + 1, counts.shape[1])
    sums = np.zeros(shape)
    for number in range(shape[0]):
        inside = group == number
        sums[number] = values[inside] @ counts[inside]
    wanted = np.broadcast_to(sums[:, :1], shape)
    return np.divide(wanted, sums, out=np.ones(shape), where=sums > 0)
