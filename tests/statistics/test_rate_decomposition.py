"""A change splits as in Das Gupta's published example, and its errors cover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.rate_decomposition import GroupRates, decompose_change

# US deaths by race and age, 1970 and 1985: example 5.3 of Das Gupta (1993), with the
# results that the R package DasGuptR 2.1.0 prints in its vignette "category_effects".
SIZE_1985 = (
    3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472,
    707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236,
)  # fmt: skip
SIZE_1970 = (
    2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315,
    535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117,
)  # fmt: skip
RATE_1985 = (
    9.163, 0.462, 0.248, 0.929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068, 157.570,
    17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161,
)  # fmt: skip
RATE_1970 = (
    18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837,
    36.993, 1.352, 0.541, 2.040, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205,
)  # fmt: skip


def know(means, sizes):
    """Rates that carry no error."""
    shares, groups = np.array(sizes) / np.sum(sizes), len(means)
    return GroupRates(
        np.array(means),
        shares,
        np.zeros((1, groups)),
        np.zeros((1, groups)),
        pd.Index(["nobody"]),
    )


def test_deaths_of_1970_and_1985_split_as_published():
    later, earlier = know(RATE_1985, SIZE_1985), know(RATE_1970, SIZE_1970)
    found = decompose_change(later, earlier)
    assert later.shares @ later.means == pytest.approx(8.735618, abs=5e-7)
    assert earlier.shares @ earlier.means == pytest.approx(9.421833, abs=5e-7)
    assert found.total == pytest.approx(-0.6862158, abs=5e-8)
    within = found.parts["estimate"].iloc[1:].sum()
    assert within == pytest.approx(-2.2277254, abs=5e-8)
    # Structure of age and of race together.
    mix = found.parts["estimate"].iloc[0]
    assert mix == pytest.approx(1.5217347 + 0.0197749, abs=1e-7)


def draw(rng, means, shares, people):
    """A sample with the linearised scores of its means and shares."""
    group = rng.choice(len(shares), len(people), p=shares)
    inside = np.eye(len(shares))[group]
    answers = np.array(means)[group] + rng.standard_normal(len(people))
    found = (inside * answers[:, None]).sum(axis=0) / inside.sum(axis=0)
    share = inside.mean(axis=0)
    return GroupRates(
        found,
        share,
        inside * (answers[:, None] - found) / inside.sum(axis=0),
        (inside - share) / len(people),
        pd.Index(people),
    )


def test_intervals_of_all_parts_cover_the_truth():
    rng = np.random.default_rng(4)
    before, after = (1.0, 2.0, 4.0), (1.0, 2.3, 3.8)
    old, new = (0.5, 0.3, 0.2), (0.4, 0.3, 0.3)
    truth = decompose_change(know(after, new), know(before, old)).parts["estimate"]
    covered = []
    for _ in range(200):
        parts = decompose_change(
            draw(rng, after, new, np.arange(400)),
            draw(rng, before, old, np.arange(400, 800)),
        ).parts
        covered.append((parts["lower"] <= truth) & (truth <= parts["upper"]))
    share = np.array(covered).mean()
    assert 0.93 <= share <= 0.97


def test_people_in_both_samples_count_once():
    rng = np.random.default_rng(5)
    people = np.arange(200)
    rates = draw(rng, (0.0, 1.0), (0.5, 0.5), people)
    same = decompose_change(rates, rates).parts
    # The same answers of the same people twice: nothing changed, for certain.
    assert same["std_error"].max() == pytest.approx(0, abs=1e-12)
    strangers = GroupRates(
        rates.means,
        rates.shares,
        rates.mean_scores,
        rates.share_scores,
        pd.Index(people + 1000),
    )
    apart = decompose_change(rates, strangers).parts
    assert apart["std_error"].iloc[1] > 0.02


def test_different_groups_are_refused():
    with pytest.raises(ValueError, match="the same groups, not 2 and 3"):
        decompose_change(know((1, 2), (1, 1)), know((1, 2, 3), (1, 1, 1)))
