"""Tables of the bridge: by bar, by segment, by move, and rate beside volume."""

from __future__ import annotations

from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.bridge.bar_words import BAR_NAMES
from analysis.studies.segment_profitability.bridge.profit_bridge import ProfitBridge
from analysis.studies.segment_profitability.bridge.release_bridge import (
    release_bars,
    release_interest,
    release_segment_bars,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing, write_missing
from analysis.studies.segment_profitability.shown_rows import list_amounts
from analysis.units import Unit
from analysis.wording import say


def tabulate_bridge(bridge: ProfitBridge | Refused) -> DisplayTable | Nothing:
    """Show each bar with its interval, beside what two tables would have shown.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per bar and the change.
    """
    if isinstance(bridge, Refused):
        return ()
    shown = release_bars(bridge)
    heads = {
        "amount": say("Moved profit by"),
        "lower": say("Interval from"),
        "upper": say("Interval to"),
        "naive": say("Naive bridge"),
        "difference": say("Naive less true"),
    }
    columns = list_amounts(heads, shown.unit)
    columns.insert(3, DisplayColumn("verdict", say("Verdict")))
    return DisplayTable(
        title=say(
            "Why profit changed from {before} to {now}",
            before=write_quarter(bridge.account.previous),
            now=write_quarter(bridge.account.quarter),
        ),
        released=shown.released,
        columns=(DisplayColumn("name", say("Bar")), *columns),
        source=bridge.account.source,
        note=say(
            "Bars are before tax, intervals 95% bootstrap intervals over customers. "
            "The naive bridge compares totals of segments and products, as two tables "
            "would: who moved between segments then looks like another price or mix. "
            "{missing}",
            missing=write_missing(bridge.account),
        ),
        total_row=True,
    )


def tabulate_segment_bridge(bridge: ProfitBridge | Refused) -> DisplayTable | Nothing:
    """Show why the profit of each segment changed.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per segment, richest customers first, and the total.
    """
    if isinstance(bridge, Refused):
        return ()
    shown = release_segment_bars(bridge)
    heads = {
        "market": say("Rates, days, minute"),
        "business": say("Those who stayed"),
        "moved_in": say("Moved in"),
        "moved_out": say("Moved out"),
        **{bar: say(BAR_NAMES[bar]) for bar in ("new", "lost", "tax")},
        "change": say("Change after tax"),
    }
    columns = list_amounts(heads, shown.unit, bar="change")
    return DisplayTable(
        title=say("Why the profit of each segment changed"),
        released=shown.released,
        columns=(DisplayColumn("segment", say("Segment")), *columns),
        source=bridge.account.source,
        note=say(
            "Rates, days, minute: what the bank and the calendar changed for all who "
            "are in the segment now. Those who stayed: their volume, mix, fees, "
            "points, use of service and credit losses. A customer who moved is taken "
            "out of one segment and put into the other."
        ),
        total_row=len(shown.released.rows) > 1,
    )


def tabulate_rate_volume(bridge: ProfitBridge | Refused) -> DisplayTable | Nothing:
    """Show rate and volume of each product's interest, as banks file them.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per product and term.
    """
    if isinstance(bridge, Refused):
        return ()
    shown = release_interest(bridge)
    amounts = {
        "interest_before": say("Interest before"),
        "interest_now": say("Interest now"),
        "rate": say("From the rate"),
        "volume": say("From volume"),
    }
    columns = list_amounts(amounts, shown.unit)
    rates = [
        DisplayColumn("rate_before_pct", say("Rate before"), Unit.RATE),
        DisplayColumn("rate_now_pct", say("Rate now"), Unit.RATE),
    ]
    return DisplayTable(
        title=say("Interest of each product: rate and volume"),
        released=shown.released,
        columns=(DisplayColumn("name", say("Product")), *columns, *rates),
        source=bridge.account.source,
        note=say(
            "Paid on deposits, earned on loans. The joint change of rate and volume is "
            "shared in proportion to the two, as banks do in their filings; days count "
            "as volume."
        ),
    )
