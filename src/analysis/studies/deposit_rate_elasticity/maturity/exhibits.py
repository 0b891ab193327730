"""The maturity wall as chart and table, and whom to call before it comes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.data.sources import Tables
from analysis.presentation.action_lists import ActionList
from analysis.presentation.charts import Chart, draw_stacked_bars
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.maturity.renewals import Renewals
from analysis.studies.deposit_rate_elasticity.maturity.wall import (
    NEXT_MONTHS,
    MaturityWall,
    list_maturing,
)
from analysis.studies.deposit_rate_elasticity.maturity.wall_release import (
    PARTS,
    release_months,
    release_wall_lines,
)
from analysis.units import Unit, write_currency, write_money, write_value
from analysis.wording import say

LONGEST_LIST = 200
"""Customers on the list: as many as advisers can call within a quarter."""
Nothing = tuple[()]
"""What a step gives where the finding has said why there is nothing to show."""


def chart_maturity_wall(
    wall: MaturityWall, renewals: Renewals
) -> Chart | Note | Nothing:
    """Draw what matures in each month, split by the usual renewal.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.
    renewals : Renewals
        Usual renewal.

    Returns
    -------
    Chart or Note, or nothing where nothing matures
        A note where every month is hidden.
    """
    if wall.total.empty:
        return ()
    kept_pct = read_usual(renewals).get("kept_pct", float("nan"))
    released = release_months(wall, kept_pct)
    months = released.keep([not total for total in released.totals])
    shown = months.rows[~months.rows["balance"].map(is_suppressed)]
    if shown.empty:
        return Note(say("Every month of the maturity wall is hidden."))
    peak = shown.sort_values("balance", ascending=False).iloc[0]
    amount = write_money(float(peak["balance"]), wall.currency)
    return Chart(
        drawing=draw_stacked_bars(
            months,
            label="label",
            parts=_name_parts(kept_pct),
            unit=write_currency(wall.currency),
        ),
        title=say(
            "Of the months shown most matures in {month}: {amount}",
            month=peak["label"],
            amount=amount,
        ),
        subtitle=say(
            "Term deposits by month of maturity, balance at the quarter's end"
        ),
        source=wall.source,
        nobs=int(wall.total["contracts"].sum()),
        alt=say(
            "One bar per month for twelve months; the longest is {month} with "
            "{amount}.",
            month=peak["label"],
            amount=amount,
        ),
        note=_explain_parts(kept_pct),
    )


def tabulate_maturity_wall(
    wall: MaturityWall, renewals: Renewals
) -> DisplayTable | Nothing:
    """Show what matures by line, the rate gap that waits, and the usual renewal.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.
    renewals : Renewals
        Usual renewal by line.

    Returns
    -------
    DisplayTable, or nothing where nothing matures
        One row per line and a total.
    """
    if wall.total.empty:
        return ()
    released = release_wall_lines(wall, renewals)
    columns = (
        DisplayColumn("label", say("Product and term")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        DisplayColumn(
            "balance",
            say("Matures"),
            decimals=0,
            unit_label=write_currency(wall.currency),
        ),
        DisplayColumn("old_pct", say("Paid now"), Unit.PERCENT, decimals=2),
        DisplayColumn("own_pct", say("Posted"), Unit.PERCENT, decimals=2),
        DisplayColumn("old_gap_bp", say("Less paid"), Unit.BASIS_POINTS),
        DisplayColumn("competitor_gap_bp", say("Less competitor"), Unit.BASIS_POINTS),
        DisplayColumn("renewed", say("Contracts renewed")),
        DisplayColumn("kept", say("Money renewed")),
    )
    worse = int((wall.lines["old_gap_bp"] <= -0.5).sum())
    return DisplayTable(
        title=say(
            "Lines that mature to a lower rate than they pay now: {worse} of {lines}",
            worse=worse,
            lines=len(wall.lines),
        ),
        released=released,
        columns=columns,
        source=wall.source,
        total_row=any(released.totals),
        note=say(
            "Twelve months ahead. Posted less what maturing contracts pay, weighted by "
            "balance, and less the middle competitor. Renewed: share over the history "
            "with its 95% interval, clustered by pricing cell; a dash where too few "
            "matured. Money renewed counts at most what matured."
        ),
    )


def list_largest_maturing(tables: Tables, wall: MaturityWall) -> ActionList | Nothing:
    """List the largest depositors whose money matures in the next quarter.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    wall : MaturityWall
        What matures within a year.

    Returns
    -------
    ActionList, or nothing where nothing matures
        Largest amounts first, with the month in which the first of it matures.
    """
    if wall.next_quarter.empty:
        return ()
    ahead = list_maturing(tables, wall.quarter)
    soon = ahead.filter(ahead["months"] <= NEXT_MONTHS)
    summed = soon.group_by("customer_id").agg(
        amount=soon["balance"].sum().round(2), months=soon["months"].min()
    )
    largest = summed.order_by([summed["amount"].desc(), summed["customer_id"]])
    rows: pd.DataFrame = largest.limit(LONGEST_LIST).to_pandas()
    ends = wall.months.set_index("months")["month"].dt.strftime("%Y-%m")
    return ActionList(
        key="largest_maturing",
        title=say(
            "The largest deposits that mature in the quarter after {q}",
            q=write_quarter(wall.quarter),
        ),
        rows=rows.assign(month=rows["months"].map(ends)),
        columns=(
            DisplayColumn("month", say("Matures from")),
            DisplayColumn(
                "amount",
                say("Amount"),
                decimals=0,
                unit_label=write_currency(wall.currency),
            ),
        ),
        source=wall.source,
        quarter=str(wall.quarter),
        n=len(rows),
    )


def read_usual(renewals: Renewals) -> dict[str, Any]:
    """Give the usual renewal of all lines together.

    Parameters
    ----------
    renewals : Renewals
        Usual renewal.

    Returns
    -------
    dict of str to float
        The numbers of `Renewals.lines`; without shares when too few matured.
    """
    whole = renewals.lines[renewals.lines["product"] == ""].iloc[0]
    return {str(name): value for name, value in whole.dropna().items()}


def _name_parts(kept_pct: float) -> dict[str, str]:
    if pd.isna(kept_pct):
        return {"balance": say("Matures")}
    kept, gone = PARTS
    return {kept: say("Renewed at the usual rate"), gone: say("To be won again")}


def _explain_parts(kept_pct: float) -> str:
    if pd.isna(kept_pct):
        return ""
    return say(
        "The usual rate is the share of matured money renewed over the history, "
        "{share}; no month has a rate of its own.",
        share=write_value(kept_pct, Unit.PERCENT),
    )
