"""Balances, fees and the customers of a period follow from bookings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analysis.data.derivation import Period, list_periods
from analysis.data.sources import read_tables
from analysis.errors import BadInputError
from analysis.quarter import Quarter

ACCOUNTS = """account,owner,side
d,1,deposit
l,1,loan
"""
# Account d: 100 on 11 January, 150 out on 21 January (overdrawn by 50), 80 in on
# 30 January; the statement fee of 5 and penalty interest of 2 on 31 January.
# Account l: lent 1000 on 1 February; 100 paid back on 15 February; interest of 10
# charged on 28 February.
BOOKINGS = """id,account,day,amount,kind
1,d,2026-01-11,100,deposit
2,d,2026-01-21,-150,withdrawal
3,d,2026-01-30,80,deposit
4,d,2026-01-31,-5,fee
5,d,2026-01-31,-2,penalty_interest
6,l,2026-02-01,-1000,withdrawal
7,l,2026-02-15,100,deposit
8,l,2026-02-28,-10,interest
9,d,2026-04-02,500,deposit
"""


@pytest.fixture
def bank(project: Any) -> Any:
    project.write_text("data/accounts.csv", ACCOUNTS)
    project.write_text("data/bookings.csv", BOOKINGS)
    accounts = {
        "table": "accounts.csv",
        "columns": {
            "account_id": "account",
            "customer_id": "owner",
            "product": "side",
            "side": "side",
            "tenor_months": {"constant": 0},
        },
    }
    transactions = {
        "table": "bookings.csv",
        "columns": {
            "transaction_id": "id",
            "account_id": "account",
            "date": "day",
            "amount_minor": {"from": "amount", "unit": "major"},
            "kind": "kind",
        },
    }
    tables = {"accounts": accounts, "transactions": transactions}
    project.write_source(tables=tables)
    project.write_source("quarterly", period="quarter", tables=tables)
    return project


def read_rows(names: str, source: str = "bank", quarter: str = "2026Q1") -> list[Any]:
    table = read_tables([names], quarter=quarter, source=source)[names]
    return table.order_by(table.columns[:2]).to_pyarrow().to_pylist()


def test_the_average_is_that_of_daily_balances_with_overdrawn_days_at_nil(
    bank: Any,
) -> None:
    first = read_rows("balances")[0]
    # January has 31 days: 10 at 100, 9 overdrawn, 30 January at 30, 31 January at 23.
    assert first["balance_average"] == pytest.approx((10 * 100 + 30 + 23) / 31)
    assert first["balance_end_minor"] == 2_300
    assert first["interest_minor"] == 0


def test_a_balance_stands_still_when_nothing_is_booked(bank: Any) -> None:
    rows = [row for row in read_rows("balances") if row["account_id"] == "d"]
    assert [row["period"] for row in rows] == [date(2026, 1, 31), date(2026, 2, 28)]
    assert rows[1]["balance_average"] == pytest.approx(23)


def test_the_debt_of_a_loan_is_its_balance(bank: Any) -> None:
    (loan,) = [row for row in read_rows("balances") if row["account_id"] == "l"]
    # February has 28 days: 14 at 1000, 13 at 900, the last at 910.
    assert loan["balance_average"] == pytest.approx((14 * 1000 + 13 * 900 + 910) / 28)
    assert loan["balance_end_minor"] == 91_000
    assert loan["interest_minor"] == 1_000


def test_what_happens_after_the_quarter_is_not_known(bank: Any) -> None:
    assert max(row["period"] for row in read_rows("balances")) == date(2026, 2, 28)
    later = read_rows("balances", quarter="2026Q2")
    assert max(row["period"] for row in later) == date(2026, 4, 30)
    assert len(bank.open().read("balances").to_pyarrow()) == len(later)


def test_quarterly_averages_have_the_days_of_the_quarter(bank: Any) -> None:
    row = read_rows("balances", source="quarterly")[0]
    # The quarter has 90 days; from 31 January on, 60 days, the balance is 23.
    expected = (10 * 100 + 30 + 60 * 23) / 90
    assert row["period"] == date(2026, 3, 31)
    assert row["balance_average"] == pytest.approx(expected)


def test_fees_and_penalty_interest_are_income(bank: Any) -> None:
    (row,) = read_rows("customer_income")
    assert (row["customer_id"], row["line"], row["amount_minor"]) == ("1", "fee", 700)


def test_customers_of_a_period_are_those_with_an_account(bank: Any) -> None:
    rows = read_rows("customer_periods")
    assert [(row["period"], row["customer_id"], row["tier"]) for row in rows] == [
        (date(2026, 1, 31), "1", "all"),
        (date(2026, 2, 28), "1", "all"),
    ]
    assert rows[1]["assets_average"] == pytest.approx(23)


def test_a_quarter_before_the_first_booking_is_refused(bank: Any) -> None:
    with pytest.raises(BadInputError, match="must have rows up to 2025Q4; it has none"):
        read_rows("balances", quarter="2025Q4")


def test_a_table_that_cannot_be_derived_is_refused(bank: Any) -> None:
    source = bank.open()
    assert source.derives("balances")
    assert not source.derives("accounts")
    assert not source.derives("credit_risk")
    assert source.read("balances", Quarter(2026, 1)) is source.read(
        "balances", Quarter(2026, 1)
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (
            "month",
            [
                (date(2025, 12, 1), date(2025, 12, 31)),
                (date(2026, 1, 1), date(2026, 1, 31)),
            ],
        ),
        (
            "quarter",
            [
                (date(2025, 10, 1), date(2025, 12, 31)),
                (date(2026, 1, 1), date(2026, 3, 31)),
            ],
        ),
    ],
)
def test_periods_are_listed_without_a_gap(length: Any, expected: list[Any]) -> None:
    found = list_periods(date(2025, 12, 24), date(2026, 1, 6), length)
    assert found == tuple(Period(start, end) for start, end in expected)
