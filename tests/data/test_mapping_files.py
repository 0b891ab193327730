"""A mapping file is read strictly, and all its mistakes are told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.data.mapping_files import (
    expand_variables,
    find_project_root,
    list_sources,
    read_mapping,
)
from analysis.errors import BadInputError

CUSTOMERS = {"table": "customers.csv", "columns": {"customer_id": "id"}}
HEAD = """
title: A bank
attribution: Nobody
currency: CNY
period: month
kind: csv
location: data
"""


def read(project: Any, text: str) -> list[str]:
    """Read a mapping file that is wrong; give its problems as text."""
    project.write_text("params/sources/bank.yml", text)
    with pytest.raises(BadInputError, match="bank") as caught:
        read_mapping("bank", project.root)
    return [str(problem) for problem in caught.value.problems]


def test_the_project_is_found_from_any_folder_in_it(project: Any) -> None:
    deep = project.root / "notebooks" / "drafts"
    deep.mkdir(parents=True)
    assert find_project_root(deep) == project.root.resolve()


def test_a_folder_outside_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="must have a folder params/sources"):
        find_project_root(tmp_path)


def test_an_unknown_source_lists_those_that_exist(project: Any) -> None:
    project.write_source("core", tables={"customers": CUSTOMERS})
    project.write_source("cards", tables={"customers": CUSTOMERS})
    assert list_sources(project.root) == ("cards", "core")
    expected = r"no source 'crd'; there are \['cards', 'core'\]"
    with pytest.raises(BadInputError, match=expected):
        project.open("crd")


def test_a_close_name_is_suggested(project: Any) -> None:
    project.write_source("core", tables={"customers": CUSTOMERS})
    with pytest.raises(BadInputError, match="Did you mean 'core'"):
        project.open("cores")


def test_all_mistakes_of_a_file_are_told_at_once(project: Any) -> None:
    problems = read(
        project,
        """
title: A bank
currency: yuan
minor_units: 0
period: week
kind: csv
location: data
colour: red
tables:
  customer:
    table: customers.csv
    columns: {customer_id: id}
  accounts:
    table: accounts.csv
    columns:
      account_id: id
      custmer_id: owner
      contract_rate: rate
      transfer_rate: {from: ftp, unit: major}
      product: {constant: x, from: y}
  balances:
    - rows: []
""",
    )
    text = "\n".join(problems)
    expected = [
        "attribution: Field required",
        "currency: A currency must be an ISO 4217 code; did you mean CNY, found",
        "minor_units: Input should be greater than or equal to 1, found 0",
        "period: Input should be 'month' or 'quarter', found 'week'",
        "colour: Extra inputs are not permitted, found 'red'",
        "The contract has no table 'customer'. Did you mean 'customers'?",
        "The contract has no column 'custmer_id' in table 'accounts'. Did you mean",
        "must map the columns ['customer_id', 'side', 'tenor_months']",
        "Column 'contract_rate' must say the unit of the file. Add `unit:` with one of "
        "['decimal', 'percent', 'basis_points']",
        "Column 'transfer_rate' (decimal a year) can't have the unit 'major'",
        "exactly one of from, constant, row_number",
        "either a file or table, or rows",
    ]
    missing = [sentence for sentence in expected if sentence not in text]
    assert not missing, text
    assert len(problems) == len(expected)
    assert all(problem.startswith("params/sources/bank.yml") for problem in problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: [", "The file must be YAML"),
        ("- a", "The file must hold keys and values"),
        ("title: A\ntitle: B", r"keys ['title'] stand twice"),
    ],
)
def test_a_file_that_is_not_a_mapping_is_refused(
    project: Any, text: str, expected: str
) -> None:
    assert expected in read(project, text)[0]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{op: missing, column: a, value: 1}", "'missing' can't have a value"),
        ("{op: in, column: a, value: 1}", "'in' must have a list of values"),
        ("{op: not in, column: a, value: []}", "'not in' must have a list of values"),
        ("{op: '=', column: a}", "'=' must have one value"),
        ("{op: '<', column: a, value: [1, 2]}", "'<' must have one value"),
    ],
)
def test_a_condition_without_its_value_is_refused(
    project: Any, entry: str, expected: str
) -> None:
    text = f"""{HEAD}
