"""Findings on segments and on the tie to the ledger."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.findings import Finding
from analysis.studies.segment_profitability.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.ledger_tie import LedgerTie
from analysis.studies.segment_profitability.parameters import (
    LEDGER_TOLERANCE,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    LINE_NAMES,
    refuse,
    write_missing,
)
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import join_names, say

_STANDS_OUT = 1.5
"""Times the average profit of a customer from which a segment stands out."""


def find_missing_lines(account: ProfitAccount) -> tuple[Finding, ...]:
    """Name the lines of the profit account that this source cannot fill.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.

    Returns
    -------
    tuple of Finding
        One per line; none where the account is whole.
    """
    return tuple(
        refuse(
            account.refuse(line),
            key=f"missing_{line}",
            requirement="B3",
            question=say("Not known: {line}", line=LINE_NAMES[line].lower()),
        )
        for line in account.refused
    )


def find_profit_by_segment(segments: SegmentProfit) -> Finding:
    """Say which segment makes the profit, and which takes it away.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Finding
        Exact: a sum of the customers' accounts.
    """
    account = segments.account
    if account.refusal:
        return refuse(
            account.refusal,
            key="profit_by_segment",
            requirement="B3",
            question="Profit is not known",
        )
    shown = segments.rows[segments.rows["customers"] >= MINIMUM_CELL]
    total = float(segments.rows["profit"].sum())
    n_customers = int(segments.rows["customers"].sum())
    best = shown.sort_values("profit", ascending=False).iloc[0]
    losing = shown[shown["profit"] < 0]
    earlier = segments.previous.set_index("segment")["profit"]
    return Finding(
        key="profit_by_segment",
        requirement="B3",
        headline=_write_segment_headline(best, segments, total),
        sentence=_write_profit(best, segments, total),
        action=_advise_on_segments(best, losing, segments),
        verdict="exact",
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=n_customers,
        period=account.quarter,
        source=account.source,
        estimate=float(best["profit"]),
        previous=earlier.get(best["segment"]),
        importance=0.9 if len(losing) else 0.7,
    )


def find_ledger_tie(tie: LedgerTie | Refused) -> Finding:
    """Say whether the customers' profit ties to the ledger, and by how much it fails.

    Parameters
    ----------
    tie : LedgerTie or Refused
        Line by line.

    Returns
    -------
    Finding
        Largest difference of a line; a break is the most important finding of all.
    """
    question = "Nothing to tie the profit to"
    if isinstance(tie, Refused):
        return refuse(tie, key="ledger_tie", requirement="B3", question=question)
    currency = tie.account.currency
    broken = tie.rows[tie.rows["difference"].abs() > LEDGER_TOLERANCE]
    headline = (
        say("Every line ties to the general ledger")
        if tie.ties
        else say(
            "The profit does NOT tie to the ledger: {names}",
            names=join_names(list(broken["label"])),
        )
    )
    return Finding(
        key="ledger_tie",
        requirement="B3",
        headline=headline,
        sentence=say(
            "In {quarter} customers, treasury and unused capacity add up to the ledger "
            "on {n} lines; the largest difference is {difference}.",
            quarter=tie.account.quarter,
            n=write_number(len(tie.rows)),
            difference=write_money(tie.largest_difference, currency),
        ),
        action=say("No action: the profit account may be used.")
        if tie.ties
        else say("Do not use this report before finance has explained the difference."),
        verdict="exact",
        unit=Unit.MONEY,
        currency=currency,
        nobs=len(tie.rows),
        period=tie.account.quarter,
        source=tie.account.source,
        estimate=tie.largest_difference,
        importance=0.3 if tie.ties else 1.0,
    )


def _write_segment_headline(
    best: pd.Series[float], segments: SegmentProfit, total: float
) -> str:
    currency = segments.account.currency
    if len(segments.rows) == 1 or not total > 0:
        return say(
            "Customers made {total} together", total=write_money(total, currency)
        )
    share = best["customers"] / segments.rows["customers"].sum()
    if not _stands_out(best, segments):
        return say(
            "Profit follows the number of customers; {segment} leads with {share}",
            segment=best["segment"],
            share=write_value(100 * best["profit"] / total, Unit.PERCENT),
        )
    return say(
        "{segment} makes {share} of profit with {customers} of customers",
        segment=best["segment"],
        share=write_value(100 * best["profit"] / total, Unit.PERCENT),
        customers=write_value(100 * share, Unit.PERCENT),
    )


def _stands_out(best: pd.Series[float], segments: SegmentProfit) -> bool:
    rows = segments.rows
    average = float(rows["profit"].sum() / rows["customers"].sum())
    return bool(best["profit"] / best["customers"] > _STANDS_OUT * average)


def _write_profit(best: pd.Series[float], segments: SegmentProfit, total: float) -> str:
    account, rows = segments.account, segments.rows
    n_customers = int(rows["customers"].sum())
    words = {
        "quarter": account.quarter,
        "n": write_number(n_customers),
        "total": write_money(total, account.currency),
    }
    if len(rows) == 1:
        return say(
            "In {quarter} all {n} customers together made {total} after tax, {each} a "
            "customer. {losing}",
            each=write_money(total / n_customers, account.currency),
            losing=_write_losing(segments),
            **words,
        )
    return say(
        "In {quarter} all {n} customers together made {total} after tax; {best} made "
        "{profit} of it, which is {each} a customer. {losing}",
        best=best["segment"],
        profit=write_money(best["profit"], account.currency),
        each=write_money(best["profit"] / best["customers"], account.currency),
        losing=_write_losing(segments),
        **words,
    )


def _write_losing(segments: SegmentProfit) -> str:
    account = segments.account
    shown = segments.rows[segments.rows["customers"] >= MINIMUM_CELL]
    losing = shown[shown["profit"] < 0]
    if account.refused:
        return write_missing(account)
    if losing.empty:
        return say("No segment lost money.")
    return say(
        "Together, {names} lost {amount}.",
        names=join_names(list(losing["segment"])),
        amount=write_money(abs(float(losing["profit"].sum())), account.currency),
    )


def _advise_on_segments(
    best: pd.Series[float], losing: pd.DataFrame, segments: SegmentProfit
) -> str:
    if losing.empty and not _stands_out(best, segments):
        return say("No segment needs a policy of its own; look at single customers.")
    if losing.empty:
        return say(
            "Protect {best} first: what leaves there costs most.", best=best["segment"]
        )
    return say(
        "Protect {best} first, and serve {names} through cheaper channels before "
        "adding customers there.",
        best=best["segment"],
        names=join_names(list(losing["segment"])),
    )
