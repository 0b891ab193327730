"""The primary rules say of the Handbook's examples what the Handbook says."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.presentation.disclosure.primary import (
    find_dominated,
    find_guessable,
    find_rare,
    find_telling_parts,
)

# Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed., section 4.2.1.
EXAMPLE_1 = (50_000.0, 49_000.0, 100_000.0)
EXAMPLE_2 = (52_000.0, 50_000.0, 110_000.0)


def as_arrays(example: tuple[float, ...]) -> list[np.ndarray]:
    return [np.array([value]) for value in example]


def test_example_1_is_safe_by_dominance_of_one_and_unsafe_by_p_percent() -> None:
    cell = as_arrays(EXAMPLE_1)
    assert not find_dominated(*cell, n=1, percent=90)[0]
    # The second estimates the largest as 51,000: 2 % too much.
    assert find_guessable(*cell, percent=10)[0]
    assert find_guessable(*cell, percent=2.001)[0]
    assert not find_guessable(*cell, percent=2)[0]


def test_example_2_is_safe_by_p_percent_and_unsafe_by_dominance_of_two() -> None:
    cell = as_arrays(EXAMPLE_2)
    # The second estimates the largest as 60,000: 15.4 % too much.
    assert not find_guessable(*cell, percent=10)[0]
    assert not find_guessable(*cell, percent=15.3)[0]
    assert find_guessable(*cell, percent=15.4)[0]
    assert find_dominated(*cell, n=2, percent=100 * 100 / 110)[0]


@pytest.mark.parametrize(("k", "p"), [(80, 25), (95, 5.26)])
def test_two_k_corresponds_to_p(k: float, p: float) -> None:
    assert 100 * (100 - k) / k == pytest.approx(p, abs=0.005)
    # Proof of A: what is safe by (2, k) is safe by p = 100 (100 - k) / k.
    shares = np.sort(np.random.default_rng(1).dirichlet([0.5] * 4, 2_000), axis=1)
    cell = (shares[:, -1], shares[:, -2], shares.sum(axis=1))
    guessable = find_guessable(*cell, percent=100 * (100 - k) / k)
    dominated = find_dominated(*cell, n=2, percent=k)
    assert dominated.sum() > guessable.sum() > 0
    assert not (guessable & ~dominated).any()


@pytest.mark.parametrize(
    ("count", "is_rare"), [(0, False), (1, True), (9, True), (10, False)]
)
def test_one_to_nine_customers_are_rare(count: int, is_rare: bool) -> None:
    assert find_rare(np.array([float(count)]), minimum=10)[0] == is_rare


@pytest.mark.parametrize(
    ("part", "group", "tells"),
    [
        (0, 50, False),  # nobody: describes nobody
        (9, 50, True),  # few
        (10, 50, False),
        (40, 50, False),
        (41, 50, True),  # all but nine
        (49, 50, True),  # all but one
        (50, 50, True),  # group disclosure
        (0, 0, False),
    ],
)
def test_a_part_tells_on_itself_on_the_rest_or_on_all(
    part: int, group: int, tells: bool
) -> None:
    found = find_telling_parts(
        np.array([float(part)]), np.array([float(group)]), minimum=10
    )
    assert found[0] == tells


def test_an_amount_of_nobody_is_safe() -> None:
    zero = np.zeros(1)
    assert not find_dominated(zero, zero, zero, n=2, percent=90)[0]
    assert not find_guessable(zero, zero, zero, percent=10)[0]


def test_a_tie_does_not_depend_on_the_last_bit() -> None:
    # 0.7 + 0.2 of 1 is 90 % exactly, though not in binary.
    cell = as_arrays((0.7, 0.2, 1.0))
    assert not find_dominated(*cell, n=2, percent=90)[0]
    # 1 + 0.5 + 0.1 leaves p = 10 % exactly.
    assert not find_guessable(*as_arrays((1.0, 0.5, 1.6)), percent=10)[0]
