from datetime import date

import pytest

from analysis.quarter import Quarter, write_quarter
from analysis.wording import speak


def test_third_quarter_ends_in_september():
    quarter = Quarter.parse("2026Q3")
    assert (quarter.first_day, quarter.last_day) == (
        date(2026, 7, 1),
        date(2026, 9, 30),
    )


def test_quarter_before_the_first_is_in_the_year_before():
    assert str(Quarter.parse("2026Q1").previous) == "2025Q4"


def test_year_ago_keeps_the_number():
    assert str(Quarter.parse("2026Q3").year_ago) == "2025Q3"


def test_every_day_of_a_leap_year_falls_between_first_and_last_day():
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        quarter = Quarter.of(day)
        assert quarter.first_day <= day <= quarter.last_day


def test_quarters_sort_in_time():
    assert Quarter.parse("2025Q4") < Quarter.parse("2026Q1")


@pytest.mark.parametrize("text", ["2026Q5", "2026q3", "26Q3", "2026-Q3", " 2026Q3", ""])
def test_other_spellings_are_refused(text):
    with pytest.raises(ValueError, match="must be written like '2026Q3'"):
        Quarter.parse(text)


def test_a_quarter_is_written_in_the_language_spoken():
    assert write_quarter(Quarter(2026, 3)) == write_quarter("2026Q3") == "2026Q3"
    with speak("zh"):
        assert write_quarter("2026Q3") == "2026年第3季度"
