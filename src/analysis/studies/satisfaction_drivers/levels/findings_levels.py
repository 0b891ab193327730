"""Findings on who answered and how satisfied customers are."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.levels.measures import Measure, name_measure
from analysis.studies.satisfaction_drivers.levels.segment_cells import EVERYONE
from analysis.studies.satisfaction_drivers.levels.silence_band import SilenceBand
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

_NOT_ASKED = mark(
    "The survey has no question on readiness to recommend from 0 to 10, so a net "
    "promoter score cannot be computed."
)
_STEADY_SHARE = 0.02


def find_net_promoter_score(
    levels: Levels, parameters: Parameters, band: SilenceBand | None = None
) -> Finding:
    """Say how ready customers are to recommend the bank, and what became of it.

    Parameters
    ----------
    levels : Levels
        Scores.
    parameters : Parameters
        Smallest change that matters.
    band : SilenceBand, optional
        Score if the silent differ; said beside the interval.

    Returns
    -------
    Finding
        Net promoter points of all customers; refused when it was not asked.
    """
    if "net_promoter" not in levels.measures:
        return Finding(
            key="net_promoter_score",
            requirement="C1",
            headline=say("A net promoter score cannot be given"),
            sentence=say(_NOT_ASKED),
            action=say("Add the question on readiness to recommend to the next wave."),
            verdict="not identified",
            unit=Unit.POINTS,
            nobs=0,
            period=levels.reported,
            source=levels.source,
            reason=say(_NOT_ASKED),
            importance=0.2,
        )
    smallest = parameters.smallest_change_points
    found = _find_level(levels, "net_promoter", smallest=smallest, importance=0.8)
    if band is None:
        return found
    low, high = (write_value(end, Unit.POINTS) for end in band.bent.band)
    return replace(
        found,
        sentence=say(
            "{sentence} If those who kept silent differ, it may be anywhere from {low} "
            "to {high}.",
            sentence=found.sentence,
            low=low,
            high=high,
        ),
    )


def find_satisfaction(levels: Levels) -> Finding:
    """Say how satisfied customers are overall, and what became of it.

    Parameters
    ----------
    levels : Levels
        Scores.

    Returns
    -------
    Finding
        Mean satisfaction of all customers, points of its scale.
    """
    estimate = float(levels.total("satisfaction")["estimate"])
    smallest = _STEADY_SHARE * abs(estimate)
    return _find_level(levels, "satisfaction", smallest=smallest, importance=0.6)


def find_segment_gap(levels: Levels) -> Finding:
    """Name the segment that is clearly less satisfied than the bank, if any.

    Parameters
    ----------
    levels : Levels
        Scores by segment, with gaps at a level that allows for looking at all.

    Returns
    -------
    Finding
        Gap of the lowest segment to all customers.
    """
    measure = levels.measures[0]
    unit = name_measure(measure)[1]
    rows = levels.segments
    cells = rows[(rows["measure"] == measure) & (rows["group"] != EVERYONE)]
    cells = cells[cells["gap"].notna()]
    if cells.empty:
        return _refuse_gap(levels, unit)
    clear = cells[cells["gap_upper"] < 0]
    lowest = (clear if len(clear) else cells).sort_values("gap").iloc[0]
    segment = say(
        "{group}: {segment}", group=lowest["group"], segment=lowest["segment"]
    )
    return Finding(
        key="segment_gap",
        requirement="C1",
        headline=say(
            mark("{segment} is clearly below the bank's score")
            if len(clear)
            else mark(
                "No segment is clearly below the bank's score; lowest is {segment}"
            ),
            segment=segment,
        ),
        sentence=_write_gap(levels, lowest, segment, len(cells)),
        action=(
            say("Ask the managers of {segment} what customers miss.", segment=segment)
            if len(clear)
            else say(
                "Do not rank segments by this wave: the differences may be chance."
            )
        ),
        measure=_name_gap(measure, str(lowest["segment"])),
        verdict="measured",
        unit=unit,
        nobs=int(cells["nobs"].max()),
        period=levels.reported,
        source=levels.source,
        estimate=float(lowest["gap"]),
        lower=float(lowest["gap_lower"]),
        upper=float(lowest["gap_upper"]),
        confidence_level=levels.confidence_level,
        importance=0.6 if len(clear) else 0.3,
    )


def _write_gap(
    levels: Levels, lowest: pd.Series[float], segment: str, cells: int
) -> str:
    name, unit = name_measure(levels.measures[0])
    return say(
        "{name} in {segment} was {estimate} in {quarter}; its gap to {people} is "
        "{gap} (interval {interval}, widened because {cells} segments are compared; "
        "{nobs} answers there).",
        name=name,
        segment=segment,
        estimate=write_value(lowest["estimate"], unit),
        quarter=write_quarter(levels.reported),
        gap=write_value(lowest["gap"], unit, signed=True),
        people=levels.people,
        interval=write_interval(lowest["gap_lower"], lowest["gap_upper"], unit),
        cells=cells,
        nobs=write_number(lowest["nobs"]),
    )


def _find_level(
    levels: Levels, measure: Measure, *, smallest: float, importance: float
) -> Finding:
    name, unit = name_measure(measure)
    row = levels.total(measure)
    change = None
    if pd.notna(row["change"]):
        change = judge_change(
            row["change_lower"], row["change_upper"], smallest_change=smallest
        )
    return Finding(
        key="net_promoter_score" if measure == "net_promoter" else measure,
        requirement="C1",
        headline=_write_headline(levels, name, unit, row, change),
        sentence=_write_level(levels, measure, row),
        action=_advise(change),
        measure=_name_level(levels, measure),
        verdict="measured",
        unit=unit,
        nobs=int(row["nobs"]),
        period=levels.reported,
        source=levels.source,
        estimate=float(row["estimate"]),
        lower=float(row["lower"]),
        upper=float(row["upper"]),
        confidence_level=levels.confidence_level,
        previous=levels.before(measure),
        change=change,
        importance=importance if change == "fell" else 0.75 * importance,
    )


def _name_gap(measure: Measure, segment: str) -> str:
    name = name_measure(measure)[0]
    return say("{measure} of {segment} less that of all", measure=name, segment=segment)


def _name_level(levels: Levels, measure: Measure) -> str:
    name = name_measure(measure)[0]
    if measure != "satisfaction":
        return name
    lowest, highest = levels.scale
    return say(
        "{measure}, from {lowest} to {highest}",
        measure=name,
        lowest=write_number(lowest),
        highest=write_number(highest),
    )


def _write_headline(
    levels: Levels, name: str, unit: Unit, row: pd.Series[float], change: str | None
) -> str:
    estimate = write_value(row["estimate"], unit)
    if change is None or levels.previous is None:
        return say("{name}: {estimate}", name=name, estimate=estimate)
    template = {
        "rose": mark("{name} rose to {estimate} since {previous}"),
        "fell": mark("{name} fell to {estimate} since {previous}"),
        "no clear change": mark("{name}: {estimate}, no clear change since {previous}"),
    }[change]
    previous = write_quarter(levels.previous)
    return say(template, name=name, estimate=estimate, previous=previous)


def _write_level(levels: Levels, measure: Measure, row: pd.Series[float]) -> str:
    name, unit = name_measure(measure)
    shared = {
        "name": name,
        "people": levels.people,
        "quarter": write_quarter(levels.reported),
        "estimate": write_value(row["estimate"], unit),
        "interval": write_interval(row["lower"], row["upper"], unit),
        "nobs": write_number(row["nobs"]),
    }
    before = levels.before(measure)
    if before is None or levels.previous is None or pd.isna(row["change"]):
        return say(
            "{name} of {people} was {estimate} in {quarter} ({interval}; {nobs} "
            "answers); there is no wave before to compare with.",
            **shared,
        )
    return say(
        "{name} of {people} was {estimate} in {quarter} ({interval}; {nobs} "
        "answers) and {before} in {previous}: a change of {change} "
        "({change_interval}). Two such waves would find a change of {detectable} in "
        "four of five cases.",
        before=write_value(before, unit),
        previous=write_quarter(levels.previous),
        change=write_value(row["change"], unit, signed=True),
        change_interval=write_interval(row["change_lower"], row["change_upper"], unit),
        detectable=write_value(row["detectable"], unit),
        **shared,
    )


def _advise(change: str | None) -> str:
    if change is None:
        return say(
            "Ask the same questions again next quarter, so that a change can be seen."
        )
    if change == "fell":
        return say("Look for the cause in the drivers below before the next wave.")
    if change == "rose":
        return say("Find out which measure of the last months worked, and keep it up.")
    return say("Do not read a success or a failure into this wave's score.")


def _refuse_gap(levels: Levels, unit: Unit) -> Finding:
    reason = say("No segment of this source has enough answers to be compared.")
    return Finding(
        key="segment_gap",
        requirement="C1",
        headline=say("Segments cannot be compared"),
        sentence=reason,
        action=say("Map tier, age or channel of the customers who were asked."),
        verdict="not identified",
        unit=unit,
        nobs=0,
        period=levels.reported,
        source=levels.source,
        reason=reason,
        importance=0.1,
    )
