"""How far two divisions of the same units into groups agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.nearest_centres import Labels
from analysis.statistics.paired_bootstrap import Floats


def match_groups(labels: Labels, others: Labels) -> Floats:
    """Give each group's Jaccard similarity with its most similar counterpart.

    Parameters
    ----------
    labels, others : ndarray of int, shape (n_points,)
        Group of each point in two divisions, from 0.

    Returns
    -------
    ndarray of float, shape (n_groups,)
        Size of the intersection over size of the union, the largest over `others`;
        0 for a group without points.

    References
    ----------
    .. [1] Hennig (2007), equation 1.
    """
    both = _cross(labels, others)
    union = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    similarity: Floats = (both / np.maximum(union, 1)).max(axis=1)
    return similarity


def adjusted_rand_index(labels: Labels, others: Labels) -> float:
    """Measure how far two divisions agree, beyond chance.

    Parameters
    ----------
    labels, others : ndarray of int, shape (n_points,)
        Group of each point in two divisions, from 0.

    Returns
    -------
    float
        1 for the same division, about 0 for unrelated ones.

    References
    ----------
    .. [1] Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2,
       equation 5.

    Examples
    --------
    >>> same, split = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    >>> round(adjusted_rand_index(same, split), 4)
    0.5714
    """
    both = _cross(labels, others)
    together = _count_pairs(both)
    ours, theirs = _count_pairs(both.sum(axis=1)), _count_pairs(both.sum(axis=0))
    expected = ours * theirs / _count_pairs(both.sum())
    largest = (ours + theirs) / 2
    if largest == expected:
        return 1.0
    return float((together - expected) / (largest - expected))


def _cross(labels: Labels, others: Labels) -> Floats:
    """Count points by group in both divisions."""
    shape = int(labels.max()) + 1, int(others.max()) + 1
    counts = np.bincount(labels * shape[1] + others, minlength=shape[0] * shape[1])
    return counts.reshape(shape).astype(np.float64)


def _count_pairs(counts: Floats | NDArray[np.float64]) -> float:
    return float((counts * (counts - 1) / 2).sum())
