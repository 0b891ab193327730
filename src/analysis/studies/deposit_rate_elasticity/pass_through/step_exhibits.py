"""Chart and table of how stepped price lists are cut and raised."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.statistics.stepped_rates import SteppedRates
from analysis.studies.deposit_rate_elasticity.pass_through.steps import (
    AT_GAP_BP,
    WANTED_DIFFERENCE,
    LineSteps,
    RateSteps,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

PRICE_LISTS = "moves of posted rates"
"""Why no customer can be behind a chance."""


def chart_rate_steps(steps: RateSteps) -> tuple[Chart, ...]:
    """Draw the chance of a cut from above beside that of a rise from below.

    Parameters
    ----------
    steps : RateSteps
        Chances of cuts and rises.

    Returns
    -------
    tuple of Chart
        One chart, or none where no line could be measured.
    """
    found = steps.together.found
    return () if found is None else (_draw(steps, found),)


def _draw(steps: RateSteps, found: SteppedRates) -> Chart:
    rows = pd.concat([_lay_out(line) for line in steps.lines], ignore_index=True)
    cut, rise = (
        write_value(100 * float(chance), Unit.PERCENT)
        for chance in found.chances["estimate"]
    )
    return Chart(
        drawing=draw_intervals(
            release_public(rows, reason=PRICE_LISTS),
            label="label",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("Percent within a period"),
            group="side",
        ),
        title=say(
            "A price {gap} bp too high is cut within a period in {cut} of cases, one "
            "too low raised in {rise}",
            gap=write_number(AT_GAP_BP),
            cut=cut,
            rise=rise,
        ),
        subtitle=say(
            "Chance that a price moves towards its level, from {gap} bp off",
            gap=write_number(AT_GAP_BP),
        ),
        source=steps.source,
        nobs=found.nobs,
        alt=say(
            "Two dots per product and term, for cuts and rises, from {low} to {high}.",
            low=write_value(float(rows["estimate"].min()), Unit.PERCENT),
            high=write_value(float(rows["estimate"].max()), Unit.PERCENT),
        ),
        note=say(
            "Multinomial logit; errors clustered by price list and period, and "
            "wider by the error of the long run."
        ),
    )


def tabulate_rate_steps(steps: RateSteps) -> tuple[DisplayTable, ...]:
    """Show grid, chances and the test of each line, or why it is refused.

    Parameters
    ----------
    steps : RateSteps
        Chances of cuts and rises.

    Returns
    -------
    tuple of DisplayTable
        One row per line, and one for those measured together; no table where the only
        line is refused, for the finding says why.
    """
    measured = sum(line.found is not None for line in steps.lines)
    if measured == 0 and len(steps.lines) < 2:
        return ()
    return (_tabulate(steps, measured),)


def _tabulate(steps: RateSteps, measured: int) -> DisplayTable:
    shown = (steps.together, *steps.lines) if measured > 1 else steps.lines
    rows = pd.DataFrame([_describe(line) for line in shown])
    columns = (
        DisplayColumn("label", say("Product and term")),
        DisplayColumn("still_pct", say("Periods without a move"), Unit.PERCENT, 0),
        DisplayColumn("step_bp", say("Grid"), Unit.BASIS_POINTS),
        DisplayColumn("cut", say("Cut"), Unit.PERCENT),
        DisplayColumn("rise", say("Raised"), Unit.PERCENT),
        DisplayColumn("pvalue", say("Alike, p")),
        DisplayColumn("power", say("Power"), Unit.PERCENT, 0),
        DisplayColumn("nobs", say("List-periods"), Unit.COUNT),
        DisplayColumn("reason", say("Why refused")),
    )
    refused = (rows["reason"] != "").any()
    return DisplayTable(
        title=say(
            "{measured} of {lines} series move in steps that can be measured",
            measured=write_number(measured),
            lines=write_number(len(steps.lines)),
        ),
        released=release_public(
            rows.assign(pvalue=rows["pvalue"].map(write_pvalue)), reason=PRICE_LISTS
        ),
        columns=columns if refused else columns[:-1],
        source=steps.source,
        note=say(
            "Cut and raised: chance within a period for a price {gap} bp above or "
            "below its level. Power: chance that a difference of {difference} points "
            "would be found. The published case (Hannan and Berger, 1991) is 62% "
            "against 39% at 29 bp.",
            gap=write_number(AT_GAP_BP),
            difference=write_number(100 * WANTED_DIFFERENCE),
        ),
    )


def _lay_out(line: LineSteps) -> pd.DataFrame:
    if line.found is None:
        return pd.DataFrame()
    sides = {"down": say("Cut from above"), "up": say("Raised from below")}
    chances = line.found.chances
    numbers = {name: 100 * chances[name] for name in ("estimate", "lower", "upper")}
    side = chances["outcome"].map(sides)
    return pd.DataFrame({"label": line.label, "side": side, **numbers})


def _describe(line: LineSteps) -> dict[str, object]:
    numbers = dict.fromkeys(("cut", "rise", "pvalue", "power"), math.nan)
    if line.found is not None:
        cut, rise = line.found.chances["estimate"]
        numbers = {
            "cut": 100 * cut,
            "rise": 100 * rise,
            "pvalue": line.found.pvalue if line.is_two_way else math.nan,
            "power": 100 * line.found.power if line.is_two_way else math.nan,
        }
    return {
        "label": line.label,
        "still_pct": 100 * line.grid.still_share,
        "step_bp": line.grid.step or math.nan,
        **numbers,
        "nobs": line.grid.nobs,
        "reason": line.reason,
    }
