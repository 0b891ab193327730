"""Fit a logit to weighted yes-or-no outcomes of people who may come more than once.

Weights are survey weights: they say whom a person stands for, not how many were seen.
Errors are sandwiches, summed over people, so that neither unequal weights nor several
answers of one person make an interval too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

_LARGEST_CONDITION = 1e10
_ROUNDS, _SMALLEST_STEP = 40, 1e-9


@dataclass(frozen=True, slots=True)
class WeightedLogit:
    """A fitted logit.

    Parameters
    ----------
    coefficients : numpy.ndarray, shape (1 + regressors,)
        Log-odds: the constant, then effects per unit of each regressor.
    covariance : numpy.ndarray, shape (1 + regressors, 1 + regressors)
        Robust to weights and to dependence within people.
    nobs, events, clusters : int
        Rows, rows in which it happened, and people.
    """

    coefficients: Floats
    covariance: Floats
    nobs: int
    events: int
    clusters: int

    @property
    def std_errors(self) -> Floats:
        """Standard errors of the coefficients, in log-odds."""
        errors: Floats = np.sqrt(np.diag(self.covariance))
        return errors

    def draw(self, rng: np.random.Generator, draws: int) -> Floats:
        """Draw coefficients from their large-sample distribution.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of chance.
        draws : int
            How many.

        Returns
        -------
        numpy.ndarray, shape (draws, 1 + regressors)
            Normal around the estimate.
        """
        values, vectors = np.linalg.eigh(self.covariance)
        normal = rng.standard_normal((draws, len(values)))
        root = np.sqrt(np.maximum(values, 0.0))
        drawn: Floats = self.coefficients + normal * root @ vectors.T
        return drawn

    def predict(self, regressors: Floats) -> Floats:
        """Give the chance that it happens.

        Parameters
        ----------
        regressors : numpy.ndarray, shape (rows, regressors)
            As they were fitted.

        Returns
        -------
        numpy.ndarray, shape (rows,)
            Chances from 0 to 1.
        """
        lean = self.coefficients[0] + regressors @ self.coefficients[1:]
        chances: Floats = expit(lean)
        return chances


def fit_weighted_logit(
    regressors: Floats,
    happened: NDArray[np.bool_],
    weights: Floats,
    people: NDArray[np.int64],
) -> WeightedLogit:
    """Maximise the weighted likelihood of a logit with a constant.

    Parameters
    ----------
    regressors : numpy.ndarray, shape (rows, regressors)
        Without a constant.
    happened : numpy.ndarray of bool, shape (rows,)
        Whether the event came.
    weights : numpy.ndarray, shape (rows,)
        Positive survey weights in any unit.
    people : numpy.ndarray of int, shape (rows,)
        Whose row it is.

    Returns
    -------
    WeightedLogit
        Pseudo-maximum-likelihood estimate and its sandwich.

    Raises
    ------
    ValueError
        If the event came always or never, regressors can't be told apart, or they
        tell all events.

    References
    ----------
    .. [1] Binder (1983), On the variances of asymptotically normal estimators from
       complex surveys, International Statistical Review 51, section 4.
    .. [2] Liang and Zeger (1986), Longitudinal data analysis using generalized linear
       models, Biometrika 73, theorem 2, with working independence.
    """
    events = int(happened.sum())
    if not 0 < events < len(happened):
        message = f"A logit needs events and others; {events} of {len(happened)} came."
        raise ValueError(message)
    design = np.column_stack([np.ones(len(happened)), regressors])
    _require_rank(design)
    share = weights / weights.mean()
    coefficients = _climb(design, happened.astype(np.float64), share)
    chances = expit(design @ coefficients)
    information = (design.T * (share * chances * (1 - chances))) @ design
    scores = design * (share * (happened - chances))[:, None]
    _, number = np.unique(people, return_inverse=True)
    clusters = int(number.max()) + 1
    sums = np.zeros((clusters, design.shape[1]))
    np.add.at(sums, number, scores)
    bread = np.linalg.inv(information)
    return WeightedLogit(
        coefficients=coefficients,
        covariance=bread @ (sums.T @ sums) @ bread * clusters / (clusters - 1),
        nobs=len(happened),
        events=events,
        clusters=clusters,
    )


def _climb(design: Floats, outcome: Floats, weights: Floats) -> Floats:
    """Find the maximum by Newton's steps, which a logit always reaches if it has one.

    References
    ----------
    .. [1] McCullagh and Nelder (1989), Generalized Linear Models, 2nd edition,
       section 4.4.1.
    """
    point = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        chances = expit(design @ point)
        information = (design.T * (weights * chances * (1 - chances))) @ design
        score = design.T @ (weights * (outcome - chances))
        step = np.linalg.solve(information, score)
        point = point + step
        if np.abs(step).max() < _SMALLEST_STEP:
            return point
    message = f"A logit did not settle in {_ROUNDS} steps: regressors tell all events."
    raise ValueError(message)


def _require_rank(design: Floats) -> None:
    scaled = design / np.maximum(np.linalg.norm(design, axis=0), 1e-300)
    if np.linalg.cond(scaled) > _LARGEST_CONDITION:
        raise ValueError("Regressors of a logit must not be combinations of others.")
