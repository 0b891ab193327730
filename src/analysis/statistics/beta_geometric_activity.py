"""Whether somebody who acts now and then is still active: the BG/NBD model.

While active, a unit acts at random at a rate of its own; after each action it may stop
for ever, with a chance of its own. Times are in any one unit. Rows that say the same
(actions, time of the last, time observed) are one row with a weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

_STARTS = ((0.0, 1.0, 0.0, 1.0), (0.0, 0.0, -1.0, 3.0), (1.0, 1.0, 0.0, 2.0))
"""Logarithms of the parameters from which the search begins."""


@dataclass(frozen=True, slots=True, eq=False)
class ActivityHistory:
    """What is known of units, rows that say the same put together.

    Parameters
    ----------
    repeats : ndarray of float, shape (n,)
        Actions after the first.
    last : ndarray of float, shape (n,)
        Time of the last action since the first; 0 without repeats.
    observed : ndarray of float, shape (n,)
        Time since the first action.
    weights : ndarray of float, shape (n,)
        Units of the row.
    """

    repeats: Floats
    last: Floats
    observed: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class ActivityModel:
    """A fitted model.

    Parameters
    ----------
    r, alpha : float
        Shape and rate of the gamma distribution of rates of acting.
    a, b : float
        Of the beta distribution of the chance of stopping after an action.
    log_likelihood : float
        At the estimate.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")


def fit_activity(
    history: ActivityHistory, *, start: ActivityModel | None = None
) -> ActivityModel:
    """Fit the model by maximum likelihood.

    Parameters
    ----------
    history : ActivityHistory
        Units observed.
    start : ActivityModel or None
        Where the search begins; None searches from several places.

    Returns
    -------
    ActivityModel
        The best of searches from several starts.

    Raises
    ------
    ValueError
        If nobody acted twice, or times are out of order.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), "Counting your customers" the easy way,
       Marketing Science 24(2), 275-284, equation 6.
    """
    if not (history.repeats > 0).any():
        raise ValueError("Some units must have acted more than once.")
    if (history.last > history.observed).any():
        raise ValueError("The last action must not come after the time observed.")
    scale = 10.0 / float(history.observed.max())
    scaled = ActivityHistory(
        history.repeats, history.last * scale, history.observed * scale, history.weights
    )
    total = float(history.weights.sum())
    runs = [
        optimize.minimize(
            lambda logs: -_sum_likelihood(scaled, np.exp(logs)) / total,
            point,
            method="L-BFGS-B",
            bounds=[(-10.0, 10.0)] * 4,
            options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-8},
        )
        for point in _list_starts(start, scale)
    ]
    best = min(runs, key=lambda run: float(run.fun))
    r, alpha, a, b = (float(part) for part in np.exp(best.x))
    likelihood = -float(best.fun) * total
    # The density of times is in the caller's unit again.
    likelihood += float(history.weights @ history.repeats) * float(np.log(scale))
    return ActivityModel(r, alpha / scale, a, b, likelihood)


def give_active_chance(model: ActivityModel, history: ActivityHistory) -> Floats:
    """Give the chance that each unit has not stopped.

    Parameters
    ----------
    model : ActivityModel
        Parameters.
    history : ActivityHistory
        Units.

    Returns
    -------
    ndarray of float, shape (n,)
        From 0 to 1; 1 without repeats, since stopping needs one.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2008), Computing P(alive) using the BG/NBD model,
       equation 1.
    """
    x = history.repeats
    log_odds = (
        (model.r + x)
        * np.log((model.alpha + history.observed) / (model.alpha + history.last))
        + np.log(model.a)
        - np.log(model.b + np.maximum(x, 1.0) - 1)
    )
    chance: Floats = np.where(x > 0, special.expit(-log_odds), 1.0)
    return chance


def give_return_chance(
    model: ActivityModel, history: ActivityHistory, *, time: float
) -> Floats:
    """Give the chance that each unit acts at least once within a time to come.

    Given that it has not stopped, a unit's rate is gamma with shape ``r + x`` and rate
    ``alpha + T``; stopping comes after an action only and does not keep the first one.

    Parameters
    ----------
    model : ActivityModel
        Parameters.
    history : ActivityHistory
        Units.
    time : float
        Time to come.

    Returns
    -------
    ndarray of float, shape (n,)
        From 0 to 1.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), equations 4 and 6, by Bayes' rule.
    """
    rate = model.alpha + history.observed
    silent = (rate / (rate + time)) ** (model.r + history.repeats)
    chance: Floats = give_active_chance(model, history) * (1 - silent)
    return chance


def expect_actions(
    model: ActivityModel, history: ActivityHistory, *, time: float
) -> Floats:
    """Expect how often each unit acts within a time to come.

    Parameters
    ----------
    model : ActivityModel
        Parameters.
    history : ActivityHistory
        Units.
    time : float
        Time to come.

    Returns
    -------
    ndarray of float, shape (n,)
        Expected actions.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), equation 10.
    """
    x = history.repeats
    top = model.a + model.b + x - 1
    rate = model.alpha + history.observed
    series = special.hyp2f1(model.r + x, model.b + x, top, time / (rate + time))
    factor = (rate / (rate + time)) ** (model.r + x)
    expected: Floats = (
        top / (model.a - 1) * (1 - factor * series)
    ) * give_active_chance(model, history)
    return expected


def _list_starts(start: ActivityModel | None, scale: float) -> list[Floats]:
    if start is None:
        return [np.array(point) for point in _STARTS]
    point = np.log([start.r, start.alpha * scale, start.a, start.b])
    return [np.clip(point, -10.0, 10.0)]


def _sum_likelihood(history: ActivityHistory, point: Floats) -> float:
    r, alpha, a, b = point
    x = history.repeats
    common = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
    common += special.betaln(a, b + x) - special.betaln(a, b)
    alive = -(r + x) * np.log(alpha + history.observed)
    stopped = (
        np.log(a)
        - np.log(b + np.maximum(x, 1.0) - 1)
        - (r + x) * np.log(alpha + history.last)
    )
    either = np.where(x > 0, np.logaddexp(alive, stopped), alive)
    return float(history.weights @ (common + either))
