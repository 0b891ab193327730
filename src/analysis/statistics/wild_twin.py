"""Redraw a panel with a known response, all else as it is, and estimate it again.

A twin keeps the panel's rows, weights, effects and instruments. What the instruments do
not explain of each regressor, and what the estimate does not explain of the outcome,
changes its sign together in a cluster, for all of its periods, with chance one half.
How regressors answer to the outcome, how errors go together in time and between units,
and how strong the instruments are stay as they were. The response that the twin was
made with is known, so that bias, error and coverage of an estimator can be read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.two_way_effects import Floats


def draw_twins(  # noqa: PLR0913 - the parts of the model that is redrawn
    rows: pd.DataFrame,
    *,
    endogenous: Sequence[str],
    instruments: Sequence[str],
    effects: Sequence[str],
    cluster: str,
    draws: int,
    rng: np.random.Generator,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the first response again on twins that were made with it.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `estimate_instrumented_effects`.
    endogenous, instruments : sequence of str
        As many of one as of the other; the same columns where regressors are their own
        instruments.
    effects : sequence of str
        Columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    draws : int
        Twins.
    rng : numpy.random.Generator
        Draws the signs.
    confidence_level : float
        Share of intervals that should hold the truth.

    Returns
    -------
    pandas.DataFrame
        One row per twin: `draw`, `truth` (the response planted: the estimate on the
        panel), `estimate`, `lower`, `upper` as two-stage least squares gives them on
        the twin, and `naive`, `naive_lower`, `naive_upper`: least squares without
        instruments, with the error that it reports on the panel. Empty where the
        effects explain a column.

    Raises
    ------
    ValueError
        If there is not one instrument for each regressor, or two columns can't be told
        apart.

    References
    ----------
    .. [1] Davidson and MacKinnon (2010), Wild bootstrap tests for IV regression,
       J. Business & Economic Statistics 28, section 3: residuals of both stages change
       their sign together.
    .. [2] Cameron, Gelbach and Miller (2008), Bootstrap-based improvements for
       inference with clustered errors, Review of Economics and Statistics 90, section
       III: one sign for a cluster.
    """
    if len(endogenous) != len(instruments):
        message = (
            f"A twin needs one instrument for each regressor, not {len(instruments)} "
            f"for {len(endogenous)}."
        )
        raise ValueError(message)
    columns = list(dict.fromkeys([*endogenous, *instruments]))
    panel = AbsorbedPanel(rows, columns, effects=effects, cluster=cluster)
    if panel.explained:
        return pd.DataFrame()
    pieces = _Pieces.cut(panel, panel.take(endogenous), panel.take(instruments))
    signs = rng.choice([-1.0, 1.0], (draws, panel.n_clusters))
    found = [pieces.estimate(sign, panel, confidence_level) for sign in signs]
    return pd.DataFrame(found).assign(draw=range(draws), truth=pieces.planted[0])


