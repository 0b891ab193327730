"""Tables on segments, top shares and the ledger; small cells are suppressed."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed, suppress_small_cells
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.segment_profitability.customer_profit import LINES
from analysis.studies.segment_profitability.ledger_tie import LedgerTie
from analysis.studies.segment_profitability.profit_concentration import Concentration
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segment_names import EVERYBODY
from analysis.studies.segment_profitability.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    LINE_NAMES,
    Nothing,
    scale_amounts,
    write_missing,
    write_share,
)
from analysis.units import Unit
from analysis.wording import say

_CHANNELS = ("main_channel", "main_cost_channel")
_SUMMED = ("income", *LINES, "tax", "profit", "deposits", "interest_paid")


def shown_segments(segments: SegmentProfit) -> pd.DataFrame:
    """Give the rows of the segment table, total last, as they may be published.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    pandas.DataFrame
        Major currency units; what describes fewer than ten customers is suppressed.
    """
    rows = segments.rows
    parts = rows[["segment", "customers", "losing", *_CHANNELS, *_SUMMED]]
    total = parts.drop(columns=["segment", *_CHANNELS]).sum().to_frame().T
    whole = pd.concat(
        [parts, total.assign(segment=EVERYBODY)] if len(parts) > 1 else [parts],
        ignore_index=True,
    )
    whole = whole.astype({"customers": "int64", "losing": "int64"})
    whole = whole.assign(losing_pct=100 * whole["losing"] / whole["customers"])
    has_total = len(parts) > 1
    few = suppress_small_cells(
        whole, count="losing", values=["losing_pct"], has_total=has_total
    )
    values = [*_SUMMED, "losing_pct", *_CHANNELS]
    return suppress_small_cells(
        few, count="customers", values=values, has_total=has_total
    )


def tabulate_segments(segments: SegmentProfit) -> DisplayTable:
    """Show what each segment brings, costs and earns.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    DisplayTable
        One row per segment, richest customers first, and the total.
    """
    account = segments.account
    heads = _name_known(segments)
    rows, unit = scale_amounts(shown_segments(segments), heads, account.currency)
    columns = (
        DisplayColumn("segment", "Segment"),
        DisplayColumn("customers", "Customers", Unit.COUNT),
        *(
            DisplayColumn(name, head, decimals=1, unit_label=unit)
            for name, head in heads.items()
        ),
    )
    return DisplayTable(
        title=say("What each segment brings and costs, {q}", q=account.quarter),
        released=rows,
        columns=columns,
        source=account.source,
        note=say(
            "Income is deposit margin, loan margin and fees; costs are negative. "
            "Profit is after tax, before the cost of capital. {basis} {missing}",
            basis=account.basis,
            missing=write_missing(account),
        ),
        total_row=len(rows) > 1,
    )


def tabulate_customers(segments: SegmentProfit) -> DisplayTable:
    """Show what an average customer of each segment brings, costs and earns.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    DisplayTable
        One row per segment, richest customers first, and all customers.
    """
    account = segments.account
    heads = _name_known(segments)
    shown = shown_segments(segments)
    kept = ~shown["customers"].map(is_suppressed)
    each = {
        name: shown[name].where(~kept, shown.loc[kept, name] / shown["customers"][kept])
        for name in heads
    }
    columns = [DisplayColumn("segment", "Segment")]
    for name, head in heads.items():
        columns.append(
            DisplayColumn(name, head, decimals=1, unit_label=account.currency)
        )
    if not account.refusal:
        columns.append(DisplayColumn("losing_pct", "Lose money", Unit.PERCENT))
    if segments.rows["main_channel"].notna().any():
        columns.append(DisplayColumn("main_channel", "Most contacts"))
        columns.append(DisplayColumn("main_cost_channel", "Most cost"))
    return DisplayTable(
        title=say("What an average customer brings and costs, {q}", q=account.quarter),
        released=shown.assign(**each),
        columns=tuple(columns),
        source=account.source,
        note="Amounts are of one customer and the whole quarter, costs negative.",
        total_row=len(shown) > 1,
    )


def tabulate_top_shares(
    concentration: Concentration | Refused,
) -> DisplayTable | Nothing:
    """Show the share of profit that the top of the customers make.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per share of customers.
    """
    if isinstance(concentration, Refused):
        return ()
    rows = pd.DataFrame(
        [
            {
                "top": write_share(share),
                "share": top.estimate,
                "lower": top.lower,
                "upper": top.upper,
                "previous": top.previous,
            }
            for share, top in concentration.tops.items()
        ]
    )
    return DisplayTable(
        title="Share of profit made by the most profitable customers",
        released=rows,
        columns=(
            DisplayColumn("top", "Top share of customers"),
            DisplayColumn("share", "Share of profit", Unit.PERCENT),
            DisplayColumn("lower", "Interval from", Unit.PERCENT),
            DisplayColumn("upper", "to", Unit.PERCENT),
            DisplayColumn("previous", "Quarter before", Unit.PERCENT),
        ),
        source=concentration.panel.account.source,
        note="Intervals are 95% bootstrap intervals over customers.",
    )


def tabulate_ledger_tie(tie: LedgerTie | Refused) -> DisplayTable | Nothing:
    """Show customers, treasury and unused capacity against the ledger.

    Parameters
    ----------
    tie : LedgerTie or Refused
        Line by line.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per line of the ledger, to the smallest unit of money.
    """
    if isinstance(tie, Refused):
        return ()
    currency = tie.account.currency
    names = {
        "customers": "Customers",
        "treasury": "Treasury",
        "unassigned": "Unused capacity",
        "together": "Together",
        "ledger": "Ledger",
        "difference": "Difference",
    }
    amounts = [
        DisplayColumn(name, head, decimals=2, unit_label=currency)
        for name, head in names.items()
    ]
    return DisplayTable(
        title=say(
            "The customers' profit against the ledger, {q}", q=tie.account.quarter
        ),
        released=tie.rows,
        columns=(DisplayColumn("label", "Line"), *amounts),
        source=tie.account.source,
        note="The treasury takes what transfer prices credit and charge to customers; "
        "what it earns on deposits that are not lent is in none of these lines.",
    )


def _name_known(segments: SegmentProfit) -> dict[str, str]:
    """Name the columns of the profit account that the source can fill."""
    account = segments.account
    if account.refusal:
        return {
            "deposits": "Deposits",
            "interest_paid": "Interest paid",
            "fee": LINE_NAMES["fee"],
        }
    heads = {"income": "Income"}
    for name in ("points", "cost_to_serve", "expected_loss", "tax"):
        if name not in account.refused and (segments.rows[name] != 0).any():
            heads[name] = LINE_NAMES[name]
    return {**heads, "profit": "Profit"}
