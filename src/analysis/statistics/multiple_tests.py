"""Hold down false alarms when several tests are read together."""

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
    made = _require_chances(pvalues)
    ordered = made.sort_values()
    tests = len(ordered)
    scaled = ordered.to_numpy() * (tests - np.arange(tests))
    adjusted = pd.Series(
        np.minimum(np.maximum.accumulate(scaled), 1.0), index=ordered.index
    )
    return adjusted.reindex(pvalues.index)


def limit_false_discoveries(pvalues: pd.Series) -> pd.Series:
    """Adjust p-values by the step-up rule of Benjamini and Hochberg.

    Parameters
    ----------
    pvalues : pandas.Series
        One p-value per test; missing ones are tests that were not made.

    Returns
    -------
    pandas.Series
        Same index: taking those below a level for findings keeps the expected share of
        false ones among them below that level, if tests are independent or rise
        together.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B
       57, equation 1.

    Examples
    --------
    >>> limit_false_discoveries(pd.Series([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.04, 0.04]
    """
    made = _require_chances(pvalues)
    ordered = made.sort_values(ascending=False)
    tests = len(ordered)
    scaled = ordered.to_numpy() * tests / np.arange(tests, 0, -1)
    adjusted = pd.Series(
        np.minimum(np.minimum.accumulate(scaled), 1.0), index=ordered.index
    )
    return adjusted.reindex(pvalues.index)


def _require_chances(pvalues: pd.Series) -> pd.Series:
    made = pvalues.dropna().astype(float)
    if not made.between(0, 1).all():
        message = f"A p-value must lie from 0 to 1; they are {made.tolist()}."
        raise ValueError(message)
    return made
