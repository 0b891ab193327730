"""How well a factor model reproduces the moments, and whether groups measure alike.

Fit indices are those of the likelihood-ratio statistic; where samples know their
error, the statistic is scaled, so that answers need not be normal or equally weighted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2 as chi2_law
from scipy.stats import ncx2

from analysis.statistics.factor_model import FactorModel, fit_factors
from analysis.statistics.sample_moments import SampleMoments

_Floats = NDArray[np.float64]

LARGEST_CFI_LOSS = 0.01
"""Loss of CFI from which groups do not measure alike (Cheung and Rensvold 2002)."""


@dataclass(frozen=True, slots=True)
class FactorFit:
    """Fit of a factor model.

    Parameters
    ----------
    chi2, pvalue : float
        Likelihood-ratio statistic against free moments, and its p-value.
    df : int
        Degrees of freedom.
    baseline_chi2 : float
        Of the model in which nothing correlates.
    cfi, tli : float
        Comparative fit and Tucker-Lewis index; 1 is best.
    rmsea, rmsea_lower, rmsea_upper : float
        Root mean square error of approximation, and its 90 % interval.
    srmr : float
        Standardised root mean square residual, means aside.
    log_likelihood, aic, bic : float
        Normal log-likelihood and what follows from it, means taken as known where
        no group shares anything.
    """

    chi2: float
    pvalue: float
    df: int
    baseline_chi2: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_lower: float
    rmsea_upper: float
    srmr: float
    log_likelihood: float
    aic: float
    bic: float


@dataclass(frozen=True, slots=True)
class InvarianceStep:
    """What it costs to let groups share more.

    Parameters
    ----------
    chi2, pvalue : float
        Rise of the statistic (scaled where samples know their error), its p-value.
    df : int
        Degrees of freedom won.
    cfi_loss : float
        Fall of CFI; above `LARGEST_CFI_LOSS` groups do not measure alike.
    """

    chi2: float
    df: int
    pvalue: float
    cfi_loss: float


@dataclass(frozen=True, slots=True)
class Invariance:
    """Whether groups measure alike.

    Parameters
    ----------
    models : tuple of FactorModel
        Configural, metric (same loadings) and scalar (same intercepts, too).
    metric, scalar : InvarianceStep
        What each step costs.
    """

    models: tuple[FactorModel, FactorModel, FactorModel]
    metric: InvarianceStep
    scalar: InvarianceStep


def measure_fit(model: FactorModel, samples: Sequence[SampleMoments]) -> FactorFit:
    """Measure how well a model fits.

    Parameters
    ----------
    model : FactorModel
        The model.
    samples : sequence of SampleMoments
        Moments that it was fitted to.

    Returns
    -------
    FactorFit
        Unscaled fit indices.

    References
    ----------
    .. [1] Bentler (1990), Comparative fit indexes in structural models, Psychological
       Bulletin 107 (CFI); Steiger (1998), A note on multiple sample extensions of the
       RMSEA fit index, Structural Equation Modeling 5; Hu and Bentler (1999),
       Structural Equation Modeling 6 (SRMR).
    """
    total = sum(sample.nobs for sample in samples)
    groups, variables = len(samples), len(samples[0].mean)
    baseline = sum(_measure_baseline(sample) for sample in samples)
    baseline_df = groups * variables * (variables - 1) // 2
    rmsea = _measure_rmsea(model.chi2, model.df, total / groups)
    log_likelihood = _measure_log_likelihood(samples) - model.chi2 / 2
    free = groups * variables * (variables + 1) // 2 - model.df
    if any(np.any(group.means >= 0) for group in model.layout.groups):
        free += groups * variables
    return FactorFit(
        chi2=model.chi2,
        pvalue=float(chi2_law.sf(model.chi2, model.df)),
        df=model.df,
        baseline_chi2=baseline,
        cfi=_measure_cfi(model, baseline, baseline_df),
        tli=_measure_tli(model, baseline, baseline_df),
        rmsea=rmsea[0],
        rmsea_lower=rmsea[1],
        rmsea_upper=rmsea[2],
        srmr=measure_residuals(model, samples)[1],
        log_likelihood=log_likelihood,
        aic=2 * free - 2 * log_likelihood,
        bic=free * float(np.log(total)) - 2 * log_likelihood,
    )


def measure_residuals(
    model: FactorModel, samples: Sequence[SampleMoments]
) -> tuple[_Floats, float]:
    """Measure what correlations the model leaves over.

    Parameters
    ----------
    model : FactorModel
        The model.
    samples : sequence of SampleMoments
        Moments that it was fitted to.

    Returns
    -------
    residuals : numpy.ndarray, shape (groups, variables, variables)
        Covariances less implied ones, over the product of deviations.
    srmr : float
        Root mean square of each group's lower triangle, averaged by rows.
    """
    residuals, squares = [], []
    for sample, implied in zip(samples, model.implied, strict=True):
        deviation = np.sqrt(np.diag(sample.covariance))
        left = sample.covariance - implied.covariance
        residuals.append(left / np.outer(deviation, deviation))
        triangle = np.tril_indices(len(deviation))
        squares.append(float((residuals[-1][triangle] ** 2).mean() ** 0.5))
    sizes = [sample.nobs for sample in samples]
    return np.array(residuals), float(np.average(squares, weights=sizes))


def compare_groups(
    samples: Sequence[SampleMoments], factors: Sequence[int]
) -> Invariance:
    """Test whether groups measure alike, step by step.

    Parameters
    ----------
    samples : sequence of SampleMoments
        Moments by group.
    factors : sequence of int, length variables
        Factor of each variable, from 0.

    Returns
    -------
    Invariance
        Models and what each step costs.

    References
    ----------
    .. [1] Meredith (1993), Measurement invariance, factor analysis and factorial
       invariance, Psychometrika 58; Cheung and Rensvold (2002), Structural Equation
       Modeling 9; Satorra and Bentler (2001), A scaled difference chi-square test
       statistic for moment structure analysis, Psychometrika 66, equation 14.
    """
    configural = fit_factors(samples, factors)
    metric = fit_factors(samples, factors, shared="loadings")
    scalar = fit_factors(samples, factors, shared="intercepts")
    return Invariance(
        (configural, metric, scalar),
        _compare(metric, configural, samples),
        _compare(scalar, metric, samples),
    )


def _compare(
    strict: FactorModel, loose: FactorModel, samples: Sequence[SampleMoments]
) -> InvarianceStep:
    df = strict.df - loose.df
    rise = max(strict.chi2 - loose.chi2, 0.0)
    loose_spread = loose.df * loose.scaling if loose.df else 0.0
    scaling = (strict.df * strict.scaling - loose_spread) / df
    if np.isfinite(scaling) and scaling > 0:
        rise /= scaling
    baseline = sum(_measure_baseline(sample) for sample in samples)
    variables = len(samples[0].mean)
    baseline_df = len(samples) * variables * (variables - 1) // 2
    loss = _measure_cfi(loose, baseline, baseline_df)
    loss -= _measure_cfi(strict, baseline, baseline_df)
    return InvarianceStep(rise, df, float(chi2_law.sf(rise, df)), loss)


def _measure_baseline(sample: SampleMoments) -> float:
    logs = np.log(np.diag(sample.covariance)).sum()
    return float(sample.nobs * (logs - np.linalg.slogdet(sample.covariance)[1]))


def _measure_cfi(model: FactorModel, baseline: float, baseline_df: int) -> float:
    excess = max(model.chi2 - model.df, 0.0)
    worst = max(baseline - baseline_df, excess)
    return 1 - excess / worst if worst > 0 else 1.0


def _measure_tli(model: FactorModel, baseline: float, baseline_df: int) -> float:
    if model.df == 0:
        return 1.0
    worst = baseline / baseline_df
    return (worst - model.chi2 / model.df) / (worst - 1)


def _measure_rmsea(chi2: float, df: int, nobs: float) -> tuple[float, float, float]:
    """Give RMSEA and its 90 % interval; zero where nothing is left to test."""
    if df == 0:
        return 0.0, 0.0, 0.0
    excess = max(chi2 - df, 0.0)
    ends = [_find_noncentrality(chi2, df, level) for level in (0.95, 0.05)]
    low, high = ((end / (df * nobs)) ** 0.5 for end in ends)
    return (excess / (df * nobs)) ** 0.5, low, high


def _find_noncentrality(chi2: float, df: int, level: float) -> float:
    """Find the noncentrality under which a smaller statistic has this chance."""
    if chi2_law.cdf(chi2, df) < level:
        return 0.0
    high = chi2
    while ncx2.cdf(chi2, df, high) > level:
        high *= 2
    return float(brentq(_miss_level, 1e-12, high, args=(chi2, df, level)))


def _measure_log_likelihood(samples: Sequence[SampleMoments]) -> float:
    """Give the normal log-likelihood of free moments."""
    total = 0.0
    for sample in samples:
        variables = len(sample.mean)
        log_free = np.linalg.slogdet(sample.covariance)[1]
        constant = variables * (1 + np.log(2 * np.pi))
        total -= sample.nobs * (constant + log_free) / 2
    return float(total)


def _miss_level(at: float, chi2: float, df: int, level: float) -> float:
    return float(ncx2.cdf(chi2, df, at)) - level
