"""Weighted means of survey answers, with errors that know how weights were made.

Estimates are in the unit of the answers. Errors are linearised: each respondent has
a score, and the variance is the sum of squared scores. Where weights were raked, the
part of an answer that the margins explain has no sampling error left and is taken
out first. Scores of two waves give the error of a change, also when some people
answered in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.survey_weights import count_effective

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurveyMean:
    """A weighted mean with its interval.

    Parameters
    ----------
    estimate, std_error, lower, upper : float
        Mean, its linearised standard error and the ends of its interval.
    nobs : int
        Respondents behind it.
    effective_nobs : float
        Equally weighted respondents who would tell as much (Kish).
    scores : numpy.ndarray, shape (respondents,)
        What each respondent adds to the error; zero outside the cell.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    nobs: int
    effective_nobs: float
    scores: _Floats


@dataclass(frozen=True, slots=True)
class SurveyChange:
    """A change between two waves with its interval.

    Parameters
    ----------
    estimate, std_error, lower, upper, pvalue : float
        Later minus earlier mean, its error, interval and two-sided p-value.
    detectable : float
        Smallest change that two such waves would find in four of five cases.
    repeated : int
        People who answered in both waves.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    pvalue: float
    detectable: float
    repeated: int


def estimate_mean(
    answers: _Floats,
    weights: _Floats,
    *,
    inside: NDArray[np.bool_] | None = None,
    margins: _Floats | None = None,
    confidence_level: float = 0.95,
) -> SurveyMean:
    """Estimate a weighted mean of all respondents or of one cell of them.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents,)
        Answers; missing ones (NaN) are left out.
    weights : numpy.ndarray, shape (respondents,)
        Weights, positive.
    inside : numpy.ndarray of bool, shape (respondents,), optional
        Who belongs to the cell; everyone when left out.
    margins : numpy.ndarray, shape (respondents, categories), optional
        Indicators of the margins that the weights were raked to.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    SurveyMean
        Mean, error, interval and scores.

    Raises
    ------
    ValueError
        If fewer than two respondents of the cell answered.

    References
    ----------
    .. [1] Deville and Särndal (1992), Calibration estimators in survey sampling,
       JASA 87, equation 3.4: the variance of a raked total is that of the residuals
       from regressing on the margins.
    """
    held = np.isfinite(answers)
    if inside is not None:
        held = held & inside
    if held.sum() < 2:
        message = f"A mean must have at least two answers, not {int(held.sum())}."
        raise ValueError(message)
    total = weights[held].sum()
    estimate = float((weights[held] * answers[held]).sum() / total)
    influence = np.where(held, np.nan_to_num(answers) - estimate, 0.0) / total
    if margins is not None:
        influence = influence - _fit(influence, weights, margins)
    scores = _score(influence * weights, held if margins is None else None)
    std_error = float(np.sqrt((scores**2).sum()))
    reach = norm.ppf((1 + confidence_level) / 2) * std_error
    return SurveyMean(
        estimate=estimate,
        std_error=std_error,
        lower=estimate - reach,
        upper=estimate + reach,
        nobs=int(held.sum()),
        effective_nobs=count_effective(weights[held]),
        scores=scores,
    )


def estimate_change(
    later: SurveyMean,
    earlier: SurveyMean,
    *,
    later_people: pd.Index | None = None,
    earlier_people: pd.Index | None = None,
    confidence_level: float = 0.95,
) -> SurveyChange:
    """Estimate the change between two waves.

    Parameters
    ----------
    later, earlier : SurveyMean
        The two means.
    later_people, earlier_people : pandas.Index, optional
        Who the scores belong to; people in both waves bring in the covariance. Waves
        are independent when left out.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    SurveyChange
        Change, error, interval, p-value and smallest detectable change.

    References
    ----------
    .. [1] Kish (1965), Survey Sampling, section 12.4: variance of a change between
       overlapping samples.
    """
    covariance, repeated = 0.0, 0
    if later_people is not None and earlier_people is not None:
        after = pd.Series(later.scores, later_people).groupby(level=0).sum()
        before = pd.Series(earlier.scores, earlier_people).groupby(level=0).sum()
        both = after.index.intersection(before.index)
        repeated = len(both)
        covariance = float((after[both] * before[both]).sum())
    variance = later.std_error**2 + earlier.std_error**2 - 2 * covariance
    std_error = float(np.sqrt(max(variance, 0.0)))
    change = later.estimate - earlier.estimate
    reach = norm.ppf((1 + confidence_level) / 2) * std_error
    ratio = abs(change) / std_error if std_error > 0 else np.inf
    return SurveyChange(
        estimate=change,
        std_error=std_error,
        lower=change - reach,
        upper=change + reach,
        pvalue=float(2 * norm.sf(ratio)) if change else 1.0,
        detectable=detect_change(std_error),
        repeated=repeated,
    )


def detect_change(
    std_error: float, *, power: float = 0.8, confidence_level: float = 0.95
) -> float:
    """Give the smallest change that a comparison of this error would find.

    Parameters
    ----------
    std_error : float
        Standard error of the change.
    power : float
        Chance of finding it.
    confidence_level : float
        Of the interval that must leave out zero.

    Returns
    -------
    float
        Change, in the unit of the error.

    References
    ----------
    .. [1] Cohen (1988), Statistical Power Analysis for the Behavioral Sciences,
       section 2.3.
    """
    quantiles = norm.ppf((1 + confidence_level) / 2) + norm.ppf(power)
    return float(quantiles * std_error)


def _fit(influence: _Floats, weights: _Floats, margins: _Floats) -> _Floats:
    """Weighted fit of the influence values by the margins (which may be dependent)."""
    weighted = margins * weights[:, None]
    slopes = np.linalg.pinv(margins.T @ weighted, hermitian=True)
    fit: _Floats = margins @ (slopes @ (weighted.T @ influence))
    return fit


def _score(terms: _Floats, held: NDArray[np.bool_] | None) -> _Floats:
    """Centre the respondents' terms and correct for estimating their mean."""
    if held is None:
        held = np.ones(len(terms), dtype=bool)
    count = int(held.sum())
    centred = np.where(held, terms - terms[held].mean(), 0.0)
    scores: _Floats = centred * np.sqrt(count / (count - 1))
    return scores
