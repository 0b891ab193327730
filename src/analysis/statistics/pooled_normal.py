"""Pool estimates of the same thing in several groups, their spread integrated out.

Each group's estimate is normal around its own effect, the effects are normal around a
common mean, and nothing is known of mean and spread before. With the spread fixed at
its best value, intervals are too short; here it is integrated over a grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
_GRID = 400
"""Values of the spread at which the posterior is taken."""
_REACH = 8.0
"""Largest spread on the grid, in multiples of the estimates' own size."""
FEWEST_GROUPS = 3
"""With fewer groups a flat prior on the spread gives no proper posterior."""


@dataclass(frozen=True, slots=True)
class PooledEffects:
    """Effects of groups that lend each other strength.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group, in the order given: `mean` and `deviation` of the posterior,
        `lower`, `upper`, and `own_share`, the weight that its own estimate keeps.
    mean, mean_deviation : float
        The common mean and its standard deviation.
    spread, spread_lower, spread_upper : float
        Standard deviation of effects between groups: posterior median and interval.
    """

    groups: pd.DataFrame
    mean: float
    mean_deviation: float
    spread: float
    spread_lower: float
    spread_upper: float


def pool_effects(
    estimates: Sequence[float] | Floats,
    std_errors: Sequence[float] | Floats,
    *,
    confidence_level: float = 0.95,
) -> PooledEffects:
    """Pool estimates of groups.

    Parameters
    ----------
    estimates, std_errors : sequence of float
        One of each per group, in the unit of the effects; errors are above 0.
    confidence_level : float
        Posterior probability of each interval.

    Returns
    -------
    PooledEffects
        Posterior of each group's effect, of the mean and of the spread, which is flat
        beforehand.

    Raises
    ------
    ValueError
        If there are fewer than three groups, or an error is not above 0.

    References
    ----------
    .. [1] Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data
       Analysis, 3rd edition, section 5.4, equations 5.17 to 5.21.
    """
    found = np.asarray(estimates, dtype=float)
    errors = np.asarray(std_errors, dtype=float)
    if len(found) < FEWEST_GROUPS:
        message = f"Pooling needs {FEWEST_GROUPS} groups or more, not {len(found)}."
        raise ValueError(message)
    if not (errors > 0).all():
        raise ValueError("Every standard error must be above 0.")
    posterior = _find_posterior(found, errors)
    weights, centres = posterior.weights, posterior.centres
    mean = float(weights @ centres)
    mean_variance = float(weights @ (posterior.widths + (centres - mean) ** 2))
    ends = (0.5 - confidence_level / 2, 0.5, 0.5 + confidence_level / 2)
    lower, middle, upper = (posterior.find_spread(end) for end in ends)
    groups = [
        _describe(one, error, posterior, confidence_level)
        for one, error in zip(found, errors, strict=True)
    ]
    return PooledEffects(
        pd.DataFrame(groups), mean, mean_variance**0.5, middle, lower, upper
    )


@dataclass(frozen=True, slots=True)
class _Posterior:
    """Weight of each spread, and the common mean and its variance at it."""

    spreads: Floats
    weights: Floats
    centres: Floats
    widths: Floats

    def find_spread(self, probability: float) -> float:
        reached = np.cumsum(self.weights) - self.weights / 2
        return float(np.interp(probability, reached, self.spreads))


def _find_posterior(estimates: Floats, errors: Floats) -> _Posterior:
    """Lay a grid of spreads and weigh it (equations 5.20 and 5.21)."""
    # From nothing to far beyond what the estimates show, in even steps of the root.
    size = max(float(np.std(estimates)), float(np.median(errors)))
    spreads = _REACH * size * ((np.arange(_GRID) + 0.5) / _GRID) ** 2
    variances = errors**2 + spreads[:, None] ** 2
    widths = 1 / (1 / variances).sum(axis=1)
    centres = widths * ((1 / variances) @ estimates)
    distances = (estimates - centres[:, None]) ** 2 / variances
    logs = 0.5 * (np.log(widths) - (np.log(variances) + distances).sum(axis=1))
    density = np.exp(logs - logs.max()) * np.sqrt(spreads)  # steps grow with the root
    return _Posterior(spreads, density / density.sum(), centres, widths)


def _describe(
    estimate: float, error: float, posterior: _Posterior, confidence_level: float
) -> dict[str, float]:
    """Mix one group's normal posteriors over the spreads (equation 5.17)."""
    weights = posterior.weights
    own = posterior.spreads**2 / (posterior.spreads**2 + error**2)
    means = own * estimate + (1 - own) * posterior.centres
    variances = own * error**2 + (1 - own) ** 2 * posterior.widths
    mean = float(weights @ means)
    deviation = float(weights @ (variances + (means - mean) ** 2)) ** 0.5
    lower, upper = find_mixture_interval(
        weights, means, np.sqrt(variances), confidence_level
    )
    return {
        "mean": mean,
        "deviation": deviation,
        "lower": lower,
        "upper": upper,
        "own_share": float(weights @ own),
    }


def find_mixture_interval(
    weights: Floats, means: Floats, deviations: Floats, confidence_level: float
) -> tuple[float, float]:
    """Give the ends between which a mixture of normals lies.

    Parameters
    ----------
    weights, means, deviations : array, shape (n,)
        Weight, mean and standard deviation of each part; weights sum to 1.
    confidence_level : float
        Probability between the ends, as much below as above them.

    Returns
    -------
    tuple of float and float
        The ends.
    """
    mean = float(weights @ means)
    reach = 12 * float(weights @ (deviations**2 + (means - mean) ** 2)) ** 0.5
    parts = (weights, means, deviations)
    lower, upper = (
        float(optimize.brentq(_miss, mean - reach, mean + reach, args=(end, *parts)))
        for end in (0.5 - confidence_level / 2, 0.5 + confidence_level / 2)
    )
    return lower, upper


def _miss(
    value: float, end: float, weights: Floats, means: Floats, deviations: Floats
) -> float:
    """Say how far the share below a value is from the share wanted."""
    return float(weights @ stats.norm.cdf(value, means, deviations)) - end
