"""What money is worth inside a bank: a transfer rate for each term and each age.

Rates are decimals a year, terms are months. Money with a term is priced on the funding
curve of the day it came, for as long as it stays. Money without a term is split: a core
that behaves like a ladder of long placements, and a volatile rest at the short rate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.paired_bootstrap import Floats


def interpolate_curve(curve: pd.Series[float], terms: Sequence[float]) -> Floats:
    """Read a curve at given terms: straight lines between, level beyond the ends.

    Parameters
    ----------
    curve : pandas.Series of float
        Rates, indexed by term in months.
    terms : sequence of float, shape (n,)
        Terms to be read, months.

    Returns
    -------
    ndarray of float, shape (n,)
        Rates at these terms.
    """
    known = curve.dropna().sort_index()
    return np.interp(terms, known.index.to_numpy(float), known.to_numpy(float))


def average_ladder(curves: pd.DataFrame, *, life_months: int) -> float:
    """Yield of a ladder that places an equal part each month, for its whole life.

    A balance that is rolled over for ever in equal monthly parts earns the average of
    the rates of its own term over the last `life_months` months.

    Parameters
    ----------
    curves : pandas.DataFrame
        One row per month, in order of time, columns are terms in months. With fewer
        rows than `life_months` the ladder is made of the months there are.
    life_months : int
        Term of each placement, and number of placements.

    Returns
    -------
    float
        Yield in the last month.

    References
    ----------
    .. [1] Dermine (2016), Fund transfer pricing for deposits and loans, foundation
       and advanced (replicating portfolio of non-maturing deposits).
    """
    recent = curves.iloc[-life_months:]
    rates = [
        interpolate_curve(curve, [life_months])[0] for _, curve in recent.iterrows()
    ]
    return float(np.mean(rates))


def price_without_term(
    curves: pd.DataFrame, *, core_share: float, core_life_months: int
) -> float:
    """Transfer rate of money that has no term.

    Parameters
    ----------
    curves : pandas.DataFrame
        One row per month, in order of time, columns are terms in months.
    core_share : float
        Share of the balance that stays, from 0 to 1.
    core_life_months : int
        Term of the ladder that stands for the core.

    Returns
    -------
    float
        Core at the ladder's yield, rest at the shortest rate of the last month.
    """
    ladder = average_ladder(curves, life_months=core_life_months)
    shortest = float(curves.iloc[-1].dropna().sort_index().iloc[0])
    return core_share * ladder + (1 - core_share) * shortest
