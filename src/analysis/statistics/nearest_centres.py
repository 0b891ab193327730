"""Divide points into groups around centres (k-means), and say which centre is nearest.

Points are rows of numbers on comparable scales; nothing here scales them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import ClusterError, kmeans2

from analysis.statistics.paired_bootstrap import Floats

Labels = NDArray[np.int64]

_ITERATIONS = 25
_POINTS_AT_A_TIME = 100_000


def fit_centres(
    points: Floats,
    n_clusters: int,
    *,
    generator: np.random.Generator,
    n_starts: int = 5,
) -> Floats:
    """Find the centres with the smallest sum of squared distances, from several starts.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Points on comparable scales.
    n_clusters : int
        How many centres.
    generator : numpy.random.Generator
        Where the starts come from (k-means++).
    n_starts : int
        Starts of which the best is kept.

    Returns
    -------
    ndarray of float, shape (n_clusters, n_features)
        Centres.

    Raises
    ------
    ValueError
        If every start ends with a group that nothing is near to: the points then have
        too few different values.

    References
    ----------
    .. [1] Lloyd (1982), Least squares quantization in PCM, IEEE Transactions on
       Information Theory 28; starts by Arthur and Vassilvitskii (2007), k-means++.
    """
    fits = [_fit_once(points, n_clusters, generator) for _ in range(n_starts)]
    found = [fit for fit in fits if fit is not None]
    if not found:
        message = (
            f"Points must form {n_clusters} groups that are not empty; "
            f"{len(points)} points have too few different values."
        )
        raise ValueError(message)
    return min(found, key=lambda centres: sum_within(points, centres))


def assign_nearest(points: Floats, centres: Floats) -> Labels:
    """Say which centre is nearest to each point.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Any number of points: they are taken in parts.
    centres : ndarray of float, shape (n_clusters, n_features)
        Centres.

    Returns
    -------
    ndarray of int, shape (n_points,)
        Position of the nearest centre; the first of equally near ones.
    """
    parts = range(0, max(len(points), 1), _POINTS_AT_A_TIME)
    return np.concatenate(
        [
            _measure_distances(points[at : at + _POINTS_AT_A_TIME], centres).argmin(1)
            for at in parts
        ]
    )


def sum_within(points: Floats, centres: Floats) -> float:
    """Sum the squared distances of points from their nearest centres.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Points.
    centres : ndarray of float, shape (n_clusters, n_features)
        Centres.

    Returns
    -------
    float
        In the squared unit of the points.
    """
    squares = (points**2).sum()
    return float(squares + _measure_distances(points, centres).min(axis=1).sum())


def _fit_once(
    points: Floats, n_clusters: int, generator: np.random.Generator
) -> Floats | None:
    """Fit from one start; None where a group ran empty."""
    try:
        # Where all points are centres already, chances of the next are 0 by 0; the
        # centre drawn then is one of them, and a group that runs empty.
        with np.errstate(invalid="ignore"):
            centres, _ = kmeans2(
                points,
                n_clusters,
                iter=_ITERATIONS,
                minit="++",
                missing="raise",
                rng=generator,
            )
    except ClusterError:
        return None
    found: Floats = centres
    return found


def _measure_distances(points: Floats, centres: Floats) -> Floats:
    """Measure squared distances, less each point's own square."""
    distances: Floats = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return distances
