"""Tables on channels, capacity and deposit products."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL, suppress_small_cells
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.segment_profitability.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    MOVED_SHARE,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    Nothing,
    scale_amounts,
    write_share,
)
from analysis.studies.segment_profitability.service_cost import ChannelCost
from analysis.units import Unit, write_number
from analysis.wording import say


def tabulate_channels(channels: ChannelCost | Refused) -> DisplayTable | Nothing:
    """Show what each channel costs, and what moving short contacts would save.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per channel, dearest first.
    """
    if isinstance(channels, Refused):
        return ()
    names = ["cost", "saving_average", "saving_avoidable"]
    rows, unit = scale_amounts(channels.rows, names, channels.cost.currency)
    return DisplayTable(
        title=say("What each channel costs, {q}", q=channels.quarter),
        released=rows,
        columns=(
            DisplayColumn("channel", "Channel"),
            DisplayColumn("volume", "Contacts", Unit.COUNT),
            DisplayColumn("cost", "Cost", decimals=1, unit_label=unit),
            DisplayColumn(
                "unit_cost", "Each", decimals=2, unit_label=channels.cost.currency
            ),
            DisplayColumn("moved", "Contacts moved", Unit.COUNT),
            DisplayColumn(
                "saving_average", "Freed at average cost", decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "saving_avoidable", "Saved in a year", decimals=1, unit_label=unit
            ),
        ),
        source=channels.cost.source,
        note=say(
            "What moving {share} of short contacts to {cheapest} would free. Of freed "
            "capacity {avoidable} is assumed to be shed within a year: cost that is "
            "fixed stays until somebody gives the capacity up. {untimed}",
            share=write_share(MOVED_SHARE),
            cheapest=channels.cheapest,
            avoidable=write_share(AVOIDABLE_SHARE),
            untimed=_write_untimed(channels.cost.untimed),
        ),
    )


def tabulate_capacity(channels: ChannelCost | Refused) -> DisplayTable | Nothing:
    """Show what each resource cost, and how much of it was used.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels with the pools behind them.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per cost pool.
    """
    if isinstance(channels, Refused):
        return ()
    pools = channels.cost.pools
    now = pools[pools["quarter"] == channels.quarter]
    names = ["cost", "cost_assigned", "cost_unused"]
    rows, unit = scale_amounts(now, names, channels.cost.currency)
    rows = rows.assign(used_pct=100 * rows["share_used"])
    return DisplayTable(
        title=say("What capacity cost and how much was used, {q}", q=channels.quarter),
        released=rows.sort_values("cost", ascending=False),
        columns=(
            DisplayColumn("cost_pool", "Resource"),
            DisplayColumn("cost", "Cost", decimals=1, unit_label=unit),
            DisplayColumn(
                "rate", "A minute", decimals=2, unit_label=channels.cost.currency
            ),
            DisplayColumn("used_pct", "Used", Unit.PERCENT),
            DisplayColumn("cost_assigned", "Charged", decimals=1, unit_label=unit),
            DisplayColumn("cost_unused", "Unused", decimals=1, unit_label=unit),
        ),
        source=channels.cost.source,
        note="Unused capacity is charged to no customer; negative is overtime.",
    )


def public_products(margins: DepositMargins) -> pd.DataFrame:
    """Give the products that at least ten customers hold.

    Parameters
    ----------
    margins : DepositMargins
        Margins by product.

    Returns
    -------
    pandas.DataFrame
        Rows of the margins, largest balance first.
    """
    return margins.rows[margins.rows["customers"] >= MINIMUM_CELL]


def tabulate_deposit_margins(
    margins: DepositMargins | Refused,
) -> DisplayTable | Nothing:
    """Show what each deposit product earns.

    Parameters
    ----------
    margins : DepositMargins or Refused
        Margins by product.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per product and term, largest balance first.
    """
    if isinstance(margins, Refused):
        return ()
    currency = margins.tables.source.currency
    values = ["balance", "paid_pct", "transfer_pct", "margin_pct", "margin"]
    shown = suppress_small_cells(
        margins.rows, count="customers", values=[*values, "previous_margin_pct"]
    )
    rows, unit = scale_amounts(shown, ["balance"], currency)
    rows, small = scale_amounts(rows, ["margin"], currency)
    return DisplayTable(
        title=say(
            "What deposits earn over their transfer rate, {q}", q=margins.quarter
        ),
        released=rows,
        columns=(
            DisplayColumn("product", "Product"),
            DisplayColumn("tenor_months", "Term", decimals=0, unit_label="months"),
            DisplayColumn("balance", "Balance", decimals=1, unit_label=unit),
            DisplayColumn("paid_pct", "Paid", decimals=2, unit_label="% a year"),
            DisplayColumn(
                "transfer_pct", "Transfer", decimals=2, unit_label="% a year"
            ),
            DisplayColumn("margin_pct", "Margin", decimals=2, unit_label="pp a year"),
            DisplayColumn(
                "previous_margin_pct", "Before", decimals=2, unit_label="pp a year"
            ),
            DisplayColumn("margin", "Margin", decimals=1, unit_label=small),
        ),
        source=margins.tables.source.attribution,
        note=margins.basis,
    )


def _write_untimed(untimed: int) -> str:
    if untimed == 0:
        return say("Every contact has a time.")
    return say(
        "In both quarters {n} contacts have no time and cost nothing here.",
        n=write_number(untimed),
    )
