"""Charts on loss-makers, channels, capacity and deposit products."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_bars, draw_stacked_bars
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.studies.segment_profitability.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segment_names import EVERYBODY
from analysis.studies.segment_profitability.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    Nothing,
    name_product,
)
from analysis.studies.segment_profitability.service_cost import ChannelCost
from analysis.studies.segment_profitability.tabulations_costs import public_products
from analysis.studies.segment_profitability.tabulations_segments import shown_segments
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
    rows = shown_segments(segments)
    parts = rows[rows["segment"] != EVERYBODY]
    public = parts[~parts["losing_pct"].map(is_suppressed)]
    if len(public) < 1 or len(parts) < 2:
        return Note("There are too few segments or loss-makers to set side by side.")
    numbers = public.astype({"losing_pct": "float64"})
    worst = numbers.sort_values("losing_pct", ascending=False).iloc[0]
    share = write_value(float(worst["losing_pct"]), Unit.PERCENT)
    return Chart(
        drawing=draw_bars(
            parts,
            label="segment",
            value="losing_pct",
            unit="% of customers",
            highlight=str(worst["segment"]),
        ),
        title=say(
            "{share} of {worst} customers lose money",
            share=share,
            worst=str(worst["segment"]),
        ),
        subtitle=say(
            "Share of customers with a loss after tax, {q}", q=account.quarter
        ),
        source=account.source,
        nobs=int(segments.rows["customers"].sum()),
        alt=say(
            "Bars of the share of loss-making customers by segment; {worst} is highest "
            "at {share}.",
            worst=str(worst["segment"]),
            share=share,
        ),
        note="Fewer than ten loss-makers are not shown.",
    )


def chart_channels(channels: ChannelCost | Refused) -> Chart | Nothing:
    """Draw what a contact costs in each channel.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels.

    Returns
    -------
    Chart, or nothing where it is refused
        Dearest channel first.
    """
    if isinstance(channels, Refused):
        return ()
    currency = channels.cost.currency
    rows = channels.rows
    first = rows.iloc[0]
    total = float(rows["cost"].sum())
    share = write_value(100 * float(first["cost"]) / total, Unit.PERCENT)
    return Chart(
        drawing=draw_bars(
            rows,
            label="channel",
            value="cost",
            unit=currency,
            highlight=str(first["channel"]),
        ),
        title=say(
            "{channel} takes {share} of the cost of service",
            channel=str(first["channel"]),
            share=share,
        ),
        subtitle=say("Cost of contacts in each channel, {q}", q=channels.quarter),
        source=channels.cost.source,
        nobs=int(rows["volume"].sum()),
        alt=say(
            "Bars of the cost of {names}; {channel} has {share} of {total}.",
            names=join_names([str(name) for name in rows["channel"]]),
            channel=str(first["channel"]),
            share=share,
            total=write_money(total, currency),
        ),
        note="Channels do different work: a visit is not a transfer.",
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
    pools = channels.cost.pools
    now = pools[pools["quarter"] == channels.quarter]
    rows = now.sort_values("cost", ascending=False)
    parts = {"cost_assigned": "Charged to customers", "cost_unused": "Unused capacity"}
    emptiest = rows.sort_values("share_used").iloc[0]
    unused = write_value(100 * (1 - float(emptiest["share_used"])), Unit.PERCENT)
    return Chart(
        drawing=draw_stacked_bars(
            rows.rename(columns=parts),
            label="cost_pool",
            parts=list(parts.values()),
            unit=channels.cost.currency,
        ),
        title=say(
            "{unused} of {pool} stood idle", unused=unused, pool=emptiest["cost_pool"]
        ),
        subtitle=say("Cost of each resource, {q}", q=channels.quarter),
        source=channels.cost.source,
        nobs=len(rows),
        alt=say(
            "Stacked bars of cost charged and unused for {names}.",
            names=join_names([str(name) for name in rows["cost_pool"]]),
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
    rows = public_products(margins).sort_values("margin_pct", ascending=False)
    if rows.empty:
        return Note("No deposit product has ten customers.")
    first, last = rows.iloc[0], rows.iloc[-1]
    named = pd.DataFrame(
        {
            "product": [
                name_product(p, t)
                for p, t in zip(rows["product"], rows["tenor_months"], strict=True)
            ],
            "margin_pct": rows["margin_pct"].to_numpy(),
        }
    )
    return Chart(
        drawing=draw_bars(named, label="product", value="margin_pct", unit="pp a year"),
        title=say(
            "{first} earns the widest margin, {last} the thinnest",
            first=str(named["product"].iloc[0]),
            last=str(named["product"].iloc[-1]),
        )
        if len(named) > 1
        else say("Deposits earn a margin over their transfer rate"),
        subtitle=say(
            "Transfer rate less rate paid, pp a year of the balance, {q}",
            q=margins.quarter,
        ),
        source=margins.tables.source.attribution,
        nobs=int(rows["customers"].sum()),
        alt=say(
            "Bars of deposit margins from {high} to {low} a year.",
            high=write_value(float(first["margin_pct"]), Unit.PERCENTAGE_POINTS),
            low=write_value(float(last["margin_pct"]), Unit.PERCENTAGE_POINTS),
        ),
        note=margins.basis,
    )
