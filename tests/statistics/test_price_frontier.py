"""The best move is the one that calculus gives, and limits hold it back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.statistics.price_frontier import PriceBook, draw_frontier

DRAWS = 2_000
LIMITS = {"largest_outflow_pct": 50.0, "allowed_chance": 0.5}


def open_book(*, margin=1.0, rate=5.0, room=math.inf, balance=100.0):
    parts = np.array([0.25, 0.75])
    return PriceBook(
        balances=balance * parts,
        margins=np.full(2, margin),
        rooms=np.full(2, room),
        rates=np.full(2, rate),
    )


def draw(book, responses, moves, **changes):
    options = {"lost_margin": np.zeros(len(responses)), **LIMITS, **changes}
    return draw_frontier(book, responses, np.asarray(moves), **options)


def test_the_best_move_is_margin_less_one_over_the_response():
    # exp(b d)(m - d) is highest at d = m - 1 / b: 1 - 1 / 0.8 = -0.25 pp.
    moves = np.round(np.arange(-100, 101, 5) / 100, 2)
    found = draw(open_book(), np.full(10, 80.0), moves)
    assert found.steps["move_pp"].iloc[found.best] == -0.25
    expected = 100 * (math.exp(-0.8 * 0.25) * 1.25 - 1.0) / 100
    assert found.steps["income"].iloc[found.best] == pytest.approx(expected)


def test_balance_and_income_of_a_move_by_hand():
    # 10 % per pp and +0.5 pp: 100 exp(.05) = 105.127; it earns (1 - .5) % of that
    # where today earns 1 % of 100.
    found = draw(open_book(), np.full(4, 10.0), [0.0, 0.5])
    row = found.steps.iloc[1]
    assert row["balance_pct"] == pytest.approx(5.1271, abs=1e-4)
    assert row["income"] == pytest.approx(0.0052564 * 100 - 1.0, abs=1e-5)
    assert row["loss_probability"] == 1.0
    assert (found.steps.iloc[0].drop("move_pp") == 0).all()


def test_a_known_response_is_worth_nothing_more_and_an_unknown_one_something():
    moves = np.round(np.arange(-50, 51, 5) / 100, 2)
    known = draw(open_book(), np.full(10, 90.0), moves)
    assert known.value_of_knowing == pytest.approx(0.0, abs=1e-12)
    spread = np.random.default_rng(1).normal(90, 30, DRAWS)
    unknown = draw(open_book(), spread, moves)
    assert unknown.value_of_knowing > 0.005


def test_the_value_of_knowing_two_equal_chances_by_hand():
    # b is 50 or 200 % per pp; moves 0 and -1 pp; no limit on outflow.
    # -1 pp earns 2 % on exp(-.5) = .6065 or exp(-2) = .1353: 1.2131 or .2707, against
    # 1 today: +.2131 or -.7293 of 100 a year in percent. Expected -.2581, so stay;
    # knowing, move in half of the cases: .2131 / 2.
    responses = np.tile([50.0, 200.0], 50)
    found = draw(open_book(), responses, [-1.0, 0.0], largest_outflow_pct=100.0)
    assert found.best == 1
    assert found.value_of_knowing == pytest.approx(0.10653, abs=1e-5)


def test_outflow_that_is_not_allowed_holds_a_move_back():
    moves = np.round(np.arange(-50, 1, 5) / 100, 2)
    responses = np.random.default_rng(2).normal(20, 4, DRAWS)
    found = draw(
        open_book(), responses, moves, largest_outflow_pct=2.0, allowed_chance=0.1
    )
    assert found.steps["move_pp"].iloc[found.best] == pytest.approx(-0.05)
    assert found.steps["outflow_probability"].iloc[found.best - 1] > 0.1


def test_a_ceiling_and_the_floor_of_nothing_stop_rates():
    responses = np.full(10, 10.0)
    up = draw(open_book(room=0.1), responses, [0.0, 0.5])
    assert up.steps["balance_pct"].iloc[1] == pytest.approx(100 * math.expm1(0.01))
    down = draw(open_book(rate=0.2), responses, [-0.5, 0.0])
    assert down.steps["balance_pct"].iloc[0] == pytest.approx(100 * math.expm1(-0.02))


def test_what_other_products_lose_is_taken_off():
    responses = np.full(10, 10.0)
    alone = draw(open_book(), responses, [0.0, 0.5]).steps["income"].iloc[1]
    lost = (
        draw(open_book(), responses, [0.0, 0.5], lost_margin=np.full(10, -0.4))
        .steps["income"]
        .iloc[1]
    )
    assert lost == pytest.approx(alone - 0.2)


def test_moves_without_today_are_refused():
    with pytest.raises(ValueError, match="must hold 0, which is today"):
        draw(open_book(), np.full(4, 10.0), [0.1, 0.2])
