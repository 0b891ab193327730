"""Charts and tables on how satisfied customers are."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals, draw_lines
from analysis.presentation.disclosure import Released, release, stack
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.segment_cells import EVERYONE
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    UNCERTAIN_BELOW,
)
from analysis.units import Unit, write_value
from analysis.wording import say

_LEVEL_COLUMNS = (
    "estimate",
    "lower",
    "upper",
    "change",
    "detectable",
    "effective",
    "design_effect",
)


def chart_segments(levels: Levels) -> Chart:
    """Draw the headline score of each segment with its interval.

    Parameters
    ----------
    levels : Levels
        Scores by segment.

    Returns
    -------
    Chart
        One row a segment; the bank's score is the dashed line.
    """
    measure = levels.measures[0]
    name, unit = name_measure(measure)
    rows = levels.segments[levels.segments["measure"] == measure]
    total = levels.total(measure)
    released = _release(rows.assign(is_uncertain=rows["status"] != "shown"), levels)
    return Chart(
        drawing=draw_intervals(
            released,
            label="segment",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("points"),
            group="group",
            reference=float(total["estimate"]),
            reference_label=say(
                "The bank: {total}", total=write_value(total["estimate"], unit)
            ),
            muted="is_uncertain",
        ),
        title=_name_range(rows, unit),
        subtitle=say(
            "{name} in points with intervals, {quarter}",
            name=name,
            quarter=write_quarter(levels.reported),
        ),
        source=levels.source,
        nobs=int(total["nobs"]),
        alt=say(
            "Dots with intervals for {cells} segments around {total} for the bank.",
            cells=len(rows) - 1,
            total=write_value(total["estimate"], unit),
        ),
        note=say(
            "Grey: worth fewer than {grey} answers. Segments worth fewer than {least} "
            "are shown together.",
            grey=UNCERTAIN_BELOW,
            least=SUPPRESSED_BELOW,
        ),
    )


def _name_range(rows: pd.DataFrame, unit: Unit) -> str:
    cells = rows[rows["group"] != EVERYONE]["estimate"].dropna()
    if cells.empty:
        return say("No segments can be told apart")
    return say(
        "Segments range from {lowest} to {highest}",
        lowest=write_value(cells.min(), unit),
        highest=write_value(cells.max(), unit),
    )


def chart_trend(levels: Levels) -> Chart | Note:
    """Draw the headline score over the waves.

    Parameters
    ----------
    levels : Levels
        Scores over time.

    Returns
    -------
    Chart or Note
        A line with its interval; a note when there is one wave only.
    """
    measure = levels.measures[0]
    name, unit = name_measure(measure)
    rows = levels.trend[levels.trend["measure"] == measure]
    if len(rows) < 2:
        return Note(say("This source has one wave only, so no trend is drawn."))
    first, last = rows.iloc[0], rows.iloc[-1]
    words = {
        "name": name,
        "before": write_value(first["estimate"], unit),
        "now": write_value(last["estimate"], unit),
        "first": write_quarter(first["quarter"]),
        "last": write_quarter(last["quarter"]),
    }
    return Chart(
        drawing=draw_lines(
            release(
                rows.assign(line=name),
                count="nobs",
                derived={each: ["nobs"] for each in ("estimate", "lower", "upper")},
            ),
            x="quarter",
            y="estimate",
            series="line",
            unit=say("points"),
            band=("lower", "upper"),
            zero=measure == "net_promoter",
        ),
        title=say("{name} from {first} to {last}: {before} to {now}", **words),
        subtitle=say(
            "{name} of {people}, with intervals", name=name, people=levels.people
        ),
        source=levels.source,
        nobs=int(rows["nobs"].sum()),
        alt=say(
            "{name} as a line from {before} in {first} to {now} in {last}.", **words
        ),
        note=say("Each wave is weighted to the customers of its own quarter."),
    )


def tabulate_levels(levels: Levels) -> DisplayTable:
    """Show scores, changes and what could have been detected, by segment.

    Parameters
    ----------
    levels : Levels
        Scores by segment.

    Returns
    -------
    DisplayTable
        One row a segment, all customers last.
    """
    measure = levels.measures[0]
    name, unit = name_measure(measure)
    rows = levels.segments[levels.segments["measure"] == measure]
    others = levels.segments.pivot_table(
        index=["group", "segment"], columns="measure", values="estimate", dropna=False
    )
    keys = pd.MultiIndex.from_frame(rows[["group", "segment"]])
    rows = rows.assign(
        design_effect=rows["nobs"] / rows["effective"].where(rows["effective"] > 0),
        **{
            each: others[each].reindex(keys).to_numpy()
            for each in levels.measures
            if each in others
        },
    )
    columns = (
        DisplayColumn("group", say("Group")),
        DisplayColumn("segment", say("Segment")),
        DisplayColumn("estimate", name, unit),
        DisplayColumn("lower", say("Low end"), unit),
        DisplayColumn("upper", say("High end"), unit),
        DisplayColumn("change", say("Change"), unit),
        DisplayColumn("detectable", say("Detectable change"), unit),
        *(DisplayColumn(each, *name_measure(each)) for each in levels.measures[1:]),
        DisplayColumn("nobs", say("Answers"), Unit.COUNT),
        DisplayColumn("effective", say("Effective answers"), Unit.COUNT),
        DisplayColumn("design_effect", say("Design effect (Kish)"), Unit.RATIO),
    )
    quarter = write_quarter(levels.reported)
    return DisplayTable(
        title=say("Scores by segment in {quarter}", quarter=quarter),
        released=_put_total_last(_release(rows, levels)),
        columns=columns,
        source=levels.source,
        note=say(
            "Change: since the wave before. Detectable: smallest change that two such "
            "waves would find in four of five cases. A dash: too few answers. Decides "
            "which segment's managers are asked, and which are left in peace."
        ),
        total_row=True,
    )


def _release(rows: pd.DataFrame, levels: Levels) -> Released:
    """Release each group with the total, so that no segment follows from the others.

    The total comes first, hidden if any group has to hide it.
    """
    values = [each for each in (*levels.measures, *_LEVEL_COLUMNS) if each in rows]
    linked = {name: ["nobs"] for name in values}
    everyone = rows[rows["group"] == EVERYONE].assign(group=say("Bank"))
    alone = release(everyone, count="nobs", derived=linked)
    totals, blocks = [], []
    for _, block in rows[rows["group"] != EVERYONE].groupby("group", sort=False):
        whole = pd.concat([block, everyone], ignore_index=True)
        kept = release(whole, count="nobs", derived=linked, has_total=True)
        is_total = [*[False] * len(block), True]
        totals.append(kept.keep(is_total))
        blocks.append(kept.keep([not last for last in is_total]))
    total = max(totals, key=lambda kept: kept.n_hidden, default=alone)
    return stack([total, *blocks])


def _put_total_last(released: Released) -> Released:
    is_total = [True, *[False] * (len(released.rows) - 1)]
    others = released.keep([not first for first in is_total])
    return stack([others, released.keep(is_total)])
