"""Transfer prices by pool: all money of a kind has one price, whatever its term.

A pool's price is the balance-weighted average of its members' own rates. What users of
money are charged less what providers are credited stays with the treasury, or centre.
Rates are in one unit (decimals or percent a year) and come back in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class PooledFunds:
    """Prices of pools, and what they leave to the treasury.

    Parameters
    ----------
    prices : pandas.Series of float
        Price of each kind of money, in the order given.
    charge, credit : float
        Average price of the money used and of the money provided, each balance
        counted alike.
    """

    prices: pd.Series[float]
    charge: float
    credit: float

    @property
    def centre(self) -> float:
        """What is left to the treasury: the charge less the credit."""
        return self.charge - self.credit


def pool_funds(money: pd.DataFrame, *, by: Sequence[str] = ()) -> PooledFunds:
    """Price money by pools.

    Parameters
    ----------
    money : pandas.DataFrame
        One row per kind of money: `is_used` (lent, rather than taken in), `balance`,
        `rate` (its own price), and the columns that `by` names.
    by : sequence of str
        Columns whose values make a pool; empty puts all money into one pool.

    Returns
    -------
    PooledFunds
        One price per kind of money; missing where its pool is empty.

    Raises
    ------
    ValueError
        If a balance is below zero.

    References
    ----------
    .. [1] Plansmith (2016), Funds transfer pricing: single, double and multiple pool.
    """
    if (money["balance"] < 0).any():
        raise ValueError("Balances of pools must not be below 0.")
    pool = money[list(by)].astype(str).agg("|".join, axis=1) if by else "all"
    valued = money.assign(pool=pool, value=money["balance"] * money["rate"].fillna(0.0))
    sums = valued.groupby("pool")[["balance", "value"]].transform("sum")
    prices = sums["value"] / sums["balance"].where(sums["balance"] > 0)
    used = money["is_used"].astype(bool)
    return PooledFunds(
        prices=prices,
        charge=_average(prices[used], money.loc[used, "balance"]),
        credit=_average(prices[~used], money.loc[~used, "balance"]),
    )


def _average(prices: pd.Series[float], balances: pd.Series[float]) -> float:
    total = float(balances.sum())
    if not total:
        return float("nan")
    return float((prices.fillna(0.0) * balances).sum()) / total
