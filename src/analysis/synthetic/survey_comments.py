"""What respondents write: who writes, on what, and in which words.

The dissatisfied write more often. Four of five comments are about the attribute that
the respondent thinks least of, among those that matter and were asked for; the others
are about nothing in particular. Some texts hold personal data, some deny another
topic first, and some hold markup: traps for whoever reads them by machine.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import comment_phrases as phrases
from analysis.synthetic.survey_answers import Minds
from analysis.synthetic.survey_items import DRIVERS, NUMBERS

COMMENT_BASE, COMMENT_BY_SATISFACTION = -0.3, -0.9
"""Logit of writing a comment, and its change per deviation of satisfaction."""
CHINESE_SHARE, ON_TOPIC_SHARE = 0.70, 0.80
TRAP_SHARE, DENIAL_SHARE, MARKUP_SHARE = 0.12, 0.10, 0.03
LANGUAGES = ("zh", "en")
NO_COMMENT, OFF_TOPIC = -1, len(DRIVERS)
TOPICS = (*(driver.item for driver in DRIVERS), "off_topic")
"""Names of topics by their code."""
_MATTERS = np.array([driver.weight > 0 for driver in DRIVERS])
_DICE = 10


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the respondents of a wave wrote, one position each.

    Parameters
    ----------
    topic : array of int, shape (answers,)
        Code in `TOPICS`, or `NO_COMMENT`.
    praises : array of bool, shape (answers,)
        Whether the writer thinks well of the topic.
    language : array of int, shape (answers,)
        Code in `LANGUAGES`.
    dice : array, shape (answers, 10)
        Uniform numbers that choose the words.
    """

    topic: NDArray[np.int8]
    praises: NDArray[np.bool_]
    language: NDArray[np.int8]
    dice: NDArray[np.float32]

    def take(self, rows: NDArray[np.bool_]) -> Remarks:
        """Give the remarks of some respondents.

        Parameters
        ----------
        rows : array of bool, shape (answers,)
            Whose.

        Returns
        -------
        Remarks
            Theirs only.
        """
        kept = {each.name: getattr(self, each.name)[rows] for each in fields(self)}
        return Remarks(**kept)


def draw_remarks(draws: np.random.Generator, minds: Minds) -> Remarks:
    """Draw who writes, on what and in which language.

    Parameters
    ----------
    draws : numpy.random.Generator
        Random numbers.
    minds : Minds
        What the respondents think.

    Returns
    -------
    Remarks
        One position per respondent.
    """
    size = len(minds.satisfaction)
    lean = COMMENT_BASE + COMMENT_BY_SATISFACTION * minds.satisfaction
    writes = draws.random(size) < 1 / (1 + np.exp(-lean))
    opinions = np.where(_MATTERS, minds.opinions, np.inf)
    opinions[~minds.is_digital, NUMBERS["app"]] = np.inf
    worst = opinions.argmin(axis=1)
    on_topic = draws.random(size) < ON_TOPIC_SHARE
    topic = np.where(on_topic, worst, OFF_TOPIC)
    return Remarks(
        topic=np.where(writes, topic, NO_COMMENT).astype(np.int8),
        praises=opinions.min(axis=1) > 0,
        language=(draws.random(size) >= CHINESE_SHARE).astype(np.int8),
        dice=draws.random((size, _DICE), np.float32),
    )


def compose_texts(remarks: Remarks) -> list[str]:
    """Put the remarks into words.

    Parameters
    ----------
    remarks : Remarks
        Remarks, those without a comment left out.

    Returns
    -------
    list of str
        One text for each.
    """
    rows = zip(
        remarks.topic.tolist(),
        remarks.praises.tolist(),
        remarks.language.tolist(),
        remarks.dice.tolist(),
        strict=True,
    )
    return [_compose(*row) for row in rows]


def _compose(topic: int, praises: bool, language: int, dice: list[float]) -> str:
    core = _choose_core(topic, praises, language, dice)
    if topic != OFF_TOPIC and dice[2] < DENIAL_SHARE:
        core = _deny_another(topic, language, dice[2] / DENIAL_SHARE) + core
    endings = phrases.ENDINGS if topic != OFF_TOPIC and not praises else phrases.STOPS
    text = core + _pick(endings[language], dice[3])
    if dice[4] < TRAP_SHARE:
        trap = _pick(phrases.TRAPS[language], dice[4] / TRAP_SHARE)
        text = f"{text.rstrip('。！.!')}{('，', ' - ')[language]}{trap}"
    if dice[5] < MARKUP_SHARE:
        form = _pick(phrases.MARKUP, dice[5] / MARKUP_SHARE)
        text = form.replace("{text}", text)
    return _fill(text, language, dice)


def _choose_core(topic: int, praises: bool, language: int, dice: list[float]) -> str:
    if topic == OFF_TOPIC:
        return _pick(phrases.OFF_TOPIC[language], dice[0])
    spoken = _speak(language)[TOPICS[topic]]
    return _pick(spoken.praise if praises else spoken.complaints, dice[0])


def _deny_another(topic: int, language: int, die: float) -> str:
    """Begin with another topic, only to say that it is not what matters."""
    others = [name for name in _speak(language) if name != TOPICS[topic]]
    place = die * len(others)
    denials = _speak(language)[others[int(place)]].denials
    return _pick(denials, place % 1) + ("，", ", but: ")[language]


def _speak(language: int) -> dict[str, phrases.Topic]:
    return (phrases.CHINESE, phrases.ENGLISH)[language]


def _pick(texts: tuple[str, ...], die: float) -> str:
    return texts[int(die * len(texts))]


def _fill(text: str, language: int, dice: list[float]) -> str:
    """Fill the blanks with numbers and places that belong to nobody."""
    number = int(dice[6] * 1e8)
    return text.format(
        amount=(10 + number % 90) * 10 ** (number % 4),
        minutes=20 + int(70 * dice[7]),
        days=5 + int(40 * dice[7]),
        branch=_pick(phrases.BRANCHES[language], dice[8]),
        phone=f"13{number % 10}{number:08d}",
        card=f"622202{number:08d}{int(dice[9] * 1e5):05d}",
        mail=f"user{number % 10_000}@example.com",
        identity=f"110101{1950 + number % 50}0{1 + number % 9}15{number % 10_000:04d}",
    )
