"""What each deposit product earns over its transfer rate."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.funds_pricing import (
    REMEDY,
    PricedBalances,
)
from analysis.studies.segment_profitability.account.held_accounts import (
    keep_accounts,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

_KEYS = ("product", "tenor_months")
_SUMMED = ("balance", "balance_years", "credit", "volatile_credit", "paid", "margin")


@dataclass(frozen=True, slots=True, eq=False)
class DepositMargins:
    """Deposit margins by product and term.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per product and term of the quarter: `customers`, `balance` (average,
        major currency units), `paid_pct`, `transfer_pct`, `margin_pct` (percent a
        year of the balance), `margin` (major currency units a quarter), the dominance
        of balance and margin, and `previous_margin_pct`; largest balance first.
    total : pandas.DataFrame
        The same of all deposits, one row, its product empty.
    previous : pandas.DataFrame
        Rows of the quarter before, without their own previous margin.
    margin_pct, previous_margin_pct : float
        Of all deposits, percent a year; the second is missing where the source does
        not reach back.
    margin : float
        Of all deposits, major currency units a quarter.
    margin_if_volatile : float
        The same if no money without a term were stable.
    basis : str
        Where transfer rates come from.
    tables : Tables
        What it was computed from.
    quarter : str
        Quarter described.
    """

    rows: pd.DataFrame
    total: pd.DataFrame
    previous: pd.DataFrame
    margin_pct: float
    previous_margin_pct: float
    margin: float
    margin_if_volatile: float
    basis: str
    tables: Tables
    quarter: str


def measure_deposit_margins(
    priced: PricedBalances, tables: Tables, parameters: Parameters
) -> DepositMargins | Refused:
    """Measure what deposits earn over their transfer rate, product by product.

    Parameters
    ----------
    priced : PricedBalances
        Balances with their transfer rates.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    DepositMargins or Refused
        Refused without a transfer rate: a deposit earns nothing by itself.
    """
    if priced.reason:
        return Refused(
            priced.reason, parameters.quarter, tables.source.attribution, say(REMEDY)
        )
    held = _sum_customers(priced, tables.source.minor_units)
    sums = _sum_groups(held)
    is_now = sums["quarter"] == parameters.quarter
    now, before = _add_rates(sums[is_now]), _add_rates(sums[~is_now])
    everything = _sum_groups(_merge_products(held))
    is_total_now = everything["quarter"] == parameters.quarter
    rows = _add_previous(now, before).sort_values("balance", ascending=False)
    return DepositMargins(
        rows=rows.reset_index(drop=True),
        total=_add_previous(
            _add_rates(everything[is_total_now]), _add_rates(everything[~is_total_now])
        ),
        previous=before,
        margin_pct=_average_margin(sums[is_now]),
        previous_margin_pct=_average_margin(sums[~is_now]),
        margin=float(rows["margin"].sum()),
        margin_if_volatile=float((rows["volatile_credit"] - rows["paid"]).sum()),
        basis=priced.basis,
        tables=tables,
        quarter=parameters.quarter,
    )


def _sum_customers(priced: PricedBalances, minor_units: int) -> ibis.Table:
    """Sum what each customer holds of each product; kept, for several sums follow."""
    accounts = keep_accounts(priced)
    deposits = accounts.filter(accounts.side == "deposit")
    summed = deposits.group_by("quarter", *_KEYS, "customer_id").agg(
        balance=deposits.held.sum(),
        balance_years=deposits.years.sum(),
        credit=deposits.funds.sum(),
        volatile_credit=deposits.volatile_funds.sum(),
        paid=deposits.interest_minor.sum() / float(minor_units),
    )
    return keep_rows(summed.mutate(margin=summed.credit - summed.paid), "deposits_held")


def _merge_products(held: ibis.Table) -> ibis.Table:
    sums = {name: held[name].sum() for name in _SUMMED}
    merged = held.group_by("quarter", "customer_id").agg(**sums)
    return merged.mutate(product=ibis.literal(""), tenor_months=ibis.literal(0))


def _sum_groups(held: ibis.Table) -> pd.DataFrame:
    keys = ["quarter", *_KEYS]
    summed = held.group_by(*keys).agg(
        customers=held.count(), **{name: held[name].sum() for name in _SUMMED}
    )
    frame: pd.DataFrame = summed.order_by(*keys).to_pandas()
    largest = measure_dominance(held, keys, ("balance", "margin"))
    return frame.merge(largest, on=keys, validate="1:1")


def _add_previous(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    keys = list(_KEYS)
    earlier = before.rename(columns={"margin_pct": "previous_margin_pct"})
    return now.merge(earlier[[*keys, "previous_margin_pct"]], on=keys, how="left")


def _add_rates(sums: pd.DataFrame) -> pd.DataFrame:
    held = sums[sums["balance_years"] > 0]
    margin = held["credit"] - held["paid"]
    return held.assign(
        paid_pct=100 * held["paid"] / held["balance_years"],
        transfer_pct=100 * held["credit"] / held["balance_years"],
        margin_pct=100 * margin / held["balance_years"],
        margin=margin,
    )


def _average_margin(sums: pd.DataFrame) -> float:
    years = float(sums["balance_years"].sum())
    margin = float((sums["credit"] - sums["paid"]).sum())
    return 100 * margin / years if years > 0 else float("nan")
