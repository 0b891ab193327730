"""The score under several views of those who kept silent."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, Drawing, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.silence_band import SilenceBand
from analysis.studies.satisfaction_drivers.silence.findings_answers import NO_FRAME
from analysis.units import write_number, write_value
from analysis.wording import mark, say

_VIEWS = (
    mark("Silent as their kind of customer"),
    mark("Half as the kind, half by the answer"),
    mark("Silent because of the answer itself"),
)


def find_silent_customers(levels: Levels, band: SilenceBand | None) -> Finding:
    """Say between which values the score may lie if the silent differ.

    Parameters
    ----------
    levels : Levels
        Score by assumed readiness to answer.
    band : SilenceBand or None
        Score by view of silence; None where it cannot be computed.

    Returns
    -------
    Finding
        Not identified: the answers cannot tell who keeps silent. The band is said.
    """
    name, unit = name_measure(levels.measures[0])
    said, mild, strong = (
        write_value(float(value), unit) for value in levels.nonresponse["estimate"]
    )
    words = {"name": name, "said": said, "mild": mild, "strong": strong}
    sentence = say(
        "{name} is {said} if silence has nothing to do with satisfaction; it would "
        "be {mild} if unhappy customers answer somewhat less often, and {strong} "
        "if they answer much less often. The answers cannot tell which.",
        **words,
    )
    headline = say("The score may flatter: those who keep silent are not in it")
    if band is not None:
        low, high = (write_value(end, unit) for end in band.bent.band)
        headline = say(
            "{name} of all may lie anywhere from {low} to {high}",
            name=name,
            low=low,
            high=high,
        )
        sentence = say(
            "{sentence} {more}", sentence=_write_band(band, low, high), more=sentence
        )
    return Finding(
        key="silent_customers",
        requirement="C1",
        headline=headline,
        sentence=sentence,
        action=say(
            "Read changes from wave to wave rather than the level, and call a random "
            "hundred of those who did not answer."
        ),
        verdict="not identified",
        unit=unit,
        nobs=int(levels.total(levels.measures[0])["nobs"]),
        period=levels.reported,
        source=levels.source,
        reason=say("Nobody knows how satisfied the customers are who did not answer."),
        importance=0.5,
    )


def _write_band(band: SilenceBand, low: str, high: str) -> str:
    words = {
        "low": low,
        "high": high,
        "correlation": write_number(band.bent.correlation, decimals=2),
        "nobs": write_number(band.nobs),
    }
    if band.bent.is_capped:
        return say(
            "From {low} to {high} is what the answers allow if the odds of answering "
            "at most double with each standard deviation of satisfaction ({nobs} "
            "answers, sampling error included). Without that limit they would allow "
            "more: what is known of every customer tells little of the answer "
            "(correlation {correlation}).",
            **words,
        )
    if band.is_weak:
        return say(
            "From {low} to {high} is what the answers allow ({nobs} answers, sampling "
            "error included). The band is wide because what is known of every customer "
            "tells little of the answer (correlation {correlation}).",
            **words,
        )
    return say(
        "From {low} to {high} is what the answers allow ({nobs} answers, sampling "
        "error included); what is known of every customer goes along with the answer "
        "(correlation {correlation}).",
        **words,
    )


def chart_silence(band: SilenceBand | None, levels: Levels) -> Chart | Note:
    """Draw the score under each view of silence.

    Parameters
    ----------
    band : SilenceBand or None
        Score by view.
    levels : Levels
        The score that is reported.

    Returns
    -------
    Chart or Note
        One row a view; a note where there is no band.
    """
    if band is None:
        return Note(say(NO_FRAME))
    name, unit = name_measure(band.measure)
    total = levels.total(band.measure)
    bent, said = band.bent, write_value(total["estimate"], unit)
    low, high = bent.band
    words = {"low": write_value(low, unit), "high": write_value(high, unit)}
    return Chart(
        drawing=_draw(band, total, said),
        title=say("The true score may lie from {low} to {high}", **words),
        subtitle=say(
            "{name} under three views of the silent, with sampling error, {quarter}",
            name=name,
            quarter=write_quarter(band.quarter),
        ),
        source=band.source,
        nobs=band.nobs,
        alt=say("Four dots with intervals from {low} to {high}.", **words),
        note=say(
            "Decides whether a target on the level makes sense. The best guess from "
            "what is known of all customers correlates {correlation} with the answer; "
            "in the last view its gap counts {multiplier} times, if that is plausible.",
            correlation=write_number(bent.correlation, decimals=2),
            multiplier=write_number(band.multiplier, decimals=1),
        ),
    )


def _draw(band: SilenceBand, total: pd.Series[float], said: str) -> Drawing:
    bent = band.bent
    rows = pd.DataFrame(
        {
            "view": [say("As reported, weighted"), *(say(view) for view in _VIEWS)],
            "estimate": [total["estimate"], *bent.estimates],
            "lower": [total["lower"], *bent.lower],
            "upper": [total["upper"], *bent.upper],
            "answers": band.nobs,
        }
    )
    ends = {each: ["answers"] for each in ("estimate", "lower", "upper")}
    return draw_intervals(
        release(rows, count="answers", derived=ends),
        label="view",
        estimate="estimate",
        lower="lower",
        upper="upper",
        unit=say("points"),
        reference=float(total["estimate"]),
        reference_label=say("Reported: {said}", said=said),
    )
