"""Give each comment the attribute that it is about.

Words of the code frame start a topic; other words that go with them are learnt from
the comments themselves, language by language. No ratings are used, so that ratings can
check the topics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.seeded_topics import learn_seeded_topics
from analysis.studies.satisfaction_drivers.verbatims.code_frame import (
    NOTHING,
    compile_seeds,
    keep_claims,
)
from analysis.studies.satisfaction_drivers.verbatims.features import (
    count_terms,
    tell_language,
)
from analysis.studies.satisfaction_drivers.verbatims.masking import flatten_text

Floats = NDArray[np.float64]

OTHER: Final = "other"
"""Topic of comments about no attribute."""
SURE: Final = 0.8
"""Chance from which on a comment without a word of the frame is given a topic."""


@dataclass(frozen=True, slots=True)
class CodedComments:
    """Topics of comments.

    Parameters
    ----------
    topic : numpy.ndarray of str, shape (comments,)
        Code of the attribute, or `OTHER`.
    chance : numpy.ndarray, shape (comments,)
        Of that topic, 0 to 1.
    language : numpy.ndarray of str, shape (comments,)
        "zh" or "en", by the characters.
    by_words : numpy.ndarray of bool, shape (comments,)
        Whether a word of the frame decided alone.
    """

    topic: NDArray[np.str_]
    chance: Floats
    language: NDArray[np.str_]
    by_words: NDArray[np.bool_]


def code_comments(
    texts: Sequence[str], seeds: Mapping[str, tuple[str, ...]], *, learn: bool = True
) -> CodedComments:
    """Give comments their topics.

    Parameters
    ----------
    texts : sequence of str
        As they were written.
    seeds : mapping of str to tuple of str
        Words by attribute.
    learn : bool
        Whether words beyond the frame are learnt.

    Returns
    -------
    CodedComments
        In the order of the texts.
    """
    claims = [keep_claims(flatten_text(text)) for text in texts]
    names = [*seeds, OTHER]
    hits = count_hits(claims, [*seeds.values(), NOTHING])
    language = np.array([tell_language(text) for text in texts], dtype=np.str_)
    chances = _start(hits)
    by_words = chances.max(axis=1, initial=0.0) > 0
    if learn:
        for each in np.unique(language):
            inside = np.flatnonzero(language == each)
            chances[inside] = _learn([claims[i] for i in inside], chances[inside])
    best = chances.argmax(axis=1)
    chance = chances.max(axis=1, initial=0.0)
    best = np.where(~by_words & (chance < SURE), len(seeds), best)
    return CodedComments(np.array(names)[best], chance, language, by_words)


def count_hits(claims: Sequence[str], seeds: Sequence[tuple[str, ...]]) -> Floats:
    """Count words of the frame, longer ones for more.

    Parameters
    ----------
    claims : sequence of str
        Of `keep_claims`.
    seeds : sequence of tuple of str
        Words by topic.

    Returns
    -------
    numpy.ndarray, shape (comments, topics)
        Letters matched: a longer word says more of its topic.
    """
    patterns = [compile_seeds(words) for words in seeds]
    hits = [
        [sum(_weigh(found) for found in pattern.findall(claim)) for pattern in patterns]
        for claim in claims
    ]
    return np.array(hits, dtype=np.float64).reshape(len(claims), len(seeds))


def _weigh(found: str) -> float:
    # A Chinese character says about as much as three letters.
    return float(len(found) if found.isascii() else 3 * len(found))


def _start(hits: Floats) -> Floats:
    """Share a comment among the topics that its words tell of."""
    attributes = hits[:, :-1].sum(axis=1)
    hits = hits.copy()
    # Thanks beside a word of an attribute are no topic.
    hits[attributes > 0, -1] = 0.0
    total = hits.sum(axis=1, keepdims=True)
    return np.divide(hits, total, out=np.zeros_like(hits), where=total > 0)


def _learn(claims: list[str], started: Floats) -> Floats:
    """Learn further words of one language; topics that nobody starts stay out."""
    used = started.sum(axis=0) > 0
    if used.sum() < 2:
        return started
    counts, terms = count_terms(claims)
    if not terms:
        return started
    found = learn_seeded_topics(counts, started[:, used])
    chances = np.zeros_like(started)
    chances[:, used] = found.chances
    # Without a term that others use too there is nothing to go by.
    chances[np.asarray(counts.sum(axis=1)).ravel() == 0] = 0.0
    chances[started.sum(axis=1) > 0] = started[started.sum(axis=1) > 0]
    return chances
