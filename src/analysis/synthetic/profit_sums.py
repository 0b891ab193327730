"""Add up what each customer of a drawn bank earns it, by the constants that drew it.

One booking after another, without a study's code and without an engine: what a study
must find again. Amounts are yuan, rates decimals a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

TERMS: Final = (0, 3, 12, 36, 60)
"""Terms of the funding curve, months."""
ACTIVITIES: Final = (
    # activity, channel, pool, minutes, times a month
    ("cash", "counter", "branch", 9.0, 0.8),
    ("advice", "adviser", "advisers", 55.0, 0.2),
    ("payment", "app", "systems", 0.2, 6.0),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the profit account is told to assume.

    Parameters
    ----------
    core_share : float
        Stable part of money without a term, from 0 to 1.
    core_life_months : int
        Term of the ladder for it.
    tax_rate : float
        Tax on profit, a share.
    """

    core_share: float = 0.7
    core_life_months: int = 36
    tax_rate: float = 0.25


def add_up_profits(
    tables: dict[str, pd.DataFrame],
    accounts: pd.DataFrame,
    curves: pd.DataFrame,
    policy: Policy,
) -> pd.DataFrame:
    """Add up the profits of the last quarter, customer by customer.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        The drawn bank's tables, in the contract's form.
    accounts : pandas.DataFrame
        One row per account, as drawn.
    curves : pandas.DataFrame
        One row per month end, columns are terms in months, decimals a year.
    policy : Policy
        What the profit account is told to assume.

    Returns
    -------
    pandas.DataFrame
        One row per customer, in the order of their keys: the lines and `profit`,
        yuan.
    """
    start = date(2026, 7, 1)
    now = {
        name: rows[rows["period"] >= start] if "period" in rows else rows
        for name, rows in tables.items()
    }
    owner = accounts.set_index("account_id")["customer_id"]
    lines = _add_margins(now["balances"], accounts, curves, policy)
    income = now["customer_income"].pivot_table(
        index="customer_id", columns="line", values="amount_minor", aggfunc="sum"
    )
    risk = now["credit_risk"]
    yearly = (
        risk["probability_of_default"]
        * risk["loss_given_default"]
        * risk["exposure_at_default"]
    )
    lost = (100 * yearly / 12).round()
    parts = lines.assign(
        fee=income["fee"] / 100,
        points=income["points"] / 100,
        cost_to_serve=-_add_cost(now),
        expected_loss=-lost.groupby(risk["account_id"].map(owner)).sum() / 100,
    )
    filled = parts.fillna(0.0).sort_index()
    return filled.assign(profit=filled.sum(axis=1) * (1 - policy.tax_rate))


def _add_margins(
    balances: pd.DataFrame, accounts: pd.DataFrame, curves: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    held = balances.merge(accounts, on="account_id")
    prices = [
        _find_price(*row, curves, policy)
        for row in zip(
            held["side"],
            held["tenor_months"],
            held["open_date"],
            held["transfer_rate"],
            held["period"],
            strict=True,
        )
    ]
    length = np.array([day.day for day in held["period"]]) / 365
    funds = held["balance_average"] * length * np.array(prices)
    interest = held["interest_minor"] / 100
    is_loan = held["side"] == "loan"
    owner = held["customer_id"]
    earned = {
        "deposit_margin": (funds - interest).where(~is_loan, 0.0),
        "loan_margin": (interest - funds).where(is_loan, 0.0),
    }
    return pd.DataFrame(
        {name: part.groupby(owner).sum() for name, part in earned.items()}
    )


def _find_price(  # noqa: PLR0913, PLR0917 - what one contract's price hangs on
    side: str,
    term: int,
    opened: date,
    own: float,
    day: date,
    curves: pd.DataFrame,
    policy: Policy,
) -> float:
    """Find one balance's transfer rate: its own, its first day's, or the ladder's."""
    if term and not np.isnan(own):
        return own
    if term:
        end = pd.Timestamp(opened) + pd.offsets.MonthEnd(0)
        return float(np.interp(term, TERMS, curves.loc[end]))
    seen = curves.loc[: pd.Timestamp(day)]
    short = float(seen.to_numpy()[-1, 0])
    if side == "loan":
        return short
    life = policy.core_life_months
    rungs = [float(np.interp(life, TERMS, row)) for row in seen.to_numpy()[-life:]]
    ladder = sum(rungs) / len(rungs)
    return policy.core_share * ladder + (1 - policy.core_share) * short


def _add_cost(now: dict[str, pd.DataFrame]) -> pd.Series[float]:
    """Charge each contact its minutes at the quarter's rate of its pool."""
    pools = now["cost_pools"].groupby("cost_pool")[
        ["amount_minor", "practical_minutes"]
    ]
    sums = pools.sum()
    rate = sums["amount_minor"] / 100 / sums["practical_minutes"]
    price = {
        activity: minutes * float(rate[pool])
        for activity, _, pool, minutes, _ in ACTIVITIES
    }
    events = now["events"]
    cost = events["count"] * events["activity"].map(price)
    return cost.groupby(events["customer_id"]).sum()
