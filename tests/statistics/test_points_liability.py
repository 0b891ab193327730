"""Loyalty points under IFRS 15."""

from __future__ import annotations

import pytest

from analysis.statistics.points_liability import (
    recognise_points,
    split_price,
    value_points,
)


def test_a_ticket_with_miles():
    # A ticket of 800 with 2,000 miles of .012, of which 80 % will be redeemed, by
    # IFRS 15: the miles are worth 19.20 alone; 781.25 is the ticket's, 18.75 theirs.
    miles = value_points(2_000, redeemed_share=0.8, value_each=0.012)
    assert miles == pytest.approx(19.20)
    split = split_price(800, goods_alone=800, points_value=miles)
    assert split.goods == pytest.approx(781.25)
    assert split.points == pytest.approx(18.75)


def test_example_52_of_the_standard():
    # IFRS 15, Example 52: goods of 100,000 with 10,000 points of 1, of which 9,500
    # will be redeemed. Printed in whole units: 91,324 and 8,676; 4,500 redeemed in
    # the first year -> 4,110; 8,500 of then 9,700 in the second -> 3,493.
    value = value_points(10_000, redeemed_share=0.95)
    assert value == pytest.approx(9_500)
    split = split_price(100_000, goods_alone=100_000, points_value=value)
    assert round(split.goods) == 91_324
    assert round(split.points) == 8_676
    first = recognise_points(split.points, redeemed=4_500, expected=9_500)
    both = recognise_points(split.points, redeemed=8_500, expected=9_700)
    assert round(first) == 4_110
    assert round(both - first) == 3_493
    # With the printed 8,676 the standard's own rounding is met, too.
    assert round(recognise_points(8_676, redeemed=4_500, expected=9_500)) == 4_110


def test_parts_add_up_to_the_price():
    split = split_price(500, goods_alone=600, points_value=40)
    assert split.goods + split.points == pytest.approx(500)


def test_all_points_redeemed_are_all_income():
    assert recognise_points(70.0, redeemed=10, expected=10) == 70.0


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_one_is_refused(share):
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        value_points(1.0, redeemed_share=share)
