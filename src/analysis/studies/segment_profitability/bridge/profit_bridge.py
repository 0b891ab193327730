"""The bridge of profit: why it changed since the quarter before, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.account.periods import (
    label_quarter,
    list_periods,
)
from analysis.studies.segment_profitability.account.service_cost import ServiceCost
from analysis.studies.segment_profitability.bridge.bar_sums import (
    draw_bars,
    sum_lines,
    sum_segment_bars,
    summarise_bars,
    summarise_change,
)
from analysis.studies.segment_profitability.bridge.customer_changes import (
    measure_service_rate,
    split_changes,
    split_margins,
    stack_segments,
)
from analysis.studies.segment_profitability.bridge.matched_customers import (
    match_customers,
)
from analysis.studies.segment_profitability.bridge.naive_bridge import (
    split_interest,
    split_naively,
)
from analysis.studies.segment_profitability.bridge.old_prices import (
    match_products,
    measure_repricing,
    value_at_old_prices,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import join_names, mark, say

_WHOLE = {
    "customer_periods": mark("tiers and states of customers"),
    "balances": mark("balances"),
    "cost_pools": mark("cost pools"),
    "credit_risk": mark("credit risk"),
}
"""Tables that must be whole in both quarters, as a reader knows them."""


@dataclass(frozen=True, slots=True, eq=False)
class ProfitBridge:
    """Why profit changed since the quarter before.

    Parameters
    ----------
    bars : pandas.DataFrame
        One row per bar of `BARS` that anybody has a part in: `bar`, `amount`, `lower`,
        `upper` (major currency units, all but tax before tax), `customers` (with a
        part in it), `verdict` ("rose": it raised profit; "small": less than a
        hundredth of the profit before), and the dominance of `amount`.
    change : BootstrapEstimate
        Change of profit after tax, major currency units.
    profit_before : float
        Profit after tax of the quarter before, major currency units.
    segments : pandas.DataFrame
        One row per segment of either quarter, richest first: `segment`, `customers`
        (of either quarter), `BARS`, `TESTED` and `change` (after tax) in major currency
        units, for each of `SEGMENT_BARS` and `MOVES` "n_<name>" (customers with a part
        in it), and the columns of `measure_dominance` for `TESTED`.
    naive : pandas.Series of float
        Bars of a bridge from totals of segments, without membership of both quarters.
    interest : pandas.DataFrame
        As `split_interest` gives it.
    n_customers : int
        Customers of either quarter.
    account : ProfitAccount
        What was compared.
    """

    bars: pd.DataFrame
    change: BootstrapEstimate
    profit_before: float
    segments: pd.DataFrame
    naive: pd.Series[float]
    interest: pd.DataFrame
    n_customers: int
    account: ProfitAccount


def bridge_profit(
    account: ProfitAccount,
    priced: PricedBalances,
    cost: ServiceCost | Refused,
    tables: Tables,
    parameters: Parameters,
) -> ProfitBridge | Refused:
    """Split the change of profit into its causes, customer by customer.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of both quarters.
    priced : PricedBalances
        Balances with their transfer rates.
    cost : ServiceCost or Refused
        Cost of one of each activity; without it profit counts no service.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported, seed.

    Returns
    -------
    ProfitBridge or Refused
        Bars add up to the change of profit after tax, for all and for each segment;
        refused without a profit or without a whole quarter before.
    """
    refused = account.refusal or _refuse_gaps(account, tables, parameters)
    if refused:
        return refused
    customers = match_customers(account)
    products = match_products(priced, customers, parameters, tables.source.minor_units)
    ratio = _find_days_ratio(tables, parameters)
    margins = split_margins(
        value_at_old_prices(products, measure_repricing(products)),
        days_ratio=ratio,
        minor_units=tables.source.minor_units,
    )
    service = None
    if isinstance(cost, ServiceCost):
        service = measure_service_rate(tables, cost, parameters)
    changes = split_changes(customers, margins, service)
    replicates = draw_bars(changes, parameters)
    ends = changes.agg(before=changes.profit_before.sum(), n=changes.count())
    profit_before, n_customers = ends.to_pandas().iloc[0]
    lines = sum_lines(customers, replicates)
    return ProfitBridge(
        bars=summarise_bars(changes, replicates, float(profit_before)),
        change=summarise_change(replicates),
        profit_before=float(profit_before),
        segments=sum_segment_bars(stack_segments(changes), account.rows),
        naive=split_naively(products, lines, days_ratio=ratio),
        interest=split_interest(products),
        n_customers=int(n_customers),
        account=account,
    )


def _refuse_gaps(
    account: ProfitAccount, tables: Tables, parameters: Parameters
) -> Refused | None:
    """Refuse where a table reaches less far into the quarter before than into this."""
    short = []
    for name, known_as in _WHOLE.items():
        if name not in tables:
            continue
        rows = label_quarter(tables[name], parameters)
        counted = (
            rows.group_by("quarter").agg(periods=rows.period.nunique()).to_pandas()
        )
        periods = counted.set_index("quarter")["periods"]
        if periods.get(account.previous, 0) < periods.get(account.quarter, 0):
            short.append(say(known_as))
    if not short:
        return None
    return Refused(
        say(
            "The quarter before, {before}, is not there or not whole in {names}.",
            before=write_quarter(account.previous),
            names=join_names(short),
        ),
        account.quarter,
        account.source,
        say("Map a source that holds the whole quarter before."),
    )


def _find_days_ratio(tables: Tables, parameters: Parameters) -> float:
    days = list_periods(tables, parameters)["quarter_days"]
    return float(days.iloc[0] / days.iloc[-1])
