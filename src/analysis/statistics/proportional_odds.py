"""Test whether one coefficient of a driver serves all cut points of ordered answers.

The score-free way is Brant's: logits of each cut point, fitted apart, are compared
with their joint covariance. The likelihood way frees coefficients and looks at the
gain. Neither knows what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2

from analysis.statistics.ordered_logit import OrderedLogit, fit_ordered_logit

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ParallelTest:
    """A chi-squared test of proportional odds.

    Parameters
    ----------
    statistic, pvalue : float
        Large statistic and small p-value: coefficients differ between cut points.
    degrees : int
        Degrees of freedom.
    """

    statistic: float
    pvalue: float
    degrees: int


@dataclass(frozen=True, slots=True)
class BrantTest:
    """Brant's test of all drivers, and of each.

    Parameters
    ----------
    omnibus : ParallelTest
        Of all drivers together.
    drivers : tuple of ParallelTest
        Of each driver.
    """

    omnibus: ParallelTest
    drivers: tuple[ParallelTest, ...]


def run_brant_test(
    outcome: _Floats, drivers: _Floats, weights: _Floats | None = None
) -> BrantTest:
    r"""Compare the logits of each cut point.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Ordered answers of three levels or more.
    drivers : numpy.ndarray, shape (rows, drivers)
        What explains them.
    weights : numpy.ndarray, shape (rows,), optional
        Counts; survey weights should have mean 1.

    Returns
    -------
    BrantTest
        Chi-squared tests.

    Raises
    ------
    ValueError
        If there are fewer than three levels, or a cut point's logit has no maximum.

    Notes
    -----
    Coefficients at cut points k < l covary by
    :math:`(X'W_{kk}X)^{-1} X'W_{kl}X (X'W_{ll}X)^{-1}` with
    :math:`W_{kl} = \pi_l - \pi_k \pi_l` and :math:`\pi_k` the fitted chance of an
    answer above k. That block is not symmetric; its mirror image is its transpose. The
    R package brant 0.3-0 fills both with the same block, so that its omnibus statistic
    is 4.342905 instead of 4.344259 on the UCLA data; its tests of single drivers are
    not touched.

    References
    ----------
    .. [1] Brant (1990), Assessing proportionality in the proportional odds model for
       ordinal logistic regression, Biometrics 46, section 3.
    """
    counts = np.ones(len(outcome)) if weights is None else np.asarray(weights, float)
    levels = np.unique(outcome[counts > 0])
    if len(levels) < 3:
        message = f"Brant's test needs three levels, not {levels.tolist()}."
        raise ValueError(message)
    fits = [
        fit_ordered_logit((outcome > level).astype(float), drivers, weights=counts)
        for level in levels[:-1]
    ]
    count = drivers.shape[1]
    slopes = np.concatenate([fit.coefficients[0] for fit in fits])
    covariance = _covary(fits, drivers, counts)
    contrast: _Floats = np.kron(_contrast(len(fits)), np.eye(count)).astype(np.float64)
    each = tuple(
        _test_contrast(slopes, covariance, contrast[driver::count])
        for driver in range(count)
    )
    return BrantTest(_test_contrast(slopes, covariance, contrast), each)


def run_likelihood_ratio_test(
    outcome: _Floats,
    drivers: _Floats,
    weights: _Floats | None = None,
    *,
    free: Sequence[int],
) -> ParallelTest:
    """Compare the likelihood with some coefficients freed to that with none.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Ordered answers of three levels or more.
    drivers : numpy.ndarray, shape (rows, drivers)
        What explains them.
    weights : numpy.ndarray, shape (rows,), optional
        Counts; survey weights should have mean 1.
    free : sequence of int
        Drivers that are freed.

    Returns
    -------
    ParallelTest
        Likelihood-ratio test.

    References
    ----------
    .. [1] Peterson and Harrell (1990), Partial proportional odds models for ordinal
       response variables, Applied Statistics 39.
    """
    parallel = fit_ordered_logit(outcome, drivers, weights=weights)
    loose = fit_ordered_logit(outcome, drivers, weights=weights, free=free)
    degrees = len(loose.estimates) - len(parallel.estimates)
    statistic = 2 * (loose.log_likelihood - parallel.log_likelihood)
    return ParallelTest(statistic, float(chi2.sf(statistic, degrees)), degrees)


def _covary(
    fits: Sequence[OrderedLogit], drivers: _Floats, weights: _Floats
) -> _Floats:
    """Lay out the joint covariance of coefficients, the constants left out."""
    rows = np.column_stack([np.ones(len(drivers)), drivers])
    chances = [expit(drivers @ fit.coefficients[0] - fit.cut_points[0]) for fit in fits]
    breads = [
        np.linalg.inv(rows.T @ ((weights * chance * (1 - chance))[:, None] * rows))
        for chance in chances
    ]
    count, cuts = drivers.shape[1], len(fits)
    blocks = np.empty((cuts, cuts, count, count))
    for one in range(cuts):
        for other in range(one, cuts):
            shared = weights * chances[other] * (1 - chances[one])
            block = breads[one] @ (rows.T @ (shared[:, None] * rows)) @ breads[other]
            blocks[one, other] = block[1:, 1:]
            blocks[other, one] = block[1:, 1:].T
    return blocks.transpose(0, 2, 1, 3).reshape(cuts * count, cuts * count)


def _contrast(cuts: int) -> _Floats:
    """Compare the first cut point with each other one."""
    return np.hstack([np.ones((cuts - 1, 1)), -np.eye(cuts - 1)])


def _test_contrast(
    slopes: _Floats, covariance: _Floats, contrast: _Floats
) -> ParallelTest:
    gaps = contrast @ slopes
    spread = contrast @ covariance @ contrast.T
    statistic = float(gaps @ np.linalg.solve(spread, gaps))
    return ParallelTest(statistic, float(chi2.sf(statistic, len(gaps))), len(gaps))
