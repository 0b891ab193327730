"""Test whether doses around zero are answered less than larger ones, and up to where.

Beside the straight line stands a line that is flat within a band around zero. The band
is not known, so the largest F over all bands is compared with what chance makes of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.cluster_products import ClusterProducts
from analysis.statistics.resampling import cut_interval
from analysis.statistics.two_way_effects import Floats

_POWER = 0.8


@dataclass(frozen=True, slots=True)
class IndifferenceBand:
    """Doses around zero that are answered differently from larger ones.

    Parameters
    ----------
    width : float
        Half the band that fits best, in the unit of the dose.
    lower, upper : float
        Ends of its interval.
    inner_slope, outer_slope : float
        Slope of the answer within the band and beyond it.
    pvalue : float
        Of one straight line throughout.
    smallest_seen : float
        Smallest half band without any answer that would be found four times in five;
        infinite if none of those tried would.
    """

    width: float
    lower: float
    upper: float
    inner_slope: float
    outer_slope: float
    pvalue: float
    smallest_seen: float


def list_kinks(dose: Floats, widths: Floats) -> Floats:
    """Give the dose beyond each band: zero within, the rest outside.

    Parameters
    ----------
    dose : numpy.ndarray, shape (rows,)
        The dose.
    widths : numpy.ndarray, shape (bands,)
        Half of each band.

    Returns
    -------
    numpy.ndarray, shape (rows, bands)
        One column per band.
    """
    beyond = np.maximum(np.abs(dose)[:, None] - widths, 0.0)
    kinks: Floats = np.sign(dose)[:, None] * beyond
    return kinks


def find_indifference_band(  # noqa: PLR0913 - the parts of its test
    products: ClusterProducts,
    kinks: Sequence[str],
    widths: Floats,
    *,
    controls: Floats,
    rng: np.random.Generator,
    confidence_level: float = 0.95,
    draws: int = 499,
) -> IndifferenceBand:
    """Find the band that fits best, and test it against one straight line.

    Parameters
    ----------
    products : ClusterProducts
        Products of `outcome`, `dose` and the kinks.
    kinks : sequence of str
        Columns of `list_kinks`.
    widths : numpy.ndarray, shape (kinks,)
        Half of each band, rising.
    controls : numpy.ndarray, shape (columns, controls)
        What stands beside the dose, as sums of columns.
    rng : numpy.random.Generator
        Source of chance.
    confidence_level : float
        Share of intervals that hold the truth; the test errs as often as the rest.
    draws : int
        How often clusters are drawn again, and their errors turned round.

    Returns
    -------
    IndifferenceBand
        The p-value is that of the largest F when the errors of clusters are turned
        round at random; the interval of the width comes from clusters drawn again.

    References
    ----------
    .. [1] Hansen (1996), Inference when a nuisance parameter is not identified under
       the null hypothesis, Econometrica 64.
    .. [2] Hansen (2017), Regression kink with an unknown threshold, J. Business &
       Economic Statistics 35, equations 4 and 6.
    .. [3] Cameron, Gelbach and Miller (2008), Bootstrap-based improvements for
       inference with clustered errors, Review of Economics and Statistics 90.
    """
    linear = np.column_stack([products.pick(["dose"]), controls])
    block = products.pick(kinks)
    fit = _Kinks(products.total, linear, block, products.nobs)
    tests = fit.test(products.total @ products.pick(["outcome"]), fit.whole)
    best = int(np.argmax(tests))
    turned = _turn_errors(products, fit, rng, draws)
    chance = fit.test(turned, fit.rest).max(axis=0)
    drawn = np.array(
        [
            widths[
                np.argmax(_Kinks(total, linear, block, products.nobs).test_outcome())
            ]
            for total in products.draw_again(rng, draws)
        ]
    )
    ends = cut_interval(drawn, np.array(widths[best]), confidence_level)
    inner, change = fit.solve(best)
    critical = float(np.quantile(chance, confidence_level))
    return IndifferenceBand(
        width=float(widths[best]),
        lower=float(ends[0]),
        upper=float(ends[1]),
        inner_slope=inner,
        outer_slope=inner + change,
        pvalue=float((1 + (chance >= tests[best]).sum()) / (1 + len(chance))),
        smallest_seen=_find_smallest_seen(fit, turned, critical, widths),
    )


class _Kinks:
    """Least squares of line and kinks, from products of columns."""

    def __init__(self, total: Floats, linear: Floats, kinks: Floats, nobs: int) -> None:
        self.total, self.linear, self.kinks, self.nobs = total, linear, kinks, nobs
        self.whole = float(total[0, 0])
        met = linear.T @ total
        self._squares = met @ linear
        self._shares = np.linalg.solve(self._squares, met @ kinks)
        left = kinks - linear @ self._shares
        self.sizes = np.einsum("ij,ij->j", left, total @ left)
        self.left = left

    @property
    def coefficients(self) -> Floats:
        """Those of the straight line and controls."""
        return np.asarray(
            np.linalg.solve(self._squares, self.linear.T @ self.total[:, 0])
        )

    @property
    def rest(self) -> float:
        """Squares that the straight line leaves."""
        return self.whole - float(self.coefficients @ self.linear.T @ self.total[:, 0])

    def test(self, scores: Floats, whole: float) -> Floats:
        """Give F of each kink for outcomes with these products, shape (kinks, any)."""
        gained = (self.left.T @ scores) ** 2 / self.sizes[:, None]
        met = self.linear.T @ scores
        explained = np.einsum("ij,ij->j", met, np.linalg.solve(self._squares, met))
        rest = whole - explained - gained
        freedom = self.nobs - self.linear.shape[1] - 1
        tests: Floats = gained / rest * freedom
        return tests

    def test_outcome(self) -> Floats:
        """Give F of each kink."""
        return self.test(self.total[:, [0]], self.whole)[:, 0]

    def solve(self, place: int) -> tuple[float, float]:
        """Give the slope within a band, and what is added beyond."""
        change = float(self.left[:, place] @ self.total[:, 0] / self.sizes[place])
        inner = float(self.coefficients[0] - change * self._shares[0, place])
        return inner, change


def _turn_errors(
    products: ClusterProducts, fit: _Kinks, rng: np.random.Generator, draws: int
) -> Floats:
    """Give products of columns with errors whose sign is drawn for each cluster."""
    error = np.eye(len(products.names))[:, 0] - fit.linear @ fit.coefficients
    scores = products.by_cluster @ error
    signs = rng.choice([-1.0, 1.0], size=(draws, products.n_clusters))
    turned: Floats = (signs @ scores).T
    return turned


def _find_smallest_seen(
    fit: _Kinks, turned: Floats, critical: float, widths: Floats
) -> float:
    """Give the smallest band, flat within, that chance hides one time in five."""
    for place, width in enumerate(widths):
        kink = fit.kinks[:, [place]]
        alone = np.column_stack([kink, fit.linear[:, 1:]])
        squares = alone.T @ fit.total @ alone
        slope = float(np.linalg.solve(squares, alone.T @ fit.total[:, 0])[0])
        met = fit.total @ kink
        planted = turned + slope * met
        whole = fit.rest + slope**2 * float((kink.T @ met)[0, 0])
        # The errors' products with the planted answer average to nothing.
        seen = fit.test(planted, whole).max(axis=0) > critical
        if seen.mean() >= _POWER:
            return float(width)
    return math.inf
