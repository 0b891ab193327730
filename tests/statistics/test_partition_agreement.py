"""Agreement of divisions, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.partition_agreement import (
    adjusted_rand_index,
    match_groups,
)


# The first is Hubert and Arabie's index as scikit-learn documents it: together
# C(2,2) = 1, ours 2, theirs 1, pairs 6: (1 - 2/6) / (1.5 - 2/6) = 0.5714.
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0, 0, 1, 1], [0, 0, 1, 2], 4 / 7),
        ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
        ([0, 0, 0, 0], [0, 0, 0, 0], 1.0),
    ],
)
def test_adjusted_rand_index_by_hand(first, second, expected):
    assert adjusted_rand_index(np.array(first), np.array(second)) == pytest.approx(
        expected
    )


def test_groups_are_matched_by_their_largest_jaccard():
    # Group 0 = {0,1,2,3}, group 1 = {4,5}; others {0,1,2}, {3,4}, {5}.
    # Group 0: 3/4 with the first, 1/5 with the second. Group 1: 1/3, 1/2.
    labels, others = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 2])
    assert match_groups(labels, others).tolist() == [0.75, 0.5]
