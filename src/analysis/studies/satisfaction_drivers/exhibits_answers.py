"""Charts and tables on who answered, who did not, and what weighting did."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.satisfaction_drivers.findings_answers import NO_FRAME
from analysis.studies.satisfaction_drivers.levels import Levels
from analysis.studies.satisfaction_drivers.measures import MEASURES
from analysis.studies.satisfaction_drivers.survey import CHARACTERISTICS
from analysis.studies.satisfaction_drivers.weighting import WeightedSurvey
from analysis.units import Unit, write_number
from analysis.wording import say

_MARGINS_SHOWN = 12


def chart_funnel(weighted: WeightedSurvey, levels: Levels) -> Chart:
    """Draw how many customers are left at each step, from invited to kept.

    Parameters
    ----------
    weighted : WeightedSurvey
        Screened, weighted waves.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    Chart
        One bar a step.
    """
    wave = weighted.reported
    rows = pd.DataFrame(
        {"step": list(wave.funnel), "customers": list(wave.funnel.values())}
    )
    kept = int(rows["customers"].iloc[-1])
    return Chart(
        drawing=draw_bars(
            rows,
            label="step",
            value="customers",
            unit="customers",
            highlight=str(rows["step"].iloc[-1]),
        ),
        title=say("{kept} answers can be used", kept=write_number(kept)),
        subtitle=say("Customers at each step, {quarter}", quarter=wave.quarter),
        source=levels.source,
        nobs=kept,
        alt=say(
            "Bars falling from {first} to {kept} customers in {steps} steps.",
            first=write_number(rows["customers"].iloc[0]),
            kept=write_number(kept),
            steps=len(rows),
        ),
        note=say(
            "{straight} gave the same answer throughout and {fast} were much faster "
            "than usual; who did both is left out.",
            straight=write_number(wave.straight),
            fast=write_number(wave.fast),
        ),
    )


def tabulate_weighting(
    weighted: WeightedSurvey, levels: Levels
) -> tuple[DisplayTable | Note, ...]:
    """Show what weighting changed, and what it cost.

    Parameters
    ----------
    weighted : WeightedSurvey
        Screened, weighted waves.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    tuple of DisplayTable or Note
        Diagnostics, and the categories that moved most; a note without a frame.
    """
    wave = weighted.reported
    if wave.raked is None:
        return (Note(NO_FRAME),)
    facts = [
        ("Answers kept", write_number(len(wave.weights))),
        ("Worth as many equally weighted answers", write_number(wave.effective)),
        ("Design effect (Kish)", write_number(wave.design_effect, decimals=3)),
        ("Largest over smallest weight", write_number(wave.spread, decimals=1)),
        ("Rounds of raking", write_number(wave.raked.rounds)),
        ("Largest margin left off, share", f"{wave.raked.discrepancy:.0e}"),
    ]
    cost = DisplayTable(
        title="What the weights cost",
        released=pd.DataFrame(facts, columns=["what", "value"]),
        columns=(DisplayColumn("what", "What"), DisplayColumn("value", "Value")),
        source=levels.source,
    )
    return cost, _tabulate_margins(wave.raked.margins, levels.source)


def _tabulate_margins(margins: pd.DataFrame, source: str) -> DisplayTable:
    moved = (margins["after_pct"] - margins["before_pct"]).abs()
    order = moved.sort_values(ascending=False, kind="stable").index
    shown = margins.loc[order[:_MARGINS_SHOWN]].sort_index()
    return DisplayTable(
        title=say(
            "The {shown} of {total} categories that weighting moved most",
            shown=len(shown),
            total=len(margins),
        ),
        released=shown.assign(margin=shown["margin"].map(CHARACTERISTICS)),
        columns=(
            DisplayColumn("margin", "Margin"),
            DisplayColumn("category", "Category"),
            DisplayColumn("respondents", "Answers", Unit.COUNT),
            DisplayColumn("before_pct", "Before", Unit.PERCENT),
            DisplayColumn("after_pct", "After", Unit.PERCENT),
            DisplayColumn("population_pct", "All customers", Unit.PERCENT),
        ),
        source=source,
        note="Categories with fewer than 20 answers are weighted together.",
    )


def tabulate_nonresponse(levels: Levels) -> DisplayTable:
    """Show the score under assumptions on who keeps silent.

    Parameters
    ----------
    levels : Levels
        Score by assumed readiness to answer.

    Returns
    -------
    DisplayTable
        One row an assumption.
    """
    name, unit = MEASURES[levels.measures[0]]
    rows = levels.nonresponse.assign(
        assumption=[
            "Silence has nothing to do with satisfaction",
            "Unhappy customers answer somewhat less often",
            "Unhappy customers answer much less often",
        ]
    )
    columns = (
        DisplayColumn("assumption", "If"),
        DisplayColumn("slope", "Log-odds of answering per deviation", Unit.RATIO),
        DisplayColumn("estimate", name, unit),
    )
    return DisplayTable(
        title=say("{name} under three views of those who kept silent", name=name),
        released=rows,
        columns=columns,
        source=levels.source,
        note="Deviation: one standard deviation of overall satisfaction.",
    )
