"""A bank of a few hundred customers whose every profit is known to the fen.

It is drawn whole, with contracts of all kinds, two quarters, a funding curve that
moves, idle capacity and customers who change their tier. `profit_sums` adds up what
each of them earns the bank. Amounts are yuan, rates decimals a year.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.synthetic.profit_sums import ACTIVITIES, TERMS, Policy, add_up_profits

TIERS: Final = ("basic", "gold", "private")
TIER_SHARES: Final = (0.70, 0.22, 0.08)
QUARTERS: Final = ("2026Q2", "2026Q3")
HISTORY_MONTHS: Final = 72
KINDS: Final = (
    # product, side, term in months, chance to hold, median size, rate over the curve
    ("current", "deposit", 0, 1.0, 3e3, -0.015),
    ("savings", "deposit", 0, 0.3, 2e4, -0.008),
    ("term", "deposit", 12, 0.4, 5e4, -0.004),
    ("term", "deposit", 24, 0.2, 8e4, -0.003),
    ("mortgage", "loan", 36, 0.2, 3e5, 0.020),
    ("card", "loan", 0, 0.3, 4e3, 0.090),
)
SIZES: Final = (1.0, 6.0, 40.0)
"""Multiplier of sizes by tier."""
POOL_COSTS: Final = {"branch": 3.5, "advisers": 6.0, "systems": 1.2}
"""Yuan a minute of practical capacity."""
IDLE_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class ProfitWorld:
    """Tables of a bank, and what its customers truly earn.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        In the contract's form; a column that is missing is empty.
    profits : pandas.DataFrame
        One row per customer of the last quarter: `tier` and the lines
        `deposit_margin`, `loan_margin`, `fee`, `points`, `cost_to_serve`,
        `expected_loss`, and `profit` (after tax), yuan.
    """

    tables: dict[str, pd.DataFrame]
    profits: pd.DataFrame


def draw_profit_world(
    rng: np.random.Generator, *, customers: int = 400, policy: Policy | None = None
) -> ProfitWorld:
    """Draw a bank and add up each customer's profit.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    customers : int
        Customers of the bank.
    policy : Policy, optional
        What the profit account is told to assume.

    Returns
    -------
    ProfitWorld
        Two quarters of tables, and the profits of the second.
    """
    days = _list_days()
    curves = _draw_curves(rng)
    first = rng.choice(len(TIERS), customers, p=TIER_SHARES)
    moved = rng.random(customers) < 0.05
    tiers = np.where(moved, np.minimum(first + 1, len(TIERS) - 1), first)
    accounts = _draw_accounts(rng, tiers, curves)
    balances = _draw_balances(rng, accounts, days)
    events = _draw_events(rng, tiers, days)
    income = _draw_income(rng, customers, days)
    risk = _draw_risk(rng, accounts, balances)
    tables = {
        "customers": pd.DataFrame({"customer_id": _name(customers)}),
        "customer_periods": _write_tiers(first, tiers, days),
        "accounts": accounts.drop(columns=["customer", "tier", "rate"]),
        "balances": balances,
        "market_rates": _write_curves(curves),
        "events": events,
        "activity_times": pd.DataFrame(
            [row[:4] for row in ACTIVITIES],
            columns=["activity", "channel", "cost_pool", "minutes"],
        ),
        "cost_pools": _size_pools(events, days),
        "customer_income": income,
        "credit_risk": risk,
    }
    profits = add_up_profits(tables, accounts, curves, policy or Policy())
    return ProfitWorld(tables, profits.assign(tier=np.array(TIERS)[tiers]))


def _list_days() -> list[date]:
    months = range(4, 10)
    return [date(2026, m, calendar.monthrange(2026, m)[1]) for m in months]


def _name(customers: int) -> list[str]:
    return [f"c{number:05d}" for number in range(customers)]


def _draw_curves(rng: np.random.Generator) -> pd.DataFrame:
    """Draw a curve for each month; its level wanders, its slope is kept."""
    ends = pd.date_range(end="2026-09-30", periods=HISTORY_MONTHS, freq="ME")
    level = 0.02 + np.cumsum(rng.normal(0, 0.0006, HISTORY_MONTHS))
    premium = np.array([0.0, 0.001, 0.004, 0.008, 0.010])
    return pd.DataFrame(level[:, None] + premium, index=ends, columns=list(TERMS))


def _write_curves(curves: pd.DataFrame) -> pd.DataFrame:
    long = curves.reset_index(names="period").melt(
        id_vars="period", var_name="tenor_months", value_name="rate"
    )
    return long.assign(
        period=long["period"].dt.date,
        series="funding",
        tenor_months=long["tenor_months"].astype(int),
    )


def _draw_accounts(
    rng: np.random.Generator, tiers: NDArray[np.int64], curves: pd.DataFrame
) -> pd.DataFrame:
    """Draw who holds what; half of the contracts carry a transfer rate of their own."""
    parts = []
    for product, side, term, chance, size, spread in KINDS:
        holders = np.flatnonzero(rng.random(len(tiers)) < chance)
        n = len(holders)
        age = rng.integers(0, max(term, 1), n) if term else np.zeros(n, np.int64)
        opened = [curves.index[-1 - months].date().replace(day=15) for months in age]
        own = 0.02 + rng.normal(0, 0.004, n)
        has_own = (rng.random(n) < 0.5) & (term > 0)
        parts.append(
            pd.DataFrame(
                {
                    "customer": holders,
                    "customer_id": np.array(_name(len(tiers)))[holders],
                    "product": product,
                    "side": side,
                    "tenor_months": term,
                    "open_date": opened,
                    "transfer_rate": np.where(has_own, own, np.nan),
                    "tier": tiers[holders],
                    "size": size * rng.lognormal(0, 1.0, n),
                    "rate": 0.02 + spread + rng.normal(0, 0.002, n),
                }
            )
        )
    accounts = pd.concat(parts, ignore_index=True)
    size = accounts["size"] * np.array(SIZES)[accounts["tier"]]
    names = [f"a{number:06d}" for number in range(len(accounts))]
    return accounts.assign(account_id=names, size=size)


def _draw_balances(
    rng: np.random.Generator, accounts: pd.DataFrame, days: list[date]
) -> pd.DataFrame:
    parts = []
    for day in days:
        average = accounts["size"] * rng.lognormal(0, 0.1, len(accounts))
        interest = 100 * average * accounts["rate"] * day.day / 365
        parts.append(
            pd.DataFrame(
                {
                    "period": day,
                    "account_id": accounts["account_id"],
                    "balance_end_minor": np.rint(100 * average).astype(int),
                    "balance_average": average,
                    "interest_minor": np.rint(interest).astype(int),
                }
            )
        )
    balances = pd.concat(parts, ignore_index=True)
    opened = balances["account_id"].map(accounts.set_index("account_id")["open_date"])
    return balances[balances["period"] >= opened].reset_index(drop=True)


def _draw_events(
    rng: np.random.Generator, tiers: NDArray[np.int64], days: list[date]
) -> pd.DataFrame:
    names = np.array(_name(len(tiers)))
    parts = []
    for day in days:
        for activity, channel, _, _, times in ACTIVITIES:
            count = rng.poisson(times * (1 + tiers))
            done = count > 0
            parts.append(
                pd.DataFrame(
                    {
                        "period": day,
                        "customer_id": names[done],
                        "channel": channel,
                        "activity": activity,
                        "count": count[done],
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _size_pools(events: pd.DataFrame, days: list[date]) -> pd.DataFrame:
    """Size each pool so that a fifth of its minutes stays idle."""
    rows: list[dict[str, Any]] = []
    for activity, _, pool, minutes, _ in ACTIVITIES:
        used = minutes * events.loc[events["activity"] == activity, "count"].sum()
        practical = round(used / (1 - IDLE_SHARE) / len(days), 2)
        amount = round(100 * POOL_COSTS[pool] * practical)
        rows += [
            {
                "period": day,
                "cost_pool": pool,
                "amount_minor": amount,
                "practical_minutes": practical,
            }
            for day in days
        ]
    return pd.DataFrame(rows)


def _draw_income(
    rng: np.random.Generator, customers: int, days: list[date]
) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "period": day,
                "customer_id": _name(customers),
                "line": line,
                "amount_minor": sign * rng.poisson(mean, customers),
            }
        )
        for day in days
        for line, sign, mean in (("fee", 1, 900.0), ("points", -1, 150.0))
    ]
    return pd.concat(frames, ignore_index=True)


def _draw_risk(
    rng: np.random.Generator, accounts: pd.DataFrame, balances: pd.DataFrame
) -> pd.DataFrame:
    loans = accounts.loc[accounts["side"] == "loan", ["account_id"]]
    chance = np.round(0.01 * rng.lognormal(0, 0.7, len(loans)), 5)
    rated = loans.assign(probability_of_default=chance)
    held = balances.merge(rated, on="account_id")
    return held[["period", "account_id", "probability_of_default"]].assign(
        loss_given_default=0.45,
        exposure_at_default=held["balance_average"],
        capital_ratio=0.08,
    )


def _write_tiers(
    first: NDArray[np.int64], tiers: NDArray[np.int64], days: list[date]
) -> pd.DataFrame:
    """Write the tier held: those who move do so in the last month."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "period": day,
                    "customer_id": _name(len(tiers)),
                    "tier": np.array(TIERS)[tiers if day == days[-1] else first],
                }
            )
            for day in days
        ],
        ignore_index=True,
    )
