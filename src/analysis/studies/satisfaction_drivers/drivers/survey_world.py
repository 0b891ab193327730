"""Draw small surveys whose drivers, effects and errors are known.

Attributes and satisfaction are standard normal, then answered on ten steps that most
customers use at their upper end. Correlations between graded answers follow from
those of the normal variables without chance, so that the truth of an estimator is
computed and not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.polynomial.hermite_e import hermeval
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import norm

_Floats = NDArray[np.float64]

WEIGHTS: Final = (0.30, 0.25, 0.20, 0.15, 0.12, 0.09, 0.06, 0.03, 0.0, 0.0, 0.0, 0.0)
"""Effects on satisfaction, before it is scaled; four attributes have none."""
EXPLAINED = 0.60
_SHARES: Final = (0.02, 0.04, 0.06, 0.08, 0.10, 0.12, 0.16, 0.17, 0.14, 0.11)
_TERMS = 60
_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class World:
    """How a survey comes about.

    Parameters
    ----------
    correlation : float
        Between attributes of different blocks.
    within : float
        Between attributes of the same block; attributes j, j + 4 and j + 8 are one, so
        that each has a strong, a weaker and an idle one.
    nobs : int
        Respondents.
    reliabilities : tuple of float
        Of the mean of an attribute's items, before grading; 1 for a single item
        without error.
    items : int
        Items an attribute.
    halo : float
        Deviation of a mood that moves all answers of a respondent.
    non_users : tuple of float
        Share that does not use, and so cannot rate, each of the first attributes.
    weights : tuple of float
        Effects of attributes on satisfaction, before it is scaled.
    """

    correlation: float = 0.6
    within: float = 0.6
    nobs: int = 1000
    reliabilities: tuple[float, ...] = (1.0,) * len(WEIGHTS)
    items: int = 1
    halo: float = 0.0
    non_users: tuple[float, ...] = ()
    weights: tuple[float, ...] = WEIGHTS

    @property
    def latent(self) -> _Floats:
        """Correlations of attributes and, last, satisfaction."""
        block = np.arange(len(WEIGHTS)) % 4
        drivers = np.where(block[:, None] == block, self.within, self.correlation)
        np.fill_diagonal(drivers, 1.0)
        weights = np.array(self.weights)
        outer = drivers @ weights
        outer *= np.sqrt(EXPLAINED / (weights @ outer))
        return np.block([[drivers, outer[:, None]], [outer, np.ones(1)]])


@dataclass(frozen=True, slots=True)
class DrawnSurvey:
    """Answers of one world.

    Parameters
    ----------
    items : numpy.ndarray, shape (respondents, attributes, items)
        Graded answers; NaN where missing.
    satisfaction : numpy.ndarray, shape (respondents,)
        Graded answers.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights of mean 1: two groups, of which one was asked more often.
    """

    items: _Floats
    satisfaction: _Floats
    weights: _Floats

    @property
    def scores(self) -> _Floats:
        """Mean of each attribute's items, then satisfaction."""
        held = np.isfinite(self.items)
        total = np.where(held, self.items, 0.0).sum(axis=2)
        count = held.sum(axis=2)
        means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        return np.column_stack([means, self.satisfaction])


def draw_survey(world: World, rng: np.random.Generator) -> DrawnSurvey:
    """Draw the answers of a world.

    Parameters
    ----------
    world : World
        What it is like.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    DrawnSurvey
        Answers with weights.
    """
    count = len(WEIGHTS)
    factor = np.linalg.cholesky(world.latent)
    latent = rng.standard_normal((world.nobs, count + 1)) @ factor.T
    halo = world.halo * rng.standard_normal((world.nobs, 1))
    spread = np.sqrt(1 + world.halo**2)
    error = _find_errors(world)
    shape = (world.nobs, count, world.items)
    noisy = latent[:, :-1, None] + error[:, None] * rng.standard_normal(shape)
    noisy += halo[..., None]
    items = _grade(noisy / np.sqrt(spread**2 + error[:, None] ** 2))
    for place, share in enumerate(world.non_users):
        # Who does not use a channel is told apart by how he rates the others.
        lean = latent[:, count - 1 - place] + rng.standard_normal(world.nobs)
        items[lean < np.sqrt(2) * norm.ppf(share), place] = np.nan
    rare = rng.random(world.nobs) < 0.5
    weights = np.where(rare, _RATIO, 1.0)
    satisfaction = _grade((latent[:, -1] + halo[:, 0]) / spread)
    return DrawnSurvey(items, satisfaction, weights / weights.mean())


