"""Findings on what a new customer costs against what one is worth."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.studies.segment_profitability.lifetime.acquisition import Acquisition
from analysis.studies.segment_profitability.lifetime.release_lifetime import (
    release_acquisition,
    release_all_acquired,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse
from analysis.units import Unit, write_interval, write_money, write_number, write_value
from analysis.wording import join_names, say

_REQUIREMENT = "B11"
_KEY = "value_to_cost"
_ENDS = ("", "_lower", "_upper")


def find_acquisition(acquisition: Acquisition | Refused) -> Finding:
    """Say what new customers cost, are worth, and when they have paid back.

    Parameters
    ----------
    acquisition : Acquisition or Refused
        Cost and worth of new customers.

    Returns
    -------
    Finding
        Worth over cost of all new customers.
    """
    question = say("What a new customer may cost is not known")
    if isinstance(acquisition, Refused):
        return refuse(
            acquisition, key=_KEY, requirement=_REQUIREMENT, question=question
        )
    account = acquisition.value.panel.account
    whole = release_all_acquired(acquisition).rows.iloc[0]
    if is_suppressed(whole["ratio"]):
        hidden = Refused(
            say("One customer's cost stands out and must not be shown."),
            account.quarter,
            account.source,
            say("Look at the cost of a longer time."),
        )
        return refuse(hidden, key=_KEY, requirement=_REQUIREMENT, question=question)
    channels = _list_shown(acquisition.channels)
    ratio, lower, upper = (float(whole[f"ratio{end}"]) for end in _ENDS)
    return Finding(
        key=_KEY,
        requirement=_REQUIREMENT,
        headline=say(
            "A new customer costs {cost} and is worth {ratio} times that",
            cost=write_money(float(whole["cost_each"]), account.currency),
            ratio=write_number(ratio, decimals=1),
        ),
        sentence=_write_sentence(whole, channels, account.currency),
        action=_advise(channels),
        verdict="measured",
        measure=say("Worth of a new customer over its cost"),
        unit=Unit.RATIO,
        estimate=ratio,
        lower=lower,
        upper=upper,
        nobs=int(whole["customers"]),
        period=account.quarter,
        source=account.source,
        importance=0.7,
    )


def _list_shown(rows: pd.DataFrame) -> pd.DataFrame:
    shown = release_acquisition(rows).rows
    known = shown[~shown["ratio"].map(is_suppressed)]
    return known.sort_values("ratio", ascending=False, ignore_index=True)


def _write_sentence(
    whole: pd.Series[float], channels: pd.DataFrame, currency: str
) -> str:
    return say(
        "{n} new customers with a cost on record cost {cost} each ({cost_interval}) "
        "and are worth {value} each ({value_interval}): {ratio} times the cost "
        "({ratio_interval}). Months until profit has paid it back: {payback}. "
        "{channels}",
        n=write_number(int(whole["customers"])),
        cost=write_money(float(whole["cost_each"]), currency),
        cost_interval=_write_ends(whole, "cost_each", Unit.MONEY, currency),
        value=write_money(float(whole["value"]), currency),
        value_interval=_write_ends(whole, "value", Unit.MONEY, currency),
        ratio=write_value(float(whole["ratio"]), Unit.RATIO),
        ratio_interval=_write_ends(whole, "ratio", Unit.RATIO),
        payback=str(whole["payback"]),
        channels=_write_channels(channels),
    )


def _write_ends(
    row: pd.Series[float], name: str, unit: Unit, currency: str = ""
) -> str:
    lower, upper = (float(row[f"{name}_{end}"]) for end in ("lower", "upper"))
    return write_interval(lower, upper, unit, currency=currency)


def _write_channels(channels: pd.DataFrame) -> str:
    if len(channels) < 2:
        return say("Ways of winning customers cannot be set side by side.")
    best, worst = channels.iloc[0], channels.iloc[-1]
    return say(
        "{best} returns most, {high} times its cost, {worst} least, {low} times.",
        best=str(best["name"]),
        high=write_number(float(best["ratio"]), decimals=1),
        worst=str(worst["name"]),
        low=write_number(float(worst["ratio"]), decimals=1),
    )


def _advise(channels: pd.DataFrame) -> str:
    losing = channels[channels["ratio_upper"].astype(float) < 1]
    if len(losing):
        return say(
            "Stop paying for {names} at today's cost: a customer won so is worth less.",
            names=join_names([str(name) for name in losing["name"]]),
        )
    unsure = channels[channels["ratio_lower"].astype(float) < 1]
    if len(unsure):
        return say(
            "Cap what {names} may cost; whether customers earn it back is not sure.",
            names=join_names([str(name) for name in unsure["name"]]),
        )
    if len(channels) < 2:
        return say("Record the way in which each customer is won.")
    return say(
        "All ways earn their cost back; move money from {worst} to {best} as far as "
        "{best} can take it.",
        worst=str(channels["name"].iloc[-1]),
        best=str(channels["name"].iloc[0]),
    )
