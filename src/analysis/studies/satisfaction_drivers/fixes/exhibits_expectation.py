"""The gap between what customers expected and what they met: finding and chart."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.fixes.expectation_gap import ExpectationGap
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, say

_MOST_NAMED = 3


def find_expectation_gap(gap: ExpectationGap | Refused) -> Finding:
    """Say where the bank stays furthest behind what is expected of it.

    Parameters
    ----------
    gap : ExpectationGap or Refused
        Met less expected, by attribute.

    Returns
    -------
    Finding
        The widest gap, points.
    """
    key, requirement = "expectation_gap", "C8"
    if isinstance(gap, Refused):
        question = say("How far the bank meets expectations is not known")
        return refuse(gap, key=key, requirement=requirement, question=question)
    widest = gap.table.iloc[0]
    behind = gap.table[gap.table["gap_upper"] < 0]
    return Finding(
        key=key,
        requirement=requirement,
        headline=say("Furthest behind expectations: {label}", label=widest["label"])
        if len(behind)
        else say("No attribute surely stays behind expectations"),
        sentence=say(
            "In {quarter} customers expected {expected} points of {label} and met "
            "{met}: a gap of {gap} ({interval}; {nobs} answers). {behind}",
            quarter=write_quarter(gap.quarter),
            label=str(widest["label"]),
            expected=write_number(widest["expected"], decimals=2),
            met=write_number(widest["met"], decimals=2),
            gap=write_value(widest["gap"], Unit.SCORE, signed=True),
            interval=write_interval(
                widest["gap_lower"], widest["gap_upper"], Unit.SCORE
            ),
            nobs=write_number(widest["answers"]),
            behind=_write_behind(list(behind["label"])),
        ),
        action=say(
            "Promise less or deliver more where the gap is widest; what matters most "
            "is in the list of fixes."
        ),
        measure=say("Met less expected: {label}", label=widest["label"]),
        verdict="measured",
        unit=Unit.SCORE,
        nobs=int(widest["answers"]),
        period=gap.quarter,
        source=gap.source,
        estimate=float(widest["gap"]),
        lower=float(widest["gap_lower"]),
        upper=float(widest["gap_upper"]),
        confidence_level=gap.confidence_level,
        importance=0.4,
    )


def chart_expectation_gap(gap: ExpectationGap | Refused) -> Chart | Note:
    """Draw the gap of each attribute.

    Parameters
    ----------
    gap : ExpectationGap or Refused
        Met less expected, by attribute.

    Returns
    -------
    Chart or Note
        One row per attribute, the widest shortfall first.
    """
    if isinstance(gap, Refused):
        return Note(gap.reason)
    numbers = ("expected", "met", "gap", "gap_lower", "gap_upper")
    behind = int((gap.table["gap_upper"] < 0).sum())
    return Chart(
        drawing=draw_intervals(
            release(
                gap.table,
                count="answers",
                derived={name: ("answers",) for name in numbers},
            ),
            label="label",
            estimate="gap",
            lower="gap_lower",
            upper="gap_upper",
            unit=say("points, met less expected"),
            reference=0.0,
            reference_label=say("as expected"),
        ),
        title=say(
            "{behind} of {total} attributes surely stay behind expectations",
            behind=write_number(behind),
            total=write_number(len(gap.table)),
        ),
        subtitle=say(
            "Rating less expected level, {quarter}", quarter=write_quarter(gap.quarter)
        ),
        source=gap.source,
        nobs=int(gap.table["answers"].max()),
        alt=say(
            "One dot with its interval for each of {n} attributes.", n=len(gap.table)
        ),
        note=say("Intervals hold for all attributes together."),
    )


def _write_behind(labels: list[str]) -> str:
    if not labels:
        return say("No gap is surely below zero.")
    named = [label.lower() for label in labels[:_MOST_NAMED]]
    if len(labels) == 1:
        return say("It is the only one that surely stays behind.")
    return say(
        "{n} attributes surely stay behind; the first are {names}.",
        n=write_number(len(labels)),
        names=join_names(named),
    )
