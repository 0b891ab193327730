"""Say which things are held together more often than chance, within strata too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from analysis.statistics.paired_bootstrap import Floats


@dataclass(frozen=True, slots=True)
class JointHolding:
    """How often two things are held together.

    Parameters
    ----------
    lift, lower, upper : float
        Units that hold both over those expected if holding one said nothing of the
        other within a stratum, with its interval.
    raw_lift : float
        The same without strata.
    pvalue : float
        Two-sided, of no association within strata.
    both, first, second : int
        Units that hold both, the first, the second.
    """

    lift: float
    lower: float
    upper: float
    raw_lift: float
    pvalue: float
    both: int
    first: int
    second: int


def measure_joint_holding(
    tables: Floats, *, confidence_level: float = 0.95
) -> JointHolding | None:
    """Measure how often two things are held together, beyond chance.

    Parameters
    ----------
    tables : ndarray of float, shape (n_strata, 2, 2)
        Units by stratum, whether they hold the first, and whether they hold the
        second; position 1 is "holds".
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    JointHolding or None
        None where nobody could be expected to hold both. The interval of the lift
        takes the logarithm of the observed over the expected number as normal, with
        the variance of a multinomial sample in each stratum.

    References
    ----------
    .. [1] Mantel and Haenszel (1959), Statistical aspects of the analysis of data from
       retrospective studies of disease, JNCI 22, for the test.
    .. [2] Agresti (2013), Categorical Data Analysis, section 16.1 (delta method), for
       the interval.
    """
    kept = tables[tables.sum(axis=(1, 2)) > 1]
    size = kept.sum(axis=(1, 2))
    first, second = kept[:, 1].sum(axis=1), kept[:, :, 1].sum(axis=1)
    both = kept[:, 1, 1]
    expected = first * second / size
    variance = first * (size - first) * second * (size - second)
    variance = (variance / (size**2 * (size - 1))).sum()
    if expected.sum() == 0 or variance == 0 or both.sum() == 0:
        return None
    score = (both.sum() - expected.sum()) / np.sqrt(variance)
    lift = both.sum() / expected.sum()
    reach = norm.ppf((1 + confidence_level) / 2) * _find_log_error(kept)
    everything = tables.sum(axis=0)
    whole = everything[1].sum() * everything[:, 1].sum() / everything.sum()
    return JointHolding(
        lift=float(lift),
        lower=float(lift * np.exp(-reach)),
        upper=float(lift * np.exp(reach)),
        raw_lift=float(everything[1, 1] / whole),
        pvalue=float(2 * norm.sf(abs(score))),
        both=int(both.sum()),
        first=int(first.sum()),
        second=int(second.sum()),
    )


def _find_log_error(tables: Floats) -> float:
    """Find the error of log(observed / expected), by the delta method.

    In stratum t with shares p of the first and q of the second, a unit moves
    log(sum of both) by [both] / O and log(sum of expected) by
    (q [first] + p [second] - p q) / E; the difference has that variance.
    """
    size = tables.sum(axis=(1, 2))
    p = tables[:, 1].sum(axis=1) / size
    q = tables[:, :, 1].sum(axis=1) / size
    observed, expected = tables[:, 1, 1].sum(), (size * p * q).sum()
    holds = np.array([0.0, 1.0])
    moved = (
        q[:, None, None] * holds[:, None] + p[:, None, None] * holds[None, :]
    ) / expected
    influence = holds[:, None] * holds[None, :] / observed - moved
    centre = (tables * influence).sum(axis=(1, 2)) / size
    square = (tables * influence**2).sum(axis=(1, 2))
    return float(np.sqrt((square - size * centre**2).sum()))
