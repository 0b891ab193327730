"""Explain which of several alternatives units choose, from counts of equal units.

Units with the same regressors and cluster may stand in one row that says how many of
them chose each alternative: the estimate and its error are those of the single units.
Regressors are in the caller's unit. Nothing here says whether an effect is causal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]

CONSTANT = "constant"
_MAX_STEPS = 60
_SMALL_ENOUGH = 1e-10
"""Largest gain of the log-likelihood, per unit, at which Newton's steps stop."""
_LARGEST_CONDITION = 1e12
_LARGEST_SCORE = 1e-7
_LARGEST_LOG_ODDS = 30.0
"""Log odds that come with a regressor of usual size; beyond, it explains all."""


@dataclass(frozen=True, slots=True)
class MultinomialChoice:
    """A fitted multinomial logit.

    Parameters
    ----------
    alternatives : tuple of str
        What may be chosen; the first is the one that the others are compared with.
    terms : tuple of str
        The constant and the regressors.
    coefficients : numpy.ndarray, shape (alternatives - 1, terms)
        Log odds against the first alternative.
    covariance : numpy.ndarray, shape (coefficients, coefficients)
        Of the coefficients, alternative by alternative.
    log_likelihood : float
        At the estimate.
    nobs : int
        Units.
    clusters : int
        Clusters; 0 when the covariance takes units as independent.
    """

    alternatives: tuple[str, ...]
    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    nobs: int
    clusters: int


@dataclass(frozen=True, slots=True)
class AverageEffect:
    """What a regressor does to the chance of an alternative, averaged over units.

    Parameters
    ----------
    estimate, std_error, lower, upper : float
        Change of the probability per step of the regressor, and its interval.
    nobs, clusters : int
        As in `MultinomialChoice`.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    nobs: int
    clusters: int


def estimate_multinomial_choice(
    rows: pd.DataFrame,
    *,
    alternatives: Sequence[str],
    regressors: Sequence[str],
    cluster: str | None = None,
) -> MultinomialChoice:
    """Fit a multinomial logit by maximum likelihood.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units with the same regressors and cluster: a column of
        counts for each alternative, the regressors, the cluster; none missing.
    alternatives : sequence of str
        Columns that count who chose what, at least two; the first is the reference.
    regressors : sequence of str
        Columns that explain the choice; a constant is added.
    cluster : str or None
        Column within which choices may depend on each other; None takes units as
        independent.

    Returns
    -------
    MultinomialChoice
        Coefficients and their covariance, with clusters times G / (G - 1).

    Raises
    ------
    ValueError
        If an alternative is chosen by nobody, regressors explain each other or the
        choice completely, or there is one cluster only.

    References
    ----------
    .. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior,
       in Zarembka (ed.), Frontiers in Econometrics.
    .. [2] Cameron and Miller (2015), A practitioner's guide to cluster-robust
       inference, J. Human Resources 50, section VII: nonlinear estimators.
    """
    counts = rows[list(alternatives)].to_numpy(float)
    design = _lay_out(rows, regressors)
    _require_choice(counts, alternatives)
    scale = np.maximum(np.sqrt((design**2).mean(axis=0)), 1e-300)
    coefficients, information = _climb(counts, design / scale)
    size = counts.shape[1] - 1
    scales = np.tile(scale, size)
    inverse = np.linalg.inv(information)
    covariance, clusters = inverse, 0
    if cluster is not None:
        scores = _score_rows(counts, design / scale, coefficients)
        meat, clusters = _sum_clusters(scores, rows[cluster])
        covariance = inverse @ meat @ inverse
    return MultinomialChoice(
        alternatives=tuple(alternatives),
        terms=(CONSTANT, *regressors),
        coefficients=coefficients / scale,
        covariance=covariance / np.outer(scales, scales),
        log_likelihood=_measure_likelihood(counts, design / scale, coefficients),
        nobs=int(counts.sum()),
        clusters=clusters,
    )


def average_effect(
    choice: MultinomialChoice,
    rows: pd.DataFrame,
    *,
    term: str,
    alternative: str,
    step: float = 1.0,
    confidence_level: float = 0.95,
) -> AverageEffect:
    """Average over units what a regressor does to the chance of an alternative.

    Parameters
    ----------
    choice : MultinomialChoice
        The fitted model.
    rows : pandas.DataFrame
        The rows that it was fitted on.
    term : str
        The regressor.
    alternative : str
        The alternative.
    step : float
        Units of the regressor that the effect is told for.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    AverageEffect
        Derivative times the step; its error by the delta method, its interval with
        Student's t and clusters - 1 degrees of freedom where there are clusters.

    References
    ----------
    .. [1] Greene (2012), Econometric Analysis, 7th ed., equation 18-11 and section
       17.3.2: average partial effects and the delta method.
    """
    counts = rows[list(choice.alternatives)].to_numpy(float)
    design = _lay_out(rows, choice.terms[1:])
    at, place = choice.terms.index(term), choice.alternatives.index(alternative)
    value, slope = _differentiate(choice.coefficients, counts, design, (at, place))
    error = abs(step) * float(np.sqrt(slope @ choice.covariance @ slope))
    quantile = 0.5 + confidence_level / 2
    reach = error * float(
        stats.t.ppf(quantile, choice.clusters - 1)
        if choice.clusters
        else stats.norm.ppf(quantile)
    )
    estimate = step * value
    return AverageEffect(
        estimate=estimate,
        std_error=error,
        lower=estimate - reach,
        upper=estimate + reach,
        nobs=choice.nobs,
        clusters=choice.clusters,
    )


def _lay_out(rows: pd.DataFrame, regressors: Sequence[str]) -> Floats:
    values = rows[list(regressors)].to_numpy(float)
    return np.column_stack([np.ones(len(rows)), values])


def _require_choice(counts: Floats, alternatives: Sequence[str]) -> None:
    if len(alternatives) < 2:
        message = f"A choice must have two alternatives or more, not {alternatives}."
        raise ValueError(message)
    unchosen = [
        name
        for name, chosen in zip(alternatives, counts.sum(axis=0), strict=True)
        if not chosen > 0
    ]
    if unchosen:
        message = f"Nobody chose {unchosen}; leave out what nobody chooses."
        raise ValueError(message)


def _predict(design: Floats, coefficients: Floats) -> Floats:
    """Give the probabilities of all alternatives, shape (rows, alternatives)."""
    index = np.column_stack([np.zeros(len(design)), design @ coefficients.T])
    odds = np.exp(index - index.max(axis=1, keepdims=True))
    chances: Floats = odds / odds.sum(axis=1, keepdims=True)
    return chances


def _measure_likelihood(counts: Floats, design: Floats, coefficients: Floats) -> float:
    chances = np.maximum(_predict(design, coefficients), 1e-300)
    return float((counts * np.log(chances)).sum())


def _score_rows(counts: Floats, design: Floats, coefficients: Floats) -> Floats:
    """Give each row's score, shape (rows, coefficients)."""
    units = counts.sum(axis=1, keepdims=True)
    surprise = (counts - units * _predict(design, coefficients))[:, 1:]
    parts = [surprise[:, [each]] * design for each in range(surprise.shape[1])]
    return np.concatenate(parts, axis=1)


