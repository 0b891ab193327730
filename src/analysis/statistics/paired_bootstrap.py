"""Resample the same units jointly over several periods, at any number of units.

Units are drawn whole, with what they were in every period, so that a change between
two periods keeps the units' own correlation. With more units than groups, units are
put into random groups of equal size and the groups are drawn: the cost no longer
depends on the number of units, and totals of any kind follow from one product of
matrices. Row 0 of every array of replicates is the sample itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BootstrapEstimate:
    """An estimate and the ends of its percentile interval, in the estimate's unit.

    Parameters
    ----------
    estimate : float
        Value in the sample itself.
    lower, upper : float
        Ends of the interval; they never leave the estimate outside.
    """

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, eq=False)
class BootstrapDraws:
    """Which group each unit is in, and how often each draw holds each group.

    Parameters
    ----------
    group : ndarray of int, shape (n_units,)
        Group of each unit.
    weights : ndarray of float, shape (1 + n_draws, n_groups)
        Times that a draw holds a group; ones in row 0, the sample itself.
    """

    group: NDArray[np.int64]
    weights: Floats

    def keep(self, units: Flags) -> BootstrapDraws:
        """Give the draws of some of the units only.

        Parameters
        ----------
        units : ndarray of bool, shape (n_units,)
            Which units are kept.

        Returns
        -------
        BootstrapDraws
            The same draws for those units.
        """
        return BootstrapDraws(self.group[units], self.weights)

    def place(
        self, units: NDArray[np.int64], *, generator: np.random.Generator
    ) -> BootstrapDraws:
        """Give the draws of units of another period, many of them the same.

        Parameters
        ----------
        units : ndarray of int, shape (n_units,)
            Place of each among the units drawn here; -1 for who is not among them.
        generator : numpy.random.Generator
            Where chance comes from.

        Returns
        -------
        BootstrapDraws
            A unit that is known is drawn as often as here; others are spread over the
            groups at random, evenly.
        """
        unknown = units < 0
        n_groups = self.weights.shape[1]
        spread = generator.permutation(np.arange(int(unknown.sum())) % n_groups)
        group = np.where(unknown, 0, self.group[units])
        group[unknown] = spread
        return BootstrapDraws(group, self.weights)

    def total(
        self,
        values: NDArray[np.generic],
        *,
        cell: NDArray[np.int64] | None = None,
        n_cells: int = 1,
    ) -> Floats:
        """Total a value in every draw, cell by cell.

        Parameters
        ----------
        values : ndarray, shape (n_units,)
            What is added up.
        cell : ndarray of int, shape (n_units,), or None
            Cell of each unit, from 0; None puts all into one.
        n_cells : int
            How many cells there are.

        Returns
        -------
        ndarray of float, shape (1 + n_draws, n_cells)
            Totals; row 0 is the sample's own.
        """
        place = self.group * n_cells + (0 if cell is None else cell)
        n_groups = self.weights.shape[1]
        sums = np.bincount(place, weights=values, minlength=n_groups * n_cells)
        return self.weights @ sums.reshape(n_groups, n_cells)


def draw_units(
    n_units: int,
    *,
    n_draws: int,
    generator: np.random.Generator,
    n_groups: int = 1000,
) -> BootstrapDraws:
    """Draw units with replacement, or random groups of them when they are many.

    Parameters
    ----------
    n_units : int
        Units in the sample.
    n_draws : int
        Bootstrap samples.
    generator : numpy.random.Generator
        Where chance comes from.
    n_groups : int
        Most groups drawn from. With `n_units` at most this many, every unit is its
        own group and the result is the ordinary bootstrap; with more, the spread
        itself is known to about 1 / sqrt(2 * n_groups).

    Returns
    -------
    BootstrapDraws
        Draws of the same units for any number of values.

    Raises
    ------
    ValueError
        If there are fewer than two units.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 6, 13.
    .. [2] Wolter (2007), Introduction to Variance Estimation, ch. 2 (random groups).
    """
    if n_units < 2:
        message = f"A bootstrap must have at least 2 units, not {n_units}."
        raise ValueError(message)
    n_drawn = min(n_units, n_groups)
    group = np.arange(n_units, dtype=np.int64) % n_drawn
    if n_units > n_groups:
        group = generator.permutation(group)
    drawn = generator.multinomial(n_drawn, np.full(n_drawn, 1 / n_drawn), size=n_draws)
    weights = np.vstack([np.ones(n_drawn), drawn.astype(np.float64)])
    return BootstrapDraws(group, weights)


def summarise(replicates: Floats, *, confidence_level: float) -> BootstrapEstimate:
    """Give the estimate and its percentile interval.

    Parameters
    ----------
    replicates : ndarray of float, shape (1 + n_draws,)
        Row 0 is the sample itself.
    confidence_level : float
        Share of such intervals that should hold the truth.

    Returns
    -------
    BootstrapEstimate
        Percentile interval, widened to the estimate where skew leaves it outside.
        Draws in which the value is missing are left out.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An Introduction to the Bootstrap, eq. 13.5.
    """
    tail = (1 - confidence_level) / 2
    estimate = float(replicates[0])
    lower, upper = np.nanquantile(replicates[1:], [tail, 1 - tail])
    return BootstrapEstimate(
        estimate, min(float(lower), estimate), max(float(upper), estimate)
    )
