"""Where the parameters of a factor model with simple structure stand.

Matrices of a group are filled from one vector of free parameters; what groups share
stands in the same place of the vector. The first variable of each factor has loading 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.sample_moments import SampleMoments

_Floats = NDArray[np.float64]
_Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Implied:
    """Moments that follow from a model.

    Parameters
    ----------
    mean : numpy.ndarray, shape (variables,)
        Means.
    covariance : numpy.ndarray, shape (variables, variables)
        Covariances.
    """

    mean: _Floats
    covariance: _Floats


@dataclass(frozen=True, slots=True)
class Matrices:
    """The matrices of one group.

    Parameters
    ----------
    pattern : numpy.ndarray, shape (variables, factors)
        Loadings.
    intercepts, unique : numpy.ndarray, shape (variables,)
        Intercepts and unique variances.
    covariance : numpy.ndarray, shape (factors, factors)
        Covariances of the factors.
    means : numpy.ndarray, shape (factors,)
        Means of the factors.
    """

    pattern: _Floats
    intercepts: _Floats
    unique: _Floats
    covariance: _Floats
    means: _Floats

    @property
    def loadings(self) -> _Floats:
        """Loading of each variable on its factor."""
        return np.asarray(self.pattern.sum(axis=1))


@dataclass(frozen=True, slots=True)
class GroupLayout:
    """Places of one group's parameters, -1 where fixed.

    Parameters
    ----------
    factors : numpy.ndarray of int, shape (variables,)
        Factor of each variable.
    loadings, intercepts, unique : numpy.ndarray of int, shape (variables,)
        Places; a fixed loading is 1.
    covariance : numpy.ndarray of int, shape (factors, factors)
        Places, symmetric.
    means : numpy.ndarray of int, shape (factors,)
        Places; a fixed mean is 0.
    """

    factors: _Places
    loadings: _Places
    intercepts: _Places
    unique: _Places
    covariance: _Places
    means: _Places

    @property
    def parameters(self) -> _Places:
        """Places of this group's parameters in the order of `differentiate`."""
        triangle = self.covariance[np.tril_indices(len(self.covariance))]
        parts = [
            self.loadings[self.loadings >= 0],
            self.unique,
            triangle,
            self.intercepts,
            self.means[self.means >= 0],
        ]
        return np.concatenate(parts)

    def fill(self, values: _Floats) -> Matrices:
        """Fill the matrices.

        Parameters
        ----------
        values : numpy.ndarray, shape (parameters,)
            Free parameters.

        Returns
        -------
        Matrices
            Of this group.
        """
        pattern = np.zeros((len(self.factors), len(self.means)))
        loadings = np.where(self.loadings >= 0, values[self.loadings], 1.0)
        pattern[np.arange(len(pattern)), self.factors] = loadings
        return Matrices(
            pattern,
            values[self.intercepts],
            values[self.unique],
            values[self.covariance],
            np.where(self.means >= 0, values[self.means], 0.0),
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of all groups' parameters.

    Parameters
    ----------
    groups : tuple of GroupLayout
        One per group.
    size : int
        Number of free parameters.
    """

    groups: tuple[GroupLayout, ...]
    size: int


def lay_out(factors: _Places, groups: int, shared: str) -> Layout:
    """Give the parameters of all groups their places.

    Parameters
    ----------
    factors : numpy.ndarray of int, shape (variables,)
        Factor of each variable.
    groups : int
        Number of groups.
    shared : {"nothing", "loadings", "intercepts"}
        What groups have in common; intercepts include loadings.

    Returns
    -------
    Layout
        Places.
    """
    first = np.unique(factors, return_index=True)[1]
    free = ~np.isin(np.arange(len(factors)), first)
    made: list[GroupLayout] = []
    size = 0
    for number in range(groups):
        alike = made[0] if number and shared != "nothing" else None
        scalar = number > 0 and shared == "intercepts"
        loadings, size = _number(free, size, alike.loadings if alike else None)
        unique, size = _number(np.ones(len(factors), bool), size)
        triangle, size = _number(
            np.ones(len(first) * (len(first) + 1) // 2, bool), size
        )
        intercepts, size = _number(
            np.ones(len(factors), bool), size, made[0].intercepts if scalar else None
        )
        means, size = _number(np.full(len(first), scalar), size)
        covariance = _unstack(triangle, len(first))
        made.append(
            GroupLayout(factors, loadings, intercepts, unique, covariance, means)
        )
    return Layout(tuple(made), size)


def imply_moments(layout: Layout, values: _Floats) -> tuple[Implied, ...]:
    """Give the moments that parameters imply, by group.

    Parameters
    ----------
    layout : Layout
        Places.
    values : numpy.ndarray, shape (parameters,)
        Free parameters.

    Returns
    -------
    tuple of Implied
        One per group.
    """
    implied = []
    for group in layout.groups:
        held = group.fill(values)
        common = held.pattern @ held.covariance @ held.pattern.T
        mean = held.intercepts + held.pattern @ held.means
        implied.append(Implied(mean, common + np.diag(held.unique)))
    return tuple(implied)


def differentiate(group: GroupLayout, values: _Floats) -> tuple[_Floats, _Floats]:
    """Give the slopes of a group's implied moments.

    Parameters
    ----------
    group : GroupLayout
        Places.
    values : numpy.ndarray, shape (parameters,)
        Free parameters.

    Returns
    -------
    means : numpy.ndarray, shape (group parameters, variables)
        Slopes of the means, in the order of `GroupLayout.parameters`.
    covariances : numpy.ndarray, shape (group parameters, variables, variables)
        Slopes of the covariances.
    """
    held = group.fill(values)
    each = np.eye(len(group.factors))
    loaded = np.flatnonzero(group.loadings >= 0)
    across = held.covariance @ held.pattern.T
    by_loading = each[loaded][:, :, None] * across[group.factors[loaded]][:, None, :]
    by_unique = each[:, :, None] * each[:, None, :]
    rows, columns = np.tril_indices(len(held.means))
    left, right = held.pattern.T[rows], held.pattern.T[columns]
    by_factor = left[:, :, None] * right[:, None, :]
    off = (rows != columns)[:, None, None]
    moving = np.flatnonzero(group.means >= 0)
    covariances = np.concatenate(
        [
            by_loading + by_loading.transpose(0, 2, 1),
            by_unique,
            by_factor + off * by_factor.transpose(0, 2, 1),
            np.zeros((len(each) + len(moving), *each.shape)),
        ]
    )
    means = np.concatenate(
        [
            each[loaded] * held.means[group.factors[loaded]][:, None],
            np.zeros((len(each) + len(rows), len(each))),
            each,
            held.pattern.T[moving],
        ]
    )
    return means, covariances


def start_values(layout: Layout, samples: Sequence[SampleMoments]) -> _Floats:
    """Guess parameters from the samples' moments.

    Parameters
    ----------
    layout : Layout
        Places.
    samples : sequence of SampleMoments
        Moments by group.

    Returns
    -------
    numpy.ndarray, shape (parameters,)
        Loadings by relative deviations, factor covariances by mean covariances of
        their variables, made possible; half of each variance unique.
    """
    values, each = np.zeros(layout.size), np.arange(len(samples[0].mean))
    for sample, group in zip(reversed(samples), reversed(layout.groups), strict=True):
        deviation = np.sqrt(np.diag(sample.covariance))
        first = np.unique(group.factors, return_index=True)[1]
        ratio = deviation / deviation[first][group.factors]
        ratio *= np.where(sample.covariance[first[group.factors], each] < 0, -1.0, 1.0)
        free = group.loadings >= 0
        values[group.loadings[free]] = ratio[free]
        values[group.unique] = 0.5 * deviation**2
        values[group.intercepts] = sample.mean
        values[group.covariance] = _average(sample.covariance, ratio, group.factors)
    return values


def _number(
    free: NDArray[np.bool_], size: int, alike: _Places | None = None
) -> tuple[_Places, int]:
    """Place the free ones from `size` on, unless they stand where others do."""
    if alike is not None:
        return alike, size
    places = np.full(len(free), -1, dtype=np.intp)
    places[free] = size + np.arange(free.sum())
    return places, size + int(free.sum())


def _unstack(triangle: _Places, factors: int) -> _Places:
    places = np.empty((factors, factors), dtype=np.intp)
    rows, columns = np.tril_indices(factors)
    places[rows, columns] = places[columns, rows] = triangle
    return places


def _average(covariance: _Floats, ratio: _Floats, factors: _Places) -> _Floats:
    """Average covariances of variables over pairs of factors, leaving out variances."""
    member = (factors[:, None] == np.arange(factors.max() + 1)).astype(np.float64)
    scaled = covariance / np.outer(ratio, ratio)
    single = member.sum(axis=0) == 1
    np.fill_diagonal(scaled, np.where(single[factors], np.diag(scaled) / 2, 0.0))
    pairs = np.outer(member.sum(axis=0), member.sum(axis=0))
    pairs[np.diag_indices_from(pairs)] -= np.where(single, 0, member.sum(axis=0))
    held = member.T @ scaled @ member / pairs
    roots, vectors = np.linalg.eigh(held)
    return np.asarray((vectors * np.maximum(roots, 0.05 * roots[-1])) @ vectors.T)
