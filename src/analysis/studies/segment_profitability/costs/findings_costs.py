"""Findings on channels, capacity and the margin of deposits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.service_cost import (
    ChannelCost,
    ServiceCost,
)
from analysis.studies.segment_profitability.costs.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.costs.release_costs import (
    ShownCosts,
    release_channels,
    release_products,
)
from analysis.studies.segment_profitability.customers.customer_panel import Change
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    LONGEST_MOVED_MINUTES,
    MOVED_SHARE,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse, write_share
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import say

_SMALLEST_MARGIN_CHANGE_PP = 0.02
_SMALLEST_CAPACITY_CHANGE_PP = 1.0
_MUCH_UNUSED_PCT = 10.0
_SAME_MONEY = 0.005


def find_channel_cost(channels: ChannelCost | Refused) -> Finding:
    """Say what channels cost, and what moving short contacts would save.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels.

    Returns
    -------
    Finding
        Saving at average cost; the sentence gives what a year can really save.
    """
    if isinstance(channels, Refused):
        return refuse(
            channels,
            key="channel_cost",
            requirement="B13",
            question=say("What channels cost is not known"),
        )
    shown, currency = release_channels(channels), channels.cost.currency
    known = shown.list_known("cost").rows
    if known.empty or is_suppressed(shown.whole["cost"]):
        return refuse(
            _hide_channels(channels),
            key="channel_cost",
            requirement="B13",
            question=say("What channels cost is not shown"),
        )
    costliest, whole = known.iloc[0], shown.whole
    saving = float(whole["saving_average"])
    words = {
        "channel": str(costliest["channel"]),
        "share": write_value(
            100.0 * float(costliest["cost"] / whole["cost"]), Unit.PERCENT
        ),
    }
    return Finding(
        key="channel_cost",
        requirement="B13",
        headline=say("{channel} takes {share} of the cost of service", **words),
        sentence=_write_channel_cost(channels, costliest, saving, words),
        action=_advise_on_channels(shown),
        measure=say("Cost of {channel}", channel=words["channel"]),
        verdict="exact",
        unit=Unit.MONEY,
        currency=currency,
        nobs=int(whole["volume"]),
        period=channels.quarter,
        source=channels.cost.source,
        estimate=float(costliest["cost"]),
        importance=0.6,
    )


def find_unused_capacity(channels: ChannelCost | Refused) -> Finding:
    """Say what part of the cost of service nobody used.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels with the pools behind them.

    Returns
    -------
    Finding
        Share of the pools' cost, percent.
    """
    if isinstance(channels, Refused):
        return refuse(
            channels,
            key="unused_capacity",
            requirement="B13",
            question=say("Unused capacity is not known"),
        )
    cost, quarter = channels.cost, channels.quarter
    pools = cost.pools[cost.pools["quarter"] == quarter]
    share, previous = _share_unused(cost, quarter), _find_previous_share(cost, quarter)
    emptiest = pools.sort_values("share_used").iloc[0]
    return Finding(
        key="unused_capacity",
        requirement="B13",
        headline=say(
            "{share} of the cost of service is capacity that nobody used",
            share=write_value(share, Unit.PERCENT),
        ),
        sentence=say(
            "Of {total} spent on service in {quarter}, {unused} paid for time without "
            "work; {pool} was used least, {used} of its practical time. It is shown "
            "here and charged to no customer.",
            total=write_money(float(pools["cost"].sum()), cost.currency),
            quarter=write_quarter(quarter),
            unused=write_money(float(pools["cost_unused"].sum()), cost.currency),
            pool=str(emptiest["cost_pool"]),
            used=write_value(100 * float(emptiest["share_used"]), Unit.PERCENT),
        ),
        action=_advise_on_capacity(share, str(emptiest["cost_pool"])),
        measure=say("Share of service cost that nobody used"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=len(pools),
        period=quarter,
        source=cost.source,
        estimate=share,
        previous=previous,
        change=_judge_exact(share, previous, _SMALLEST_CAPACITY_CHANGE_PP),
        importance=0.5,
    )


def find_deposit_margin(margins: DepositMargins | Refused) -> Finding:
    """Say what deposits earn over their transfer rate.

    Parameters
    ----------
    margins : DepositMargins or Refused
        Margins by product.

    Returns
    -------
    Finding
        Margin of all deposits, percent a year.
    """
    if isinstance(margins, Refused):
        return refuse(
            margins,
            key="deposit_margin",
            requirement="B14",
            question=say("What deposits earn is not known"),
        )
    source = margins.tables.source
    shown = release_products(margins)
    if is_suppressed(shown.whole["margin"]):
        return refuse(
            _hide_margin(margins),
            key="deposit_margin",
            requirement="B14",
            question=say("What deposits earn is not shown"),
        )
    before = margins.previous_margin_pct
    previous = before if math.isfinite(before) else None
    return Finding(
        key="deposit_margin",
        requirement="B14",
        headline=say(
            "Deposits earn {margin} a year over their transfer rate",
            margin=write_value(margins.margin_pct, Unit.PERCENTAGE_POINTS),
        ),
        sentence=_write_margin(margins, shown),
        action=_advise_on_margin(margins, shown),
        measure=say("Margin of deposits over the transfer rate"),
        verdict="exact",
        unit=Unit.PERCENTAGE_POINTS,
        nobs=int(margins.rows["customers"].sum()),
        period=margins.quarter,
        source=source.attribution,
        estimate=margins.margin_pct,
        previous=previous,
        change=_judge_exact(margins.margin_pct, previous, _SMALLEST_MARGIN_CHANGE_PP),
        importance=0.7,
    )


def _write_margin(margins: DepositMargins, shown: ShownCosts) -> str:
    return say(
        "In {quarter} deposits earned {amount}, {margin} a year of their balance. "
        "{thinnest} {stable}",
        quarter=write_quarter(margins.quarter),
        amount=write_money(margins.margin, margins.tables.source.currency),
        margin=write_value(margins.margin_pct, Unit.PERCENTAGE_POINTS),
        thinnest=_write_thinnest(shown),
        stable=_write_dependence(margins),
    )


def _write_channel_cost(
    channels: ChannelCost,
    costliest: pd.Series[float],
    saving: float,
    words: Mapping[str, str],
) -> str:
    currency = channels.cost.currency
    return say(
        "{channel} cost {cost} in {quarter}, {share} of what channels cost. If "
        "{moved} of contacts of at most {minutes} minutes moved to {cheapest}, "
        "work worth {high} at average cost would be freed; taking {avoidable} of "
        "it as avoidable, {low} is saved within a year.",
        **words,
        cost=write_money(costliest["cost"], currency),
        quarter=write_quarter(channels.quarter),
        moved=write_share(MOVED_SHARE),
        minutes=write_number(LONGEST_MOVED_MINUTES),
        cheapest=channels.cheapest,
        avoidable=write_share(AVOIDABLE_SHARE),
        low=write_money(saving * AVOIDABLE_SHARE, currency),
        high=write_money(saving, currency),
    )


def _hide_channels(channels: ChannelCost) -> Refused:
    return Refused(
        say("One customer, or too few of them, stand behind the cost of channels."),
        channels.quarter,
        channels.cost.source,
        say("Report on a larger group of customers."),
    )


def _hide_margin(margins: DepositMargins) -> Refused:
    return Refused(
        say("One customer, or too few of them, stand behind the deposits."),
        margins.quarter,
        margins.tables.source.attribution,
        say("Report on a larger group of customers."),
    )


def _advise_on_channels(shown: ShownCosts) -> str:
    known = shown.list_known("saving_average").order("saving_average", ascending=False)
    if known.rows.empty or not known.rows["saving_average"].iloc[0] > 0:
        return say("No action: no short contact is served above the cheapest cost.")
    return say(
        "Begin with short contacts at {channel}, and decide at the same time which "
        "capacity is given up.",
        channel=str(known.rows["channel"].iloc[0]),
    )


def _advise_on_capacity(share: float, pool: str) -> str:
    if share > _MUCH_UNUSED_PCT:
        return say(
            "Reduce or reassign {pool} before cutting service anywhere else.", pool=pool
        )
    return say("No action: a reserve of this size absorbs busy days.")


def _judge_exact(
    now: float, before: float | None, smallest_change: float
) -> Change | None:
    """Judge the change of a number that is counted in full."""
    if before is None:
        return None
    change = now - before
    return judge_change(change, change, smallest_change=smallest_change)


def _find_previous_share(cost: ServiceCost, quarter: str) -> float | None:
    earlier = cost.pools.loc[cost.pools["quarter"] != quarter, "quarter"]
    return _share_unused(cost, str(earlier.iloc[0])) if len(earlier) else None


def _share_unused(cost: ServiceCost, quarter: str) -> float:
    pools = cost.pools[cost.pools["quarter"] == quarter]
    return 100 * float(pools["cost_unused"].sum() / pools["cost"].sum())


def _write_thinnest(shown: ShownCosts) -> str:
    known = shown.list_known("margin_pct").order("margin_pct").rows
    if known.empty:
        return say("Margins of single products are hidden to protect customers.")
    if len(shown.parts.rows) == 1:
        return say(
            "All deposits are of one product: {product}.", product=known["name"].iloc[0]
        )
    return say(
        "The thinnest margin is that of {product}, {least}.",
        product=str(known["name"].iloc[0]),
        least=write_value(float(known["margin_pct"].iloc[0]), Unit.PERCENTAGE_POINTS),
    )


def _write_dependence(margins: DepositMargins) -> str:
    if abs(margins.margin - margins.margin_if_volatile) < _SAME_MONEY:
        return margins.basis
    return say(
        "If no money without a term were stable, they would have earned {amount}.",
        amount=write_money(margins.margin_if_volatile, margins.tables.source.currency),
    )


def _advise_on_margin(margins: DepositMargins, shown: ShownCosts) -> str:
    known = shown.list_known("margin_pct").order("margin_pct").rows
    if len(known) and known["margin_pct"].iloc[0] < 0:
        return say(
            "Lower the rate of {product}: the bank could borrow the same money for "
            "less.",
            product=str(known["name"].iloc[0]),
        )
    if abs(margins.margin - margins.margin_if_volatile) < _SAME_MONEY:
        return say("Check the transfer rate first: the whole margin rests on it.")
    return say("Measure how stable money without a term is: the margin rests on it.")
