"""Sum what each account held in a quarter, before anything is joined to it.

An account has one balance a period, and all else that is asked of it does not change
within a quarter. Summed first, a third of the rows are left to be priced and given to
customers, and balances are read once for whoever asks.
"""

from __future__ import annotations

from typing import Final

import ibis
import pandas as pd

from analysis.studies.kept_rows import keep_side_by_side
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.parameters import DAYS_A_YEAR

YEARS: Final = ("years_1", "years_2", "years_3")
"""Average balance times years in each period of the quarter."""

_KEPT: Final = "held_accounts"


def sum_accounts(priced: PricedBalances, quarter: str) -> ibis.Table:
    """Sum each account over the periods of a quarter, at its transfer rates.

    Parameters
    ----------
    priced : PricedBalances
        Balances, accounts and their transfer rates.
    quarter : str
        One of its quarters.

    Returns
    -------
    ibis.Table
        One row per account with a balance: `customer_id`, `product`, `side`,
        `tenor_months`, `interest_minor`, `YEARS`, their sum `years`, `held` (average
        over the quarter), `holds` (something in some period), `funds` and
        `volatile_funds` (years at the transfer rate, and if no money without a term
        were stable); major currency units, and those times years, except
        `interest_minor`. Not computed before it is asked for.
    """
    periods = priced.rates[priced.rates["period_quarter"] == quarter]
    held = _sum_periods(priced.balances, periods).join(priced.accounts, "account_id")
    if priced.late_rates is not None:
        own = priced.late_rates[priced.late_rates["quarter"] == quarter]
        late = ibis.memtable(own.drop(columns="quarter"))
        held = held.left_join(late, "tenor_months").drop("tenor_months_right")
    years = [held[name] for name, _ in zip(YEARS, periods.index, strict=False)]
    total = sum(years[1:], years[0])
    is_dated = (held.tenor_months > 0).fill_null(False)
    dated = _price_dated(held, years, total, priced)
    undated = {
        side: _weigh(years, periods[f"rate_{side}"]) for side in ("deposit", "short")
    }
    on_demand = ibis.ifelse(
        held.side == "deposit", undated["deposit"], undated["short"]
    )
    return held.select(
        "customer_id",
        "product",
        "side",
        "tenor_months",
        "interest_minor",
        "holds",
        *YEARS,
        years=total,
        held=total * (DAYS_A_YEAR / float(periods["quarter_days"].iloc[0])),
        funds=ibis.ifelse(is_dated, dated, on_demand),
        volatile_funds=ibis.ifelse(is_dated, dated, undated["short"]),
    )


def keep_accounts(priced: PricedBalances) -> ibis.Table:
    """Give the accounts of all quarters, computed once for whoever asks.

    Parameters
    ----------
    priced : PricedBalances
        Balances, accounts and their transfer rates.

    Returns
    -------
    ibis.Table
        As `sum_accounts` gives them, with their `quarter`.
    """
    if _KEPT not in priced.kept:
        quarters = list(priced.periods["period_quarter"].unique())
        parts = {name: sum_accounts(priced, name) for name in quarters}
        priced.kept[_KEPT] = keep_side_by_side(parts, _KEPT, column="quarter")
    return priced.kept[_KEPT]


def _sum_periods(balances: ibis.Table, periods: pd.DataFrame) -> ibis.Table:
    ends = [ibis.literal(day) for day in periods["period"]]
    inside = balances.filter(
        balances.period.between(ends[0], ends[-1]), balances.period.isin(ends)
    )
    average = inside.balance_average
    by_period = {
        name: average.sum(where=inside.period == end)
        for name, end in zip(YEARS, ends, strict=False)
    }
    summed = inside.group_by("account_id").agg(
        interest_minor=inside.interest_minor.sum(),
        holds=(average.max() > 0).fill_null(False),
        **by_period,
    )
    shares = dict(zip(YEARS, periods["days"] / DAYS_A_YEAR, strict=False))
    nothing = ibis.literal(0.0)
    return summed.mutate(
        **{
            name: summed[name].fill_null(0.0) * float(shares[name])
            if name in shares
            else nothing
            for name in YEARS
        }
    )


def _price_dated(
    held: ibis.Table,
    years: list[ibis.expr.types.FloatingValue],
    total: ibis.expr.types.FloatingValue,
    priced: PricedBalances,
) -> ibis.expr.types.FloatingValue:
    """Price contracts: at their own rate, or period by period without a known start."""
    fixed = total * held.fixed_rate
    if priced.late_rates is None:
        return fixed.fill_null(0.0)
    late = sum(
        held_then * held[f"late_{place}"].fill_null(0.0)
        for place, held_then in enumerate(years)
    )
    return fixed.coalesce(late)


def _weigh(
    years: list[ibis.expr.types.FloatingValue], rates: pd.Series[float]
) -> ibis.expr.types.FloatingValue:
    parts = [held * float(rate) for held, rate in zip(years, rates, strict=True)]
    return sum(parts[1:], parts[0])
