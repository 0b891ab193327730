"""A panel with its fixed effects taken off, and its clustered variances.

Rows may stand for several units with the same regressors: an outcome averaged over
them, weighted by their number, gives the estimate of the single units exactly. Two
sets of effects are solved for at once, not by turns, so that nothing is left to a
tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.two_way_effects import (
    Floats,
    count_free_levels,
    leave_out_lone,
    take_off_effects,
)

MINIMUM_CLUSTERS = 2
"""Fewest clusters for which a variance exists at all; a verdict asks for more."""

_LARGEST_CONDITION = 1e10
_LEFT_OVER = 1e-16
"""Share of a column's squares below which the effects explain all of it."""


class AbsorbedPanel:
    """Columns with the effects taken off, and how errors may depend on each other.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units and period, with `outcome` (mean over the units),
        `weight` (number of units), the columns, effects and cluster. Rows with a
        missing value are left out, and rows that are alone at a level of an effect.
    columns : sequence of str
        What is needed beside the outcome.
    effects : sequence of str
        Columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    nobs : int or None
        Units times periods, where the weights do not count them; None where they do.

    Attributes
    ----------
    outcome : numpy.ndarray, shape (rows,)
        The outcome with the effects taken off.
    codes : numpy.ndarray, shape (rows,)
        Number of the cluster.
    index : pandas.Index
        Labels of the rows that were not left out.
    weights : numpy.ndarray, shape (rows,)
        Units behind a row.
    explained : tuple of str
        Columns of which the effects leave nothing.
    clusters : pandas.Index
        Names of the clusters, in the order of their numbers.
    nobs, n_clusters : int
        Units times periods; clusters.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, or not one or two effects.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        columns: Sequence[str],
        *,
        effects: Sequence[str],
        cluster: str,
        nobs: int | None = None,
    ) -> None:
        names = list(dict.fromkeys([*columns, *effects, cluster]))
        complete = leave_out_lone(rows[["outcome", "weight", *names]].dropna(), effects)
        self.index = complete.index
        self.weights = complete["weight"].to_numpy(float)
        self.nobs = int(self.weights.sum()) if nobs is None else nobs
        self.codes, self.clusters = pd.factorize(complete[cluster])
        self.n_clusters = len(self.clusters)
        if self.n_clusters < MINIMUM_CLUSTERS:
            message = (
                f"A panel must have two or more clusters {cluster!r}, not "
                f"{self.n_clusters}."
            )
            raise ValueError(message)
        self._levels = [pd.factorize(complete[name])[0] for name in effects]
        values = complete[["outcome", *columns]].to_numpy(float)
        left = self.absorb(values)
        self.outcome = left[:, 0]
        self._columns = dict(zip(columns, left[:, 1:].T, strict=True))
        self.explained = _find_explained(columns, values, left, self.weights)
        self._n_effects = count_free_levels(self._levels, self.codes)

    def absorb(self, values: Floats) -> Floats:
        """Take the effects off further columns.

        Parameters
        ----------
        values : numpy.ndarray, shape (rows, any)
            Columns of the rows that were not left out.

        Returns
        -------
        numpy.ndarray, shape (rows, any)
            What the effects leave.
        """
        return take_off_effects(values, self._levels, self.weights)

    def take(self, names: Sequence[str]) -> Floats:
        """Give columns side by side.

        Parameters
        ----------
        names : sequence of str
            Some of the columns.

        Returns
        -------
        numpy.ndarray, shape (rows, names)
            Without columns if there are no names.
        """
        chosen = [self._columns[name] for name in names]
        return np.column_stack(chosen) if chosen else np.empty((len(self.codes), 0))

    def cross(self, left: Floats, right: Floats) -> Floats:
        """Give the weighted products of two blocks of columns.

        Parameters
        ----------
        left, right : numpy.ndarray, shape (rows, any)
            The blocks.

        Returns
        -------
        numpy.ndarray, shape (left columns, right columns)
            Sums over the rows.
        """
        product: Floats = (left * self.weights[:, None]).T @ right
        return product

    def regress(self, on: Floats, block: Floats) -> Floats:
        """Give the weighted least-squares coefficients of a block on another.

        Parameters
        ----------
        on, block : numpy.ndarray, shape (rows, any)
            Regressors, and what is regressed.

        Returns
        -------
        numpy.ndarray, shape (on columns, block columns)
            Coefficients.

        Raises
        ------
        ValueError
            If the regressors can't be told apart.
        """
        squares = self.cross(on, on)
        size: Floats = np.sqrt(np.diag(squares))
        if np.linalg.cond(squares / np.outer(size, size)) > _LARGEST_CONDITION:
            raise ValueError("Regressors of a panel must not explain each other.")
        return np.asarray(np.linalg.solve(squares, self.cross(on, block)))

    def sum_scores(self, columns: Floats) -> Floats:
        """Sum columns over the units of each cluster.

        Parameters
        ----------
        columns : numpy.ndarray, shape (rows, any)
            Products of regressors and residuals.

        Returns
        -------
        numpy.ndarray, shape (clusters, columns)
            Totals.
        """
        weighted = columns * self.weights[:, None]
        totals = [
            np.bincount(self.codes, column, minlength=self.n_clusters)
            for column in weighted.T
        ]
        return np.column_stack(totals)

    def spread(
        self, regressors: Floats, residuals: Floats, *, n_beside: int = 0
    ) -> Floats:
        """Give the clustered covariance of coefficients.

        Parameters
        ----------
        regressors : numpy.ndarray, shape (rows, coefficients)
            What the outcome was regressed on.
        residuals : numpy.ndarray, shape (rows,)
            What is left of it.
        n_beside : int
            Further coefficients that were estimated.

        Returns
        -------
        numpy.ndarray, shape (coefficients, coefficients)
            The sandwich with the usual small-sample factor.
        """
        moved = self.influence(regressors, residuals, n_beside=n_beside)
        covariance: Floats = moved.T @ moved
        return covariance

    def influence(
        self, regressors: Floats, residuals: Floats, *, n_beside: int = 0
    ) -> Floats:
        """Give how far each cluster moves coefficients.

        Parameters
        ----------
        regressors : numpy.ndarray, shape (rows, coefficients)
            What the outcome was regressed on.
        residuals : numpy.ndarray, shape (rows,)
            What is left of it.
        n_beside : int
            Further coefficients that were estimated.

        Returns
        -------
        numpy.ndarray, shape (clusters, coefficients)
            Products summed over clusters are the covariance of `spread`; with another
            panel's, over the clusters that both have, that between their coefficients.
        """
        bread = np.linalg.inv(self.cross(regressors, regressors))
        scores = self.sum_scores(regressors * residuals[:, None])
        factor = self.correct(regressors.shape[1] + n_beside)
        moved: Floats = scores @ bread * factor**0.5
        return moved

    def name_clusters(self, moved: Floats) -> pd.Series[Any]:
        """Give a coefficient's influences by the name of the cluster.

        Parameters
        ----------
        moved : numpy.ndarray, shape (clusters, coefficients)
            As `influence` gives it.

        Returns
        -------
        pandas.Series of dict
            One per coefficient.
        """
        columns = [zip(self.clusters, each, strict=True) for each in moved.T.tolist()]
        return pd.Series(list(map(dict, columns)), dtype=object)

    def correct(self, n_coefficients: int) -> float:
        """Give the small-sample factor of a clustered variance.

        Parameters
        ----------
        n_coefficients : int
            Coefficients estimated beside the effects.

        Returns
        -------
        float
            Effects that lie within clusters do not count, as in pyfixest.
        """
        clusters = self.n_clusters / (self.n_clusters - 1)
        left = self.nobs - n_coefficients - self._n_effects
        return clusters * (self.nobs - 1) / left

    def tidy(
        self,
        terms: Sequence[str],
        coefficients: Floats,
        covariance: Floats,
        confidence_level: float,
    ) -> pd.DataFrame:
        """Lay out coefficients with their intervals.

        Parameters
        ----------
        terms : sequence of str
            Their names.
        coefficients : numpy.ndarray, shape (terms,)
            Estimates.
        covariance : numpy.ndarray, shape (terms, terms)
            As `spread` gives it.
        confidence_level : float
            Share of such intervals that hold the truth.

        Returns
        -------
        pandas.DataFrame
            One row per term: `term`, `estimate`, `std_error`, `lower`, `upper`,
            `pvalue`, `nobs`, `clusters`; Student's t with clusters - 1 degrees of
            freedom.
        """
        errors = np.sqrt(np.diag(covariance))
        degrees = self.n_clusters - 1
        reach = float(stats.t.ppf(0.5 + confidence_level / 2, degrees))
        return pd.DataFrame(
            {
                "term": list(terms),
                "estimate": coefficients,
                "std_error": errors,
                "lower": coefficients - reach * errors,
                "upper": coefficients + reach * errors,
                "pvalue": 2 * stats.t.sf(np.abs(coefficients / errors), degrees),
                "nobs": self.nobs,
                "clusters": self.n_clusters,
            }
        )


def _find_explained(
    columns: Sequence[str], values: Floats, left: Floats, weights: Floats
) -> tuple[str, ...]:
    squares = weights @ left[:, 1:] ** 2
    middle = weights @ values[:, 1:] / weights.sum()
    scale = weights @ (values[:, 1:] - middle) ** 2 + weights.sum() * middle**2
    explained = squares <= _LEFT_OVER * scale
    return tuple(
        name for name, nothing in zip(columns, explained, strict=True) if nothing
    )
