"""Charts and tables on who answered, who did not, and what weighting did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.disclosure import MINIMUM_CELL, release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.statistics.survey_means import estimate_mean
from analysis.statistics.survey_weights import RakedWeights, trim_weights
from analysis.studies.satisfaction_drivers.answers.people import (
    CHARACTERISTICS,
    write_category,
)
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    FEWEST_RESPONDENTS,
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.levels.measures import name_measure, score
from analysis.studies.satisfaction_drivers.silence.findings_answers import NO_FRAME
from analysis.units import Unit, write_number
from analysis.wording import mark, say

_MARGINS_SHOWN = 12
_LEAST_OFF_PCT = 0.01
_SILENCE = (
    mark("Silence has nothing to do with satisfaction"),
    mark("Unhappy customers answer somewhat less often"),
    mark("Unhappy customers answer much less often"),
)


def chart_funnel(weighted: WeightedSurvey, levels: Levels) -> Chart | Note:
    """Draw how many customers are left at each step, from invited to kept.

    Parameters
    ----------
    weighted : WeightedSurvey
        Screened, weighted waves.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    Chart or Note
        One bar a step; a note when no step lost more than a few customers.
    """
    wave = weighted.reported
    rows = _list_steps(wave)
    kept = int(rows["customers"].iloc[-1])
    if len(rows) < 2:
        return Note(
            say(
                "{kept} answers can be used; fewer than {least} were left out.",
                kept=write_number(kept),
                least=MINIMUM_CELL,
            )
        )
    return Chart(
        drawing=draw_bars(
            release(rows, count="customers"),
            label="step",
            value="customers",
            unit=say("customers"),
            highlight=str(rows["step"].iloc[-1]),
        ),
        title=say("{kept} answers can be used", kept=write_number(kept)),
        subtitle=say(
            "Customers at each step, {quarter}", quarter=write_quarter(wave.quarter)
        ),
        source=levels.source,
        nobs=kept,
        alt=say(
            "Bars falling from {first} to {kept} customers in {steps} steps.",
            first=write_number(rows["customers"].iloc[0]),
            kept=write_number(kept),
            steps=len(rows),
        ),
        note=_describe_screening(wave),
    )


def _list_steps(wave: WeightedWave) -> pd.DataFrame:
    """List the steps; one that loses a few customers to the next shown is left out."""
    last, *earlier = reversed(wave.funnel.items())
    shown = [last]
    for step, count in earlier:
        if not 0 < count - shown[-1][1] < MINIMUM_CELL:
            shown.append((step, count))
    rows = [(say(step), count) for step, count in reversed(shown)]
    return pd.DataFrame(rows, columns=["step", "customers"])


def _describe_screening(wave: WeightedWave) -> str:
    if min(wave.straight, wave.fast) < MINIMUM_CELL:
        return say(
            "Who gave the same answer throughout and was much faster than usual is "
            "left out."
        )
    return say(
        "{straight} gave the same answer throughout and {fast} were much faster than "
        "usual; who did both is left out.",
        straight=write_number(wave.straight),
        fast=write_number(wave.fast),
    )


def tabulate_weighting(
    survey: Survey, weighted: WeightedSurvey, levels: Levels
) -> tuple[DisplayTable | Note, ...]:
    """Show what weighting changed, and what it cost.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Screened, weighted waves.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    tuple of DisplayTable or Note
        Diagnostics, errors under three views of the weights, and the categories that
        moved most; a note without a frame.
    """
    wave = weighted.reported
    if wave.raked is None:
        return (Note(say(NO_FRAME)),)
    facts = [
        (say("Answers kept"), write_number(len(wave.weights))),
        (say("Worth as many equally weighted answers"), write_number(wave.effective)),
        (say("Design effect (Kish)"), write_number(wave.design_effect, decimals=3)),
        (say("Largest over smallest weight"), write_number(wave.spread, decimals=1)),
        (say("Rounds of raking"), write_number(wave.raked.rounds)),
        (say("Category farthest from its true size is off by"), _write_off(wave.raked)),
    ]
    rows = pd.DataFrame(facts, columns=["what", "value"])
    rows = rows.assign(answers=len(wave.weights))
    cost = DisplayTable(
        title=say("What the weights cost"),
        released=release(rows, count="answers", derived={"value": ["answers"]}),
        columns=(
            DisplayColumn("what", say("What")),
            DisplayColumn("value", say("Value")),
        ),
        source=levels.source,
    )
    errors = _tabulate_errors(survey, wave, levels)
    return cost, errors, _tabulate_margins(wave.raked.margins, levels.source)


def _tabulate_errors(
    survey: Survey, wave: WeightedWave, levels: Levels
) -> DisplayTable:
    """Show the headline score and its error, by what is known of the weights."""
    measure = levels.measures[0]
    name, unit = name_measure(measure)
    answers = score(survey, wave, measure)
    trimmed = trim_weights(wave.weights)
    found = {
        say("Not weighted"): estimate_mean(answers, np.ones(len(answers))),
        say("Weighted, weights taken as given"): estimate_mean(answers, wave.weights),
        say("Weighted, raking allowed for (used)"): estimate_mean(
            answers, wave.weights, margins=wave.margins
        ),
        say("Weights cut at three medians"): estimate_mean(
            answers, trimmed, margins=wave.margins
        ),
    }
    rows = pd.DataFrame(
        {
            "weights": list(found),
            "estimate": [each.estimate for each in found.values()],
            "std_error": [
                write_number(each.std_error, decimals=2) for each in found.values()
            ],
            "effective": [each.effective_nobs for each in found.values()],
            "nobs": [each.nobs for each in found.values()],
        }
    )
    values = ("estimate", "std_error", "effective")
    return DisplayTable(
        title=say("{name} and its error by treatment of the weights", name=name),
        released=release(rows, count="nobs", derived={v: ["nobs"] for v in values}),
        columns=(
            DisplayColumn("weights", say("Weights")),
            DisplayColumn("estimate", name, unit),
            DisplayColumn("std_error", say("Standard error")),
            DisplayColumn("effective", say("Effective answers"), Unit.COUNT),
        ),
        source=levels.source,
        note=say(
            "Taken as given, the error misses that raking fixes the shares of groups. "
            "Cut weights no longer meet the margins; they show what large weights do."
        ),
    )


def _write_off(raked: RakedWeights) -> str:
    off = 100 * raked.discrepancy
    if off < _LEAST_OFF_PCT:
        least = write_number(_LEAST_OFF_PCT, decimals=2)
        return say("under {least}%", least=least)
    return say("{number}%", number=write_number(off, decimals=2))


def _tabulate_margins(margins: pd.DataFrame, source: str) -> DisplayTable:
    moved = (margins["after_pct"] - margins["before_pct"]).abs()
    order = moved.sort_values(ascending=False, kind="stable").index
    shown = margins.loc[order[:_MARGINS_SHOWN]].sort_index()
    shares = ("before_pct", "after_pct", "population_pct")
    return DisplayTable(
        title=say(
            "The {shown} of {total} categories that weighting moved most",
            shown=len(shown),
            total=len(margins),
        ),
        released=release(
            shown.assign(
                margin=[say(CHARACTERISTICS[name]) for name in shown["margin"]],
                category=[write_category(str(name)) for name in shown["category"]],
            ),
            count="respondents",
            derived={name: ["respondents"] for name in shares},
        ),
        columns=(
            DisplayColumn("margin", say("Margin")),
            DisplayColumn("category", say("Category")),
            DisplayColumn("respondents", say("Answers"), Unit.COUNT),
            DisplayColumn("before_pct", say("Before weighting"), Unit.PERCENT),
            DisplayColumn("after_pct", say("After weighting"), Unit.PERCENT),
            DisplayColumn("population_pct", say("All customers"), Unit.PERCENT),
        ),
        source=source,
        note=say(
            "Categories with fewer than {fewest} answers are weighted together.",
            fewest=FEWEST_RESPONDENTS,
        ),
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
    name, unit = name_measure(levels.measures[0])
    rows = levels.nonresponse.assign(
        assumption=[say(words) for words in _SILENCE],
        answers=int(levels.total(levels.measures[0])["nobs"]),
    )
    columns = (
        DisplayColumn("assumption", say("If")),
        DisplayColumn("slope", say("Log-odds of answering per deviation"), Unit.RATIO),
        DisplayColumn("estimate", name, unit),
    )
    return DisplayTable(
        title=say("{name} under three views of those who kept silent", name=name),
        released=release(rows, count="answers", derived={"estimate": ["answers"]}),
        columns=columns,
        source=levels.source,
        note=say("Deviation: one standard deviation of overall satisfaction."),
    )
