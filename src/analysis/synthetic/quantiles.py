"""From a standard-normal score to total assets inside a tier's band, and to answers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model

_GRID = np.linspace(-6, 6, 4801)
_NORMAL = NormalDist()
_CHANCES = np.array([_NORMAL.cdf(score) for score in _GRID])
SLEEPING_LIMIT = 100.0
"""A sleeping customer holds less than this, yuan."""


def draw_assets(
    scores: NDArray[np.float32], tiers: NDArray[np.int8], sleeping: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give the total assets that scores stand for.

    Parameters
    ----------
    scores : array, shape (n,)
        Standard-normal scores within the tier.
    tiers : array of int, shape (n,)
        Tier by assets.
    sleeping : array of bool, shape (n,)
        Whether the customer sleeps.

    Returns
    -------
    array of int, shape (n,)
        Total assets in fen, inside the tier's band.
    """
    fen = np.empty(len(scores), np.int64)
    for tier in range(len(model.TIERS)):
        rows = np.flatnonzero((tiers == tier) & ~sleeping)
        logs = np.interp(scores[rows], _GRID, _LOG_ASSETS[tier])
        fen[rows] = (100 * np.exp(logs)).astype(np.int64)
    rows = np.flatnonzero(sleeping)
    fen[rows] = (100 * SLEEPING_LIMIT * _at(scores[rows])).astype(np.int64)
    floor, ceiling = bound_assets(tiers, sleeping)
    return np.clip(fen, floor, ceiling)


def bound_assets(
    tiers: NDArray[np.int8], sleeping: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the least and the largest assets of each customer's band, in fen.

    Parameters
    ----------
    tiers : array of int, shape (n,)
        Tier by assets.
    sleeping : array of bool, shape (n,)
        Whether the customer sleeps.

    Returns
    -------
    least, largest : array of int, shape (n,)
        Bounds in fen, both inside the band.
    """
    floors = np.array([model.LOWEST_FLOOR, *model.TIER_FLOORS[1:]])
    ceilings = np.array([*model.TIER_FLOORS[1:], model.LARGEST_ASSETS])
    least = np.rint(100 * floors).astype(np.int64)[tiers]
    largest = np.rint(100 * ceilings).astype(np.int64)[tiers] - 1
    asleep = round(100 * SLEEPING_LIMIT) - 1
    return np.where(sleeping, 0, least), np.where(sleeping, asleep, largest)


def grade_scores(
    scores: NDArray[np.float32], shares: Sequence[float], lowest: int
) -> NDArray[np.int8]:
    """Cut standard-normal scores into answers of known frequency.

    Parameters
    ----------
    scores : array, any shape
        Standard-normal scores.
    shares : sequence of float
        Share of each answer, lowest first, adding up to 1.
    lowest : int
        Lowest answer.

    Returns
    -------
    array of int, same shape
        Answers.
    """
    below = np.cumsum(shares)[:-1]
    cuts = np.array([_NORMAL.inv_cdf(float(chance)) for chance in below], np.float32)
    return (np.searchsorted(cuts, scores) + lowest).astype(np.int8)


def grade_expected(
    scores: NDArray[np.float32],
    shares: Sequence[float],
    lowest: int,
    reliability: float,
) -> NDArray[np.float64]:
    """Give the answers to expect to a question that measures scores with noise.

    Parameters
    ----------
    scores : array, any shape
        Standard-normal scores.
    shares : sequence of float
        Share of each answer, lowest first, adding up to 1.
    lowest : int
        Lowest answer.
    reliability : float
        Share of the scores in the variance behind the answers.

    Returns
    -------
    array of float, same shape
        Mean answers over the noise.
    """
    part, rest = reliability**0.5, (1 - reliability) ** 0.5
    cuts = [_NORMAL.inv_cdf(float(chance)) for chance in np.cumsum(shares)[:-1]]
    means = lowest + sum(_at((part * _GRID - cut) / rest) for cut in cuts)
    return np.asarray(np.interp(scores, _GRID, means))


def grade_mean(centre: float, shares: Sequence[float], lowest: int) -> float:
    """Give the mean answer of people whose scores are normal with deviation 1.

    Parameters
    ----------
    centre : float
        Mean of their scores.
    shares : sequence of float
        Share of each answer where the mean is 0, lowest first, adding up to 1.
    lowest : int
        Lowest answer.

    Returns
    -------
    float
        Points.
    """
    cuts = [_NORMAL.inv_cdf(float(chance)) for chance in np.cumsum(shares)[:-1]]
    return lowest + sum(_NORMAL.cdf(centre - cut) for cut in cuts)


def _at(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.interp(scores, _GRID, _CHANCES))


def _tabulate_lognormal() -> NDArray[np.float64]:
    centre, sigma = np.log(model.LOWEST_MEDIAN), model.LOWEST_SIGMA
    least = _NORMAL.cdf((np.log(model.LOWEST_FLOOR) - centre) / sigma)
    most = _NORMAL.cdf((np.log(model.TIER_FLOORS[1]) - centre) / sigma)
    chances = np.clip(least + (most - least) * _CHANCES, 1e-12, 1 - 1e-12)
    scores = np.array([_NORMAL.inv_cdf(float(chance)) for chance in chances])
    return np.asarray(centre + sigma * scores)


def _tabulate_pareto(tier: int) -> NDArray[np.float64]:
    exponent = model.PARETO_EXPONENTS[tier]
    floor = model.TIER_FLOORS[tier]
    ceiling = (*model.TIER_FLOORS, model.LARGEST_ASSETS)[tier + 1]
    cut = 1 - (floor / ceiling) ** exponent
    return np.asarray(np.log(floor) - np.log1p(-_CHANCES * cut) / exponent)


_LOG_ASSETS = (
    _tabulate_lognormal(),
    *(_tabulate_pareto(tier) for tier in range(1, len(model.TIERS))),
)
