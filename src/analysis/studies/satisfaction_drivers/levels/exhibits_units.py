"""Charts and tables on branches and managers, without a league table."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, Drawing, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.unit_funnel import UnitFunnel
from analysis.studies.satisfaction_drivers.parameters import SUPPRESSED_BELOW
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

_ROWS_SHOWN = 12
_SHOWN = ("adjusted", "alarm_lower", "alarm_upper")


def chart_units(funnel: UnitFunnel | Refused) -> Chart | Note:
    """Draw units farthest from the target against the limits of chance.

    Parameters
    ----------
    funnel : UnitFunnel or Refused
        Units against their limits.

    Returns
    -------
    Chart or Note
        A dot a unit over its own limits: outside them it stands out.
    """
    if isinstance(funnel, Refused):
        return Note(say("No funnel is drawn. {reason}", reason=funnel.reason))
    name, unit = name_measure(funnel.measure)
    rows = _choose_rows(funnel)
    called = len(funnel.below) + len(funnel.above)
    target = write_value(funnel.funnel.target, unit)
    return Chart(
        drawing=_draw(funnel, rows, target),
        title=say(
            "{called} of {judged} stand out", called=called, judged=len(funnel.table)
        ),
        subtitle=say(
            "{name}, adjusted for customers, {first} to {last}; bars are the limits "
            "that 998 of 1,000 ordinary ones stay within",
            name=name,
            first=write_quarter(funnel.quarters[0]),
            last=write_quarter(funnel.quarters[1]),
        ),
        source=funnel.source,
        nobs=int(funnel.table["nobs"].sum()),
        alt=say(
            "Dots of the {shown} farthest from {target} over their limits; {called} "
            "stand out.",
            shown=len(rows),
            target=target,
            called=called,
        ),
        note=say(
            "Decides whom to visit. In colour: stands out after allowing for looking "
            "at all. Limits are narrower where more answered. Worth fewer than {least} "
            "answers: not judged ({small}).",
            least=SUPPRESSED_BELOW,
            small=funnel.too_small,
        ),
    )


def _draw(funnel: UnitFunnel, rows: pd.DataFrame, target: str) -> Drawing:
    return draw_intervals(
        release(
            rows[["unit", *_SHOWN, "people", "is_ordinary"]],
            count="people",
            derived={each: ["people"] for each in _SHOWN},
        ),
        label="unit",
        estimate="adjusted",
        lower="alarm_lower",
        upper="alarm_upper",
        unit=say("points"),
        reference=funnel.funnel.target,
        reference_label=say("All: {target}", target=target),
        muted="is_ordinary",
    )


def _choose_rows(funnel: UnitFunnel) -> pd.DataFrame:
    """Take those farthest from the target in errors, lowest first."""
    called = {*funnel.below["unit"], *funnel.above["unit"]}
    far = funnel.table["z"].abs().sort_values(ascending=False).index[:_ROWS_SHOWN]
    rows = funnel.table.loc[far].sort_values("z")
    return rows.assign(is_ordinary=[name not in called for name in rows["unit"]])


def tabulate_units(funnel: UnitFunnel | Refused) -> tuple[DisplayTable | Note, ...]:
    """Show the test of the spread, and the units farthest from the target.

    Parameters
    ----------
    funnel : UnitFunnel or Refused
        Units against their limits.

    Returns
    -------
    tuple of DisplayTable or Note
        Facts of the funnel, and units with raw, adjusted and pooled score.
    """
    if isinstance(funnel, Refused):
        return (Note(say("No units are listed. {reason}", reason=funnel.reason)),)
    return _tabulate_facts(funnel), _tabulate_rows(funnel)


def _tabulate_facts(funnel: UnitFunnel) -> DisplayTable:
    judged, standardised = funnel.funnel, funnel.standardised
    unit = name_measure(funnel.measure)[1]
    facts = [
        (say("Judged"), write_number(len(funnel.table))),
        (say("Worth too few answers"), write_number(funnel.too_small)),
        (
            say("Variance within that customers' kinds explain"),
            write_value(100 * standardised.explained, Unit.PERCENT),
        ),
        (
            say("Variance over that of chance"),
            write_number(judged.dispersion, decimals=2),
        ),
        (
            say("Chance of that if all were alike"),
            write_number(judged.dispersion_pvalue, decimals=3),
        ),
        (say("Spread that limits allow for"), write_value(judged.spread, unit)),
    ]
    rows = pd.DataFrame(facts, columns=["what", "value"])
    rows = rows.assign(answers=int(funnel.table["nobs"].sum()))
    return DisplayTable(
        title=say("What the funnel rests on"),
        released=release(rows, count="answers", derived={"value": ["answers"]}),
        columns=(
            DisplayColumn("what", say("What")),
            DisplayColumn("value", say("Value")),
        ),
        source=funnel.source,
    )


def _tabulate_rows(funnel: UnitFunnel) -> DisplayTable:
    unit = name_measure(funnel.measure)[1]
    values = ("raw", "adjusted", "pooled", "pooled_lower", "pooled_upper", "qvalue")
    rows = _choose_rows(funnel)[["unit", *values, "people", "effective"]]
    return DisplayTable(
        title=say("The {shown} farthest from the others", shown=len(rows)),
        released=release(
            rows,
            count="people",
            derived={each: ["people"] for each in (*values, "effective")},
        ),
        columns=(
            DisplayColumn(
                "unit",
                say("Branch") if funnel.unit == "home_branch" else say("Manager"),
            ),
            DisplayColumn("raw", say("As answered"), unit),
            DisplayColumn("adjusted", say("Adjusted for customers"), unit),
            DisplayColumn("pooled", say("Best estimate"), unit),
            DisplayColumn("pooled_lower", say("Low end"), unit),
            DisplayColumn("pooled_upper", say("High end"), unit),
            DisplayColumn("qvalue", say("False-discovery q"), Unit.RATIO),
            DisplayColumn("effective", say("Effective answers"), Unit.COUNT),
        ),
        source=funnel.source,
        note=say(
            "Best estimate: pooled with all others; use it where one number is needed. "
            "The order is the distance from all in errors, not a rank."
        ),
    )
