"""Say which pricing cells a test may move, by how much, and what that costs.

A wedge of w sets a cell's rate w above or below the posted one, by lot. Where the
lower rate would be negative the two rates are the posted one and 2w more; where the
higher one would pass the ceiling, the posted one and 2w less. The contrast is 2w in
any case. A cell with room for none of these is left out. Rates are percent a year,
money is major units of the source's currency.
"""

from __future__ import annotations

import pandas as pd

FEWEST_ACCOUNTS = 3
"""Accounts in a pricing cell's region below which the region is left out: its balance
would be that of one or two customers."""
_SLACK = 1e-9
"""Rates that differ by less are equal."""
EVEN, RAISED_ONLY, LOWERED_ONLY = 0.0, 1.0, -1.0
LIFTS = (EVEN, RAISED_ONLY, LOWERED_ONLY)
"""Middle of the two rates above the posted one, in wedges; the first that fits."""


def place_arms(cells: pd.DataFrame, wedge_pct: float) -> pd.Series:
    """Find for each cell the middle of its two rates.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per pricing cell of a product: `region`, `accounts`, `own_pct`,
        `ceiling_pct` (missing where there is none).
    wedge_pct : float
        Half the distance between the two rates, percentage points.

    Returns
    -------
    pandas.Series
        In wedges above the posted rate: 0, 1 (never below it), -1 (never above it), or
        missing where the cell is left out.
    """
    ceiling = cells["ceiling_pct"].fillna(float("inf"))
    lift = pd.Series(float("nan"), index=cells.index)
    for middle in LIFTS:
        low = cells["own_pct"] + (middle - 1) * wedge_pct
        high = cells["own_pct"] + (middle + 1) * wedge_pct
        fits = (low >= -_SLACK) & (high <= ceiling + _SLACK)
        lift = lift.where(lift.notna() | ~fits, middle)
    in_region = cells.groupby("region")["accounts"].transform("sum")
    return lift.where(in_region >= FEWEST_ACCOUNTS)


def cost_test(
    cells: pd.DataFrame,
    lifts: pd.Series,
    wedge_pct: float,
    *,
    months: int,
    share: float,
    responses: tuple[float, float],
) -> dict[str, float]:
    """Say what a test is expected to cost, over all lots that may be drawn.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per pricing cell of a product: `balance`, `own_pct`, `funding_pct`.
    lifts : pandas.Series
        As `place_arms` gives them.
    wedge_pct : float
        Half the distance between the two rates, percentage points.
    months : int
        How long the test runs.
    share : float
        Share of the regions that take part.
    responses : tuple of float
        Lowest and highest response thought possible, % of balance per percentage
        point.

    Returns
    -------
    dict of str to float
        `paid` (interest on existing balances more, where rates are raised), `saved`
        (less, where they are lowered), `moved` (both together), `interest` (net), and
        `cost_lower` and `cost_upper`: net of the margin that balances gained or lost
        bring, at the two responses; missing where the treasury's credit is not known.
    """
    tested = cells.assign(lift=lifts).dropna(subset="lift")
    years = months / 12
    weight = tested["balance"] * share / 2 * years / 100
    up, down = (wedge_pct * (tested["lift"] + side) for side in (1.0, -1.0))
    interest = [weight * move for move in (up, down)]
    paid = float(sum(part.clip(lower=0).sum() for part in interest))
    saved = float(sum((-part).clip(lower=0).sum() for part in interest))
    margin = tested["funding_pct"] - tested["own_pct"]
    # Percent of balance gained per unit of response, times what is earned on it.
    earned = sum(
        (weight * move / 100 * (margin - move)).sum(skipna=False) for move in (up, down)
    )
    ends = sorted(paid - saved - response * float(earned) for response in responses)
    return {
        "paid": paid,
        "saved": saved,
        "moved": paid + saved,
        "interest": paid - saved,
        "cost_lower": ends[0],
        "cost_upper": ends[1],
    }
