"""Fit a confirmatory factor model with simple structure by maximum likelihood.

Each variable loads on one factor, whose first variable has loading 1. Several groups
may share loadings, and intercepts too; factor means of the first group are then zero.
Estimates are found by Fisher scoring. Nothing here knows what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.factor_layout import (
    GroupLayout,
    Implied,
    Layout,
    differentiate,
    imply_moments,
    lay_out,
    start_values,
)
from analysis.statistics.sample_moments import (
    SampleMoments,
    count_twice,
    stack_triangle,
)

_Floats = NDArray[np.float64]

Shared = Literal["nothing", "loadings", "intercepts"]
"""What groups have in common: configural, metric and scalar invariance."""

_MAXIMUM_STEPS, _HALVINGS = 500, 30
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class FactorModel:
    """A fitted factor model.

    Parameters
    ----------
    loadings, intercepts, unique : numpy.ndarray, shape (groups, variables)
        Loading of each variable on its factor, intercept, and unique variance.
    factor_covariance : numpy.ndarray, shape (groups, factors, factors)
        Covariances of the factors.
    factor_means : numpy.ndarray, shape (groups, factors)
        Means of the factors; zero unless intercepts are shared.
    implied : tuple of Implied
        Means and covariances that follow from the model, by group.
    layout : Layout
        Which parameter stands where.
    estimates : numpy.ndarray, shape (parameters,)
        Free parameters.
    covariance : numpy.ndarray, shape (parameters, parameters)
        Their covariance, from the expected information (normal answers).
    scatter : numpy.ndarray or None, shape (parameters, parameters)
        Their covariance whatever the distribution, where samples know their error.
    chi2, df : float and int
        Likelihood-ratio statistic against free moments, and its degrees of freedom.
    scaling : float
        Satorra-Bentler factor: `chi2 / scaling` has the mean of a chi-squared; NaN
        where samples do not know their error.
    """

    loadings: _Floats
    intercepts: _Floats
    unique: _Floats
    factor_covariance: _Floats
    factor_means: _Floats
    implied: tuple[Implied, ...]
    layout: Layout
    estimates: _Floats
    covariance: _Floats
    scatter: _Floats | None
    chi2: float
    df: int
    scaling: float

    @property
    def loading_errors(self) -> _Floats:
        """Standard errors of the loadings, zero where fixed; first group."""
        where = self.layout.groups[0].loadings
        errors = np.sqrt(np.diag(self.covariance))
        return np.where(where >= 0, errors[where], 0.0)


def fit_factors(
    samples: Sequence[SampleMoments],
    factors: Sequence[int],
    *,
    shared: Shared = "nothing",
    start: _Floats | None = None,
) -> FactorModel:
    """Fit the model to one or several groups.

    Parameters
    ----------
    samples : sequence of SampleMoments
        Moments of each group, covariances divided by the number of rows.
    factors : sequence of int, length variables
        Factor of each variable, from 0.
    shared : {"nothing", "loadings", "intercepts"}
        What groups have in common; intercepts include loadings.
    start : numpy.ndarray, shape (parameters,), optional
        Where the steps begin.

    Returns
    -------
    FactorModel
        Estimates, errors and fit.

    Raises
    ------
    ValueError
        If a model has more parameters than moments, a variable repeats others, steps
        begin where covariances are impossible, or do not settle.

    References
    ----------
    .. [1] Jöreskog (1969), A general approach to confirmatory maximum likelihood
       factor analysis, Psychometrika 34; Jöreskog (1971), Simultaneous factor
       analysis in several populations, Psychometrika 36.
    .. [2] Satorra and Bentler (1994), Corrections to test statistics and standard
       errors in covariance structure analysis, equations 16.14 and 16.16.
    """
    _require_regular(samples)
    layout = lay_out(np.asarray(factors, np.intp), len(samples), shared)
    df = _count_moments(samples) - layout.size
    if df < 0:
        message = (
            f"A factor model must have as many moments as parameters; it lacks {-df}. "
            "Give each factor three variables, or two and a second factor."
        )
        raise ValueError(message)
    values = start_values(layout, samples) if start is None else start
    values = _settle(layout, samples, values)
    implied = imply_moments(layout, values)
    information = _score(layout, samples, values)[1]
    covariance = np.asarray(np.linalg.pinv(information), dtype=np.float64)
    scatter, scaling = _correct(layout, samples, values, covariance, df)
    matrices = [group.fill(values) for group in layout.groups]
    return FactorModel(
        loadings=np.array([each.loadings for each in matrices]),
        intercepts=np.array([each.intercepts for each in matrices]),
        unique=np.array([each.unique for each in matrices]),
        factor_covariance=np.array([each.covariance for each in matrices]),
        factor_means=np.array([each.means for each in matrices]),
        implied=implied,
        layout=layout,
        estimates=values,
        covariance=covariance,
        scatter=scatter,
        chi2=max(_discrepancy(samples, implied), 0.0),
        df=df,
        scaling=scaling,
    )


def _require_regular(samples: Sequence[SampleMoments]) -> None:
    if any(np.linalg.eigvalsh(sample.covariance)[0] <= 0 for sample in samples):
        message = "Covariances must be positive definite: a variable repeats others."
        raise ValueError(message)


def _count_moments(samples: Sequence[SampleMoments]) -> int:
    variables = len(samples[0].mean)
    return len(samples) * variables * (variables + 3) // 2


def _discrepancy(samples: Sequence[SampleMoments], implied: Sequence[Implied]) -> float:
    """Give twice the log-likelihood lost against free moments; inf where impossible."""
    total = 0.0
    for sample, model in zip(samples, implied, strict=True):
        if np.linalg.eigvalsh(model.covariance)[0] <= 0:
            return np.inf
        gap = sample.mean - model.mean
        both = sample.covariance + np.outer(gap, gap)
        trace = np.trace(np.linalg.solve(model.covariance, both))
        log_model = np.linalg.slogdet(model.covariance)[1]
        log_free = np.linalg.slogdet(sample.covariance)[1]
        total += sample.nobs * (log_model + trace - log_free - len(gap))
    return float(total)


def _settle(
    layout: Layout, samples: Sequence[SampleMoments], values: _Floats
) -> _Floats:
    """Take Fisher-scoring steps, halved while they do not improve, until they end."""
    found = _discrepancy(samples, imply_moments(layout, values))
    if not np.isfinite(found):
        message = "A factor model must begin where covariances are possible."
        raise ValueError(message)
    for _ in range(_MAXIMUM_STEPS):
        slope, information = _score(layout, samples, values)
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        if float(slope @ step) < _TOLERANCE:
            return values + step
        for _ in range(_HALVINGS):
            moved = _discrepancy(samples, imply_moments(layout, values + step))
            if moved < found:
                break
            step = step / 2
        else:
            return values
        values, found = values + step, moved
    message = f"The factor model must settle within {_MAXIMUM_STEPS} steps."
    raise ValueError(message)


def _score(
    layout: Layout, samples: Sequence[SampleMoments], values: _Floats
) -> tuple[_Floats, _Floats]:
    """Give the slope of the log-likelihood, and the expected information."""
    slope = np.zeros(layout.size)
    information = np.zeros((layout.size, layout.size))
    implied = imply_moments(layout, values)
    for sample, model, group in zip(samples, implied, layout.groups, strict=True):
        slopes, weight = _weigh(group, model, values)
        gap = sample.mean - model.mean
        left = sample.covariance + np.outer(gap, gap) - model.covariance
        weighted = sample.nobs * slopes @ weight
        places = group.parameters
        np.add.at(slope, places, weighted @ np.append(gap, stack_triangle(left)))
        np.add.at(information, np.ix_(places, places), weighted @ slopes.T)
    return slope, information


def _weigh(
    group: GroupLayout, model: Implied, values: _Floats
) -> tuple[_Floats, _Floats]:
    """Give the slopes of the stacked moments, and their normal-theory weights."""
    means, covariances = differentiate(group, values)
    slopes = np.hstack([means, stack_triangle(covariances)])
    inverse = np.linalg.inv(model.covariance)
    variables = len(inverse)
    rows, columns = np.tril_indices(variables)
    pairs = inverse[np.ix_(rows, rows)] * inverse[np.ix_(columns, columns)]
    pairs += inverse[np.ix_(rows, columns)] * inverse[np.ix_(columns, rows)]
    times = count_twice(variables)
    weight = np.zeros((len(rows) + variables, len(rows) + variables))
    weight[:variables, :variables] = inverse
    weight[variables:, variables:] = pairs * np.outer(times, times) / 4
    return slopes, weight


def _correct(
    layout: Layout,
    samples: Sequence[SampleMoments],
    values: _Floats,
    covariance: _Floats,
    df: int,
) -> tuple[_Floats | None, float]:
    """Give the covariance of estimates without normality, and the scaling of chi2."""
    meat, spread = np.zeros_like(covariance), 0.0
    implied = imply_moments(layout, values)
    for sample, model, group in zip(samples, implied, layout.groups, strict=True):
        if sample.error is None:
            return None, np.nan
        slopes, weight = _weigh(group, model, values)
        weighted = sample.nobs * slopes @ weight
        places = group.parameters
        part = weighted @ sample.error @ weighted.T
        np.add.at(meat, np.ix_(places, places), part)
        spread += sample.nobs * float(np.sum(weight * sample.error))
    lost = float(np.sum(covariance * meat))
    scaling = (spread - lost) / df if df else np.nan
    return covariance @ meat @ covariance, scaling
