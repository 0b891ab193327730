"""Estimate a share from clusters of different size, each with its part and its whole.

Parts and wholes are in the caller's unit, counts or amounts; the share has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True, slots=True)
class ClusteredRatio:
    """A share and its interval.

    Parameters
    ----------
    estimate, std_error : float
        All parts over all wholes, and its error.
    lower, upper : float
        Ends of the interval, kept between 0 and 1.
    clusters : int
        Clusters with a whole.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    clusters: int


def estimate_clustered_ratio(
    rows: pd.DataFrame,
    *,
    part: str,
    whole: str,
    cluster: str,
    confidence_level: float = 0.95,
) -> ClusteredRatio:
    """Give the sum of parts over the sum of wholes, clusters taken as a random draw.

    Parameters
    ----------
    rows : pandas.DataFrame
        Any rows with part, whole and cluster; no part is larger than its whole.
    part, whole, cluster : str
        The columns.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    ClusteredRatio
        Share with its error, linearised; interval with Student's t and clusters - 1
        degrees of freedom.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, or a part is larger than its whole.

    References
    ----------
    .. [1] Cochran (1977), Sampling Techniques, 3rd ed., equation 6.13 without the
       finite population correction.
    """
    sums = rows.groupby(cluster)[[part, whole]].sum()
    sums = sums[sums[whole] > 0]
    if len(sums) < 2:
        message = f"A share needs two or more clusters {cluster!r}, not {len(sums)}."
        raise ValueError(message)
    parts, wholes = (sums[name].to_numpy(float) for name in (part, whole))
    if (parts > wholes * (1 + 1e-9)).any():
        message = f"No {part!r} may be larger than its {whole!r}."
        raise ValueError(message)
    clusters = len(sums)
    share = float(parts.sum() / wholes.sum())
    squares = float(((parts - share * wholes) ** 2).sum())
    error = float(np.sqrt(squares * clusters / (clusters - 1)) / wholes.sum())
    reach = float(stats.t.ppf(0.5 + confidence_level / 2, clusters - 1)) * error
    return ClusteredRatio(
        estimate=share,
        std_error=error,
        lower=max(0.0, share - reach),
        upper=min(1.0, share + reach),
        clusters=clusters,
    )
