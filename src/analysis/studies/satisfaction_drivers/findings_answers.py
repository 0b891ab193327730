"""Findings on who answered, and who did not."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.studies.satisfaction_drivers.levels import Levels
from analysis.studies.satisfaction_drivers.measures import MEASURES
from analysis.studies.satisfaction_drivers.weighting import WeightedSurvey
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

NO_FRAME = (
    "The source does not say which customers were not asked, so answers are counted "
    "as they came in and stand for those who answered, not for all customers."
)


def find_who_answered(weighted: WeightedSurvey, levels: Levels) -> Finding:
    """Say how many answered, and what their answers are worth.

    Parameters
    ----------
    weighted : WeightedSurvey
        Screened, weighted waves.
    levels : Levels
        Scores with and without the doubtful answers.

    Returns
    -------
    Finding
        Answers kept, an exact count.
    """
    wave = weighted.reported
    kept = len(wave.weights)
    unit = MEASURES[levels.measures[0]][1]
    moved = levels.unscreened - float(levels.total(levels.measures[0])["estimate"])
    sentence = say(
        "In {quarter} {answered} customers answered{rate}; {kept} answers were kept "
        "and are worth {effective} equally weighted ones. With the {dropped} doubtful "
        "answers kept, the score of {people} would differ by {moved}.",
        quarter=wave.quarter,
        answered=write_number(wave.funnel["Answered"]),
        rate=_write_rate(wave.funnel),
        kept=write_number(kept),
        effective=write_number(wave.effective),
        dropped=write_number(len(weighted.unscreened.weights) - kept),
        people=levels.people,
        moved=write_value(moved, unit, signed=True),
    )
    weighted_words = "{kept} answers, weighted to the bank's customers"
    plain_words = "{kept} answers, which cannot be weighted to the bank's customers"
    return Finding(
        key="who_answered",
        requirement="C1",
        headline=say(
            weighted_words if wave.raked else plain_words, kept=write_number(kept)
        ),
        sentence=sentence
        if wave.raked
        else say("{one} {two}", one=sentence, two=NO_FRAME),
        action=(
            "Ask those who did not answer by a second channel: no weighting can tell "
            "what they think."
        ),
        verdict="exact",
        unit=Unit.COUNT,
        nobs=kept,
        period=wave.quarter,
        source=levels.source,
        estimate=float(kept),
        previous=float(len(weighted.previous.weights)) if weighted.previous else None,
        importance=0.2,
    )


def find_silent_customers(levels: Levels) -> Finding:
    """Say what the score would be if unhappy customers answer less often.

    Parameters
    ----------
    levels : Levels
        Score by assumed readiness to answer.

    Returns
    -------
    Finding
        Not identified: the answers cannot tell who keeps silent.
    """
    name, unit = MEASURES[levels.measures[0]]
    rows = levels.nonresponse
    said, mild, strong = (float(value) for value in rows["estimate"])
    return Finding(
        key="silent_customers",
        requirement="C1",
        headline="The score may flatter: those who keep silent are not in it",
        sentence=say(
            "{name} is {said} if silence has nothing to do with satisfaction; it would "
            "be {mild} if unhappy customers answer somewhat less often, and {strong} "
            "if they answer much less often. The answers cannot tell which.",
            name=name,
            said=write_value(said, unit),
            mild=write_value(mild, unit),
            strong=write_value(strong, unit),
        ),
        action=(
            "Read changes from wave to wave rather than the level, and call a random "
            "hundred of those who did not answer."
        ),
        verdict="not identified",
        unit=unit,
        nobs=int(levels.total(levels.measures[0])["nobs"]),
        period=levels.reported,
        source=levels.source,
        reason="Nobody knows how satisfied the customers are who did not answer.",
        importance=0.5,
    )


def _write_rate(funnel: dict[str, int]) -> str:
    invited = funnel.get("Invited")
    if not invited:
        return say(" ({unknown})", unknown="how many were asked is not known")
    share = 100 * funnel["Answered"] / invited
    return say(
        " ({share} of the {invited} invited)",
        share=write_value(share, Unit.PERCENT),
        invited=write_number(invited),
    )