def _inform(counts: Floats, design: Floats, coefficients: Floats) -> Floats:
    """Give minus the second derivatives of the log-likelihood."""
    chances = _predict(design, coefficients)[:, 1:]
    units = counts.sum(axis=1)
    size = chances.shape[1]
    blocks = [
        [
            (design.T * (units * chances[:, m] * ((m == n) - chances[:, n]))) @ design
            for n in range(size)
        ]
        for m in range(size)
    ]
    return np.block(blocks)


def _climb(counts: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Climb by Newton's steps, halved where they lead down."""
    shape = (counts.shape[1] - 1, design.shape[1])
    coefficients, units = np.zeros(shape), counts.sum()
    height = _measure_likelihood(counts, design, coefficients)
    for _ in range(_MAX_STEPS):
        information = _inform(counts, design, coefficients)
        _require_told_apart(information)
        score = _score_rows(counts, design, coefficients).sum(axis=0)
        step = np.linalg.solve(information, score).reshape(shape)
        reached = _measure_likelihood(counts, design, coefficients + step)
        while reached < height - 1e-9 * abs(height):
            step = step / 2
            reached = _measure_likelihood(counts, design, coefficients + step)
        coefficients = coefficients + step
        _require_finite(coefficients)
        is_done = abs(reached - height) <= _SMALL_ENOUGH * units
        height = reached
        if is_done and np.abs(score).max() <= _LARGEST_SCORE * units:
            return coefficients, _inform(counts, design, coefficients)
    message = f"The choice must be fitted within {_MAX_STEPS} steps; it was not."
    raise ValueError(message)


def _require_finite(coefficients: Floats) -> None:
    if np.abs(coefficients).max() > _LARGEST_LOG_ODDS:
        message = "The choice must not be explained completely; some regressor does it."
        raise ValueError(message)


def _require_told_apart(information: Floats) -> None:
    if np.linalg.cond(information) > _LARGEST_CONDITION:
        message = (
            "Regressors must not explain each other, nor the choice completely; "
            "leave one of them out."
        )
        raise ValueError(message)


def _sum_clusters(scores: Floats, cluster: pd.Series) -> tuple[Floats, int]:
    codes, labels = pd.factorize(cluster)
    clusters = len(labels)
    if clusters < 2:
        message = f"There must be two or more clusters, not {clusters}."
        raise ValueError(message)
    sums = np.zeros((clusters, scores.shape[1]))
    np.add.at(sums, codes, scores)
    return sums.T @ sums * (clusters / (clusters - 1)), clusters


def _differentiate(
    coefficients: Floats, counts: Floats, design: Floats, which: tuple[int, int]
) -> tuple[float, Floats]:
    """Give the average derivative of a chance, and its slope in the coefficients."""
    at, place = which
    weights = counts.sum(axis=1) / counts.sum()
    chances = _predict(design, coefficients)
    slopes = np.concatenate([[0.0], coefficients[:, at]])
    mean = chances @ slopes
    effect = chances[:, place] * (slopes[place] - mean)
    parts = []
    for m in range(1, chances.shape[1]):
        own = float(m == place)
        lean = effect * (own - chances[:, m])
        lean = lean - chances[:, place] * chances[:, m] * (slopes[m] - mean)
        part = (weights * lean) @ design
        part[at] += weights @ (chances[:, place] * (own - chances[:, m]))
        parts.append(part)
    return float(weights @ effect), np.concatenate(parts)
