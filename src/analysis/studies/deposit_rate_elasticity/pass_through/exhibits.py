"""Charts and tables on how much of a policy move reaches posted rates."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import PassThrough
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

SERIES = "estimates from series of posted and policy rates"
"""Why no customer can be behind a pass-through."""
SHARES = ("estimate", "lower", "upper", "at_once", "speed_above", "speed_below")


def chart_pass_through(pass_through: PassThrough) -> Chart | Note:
    """Draw each line's long-run pass-through with its interval.

    Parameters
    ----------
    pass_through : PassThrough
        Long run of each line.

    Returns
    -------
    Chart or Note
        A note when every line is refused.
    """
    rows = _lay_out_lines(pass_through)
    shown = rows.dropna(subset=["estimate"])
    if shown.empty:
        return Note(say("No product shows a long-run relation with the policy rate."))
    lines = shown.iloc[1:] if len(shown) > 1 else shown
    ranked = lines.sort_values("estimate")
    most, least = ranked.iloc[-1], ranked.iloc[0]
    return Chart(
        drawing=draw_intervals(
            release_public(rows, reason=SERIES),
            label="label",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("Percent of a policy move"),
            reference=100.0,
            reference_label=say("All of the move"),
        ),
        title=say(
            "{most} follows the policy rate most closely, {least} least",
            most=most["label"],
            least=least["label"],
        )
        if len(lines) > 1
        else say(
            "Posted rates follow {share} of a policy move",
            share=write_value(float(most["estimate"]), Unit.PERCENT),
        ),
        subtitle=say("Share of a lasting policy move that reaches the posted rate"),
        source=pass_through.source,
        nobs=int(rows["nobs"].max()),
        alt=say(
            "One row per product and term; long-run pass-through reaches from {low} "
            "to {high}.",
            low=write_value(float(lines["estimate"].min()), Unit.PERCENT),
            high=write_value(float(lines["estimate"].max()), Unit.PERCENT),
        ),
        note=say("Intervals by bootstrap."),
    )


def tabulate_pass_through(pass_through: PassThrough) -> DisplayTable:
    """Show speed, half-life and the bounds test of each line.

    Parameters
    ----------
    pass_through : PassThrough
        Error correction of each line.

    Returns
    -------
    DisplayTable
        One row per line and one for all priced deposits.
    """
    rows = _lay_out_lines(pass_through)
    tests = ("equal_speeds_pvalue", "bounds_pvalue")
    refused = int((rows["reason"] != "").sum())
    columns = (
        DisplayColumn("label", say("Product and term")),
        DisplayColumn("estimate", say("Long run"), Unit.PERCENT),
        DisplayColumn("at_once", say("At once"), Unit.PERCENT),
        DisplayColumn("half_life_months", say("Half-life"), Unit.MONTHS),
        DisplayColumn("speed_above", say("Down, per period"), Unit.PERCENT, 0),
        DisplayColumn("speed_below", say("Up, per period"), Unit.PERCENT, 0),
        DisplayColumn("equal_speeds_pvalue", say("Same speed, p")),
        DisplayColumn("bounds_f", say("Bounds F"), None, 1),
        DisplayColumn("bounds_pvalue", say("Bounds, p")),
        DisplayColumn("nobs", say("Periods"), Unit.COUNT),
        DisplayColumn("reason", say("Why refused")),
    )
    return DisplayTable(
        title=say(
            "{held} of {lines} series have a long-run relation with the policy rate",
            held=write_number(len(rows) - refused),
            lines=write_number(len(rows)),
        ),
        released=release_public(
            rows.assign(**{name: rows[name].map(write_pvalue) for name in tests}),
            reason=SERIES,
        ),
        columns=_keep_known(columns if refused else columns[:-1], rows),
        source=pass_through.source,
        note=say(
            "Down and up: share of the distance closed in a period when the posted "
            "rate is too high or too low; short series seldom tell the two apart. "
            "Bounds test: p-value at the upper bound, simulated for this length; "
            "without it there is no long run to show."
        ),
    )


def _keep_known(
    columns: tuple[DisplayColumn, ...], rows: pd.DataFrame
) -> tuple[DisplayColumn, ...]:
    """Leave out what no line has."""
    return tuple(column for column in columns if rows[column.name].notna().any())


def _lay_out_lines(pass_through: PassThrough) -> pd.DataFrame:
    lines = (
        (pass_through.average, *pass_through.lines)
        if len(pass_through.lines) > 1
        else pass_through.lines
    )
    rows = pd.DataFrame([dataclasses.asdict(line) for line in lines])
    return rows.assign(**{name: 100 * rows[name] for name in SHARES})
