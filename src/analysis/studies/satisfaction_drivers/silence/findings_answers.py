"""Findings on who answered, and who did not."""

from __future__ import annotations

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.answers.weighting import (
    ANSWERED,
    INVITED,
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.levels.levels import Levels
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

NO_FRAME = mark(
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
    sentences = [_write_answers(wave)]
    dropped = len(weighted.unscreened.weights) - kept
    if dropped >= MINIMUM_CELL:
        sentences.append(_write_screening(levels, dropped))
    if not wave.raked:
        sentences.append(say(NO_FRAME))
    return Finding(
        key="who_answered",
        requirement="C1",
        headline=say(
            mark("{kept} answers, weighted to the bank's customers")
            if wave.raked
            else mark(
                "{kept} answers, which cannot be weighted to the bank's customers"
            ),
            kept=write_number(kept),
        ),
        sentence=_join_sentences(sentences),
        action=say(
            "Ask those who did not answer by a second channel: no weighting can tell "
            "what they think."
        ),
        measure=say("Answers kept"),
        verdict="exact",
        unit=Unit.COUNT,
        nobs=kept,
        period=wave.quarter,
        source=levels.source,
        estimate=float(kept),
        previous=float(len(weighted.previous.weights)) if weighted.previous else None,
        importance=0.2,
    )


def _write_answers(wave: WeightedWave) -> str:
    """Say how many answered and were kept, but never that a few were left out."""
    answered, invited = wave.funnel[ANSWERED], wave.funnel.get(INVITED)
    words = {
        "quarter": write_quarter(wave.quarter),
        "kept": write_number(len(wave.weights)),
        "effective": write_number(wave.effective),
    }
    if 0 < answered - len(wave.weights) < MINIMUM_CELL:
        return say(
            "In {quarter} {kept} answers were kept and are worth {effective} equally "
            "weighted ones; fewer than {least} were left out.",
            least=MINIMUM_CELL,
            **words,
        )
    words["answered"] = write_number(answered)
    if not invited:
        return say(
            "In {quarter} {answered} customers answered (how many were asked is not "
            "known); {kept} answers were kept and are worth {effective} equally "
            "weighted ones.",
            **words,
        )
    return say(
        "In {quarter} {answered} customers answered ({share} of the {invited} "
        "invited); {kept} answers were kept and are worth {effective} equally weighted "
        "ones.",
        share=write_value(100 * answered / invited, Unit.PERCENT),
        invited=write_number(invited),
        **words,
    )


def _write_screening(levels: Levels, dropped: int) -> str:
    first = levels.measures[0]
    moved = levels.unscreened - float(levels.total(first)["estimate"])
    return say(
        "With the {dropped} doubtful answers kept, the score of {people} would differ "
        "by {moved}.",
        dropped=write_number(dropped),
        people=levels.people,
        moved=write_value(moved, name_measure(first)[1], signed=True),
    )


def _join_sentences(sentences: list[str]) -> str:
    joined, *others = sentences
    for other in others:
        joined = say("{sentence} {more}", sentence=joined, more=other)
    return joined
