"""Splits of a change into price, volume and mix, against published examples."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.price_volume_mix import (
    split_price_volume_mix,
    split_rate_volume,
)

# Accountancy Index, https://accountancyindex.com/price-volume-mix-analysis: three
# products A, B, C of year 1 and year 2.
PRICES = (np.array([10.0, 15.0, 20.0]), np.array([11.0, 15.0, 23.0]))
VOLUMES = (np.array([1000.0, 800.0, 500.0]), np.array([1000.0, 700.0, 800.0]))


def test_the_published_basket_is_split_exactly():
    # Printed: revenue 32,000 and 39,900. Exact, from the printed prices and volumes:
    # volume 200 x 32,000/2,300, mix 36,500 - 2,500 x 32,000/2,300, price 3,400.
    assert VOLUMES[0] @ PRICES[0] == 32_000
    assert VOLUMES[1] @ PRICES[1] == 39_900
    split = split_price_volume_mix(VOLUMES[0], PRICES[0], VOLUMES[1], PRICES[1])
    assert split.volume == pytest.approx(2_782.61, abs=0.005)
    assert split.mix == pytest.approx(1_717.39, abs=0.005)
    assert split.price == pytest.approx(3_400.00, abs=1e-9)
    assert split.total == pytest.approx(7_900, abs=1e-9)


def test_the_printed_mix_is_only_the_joint_effect():
    # Printed: price 2,500 at old volumes, volume 4,500 at old prices, mix 900.
    old_volumes = VOLUMES[0] @ (PRICES[1] - PRICES[0])
    old_prices = (VOLUMES[1] - VOLUMES[0]) @ PRICES[0]
    joint = (VOLUMES[1] - VOLUMES[0]) @ (PRICES[1] - PRICES[0])
    assert (old_volumes, old_prices, joint) == (2_500, 4_500, 900)
    split = split_price_volume_mix(VOLUMES[0], PRICES[0], VOLUMES[1], PRICES[1])
    assert split.price == pytest.approx(old_volumes + joint)
    assert split.volume + split.mix == pytest.approx(old_prices)


# A mortgage trust, 10-Q for the quarter ended 30 September 2011 (SEC file
# 0001193125-11-296585, note 11), thousands of dollars: mortgage securities and
# borrowings, amount and average rate of both quarters, rate and volume as printed.
FILED = {
    "mortgage securities": (40_614, 2.22, 62_890, 2.17, -934, 23_210),
    "repurchase arrangements": (11_096, 0.66, 15_744, 0.57, -1_654, 6_302),
}


@pytest.mark.parametrize("line", FILED)
def test_a_filed_change_of_interest_is_split_as_printed(line):
    before, rate_before, now, rate_now, rate, volume = FILED[line]
    rates = np.array([rate_before, rate_now]) / 100
    balances = np.array([before, now]) / rates
    split = split_rate_volume(balances[:1], rates[:1], balances[1:], rates[1:])
    # Printed from unrounded rates; ours start from rates of two decimals.
    assert split.rate[0] == pytest.approx(rate, rel=0.03)
    assert split.volume[0] == pytest.approx(volume, rel=0.01)
    assert split.rate[0] + split.volume[0] == pytest.approx(now - before)


def test_the_first_filed_line_from_its_printed_rates():
    # Printed -934 and 23,210; exact from the printed rates -934.57 and 23,210.57.
    before, now = np.array([40_614 / 0.0222]), np.array([62_890 / 0.0217])
    split = split_rate_volume(before, np.array([0.0222]), now, np.array([0.0217]))
    assert split.rate[0] == pytest.approx(-934.57, abs=0.005)
    assert split.volume[0] == pytest.approx(23_210.57, abs=0.005)


def test_one_item_has_no_mix():
    one = [np.array([value]) for value in (4.0, 2.0, 5.0, 3.0)]
    split = split_price_volume_mix(*one)
    assert (split.volume, split.mix, split.price) == (2.0, 0.0, 5.0)


def test_nothing_that_moved_leaves_nothing_to_share():
    held = np.array([100.0, 0.0])
    split = split_rate_volume(held, np.array([0.02, 0.0]), held, np.array([0.02, 0.0]))
    assert split.rate.tolist() == [0.0, 0.0]
    assert split.volume.tolist() == [0.0, 0.0]


def test_no_average_price_without_a_quantity_before():
    none, some = np.zeros(2), np.ones(2)
    with pytest.raises(ValueError, match="must add up to more than zero"):
        split_price_volume_mix(none, some, some, some)
