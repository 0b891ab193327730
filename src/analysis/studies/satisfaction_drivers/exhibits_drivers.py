"""Charts and tables on drivers, their ranks, and what to fix first."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals, draw_quadrants
from analysis.presentation.disclosure import Released, release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.findings_fixes import order_fixes
from analysis.studies.satisfaction_drivers.importance import (
    CANNOT_TELL,
    NOT_SURE,
    STABLE,
    Drivers,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import join_names, mark, say

_HOW_SURE = {
    STABLE: mark("The first rank is stable"),
    NOT_SURE: mark("The first rank is not sure"),
    CANNOT_TELL: mark("The first rank cannot be told"),
}


def chart_importance(drivers: Drivers) -> Chart:
    """Draw what each attribute is credited with beside its floor.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.

    Returns
    -------
    Chart
        Own share of each attribute with its interval; zero is the floor.
    """
    now, leader = drivers.now, drivers.now.leader
    rows = now.table.assign(is_idle=now.table["own_lower"] <= 0)
    return Chart(
        drawing=draw_intervals(
            _release(rows),
            label="label",
            estimate="own",
            lower="own_lower",
            upper="own_upper",
            unit=say("% of the variance of satisfaction"),
            reference=0.0,
            muted="is_idle",
        ),
        title=say(
            "Largest share of its own: {label}",
            label=leader["label"],
        ),
        subtitle=say(
            "Share of the variance of satisfaction above the floor, {quarter}",
            quarter=write_quarter(now.quarter),
        ),
        source=now.source,
        nobs=now.nobs,
        alt=say(
            "Dots with intervals falling from {largest} for {first} to {smallest} for "
            "{last}; {idle} of {total} intervals reach zero.",
            largest=write_value(leader["own"], Unit.PERCENT),
            first=leader["label"],
            smallest=write_value(rows["own"].iloc[-1], Unit.PERCENT),
            last=rows["label"].iloc[-1],
            idle=int(rows["is_idle"].sum()),
            total=len(rows),
        ),
        note=say(
            "The floor is what an attribute would be credited with if it had no effect "
            "at all, because it goes along with others. Grey: the interval reaches the "
            "floor, so importance cannot be told. Below zero: no effect of its own is "
            "left."
        ),
    )


def tabulate_ranks(drivers: Drivers) -> DisplayTable:
    """Show how sure the ranking is.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported and the one before.

    Returns
    -------
    DisplayTable
        One row an attribute, with its floor and chances of rank.
    """
    now = drivers.now
    rows = now.table
    if drivers.before is not None:
        earlier = drivers.before.table.set_index("attribute")["own"]
        rows = rows.assign(before=rows["attribute"].map(earlier))
    columns = [
        DisplayColumn("label", say("Attribute")),
        DisplayColumn("lmg", say("Credited share"), Unit.PERCENT),
        DisplayColumn("floor", say("Floor"), Unit.PERCENT),
        DisplayColumn("own", say("Own share"), Unit.PERCENT, shade="bar"),
        DisplayColumn("first", say("Chance of rank 1"), Unit.PERCENT, decimals=0),
        DisplayColumn("top_3", say("Chance of top 3"), Unit.PERCENT, decimals=0),
        DisplayColumn("listwise", say("Complete answers only"), Unit.PERCENT),
        DisplayColumn("answered_pct", say("Answered by"), Unit.PERCENT, decimals=0),
    ]
    if "before" in rows:
        columns.insert(4, DisplayColumn("before", say("Wave before"), Unit.PERCENT))
    return DisplayTable(
        title=say(_HOW_SURE[now.verdict]),
        released=_release(rows),
        columns=tuple(columns),
        source=now.source,
        note=say(
            "Shares are of the variance of satisfaction. {complete} of {nobs} answered "
            "everything; the main estimate uses all answers, as if who does not use a "
            "channel were like its users with the same other answers.",
            complete=write_number(now.complete),
            nobs=write_number(now.nobs),
        ),
    )


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
            _release(now.table),
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
        released=_release(rows),
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


def _release(rows: pd.DataFrame) -> Released:
    """Release rows of attributes: each rests on all who answered about it."""
    words = {"attribute", "label", "role", "rank", "answers"}
    numbers = [str(name) for name in rows.columns if name not in words]
    return release(
        rows, count="answers", derived={name: ["answers"] for name in numbers}
    )
