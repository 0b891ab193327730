"""A bank's own PostgreSQL: everything is done in it, nothing is written to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.data.checks import check_source, find_problems
from analysis.data.sources import read_tables
from analysis.errors import BadInputError

# One account: 100.00 on 11 January, 50.00 out on 21 January, interest 1.00 and a fee
# of 2.00 on 31 January. Average of the daily balances of January, of 31 days:
# (10 days at 100 + 10 days at 50 + 1 day at 49) / 31 = 1549 / 31.
BOOKINGS = """
create schema if not exists core;
create table core.konto (nr integer, kunde integer, art text, von date);
insert into core.konto values
  (7, 1, 'giro', '2026-01-11'), (8, 1, 'giro', '2026-02-01');
create table core.buchung (id bigint, konto integer, tag text, betrag numeric(12, 2),
                           art text);
insert into core.buchung values
  (1, 7, '11.01.2026', 100.00, 'E'), (2, 7, '21.01.2026', -50.00, 'A'),
  (3, 7, '31.01.2026', 1.00, 'Z'), (4, 7, '31.01.2026', -2.00, 'G'),
  (5, 8, '01.02.2026', 10.00, 'E'), (6, 7, '01.04.2026', 77.00, 'E');
create table core.kunde (nr integer, name text);
insert into core.kunde values (1, 'A');
"""
TABLES: dict[str, Any] = {
    "customers": {"table": "core.kunde", "columns": {"customer_id": "nr"}},
    "accounts": {
        "table": "core.konto",
        "columns": {
            "account_id": "nr",
            "customer_id": "kunde",
            "product": "art",
            "side": {"constant": "deposit"},
            "tenor_months": {"constant": 0},
            "open_date": "von",
        },
    },
    "transactions": {
        "table": "core.buchung",
        "columns": {
            "transaction_id": "id",
            "account_id": "konto",
            "date": {"from": "tag", "date_format": "%d.%m.%Y"},
            "amount_minor": {"from": "betrag", "unit": "major"},
            "kind": {
                "from": "art",
                "codes": {
                    "E": "deposit",
                    "A": "withdrawal",
                    "Z": "interest",
                    "G": "fee",
                },
            },
        },
    },
}


@pytest.fixture
def bank(project: Any, postgres: str, load: Callable[[str], None]) -> Any:
    load("drop schema if exists core cascade;" + BOOKINGS)
    project.write_source(kind="sql", location=postgres, tables=TABLES)
    return project


def test_balances_of_a_database_follow_from_its_bookings(bank: Any) -> None:
    tables = read_tables(["balances"], quarter="2026Q1", source="bank")
    balances = tables["balances"].order_by("period", "account_id").to_pyarrow()
    rows = balances.to_pylist()
    assert [(str(r["period"]), r["account_id"]) for r in rows] == [
        ("2026-01-31", "7"),
        ("2026-02-28", "7"),
        ("2026-02-28", "8"),
    ]
    assert rows[0]["balance_average"] == pytest.approx(1549 / 31)
    assert rows[0]["balance_end_minor"] == 4900
    assert rows[0]["interest_minor"] == 100
    assert rows[1]["balance_average"] == pytest.approx(49)


def test_fees_of_a_database_are_customer_income(bank: Any) -> None:
    tables = read_tables(["customer_income"], quarter="2026Q1", source="bank")
    rows = tables["customer_income"].to_pyarrow().to_pylist()
    assert [(r["line"], r["amount_minor"]) for r in rows] == [("fee", 200)]


def test_a_sound_database_passes_its_checks(bank: Any) -> None:
    report = check_source("bank", "2026Q1")
    assert report.passed
    assert "customer_periods" in [table.name for table in report.tables]


def test_an_orphan_in_a_database_is_told_without_rows(
    bank: Any, load: Callable[[str], None]
) -> None:
    load("insert into core.konto values (9, 404, 'giro', '2026-01-01')")
    (problem,) = find_problems("bank", ["accounts"], "2026Q1")
    assert problem.what == (
        "Column 'customer_id' of table 'accounts' must be a key of 'customers'; "
        "1 of 3 rows have none there (`core.konto`)."
    )


def test_a_missing_table_of_a_database_is_told(bank: Any) -> None:
    tables = {**TABLES, "customers": {**TABLES["customers"], "table": "core.client"}}
    bank.write_source(kind="sql", location="${BANK_URL}", tables=tables)
    with pytest.raises(BadInputError, match="`BANK_URL` must be set"):
        bank.open()


def test_an_unreachable_database_does_not_tell_its_password(project: Any) -> None:
    location = "postgres://bank:secret@127.0.0.1:1/postgres"
    project.write_source(kind="sql", location=location, tables=TABLES)
    with pytest.raises(BadInputError, match="postgres database of") as caught:
        project.open()
    assert "secret" not in str(caught.value)


def test_the_shared_folder_is_not_needed_here(tmp_path: Path) -> None:
    assert not list(tmp_path.iterdir())
