"""Reward for risk: return on economic capital.

All amounts are of one period and one currency; rates are decimals of that period.
Profit is after cost, expected loss and (where wanted) tax, but never after a charge
for capital: taking that off before dividing by capital would count it twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.paired_bootstrap import Floats


def measure_raroc(
    profit: ArrayLike, capital: ArrayLike, *, return_on_capital: float = 0.0
) -> Floats:
    """Measure the return on economic capital.

    Parameters
    ----------
    profit : array_like of float
        Income less cost less expected loss, before any charge for capital.
    capital : array_like of float
        Economic capital that the risk needs, of the same shape.
    return_on_capital : float
        What the capital itself earns where it is placed, a rate.

    Returns
    -------
    ndarray of float
        Profit over capital; missing where there is no capital to earn a return on.

    References
    ----------
    .. [1] Hull, Risk Management and Financial Institutions, section 23.8 (RAROC).

    Examples
    --------
    >>> float(measure_raroc(2.5 - 1.0 - 0.7, 4.0).round(4))
    0.2
    """
    needed = np.asarray(capital, dtype=np.float64)
    held = np.where(needed > 0, needed, np.nan)
    return np.asarray(profit, dtype=np.float64) / held + return_on_capital
