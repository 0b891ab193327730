"""Let the lines of deposits pass the disclosure door, for the sake of their shares.

Rates are public, but a line's share says what its customers hold together. Shares add
up to all priced deposits, so the total is released with them.
"""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.rates.history import (
    RateHistory,
    find_year_ago,
)
from analysis.wording import say

_MEASURES = ("balance_largest", "balance_second", "balance_absolute")
_AMOUNTS = ["customers", "balance", *_MEASURES]
_RATES = [
    "own_pct",
    "change_bp",
    "policy_change_bp",
    "market_spread_bp",
    "months_since_change",
]


def release_lines(history: RateHistory) -> Released:
    """Release rates and shares of the lines, the total in the last row.

    Parameters
    ----------
    history : RateHistory
        Rates and balances.

    Returns
    -------
    Released
        One row per line with `product`, `label`, `customers`, `balance`, `share_pct`,
        `own_pct`, `change_bp`, `policy_change_bp`, `market_spread_bp` and
        `months_since_change`; without a total where there is one line only.
    """
    lines = history.lines[["product", "label", "share_pct", *_AMOUNTS, *_RATES]]
    has_total = len(lines) > 1 and not history.total.empty
    rows = [lines, _describe_total(history)] if has_total else [lines]
    return release(
        pd.concat(rows, ignore_index=True),
        count="customers",
        amounts=("balance",),
        derived={"share_pct": ("balance",)},
        dominance=("balance",),
        has_total=has_total,
    )


def find_shares(history: RateHistory) -> dict[str, float]:
    """Give the share of each product of which every line may be shown.

    Parameters
    ----------
    history : RateHistory
        Rates and balances.

    Returns
    -------
    dict of str to float
        Product: percent of priced deposits.
    """
    released = release_lines(history)
    rows = released.rows[~pd.Series(released.totals, index=released.rows.index)]
    hidden = rows.loc[rows["share_pct"].map(is_suppressed), "product"]
    shown = rows[~rows["product"].isin(hidden)]
    shares = shown["share_pct"].astype(float).groupby(shown["product"]).sum()
    return {str(product): float(share) for product, share in shares.items()}


def _describe_total(history: RateHistory) -> pd.DataFrame:
    return history.total.assign(
        product="",
        label=say("All priced deposits"),
        share_pct=100.0,
        **_describe_average(history.average, history.quarter),
    )


def _describe_average(average: pd.DataFrame, quarter: Quarter) -> dict[str, float]:
    """Give the rates of all lines together; missing where a line has none."""
    by_period = average.set_index("period")
    days = [pd.Timestamp(quarter.last_day), find_year_ago(quarter)]
    now, before = (by_period.reindex([day]).iloc[0] for day in days)
    return {
        "own_pct": float(now["own_pct"]),
        "change_bp": 100 * float(now["own_pct"] - before["own_pct"]),
        "policy_change_bp": 100 * float(now["policy_pct"] - before["policy_pct"]),
        "market_spread_bp": 100 * float(now["own_pct"] - now["market_pct"]),
        "months_since_change": float("nan"),
    }
