"""New money costs what the first-order condition of a price-setting bank says."""

from __future__ import annotations

import math

import pytest
from scipy.optimize import minimize_scalar

from analysis.statistics.marginal_cost import find_marginal_cost


@pytest.mark.parametrize(
    ("share", "above"), [(1.0, 8.333), (0.1, 0.833)], ids=["whole book", "new money"]
)
def test_a_response_of_12_costs_8_points_more_for_the_whole_book(share, above):
    # R + s / b with b = 12 % per pp: 1 / 0.12 = 8.33 pp; a tenth of it for s = .1.
    cost = find_marginal_cost(1.0, share, 12.0, (8.0, 16.0))
    assert cost.estimate == pytest.approx(1.0 + above, abs=1e-3)


def test_at_the_best_rate_new_money_costs_what_it_is_worth():
    # Monti and Klein: a bank that earns 3 % on money and pays r on all of exp(.8 r).
    found = minimize_scalar(
        lambda rate: -(2.718281828459045 ** (0.8 * rate)) * (3.0 - rate),
        bounds=(0, 3),
        method="bounded",
        options={"xatol": 1e-10},
    )
    cost = find_marginal_cost(float(found.x), 1.0, 80.0, (70.0, 90.0))
    assert cost.estimate == pytest.approx(3.0, abs=1e-6)


def test_a_small_step_costs_its_marginal_cost():
    rate, response, share, step = 1.5, 20.0, 0.25, 1e-6
    drawn = response / 100 * step
    paid = (rate + step) * drawn + share * step
    cost = find_marginal_cost(rate, share, response, (10.0, 30.0))
    assert paid / drawn == pytest.approx(cost.estimate, abs=1e-4)


def test_ends_turn_round_and_have_no_upper_one_if_the_response_may_be_nothing():
    cost = find_marginal_cost(1.0, 1.0, 10.0, (5.0, 20.0))
    assert (cost.lower, cost.upper) == (6.0, 21.0)
    assert find_marginal_cost(1.0, 1.0, 10.0, (-1.0, 20.0)).upper == math.inf


def test_a_response_of_nothing_and_a_share_beyond_one_are_refused():
    with pytest.raises(ValueError, match=r"must be above 0, not 0\.0"):
        find_marginal_cost(1.0, 1.0, 0.0, (-1.0, 1.0))
    with pytest.raises(ValueError, match=r"from 0 to 1, not 1\.2"):
        find_marginal_cost(1.0, 1.2, 10.0, (5.0, 20.0))
