"""The one door to data: what was asked for, as it was known at the quarter's end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analysis.data.sources import read_tables
from analysis.errors import BadInputError
from analysis.quarter import Quarter

CUSTOMERS = """id,opened,closed
1,2020-01-01,2026-02-01
2,2020-01-01,2026-05-01
3,2026-04-01,
4,,
"""
TABLES: dict[str, Any] = {
    "customers": {
        "table": "c.csv",
        "columns": {"customer_id": "id", "open_date": "opened", "close_date": "closed"},
    },
    "survey_waves": {
        "rows": [
            {"wave": "a", "period": "2026-03-31"},
            {"wave": "b", "period": "2026-06-30"},
        ]
    },
    "survey_responses": {
        "rows": [
            {"wave": "a", "respondent_id": "1"},
            {"wave": "b", "respondent_id": "2"},
        ]
    },
    "ledger": {
        "rows": [
            {"period": "2026-03-31", "line": "fee", "amount_minor": 1},
            {"period": "2026-04-30", "line": "fee", "amount_minor": 2},
        ]
    },
}


@pytest.fixture
def bank(project: Any) -> Any:
    project.write_text("data/c.csv", CUSTOMERS)
    project.write_source(currency="KWD", minor_units=1000, tables=TABLES)
    return project


def test_the_facts_of_a_source_are_given(bank: Any) -> None:
    tables = read_tables(["ledger"], quarter="2026Q1", source="bank")
    info = tables.source
    assert (info.name, info.title, info.currency) == ("bank", "A bank", "KWD")
    assert (info.minor_units, info.period, info.attribution) == (
        1000,
        "month",
        "Nobody",
    )
    assert tables.quarter == Quarter(2026, 1)


def test_nothing_after_the_quarter_is_read(bank: Any) -> None:
    names = ["customers", "ledger", "survey_waves", "survey_responses"]
    tables = read_tables(names, quarter="2026Q1", source="bank")
    assert tables["ledger"].amount_minor.to_pyarrow().to_pylist() == [1]
    assert tables["survey_waves"].wave.to_pyarrow().to_pylist() == ["a"]
    assert tables["survey_responses"].wave.to_pyarrow().to_pylist() == ["a"]
    customers = tables["customers"].order_by("customer_id").to_pyarrow()
    assert customers["customer_id"].to_pylist() == ["1", "2", "4"]
    # Customer 2 will leave in May: at the end of March nobody knows.
    assert customers["close_date"].to_pylist() == [date(2026, 2, 1), None, None]


def test_optional_tables_are_there_when_the_source_has_them(bank: Any) -> None:
    tables = read_tables(
        ["customers"], quarter="2026Q1", source="bank", optional=["ledger", "events"]
    )
    assert list(tables) == ["customers", "ledger"]
    assert len(tables) == 2
    assert "events" not in tables
    assert "ledger" in tables


def test_a_table_that_was_not_asked_for_is_refused(bank: Any) -> None:
    tables = read_tables(["customers"], quarter="2026Q1", source="bank")
    with pytest.raises(KeyError, match="Tables must be asked for; 'ledger'"):
        tables["ledger"]


def test_a_required_table_that_is_missing_is_told(bank: Any) -> None:
    with pytest.raises(BadInputError, match="must have the table 'events'"):
        read_tables(["events", "ledger"], quarter="2026Q1", source="bank")


def test_a_quarter_in_other_words_is_refused(bank: Any) -> None:
    with pytest.raises(BadInputError, match="written like '2026Q3', not 'Q1 2026'"):
        read_tables(["ledger"], quarter="Q1 2026", source="bank")


def test_checks_run_once_when_asked_for(bank: Any) -> None:
    tables = read_tables(["ledger"], quarter="2026Q1", source="bank")
    assert tables.checks is tables.checks
    assert {check.table for check in tables.checks} == {"ledger"}


def test_survey_answers_without_waves_are_given_whole(project: Any) -> None:
    project.write_source(tables={"survey_responses": TABLES["survey_responses"]})
    tables = read_tables(["survey_responses"], quarter="2026Q1", source="bank")
    assert tables["survey_responses"].count().to_pyarrow().as_py() == 2


def test_a_notebook_finds_the_project_from_its_own_folder(
    bank: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bank.root / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    tables = read_tables(["customers"], quarter="2026Q1", source="bank")
    assert tables["customers"].count().to_pyarrow().as_py() == 3
