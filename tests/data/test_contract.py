"""The data dictionary is complete and agrees with itself."""

from __future__ import annotations

import pytest

from analysis.data.contract import CONTRACT, Column, Table, name_code
from analysis.data.conversion import ENGINE_TYPES

TABLES = list(CONTRACT.values())
COLUMNS = [(table.name, column) for table in TABLES for column in table.columns]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_says_its_grain_meaning_and_key(table: Table) -> None:
    assert table.grain.startswith("one row per ")
    assert table.meaning.endswith(".")
    assert table.key
    assert set(table.key) <= {column.name for column in table.columns}
    assert CONTRACT[table.name] is table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_key_columns_come_first_and_are_required(table: Table) -> None:
    first = [column.name for column in table.columns[: len(table.key)]]
    assert sorted(first) == sorted(table.key) or table.name == "activity_times"
    assert all(table.column(name).required for name in table.key)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_says_its_unit_and_meaning(table: str, column: Column) -> None:
    assert column.unit
    assert column.meaning.endswith(".")
    assert column.type in ENGINE_TYPES
    assert column.name == column.name.lower()


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_code_has_a_name(table: str, column: Column) -> None:
    names = [name_code(code) for code in column.codes]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_reference_names_the_key_of_another_table(table: Table) -> None:
    for column, target in table.references:
        assert table.column(column)
        assert CONTRACT[target].key == (column,)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_money_in_the_ledger_is_whole_and_rates_are_decimals(
    table: str, column: Column
) -> None:
    assert (column.type == "minor") == column.name.endswith("_minor")
    if column.type == "rate":
        assert (column.minimum, column.maximum) == (-0.05, 0.5)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="'accounts' has no column 'colour'"):
        CONTRACT["accounts"].column("colour")


def test_tables_with_periods_are_told_from_the_others() -> None:
    assert CONTRACT["balances"].has_periods
    assert not CONTRACT["survey_waves"].has_periods
