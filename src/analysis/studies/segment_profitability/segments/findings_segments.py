"""Findings on segments and on the tie to the ledger."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.ledger_tie import (
    LedgerTie,
    name_ledger_line,
)
from analysis.studies.segment_profitability.account.segment_names import (
    OTHERS,
    name_segment,
)
from analysis.studies.segment_profitability.parameters import LEDGER_TOLERANCE
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.release_segments import (
    ShownSegments,
    release_previous,
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    LINE_NAMES,
    refuse,
    write_missing,
)
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import join_names, say

Row = pd.Series  # one row of released segments, of mixed types

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
            question=say("Not known: {line}", line=say(LINE_NAMES[line]).lower()),
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
            question=say("Profit is not known"),
        )
    shown = release_segments(segments)
    if is_suppressed(shown.whole["profit"]):
        return refuse(
            _hide_profit(account),
            key="profit_by_segment",
            requirement="B3",
            question=say("Profit is not shown"),
        )
    best = _find_best(shown)
    losing = _find_losing(shown)
    estimate = shown.whole["profit"] if best is None else best["profit"]
    return Finding(
        key="profit_by_segment",
        requirement="B3",
        headline=_write_segment_headline(best, shown, account),
        sentence=_write_profit(best, shown, account),
        action=_advise_on_segments(best, losing, shown),
        measure=_name_profit(best),
        verdict="exact",
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=int(shown.whole["customers"]),
        period=account.quarter,
        source=account.source,
        estimate=float(estimate),
        previous=_find_previous(best, segments),
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
    question = say("Nothing to tie the profit to")
    if isinstance(tie, Refused):
        return refuse(tie, key="ledger_tie", requirement="B3", question=question)
    currency = tie.account.currency
    broken = tie.rows[tie.rows["difference"].abs() > LEDGER_TOLERANCE]
    headline = (
        say("Every line ties to the general ledger")
        if tie.ties
        else say(
            "The profit does NOT tie to the ledger: {names}",
            names=join_names([name_ledger_line(line) for line in broken["line"]]),
        )
    )
    return Finding(
        key="ledger_tie",
        requirement="B3",
        headline=headline,
        sentence=say(
            "In {quarter} customers, treasury and unused capacity add up to the ledger "
            "on {n} lines; the largest difference is {difference}.",
            quarter=write_quarter(tie.account.quarter),
            n=write_number(len(tie.rows)),
            difference=write_money(tie.largest_difference, currency),
        ),
        action=say("No action: the profit account may be used.")
        if tie.ties
        else say("Do not use this report before finance has explained the difference."),
        measure=say("Largest difference to the ledger"),
        verdict="exact",
        unit=Unit.MONEY,
        currency=currency,
        nobs=len(tie.rows),
        period=tie.account.quarter,
        source=tie.account.source,
        estimate=tie.largest_difference,
        importance=0.3 if tie.ties else 1.0,
    )


def _hide_profit(account: ProfitAccount) -> Refused:
    return Refused(
        say("One customer, or too few of them, stand behind the total."),
        account.quarter,
        account.source,
        say("Report on a larger group of customers."),
    )


def _find_best(shown: ShownSegments) -> Row | None:
    """Find the segment of most profit among those that may be named with it."""
    known = shown.list_known("profit").order("profit", ascending=False).rows
    known = known[known["segment"] != name_segment(OTHERS)]
    return known.iloc[0] if len(known) else None


def _find_losing(shown: ShownSegments) -> pd.DataFrame:
    known = shown.list_known("profit").rows
    return known[known["profit"].astype(float) < 0]


def _find_previous(best: Row | None, segments: SegmentProfit) -> float | None:
    if best is None or segments.previous.empty:
        return None
    known = release_previous(segments).list_known("profit").rows
    same = known.loc[known["segment"] == best["segment"], "profit"]
    return float(same.iloc[0]) if len(same) else None


def _write_segment_headline(
    best: Row | None, shown: ShownSegments, account: ProfitAccount
) -> str:
    whole = shown.whole
    total = float(whole["profit"])
    if best is None or len(shown.parts.rows) == 1 or not total > 0:
        return say(
            "Customers made {total} together",
            total=write_money(total, account.currency),
        )
    share = write_value(100 * best["profit"] / total, Unit.PERCENT)
    if not _stands_out(best, whole):
        return say(
            "Profit follows the number of customers; {segment} leads with {share}",
            segment=best["segment"],
            share=share,
        )
    return say(
        "{segment} makes {share} of profit with {customers} of customers",
        segment=best["segment"],
        share=share,
        customers=write_value(
            100 * best["customers"] / whole["customers"], Unit.PERCENT
        ),
    )


def _name_profit(best: Row | None) -> str:
    if best is None:
        return say("Profit of all customers")
    return say("Profit of {segment}", segment=best["segment"])


def _stands_out(best: Row, whole: Row) -> bool:
    average = float(whole["profit"] / whole["customers"])
    return bool(best["profit"] / best["customers"] > _STANDS_OUT * average)


def _write_profit(
    best: Row | None, shown: ShownSegments, account: ProfitAccount
) -> str:
    total, n_customers = float(shown.whole["profit"]), int(shown.whole["customers"])
    words = {
        "quarter": write_quarter(account.quarter),
        "n": write_number(n_customers),
        "total": write_money(total, account.currency),
        "losing": _write_losing(shown, account),
    }
    if best is None or len(shown.parts.rows) == 1:
        return say(
            "In {quarter} all {n} customers together made {total} after tax, {each} a "
            "customer. {losing}",
            each=write_money(total / n_customers, account.currency),
            **words,
        )
    return say(
        "In {quarter} all {n} customers together made {total} after tax; {best} made "
        "{profit} of it, which is {each} a customer. {losing}",
        best=best["segment"],
        profit=write_money(best["profit"], account.currency),
        each=write_money(best["profit"] / best["customers"], account.currency),
        **words,
    )


def _write_losing(shown: ShownSegments, account: ProfitAccount) -> str:
    losing = _find_losing(shown)
    if account.refused:
        return write_missing(account)
    if len(shown.list_known("profit").rows) < len(shown.parts.rows):
        return say("Of some segments the profit is hidden to protect customers.")
    if losing.empty:
        return say("No segment lost money.")
    return say(
        "Together, {names} lost {amount}.",
        names=join_names(list(losing["segment"])),
        amount=write_money(abs(float(losing["profit"].sum())), account.currency),
    )


def _advise_on_segments(
    best: Row | None, losing: pd.DataFrame, shown: ShownSegments
) -> str:
    if best is None or (losing.empty and not _stands_out(best, shown.whole)):
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
