"""The finding and the chart on balances of the last day beside their average."""

from __future__ import annotations

import math

from analysis.presentation.charts import Chart, draw_lines
from analysis.presentation.disclosure import Released, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.quarter_ends import QuarterEnds
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.units import Unit, write_number
from analysis.wording import mark, say

SMALLEST_DEVIATION_PCT = 0.5
"""Least deviation above other month-ends that is worth a word, % of the average."""
_FEWEST_PERIODS = 6
_STAND = {
    True: mark("At the quarter's end deposits stood {size} above their average"),
    False: mark("At the quarter's end deposits stood {size} below their average"),
}


def find_quarter_end(ends: QuarterEnds) -> Finding:
    """Say how far deposits of the quarter's last day lie from their average.

    Parameters
    ----------
    ends : QuarterEnds
        Deviations by period.

    Returns
    -------
    Finding
        Deviation in the quarter's last period, percent of the average.
    """
    now, before = ends.now_pct, ends.previous_pct
    if math.isnan(now):
        return refuse(
            "quarter_end",
            "A3",
            question=say("How far the last day lies from the average is not known"),
            reason=say("The source has no deposits in the quarter's last period."),
            quarter=ends.quarter,
            source=ends.source,
        )
    rows = ends.deviations
    return Finding(
        key="quarter_end",
        requirement="A3",
        headline=say(_STAND[now >= 0], size=_write_percent(abs(now))),
        sentence=say(
            "In the last period of {quarter}, balances of the last day differed by "
            "{now} from the average of its days. {others}",
            quarter=write_quarter(ends.quarter),
            now=_write_percent(now, signed=True),
            others=_write_others(ends),
        ),
        action=_advise(ends),
        measure=say("Last day less average, of the average"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(rows["customers"].iloc[-1]),
        period=str(ends.quarter),
        source=ends.source,
        estimate=now,
        previous=None if math.isnan(before) else before,
        importance=0.3,
    )


def chart_quarter_ends(ends: QuarterEnds) -> Chart | Note:
    """Draw the deviation by period, quarter-ends apart from others.

    Parameters
    ----------
    ends : QuarterEnds
        Deviations by period.

    Returns
    -------
    Chart or Note
        A note where periods are quarters, or too few.
    """
    rows = ends.deviations
    if math.isnan(ends.other_pct) or len(rows) < _FEWEST_PERIODS:
        return Note(
            say(
                "Quarter-ends can't be set apart from other month-ends: the source has "
                "too few months, or quarters only."
            )
        )
    tops = rows.loc[rows["ends_quarter"], "deviation_pct"]
    return Chart(
        drawing=draw_lines(
            _release_deviations(ends),
            x="period",
            y="deviation_pct",
            series="series",
            unit=say("Percent of the average"),
            highlight=say("Quarter-ends"),
            zero=True,
        ),
        title=say(
            "Quarter-ends lie {quarter_ends} off average, other month-ends {others}",
            quarter_ends=_write_percent(float(tops.mean()), signed=True),
            others=_write_percent(ends.other_pct, signed=True),
        ),
        subtitle=say("Deposits of the last day less their average of the period"),
        source=ends.source,
        nobs=len(rows),
        alt=say(
            "Two lines over {n} periods: at quarter-ends the deviation lies between "
            "{low} and {high}, at other month-ends it averages {others}.",
            n=write_number(len(rows)),
            low=_write_percent(float(tops.min()), signed=True),
            high=_write_percent(float(tops.max()), signed=True),
            others=_write_percent(ends.other_pct, signed=True),
        ),
    )


def _release_deviations(ends: QuarterEnds) -> Released:
    rows = ends.deviations
    names = {True: say("Quarter-ends"), False: say("Other month-ends")}
    shown = rows.assign(series=[names[bool(end)] for end in rows["ends_quarter"]])
    return release(
        shown[["period", "series", "customers", "deviation_pct"]],
        count="customers",
        derived={"deviation_pct": ("customers",)},
    )


def _write_percent(value: float, *, signed: bool = False) -> str:
    return say("{number}%", number=write_number(value, decimals=2, signed=signed))


def _write_others(ends: QuarterEnds) -> str:
    if math.isnan(ends.other_pct):
        return say("The source has quarters only: there is nothing to compare with.")
    return say(
        "At month-ends within a quarter it was {others} on average.",
        others=_write_percent(ends.other_pct, signed=True),
    )


def _advise(ends: QuarterEnds) -> str:
    if math.isnan(ends.other_pct):
        return say("Read months, not quarters, before judging the last day.")
    if ends.now_pct - ends.other_pct >= SMALLEST_DEVIATION_PCT:
        return say(
            "Set targets on average balances, not on the last day: part of the volume "
            "of the quarter's end is gone the day after."
        )
    return say("Plan with either; the last day says what the average says.")
