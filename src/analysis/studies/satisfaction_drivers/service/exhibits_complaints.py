"""Charts and tables on complaints."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_curve, draw_intervals
from analysis.presentation.disclosure import Released, release, stack
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.closure import Closure
from analysis.studies.satisfaction_drivers.service.complaint_volume import (
    BANK,
    CAUSE,
    CHANNEL,
    TIER,
    UNKNOWN,
    ComplaintVolume,
)
from analysis.studies.satisfaction_drivers.service.missing import note
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

_DIVISIONS: Final = {
    CAUSE: mark("Cause"),
    CHANNEL: mark("Channel of complaints"),
    TIER: mark("Tier"),
    BANK: mark("Bank"),
}
_MEASURES: Final = (
    "complaints", "rate", "lower", "upper", "change", "change_lower", "change_upper",
    "qvalue",
)  # fmt: skip


def _release_volume(volume: ComplaintVolume, divisions: tuple[str, ...]) -> Released:
    """Release each division with the bank, so that no group follows from the others."""
    whole = volume.groups[volume.groups["division"] == BANK]
    whole = whole.assign(name=say("All complaints"))
    blocks = []
    for division in divisions:
        rows = volume.groups[volume.groups["division"] == division]
        rows = rows[rows["name"] != UNKNOWN]
        block = rows if division == BANK else pd.concat([rows, whole])
        block = block.assign(
            group=say(_DIVISIONS[division]),
            name=whole["name"].iloc[0] if division == BANK else block["name"],
        )
        kept = release(
            block[["group", "name", "complainers", *_MEASURES]],
            count="complainers",
            derived={each: ["complainers"] for each in _MEASURES},
            has_total=division != BANK,
        )
        keep = [True] * len(rows) + [False] * (len(block) - len(rows))
        blocks.append(kept.keep(keep))
    return stack(blocks)


def chart_complaint_causes(volume: ComplaintVolume | Refused) -> Chart | Note:
    """Draw how complaints changed, by cause.

    Parameters
    ----------
    volume : ComplaintVolume or Refused
        Counts of the quarter and the one before.

    Returns
    -------
    Chart or Note
        One row a cause: complaints per 1,000 customers, with interval.
    """
    if isinstance(volume, Refused):
        return note(volume)
    released = _release_volume(volume, (CAUSE,))
    if not pd.to_numeric(released.rows["rate"], errors="coerce").notna().any():
        return Note(say("Complaints by cause are too few to be shown."))
    first = volume.groups[volume.groups["division"] == CAUSE].iloc[0]
    return Chart(
        drawing=draw_intervals(
            released.order("rate", ascending=False),
            label="name",
            estimate="rate",
            lower="lower",
            upper="upper",
            unit=say("complaints per 1,000 customers"),
        ),
        title=say(
            "Most complaints are about: {name} ({rate} per 1,000 customers)",
            name=str(first["name"]),
            rate=write_number(first["rate"], decimals=1),
        ),
        subtitle=say(
            "Complaints per 1,000 customers by cause with intervals, {quarter}",
            quarter=write_quarter(volume.quarter),
        ),
        source=volume.source,
        nobs=int(volume.bank["complaints"]),
        alt=say(
            "Dots with intervals for {n} causes.",
            n=len(released.rows),
        ),
        note=_note_bunches(volume),
    )


def _note_bunches(volume: ComplaintVolume) -> str:
    bunched = volume.bunches.pvalue < 0.05
    words = {"factor": write_number(volume.bunches.factor, decimals=2)}
    if not bunched:
        return say("Customers complain one by one: intervals are those of Poisson.")
    return say(
        "Some customers complain several times: intervals allow for {factor} times the "
        "variance of chance.",
        **words,
    )


def tabulate_complaints(volume: ComplaintVolume | Refused) -> DisplayTable | Note:
    """Show complaints and their change by cause, channel and tier.

    Parameters
    ----------
    volume : ComplaintVolume or Refused
        Counts of the quarter and the one before.

    Returns
    -------
    DisplayTable or Note
        One row a group, the bank last.
    """
    if isinstance(volume, Refused):
        return note(volume)
    return DisplayTable(
        title=say(
            "Complaints in {quarter} against {previous}",
            quarter=write_quarter(volume.quarter),
            previous=write_quarter(volume.previous),
        ),
        released=_release_volume(volume, (CAUSE, CHANNEL, TIER, BANK)),
        columns=(
            DisplayColumn("group", say("Group")),
            DisplayColumn("name", say("Complaints of")),
            DisplayColumn("complaints", say("Complaints"), Unit.COUNT),
            DisplayColumn("complainers", say("Customers"), Unit.COUNT),
            DisplayColumn("rate", say("Per 1,000 customers"), Unit.RATIO, decimals=1),
            DisplayColumn("lower", say("Low end"), Unit.RATIO, decimals=1),
            DisplayColumn("upper", say("High end"), Unit.RATIO, decimals=1),
            DisplayColumn("change", say("Change"), Unit.PERCENT),
            DisplayColumn("change_lower", say("Change, low end"), Unit.PERCENT),
            DisplayColumn("change_upper", say("Change, high end"), Unit.PERCENT),
            DisplayColumn("qvalue", say("q-value"), Unit.RATIO),
        ),
        source=volume.source,
        note=say(
            "q-value: expected share of false ones among groups with this value or "
            "less, within the kind of group. Changes allow for quarters that jump."
        ),
    )


def chart_closure(closure: Closure | Refused) -> Chart | Note:
    """Draw the share of complaints closed by day.

    Parameters
    ----------
    closure : Closure or Refused
        Days until complaints are closed.

    Returns
    -------
    Chart or Note
        A rising curve with its interval.
    """
    if isinstance(closure, Refused):
        return note(closure)
    days, now = closure.days_allowed, closure.on_time
    return Chart(
        drawing=draw_curve(
            _release_days(closure),
            x="day",
            y="share",
            lower="lower",
            upper="upper",
            x_label=say("Days since the complaint was received"),
            y_label=say("% closed"),
        ),
        title=say(
            "{share} of complaints are closed within {days} days",
            share=write_value(now.estimate, Unit.PERCENT),
            days=days,
        ),
        subtitle=say(
            "Share of complaints closed, with intervals, received in {quarter}",
            quarter=write_quarter(closure.quarter),
        ),
        source=closure.source,
        nobs=now.complaints,
        alt=say(
            "A curve that rises to {share} after {days} days.",
            share=write_value(now.estimate, Unit.PERCENT),
            days=days,
        ),
        note=say(
            "Open complaints count until the last day they were seen (Kaplan and Meier "
            "1958). Complaints of one customer count as independent."
        ),
    )


def _release_days(closure: Closure) -> Released:
    """Release the share closed by day, up to three times the days allowed."""
    curve = closure.curve
    points = np.arange(0, min(curve.times[-1], 3 * closure.days_allowed) + 1)
    open_pct = 100 * np.array([curve.read(point) for point in points])
    rows = pd.DataFrame(
        {
            "day": points,
            "share": 100 - open_pct[:, 0],
            "lower": 100 - open_pct[:, 2],
            "upper": 100 - open_pct[:, 1],
            "people": closure.on_time.complainers,
        }
    )
    linked = {each: ["people"] for each in ("share", "lower", "upper")}
    return release(rows, count="people", derived=linked)
