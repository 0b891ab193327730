"""Which customers the business should act on: whom to keep, who costs too much.

A list names customers. It goes to named persons through `ActionList`; everybody else
reads how many there are.
"""

from __future__ import annotations

import ibis
import pandas as pd

from analysis.presentation.action_lists import ActionList
from analysis.presentation.tables import DisplayColumn
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.segment_names import name_segment
from analysis.studies.segment_profitability.parameters import (
    HIGH_SEGMENTS_SHARE,
    KEPT_SHARE,
    LONGEST_LIST,
    Parameters,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import LINE_NAMES, Nothing
from analysis.units import write_currency
from analysis.wording import say


def list_customers_to_keep(
    account: ProfitAccount, parameters: Parameters
) -> ActionList | Nothing:
    """List the most profitable customers, whose leaving would cost the bank most.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ActionList, or nothing where the source gives no profit
        The most profitable `KEPT_SHARE` of customers, at most `LONGEST_LIST`, with
        their profit of both quarters.
    """
    if account.refusal:
        return ()
    now = _select_quarter(account, account.quarter)
    n_customers = int(now.count().execute())
    earning = now.filter(now.profit > 0)
    wanted = min(int(KEPT_SHARE * n_customers), int(earning.count().execute()))
    first = earning.order_by(earning.profit.desc(), earning.customer_id)
    return ActionList(
        key="customers_to_keep",
        title=say(
            "The most profitable customers, {q}", q=write_quarter(parameters.quarter)
        ),
        rows=_read_rows(first.limit(min(wanted, LONGEST_LIST)), account),
        columns=_name_columns(account),
        source=account.source,
        quarter=parameters.quarter,
        n=wanted,
    )


def list_high_tier_losing(
    segments: SegmentProfit, parameters: Parameters
) -> ActionList | Nothing:
    """List the customers of the highest tiers who cost more than they bring.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments, richest customers first.
    parameters : Parameters
        Only tiers have a highest one: other groups give no list.

    Returns
    -------
    ActionList, or nothing where no tier is higher than another or there is no profit
        Largest losses first, at most `LONGEST_LIST`, with their profit of both
        quarters.
    """
    account = segments.account
    high = _find_high_tiers(segments.rows)
    if account.refusal or parameters.segment_by != "tier" or not high:
        return ()
    now = _select_quarter(account, account.quarter)
    losing = now.filter((now.profit < 0) & now.segment.isin(high))
    first = losing.order_by(losing.profit, losing.customer_id)
    return ActionList(
        key="high_tier_losing",
        title=say(
            "Customers of the highest tiers who lose money, {q}",
            q=write_quarter(parameters.quarter),
        ),
        rows=_read_rows(first.limit(LONGEST_LIST), account),
        columns=_name_columns(account),
        source=account.source,
        quarter=parameters.quarter,
        n=int(losing.count().execute()),
    )


def _find_high_tiers(rows: pd.DataFrame) -> list[str]:
    """Find the richest tiers that together hold a small part of the customers."""
    if len(rows) < 2:
        return []
    share = rows["customers"].cumsum() / rows["customers"].sum()
    return [str(name) for name in rows.loc[share <= HIGH_SEGMENTS_SHARE, "segment"]]


def _select_quarter(account: ProfitAccount, quarter: str) -> ibis.Table:
    return account.rows.filter(account.rows.quarter == quarter)


def _read_rows(chosen: ibis.Table, account: ProfitAccount) -> pd.DataFrame:
    before = _select_quarter(account, account.previous)
    known = before.select("customer_id", profit_before=before.profit)
    joined = chosen.left_join(known, "customer_id").select(
        "customer_id", "segment", *_list_amounts(account)
    )
    # A join gives rows back in any order.
    read: pd.DataFrame = joined.to_pandas()
    order = chosen.select("customer_id").to_pandas()
    ordered = order.merge(read, on="customer_id", how="left").round(2)
    named = ordered.assign(segment=[name_segment(str(n)) for n in ordered["segment"]])
    plain: pd.DataFrame = named.astype(object).where(named.notna(), None)
    return plain


def _list_amounts(account: ProfitAccount) -> list[str]:
    cost = [] if "cost_to_serve" in account.refused else ["cost_to_serve"]
    return ["profit", "profit_before", "income", *cost, "deposits", "loans"]


def _name_columns(account: ProfitAccount) -> tuple[DisplayColumn, ...]:
    unit, cost = write_currency(account.currency), "cost_to_serve"
    heads = {
        "profit": say("Profit"),
        "profit_before": say("Profit before"),
        "income": say("Income"),
        cost: say(LINE_NAMES[cost]),
        "deposits": say("Deposits"),
        "loans": say("Loans"),
    }
    amounts = (
        DisplayColumn(name, heads[name], decimals=0, unit_label=unit)
        for name in _list_amounts(account)
    )
    return (DisplayColumn("segment", say("Segment")), *amounts)
