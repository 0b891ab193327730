"""Topics learn words beside their seeds, and keep what is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from analysis.statistics.seeded_topics import learn_seeded_topics


def test_texts_without_a_seed_follow_the_words_that_go_with_it():
    # Terms: seed of topic one, its companion, seed of topic two, its companion.
    counts = csr_array(
        np.array(
            [[1, 2, 0, 0], [1, 1, 0, 0], [0, 0, 1, 2], [0, 0, 1, 1], [0, 2, 0, 0],
             [0, 0, 0, 2]],
            float,
        )
    )  # fmt: skip
    started = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0], [0, 0]], float)
    found = learn_seeded_topics(counts, started)
    assert found.chances[4, 0] > 0.95
    assert found.chances[5, 1] > 0.95
    assert found.chances[:4] == pytest.approx(started[:4])
    assert found.chances.sum(axis=1) == pytest.approx(np.ones(6))


def test_first_step_is_naive_bayes_by_hand():
    # Two texts, one each: shares with 0.1 added are (2.1, .1) / 2.2 and (.1, 2.1) / 2.2.
    counts = csr_array(np.array([[2, 0], [0, 2], [1, 0]], float))
    started = np.array([[1, 0], [0, 1], [0, 0]], float)
    found = learn_seeded_topics(counts, started, rounds=1)
    assert np.exp(found.weights) == pytest.approx(
        np.array([[2.1, 0.1], [0.1, 2.1]]) / 2.2
    )
    assert found.chances[2, 0] == pytest.approx(2.1 / 2.2)


def test_a_topic_nobody_starts_with_is_refused():
    with pytest.raises(ValueError, match="a text to start from"):
        learn_seeded_topics(csr_array(np.eye(2)), np.array([[1.0, 0], [1, 0]]))
