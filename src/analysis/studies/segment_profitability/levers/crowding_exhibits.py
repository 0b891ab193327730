"""What is shown of queues: a finding and a chart."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.levers.crowding import STEP_PCT, Crowding
from analysis.studies.segment_profitability.parameters import (
    CROWDING_MONTHS,
    LOW_VALUE_SHARE,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_interval,
    refuse,
    write_share,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

_SMALLEST_WAIT = 0.25
"""Minutes that matter to somebody who waits."""


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
            step=write_share(STEP_PCT / 100),
            minutes=write_value(first["estimate"], Unit.SCORE),
            interval=write_interval(first["lower"], first["upper"], Unit.SCORE),
            wait=write_value(first["wait"], Unit.MINUTES),
            branches=write_number(first["branches"]),
            months=write_number(CROWDING_MONTHS),
            quarter=write_quarter(account.quarter),
        ),
        action=_advise(first, words["channel"]),
        measure=say("Minutes waited more at {channel}", **words),
        unit=Unit.MINUTES,
        nobs=int(first["visits"]),
        importance=0.5,
        **fill_interval(account, first["estimate"], first["lower"], first["upper"]),
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
    step = write_share(STEP_PCT / 100)
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
