"""Charts on loss-makers, channels, capacity and deposit products."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_bars, draw_stacked_bars
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.service_cost import ChannelCost
from analysis.studies.segment_profitability.costs.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.costs.release_costs import (
    release_channels,
    release_products,
)
from analysis.studies.segment_profitability.costs.tabulations_costs import release_pools
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.release_segments import (
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_money, write_value
from analysis.wording import join_names, say


def chart_loss_makers(segments: SegmentProfit) -> Chart | Note | Nothing:
    """Draw the share of each segment's customers who lose money.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Segments with fewer than ten such customers have no bar.
    """
    account = segments.account
    if account.refusal:
        return ()
    shown = release_segments(segments)
    parts, public = shown.parts, shown.list_known("losing_pct")
    if len(public.rows) < 1 or len(parts.rows) < 2:
        return Note(
            say("There are too few segments or loss-makers to set side by side.")
        )
    worst = public.order("losing_pct", ascending=False).rows.iloc[0]
    share = write_value(float(worst["losing_pct"]), Unit.PERCENT)
    return Chart(
        drawing=draw_bars(
            parts,
            label="segment",
            value="losing_pct",
            unit=say("% of customers"),
            highlight=str(worst["segment"]),
        ),
        title=say(
            "{share} of {worst} customers lose money",
            share=share,
            worst=str(worst["segment"]),
        ),
        subtitle=say(
            "Share of customers with a loss after tax, {q}",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=int(segments.rows["customers"].sum()),
        alt=say(
            "Bars of the share of loss-making customers by segment; {worst} is highest "
            "at {share}.",
            worst=str(worst["segment"]),
            share=share,
        ),
        note=say("Shares that rest on too few loss-makers are hidden."),
    )


def chart_channels(channels: ChannelCost | Refused) -> Chart | Note | Nothing:
    """Draw what a contact costs in each channel.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Dearest channel first.
    """
    if isinstance(channels, Refused):
        return ()
    currency = channels.cost.currency
    shown = release_channels(channels)
    public = shown.list_known("cost")
    if public.rows.empty or is_suppressed(shown.whole["cost"]):
        return Note(say("The cost of channels is hidden: too few customers use them."))
    names = [str(name) for name in public.rows["channel"]]
    total = float(shown.whole["cost"])
    share = write_value(100 * float(public.rows["cost"].iloc[0]) / total, Unit.PERCENT)
    return Chart(
        drawing=draw_bars(
            shown.parts,
            label="channel",
            value="cost",
            unit=currency,
            highlight=names[0],
        ),
        title=say(
            "{channel} takes {share} of the cost of service",
            channel=names[0],
            share=share,
        ),
        subtitle=say(
            "Cost of contacts in each channel, {q}", q=write_quarter(channels.quarter)
        ),
        source=channels.cost.source,
        nobs=int(channels.total["volume"].iloc[0]),
        alt=say(
            "Bars of the cost of {names}; {channel} has {share} of {total}.",
            names=join_names(names),
            channel=names[0],
            share=share,
            total=write_money(total, currency),
        ),
        note=say("Channels do different work: a visit is not a transfer."),
    )


def chart_capacity(channels: ChannelCost | Refused) -> Chart | Nothing:
    """Draw the cost of each resource, charged to customers and unused.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels with the pools behind them.

    Returns
    -------
    Chart, or nothing where it is refused
        Dearest resource first.
    """
    if isinstance(channels, Refused):
        return ()
    released, _ = release_pools(channels)
    names = [str(name) for name in released.rows["cost_pool"]]
    parts = {
        "cost_assigned": say("Charged to customers"),
        "cost_unused": say("Unused capacity"),
    }
    emptiest = released.order("share_used").rows.iloc[0]
    unused = write_value(100 * (1 - float(emptiest["share_used"])), Unit.PERCENT)
    return Chart(
        drawing=draw_stacked_bars(
            released.rename(parts),
            label="cost_pool",
            parts=list(parts.values()),
            unit=channels.cost.currency,
        ),
        title=say(
            "{unused} of {pool} stood idle",
            unused=unused,
            pool=str(emptiest["cost_pool"]),
        ),
        subtitle=say("Cost of each resource, {q}", q=write_quarter(channels.quarter)),
        source=channels.cost.source,
        nobs=len(names),
        alt=say(
            "Stacked bars of cost charged and unused for {names}.",
            names=join_names(names),
        ),
    )


def chart_deposit_margins(margins: DepositMargins | Refused) -> Chart | Note | Nothing:
    """Draw the margin of each deposit product.

    Parameters
    ----------
    margins : DepositMargins or Refused
        Margins by product.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Products with at least ten customers, widest margin first.
    """
    if isinstance(margins, Refused):
        return ()
    shown = release_products(margins).list_known("margin_pct")
    if shown.rows.empty:
        return Note(say("No deposit product has ten customers."))
    public = shown.order("margin_pct", ascending=False)
    first, last = public.rows.iloc[0], public.rows.iloc[-1]
    return Chart(
        drawing=draw_bars(
            public, label="name", value="margin_pct", unit=say("pp a year")
        ),
        title=say(
            "{first} earns the widest margin, {last} the thinnest",
            first=str(first["name"]),
            last=str(last["name"]),
        )
        if len(public.rows) > 1
        else say("Deposits earn a margin over their transfer rate"),
        subtitle=say(
            "Transfer rate less rate paid, pp a year of the balance, {q}",
            q=write_quarter(margins.quarter),
        ),
        source=margins.tables.source.attribution,
        nobs=int(public.rows["customers"].sum()),
        alt=say(
            "Bars of deposit margins from {high} to {low} a year.",
            high=write_value(float(first["margin_pct"]), Unit.PERCENTAGE_POINTS),
            low=write_value(float(last["margin_pct"]), Unit.PERCENTAGE_POINTS),
        ),
        note=margins.basis,
    )
