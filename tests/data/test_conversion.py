"""Values reach the contract in its units, types and codes."""

from __future__ import annotations

from datetime import date
from string import whitespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.data.contract import CONTRACT, Column
from analysis.data.conversion import Conventions, convert_column
from analysis.data.mapping import ColumnMapping
from analysis.data.mapping_contract import list_units
from analysis.data.row_origin import FAILED

MONEY = CONTRACT["balances"].column("balance_end_minor")
AVERAGE = CONTRACT["balances"].column("balance_average")
RATE = CONTRACT["accounts"].column("contract_rate")
SHARE = CONTRACT["credit_risk"].column("loss_given_default")
DAY = CONTRACT["accounts"].column("open_date")
PERIOD = CONTRACT["balances"].column("period")
TEXT = CONTRACT["customers"].column("region")
WHOLE = CONTRACT["customers"].column("birth_year")
FLAG = CONTRACT["customers"].column("is_digital")


@pytest.fixture
def convert(project: Any) -> Any:
    """Convert values of one column; give the result and what failed."""

    def run(
        values: list[Any],
        column: Column,
        conventions: Conventions | None = None,
        **spec: Any,
    ) -> tuple[list[Any], list[str]]:
        project.write_parquet("values.parquet", pd.DataFrame({"x": values}))
        project.write_source(
            kind="parquet",
            tables={
                "customers": {
                    "table": "values.parquet",
                    "columns": {"customer_id": "x"},
                }
            },
        )
        raw = project.open().reader.read("values.parquet").order_by("__row")
        mapping = ColumnMapping.model_validate({"from": "x", **spec})
        converted = convert_column(
            raw, column, mapping, conventions or Conventions(100)
        )
        done = raw.select(value=converted.value, failed=converted.failed).to_pyarrow()
        failed = [text for text in done["failed"].to_pylist() if text is not None]
        return done["value"].to_pylist(), failed

    return run


@pytest.mark.parametrize(
    ("unit", "value", "minor"),
    [
        ("minor", "12345", 12_345),
        ("major", "700.10", 70_010),
        ("thousand", "1.5", 150_000),
        ("ten_thousand", "1.5", 1_500_000),
        ("million", "0.001", 100_000),
        ("hundred_million", "2", 20_000_000_000),
    ],
)
def test_money_becomes_whole_minor_units(
    convert: Any, unit: str, value: str, minor: int
) -> None:
    assert convert([value], MONEY, unit=unit) == ([minor], [])


def test_cents_of_large_amounts_are_kept(convert: Any) -> None:
    # Doubles tell cents apart up to 2**46, some 70 trillion.
    found = convert(["69999999999999.99"], MONEY, unit="major")
    assert found[0] == [6_999_999_999_999_999]


def test_amounts_beyond_what_a_double_holds_are_refused(convert: Any) -> None:
    assert convert(["900719925474099100"], MONEY, unit="major") == (
        [None],
        ["900719925474099100"],
    )


@pytest.mark.parametrize(
    ("unit", "expected"), [("major", 12.5), ("minor", 0.125), ("thousand", 12_500.0)]
)
def test_averages_become_major_units(convert: Any, unit: str, expected: float) -> None:
    assert convert([12.5], AVERAGE, unit=unit)[0] == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("decimal", "0.0135", 0.0135),
        ("percent", "1.35", 0.0135),
        ("percent", "1.35%", 0.0135),
        ("basis_points", "135", 0.0135),
    ],
)
def test_rates_become_decimals(
    convert: Any, unit: str, value: str, expected: float
) -> None:
    assert convert([value], RATE, unit=unit)[0] == [pytest.approx(expected)]


def test_shares_become_parts_of_one(convert: Any) -> None:
    assert convert(["45"], SHARE, unit="percent")[0] == [pytest.approx(0.45)]


def test_the_number_of_minor_units_is_the_currency_s(convert: Any) -> None:
    assert convert(["1.234"], MONEY, Conventions(1000), unit="major")[0] == [1234]


def test_marks_in_numbers_are_understood(convert: Any) -> None:
    german = Conventions(100, decimal=",", thousands=".")
    assert convert(["1.234,50"], MONEY, german, unit="major")[0] == [123_450]
    english = Conventions(100, thousands=",")
    assert convert(["1,234.50"], MONEY, english, unit="major")[0] == [123_450]


def test_sign_and_origin_can_be_changed(convert: Any) -> None:
    money = CONTRACT["transactions"].column("amount_minor")
    assert convert(["5"], money, unit="major", scale=-1)[0] == [-500]
    assert convert(["70"], WHOLE, offset=1900)[0] == [1970]


def test_blanks_and_marks_are_missing_and_not_failures(convert: Any) -> None:
    values = ["1.5", "", "  ", "n/a", "-", None]
    marked = Conventions(100, missing=("-",))
    found = convert(values, RATE, marked, unit="percent", missing=["n/a"])
    assert found == ([pytest.approx(0.015), None, None, None, None, None], [])


