"""Say whether ordered classes rank units by an outcome: Somers' D with its draws."""

from __future__ import annotations

import numpy as np

from analysis.statistics.paired_bootstrap import Floats


def measure_somers_d(counts: Floats) -> Floats:
    """Measure how far units of a higher class have the higher outcome.

    Parameters
    ----------
    counts : ndarray of float, shape (..., n_classes, n_outcomes)
        Units by class and outcome, both in rising order.

    Returns
    -------
    ndarray of float, shape (...)
        Among pairs of different classes, the share in which the higher class has the
        higher outcome less the share in which it has the lower one: from -1 to 1. Equal
        outcomes count for neither. Missing where all units are of one class.

    References
    ----------
    .. [1] Somers (1962), A new asymmetric measure of association for ordinal
       variables, American Sociological Review 27, D of the outcome by the class.
    """
    lower_classes = np.cumsum(counts, axis=-2) - counts
    worse = np.cumsum(lower_classes, axis=-1) - lower_classes
    all_lower = lower_classes.sum(axis=-1, keepdims=True)
    better = all_lower - worse - lower_classes
    surplus = (counts * (worse - better)).sum(axis=(-2, -1))
    pairs = (counts * all_lower).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore"):
        measured: Floats = np.where(pairs > 0, surplus / pairs, np.nan)
    return measured
