"""Charts and tables on waiting, and on what ratings answer to."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.presentation.charts import Chart, draw_curve, draw_intervals
from analysis.presentation.disclosure import Released, release, stack
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import note
from analysis.studies.satisfaction_drivers.service.rating_response import (
    RatingResponse,
)
from analysis.studies.satisfaction_drivers.service.waiting import (
    ALL,
    BRANCH,
    CHANNEL,
    TIER,
    Waiting,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

MOST_BRANCHES: Final = 15
"""Branches in the chart, those with the largest shares."""
_DIVISIONS: Final = {CHANNEL: mark("Channel"), TIER: mark("Tier"), ALL: mark("Bank")}
_MEASURES: Final = (
    "visits", "median", "median_lower", "median_upper", "p90", "p90_lower", "p90_upper",
    "above", "above_lower", "above_upper",
)  # fmt: skip


def _release_groups(rows: pd.DataFrame) -> Released:
    columns = [name for name in ("group", "name", "is_muted") if name in rows]
    return release(
        rows[[*columns, "customers", *_MEASURES]],
        count="customers",
        derived={each: ["customers"] for each in _MEASURES},
    )


def chart_waiting(waiting: Waiting | Refused) -> Chart | Note:
    """Draw the share of visits that wait too long, by branch.

    Parameters
    ----------
    waiting : Waiting or Refused
        Minutes of the quarter.

    Returns
    -------
    Chart or Note
        The branches with the largest shares; by tier where there are no branches.
    """
    if isinstance(waiting, Refused):
        return note(waiting)
    division = BRANCH if len(waiting.of(BRANCH)) >= 3 else TIER
    rows = waiting.of(division)
    shown = _release_groups(rows.assign(is_muted=~rows["is_apart"].astype(bool)))
    told = pd.to_numeric(shown.rows["above"], errors="coerce").notna()
    if not told.any():
        return Note(say("Waiting by branch is hidden to protect customers."))
    ordered = shown.keep(list(told)).order("above", ascending=False)
    most = [place < MOST_BRANCHES for place in range(len(ordered.rows))]
    whole = waiting.whole
    return Chart(
        drawing=draw_intervals(
            ordered.keep(most),
            label="name",
            estimate="above",
            lower="above_lower",
            upper="above_upper",
            unit=say("% of visits"),
            reference=float(whole["above"]),
            reference_label=say(
                "All: {share}", share=write_value(whole["above"], Unit.PERCENT)
            ),
            muted="is_muted",
        ),
        title=_name_worst(waiting, division),
        subtitle=say(
            "Visits that wait longer than {minutes} minutes, percent with intervals, "
            "{quarter}; the {n} largest",
            minutes=write_number(waiting.limit),
            quarter=write_quarter(waiting.quarter),
            n=sum(most),
        ),
        source=waiting.source,
        nobs=int(whole["visits"]),
        alt=say("Dots with intervals for {n} groups.", n=sum(most)),
        note=say(
            "Grey: not told from chance when all are looked at together (false "
            "discovery rate 5%). Branches differ {phi} times as much as chance gives.",
            phi=write_number(waiting.overdispersion, decimals=1),
        ),
    )


def _name_worst(waiting: Waiting, division: str) -> str:
    if division != BRANCH:
        return say("Long waits by tier")
    rows = waiting.of(BRANCH)
    worse = rows["above"] > waiting.whole["above"]
    apart = int((rows["is_apart"].astype(bool) & worse).sum())
    if not apart:
        return say("No branch is clearly above the others in long waits")
    return say("Branches clearly above the others in long waits: {n}", n=apart)


def tabulate_waiting(waiting: Waiting | Refused) -> DisplayTable | Note:
    """Show minutes waited by channel and tier.

    Parameters
    ----------
    waiting : Waiting or Refused
        Minutes of the quarter.

    Returns
    -------
    DisplayTable or Note
        One row a group, the main channel last.
    """
    if isinstance(waiting, Refused):
        return note(waiting)
    blocks = []
    for division, label in _DIVISIONS.items():
        rows = waiting.of(division)
        if len(rows):
            blocks.append(_release_groups(rows.assign(group=say(label))))
    return DisplayTable(
        title=say(
            "Minutes waited by channel and tier in {quarter}",
            quarter=write_quarter(waiting.quarter),
        ),
        released=stack(blocks),
        columns=(
            DisplayColumn("group", say("Group")),
            DisplayColumn("name", say("Visits of")),
            DisplayColumn("visits", say("Visits"), Unit.COUNT),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("median", say("Middle wait"), Unit.MINUTES),
            DisplayColumn("median_lower", say("Low end"), Unit.MINUTES),
            DisplayColumn("median_upper", say("High end"), Unit.MINUTES),
            DisplayColumn("p90", say("One in ten waits"), Unit.MINUTES),
            DisplayColumn("p90_lower", say("Low end"), Unit.MINUTES),
            DisplayColumn("p90_upper", say("High end"), Unit.MINUTES),
            DisplayColumn("above", say("Beyond the limit"), Unit.PERCENT),
        ),
        source=waiting.source,
        note=say(
            "Tiers within {channel}. Minutes are a customer's average in a period; the "
            "source does not keep the hour of a visit.",
            channel=waiting.channel,
        ),
    )


def chart_waiting_response(response: RatingResponse | Refused) -> Chart | Note:
    """Draw the rating by minutes waited.

    Parameters
    ----------
    response : RatingResponse or Refused
        Ratings by minutes waited.

    Returns
    -------
    Chart or Note
        The line used, with its interval.
    """
    if isinstance(response, Refused):
        return note(response)
    return _chart_response(response, say("Minutes waited, mean of the quarter"))


def chart_speed_response(response: RatingResponse | Refused) -> Chart | Note:
    """Draw the rating by days until the complaint was closed.

    Parameters
    ----------
    response : RatingResponse or Refused
        Ratings by days.

    Returns
    -------
    Chart or Note
        The line used, with its interval.
    """
    if isinstance(response, Refused):
        return note(response)
    return _chart_response(response, say("Days until the complaint was closed"))


def _chart_response(response: RatingResponse, x_label: str) -> Chart:
    fit = response.rating
    dose, rating, lower, upper = fit.curve
    rows = pd.DataFrame(
        {"dose": dose, "rating": rating, "lower": lower, "upper": upper}
    )
    return Chart(
        drawing=draw_curve(
            release(
                rows.assign(answers=fit.clusters),
                count="answers",
                derived={str(name): ["answers"] for name in rows},
            ),
            x="dose",
            y="rating",
            lower="lower",
            upper="upper",
            x_label=x_label,
            y_label=say("rating, points"),
        ),
        title=say(
            "{name}: {gain} points for {step} less",
            name=response.attribute,
            gain=write_value(fit.gain, Unit.SCORE, signed=True),
            step=write_number(fit.step),
        ),
        subtitle=say(
            "Rating with interval, {first} to {last}",
            first=write_quarter(response.first),
            last=write_quarter(response.last),
        ),
        source=response.source,
        nobs=fit.nobs,
        alt=say(
            "A line from {start} to {end} points.",
            start=write_number(rating[0], decimals=1),
            end=write_number(rating[-1], decimals=1),
        ),
        note=say(
            "Bent where a straight line is rejected (p {pvalue}); tier, quarter and "
            "use of the app alike.",
            pvalue=write_number(fit.bend_pvalue, decimals=3),
        ),
    )
