"""Measure what is paid above the posted price, to whom, and what that costs a year.

An exception is a deposit that is paid more than the price posted for its cell when it
was made. Rates are decimals a year inside, percent and basis points in results; money
is major units of the source's currency.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.conduct.pre_trend import (
    PreTrend,
)
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    PricedAccounts,
    is_given,
)
from analysis.studies.kept_rows import keep_rows

LARGEST_CUSTOMERS = 10
"""How many of the largest are looked at together, never fewer than may be shown."""
LARGE_DEPOSITS_PCT = 3.0
"""A deposit is large if at most about so many percent of deposits are as large."""
MEASURES = ("balance", "exception_balance", "cost")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What is paid above posted prices in the quarter's last period.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product and segment, products with exceptions only, the total of
        these rows last: `product`, `segment`, `customers`, `balance`, `paid_pct`
        (mean rate paid), `exception_customers`, `exception_balance`, `share_pct` (of
        balance), `bonus_bp` (mean over exceptions), `cost` (a year), and the largest,
        second and absolute of each amount.
    bands : pandas.DataFrame
        The same over all products for small and large deposits: `band` (0 or 1),
        with `margin_pct` (transfer price less posted rate, of exceptions),
        `break_even_pct`, and the total in the last row.
    large_balance : float
        Balance from which a deposit is large.
    largest_share_pct : float
        Share of the cost that goes to the largest customers; missing where there are
        too few.
    pre_trend : PreTrend or None
        How balances had moved before an exception; None where it can't be told.
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    segments: pd.DataFrame
    bands: pd.DataFrame
    large_balance: float
    largest_share_pct: float
    pre_trend: PreTrend | None
    currency: str
    quarter: Quarter
    source: str

    @property
    def total(self) -> pd.Series | None:
        """All priced deposits; None where no rate paid can be laid beside a price."""
        return None if self.bands.empty else self.bands.iloc[-1]


def measure_exceptions(
    priced: PricedAccounts, pre_trend: PreTrend | None
) -> Exceptions:
    """Measure rates above the posted one by product, segment and size.

    Parameters
    ----------
    priced : PricedAccounts
        Deposits beside their posted price.
    pre_trend : PreTrend or None
        How balances had moved before an exception.

    Returns
    -------
    Exceptions
        Shares, bonus and cost; empty frames where the source does not tell.
    """
    known = priced.rows.filter(is_given(priced.rows["bonus"]))
    large_balance = _find_large_balance(known)
    parts = keep_rows(_measure_accounts(known, large_balance), "exceptions")
    return Exceptions(
        segments=_sum_segments(parts),
        bands=_sum_groups(parts, ["band"]),
        large_balance=large_balance,
        largest_share_pct=_measure_largest(parts),
        pre_trend=pre_trend,
        currency=priced.currency,
        quarter=priced.quarter,
        source=priced.source,
    )


def _find_large_balance(known: ir.Table) -> float:
    """Give the size that few deposits reach, to one digit so that it names nobody."""
    share = 1.0 - LARGE_DEPOSITS_PCT / 100
    top = known["balance"].quantile(share).to_pyarrow().as_py()
    if not top:
        return math.inf
    step = 10.0 ** math.floor(math.log10(top))
    return float(step * round(top / step))


def _measure_accounts(known: ir.Table, large_balance: float) -> ir.Table:
    """Give each account its part in every sum, zero where it has none."""
    balance, bonus = known["balance"], known["bonus"]
    granted = (bonus > 0).ifelse(balance, 0.0)
    margin = known["transfer_rate"] - known["posted"]
    return known.select(
        "customer_id",
        "product",
        "segment",
        band=(balance >= large_balance).cast("int64"),
        balance=balance,
        interest=balance * known["paid"],
        exception_balance=granted,
        cost=balance * bonus,
        margin=(granted * margin).fill_null(0.0),
        margin_balance=is_given(margin).ifelse(granted, 0.0),
    )


def _sum_segments(priced: ir.Table) -> pd.DataFrame:
    chosen = priced.filter(priced["exception_balance"] > 0).select("product").distinct()
    return _sum_groups(priced.semi_join(chosen, "product"), ["product", "segment"])


def _sum_groups(priced: ir.Table, keys: list[str]) -> pd.DataFrame:
    """Add up accounts by group, all together in the last row."""
    groups = _sum_rows(priced, keys)
    if groups.empty:
        return groups
    blank = {
        key: ibis.literal("" if priced[key].type().is_string() else -1) for key in keys
    }
    whole = _sum_rows(priced.mutate(**blank), keys)
    return pd.concat([groups.sort_values(keys), whole], ignore_index=True)


def _sum_rows(priced: ir.Table, keys: list[str]) -> pd.DataFrame:
    parts = [*MEASURES, "interest", "margin", "margin_balance"]
    customers = priced.group_by([*keys, "customer_id"]).agg(
        **{name: priced[name].sum() for name in parts}
    )
    sums: pd.DataFrame = (
        customers.group_by(keys)
        .agg(
            customers=customers.count(),
            exception_customers=(customers["exception_balance"] > 0).sum(),
            **{name: customers[name].sum() for name in parts},
        )
        .to_pandas()
    )
    largest = measure_dominance(customers, keys, MEASURES)
    joined = sums.merge(largest, on=keys, validate="1:1")
    granted = joined["exception_balance"].where(joined["exception_balance"] > 0)
    rated = joined["margin_balance"].where(joined["margin_balance"] > 0)
    margin = joined["margin"] / rated
    bonus = joined["cost"] / granted
    return joined.assign(
        paid_pct=100 * joined["interest"] / joined["balance"],
        share_pct=100 * joined["exception_balance"] / joined["balance"],
        bonus_bp=1e4 * bonus,
        margin_pct=100 * margin,
        break_even_pct=100 * bonus / margin.where(margin > 0),
    )


def _measure_largest(priced: ir.Table) -> float:
    """Give the percent of the cost that the largest customers get."""
    paid = priced.filter(priced["cost"] > 0)
    customers = paid.group_by("customer_id").agg(cost=paid["cost"].sum())
    largest = customers.order_by(customers["cost"].desc()).limit(LARGEST_CUSTOMERS)
    found = customers.agg(customers=customers.count(), cost=customers["cost"].sum())
    whole = found.to_pandas().iloc[0]
    if whole["customers"] < 2 * LARGEST_CUSTOMERS:
        return math.nan
    top = float(largest.agg(cost=largest["cost"].sum()).to_pandas()["cost"].iloc[0])
    return 100 * top / float(whole["cost"])
