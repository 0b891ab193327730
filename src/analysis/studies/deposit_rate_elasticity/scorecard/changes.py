"""Lay out how each pricing cell's balances and rates changed from quarter to quarter.

Changes are of means over the months of a quarter, of the accounts that were there in
every month of both quarters, less the mean change of all cells of the same line and
segment. Balances are log points, rates percentage points.
"""

from __future__ import annotations

import pandas as pd

RATES = ["rate_pct", "funding_pct", "sister_pct", "sister_funding_pct"]
UNIT = ["product", "segment", "region", "cell"]
"""A pricing cell and segment."""
QUARTER_MONTHS = 3


def list_changes(groups: pd.DataFrame, *, period_months: int) -> pd.DataFrame:
    """Give the changes of each pricing cell and segment.

    Parameters
    ----------
    groups : pandas.DataFrame
        Groups of accounts by period, see `BalancePanel`.
    period_months : int
        Months in a period.

    Returns
    -------
    pandas.DataFrame
        One row per cell, segment and quarter with a quarter before it: `product`,
        `segment`, `region`, `cell`, `quarter` (a number that rises by one), `market`
        (line, segment and quarter), `weight` (accounts), `outcome` and the rates, all
        as changes less those of the market. A market of one cell is left out.
    """
    means = _average_quarters(groups, QUARTER_MONTHS // period_months)
    numbers = ["outcome", *RATES]
    before = means.assign(quarter=means["quarter"] + 1)
    both = means.merge(
        before[["group", "quarter", *numbers]],
        on=["group", "quarter"],
        suffixes=("", "_before"),
    )
    moved = both.assign(
        **{name: both[name] - both[f"{name}_before"] for name in numbers}
    )
    # The rates of a cell are one; only the outcome differs between its accounts.
    cells = _average(moved, [*UNIT, "quarter", "market"], numbers)
    shared = cells.groupby("market")["cell"].transform("size") > 1
    return _take_off_market(cells[shared], numbers)


def _average_quarters(groups: pd.DataFrame, periods: int) -> pd.DataFrame:
    """Average the groups that were there in every period of a quarter."""
    day = groups["period"].dt
    numbered = groups.assign(quarter=4 * day.year + day.quarter)
    keys = [*UNIT, "group", "quarter"]
    found: pd.DataFrame = (
        numbered.sort_values("period")
        .groupby(keys, as_index=False)
        .agg(
            present=("period", "size"),
            market=("market", "last"),
            weight=("weight", "first"),
            **{name: (name, "mean") for name in ["outcome", *RATES]},
        )
    )
    return found[found["present"] == periods]


def _average(rows: pd.DataFrame, keys: list[str], numbers: list[str]) -> pd.DataFrame:
    """Average columns by the weight of their rows."""
    weighted = rows[numbers].mul(rows["weight"], axis=0)
    sums = pd.concat([rows[[*keys, "weight"]], weighted], axis=1)
    total = sums.groupby(keys, as_index=False).sum(min_count=1)
    return total.assign(**{name: total[name] / total["weight"] for name in numbers})


def _take_off_market(cells: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    means = _average(cells, ["market"], numbers).set_index("market")
    shared = means.loc[cells["market"], numbers].to_numpy()
    return cells.assign(
        **dict(zip(numbers, (cells[numbers] - shared).T.to_numpy(), strict=True))
    )
