"""Charts and tables on why the score changed."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_waterfall
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.score_change import ScoreChange
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import Unit, write_value
from analysis.wording import say


def chart_change(change: ScoreChange | Refused) -> Chart | Note:
    """Draw the way from the score before to the score now.

    Parameters
    ----------
    change : ScoreChange or Refused
        Parts of the change.

    Returns
    -------
    Chart or Note
        Clear parts by name, all others as one bar; a note where there is no change
        to explain.
    """
    if isinstance(change, Refused):
        return Note(say("No way to the score is drawn. {reason}", reason=change.reason))
    name, unit = name_measure(change.measure)
    rows = _list_steps(change)
    quarter = write_quarter(change.quarter)
    unclear = write_value(change.unexplained, unit, signed=True)
    return Chart(
        drawing=draw_waterfall(
            release(rows, count="nobs", derived={"amount": ["nobs"]}),
            label="step",
            value="amount",
            unit=say("points"),
            total_label=say("{name}, {quarter}", name=name, quarter=quarter),
        ),
        title=say(
            "{unclear} of the change cannot be told from chance", unclear=unclear
        ),
        subtitle=say(
            "{name} from {previous} to {quarter}, by cause",
            name=name,
            previous=write_quarter(change.previous),
            quarter=quarter,
        ),
        source=change.source,
        nobs=change.nobs,
        alt=say(
            "Bars from {before} to {now}; {unclear} in the bar of what may be chance.",
            before=write_value(change.before, unit),
            now=write_value(change.now, unit),
            unclear=unclear,
        ),
        note=say(
            "Decides whether anybody looks for causes: only parts that are clear after "
            "allowing for looking at all of them have a bar of their own."
        ),
    )


def _list_steps(change: ScoreChange) -> pd.DataFrame:
    quarter = write_quarter(change.previous)
    name = name_measure(change.measure)[0]
    first = (
        say("{name}, {quarter}", name=name, quarter=quarter),
        change.before,
        change.nobs,
    )
    clear = change.parts[change.parts["is_clear"]]
    named = zip(clear["name"], clear["estimate"], clear["nobs"], strict=True)
    rest = (say("May be chance"), change.unexplained, change.nobs)
    return pd.DataFrame([first, *named, rest], columns=["step", "amount", "nobs"])


def tabulate_change(change: ScoreChange | Refused) -> DisplayTable | Note:
    """Show every part of the change with its interval.

    Parameters
    ----------
    change : ScoreChange or Refused
        Parts of the change.

    Returns
    -------
    DisplayTable or Note
        One row a part.
    """
    if isinstance(change, Refused):
        return Note(say("No parts are listed. {reason}", reason=change.reason))
    name, unit = name_measure(change.measure)
    shown = ("estimate", "lower", "upper", "pvalue")
    rows = change.parts.assign(
        verdict=[
            say("clear") if c else say("may be chance")
            for c in change.parts["is_clear"]
        ]
    )
    return DisplayTable(
        title=say("Where the change of {name} comes from", name=name),
        released=release(
            rows[["name", *shown, "verdict", "nobs"]],
            count="nobs",
            derived={each: ["nobs"] for each in (*shown, "verdict")},
        ),
        columns=(
            DisplayColumn("name", change.group),
            DisplayColumn("estimate", say("Part of the change"), unit),
            DisplayColumn("lower", say("Low end"), unit),
            DisplayColumn("upper", say("High end"), unit),
            DisplayColumn("pvalue", say("Adjusted p-value"), Unit.RATIO),
            DisplayColumn("verdict", say("Verdict")),
            DisplayColumn("nobs", say("Answers"), Unit.COUNT),
        ),
        source=change.source,
        note=say(
            "Other customers: what their shares alone would have moved. A segment's "
            "part: its own change times its share. Parts add up to the change."
        ),
    )
