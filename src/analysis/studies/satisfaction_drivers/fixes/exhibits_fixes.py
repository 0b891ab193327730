"""The importance-performance map, and the list of what to fix first."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_quadrants
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.exhibits_drivers import (
    release_attributes,
)
from analysis.studies.satisfaction_drivers.drivers.importance import Drivers
from analysis.studies.satisfaction_drivers.fixes.findings_fixes import order_fixes
from analysis.units import Unit
from analysis.wording import join_names, say


def chart_map(drivers: Drivers) -> Chart:
    """Draw importance against rating.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.

    Returns
    -------
    Chart
        One point an attribute, with intervals in both directions.
    """
    now = drivers.now
    fix = now.table[now.table["fix_first"] >= 50]
    named = join_names(list(fix["label"])) if len(fix) else say("no attribute")
    return Chart(
        drawing=draw_quadrants(
            release_attributes(now.table),
            label="label",
            x="performance",
            y="own",
            x_label=say("rating, 0 to 100"),
            y_label=say("importance, % of variance above the floor"),
            x_interval=("performance_lower", "performance_upper"),
            y_interval=("own_lower", "own_upper"),
            x_cut=float(now.table["performance"].mean()),
            y_cut=float(now.table["own"].mean()),
            corners=(
                say("Fix first"),
                say("Keep it up"),
                say("Low priority"),
                say("Possible overkill"),
            ),
            highlight=list(fix["label"]),
        ),
        title=say("Important and rated low: {named}", named=named),
        subtitle=say(
            "Importance against rating with intervals, {quarter}; lines are averages",
            quarter=write_quarter(now.quarter),
        ),
        source=now.source,
        nobs=now.nobs,
        alt=say(
            "A map of {total} attributes; important and rated low: {named}.",
            total=len(now.table),
            named=named,
        ),
        note=say(
            "Bars are intervals; where they cross a line, the corner is not sure."
        ),
    )


def tabulate_fixes(drivers: Drivers) -> DisplayTable | Note:
    """List what to fix, the most promising first.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.

    Returns
    -------
    DisplayTable or Note
        Attributes with a clear effect; a note when there is none.
    """
    now = drivers.now
    ordered = order_fixes(now)
    clear = ordered[ordered["is_clear"]]
    if clear.empty:
        return Note(
            say("No attribute has a clear effect, so there is no list of fixes.")
        )
    rows = clear.assign(rank=range(1, len(clear) + 1))
    columns = [
        DisplayColumn("rank", say("Rank"), Unit.COUNT),
        DisplayColumn("label", say("Attribute")),
        DisplayColumn("performance", say("Rating, 0 to 100"), Unit.SCORE, decimals=0),
        DisplayColumn("effect", say("Effect of one point"), Unit.SCORE),
        DisplayColumn("headroom", say("Room to the top"), Unit.POINTS, decimals=2),
        DisplayColumn("gain", say("Most it could give"), Unit.SCORE, shade="bar"),
        DisplayColumn("gain_lower", say("Low end"), Unit.SCORE),
        DisplayColumn("gain_upper", say("High end"), Unit.SCORE),
        DisplayColumn(
            "fix_first", say("Chance it belongs first"), Unit.PERCENT, decimals=0
        ),
    ]
    if "promoter_effect" in rows:
        promoters = DisplayColumn("promoter_effect", say("Effect on NPS"), Unit.POINTS)
        columns.insert(4, promoters)
    return DisplayTable(
        title=_name_list(rows),
        released=release_attributes(rows),
        columns=tuple(columns),
        source=now.source,
        note=say(
            "Effects are points of overall satisfaction. Most it could give: effect "
            "times room to the top of the scale. Chance it belongs first: share of "
            "resampled surveys in which it is more important and rated lower than the "
            "average attribute; attributes that surely are come first, then the gain "
            "decides. Attributes without a clear effect are left out."
        ),
    )


def _name_list(rows: pd.DataFrame) -> str:
    return say(
        "{count} attributes have a clear effect; first on the list: {label}",
        count=len(rows),
        label=rows["label"].iloc[0],
    )
