"""Charts and tables on how satisfied customers are."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals, draw_lines
from analysis.presentation.disclosure import suppress_small_cells
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.satisfaction_drivers.levels import EVERYONE, Levels
from analysis.studies.satisfaction_drivers.measures import MEASURES
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    UNCERTAIN_BELOW,
)
from analysis.units import Unit, write_value
from analysis.wording import say

_LEVEL_COLUMNS = ("estimate", "lower", "upper", "change", "detectable", "effective")


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
    name, unit = MEASURES[measure]
    rows = levels.segments[levels.segments["measure"] == measure]
    total = levels.total(measure)
    rows = rows.assign(
        group=rows["group"].where(rows["group"] != "", "Bank"),
        is_uncertain=rows["status"] != "shown",
    )
    return Chart(
        drawing=draw_intervals(
            rows,
            label="segment",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit="points",
            group="group",
            reference=float(total["estimate"]),
            muted="is_uncertain",
        ),
        title=_name_range(rows, unit),
        subtitle=say(
            "{name} in points with intervals, {quarter}; the dashed line is the bank",
            name=name,
            quarter=levels.reported,
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
    cells = rows[rows["segment"] != EVERYONE]["estimate"].dropna()
    if cells.empty:
        return "No segments can be told apart"
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
    name, unit = MEASURES[measure]
    rows = levels.trend[levels.trend["measure"] == measure]
    if len(rows) < 2:
        return Note("This source has one wave only, so no trend is drawn.")
    first, last = rows.iloc[0], rows.iloc[-1]
    words = {
        "name": name,
        "before": write_value(first["estimate"], unit),
        "now": write_value(last["estimate"], unit),
        "first": str(first["quarter"]),
        "last": str(last["quarter"]),
    }
    return Chart(
        drawing=draw_lines(
            rows.assign(line=name),
            x="quarter",
            y="estimate",
            series="line",
            unit="points",
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
        note="Each wave is weighted to the customers of its own quarter.",
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
    name, unit = MEASURES[measure]
    rows = levels.segments[levels.segments["measure"] == measure]
    others = levels.segments.pivot_table(
        index=["group", "segment"], columns="measure", values="estimate", dropna=False
    )
    keys = pd.MultiIndex.from_frame(rows[["group", "segment"]])
    rows = rows.assign(
        **{
            each: others[each].reindex(keys).to_numpy()
            for each in levels.measures
            if each in others
        }
    )
    shown = _suppress(rows, [*levels.measures, *_LEVEL_COLUMNS])
    columns = (
        DisplayColumn("group", "Group"),
        DisplayColumn("segment", "Segment"),
        DisplayColumn("estimate", name, unit),
        DisplayColumn("lower", "Low end", unit),
        DisplayColumn("upper", "High end", unit),
        DisplayColumn("change", "Change", unit),
        DisplayColumn("detectable", "Detectable change", unit),
        *(
            DisplayColumn(each, MEASURES[each][0], MEASURES[each][1])
            for each in levels.measures[1:]
        ),
        DisplayColumn("nobs", "Answers", Unit.COUNT),
        DisplayColumn("effective", "Effective answers", Unit.COUNT),
    )
    return DisplayTable(
        title=say("Scores by segment in {quarter}", quarter=levels.reported),
        released=shown,
        columns=columns,
        source=levels.source,
        note=(
            "Change: since the wave before. Detectable: smallest change that two such "
            "waves would find in four of five cases. A dash: too few answers."
        ),
        total_row=True,
    )


def _suppress(rows: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """Suppress small cells group by group, so that none follows from the total."""
    total = rows[rows["segment"] == EVERYONE]
    blocks = []
    for _, block in rows[rows["segment"] != EVERYONE].groupby("group", sort=False):
        whole = pd.concat([block, total])
        kept = suppress_small_cells(whole, count="nobs", values=values, has_total=True)
        blocks.append(kept.iloc[:-1])
    return pd.concat([*blocks, total], ignore_index=True)
