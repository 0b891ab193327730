"""Values of states agree with what was printed, and with brute force."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.markov_value import (
    find_fundamental_matrix,
    find_steady_state,
    value_retention,
    value_states,
    value_states_until,
)


@pytest.fixture
def mailed():
    """Pfeifer and Carraway (2000): margin 40, mailing 4, five states of recency."""
    chance = (0.30, 0.20, 0.15, 0.05)
    transitions = np.zeros((5, 5))
    for state, buys in enumerate(chance):
        transitions[state, 0] = buys
        transitions[state, state + 1] = 1 - buys
    transitions[4, 4] = 1.0
    return transitions, np.array([36.0, -4.0, -4.0, -4.0, 0.0])


def test_values_over_four_periods_are_those_of_pfeifer_and_carraway(mailed):
    found = value_states_until(*mailed, discount_rate=0.2, periods=4)
    assert found[:4] == pytest.approx([50.115, 4.220, 0.592, -1.980], abs=5e-4)


def test_values_for_ever_are_those_of_pfeifer_and_carraway(mailed):
    found = value_states(*mailed, discount_rate=0.2)
    assert found[:4] == pytest.approx([52.320, 5.554, 1.251, -1.820], abs=5e-4)


def test_a_long_horizon_is_for_ever(mailed):
    long = value_states_until(*mailed, discount_rate=0.2, periods=400)
    assert long == pytest.approx(value_states(*mailed, discount_rate=0.2), abs=1e-9)


def test_draws_are_valued_as_one_by_one(mailed):
    transitions, rewards = mailed
    draws = np.array([transitions, 0.9 * transitions])
    found = value_states(draws, np.array([rewards, 2 * rewards]), discount_rate=0.2)
    for number in range(2):
        alone = value_states(draws[number], (1 + number) * rewards, discount_rate=0.2)
        assert found[number] == pytest.approx(alone, abs=1e-12)


def test_without_a_discount_there_is_no_value_for_ever(mailed):
    with pytest.raises(ValueError, match="must be above 0, not 0"):
        value_states(*mailed, discount_rate=0.0)


def test_the_drunkard_walks_as_in_grinstead_and_snell():
    """Grinstead and Snell (1997), example 11.22: N and t of the drunkard's walk."""
    walk = np.array([[0.0, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.0]])
    found = find_fundamental_matrix(walk)
    assert found == pytest.approx(np.array([[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]]))
    assert found.sum(axis=1) == pytest.approx([3, 4, 3])


def test_the_land_of_oz_has_its_weather():
    """Grinstead and Snell (1997), example 11.19: rain, nice, snow."""
    weather = np.array([[0.5, 0.25, 0.25], [0.5, 0.0, 0.5], [0.25, 0.25, 0.5]])
    assert find_steady_state(weather) == pytest.approx([0.4, 0.2, 0.4])


def test_a_chain_that_is_left_has_no_steady_state():
    with pytest.raises(ValueError, match="must add up to 1"):
        find_steady_state(np.array([[0.9, 0.0], [0.1, 0.8]]))


@pytest.mark.parametrize(
    ("retention", "discount_rate", "multiple"),
    [(0.80, 0.10, 2.67), (0.90, 0.12, 4.09), (0.60, 0.10, 1.20), (0.60, 0.16, 1.07)],
)
def test_the_simple_formula_gives_the_printed_multiples(
    retention, discount_rate, multiple
):
    """Gupta and Lehmann (2003), table of margin multiples."""
    found = value_retention(1.0, retention=retention, discount_rate=discount_rate)
    assert found == pytest.approx(multiple, abs=5e-3)


def test_one_state_collapses_to_the_simple_formula():
    chain = value_states(np.array([[0.8]]), np.array([1.0]), discount_rate=0.1)
    # The chain's first reward is paid at once, the formula's a period later.
    simple = value_retention(1.0, retention=0.8, discount_rate=0.1)
    assert chain[0] - 1 == pytest.approx(simple, abs=1e-12)
