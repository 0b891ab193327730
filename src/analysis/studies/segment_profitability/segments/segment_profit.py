"""The profit account of each segment, and the channels that serve it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.studies.segment_profitability.account.customer_profit import (
    LINES,
    ProfitAccount,
)
from analysis.studies.segment_profitability.account.periods import label_quarter
from analysis.studies.segment_profitability.account.segment_names import OTHERS
from analysis.studies.segment_profitability.account.service_cost import ServiceCost
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused

AMOUNTS = (
    *LINES,
    "income",
    "tax",
    "profit",
    "before_tax",
    "capital",
    "capital_charge",
    "economic_profit",
    "deposits",
    "loans",
    "interest_paid",
)
"""Amounts of a customer that are summed, major currency units."""

TESTED = (*LINES, "income", "before_tax", "deposits", "interest_paid")
"""Amounts of which the largest customers' parts are measured, for the door."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentProfit:
    """Profit accounts of segments, richest customers first, pooled ones last.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment of the quarter: `customers`, `losing` (customers who lose
        money), `loss` (what they lose), every column of `AMOUNTS`, the columns of
        `measure_dominance` for those of `TESTED`, `main_channel` (of most contacts)
        and `main_cost_channel` (of most cost); major currency units.
    previous : pandas.DataFrame
        The same of the quarter before; without rows when the source lacks it.
    account : ProfitAccount
        What it was summed from.
    """

    rows: pd.DataFrame
    previous: pd.DataFrame
    account: ProfitAccount


def sum_segments(
    account: ProfitAccount,
    cost: ServiceCost | Refused,
    tables: Tables,
    parameters: Parameters,
) -> SegmentProfit:
    """Sum the customers' profit accounts by segment, inside the engine.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    cost : ServiceCost or Refused
        Cost of one of each activity.
    tables : Tables
        Events tell the channels that serve a segment.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    SegmentProfit
        Both quarters.
    """
    rows = account.rows.mutate(
        before_tax=account.rows.profit - account.rows.tax,
        interest_paid=account.rows.paid_minor / float(tables.source.minor_units),
    )
    loses = rows.profit < 0
    summed = rows.group_by("quarter", "segment").agg(
        customers=rows.count(),
        losing=loses.sum(),
        loss=rows.profit.sum(where=loses).fill_null(0.0),
        **{name: rows[name].sum() for name in AMOUNTS},
    )
    largest = measure_dominance(rows, ("quarter", "segment"), TESTED)
    summed_up = summed.order_by("quarter", "segment").to_pandas()
    frame = summed_up.merge(largest, on=["quarter", "segment"], validate="1:1")
    wealth = (frame["deposits"] + frame["loans"]) / frame["customers"]
    pooled = frame["segment"] == OTHERS
    ordered = frame.assign(wealth=wealth, pooled=pooled).sort_values(
        ["pooled", "wealth"], ascending=[True, False]
    )
    channels = _find_main_channels(account, cost, tables, parameters)
    now = ordered[ordered["quarter"] == account.quarter]
    before = ordered[ordered["quarter"] == account.previous]
    return SegmentProfit(
        rows=now.merge(channels, on="segment", how="left"),
        previous=before.reset_index(drop=True),
        account=account,
    )


def _find_main_channels(
    account: ProfitAccount,
    cost: ServiceCost | Refused,
    tables: Tables,
    parameters: Parameters,
) -> pd.DataFrame:
    """Find the channels of most contacts and of most cost for each segment."""
    columns = ["segment", "main_channel", "main_cost_channel"]
    if isinstance(cost, Refused):
        return pd.DataFrame(columns=columns).astype({"segment": "str"})
    events = label_quarter(tables["events"], parameters)
    now = events.filter(events.quarter == account.quarter)
    who = account.rows.filter(account.rows.quarter == account.quarter)
    joined = now.join(who.select("customer_id", "segment"), "customer_id")
    counted = joined.group_by("segment", "channel", "activity").agg(
        contacts=joined["count"].sum()
    )
    frame: pd.DataFrame = counted.order_by("segment", "channel").to_pandas()
    prices = cost.activities[cost.activities["quarter"] == account.quarter]
    costed = frame.merge(prices[["channel", "activity", "unit_cost"]], how="left")
    costed = costed.assign(cost=costed["contacts"] * costed["unit_cost"].fillna(0.0))
    by_channel = costed.groupby(["segment", "channel"])[["contacts", "cost"]].sum()
    channel = by_channel.groupby("segment").idxmax()
    return pd.DataFrame(
        {
            "segment": channel.index,
            "main_channel": channel["contacts"].str[1].to_numpy(),
            "main_cost_channel": channel["cost"].str[1].to_numpy(),
        }
    )