_MOST_NUMBERS = 20_000_000
"""Numbers that the effects are taken off at once."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """All that a twin's estimates need, sign by sign.

    `moments` holds what the instruments sum to within each cluster (of the sum) with
    the fixed part of the regressors, and with what each cluster (of the sign) adds to
    regressors and outcome. `squares` and `products` are sums over all rows of the
    first regressor with itself and with the outcome.
    """

    planted: Floats
    instruments: Floats
    fixed: Floats
    of_regressors: Floats
    of_errors: Floats
    naive: tuple[Floats, Floats, float]

    @classmethod
    def cut(
        cls, panel: AbsorbedPanel, regressors: Floats, instruments: Floats
    ) -> _Pieces:
        fitted = instruments @ panel.regress(instruments, regressors)
        planted = panel.regress(fitted, panel.outcome[:, None])[:, 0]
        left = np.column_stack(
            [regressors - fitted, panel.outcome - regressors @ planted]
        )
        parts = _split(panel, left)
        moments = np.stack([_sum_by_cluster(panel, instruments, p) for p in parts])
        n_regressors = regressors.shape[1]
        return cls(
            planted=planted,
            instruments=panel.cross(instruments, instruments),
            fixed=_sum_by_cluster(panel, instruments, fitted),
            of_regressors=moments[..., :n_regressors],
            of_errors=moments[..., n_regressors],
            naive=_measure_naive(panel, regressors, fitted, parts, planted),
        )

    def estimate(
        self, sign: Floats, panel: AbsorbedPanel, confidence_level: float
    ) -> dict[str, float]:
        """Estimate on the twin of these signs."""
        with_regressors = self.fixed + np.tensordot(sign, self.of_regressors, 1)
        with_errors = np.tensordot(sign, self.of_errors, 1)
        with_outcome = with_regressors @ self.planted + with_errors
        first = with_regressors.sum(axis=0)
        response = np.linalg.solve(first, with_outcome.sum(axis=0))
        moved = np.linalg.solve(self.instruments, first)
        scores = (with_outcome - with_regressors @ response) @ moved
        bread = np.linalg.inv(moved.T @ self.instruments @ moved)
        variance = bread @ (scores.T @ scores) @ bread * panel.correct(len(response))
        level = 0.5 + confidence_level / 2
        reach = float(stats.t.ppf(level, panel.n_clusters - 1))
        far = reach * float(variance[0, 0]) ** 0.5
        squares, products, error = self.naive
        whole = np.concatenate([[1.0], sign])
        own = float(whole @ squares @ whole)
        naive = self.planted[0] + float(whole @ products @ whole) / own
        return {
            "estimate": response[0],
            "lower": response[0] - far,
            "upper": response[0] + far,
            "naive": naive,
            "naive_lower": naive - reach * error,
            "naive_upper": naive + reach * error,
        }


def _split(panel: AbsorbedPanel, left: Floats) -> Floats:
    """Give what each cluster adds to columns, effects off: cluster x row x column."""
    at_once = max(_MOST_NUMBERS // left.size, 1)
    chunks = [
        range(start, min(start + at_once, panel.n_clusters))
        for start in range(0, panel.n_clusters, at_once)
    ]
    parts = []
    for chunk in chunks:
        is_in = panel.codes[:, None] == np.array(chunk)
        alone = is_in[:, :, None] * left[:, None, :]
        taken = panel.absorb(alone.reshape(len(left), -1))
        parts.append(taken.reshape(alone.shape).transpose(1, 0, 2))
    return np.concatenate(parts)


def _sum_by_cluster(panel: AbsorbedPanel, left: Floats, right: Floats) -> Floats:
    """Sum products of two blocks of columns within clusters: cluster x left x right."""
    products = left[:, :, None] * right[:, None, :]
    sums = panel.sum_scores(products.reshape(len(left), -1))
    return sums.reshape(panel.n_clusters, left.shape[1], right.shape[1])


def _measure_naive(
    panel: AbsorbedPanel,
    regressors: Floats,
    fitted: Floats,
    parts: Floats,
    planted: Floats,
) -> tuple[Floats, Floats, float]:
    """Give what least squares on the first regressor alone needs, and its error.

    Twin by twin the regressor is a sum of its fixed part and of each cluster's, by
    sign; so is what is beside it in the outcome: other regressors and errors.
    """
    own = np.column_stack([fitted[:, 0], *parts[:, :, 0]])
    effects = np.append(planted[1:], 1.0)
    beside = np.column_stack(
        [fitted[:, 1:] @ planted[1:], *(parts[:, :, 1:] @ effects)]
    )
    first = regressors[:, :1]
    response = panel.regress(first, panel.outcome[:, None])
    left = panel.outcome - (first @ response)[:, 0]
    error = float(panel.spread(first, left)[0, 0]) ** 0.5
    return panel.cross(own, own), panel.cross(own, beside), error