def find_graded_correlation(world: World) -> _Floats:
    """Give correlations between graded answers in the whole population.

    Parameters
    ----------
    world : World
        What it is like.

    Returns
    -------
    numpy.ndarray, shape (attributes + 1, attributes + 1)
        Of mean scores and satisfaction.

    Notes
    -----
    Graded normal variables of correlation r correlate by the sum over k of their
    Hermite coefficients' squares times r to the k (Lancaster 1957, Biometrika 44).
    """
    moods = world.halo**2
    error = np.append(_find_errors(world), 0.0)
    total = 1 + moods + error**2
    graded = _grade_correlation(
        (world.latent + moods) / np.sqrt(np.outer(total, total))
    )
    counts = np.append(np.full(len(WEIGHTS), world.items), 1)
    same = np.append(_correlate_items(world), 1.0)
    variance = (1 + (counts - 1) * same) / counts
    graded = graded / np.sqrt(np.outer(variance, variance))
    np.fill_diagonal(graded, 1.0)
    return graded


def find_alpha(world: World) -> _Floats:
    """Give Cronbach's alpha of the graded items in the whole population.

    Parameters
    ----------
    world : World
        What it is like.

    Returns
    -------
    numpy.ndarray, shape (attributes,)
        NaN for a single item.
    """
    if world.items == 1:
        return np.full(len(WEIGHTS), np.nan)
    same = _correlate_items(world)
    alpha: _Floats = world.items * same / (1 + (world.items - 1) * same)
    return alpha


def draw_population(world: World, size: int) -> DrawnSurvey:
    """Draw one large survey of a world, always the same.

    Parameters
    ----------
    world : World
        What it is like.
    size : int
        Respondents.

    Returns
    -------
    DrawnSurvey
        For truths that have no formula.
    """
    return draw_survey(replace(world, nobs=size), np.random.default_rng(20080))


def _correlate_items(world: World) -> _Floats:
    """Give the correlation of two graded items of the same attribute."""
    moods = world.halo**2
    return _grade_correlation((1 + moods) / (1 + moods + _find_errors(world) ** 2))


def _find_errors(world: World) -> _Floats:
    """Deviation of an item's own error, from the reliability of the items' mean."""
    reliability = np.array(world.reliabilities)
    deviation: _Floats = np.sqrt(world.items * (1 - reliability) / reliability)
    return deviation


def _grade(values: _Floats) -> _Floats:
    cuts = norm.ppf(np.cumsum(_SHARES)[:-1])
    return np.asarray(np.searchsorted(cuts, values) + 1, dtype=np.float64)


@cache
def _expand() -> _Floats:
    """Squared Hermite coefficients of a graded normal variable, adding up to 1."""
    cuts = norm.ppf(np.cumsum(_SHARES)[:-1])
    squares = np.zeros(_TERMS + 1)
    for term in range(1, _TERMS + 1):
        unit = np.zeros(term)
        unit[-1] = 1.0
        # The k-th coefficient is the sum over cuts of He_(k-1) times the density.
        coefficient = (hermeval(cuts, unit) * norm.pdf(cuts)).sum()
        squares[term] = coefficient**2 * np.exp(-gammaln(term + 1))
    steps = np.arange(1, len(_SHARES) + 1)
    shares = np.array(_SHARES)
    variance = (shares * steps**2).sum() - (shares * steps).sum() ** 2
    explained: _Floats = squares / variance
    return explained


def _grade_correlation(correlation: _Floats) -> _Floats:
    powers = correlation[..., None] ** np.arange(_TERMS + 1)
    graded: _Floats = powers @ _expand()
    return graded
