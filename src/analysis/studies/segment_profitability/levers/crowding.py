"""Whether visits of customers of low value make others wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.levers.contacts import Contacts
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    CROWDING_MONTHS,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

STEP_PCT: Final = 10.0
"""Visits more, percent of a branch's usual number, for which waiting is told."""
_MINIMUM_BRANCHES = 10
_MINIMUM_PERIODS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Crowding:
    """What more visits of low value go with, channel by channel.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per channel with a queue: `estimate`, `lower`, `upper` (minutes that
        other customers wait more when visits of low value are `STEP_PCT` percent above
        the branch's usual), `customers` (others who waited), `branches`, `visits` and
        `wait` (their average, minutes); most visits first.
    account : ProfitAccount
        Quarter, source.
    """

    rows: pd.DataFrame
    account: ProfitAccount


def estimate_crowding(
    contacts: Contacts | Refused, tables: Tables, parameters: Parameters
) -> Crowding | Refused:
    """Estimate whether others wait longer where customers of low value come more often.

    Parameters
    ----------
    contacts : Contacts or Refused
        Says whose value is low.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    Crowding or Refused
        Waits by branch and period, with an effect of each branch and of each period
        (Cameron and Miller 2015), clustered by branch; refused without waiting times.
    """
    if isinstance(contacts, Refused):
        return contacts
    visits = _count_visits(contacts, tables, parameters)
    parts = {
        channel: _prepare(rows)
        for channel, rows in visits.groupby("channel")
        if rows["other_visits"].sum() > 0
    }
    found = [
        _estimate(rows) | {"channel": channel}
        for channel, rows in parts.items()
        if rows["branch"].nunique() >= _MINIMUM_BRANCHES
        and rows["period"].nunique() >= _MINIMUM_PERIODS
    ]
    known = pd.DataFrame([row for row in found if "estimate" in row])
    account = contacts.account
    if known.empty:
        return Refused(
            say("Waiting times are not known in enough branches and periods."),
            account.quarter,
            account.source,
            say("Map wait_minutes of events, for a year and ten branches."),
        )
    counts = _count_others(contacts, tables, parameters)
    rows = known.merge(counts, on="channel").sort_values("visits", ascending=False)
    return Crowding(rows.reset_index(drop=True), account)


def _count_visits(
    contacts: Contacts, tables: Tables, parameters: Parameters
) -> pd.DataFrame:
    """Count visits, and sum waits, by branch, period and channel."""
    waited = _list_waits(contacts, tables, parameters)
    count = waited["count"]
    summed = waited.group_by("branch", "period", "channel").agg(
        low_visits=count.sum(where=waited.is_low).fill_null(0),
        other_visits=count.sum(where=~waited.is_low).fill_null(0),
        waits=(count * waited.wait_minutes).sum(where=~waited.is_low),
    )
    frame: pd.DataFrame = summed.order_by("channel", "branch", "period").to_pandas()
    return frame


def _list_waits(
    contacts: Contacts, tables: Tables, parameters: Parameters
) -> ibis.Table:
    events, customers = tables["events"], tables["customers"]
    last = parameters.reported.last_day
    first = (pd.Timestamp(last) - pd.DateOffset(months=CROWDING_MONTHS)).date()
    recent = events.filter(
        events.period > ibis.literal(first),
        events.period <= ibis.literal(last),
        ~events.wait_minutes.isnull(),  # noqa: PD003 - a method of Ibis
    )
    now = contacts.account.rows
    income = now.filter(now.quarter == contacts.account.quarter).select(
        "customer_id", is_low=ibis._.income <= contacts.largest_low_income
    )
    keepers = customers.drop_null("branch")
    return recent.join(income, "customer_id").join(
        keepers.select("customer_id", "branch"), "customer_id"
    )


def _count_others(
    contacts: Contacts, tables: Tables, parameters: Parameters
) -> pd.DataFrame:
    waited = _list_waits(contacts, tables, parameters)
    others = waited.filter(~waited.is_low)
    frame: pd.DataFrame = (
        others.group_by("channel")
        .agg(customers=others.customer_id.nunique())
        .to_pandas()
    )
    return frame


def _prepare(rows: pd.DataFrame) -> pd.DataFrame:
    usual = rows.groupby("branch")["low_visits"].transform("mean")
    kept = rows[(rows["other_visits"] > 0) & (usual > 0)]
    return kept.assign(
        outcome=kept["waits"] / kept["other_visits"],
        weight=kept["other_visits"],
        crowd=100 * (kept["low_visits"] / usual - 1) / STEP_PCT,
    )


def _estimate(rows: pd.DataFrame) -> dict[str, float]:
    found = estimate_panel_effects(
        rows,
        regressors=["crowd"],
        effects=["branch", "period"],
        cluster="branch",
        confidence_level=CONFIDENCE_LEVEL,
    )
    if found.empty:
        return {}
    return {
        **{name: float(found[name].iloc[0]) for name in ("estimate", "lower", "upper")},
        "branches": float(found["clusters"].iloc[0]),
        "visits": float(rows["other_visits"].sum()),
        "wait": float(rows["waits"].sum() / rows["other_visits"].sum()),
    }
