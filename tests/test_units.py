import math

import pytest

from analysis.units import Unit, write_interval, write_money, write_number, write_value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.004, "CNY 0.00"),
        (999.4, "CNY 999.40"),
        (1_234, "CNY 1.23 thousand"),
        (999_960, "CNY 1.00 million"),
        (-12_345_678, "CNY −12.3 million"),
        (123_456_789, "CNY 123 million"),
        (2.5e12, "CNY 2,500 billion"),
    ],
)
def test_money_keeps_three_significant_digits(value, written):
    assert write_money(value, "CNY") == written


def test_rounding_to_zero_drops_the_sign():
    assert write_number(-0.04, decimals=1, signed=True) == "0.0"


def test_changes_carry_their_sign():
    assert write_value(0.25, Unit.PERCENTAGE_POINTS, signed=True) == "+0.25 pp"
    assert write_value(-0.25, Unit.PERCENTAGE_POINTS, signed=True) == "−0.25 pp"


def test_both_ends_of_an_interval_carry_the_unit():
    assert write_interval(12.06, 13.4, Unit.PERCENT) == "12.1% to 13.4%"


def test_every_unit_can_be_written():
    for unit in Unit:
        assert write_value(1.0, unit, currency="CNY")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_none_is_never_printed(value):
    with pytest.raises(ValueError, match="must be finite"):
        write_number(value)
