"""Say whether groups of points come back when the points are drawn again.

A group that k-means finds need not exist: it cuts one cloud as gladly as several. Two
things are asked of it: that it comes back in resamples, and that the division leaves
less spread within groups than it would in a cloud without any groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import t as student

from analysis.statistics.nearest_centres import (
    Labels,
    assign_nearest,
    fit_centres,
    sum_within,
)
from analysis.statistics.paired_bootstrap import Floats
from analysis.statistics.partition_agreement import match_groups

Stability = Literal["highly stable", "stable", "doubtful", "unstable"]

LEAST_DOUBTFUL, LEAST_STABLE, LEAST_HIGHLY_STABLE = 0.60, 0.75, 0.85
"""Mean Jaccard similarity from which a group is doubtful, stable, highly stable."""


@dataclass(frozen=True, slots=True, eq=False)
class ClusterStability:
    """A division of points into groups, and how well it holds.

    Parameters
    ----------
    centres : ndarray of float, shape (n_clusters, n_features)
        Centres of the groups.
    jaccard : ndarray of float, shape (n_draws, n_clusters)
        Jaccard similarity of each group with the most similar group of each resample.
    gap : float
        How much smaller the log of the spread within groups is than in clouds without
        groups, on average.
    pvalue : float
        Chance of such a gap, or a larger one, in a cloud without groups.
    """

    centres: Floats
    jaccard: Floats
    gap: float
    pvalue: float

    @property
    def n_clusters(self) -> int:
        """How many groups there are."""
        return len(self.centres)

    @property
    def means(self) -> Floats:
        """Mean similarity of each group, shape (n_clusters,)."""
        means: Floats = self.jaccard.mean(axis=0)
        return means


@dataclass(frozen=True, slots=True, eq=False)
class ClusterChoice:
    """The divisions tried, and the one that is kept.

    Parameters
    ----------
    tried : tuple of ClusterStability
        One per number of groups.
    chosen : ClusterStability
        The one kept.
    is_apart : bool
        Whether its groups are further apart than chance makes them.
    """

    tried: tuple[ClusterStability, ...]
    chosen: ClusterStability
    is_apart: bool


def choose_clusters(
    points: Floats,
    counts: Sequence[int],
    *,
    generator: np.random.Generator,
    n_draws: int = 50,
    significance: float = 0.05,
) -> ClusterChoice:
    """Choose the number of groups: the largest of which every group is stable.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Points on comparable scales.
    counts : sequence of int
        Numbers of groups to try.
    generator : numpy.random.Generator
        Where chance comes from.
    n_draws : int
        Resamples per number of groups.
    significance : float
        Chance, over all numbers tried, of taking one cloud for several groups.

    Returns
    -------
    ClusterChoice
        Among divisions that are apart, the one of most groups whose least stable group
        is stable and whose gap is wider than with fewer groups; where there is none,
        the one whose least stable group is most so.
        Where no division is apart, the same among all, marked as not apart.

    References
    ----------
    .. [1] Hennig (2007), Cluster-wise assessment of cluster stability, Computational
       Statistics and Data Analysis 52, 258-271.
    """
    tried = tuple(
        measure_stability(points, count, generator=generator, n_draws=n_draws)
        for count in counts
    )
    apart = [one for one in tried if one.pvalue < significance / len(tried)]
    stable = [
        one
        for one in apart
        if one.means.min() > LEAST_STABLE and _is_widest(one, tried)
    ]
    chosen = (
        max(stable, key=lambda one: one.n_clusters)
        if stable
        else max(apart or tried, key=lambda one: float(one.means.min()))
    )
    return ClusterChoice(tried, chosen, is_apart=bool(apart))


def measure_stability(
    points: Floats,
    n_clusters: int,
    *,
    generator: np.random.Generator,
    n_draws: int = 50,
) -> ClusterStability:
    """Divide points into groups, and do so again in resamples and in clouds.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Points on comparable scales.
    n_clusters : int
        How many groups.
    generator : numpy.random.Generator
        Where chance comes from.
    n_draws : int
        Resamples.

    Returns
    -------
    ClusterStability
        Similarity is taken over the points that a resample holds.

    Raises
    ------
    ValueError
        If there are fewer than ten points a group.

    References
    ----------
    .. [1] Hennig (2007), section 3: clusterwise Jaccard similarity, non-parametric
       bootstrap.
    """
    if len(points) < 10 * n_clusters:
        message = (
            f"{n_clusters} groups must have at least {10 * n_clusters} points; "
            f"there are {len(points)}."
        )
        raise ValueError(message)
    centres = fit_centres(points, n_clusters, generator=generator)
    labels = assign_nearest(points, centres)
    jaccard = [_resample(points, labels, n_clusters, generator) for _ in range(n_draws)]
    gap, pvalue = measure_gap(points, centres, generator=generator)
    return ClusterStability(centres, np.array(jaccard), gap, pvalue)


def measure_gap(
    points: Floats,
    centres: Floats,
    *,
    generator: np.random.Generator,
    n_references: int = 20,
) -> tuple[float, float]:
    """Compare the spread within groups with that in clouds without groups.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, n_features)
        Points.
    centres : ndarray of float, shape (n_clusters, n_features)
        Centres fitted to them.
    generator : numpy.random.Generator
        Where chance comes from.
    n_references : int
        Clouds drawn: uniform along the principal axes, with the points' variances.

    Returns
    -------
    gap, pvalue : float
        Mean log spread of the clouds less that of the points, and the chance of one
        as large in a further cloud.

    References
    ----------
    .. [1] Tibshirani, Walther and Hastie (2001), Estimating the number of clusters in
       a data set via the gap statistic, JRSS B 63, 411-423, equation 3 and reference
       (b); here with the variance, not the range, of each axis, so that far points do
       not widen it.
    """
    centred = points - points.mean(axis=0)
    scales = np.linalg.svd(centred, compute_uv=False) / np.sqrt(len(points))
    logs = np.array(
        [
            _spread_in_cloud(scales, len(points), len(centres), generator)
            for _ in range(n_references)
        ]
    )
    total = float((centred**2).sum())
    gap = float(logs.mean() - np.log(sum_within(points, centres) / total))
    error = float(logs.std(ddof=1)) * (1 + 1 / n_references) ** 0.5
    return gap, float(student.sf(gap / error, n_references - 1))


def judge_stability(jaccard: float, *, is_apart: bool = True) -> Stability:
    """Say what a mean Jaccard similarity allows to say of a group.

    Parameters
    ----------
    jaccard : float
        Mean over resamples, from 0 to 1.
    is_apart : bool
        Whether the division is further apart than chance makes it; one that is not
        is doubtful at best, however often it comes back.

    Returns
    -------
    {"highly stable", "stable", "doubtful", "unstable"}
        By Hennig's limits of 0.60, 0.75 and 0.85.

    References
    ----------
    .. [1] Hennig (2007), section 3; limits as in the R package fpc, `clusterboot`.
    """
    if jaccard < LEAST_DOUBTFUL:
        return "unstable"
    if jaccard <= LEAST_STABLE or not is_apart:
        return "doubtful"
    return "highly stable" if jaccard > LEAST_HIGHLY_STABLE else "stable"


def _is_widest(one: ClusterStability, tried: Sequence[ClusterStability]) -> bool:
    """Say whether a division's gap is wider than that of any with fewer groups."""
    fewer = [each.gap for each in tried if each.n_clusters < one.n_clusters]
    return one.gap > max(fewer, default=-np.inf)


def _resample(
    points: Floats, labels: Labels, n_clusters: int, generator: np.random.Generator
) -> Floats:
    drawn = generator.integers(0, len(points), len(points))
    # The former centres are no start here: they would bring any division back.
    centres = fit_centres(points[drawn], n_clusters, generator=generator)
    held = np.unique(drawn)
    similar = match_groups(labels[held], assign_nearest(points[held], centres))
    # The last groups may have no point in the resample.
    return np.append(similar, np.zeros(n_clusters - len(similar)))


def _spread_in_cloud(
    scales: Floats, n_points: int, n_clusters: int, generator: np.random.Generator
) -> float:
    reach = np.sqrt(3) * scales
    cloud = generator.uniform(-reach, reach, (n_points, len(scales)))
    centres = fit_centres(cloud, n_clusters, generator=generator)
    total = ((cloud - cloud.mean(axis=0)) ** 2).sum()
    return float(np.log(sum_within(cloud, centres) / total))