tables:
  customers:
    table: customers.csv
    where: [{entry}]
    columns: {{customer_id: id}}
"""
    assert expected in read(project, text)[0]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ("{}", "tables must be listed, unless layout is contract"),
        ("{customers: c.csv}", "Input should be a valid tuple"),
        ("{customers: []}", "tables ['customers'] must have an origin"),
        ("{customers: {table: a.csv}}", "a table must list its columns"),
        (
            "{customers: {rows: [{customer_id: a}], distinct: true, where: "
            "[{column: a, op: given}]}}",
            "rows can't be combined with columns",
        ),
        (
            "{customers: {table: a.csv, columns: {customer_id: a, gender: "
            "{from: b, unit: percent}}}}",
            "can't have the unit 'percent'",
        ),
    ],
)
def test_an_incomplete_table_is_refused(
    project: Any, tables: str, expected: str
) -> None:
    problems = read(project, f"{HEAD}\ntables: {tables}")
    assert any(expected.lower() in problem.lower() for problem in problems)


def test_tables_beside_the_contract_layout_are_refused(project: Any) -> None:
    rows = "{customers: {rows: [{customer_id: a}]}}"
    (problem,) = read(project, f"{HEAD}\nlayout: contract\ntables: {rows}")
    assert "unless layout is contract" in problem


def test_rows_of_a_database_cannot_be_numbered(project: Any) -> None:
    tables = {
        "customers": {"table": "t", "columns": {"customer_id": {"row_number": True}}}
    }
    project.write_source(kind="duckdb", tables=tables)
    with pytest.raises(BadInputError, match="rows have no order"):
        project.open()


def test_words_that_yaml_takes_for_flags_stay_words(project: Any) -> None:
    project.write_text(
        "params/sources/bank.yml",
        HEAD
        + """
tables:
  customers:
    table: customers.csv
    columns:
      customer_id: id
      is_digital: {from: app, codes: {yes: true, no: false, 1: "true"}}
""",
    )
    (entry,) = read_mapping("bank", project.root).tables["customers"]
    codes = entry.columns["is_digital"].codes
    assert codes == {"yes": "true", "no": "false", "1": "true"}


def test_variables_of_the_environment_are_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BANK_FOLDER", "/mnt/bank")
    monkeypatch.delenv("BANK_YEAR", raising=False)
    assert (
        expand_variables("${BANK_FOLDER}/${BANK_YEAR:-2026}", "x") == "/mnt/bank/2026"
    )


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANK_FOLDER", raising=False)
    with pytest.raises(BadInputError, match="`BANK_FOLDER` must be set"):
        expand_variables("${BANK_FOLDER}", "x")


def test_a_source_that_is_not_there_says_how_to_get_it(project: Any) -> None:
    project.write_source(
        location="nowhere", obtain="Ask Mary.", tables={"customers": CUSTOMERS}
    )
    with pytest.raises(BadInputError, match=r"nothing is there. Ask Mary\."):
        project.open()


def test_files_and_columns_that_are_not_there_are_told_together(project: Any) -> None:
    project.write_text("data/customers.csv", "ident\n1\n")
    accounts = {
        "table": "konten.csv",
        "columns": {
            "account_id": "id",
            "customer_id": "owner",
            "product": "p",
            "side": {"constant": "deposit"},
            "tenor_months": {"constant": 0},
        },
    }
    customers = {
        "table": "customers.csv",
        "columns": {"customer_id": "identt", "region": "town.name"},
        "where": [{"column": "left", "op": "missing"}],
        "join": [
            {"name": "town", "table": "customers.csv", "match": {"place": "ident"}}
        ],
    }
    project.write_source(tables={"customers": customers, "accounts": accounts})
    with pytest.raises(BadInputError, match="bank") as caught:
        project.open()
    text = str(caught.value)
    assert "There must be a file or table `konten.csv`; there is none." in text
    assert "must have a column 'identt'. It has ['ident', 'town.ident']" in text
    assert "Did you mean 'ident'?" in text
    for name in ("left", "place", "town.name"):
        assert f"must have a column '{name}'" in text
