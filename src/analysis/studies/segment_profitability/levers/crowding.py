"""Whether visits of customers of low value make others wait."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.levers.contacts import Contacts
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    CROWDING_MONTHS,
    LOW_VALUE_SHARE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse, write_share
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

_STEP_PCT = 10.0
"""Visits more, percent of a branch's usual number, for which waiting is told."""
_MINIMUM_BRANCHES = 10
_MINIMUM_PERIODS = 3
_SMALLEST_WAIT = 0.25
"""Minutes that matter to somebody who waits."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowding:
    """What more visits of low value go with, channel by channel.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per channel with a queue: `estimate`, `lower`, `upper` (minutes that
        other customers wait more when visits of low value are `_STEP_PCT` percent above
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
        crowd=100 * (kept["low_visits"] / usual - 1) / _STEP_PCT,
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
    numbers = found.iloc[0][["estimate", "lower", "upper"]].astype(float).to_dict()
    return numbers | {
        "branches": float(found["clusters"].iloc[0]),
        "visits": float(rows["other_visits"].sum()),
        "wait": float(rows["waits"].sum() / rows["other_visits"].sum()),
    }


def release_crowding(crowding: Crowding) -> Released:
    """Release what more visits go with.

    Parameters
    ----------
    crowding : Crowding
        By channel.

    Returns
    -------
    Released
        Columns of `Crowding.rows`.
    """
    names = ["estimate", "lower", "upper", "wait", "visits", "branches"]
    return release(
        crowding.rows[["channel", "customers", *names]],
        count="customers",
        derived={name: ["customers"] for name in names},
    )


def find_crowding(crowding: Crowding | Refused) -> Finding:
    """Say whether customers of low value make others wait.

    Parameters
    ----------
    crowding : Crowding or Refused
        By channel.

    Returns
    -------
    Finding
        Minutes more at the channel with most visits.
    """
    if isinstance(crowding, Refused):
        return refuse(
            crowding,
            key="crowding",
            requirement="B8",
            question=say(
                "Whether customers of low value make others wait is not known"
            ),
        )
    first, account = crowding.rows.iloc[0], crowding.account
    words = {"channel": str(first["channel"])}
    return Finding(
        key="crowding",
        requirement="B8",
        headline=_write_headline(first, words["channel"]),
        sentence=say(
            "When visits of the {low} of customers with least income are {step} above "
            "what a branch is used to, the others wait {minutes} minutes more at "
            "{channel} ({interval}) than their usual {wait}; {branches} branches over "
            "{months} months up to {quarter}, with what is common to a branch or a "
            "month taken off. This is a cause only if nothing else moves both in the "
            "same branch and month, such as staff who fall ill.",
            **words,
            low=write_share(LOW_VALUE_SHARE),
            step=write_share(_STEP_PCT / 100),
            minutes=write_value(first["estimate"], Unit.SCORE),
            interval=write_interval(first["lower"], first["upper"], Unit.SCORE),
            wait=write_value(first["wait"], Unit.MINUTES),
            branches=write_number(first["branches"]),
            months=write_number(CROWDING_MONTHS),
            quarter=write_quarter(account.quarter),
        ),
        action=_advise(first, words["channel"]),
        measure=say("Minutes waited more at {channel}", **words),
        verdict="measured",
        unit=Unit.MINUTES,
        nobs=int(first["visits"]),
        period=account.quarter,
        source=account.source,
        estimate=float(first["estimate"]),
        lower=float(first["lower"]),
        upper=float(first["upper"]),
        importance=0.5,
    )


def chart_crowding(crowding: Crowding | Refused) -> Chart | Note:
    """Draw how much longer others wait, channel by channel.

    Parameters
    ----------
    crowding : Crowding or Refused
        By channel.

    Returns
    -------
    Chart or Note
        A note says why there are no numbers.
    """
    if isinstance(crowding, Refused):
        return Note(crowding.reason)
    first, account = crowding.rows.iloc[0], crowding.account
    step = write_share(_STEP_PCT / 100)
    return Chart(
        drawing=draw_intervals(
            release_crowding(crowding),
            label="channel",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("minutes waited more"),
            reference=0.0,
        ),
        title=_write_headline(first, str(first["channel"])),
        subtitle=say(
            "Minutes that others wait more when visits of low value are {step} above "
            "usual, with 95% intervals, {q}",
            step=step,
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=int(crowding.rows["visits"].sum()),
        alt=say(
            "Dots with intervals by channel; at {channel} {minutes} minutes "
            "({interval}).",
            channel=str(first["channel"]),
            minutes=write_value(first["estimate"], Unit.SCORE),
            interval=write_interval(first["lower"], first["upper"], Unit.SCORE),
        ),
        note=say("Within branches, over months; clustered by branch."),
    )


def _write_headline(first: pd.Series[float], channel: str) -> str:
    if first["lower"] > 0:
        return say(
            "Where customers of low value come more often, others wait longer at "
            "{channel}",
            channel=channel,
        )
    return say(
        "It is not clear that customers of low value make others wait at {channel}",
        channel=channel,
    )


def _advise(first: pd.Series[float], channel: str) -> str:
    if first["lower"] > 0:
        return say(
            "Give high tiers a queue of their own at {channel}, or move short visits "
            "to machines.",
            channel=channel,
        )
    if first["upper"] < _SMALLEST_WAIT:
        return say(
            "No action: a tenth more of their visits costs others less than {seconds} "
            "seconds.",
            seconds=write_number(60 * _SMALLEST_WAIT),
        )
    return say(
        "Don't justify a fee by queues: they can't be laid to these customers so far."
    )
