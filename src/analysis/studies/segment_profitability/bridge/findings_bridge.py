"""Findings on the bridge: what moved profit most, and what only looks like a cause."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.bridge.bar_sums import SMALLEST_STEP_SHARE
from analysis.studies.segment_profitability.bridge.bar_words import (
    WHEN_LOWERED,
    WHEN_RAISED,
)
from analysis.studies.segment_profitability.bridge.profit_bridge import ProfitBridge
from analysis.studies.segment_profitability.bridge.release_bridge import (
    find_leading,
    release_bars,
    release_segment_bars,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse, write_missing
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import join_names, say

_DISGUISES = ("rates", "mix")
"""Bars that customers who move between segments change in a naive bridge."""


def find_profit_change(bridge: ProfitBridge | Refused) -> Finding:
    """Say how profit changed, which cause moved it most, and how sure that is.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    Finding
        Change of profit after tax, with the interval over customers.
    """
    question = say("Why profit changed is not known")
    if isinstance(bridge, Refused):
        return refuse(bridge, key="profit_change", requirement="B16", question=question)
    if is_suppressed(release_segment_bars(bridge).whole["change"]):
        hidden = _hide(
            bridge, say("One customer, or too few of them, stand behind the change.")
        )
        return refuse(hidden, key="profit_change", requirement="B16", question=question)
    account, change = bridge.account, bridge.change
    known = release_bars(bridge).list_known("amount").rows
    leading = find_leading(known)
    return Finding(
        key="profit_change",
        requirement="B16",
        headline=_write_headline(leading, bridge),
        sentence=_write_change(leading, known, bridge),
        action=_advise(leading),
        measure=say("Change of profit after tax"),
        verdict=judge_change(
            change.lower,
            change.upper,
            smallest_change=SMALLEST_STEP_SHARE * abs(bridge.profit_before),
        ),
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=bridge.n_customers,
        period=account.quarter,
        source=account.source,
        estimate=change.estimate,
        lower=change.lower,
        upper=change.upper,
        importance=0.8 if leading is not None else 0.6,
    )


def find_disguised_moves(bridge: ProfitBridge | Refused) -> Finding:
    """Say how much of a naive bridge's price and mix is customers who moved.

    Parameters
    ----------
    bridge : ProfitBridge or Refused
        Why profit changed.

    Returns
    -------
    Finding
        What the naive bridge books as rates and mix beyond the true bars, in size.
    """
    question = say("What a naive bridge mistakes is not known")
    if isinstance(bridge, Refused):
        return refuse(
            bridge, key="disguised_moves", requirement="B16", question=question
        )
    account = bridge.account
    rows = release_bars(bridge).list_known("amount").rows.set_index("bar")
    if any(bar not in rows.index for bar in _DISGUISES):
        hidden = _hide(bridge, say("A bar is hidden to protect customers."))
        return refuse(
            hidden, key="disguised_moves", requirement="B16", question=question
        )
    wrong = float(rows.loc[list(_DISGUISES), "difference"].astype(float).abs().sum())
    amount = write_money(wrong, account.currency)
    return Finding(
        key="disguised_moves",
        requirement="B16",
        headline=say(
            "Two tables of segments would mistake {amount} for price and mix",
            amount=amount,
        ),
        sentence=_write_disguise(rows, bridge),
        action=say(
            "Do not read a change of price or mix off the averages of two quarters: "
            "use the bars of customers who stayed."
        )
        if wrong > SMALLEST_STEP_SHARE * abs(bridge.profit_before)
        else say("No action: few moved, and the simple comparison holds this quarter."),
        measure=say("Price and mix that a naive bridge mistakes"),
        verdict="exact",
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=bridge.n_customers,
        period=account.quarter,
        source=account.source,
        estimate=wrong,
        importance=0.4,
    )


def _hide(bridge: ProfitBridge, reason: str) -> Refused:
    account = bridge.account
    remedy = say("Report on a larger group of customers.")
    return Refused(reason, account.quarter, account.source, remedy)


def _write_headline(leading: pd.Series[float] | None, bridge: ProfitBridge) -> str:
    currency = bridge.account.currency
    change = write_money(bridge.change.estimate, currency, signed=True)
    if leading is None:
        return say("Profit changed by {change}, from no single cause", change=change)
    return say(
        "Profit changed by {change}; {bar} moved it most, by {amount}",
        change=change,
        bar=str(leading["name"]).lower(),
        amount=write_money(float(leading["amount"]), currency, signed=True),
    )


def _write_change(
    leading: pd.Series[float] | None, known: pd.DataFrame, bridge: ProfitBridge
) -> str:
    account = bridge.account
    now = bridge.profit_before + bridge.change.estimate
    words = {
        "before": write_quarter(account.previous),
        "now": write_quarter(account.quarter),
        "profit_before": write_money(bridge.profit_before, account.currency),
        "profit_now": write_money(now, account.currency),
        "n": write_number(bridge.n_customers),
        "missing": write_missing(account),
        "interval": write_interval(
            bridge.change.lower,
            bridge.change.upper,
            Unit.MONEY,
            currency=account.currency,
        ),
    }
    if leading is None:
        return say(
            "From {before} to {now} profit after tax went from {profit_before} to "
            "{profit_now} (change with other such customers: {interval}; {n} "
            "customers). No bar is both sure and large. {missing}",
            **words,
        )
    return say(
        "From {before} to {now} profit after tax went from {profit_before} to "
        "{profit_now} (change with other such customers: {interval}; {n} customers). "
        "Of the bars that are sure, {bar} is the largest: {amount} before tax "
        "({bar_interval}). {unsure} {missing}",
        bar=str(leading["name"]).lower(),
        amount=write_money(float(leading["amount"]), account.currency, signed=True),
        bar_interval=write_interval(
            float(leading["lower"]),
            float(leading["upper"]),
            Unit.MONEY,
            currency=account.currency,
        ),
        unsure=_write_unsure(leading, known),
        **words,
    )


def _write_unsure(leading: pd.Series[float], known: pd.DataFrame) -> str:
    """Name bars that could be larger, since few customers make them."""
    reach = known[["lower", "upper"]].astype(float).abs().max(axis=1)
    larger = known[
        (reach > abs(float(leading["amount"])))
        & ~known["is_sure"].astype(bool)
        & (known["bar"] != "tax")
    ]
    if larger.empty:
        return say("No other bar could be larger.")
    return say(
        "Not clear, since it rests on few customers, but possibly larger: {names}.",
        names=join_names([str(name).lower() for name in larger["name"]]),
    )


def _advise(leading: pd.Series[float] | None) -> str:
    if leading is None:
        return say("No action on one cause; look at the segments one by one.")
    bar = str(leading["bar"])
    if float(leading["amount"]) > 0:
        return say(WHEN_RAISED[bar])
    return say(WHEN_LOWERED[bar])


def _write_disguise(rows: pd.DataFrame, bridge: ProfitBridge) -> str:
    account = bridge.account
    naive = {bar: float(rows["naive"][bar]) for bar in _DISGUISES}
    true = {bar: float(rows["amount"][bar]) for bar in _DISGUISES}
    amounts = {
        f"{kind}_{bar}": write_money(value, account.currency, signed=True)
        for kind, values in (("naive", naive), ("true", true))
        for bar, value in values.items()
    }
    return say(
        "Compared as totals of segments and products, {before} and {now} differ by "
        "{naive_rates} of rates and {naive_mix} of mix; followed customer by customer, "
        "by {true_rates} and {true_mix}. The rest is who moved, came or left, and who "
        "holds what.",
        before=write_quarter(account.previous),
        now=write_quarter(account.quarter),
        **amounts,
    )
