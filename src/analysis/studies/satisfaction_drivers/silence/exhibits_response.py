"""Who answered, by characteristic and by earlier behaviour."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, Drawing, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.satisfaction_drivers.answers.behaviour import (
    BEHAVIOUR,
    BEHAVIOUR_WORDS,
)
from analysis.studies.satisfaction_drivers.answers.people import (
    CHARACTERISTICS,
    UNKNOWN,
    write_category,
)
from analysis.studies.satisfaction_drivers.answers.response import Response
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.parameters import SUPPRESSED_BELOW
from analysis.studies.satisfaction_drivers.silence.findings_answers import NO_FRAME
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

_NAMES = CHARACTERISTICS | BEHAVIOUR
_KEY = "response_evenness"
_EVEN = 0.9
"""An R-indicator above this is called even."""
_RATES = ("rate_pct", "lower_pct", "upper_pct")


def find_response(response: Response | None, levels: Levels) -> Finding:
    """Say how evenly customers answered.

    Parameters
    ----------
    response : Response or None
        Respondents beside all customers.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    Finding
        The R-indicator; refused without a frame.
    """
    if response is None:
        return Finding(
            key=_KEY,
            requirement="C1",
            period=levels.reported,
            source=levels.source,
            headline=say("How even the response was cannot be said"),
            sentence=say(NO_FRAME),
            action=say("Map who the customers are, not only who answered."),
            verdict="not identified",
            unit=Unit.RATIO,
            nobs=int(levels.total(levels.measures[0])["nobs"]),
            reason=say(NO_FRAME),
            importance=0.1,
        )
    found = response.indicators
    return Finding(
        key=_KEY,
        requirement="C1",
        period=levels.reported,
        source=levels.source,
        headline=(
            say("All kinds of customers answered about equally often")
            if found.lower > _EVEN
            else say("Some kinds of customers answered more often than others")
        ),
        sentence=_write_evenness(response),
        action=_advise(response),
        measure=say("R-indicator of the response"),
        verdict="measured",
        unit=Unit.RATIO,
        nobs=len(response.held),
        estimate=found.indicator,
        lower=min(found.lower, found.indicator),
        upper=max(found.upper, found.indicator),
        importance=0.2,
    )


def _find_extremes(response: Response) -> tuple[pd.Series[float], pd.Series[float]]:
    known = response.rates[response.rates["category"] != UNKNOWN]
    large = known[known["answers"] >= SUPPRESSED_BELOW]
    ordered = (large if len(large) else response.rates).sort_values("rate_pct")
    return ordered.iloc[0], ordered.iloc[-1]


def _write_evenness(response: Response) -> str:
    low, high = _find_extremes(response)
    found = response.indicators
    return say(
        "{share} of those asked answered; fewest in {low} ({low_share}), most in "
        "{high} ({high_share}). The R-indicator is {indicator} ({interval}; 1 is even; "
        "{nobs} answers): a mean could be off by at most {variation} of a standard "
        "deviation of the answers through these differences.",
        share=write_value(100 * found.rate, Unit.PERCENT),
        low=_name_row(low),
        low_share=write_value(low["rate_pct"], Unit.PERCENT),
        high=_name_row(high),
        high_share=write_value(high["rate_pct"], Unit.PERCENT),
        indicator=write_value(found.indicator, Unit.RATIO),
        interval=write_interval(found.lower, found.upper, Unit.RATIO),
        nobs=write_number(len(response.held)),
        variation=write_number(found.coefficient_of_variation, decimals=2),
    )


def _advise(response: Response) -> str:
    low, _ = _find_extremes(response)
    return say(
        "Invite more of {low} next time, and remind them by another channel.",
        low=_name_row(low),
    )


def _name_row(row: pd.Series[float]) -> str:
    name, value = str(row["variable"]), str(row["category"])
    variable = say(_NAMES[name])
    return say("{variable}: {category}", variable=variable, category=_write(value))


def _write(value: str) -> str:
    return say(value) if value in BEHAVIOUR_WORDS else write_category(value)


def chart_response(response: Response | None, levels: Levels) -> Chart | Note:
    """Draw the share that answered in each group of customers.

    Parameters
    ----------
    response : Response or None
        Respondents beside all customers.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    Chart or Note
        One row a group; a note without a frame.
    """
    if response is None:
        return Note(say(NO_FRAME))
    low, high = _find_extremes(response)
    ends = {
        "least": write_value(low["rate_pct"], Unit.PERCENT),
        "most": write_value(high["rate_pct"], Unit.PERCENT),
    }
    return Chart(
        drawing=_draw(response),
        title=say(
            "{least} answered in {low}, {most} in {high}",
            low=_name_row(low),
            high=_name_row(high),
            **ends,
        ),
        subtitle=(
            say("Share of the invited who answered, with intervals")
            if response.has_invited
            else say("Share of all customers who answered, with intervals")
        ),
        source=levels.source,
        nobs=len(response.held),
        alt=say(
            "Dots of {groups} groups from {least} to {most}.",
            groups=len(response.rates),
            **ends,
        ),
        note=say(
            "Decides whom to invite more of. Weighting repairs what differs here, and "
            "nothing else."
        ),
    )


def _draw(response: Response) -> Drawing:
    rate = 100 * response.indicators.rate
    rows = response.rates.assign(
        category=[_name_row(row) for _, row in response.rates.iterrows()]
    )
    return draw_intervals(
        release(
            rows[["category", "customers", "answers", *_RATES]],
            count="customers",
            counts=["answers"],
            derived={each: ["answers"] for each in _RATES},
        ),
        label="category",
        estimate="rate_pct",
        lower="lower_pct",
        upper="upper_pct",
        unit=say("percent"),
        reference=rate,
        reference_label=say("All: {rate}", rate=write_value(rate, Unit.PERCENT)),
    )


def tabulate_response(response: Response | None, levels: Levels) -> DisplayTable | Note:
    """Show how much each characteristic makes the response uneven.

    Parameters
    ----------
    response : Response or None
        Respondents beside all customers.
    levels : Levels
        Scores, for the source.

    Returns
    -------
    DisplayTable or Note
        One row a characteristic: its partial R-indicator; a note without a frame.
    """
    if response is None:
        return Note(say(NO_FRAME))
    partial = response.indicators.partial.sort_values(ascending=False)
    rows = pd.DataFrame(
        {
            "variable": [say(_NAMES[str(name)]) for name in partial.index],
            "partial_pp": 100 * partial.to_numpy(),
            "share_of_rate": partial.to_numpy() / response.indicators.rate,
            "answers": len(response.held),
        }
    )
    values = ("partial_pp", "share_of_rate")
    return DisplayTable(
        title=say("What makes the response uneven"),
        released=release(
            rows, count="answers", derived={each: ["answers"] for each in values}
        ),
        columns=(
            DisplayColumn("variable", say("Characteristic")),
            DisplayColumn(
                "partial_pp", say("Deviation of rates"), Unit.PERCENTAGE_POINTS
            ),
            DisplayColumn("share_of_rate", say("Over the mean rate"), Unit.RATIO),
        ),
        source=levels.source,
        note=say(
            "Partial R-indicators: deviation between the groups' rates in percentage "
            "points, sampling noise taken off; 0 is even."
        ),
    )
