"""Give texts to topics that start from a few known words and learn the others.

Texts come as counts of terms; which topic a text starts with is told by the caller.
Nothing here knows a language.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import logsumexp

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeededTopics:
    """Topics and how sure each text belongs to them.

    Parameters
    ----------
    chances : numpy.ndarray, shape (texts, topics)
        Chances from 0 to 1; a row sums to 1.
    weights : numpy.ndarray, shape (topics, terms)
        Logarithms of the terms' shares in each topic.
    rounds : int
        Steps taken until the chances stayed.
    """

    chances: Floats
    weights: Floats
    rounds: int


def learn_seeded_topics(
    counts: csr_array,
    started: Floats,
    *,
    unlabelled_weight: float = 0.5,
    smoothing: float = 0.1,
    rounds: int = 50,
) -> SeededTopics:
    """Learn topics from texts that start with one, and from the others by turns.

    Parameters
    ----------
    counts : scipy.sparse.csr_array, shape (texts, terms)
        How often each term stands in each text.
    started : numpy.ndarray, shape (texts, topics)
        Share of each topic where it is known; rows of noughts where it is not.
    unlabelled_weight : float
        What a text that starts with no topic counts against one that does.
    smoothing : float
        Added to each term's count in each topic.
    rounds : int
        Most steps.

    Returns
    -------
    SeededTopics
        Texts that start with a topic keep it.

    Raises
    ------
    ValueError
        If a topic has no text to start from.

    References
    ----------
    .. [1] Nigam, McCallum, Thrun and Mitchell (2000), Text classification from
       labeled and unlabeled documents using EM, Machine Learning 39, equations 5 to 8
       and section 5.1.2 (weight of unlabelled texts).
    """
    known = started.sum(axis=1) > 0
    if (started.sum(axis=0) <= 0).any():
        raise ValueError("Each topic must have a text to start from.")
    trust = np.where(known, 1.0, unlabelled_weight)[:, None]
    chances = started.copy()
    for number in range(1, rounds + 1):
        weights, lean = _maximise(counts, chances * trust, smoothing)
        scores = counts @ weights.T + lean
        told = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
        told[known] = started[known] / started[known].sum(axis=1, keepdims=True)
        moved = float(np.abs(told - chances).max())
        chances = told
        if moved < 1e-4:
            break
    return SeededTopics(chances, weights, number)


def _maximise(
    counts: csr_array, shares: Floats, smoothing: float
) -> tuple[Floats, Floats]:
    """Give the terms' log shares by topic, and the topics' own."""
    seen = (counts.T @ shares).T + smoothing
    sizes = shares.sum(axis=0) + 1.0
    weights: Floats = np.log(seen / seen.sum(axis=1, keepdims=True))
    lean: Floats = np.log(sizes / sizes.sum())
    return weights, lean
