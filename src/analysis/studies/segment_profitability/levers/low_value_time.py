"""Whose time customers of low value take, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.dominance import MEASURES, measure_dominance
from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.presentation.findings import Finding
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.levers.contacts import Contacts
from analysis.studies.segment_profitability.parameters import LOW_VALUE_SHARE
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    Nothing,
    refuse,
    write_share,
)
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import join_names, say

_AMOUNTS = ("minutes", "low_minutes")


@dataclass(frozen=True, slots=True, eq=False)
class LowValueTime:
    """Working time by channel, and the part of customers of low value.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per channel: `customers` who used it, `low_customers` among them,
        `minutes` and `low_minutes` of work with their dominance; most minutes first.
    contacts : Contacts
        What it was added up from.
    """

    rows: pd.DataFrame
    contacts: Contacts


def measure_low_value_time(contacts: Contacts | Refused) -> LowValueTime | Refused:
    """Add up working time by channel.

    Parameters
    ----------
    contacts : Contacts or Refused
        Contacts of the quarter.

    Returns
    -------
    LowValueTime or Refused
        Refused where contacts have no time.
    """
    if isinstance(contacts, Refused):
        return contacts
    rows = contacts.rows.mutate(
        low_minutes=contacts.rows.is_low.ifelse(contacts.rows.minutes, 0.0)
    )
    summed = rows.group_by("channel").agg(
        customers=rows.count(),
        low_customers=rows.is_low.sum(),
        **{name: rows[name].sum() for name in _AMOUNTS},
    )
    largest = measure_dominance(rows, ("channel",), _AMOUNTS)
    frame = summed.to_pandas().merge(largest, on="channel", validate="1:1")
    ordered = frame.sort_values(["minutes", "channel"], ascending=[False, True])
    return LowValueTime(ordered.reset_index(drop=True), contacts)


def release_low_value_time(time: LowValueTime) -> Released:
    """Release working time by channel.

    Parameters
    ----------
    time : LowValueTime
        By channel.

    Returns
    -------
    Released
        `channel`, `customers`, `low_customers`, `hours`, `low_hours` and `low_pct` (of
        the hours); where those of low value take most comes first.
    """
    rows = time.rows
    tested = [f"{name}_{end}" for name in _AMOUNTS for end in MEASURES]
    shown = rows.assign(
        hours=rows["minutes"] / 60,
        low_hours=rows["low_minutes"] / 60,
        low_pct=100 * rows["low_minutes"] / rows["minutes"],
    )
    shares = ["low_hours", "low_pct"]
    names = ["channel", "customers", "low_customers", "hours", *shares]
    released = release(
        shown[[*names, *_AMOUNTS, *tested]],
        count="customers",
        counts=("low_customers",),
        amounts=_AMOUNTS,
        derived={"hours": ["minutes"]}
        | {name: [*_AMOUNTS, "low_customers"] for name in shares},
        dominance=_AMOUNTS,
    )
    return released.order("low_hours", ascending=False).select(names)


def find_low_value_time(time: LowValueTime | Refused) -> Finding:
    """Say what part of the working time customers of low value take.

    Parameters
    ----------
    time : LowValueTime or Refused
        By channel.

    Returns
    -------
    Finding
        Share of the minutes of the channel where they take most, percent.
    """
    question = say("Whose time customers of low value take is not known")
    if isinstance(time, Refused):
        return refuse(time, key="low_value_time", requirement="B8", question=question)
    account = time.contacts.account
    known = _list_known(release_low_value_time(time)).rows
    if known.empty:
        hidden = _hide_time(time)
        return refuse(hidden, key="low_value_time", requirement="B8", question=question)
    first = known.iloc[0]
    words = {
        "channel": str(first["channel"]),
        "share": write_value(float(first["low_pct"]), Unit.PERCENT),
    }
    return Finding(
        key="low_value_time",
        requirement="B8",
        headline=say(
            "The {low} of customers with least income take {share} of the time of "
            "{channel}",
            low=write_share(LOW_VALUE_SHARE),
            **words,
        ),
        sentence=say(
            "In {quarter} customers who brought at most {limit} took {share} of "
            "{hours} hours of work at {channel}. {others} Upkeep by the bank is "
            "counted where it is done.",
            **words,
            quarter=write_quarter(account.quarter),
            limit=write_money(time.contacts.largest_low_income, account.currency),
            hours=write_number(float(first["hours"])),
            others=_write_others(known),
        ),
        action=_advise_on_time(float(first["low_pct"]), words["channel"]),
        measure=say("Share of the time at {channel}", channel=words["channel"]),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(first["customers"]),
        period=account.quarter,
        source=account.source,
        estimate=float(first["low_pct"]),
        importance=0.5,
    )


def tabulate_low_value_time(time: LowValueTime | Refused) -> DisplayTable | Nothing:
    """Show working time by channel.

    Parameters
    ----------
    time : LowValueTime or Refused
        By channel.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per channel, the one where they take most time first.
    """
    if isinstance(time, Refused):
        return ()
    account = time.contacts.account
    return DisplayTable(
        title=say(
            "Who takes the time of each channel, {q}", q=write_quarter(account.quarter)
        ),
        released=release_low_value_time(time),
        columns=(
            DisplayColumn("channel", say("Channel")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("low_customers", say("Of low value"), Unit.COUNT),
            DisplayColumn(
                "hours", say("Working time"), decimals=0, unit_label=say("hours")
            ),
            DisplayColumn("low_pct", say("Taken by them"), Unit.PERCENT, shade="bar"),
        ),
        source=account.source,
        note=say(
            "Of low value: the {low} of customers with least income in the quarter.",
            low=write_share(LOW_VALUE_SHARE),
        ),
    )


def _list_known(released: Released) -> Released:
    """Keep channels whose share is shown."""
    return released.keep(~released.rows["low_pct"].map(is_suppressed))


def _hide_time(time: LowValueTime) -> Refused:
    return Refused(
        say("Too few customers use each channel."),
        time.contacts.account.quarter,
        time.contacts.account.source,
        say("Report on a larger group of customers."),
    )


def _write_others(known: pd.DataFrame) -> str:
    parts = [
        say(
            "{share} at {channel}",
            share=write_value(float(share), Unit.PERCENT),
            channel=str(channel),
        )
        for share, channel in zip(known["low_pct"], known["channel"], strict=True)
    ][1:]
    if not parts:
        return say("No other channel can be shown.")
    return say("Elsewhere it was {parts}.", parts=join_names(parts))


def _advise_on_time(share: float, channel: str) -> str:
    if share > 100 * LOW_VALUE_SHARE:
        return say(
            "Move their short contacts away from {channel} first: they take more than "
            "their number.",
            channel=channel,
        )
    return say(
        "No action against customers of low value: they take less of {channel} than "
        "their number.",
        channel=channel,
    )
