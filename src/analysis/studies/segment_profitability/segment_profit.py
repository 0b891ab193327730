"""The profit account of each segment, and the channel that serves it most."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.segment_profitability.customer_profit import (
    LINES,
    ProfitAccount,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.periods import label_quarter

AMOUNTS = (
    *LINES,
    "income",
    "tax",
    "profit",
    "capital",
    "capital_charge",
    "economic_profit",
    "deposits",
    "loans",
)


@dataclass(frozen=True, slots=True, eq=False)
class SegmentProfit:
    """Profit accounts of segments, richest customers first.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment of the quarter: `customers`, `losing` (customers who lose
        money), `loss` (what they lose), `interest_paid`, every column of `AMOUNTS`,
        `main_channel` and `main_channel_share` of contacts; major currency units.
    previous : pandas.DataFrame
        The same of the quarter before; without rows when the source lacks it.
    account : ProfitAccount
        What it was summed from.
    """

    rows: pd.DataFrame
    previous: pd.DataFrame
    account: ProfitAccount


def sum_segments(
    account: ProfitAccount, tables: Tables, parameters: Parameters
) -> SegmentProfit:
    """Sum the customers' profit accounts by segment, inside the engine.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    tables : Tables
        Events tell the channel that serves a segment most.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    SegmentProfit
        Both quarters.
    """
    rows = account.rows
    loses = rows.profit < 0
    sums = {name: rows[name].sum() for name in AMOUNTS}
    paid = rows.paid_minor.sum() / float(tables.source.minor_units)
    summed = rows.group_by("quarter", "segment").agg(
        customers=rows.count(),
        losing=loses.sum(),
        loss=rows.profit.sum(where=loses).fill_null(0.0),
        interest_paid=paid,
        **sums,
    )
    frame = summed.order_by("quarter", "segment").to_pandas()
    wealth = (frame["deposits"] + frame["loans"]) / frame["customers"]
    ordered = frame.assign(wealth=wealth).sort_values("wealth", ascending=False)
    channels = _find_main_channels(account, tables, parameters)
    now = ordered[ordered["quarter"] == account.quarter]
    before = ordered[ordered["quarter"] == account.previous]
    return SegmentProfit(
        rows=now.merge(channels, on="segment", how="left"),
        previous=before.reset_index(drop=True),
        account=account,
    )


def _find_main_channels(
    account: ProfitAccount, tables: Tables, parameters: Parameters
) -> pd.DataFrame:
    """Find the channel through which each segment is served most often."""
    columns = ["segment", "main_channel", "main_channel_share"]
    if "events" not in tables:
        return pd.DataFrame(columns=columns).astype({"segment": "str"})
    events = label_quarter(tables["events"], parameters)
    now = events.filter(events.quarter == account.quarter)
    who = account.rows.filter(account.rows.quarter == account.quarter)
    joined = now.join(who.select("customer_id", "segment"), "customer_id")
    counted = joined.group_by("segment", "channel").agg(
        contacts=joined["count"].sum(), customers=joined.customer_id.nunique()
    )
    frame: pd.DataFrame = counted.order_by("segment", "channel").to_pandas()
    share = frame["contacts"] / frame.groupby("segment")["contacts"].transform("sum")
    named = frame.assign(main_channel_share=share, main_channel=frame["channel"])
    most = named.groupby("segment")["contacts"].idxmax()
    return named.loc[most, columns].reset_index(drop=True)
