"""The bridge from the profit of the quarter before to that of the quarter reported."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_waterfall
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.bridge.profit_bridge import ProfitBridge
from analysis.studies.segment_profitability.bridge.release_bridge import (
    find_leading,
    release_bars,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import write_missing
from analysis.units import write_money
from analysis.wording import say


def chart_profit_bridge(bridge: ProfitBridge | Refused) -> Chart | Note:
    """Draw the bars that lead to the change of profit.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    Chart or Note
        A note where there is no bridge, or where it may not be shown.
    """
    if isinstance(bridge, Refused):
        return Note(say("No bridge can be drawn. {reason}", reason=bridge.reason))
    account, shown = bridge.account, release_bars(bridge)
    known = shown.list_known("amount").rows
    if len(known) < 2:
        return Note(say("The bridge is not drawn: its bars are hidden."))
    words = {
        "before": write_quarter(account.previous),
        "now": write_quarter(account.quarter),
    }
    return Chart(
        drawing=draw_waterfall(
            shown.parts,
            label="name",
            value="amount",
            unit=account.currency,
            total_label=say("Change of profit after tax"),
        ),
        title=_write_title(known, bridge),
        subtitle=say(
            "From the profit of {before} to that of {now}; bars before tax, the last "
            "bar is the change after tax",
            **words,
        ),
        source=account.source,
        nobs=bridge.n_customers,
        alt=say(
            "Waterfall of {n} bars that lead from the profit of {before} to that of "
            "{now}; the sum is {change}.",
            n=len(known),
            change=write_money(bridge.change.estimate, account.currency),
            **words,
        ),
        note=say(
            "Profit after tax was {profit_before} in {before} and {profit_now} in "
            "{now}. {missing}",
            profit_before=write_money(bridge.profit_before, account.currency),
            profit_now=write_money(
                bridge.profit_before + bridge.change.estimate, account.currency
            ),
            missing=write_missing(account),
            **words,
        ),
    )


def _write_title(known: pd.DataFrame, bridge: ProfitBridge) -> str:
    leading = find_leading(known)
    change = write_money(bridge.change.estimate, bridge.account.currency, signed=True)
    if leading is None:
        return say(
            "No single cause moved profit; it changed by {change}", change=change
        )
    return say(
        "{bar} moved profit most; it changed by {change}",
        bar=str(leading["name"]),
        change=change,
    )
