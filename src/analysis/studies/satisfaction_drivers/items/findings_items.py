"""What is said of the items: reliability, likeness, marker and gaps."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.presentation.findings import Finding, judge_change
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.items.gaps import AnswerGaps
from analysis.studies.satisfaction_drivers.items.item_reliability import (
    ENOUGH,
    ItemReliability,
)
from analysis.studies.satisfaction_drivers.items.likeness import (
    DIFFERENT,
    TIERS,
    WAVES,
    ItemLikeness,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

_LOOSE_CFI, _LOOSE_RMSEA = 0.90, 0.08
_LEAST_MOVE = 0.01


def find_reliability(reliability: ItemReliability) -> Finding:
    """Say how reliable the least reliable attribute is.

    Parameters
    ----------
    reliability : ItemReliability
        By attribute.

    Returns
    -------
    Finding
        Alpha of the least reliable attribute; refused where all have one item.
    """
    measured = reliability.measured
    if measured.empty:
        return _refuse(reliability)
    weakest = measured.iloc[0]
    weak = int((measured["alpha_lower"] < ENOUGH).sum())
    previous, change = _look_back(reliability, str(weakest["attribute"]))
    return Finding(
        key="item_reliability",
        requirement="C2",
        headline=_write_headline(weak, len(measured)),
        sentence=_write_weakest(weakest, reliability.quarter),
        action=_advise(str(weakest["label"]), weak),
        measure=say("Lowest reliability of an attribute"),
        verdict="measured",
        unit=Unit.RATIO,
        nobs=int(weakest["nobs"]),
        period=reliability.quarter,
        source=reliability.source,
        estimate=float(weakest["alpha"]),
        lower=float(weakest["alpha_lower"]),
        upper=float(weakest["alpha_upper"]),
        confidence_level=reliability.level,
        previous=previous,
        change=change,
        importance=0.3,
    )


def note_likeness(likeness: ItemLikeness) -> Note:
    """Say whether scores may be compared across tiers and waves.

    Parameters
    ----------
    likeness : ItemLikeness
        Tests by attribute.

    Returns
    -------
    Note
        Verdicts in words.
    """
    if likeness.table.empty:
        return Note(
            say(
                "Whether groups understand the questions alike can't be tested: it "
                "takes three questions an attribute and 100 answers in each of two "
                "groups."
            )
        )
    sentences = [_write_comparison(likeness, TIERS), _write_comparison(likeness, WAVES)]
    said = [sentence for sentence in sentences if sentence]
    joined = said[0]
    for more in said[1:]:
        joined = say("{sentence} {more}", sentence=joined, more=more)
    return Note(joined)


def note_structure(likeness: ItemLikeness) -> Note:
    """Say whether items stand for their attributes, and what the marker tells.

    Parameters
    ----------
    likeness : ItemLikeness
        Fit of the whole, and the marker.

    Returns
    -------
    Note
        Fit in words and numbers.
    """
    whole, marker = likeness.whole, likeness.marker
    if whole is None:
        return Note(
            say(
                "Whether questions stand for the attributes they are meant for can't "
                "be tested: too few answered several questions on each."
            )
        )
    fit = whole.fit
    fits = fit.cfi >= _LOOSE_CFI and fit.rmsea_upper <= _LOOSE_RMSEA
    text = say(
        mark(
            "Questions stand for the attributes they are meant for: with one factor "
            "an attribute CFI is {cfi}, RMSEA {rmsea} and SRMR {srmr} ({nobs} complete "
            "answers)."
        )
        if fits
        else mark(
            "Questions do not quite stand for the attributes they are meant for: with "
            "one factor an attribute CFI is {cfi}, RMSEA {rmsea} and SRMR {srmr} "
            "({nobs} complete answers)."
        ),
        cfi=write_number(fit.cfi, decimals=3),
        rmsea=write_number(fit.rmsea, decimals=3),
        srmr=write_number(fit.srmr, decimals=3),
        nobs=write_number(whole.nobs),
    )
    if marker is None:
        more = say(
            "The survey has no question that has nothing to do with the bank, so a "
            "habit of answering can't be told from opinion."
        )
    else:
        more = say(
            "A question that has nothing to do with the bank goes along with the "
            "others by {shared}; without such habits of answering, questions on "
            "different attributes correlate {adjusted} instead of {between}.",
            shared=write_value(marker.shared, Unit.RATIO),
            adjusted=write_value(marker.adjusted, Unit.RATIO),
            between=write_value(marker.between, Unit.RATIO),
        )
    return Note(say("{sentence} {more}", sentence=text, more=more))


def note_gaps(gaps: AnswerGaps) -> Note:
    """Say what is not asked of whom, and what skipped answers do.

    Parameters
    ----------
    gaps : AnswerGaps
        Shares answered, and scores.

    Returns
    -------
    Note
        The largest effect of filling gaps, in points.
    """
    moved = (gaps.scores["filled"] - gaps.scores["given"]).abs()
    largest = gaps.scores.iloc[int(moved.to_numpy().argmax())]
    away = gaps.channels[~gaps.channels["asked"]]
    text = say(
        "Filling in skipped answers moves no score by more than {move} ({label}).",
        move=write_value(max(float(moved.max()), _LEAST_MOVE), Unit.SCORE),
        label=largest["label"],
    )
    if gaps.scores["skipped_pct"].max() == 0:
        text = say("Nobody who was asked skipped a question, so nothing is filled in.")
    if away.empty:
        return Note(text)
    names = say(", ").join(dict.fromkeys(away["label"]))
    return Note(
        say(
            "{names}: who does not use the channel is not asked, which is no gap and "
            "is not filled in. {sentence}",
            names=names,
            sentence=text,
        )
    )


def _write_headline(weak: int, total: int) -> str:
    if not weak:
        return say("All {total} attributes are measured well enough", total=total)
    return say(
        "{good} of {total} attributes are surely measured well enough",
        good=total - weak,
        total=total,
    )


def _write_weakest(weakest: pd.Series[float], quarter: str) -> str:
    return say(
        "{label} is measured least well: {alpha} of the variance of its score is "
        "not noise (Cronbach's alpha, {interval}, {nobs} answers in {quarter}); "
        "{enough} is usually asked for.",
        label=weakest["label"],
        alpha=write_value(weakest["alpha"], Unit.RATIO),
        interval=write_interval(
            weakest["alpha_lower"], weakest["alpha_upper"], Unit.RATIO
        ),
        nobs=write_number(weakest["nobs"]),
        quarter=write_quarter(quarter),
        enough=write_value(ENOUGH, Unit.RATIO),
    )


def _advise(label: str, weak: int) -> str:
    if not weak:
        return say("Keep the questions as they are, so that waves stay comparable.")
    return say(
        "Reword the questions on {label}, and read its rank with noise taken out: "
        "noise makes it look less important than it is.",
        label=label,
    )


def _write_comparison(likeness: ItemLikeness, compared: str) -> str:
    rows = likeness.table[likeness.table["compared"] == compared]
    if rows.empty:
        return ""
    different = rows.loc[rows["verdict"] == DIFFERENT, "label"]
    if different.empty:
        return say(
            "Scores may be compared across {groups}: all {total} attributes are "
            "understood alike.",
            groups=say(compared),
            total=len(rows),
        )
    return say(
        "Scores of {names} should not be compared across {groups}: the questions are "
        "understood differently.",
        names=say(", ").join(different),
        groups=say(compared),
    )


def _look_back(
    reliability: ItemReliability, attribute: str
) -> tuple[float | None, Literal["rose", "fell", "no clear change"] | None]:
    """Give the attribute's alpha in the wave before, and what became of it."""
    before = reliability.previous
    if before is None:
        return None, None
    rows = before[(before["attribute"] == attribute) & before["alpha"].notna()]
    if rows.empty:
        return None, None
    was, now = rows.iloc[0], reliability.measured.iloc[0]
    gap = now["alpha"] - was["alpha"]
    reach_down = (now["alpha"] - now["alpha_lower"], was["alpha_upper"] - was["alpha"])
    reach_up = (now["alpha_upper"] - now["alpha"], was["alpha"] - was["alpha_lower"])
    low, high = ((a**2 + b**2) ** 0.5 for a, b in (reach_down, reach_up))
    return float(was["alpha"]), judge_change(gap - low, gap + high)


def _refuse(reliability: ItemReliability) -> Finding:
    template = str(reliability.table["reason"].iloc[0])
    reason = say(template)
    return Finding(
        key="item_reliability",
        requirement="C2",
        headline=say("How well attributes are measured can't be told"),
        sentence=say("No attribute has a reliability. {reason}", reason=reason),
        action=say(
            "Ask two or three questions an attribute in the next wave: without, a "
            "badly measured attribute looks unimportant."
        ),
        verdict="not identified",
        unit=Unit.RATIO,
        nobs=int(reliability.table["nobs"].sum()),
        period=reliability.quarter,
        source=reliability.source,
        reason=reason,
        importance=0.3,
    )
