"""Tables on channels, capacity and deposit products."""

from __future__ import annotations

from analysis.presentation.disclosure import Released, release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.service_cost import ChannelCost
from analysis.studies.segment_profitability.costs.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.costs.release_costs import (
    ShownCosts,
    release_channels,
    release_products,
)
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
from analysis.units import Unit, write_currency, write_number
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
        One row per channel, dearest first, and the total.
    """
    if isinstance(channels, Refused):
        return ()
    shown = release_channels(channels)
    unit, currency = shown.unit, write_currency(channels.cost.currency)
    return DisplayTable(
        title=say("What each channel costs, {q}", q=write_quarter(channels.quarter)),
        released=shown.released,
        columns=(
            DisplayColumn("channel", say("Channel")),
            DisplayColumn("volume", say("Contacts"), Unit.COUNT),
            DisplayColumn(
                "cost_scaled", say("Cost"), decimals=1, unit_label=unit, shade="bar"
            ),
            DisplayColumn(
                "unit_cost", say("Each contact"), decimals=2, unit_label=currency
            ),
            DisplayColumn("moved", say("Contacts moved"), Unit.COUNT),
            DisplayColumn(
                "saving_average_scaled",
                say("Freed at average cost"),
                decimals=2,
                unit_label=unit,
            ),
            DisplayColumn(
                "saving_avoidable_scaled",
                say("Saved in a year"),
                decimals=2,
                unit_label=unit,
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
        total_row=len(shown.released.rows) > 1,
    )


def release_pools(channels: ChannelCost) -> tuple[Released, str]:
    """Let what resources cost pass: it is the bank's own money and working time.

    Parameters
    ----------
    channels : ChannelCost
        Cost of channels with the pools behind them.

    Returns
    -------
    Released, str
        One row per resource of the quarter, dearest first, and the unit of its
        scaled amounts.
    """
    pools = channels.cost.pools
    now = pools[pools["quarter"] == channels.quarter]
    names = ["cost", "cost_assigned", "cost_unused"]
    rows, unit = scale_amounts(now, names, channels.cost.currency)
    ordered = rows.sort_values("cost", ascending=False).reset_index(drop=True)
    released = release_public(
        ordered.assign(used_pct=100 * ordered["share_used"]),
        reason="cost and working time of the bank's own resources",
    )
    return released, unit


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
    released, unit = release_pools(channels)
    currency = write_currency(channels.cost.currency)
    return DisplayTable(
        title=say(
            "What capacity cost and how much was used, {q}",
            q=write_quarter(channels.quarter),
        ),
        released=released,
        columns=(
            DisplayColumn("cost_pool", say("Resource")),
            DisplayColumn("cost_scaled", say("Cost"), decimals=1, unit_label=unit),
            DisplayColumn("rate", say("A minute"), decimals=2, unit_label=currency),
            DisplayColumn("used_pct", say("Used"), Unit.PERCENT, shade="heat"),
            DisplayColumn(
                "cost_assigned_scaled", say("Charged"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "cost_unused_scaled", say("Unused"), decimals=1, unit_label=unit
            ),
        ),
        source=channels.cost.source,
        note=say("Unused capacity is charged to no customer; negative is overtime."),
    )


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
        One row per product and term, largest balance first, and the total.
    """
    if isinstance(margins, Refused):
        return ()
    shown = release_products(margins)
    return DisplayTable(
        title=say(
            "What deposits earn over their transfer rate, {q}",
            q=write_quarter(margins.quarter),
        ),
        released=shown.released,
        columns=_list_margin_columns(shown),
        source=margins.tables.source.attribution,
        note=margins.basis,
        total_row=len(shown.released.rows) > 1,
    )


def _list_margin_columns(shown: ShownCosts) -> tuple[DisplayColumn, ...]:
    rate, spread = say("% a year"), say("pp a year")
    return (
        DisplayColumn("name", say("Product")),
        DisplayColumn(
            "balance_scaled", say("Balance"), decimals=1, unit_label=shown.unit
        ),
        DisplayColumn("paid_pct", say("Rate paid"), decimals=2, unit_label=rate),
        DisplayColumn(
            "transfer_pct", say("Transfer rate"), decimals=2, unit_label=rate
        ),
        DisplayColumn(
            "margin_pct",
            say("Rate margin"),
            decimals=2,
            unit_label=spread,
            shade="heat",
        ),
        DisplayColumn(
            "previous_margin_pct",
            say("Rate margin before"),
            decimals=2,
            unit_label=spread,
        ),
        DisplayColumn(
            "margin_scaled",
            say("Margin earned"),
            decimals=1,
            unit_label=shown.small_unit,
            shade="bar",
        ),
    )


def _write_untimed(untimed: int) -> str:
    if untimed == 0:
        return say("Every contact has a time.")
    return say(
        "In both quarters {n} contacts have no time and cost nothing here.",
        n=write_number(untimed),
    )
