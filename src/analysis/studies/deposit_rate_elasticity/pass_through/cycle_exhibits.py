"""Chart and table of how much of each policy cycle reached posted rates."""

from __future__ import annotations

import math

from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.statistics.cumulative_beta import AMERICAN_RETAIL
from analysis.studies.deposit_rate_elasticity.pass_through.cycle_findings import (
    write_contrast,
)
from analysis.studies.deposit_rate_elasticity.pass_through.cycles import (
    PolicyCycles,
    write_month,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_rate
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

PRICES = "posted rates and the policy rate"
"""Why no customer can be behind a beta."""


def chart_policy_cycles(found: PolicyCycles) -> Chart | Note:
    """Draw the cumulative beta of each cycle.

    Parameters
    ----------
    found : PolicyCycles
        Betas by cycle.

    Returns
    -------
    Chart or Note
        A note when the policy rate hardly moved.
    """
    cycles = found.cycles
    if cycles.empty:
        return Note(say("The policy rate did not turn, so no cycle is drawn."))
    ends = {"lower": "lower", "upper": "upper"} if found.is_sampled else {}
    return Chart(
        drawing=draw_bars(
            release_public(
                cycles[["label", "estimate", *ends]],
                reason=PRICES,
            ),
            label="label",
            value="estimate",
            unit=say("Percent of the policy move"),
            highlight=str(cycles["label"].iloc[-1]),
            **ends,
        ),
        title=_write_title(found),
        subtitle=say("Change of posted rates over change of the policy rate, by cycle"),
        source=found.source,
        nobs=int(cycles["units"].max()),
        alt=say(
            "One bar per cycle of the policy rate, {cycles} in all, from {low} to "
            "{high}.",
            cycles=write_number(len(cycles)),
            low=write_value(float(cycles["estimate"].min()), Unit.PERCENT),
            high=write_value(float(cycles["estimate"].max()), Unit.PERCENT),
        ),
        note=_explain_sample(found),
    )


def tabulate_policy_cycles(found: PolicyCycles) -> DisplayTable | Note:
    """Show moves, dates and betas of each cycle.

    Parameters
    ----------
    found : PolicyCycles
        Betas by cycle.

    Returns
    -------
    DisplayTable or Note
        One row per cycle.
    """
    cycles = found.cycles
    if cycles.empty:
        return Note(say("The policy rate did not turn, so no cycle is listed."))
    columns = [
        DisplayColumn("label", say("Cycle")),
        DisplayColumn("moves", say("Moves"), Unit.COUNT),
        DisplayColumn("months", say("Months"), Unit.COUNT),
        DisplayColumn("estimate", say("Passed on"), Unit.PERCENT),
    ]
    if found.is_sampled:
        columns += [
            DisplayColumn("lower", say("From"), Unit.PERCENT),
            DisplayColumn("upper", say("To"), Unit.PERCENT),
            DisplayColumn("units", say("Price lists"), Unit.COUNT),
        ]
    elif cycles["lowest"].notna().any():
        columns += [
            DisplayColumn("lowest_label", say("Slowest line")),
            DisplayColumn("lowest", say("Passed on there"), Unit.PERCENT),
            DisplayColumn("highest_label", say("Fastest line")),
            DisplayColumn("highest", say("Passed on there"), Unit.PERCENT),
        ]
    return DisplayTable(
        title=say(
            "The policy rate went through {cycles} cycles",
            cycles=write_number(len(cycles)),
        )
        if len(cycles) > 1
        else say("The policy rate went through one cycle"),
        released=release_public(cycles, reason=PRICES),
        columns=tuple(columns),
        source=found.source,
        note=_explain_table(found),
    )


def _write_title(found: PolicyCycles) -> str:
    ranked = found.cycles.sort_values("estimate")
    if len(ranked) == 1:
        return write_contrast(found)
    return say(
        "The cycle from {most} on was passed on most, that from {least} on least",
        most=write_month(ranked["start"].iloc[-1]),
        least=write_month(ranked["start"].iloc[0]),
    )


def _explain_sample(found: PolicyCycles) -> str:
    if found.is_sampled:
        return say(
            "Means over price lists known at both ends of a cycle; the last cycle may "
            "go on."
        )
    return say(
        "Weighted by the quarter's balances. Facts of the price list, so without "
        "interval; the last cycle may go on."
    )


def _explain_table(found: PolicyCycles) -> str:
    known = say(
        "A cycle lasts from one turn of the policy rate to the next, so that late "
        "changes of posted rates count. The first may have begun before the history."
    )
    if math.isnan(found.policy_pct):
        return known
    compared = say(
        "For comparison: the curve of Greenwald, Schulhofer-Wohl and Younger (2023) "
        "for American banks gives {beta} at a policy rate of {level}.",
        beta=write_value(AMERICAN_RETAIL.at(found.policy_pct), Unit.PERCENT),
        level=write_rate(found.policy_pct),
    )
    return f"{known} {compared}"
