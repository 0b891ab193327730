"""Likelihood of answers with gaps, and factor models fitted to them.

Each row counts with what it holds, so that gaps that depend on given answers do not
bias anything. Nothing here knows what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.factor_model import FactorModel, fit_factors
from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.sample_moments import SampleMoments

_Floats = NDArray[np.float64]

_MAXIMUM_ROUNDS = 500
_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class IncompleteFit:
    """A factor model fitted to answers with gaps.

    Parameters
    ----------
    model : FactorModel
        Estimates; its `chi2` is that of the last expected moments.
    chi2 : float
        Twice the log-likelihood lost against free moments.
    df : int
        Degrees of freedom.
    log_likelihood, free_log_likelihood : float
        Of the model, and of free means and covariances.
    """

    model: FactorModel
    chi2: float
    df: int
    log_likelihood: float
    free_log_likelihood: float


def measure_log_likelihood(
    answers: _Floats, mean: _Floats, covariance: _Floats
) -> float:
    """Measure the normal log-likelihood of answers with gaps.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN.
    mean : numpy.ndarray, shape (variables,)
        Means.
    covariance : numpy.ndarray, shape (variables, variables)
        Covariances.

    Returns
    -------
    float
        Sum over rows, natural logarithm.

    References
    ----------
    .. [1] Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd
       edition, equation 11.3.
    """
    total = 0.0
    for rows, held in _group(answers):
        inner = covariance[np.ix_(held, held)]
        left = answers[np.ix_(rows, held)] - mean[held]
        distance = float(np.sum(left * np.linalg.solve(inner, left.T).T))
        constant = len(held) * np.log(2 * np.pi) + np.linalg.slogdet(inner)[1]
        total -= (len(rows) * constant + distance) / 2
    return float(total)


def fit_incomplete(answers: _Floats, factors: Sequence[int]) -> IncompleteFit:
    """Fit a factor model to answers with gaps by maximum likelihood.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN.
    factors : sequence of int, length variables
        Factor of each variable, from 0.

    Returns
    -------
    IncompleteFit
        Model, and its statistic against free moments.

    Raises
    ------
    ValueError
        If the rounds do not settle.

    References
    ----------
    .. [1] Jamshidian and Bentler (1999), ML estimation of mean and covariance
       structures with missing data using complete data routines, Journal of
       Educational and Behavioral Statistics 24 (EM around a complete-data fit).
    """
    free = estimate_moments(answers)
    free_log = measure_log_likelihood(answers, free.mean, free.covariance)
    mean, covariance, before, start = free.mean, free.covariance, -np.inf, None
    for _ in range(_MAXIMUM_ROUNDS):
        model = fit_factors([_expect(answers, mean, covariance)], factors, start=start)
        mean, covariance = model.implied[0].mean, model.implied[0].covariance
        found = measure_log_likelihood(answers, mean, covariance)
        if found - before < _TOLERANCE:
            return IncompleteFit(
                model, 2 * (free_log - found), model.df, found, free_log
            )
        before, start = found, model.estimates
    message = f"A factor model with gaps must settle within {_MAXIMUM_ROUNDS} rounds."
    raise ValueError(message)


def _group(answers: _Floats) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Group rows by what they hold; rows that hold nothing tell nothing."""
    kinds, members = np.unique(np.isfinite(answers), axis=0, return_inverse=True)
    return [
        (np.flatnonzero(members == number), np.flatnonzero(kind))
        for number, kind in enumerate(kinds)
        if kind.any()
    ]


def _expect(answers: _Floats, mean: _Floats, covariance: _Floats) -> SampleMoments:
    """Expect the moments of complete answers, given those and parameters."""
    rows = 0
    total, products = np.zeros_like(mean), np.zeros_like(covariance)
    for members, held in _group(answers):
        across = covariance[held]
        slopes = np.linalg.solve(covariance[np.ix_(held, held)], across)
        filled = mean + (answers[np.ix_(members, held)] - mean[held]) @ slopes
        rows += len(members)
        total += filled.sum(axis=0)
        left_over = covariance - across.T @ slopes
        products += filled.T @ filled + len(members) * left_over
    centre = total / rows
    spread = products / rows - np.outer(centre, centre)
    return SampleMoments(centre, spread, rows)
