"""Charts and tables on drivers and their ranks."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, release
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.importance import (
    CANNOT_TELL,
    NOT_SURE,
    STABLE,
    Drivers,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

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
            release_attributes(rows),
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
    if rows["reliability_pct"].notna().any():
        reliability = say("Reliability")
        columns += [
            DisplayColumn("reliability_pct", reliability, Unit.PERCENT, decimals=0),
            DisplayColumn("own_answered", say("Errors kept"), Unit.PERCENT),
        ]
    if "before" in rows:
        columns.insert(4, DisplayColumn("before", say("Wave before"), Unit.PERCENT))
    return DisplayTable(
        title=say(_HOW_SURE[now.verdict]),
        released=release_attributes(rows),
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


def release_attributes(rows: pd.DataFrame) -> Released:
    """Release rows of attributes: each rests on all who answered about it.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per attribute: `answers` (a count), words and numbers.

    Returns
    -------
    Released
        Rows that may be shown.
    """
    words = {"attribute", "label", "role", "rank", "answers"}
    numbers = [str(name) for name in rows.columns if name not in words]
    return release(
        rows, count="answers", derived={name: ["answers"] for name in numbers}
    )
