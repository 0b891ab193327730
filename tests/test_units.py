import math
from datetime import date

import pytest

from analysis.quarter import write_date
from analysis.units import (
    LargeStep,
    Unit,
    choose_step,
    write_interval,
    write_money,
    write_money_unit,
    write_number,
    write_value,
)
from analysis.wording import speak


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.004, "CNY 0.00"),
        (999.4, "CNY 999.40"),
        (1_234.56, "CNY 1,235"),
        (-9_999, "CNY −9,999"),
        (12_345, "CNY 12.3 thousand"),
        (999_960, "CNY 1.00 million"),
        (-12_345_678, "CNY −12.3 million"),
        (123_456_789, "CNY 123 million"),
        (2.5e12, "CNY 2,500 billion"),
    ],
)
def test_money_keeps_three_significant_digits_and_small_amounts_are_whole(
    value, written
):
    assert write_money(value, "CNY") == written


def test_rounding_to_zero_drops_the_sign():
    assert write_number(-0.04, decimals=1, signed=True) == "0.0"


def test_changes_carry_their_sign():
    assert write_value(0.25, Unit.PERCENTAGE_POINTS, signed=True) == "+0.25 pp"
    assert write_value(-0.25, Unit.PERCENTAGE_POINTS, signed=True) == "−0.25 pp"


def test_both_ends_of_an_interval_carry_a_percent_sign():
    assert write_interval(12.06, 13.4, Unit.PERCENT) == "12.1% to 13.4%"
    assert write_interval(1.206, 1.34, Unit.RATE) == "1.21% to 1.34%"


@pytest.mark.parametrize(
    ("unit", "english", "chinese"),
    [
        (Unit.PERCENT_PER_POINT, "−8.7 to 11.5% per pp", "−8.7至11.5%/百分点"),
        (Unit.POINTS, "−8.7 to 11.5 points", "−8.7至11.5分"),
        (Unit.BASIS_POINTS, "−9 to 12 bp", "−9至12个基点"),
        (Unit.SCORE, "−8.70 to 11.50", "−8.70至11.50"),
    ],
)
def test_a_unit_in_words_is_written_once(unit, english, chinese):
    assert write_interval(-8.7, 11.5, unit) == english
    with speak("zh"):
        assert write_interval(-8.7, 11.5, unit) == chinese


@pytest.mark.parametrize(
    ("lower", "upper", "english", "chinese"),
    [
        (1.2e6, 1.4e6, "CNY 1.20 to 1.40 million", "120至140万元"),
        (9.8e6, 12e6, "CNY 9.80 to 12.0 million", "980至1,200万元"),
        (-12_345, 56_789, "CNY −12.3 to 56.8 thousand", "−1.23至5.68万元"),
        (12.5, 99.0, "CNY 12.50 to 99.00", "12.50至99.00元"),
        (1_250.0, 9_900.0, "CNY 1,250 to 9,900", "1,250至9,900元"),
        (
            99e6,
            1.5e9,
            "CNY 99.0 million to CNY 1.50 billion",
            "9,900万元至15.0亿元",
        ),
    ],
)
def test_amounts_of_one_step_share_it(lower, upper, english, chinese):
    assert write_interval(lower, upper, Unit.MONEY, currency="CNY") == english
    with speak("zh"):
        assert write_interval(lower, upper, Unit.MONEY, currency="CNY") == chinese


def test_every_unit_can_be_written():
    for unit in Unit:
        assert write_value(1.0, unit, currency="CNY")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_none_is_never_printed(value):
    with pytest.raises(ValueError, match="must be finite"):
        write_number(value)


# Chinese counts in steps of ten thousand: 万 is 10^4, 亿 is 10^8.
@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (999.4, "CNY", "999.40元"),
        (1_234, "CNY", "1,234元"),
        (12_345, "CNY", "1.23万元"),
        (-12_345_678, "CNY", "−1,235万元"),
        (99_999_999, "CNY", "1.00亿元"),
        (2.5e12, "CNY", "25,000亿元"),
        (12_345, "USD", "1.23万美元"),
    ],
)
def test_money_is_written_in_chinese_steps(value, currency, written):
    with speak("zh"):
        assert write_money(value, currency) == written


def test_units_are_written_in_chinese():
    with speak("zh"):
        assert write_value(0.25, Unit.PERCENTAGE_POINTS) == "0.25个百分点"
        assert write_value(10.0, Unit.BASIS_POINTS) == "10个基点"
        assert write_interval(12.06, 13.4, Unit.PERCENT) == "12.1%至13.4%"
        assert write_date(date(2026, 9, 30)) == "2026年9月30日"


def test_a_column_of_amounts_names_currency_and_step():
    assert write_money_unit("CNY", choose_step(2_500_000)) == "CNY million"
    with speak("zh"):
        assert write_money_unit("CNY", choose_step(2_500_000)) == "万元"
        assert write_money_unit("CNY", LargeStep(1.0, "")) == "元"


def test_a_step_too_small_is_not_used():
    assert choose_step(2_500, smallest_step=1e6) == LargeStep(1.0, "")


# Ends that round to zero would contradict a verdict of "fell" beside them.
@pytest.mark.parametrize(
    ("lower", "upper", "written"),
    [
        (-0.258, -0.003, "−0.258 to −0.003"),
        (-0.258, 0.003, "−0.26 to 0.00"),
        (0.00001, 0.5, "0.0000 to 0.5000"),
        (0.0, 0.5, "0.00 to 0.50"),
    ],
)
def test_an_interval_beyond_zero_does_not_print_zero(lower, upper, written):
    assert write_interval(lower, upper, Unit.SCORE) == written
