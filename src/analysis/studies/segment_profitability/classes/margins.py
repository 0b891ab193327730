"""What an average customer of each segment brings, product by product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import pandas as pd

from analysis.data.dominance import MEASURES, measure_dominance, pool_dominance
from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.account.held_accounts import (
    keep_accounts,
)
from analysis.studies.segment_profitability.classes.groups import (
    LEAST_SHOWN,
    choose_pooled,
    name_pool,
)
from analysis.studies.segment_profitability.refusal import Refused

FEES: Final = ""
"""Stands for fees, which are booked to customers and not to products."""

_MOST_PRODUCTS = 9


@dataclass(frozen=True, slots=True, eq=False)
class ProductMargins:
    """Margins of segments and products.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment, richest first, small ones pooled: `segment`, `customers`,
        and for the n-th of `products` "margin_<n>" with its dominance and
        "holders_<n>"; major currency units a quarter.
    products : tuple of str
        Products by falling size of their margin, `FEES` for fees.
    account : ProfitAccount
        Where segments come from.
    """

    rows: pd.DataFrame
    products: tuple[str, ...]
    account: ProfitAccount


def measure_product_margins(
    account: ProfitAccount, priced: PricedBalances, tables: Tables
) -> ProductMargins | Refused:
    """Sum the margin of each product and segment, inside the engine.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    priced : PricedBalances
        Balances with their transfer rates.
    tables : Tables
        They say how many minor units a major one has.

    Returns
    -------
    ProductMargins or Refused
        Of the quarter reported; refused without a transfer rate.
    """
    if account.refusal:
        return account.refusal
    customers = account.rows.filter(account.rows.quarter == account.quarter)
    margins = _list_margins(priced, customers, account, tables.source.minor_units)
    keys = ["segment", "product"]
    summed = margins.group_by(*keys).agg(
        margin=margins.margin.sum(), holders=margins.count()
    )
    sums: pd.DataFrame = summed.order_by(*keys).to_pandas()
    largest = measure_dominance(margins, keys, ("margin",))
    whole = _sum_segments(customers)
    sizes = sums.groupby("product")["margin"].sum().abs().sort_values(ascending=False)
    products = tuple(str(name) for name in sizes.index[:_MOST_PRODUCTS])
    return ProductMargins(
        rows=_pool_small(
            _spread(whole, sums.merge(largest, on=keys, validate="1:1"), products),
            [f"margin_{place}" for place in range(len(products))],
        ),
        products=products,
        account=account,
    )


def _list_margins(
    priced: PricedBalances, customers: ibis.Table, account: ProfitAccount, scale: int
) -> ibis.Table:
    """List each customer's margin on each product, and fees."""
    accounts = keep_accounts(priced)
    rows = accounts.filter(
        accounts.quarter == account.quarter, accounts.side.isin(("deposit", "loan"))
    )
    earned = rows.funds - rows.interest_minor / float(scale)
    signed = ibis.ifelse(rows.side == "deposit", earned, -earned)
    who = customers.select("customer_id", "segment")
    held = rows.group_by("customer_id", "product").agg(margin=signed.sum())
    fees = customers.filter(customers.fee != 0).select(
        "customer_id",
        product=ibis.literal(FEES),
        margin=customers.fee,
    )
    both = ibis.union(held.select(*fees.columns), fees)
    joined = both.join(who, "customer_id")
    return keep_rows(
        joined.select("segment", "product", "customer_id", "margin"), "product_margins"
    )


def _sum_segments(customers: ibis.Table) -> pd.DataFrame:
    grouped = customers.group_by("segment").agg(
        customers=customers.count(),
        wealth=customers.deposits.mean() + customers.loans.mean(),
    )
    frame: pd.DataFrame = grouped.order_by("segment").to_pandas()
    return frame.sort_values("wealth", ascending=False, ignore_index=True)


def _spread(
    whole: pd.DataFrame, sums: pd.DataFrame, products: tuple[str, ...]
) -> pd.DataFrame:
    """Lay products side by side; what a segment does not hold is zero."""
    spread = whole
    for place, product in enumerate(products):
        part = sums[sums["product"] == product].drop(columns="product")
        named = part.rename(
            columns={name: _add_place(str(name), place) for name in part}
        )
        spread = spread.merge(named, on="segment", how="left")
    numbers = [name for name in spread.columns if name != "segment"]
    filled = spread.assign(**{name: spread[name].fillna(0) for name in numbers})
    counts = [name for name in numbers if name.startswith("holders_")]
    return filled.astype(dict.fromkeys(counts, "int64"))


def _pool_small(rows: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """Put the smallest segments into one, where the largest of them stands."""
    pooled = choose_pooled(rows["customers"], LEAST_SHOWN)
    if pooled.sum() < 2:
        return rows
    parts = rows[pooled]
    tested = [f"{name}_{end}" for name in amounts for end in MEASURES]
    summed = [n for n in rows.columns if n not in ("segment", "wealth", *tested)]
    row = parts[summed].sum().to_dict() | pool_dominance(parts, amounts)
    wealth = (parts["wealth"] * parts["customers"]).sum() / parts["customers"].sum()
    one = pd.DataFrame([row]).assign(
        segment=name_pool(list(parts["segment"])), wealth=wealth
    )
    both = pd.concat([rows[~pooled], one.astype(parts[summed].dtypes.to_dict())])
    return both.sort_values("wealth", ascending=False, ignore_index=True)


def _add_place(name: str, place: int) -> str:
    if name == "segment":
        return name
    first, *rest = name.split("_")
    return "_".join([first, str(place), *rest])