def test_white_space_of_any_kind_is_stripped_from_both_ends(convert: Any) -> None:
    padded = [f"{end}A 1" for end in whitespace] + [f"A 1{end}" for end in whitespace]
    assert convert([*padded, f"{whitespace}A 1"], TEXT)[0] == ["A 1"] * 13
    assert convert(["", *whitespace], TEXT) == ([None] * 7, [])


def test_numbers_can_be_marks_for_missing(convert: Any) -> None:
    assert convert([1980, -999], WHOLE, missing=[-999]) == ([1980, None], [])


def test_not_a_number_is_missing_and_infinity_fails(convert: Any) -> None:
    assert convert([0.5, np.nan, np.inf], SHARE) == ([0.5, None, None], ["inf"])


def test_what_is_no_number_is_kept_beside(convert: Any) -> None:
    assert convert(["1", "one", "1 2"], WHOLE) == ([1, None, None], ["one", "1 2"])


def test_half_a_year_of_birth_fails(convert: Any) -> None:
    assert convert(["1980.5"], WHOLE) == ([None], ["1980.5"])


def test_codes_are_translated_and_unknown_ones_fail(convert: Any) -> None:
    codes = {"活期": "demand", 2: "term"}
    found = convert([" 活期 ", "2", "x"], TEXT, codes=codes)
    assert found == (["demand", "term", None], ["x"])


def test_whole_numbers_held_as_floats_are_keys_without_decimals(convert: Any) -> None:
    assert convert([5.0, np.nan, 6.5], TEXT)[0] == ["5", None, "6.5"]
    assert convert([5.0], TEXT, codes={"5": "five"})[0] == ["five"]


def test_a_pattern_takes_a_part_of_the_text(convert: Any) -> None:
    found = convert(["700613", "x"], WHOLE, pattern=r"^(\d\d)", offset=1900)
    assert found == ([1970, None], ["x"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["true", "0", "1"], [True, False, True]),
        ([True, False, None], [True, False, None]),
    ],
)
def test_flags_are_read(
    convert: Any, values: list[Any], expected: list[bool | None]
) -> None:
    assert convert(values, FLAG)[0] == expected


def test_days_are_read_as_they_are_written(convert: Any) -> None:
    assert convert(["930101", "931341"], DAY, date_format="%y%m%d") == (
        [date(1993, 1, 1), None],
        ["931341"],
    )
    assert convert([20260131], DAY, date_format="%Y%m%d")[0] == [date(2026, 1, 31)]
    assert convert(["2026-01-31", "31.1."], DAY) == (
        [date(2026, 1, 31), None],
        ["31.1."],
    )
    assert convert([pd.Timestamp(2026, 1, 31, 12)], DAY)[0] == [date(2026, 1, 31)]


@pytest.mark.parametrize(
    ("value", "length", "expected"),
    [
        ("2026-02-01", "month", date(2026, 2, 28)),
        ("2024-02-29", "month", date(2024, 2, 29)),
        ("2026-12-31", "month", date(2026, 12, 31)),
        ("2026-02-01", "quarter", date(2026, 3, 31)),
        ("2026-12-01", "quarter", date(2026, 12, 31)),
    ],
)
def test_a_day_moves_to_the_end_of_its_period(
    convert: Any, value: str, length: str, expected: date
) -> None:
    assert convert([value], PERIOD, period_end=length)[0] == [expected]


@pytest.mark.parametrize("label", ["2026Q3", "2026-Q3", "2026 q3", "2026-3"])
def test_the_label_of_a_quarter_is_its_last_day(convert: Any, label: str) -> None:
    found = convert([label, "Q5"], PERIOD, date_format="quarter", period_end="quarter")
    assert found == ([date(2026, 9, 30), None], ["Q5"])


def test_a_month_is_its_last_day(convert: Any) -> None:
    found = convert(["202602"], PERIOD, date_format="%Y%m", period_end="month")
    assert found[0] == [date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("column", "units"),
    [
        (RATE, ("decimal", "percent", "basis_points")),
        (SHARE, ("decimal", "percent")),
        (TEXT, ()),
    ],
)
def test_a_column_has_the_units_of_its_kind(
    column: Column, units: tuple[str, ...]
) -> None:
    assert list_units(column) == units


def test_absent_optional_columns_are_missing_in_their_type(project: Any) -> None:
    project.write_text("data/c.csv", "id\n1\n")
    columns = {"customer_id": "id", "gender": {"constant": "x"}}
    project.write_source(tables={"customers": {"table": "c.csv", "columns": columns}})
    source = project.open()
    customers = source.read("customers")
    assert customers.columns == tuple(c.name for c in CONTRACT["customers"].columns)
    assert customers.open_date.type().is_date()
    assert customers.birth_year.type().is_int64()
    (row,) = customers.to_pyarrow().to_pylist()
    assert row["gender"] == "x"
    assert row["open_date"] is None
    assert FAILED + "customer_id" in source.build("customers").columns
