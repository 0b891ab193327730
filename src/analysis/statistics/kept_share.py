"""Find the lowest share of a balance that was still there some periods later.

Balances are in the caller's unit; the share is of the balance before.
"""

from __future__ import annotations

import pandas as pd


def find_lowest_kept(balances: pd.Series, *, window: int) -> float:
    """Give the lowest share of a balance that was kept over a window.

    Parameters
    ----------
    balances : pandas.Series
        Balances by period in order, equally spaced, above zero, none missing.
    window : int
        Periods between the two balances compared, at least 1.

    Returns
    -------
    float
        At most 1: a balance that only grew was kept whole.

    Raises
    ------
    ValueError
        If a balance is missing or not above zero, or there are not more periods than
        the window has.
    """
    if not (balances > 0).all():
        raise ValueError("Every balance must be known and above zero.")
    if window < 1 or len(balances) <= window:
        message = (
            f"There must be more periods than the window's {window}, at least 1; "
            f"there are {len(balances)}."
        )
        raise ValueError(message)
    kept = (balances / balances.shift(window)).dropna()
    return min(float(kept.min()), 1.0)
