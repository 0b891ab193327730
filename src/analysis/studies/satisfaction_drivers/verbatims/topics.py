"""Give each comment the attribute that it is about.

Words of the code frame decide. No ratings are used, so that ratings can check the
topics; a comment without such a word is about no attribute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.studies.satisfaction_drivers.verbatims.code_frame import (
    compile_seeds,
    keep_claims,
)
from analysis.studies.satisfaction_drivers.verbatims.languages import tell_language
from analysis.studies.satisfaction_drivers.verbatims.masking import drop_masked

Floats = NDArray[np.float64]

OTHER: Final = "other"
"""Topic of comments about no attribute."""


@dataclass(frozen=True, slots=True)
class CodedComments:
    """Topics of comments.

    Parameters
    ----------
    topic : numpy.ndarray of str, shape (comments,)
        Code of the attribute, or `OTHER`.
    language : numpy.ndarray of str, shape (comments,)
        "zh" or "en", by the characters.
    """

    topic: NDArray[np.str_]
    language: NDArray[np.str_]


def code_comments(
    texts: Sequence[str], seeds: Mapping[str, tuple[str, ...]]
) -> CodedComments:
    """Give comments their topics.

    Parameters
    ----------
    texts : sequence of str
        As they were written.
    seeds : mapping of str to tuple of str
        Words by attribute.

    Returns
    -------
    CodedComments
        In the order of the texts: the attribute that most of the words' letters tell
        of, the first in `seeds` of equals.
    """
    claims = [keep_claims(drop_masked(text)) for text in texts]
    hits = count_hits(claims, list(seeds.values()))
    none = (hits.sum(axis=1) == 0).astype(np.float64)
    hits = np.column_stack([hits, none])
    names = np.array([*seeds, OTHER])
    language = np.array([tell_language(text) for text in texts], dtype=np.str_)
    return CodedComments(names[hits.argmax(axis=1)], language)


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
