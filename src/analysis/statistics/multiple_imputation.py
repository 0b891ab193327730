"""Fill gaps several times, and pool what is found in each filling.

Fillings are draws from a normal model whose parameters are drawn too, so that the
spread between them is what the gaps leave unknown. Nothing here knows what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as t_law

from analysis.statistics.missing_answers import Moments

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PooledEstimate:
    """An estimate over several fillings.

    Parameters
    ----------
    estimate, std_error : float
        Mean of the estimates, and the root of their total variance.
    lower, upper : float
        Ends of the t interval.
    within, between, total : float
        Mean variance in a filling, variance between fillings, and their sum.
    df : float
        Degrees of freedom; infinite where nothing differs and rows are many.
    relative_increase : float
        Rise of the variance owing to gaps.
    missing_information : float
        Share of information that the gaps cost, 0 to 1.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    within: float
    between: float
    total: float
    df: float
    relative_increase: float
    missing_information: float


def pool_estimates(
    estimates: _Floats,
    variances: _Floats,
    *,
    complete_df: float = np.inf,
    confidence_level: float = 0.95,
) -> PooledEstimate:
    """Pool estimates over fillings by Rubin's rules.

    Parameters
    ----------
    estimates, variances : numpy.ndarray, shape (fillings,)
        Estimate and squared standard error in each filling.
    complete_df : float
        Degrees of freedom if nothing were missing, such as rows less parameters.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    PooledEstimate
        With the degrees of freedom of Barnard and Rubin.

    Raises
    ------
    ValueError
        If there are fewer than two fillings.

    References
    ----------
    .. [1] Rubin (1987), Multiple Imputation for Nonresponse in Surveys, equations
       3.1.2 to 3.1.10; Barnard and Rubin (1999), Small-sample degrees of freedom with
       multiple imputation, Biometrika 86, equation 3.
    """
    fillings = len(estimates)
    if fillings < 2:
        message = f"Pooling must have at least two fillings, not {fillings}."
        raise ValueError(message)
    within, between = float(variances.mean()), float(estimates.var(ddof=1))
    extra = (1 + 1 / fillings) * between
    total = within + extra
    increase = extra / within
    df = _find_df(extra / total, fillings, complete_df)
    reach = float(t_law.ppf((1 + confidence_level) / 2, df)) * total**0.5
    centre = float(estimates.mean())
    return PooledEstimate(
        estimate=centre,
        std_error=total**0.5,
        lower=centre - reach,
        upper=centre + reach,
        within=within,
        between=between,
        total=total,
        df=df,
        relative_increase=increase,
        missing_information=(increase + 2 / (df + 3)) / (increase + 1),
    )


def impute_answers(
    answers: _Floats,
    moments: Moments,
    generator: np.random.Generator,
    *,
    fillings: int = 20,
    steps: int = 20,
) -> _Floats:
    """Fill the gaps several times with draws given what was answered.

    Each filling ends a chain of its own that starts at the moments: gaps are drawn
    given parameters, then parameters given filled answers, by turns.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN. Rows without any answer are filled, too.
    moments : Moments
        Maximum likelihood moments of the answers.
    generator : numpy.random.Generator
        Random numbers.
    fillings : int
        How many.
    steps : int
        Turns of each chain.

    Returns
    -------
    numpy.ndarray, shape (fillings, rows, variables)
        Filled answers; given ones are unchanged, drawn ones need not be whole.

    References
    ----------
    .. [1] Schafer (1997), Analysis of Incomplete Multivariate Data, section 5.4 (data
       augmentation for the normal model, with Jeffreys' prior).
    """
    filled = np.empty((fillings, *answers.shape))
    patterns = _list_patterns(answers)
    for number in range(fillings):
        mean, covariance = moments.mean, moments.covariance
        for _ in range(steps):
            filled[number] = _fill(answers, patterns, mean, covariance, generator)
            mean, covariance = _draw_parameters(filled[number], generator)
    return filled


def expect_answers(answers: _Floats, moments: Moments) -> _Floats:
    """Fill the gaps with what is expected given what was answered.

    Parameters
    ----------
    answers : numpy.ndarray, shape (rows, variables)
        Answers; a missing one is NaN.
    moments : Moments
        Maximum likelihood moments of the answers.

    Returns
    -------
    numpy.ndarray, shape (rows, variables)
        Filled answers. Their means are the likelihood's; they vary too little.
    """
    patterns = _list_patterns(answers)
    return _fill(answers, patterns, moments.mean, moments.covariance, None)


def _find_df(share: float, fillings: int, complete_df: float) -> float:
    between_df = (fillings - 1) / share**2 if share > 0 else np.inf
    if not np.isfinite(complete_df):
        return float(between_df)
    seen = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    return float(1 / (1 / between_df + 1 / seen))


def _list_patterns(
    answers: _Floats,
) -> list[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """List rows with gaps by what they hold."""
    held = np.isfinite(answers)
    kinds, members = np.unique(held, axis=0, return_inverse=True)
    return [
        (np.flatnonzero(members == number), kind)
        for number, kind in enumerate(kinds)
        if not kind.all()
    ]


def _fill(
    answers: _Floats,
    patterns: list[tuple[NDArray[np.intp], NDArray[np.bool_]]],
    mean: _Floats,
    covariance: _Floats,
    generator: np.random.Generator | None,
) -> _Floats:
    """Draw the gaps given parameters, or expect them without a generator."""
    filled = answers.copy()
    for rows, kind in patterns:
        gaps, held = np.flatnonzero(~kind), np.flatnonzero(kind)
        across = covariance[np.ix_(held, gaps)]
        slopes = np.linalg.solve(covariance[np.ix_(held, held)], across)
        centre = mean[gaps] + (answers[np.ix_(rows, held)] - mean[held]) @ slopes
        if generator is not None:
            left = covariance[np.ix_(gaps, gaps)] - across.T @ slopes
            noise = generator.standard_normal(centre.shape)
            centre = centre + noise @ np.linalg.cholesky(left).T
        filled[np.ix_(rows, gaps)] = centre
    return filled


def _draw_parameters(
    filled: _Floats, generator: np.random.Generator
) -> tuple[_Floats, _Floats]:
    """Draw means and covariances from their posterior given filled answers."""
    rows, variables = filled.shape
    centre = filled.mean(axis=0)
    products = (filled - centre).T @ (filled - centre)
    # Bartlett: the precision is Wishart with the inverse products as its scale.
    triangle = np.tril(generator.standard_normal((variables, variables)), -1)
    freedom = rows - 1 - np.arange(variables)
    np.fill_diagonal(triangle, np.sqrt(generator.chisquare(freedom)))
    root = np.linalg.solve(triangle, np.linalg.cholesky(products).T).T
    covariance = root @ root.T
    mean = centre + np.linalg.cholesky(covariance / rows) @ generator.standard_normal(
        variables
    )
    return mean, covariance
