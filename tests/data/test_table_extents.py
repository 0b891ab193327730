"""How much of a table a quarter's run reads, counted by hand beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.data.opening import open_source
from analysis.data.table_extents import TableExtent, measure_table
from analysis.quarter import Quarter

QUARTER = Quarter(2026, 1)
TABLES: dict[str, Any] = {
    "customers": {
        "rows": [
            {"customer_id": "1", "open_date": "2020-01-07"},
            {"customer_id": "2", "open_date": "2020-02-07"},
            {"customer_id": "3", "open_date": "2026-04-01"},
        ]
    },
    "accounts": {
        "rows": [
            {"account_id": account, "customer_id": customer}
            | {"product": "saver", "side": "deposit", "tenor_months": 0}
            for account, customer in ("a1", "b1", "c2")
        ]
    },
    "customer_income": {
        "rows": [
            {"period": period, "customer_id": customer, "line": "fee"}
            | {"amount_minor": 5}
            for period, customer in (
                ("2025-12-31", "1"),
                ("2025-12-31", "2"),
                ("2026-01-31", "1"),
                ("2026-02-28", "1"),
                ("2026-04-30", "2"),
            )
        ]
    },
    "transactions": {
        "rows": [
            {"transaction_id": day, "account_id": account, "date": day}
            | {"amount_minor": 5, "kind": "deposit"}
            for account, day in (
                ("a", "2025-11-17"),
                ("c", "2025-11-18"),
                ("a", "2026-03-03"),
                ("b", "2026-03-04"),
            )
        ]
    },
    "survey_waves": {
        "rows": [
            {"wave": "a", "period": "2025-12-31"},
            {"wave": "b", "period": "2026-03-31"},
        ]
    },
    "survey_responses": {
        "rows": [
            {"wave": "a", "respondent_id": "1", "customer_id": "1"},
            {"wave": "b", "respondent_id": "2", "customer_id": "2"},
            {"wave": "b", "respondent_id": "3", "customer_id": None},
        ]
    },
}


@pytest.fixture
def measure(project: Any) -> Any:
    project.write_source(tables=TABLES)
    source = project.open()
    return lambda name: measure_table(source, name, QUARTER)


def test_rows_and_customers_of_the_quarter_are_told_from_all(measure: Any) -> None:
    # up to March: two rows of December, one each of January and February
    assert measure("customer_income") == TableExtent(
        rows=4,
        quarter_rows=2,
        first=date(2025, 12, 31),
        last=date(2026, 2, 28),
        customers=1,
    )


def test_first_and_last_day_of_one_customer_are_not_given(measure: Any) -> None:
    # customer 3 joins after the quarter
    assert measure("customers") == TableExtent(2, None, None, None, customers=2)


def test_bookings_count_for_the_customers_of_their_accounts(measure: Any) -> None:
    # accounts a and b are booked in the quarter, both of customer 1
    assert measure("transactions") == TableExtent(
        rows=4,
        quarter_rows=2,
        first=date(2025, 11, 1),
        last=date(2026, 3, 1),
        customers=1,
    )


def test_answers_belong_to_the_quarter_of_their_wave(measure: Any) -> None:
    # two answer in the quarter's wave, one of whom nobody knows
    assert measure("survey_responses") == TableExtent(3, 2, None, None, customers=1)


def test_a_table_without_rows_has_no_time(measure: Any, project: Any) -> None:
    early = measure_table(project.open(), "customer_income", Quarter(2024, 1))
    assert early == TableExtent(0, 0, None, None, 0)


def test_the_balances_of_a_bank_are_counted_as_pandas_does(
    bank_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    source = open_source("synthetic", root=Path(__file__).parents[2])
    quarter = Quarter(2026, 2)
    balances = pd.read_parquet(bank_folder / "balances")
    balances["period"] = pd.to_datetime(balances["period"]).dt.date
    known = balances[balances["period"] <= quarter.last_day]
    recent = known[known["period"] >= quarter.first_day]
    accounts = pd.read_parquet(bank_folder / "accounts.parquet")
    owners = accounts.set_index("account_id")["customer_id"]
    assert measure_table(source, "balances", quarter) == TableExtent(
        rows=len(known),
        quarter_rows=len(recent),
        first=known["period"].min(),
        last=quarter.last_day,
        customers=owners[recent["account_id"].unique()].nunique(),
    )
