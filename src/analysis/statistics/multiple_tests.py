"""Hold the chance of any false alarm down when several tests are read together."""

from __future__ import annotations

import numpy as np
import pandas as pd


def adjust_pvalues(pvalues: pd.Series) -> pd.Series:
    """Adjust p-values by Holm's step-down rule.

    Parameters
    ----------
    pvalues : pandas.Series
        One p-value per test; missing ones are tests that were not made.

    Returns
    -------
    pandas.Series
        Same index: rejecting where it is below a level keeps the chance of any false
        rejection below that level, whatever the tests' dependence.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Holm (1979), A simple sequentially rejective multiple test procedure,
       Scandinavian J. of Statistics 6.

    Examples
    --------
    >>> adjust_pvalues(pd.Series([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    made = pvalues.dropna().astype(float)
    if not made.between(0, 1).all():
        message = f"A p-value must lie from 0 to 1; they are {made.tolist()}."
        raise ValueError(message)
    ordered = made.sort_values()
    tests = len(ordered)
    scaled = ordered.to_numpy() * (tests - np.arange(tests))
    adjusted = pd.Series(
        np.minimum(np.maximum.accumulate(scaled), 1.0), index=ordered.index
    )
    return adjusted.reindex(pvalues.index)
