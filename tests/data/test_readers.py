"""Every kind of file that a bank sends can be read, and rows can be found again."""

from __future__ import annotations

import gc
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from analysis.data.row_origin import FILE, ROW
from analysis.data.sources import read_tables
from analysis.errors import BadInputError

CUSTOMERS = {
    "table": "customers.csv",
    "columns": {"customer_id": "id", "region": "region"},
}
TEXT = "id,region\n1,上海\n2,浙江\n"


def read_regions(project: Any) -> list[str]:
    customers = project.open().read("customers")
    return customers.order_by("customer_id").region.to_pyarrow().to_pylist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("declared", ["auto", None])
def test_text_is_read_in_every_encoding_that_spreadsheets_write(
    project: Any, encoding: str, declared: str | None
) -> None:
    project.write_text("data/customers.csv", TEXT, encoding)
    project.write_source(
        csv={"encoding": declared or encoding}, tables={"customers": CUSTOMERS}
    )
    assert read_regions(project) == ["上海", "浙江"]


def test_a_character_cut_between_two_pieces_is_read(project: Any) -> None:
    # 3 bytes a character in UTF-8: a piece of 2**20 bytes ends inside one of them.
    project.write_text("data/customers.csv", f"id,region\n1,{'海' * 500_000}\n")
    project.write_source(tables={"customers": CUSTOMERS})
    assert read_regions(project) == ["海" * 500_000]


def test_a_wrong_encoding_is_told(project: Any) -> None:
    project.write_text("data/customers.csv", TEXT, "gbk")
    project.write_source(csv={"encoding": "utf-8"}, tables={"customers": CUSTOMERS})
    with pytest.raises(BadInputError, match=r"must be written in one of \['utf-8'\]"):
        project.open()


def test_packed_text_and_its_dialect_are_read(project: Any) -> None:
    text = "id;region\n'1';'a;b'\n'2';'it''s'\n"
    project.write_bytes("data/customers.csv.gz", gzip.compress(text.encode()))
    entry = {**CUSTOMERS, "table": "customers.csv.gz"}
    project.write_source(
        csv={"delimiter": ";", "quote": "'"}, tables={"customers": entry}
    )
    assert read_regions(project) == ["a;b", "it's"]


def test_a_folder_of_text_files_is_one_table_and_rows_keep_their_file(
    project: Any,
) -> None:
    project.write_text("data/customers/b.csv", "id,region\n3,x\n")
    project.write_text("data/customers/a.csv", "id,region\n1,x\n2,y\n")
    project.write_text("data/customers/.hidden", "no table")
    project.write_source(tables={"customers": {**CUSTOMERS, "table": "customers"}})
    built = project.open().build("customers").order_by("customer_id").to_pyarrow()
    assert built[FILE].to_pylist() == ["a.csv", "a.csv", "b.csv"]
    assert built[ROW].to_pylist() == [2, 3, 2]


def test_files_of_unlike_columns_are_put_under_each_other(project: Any) -> None:
    project.write_text("data/c/1.csv", "id,region\n1,x\n")
    project.write_text("data/c/2.csv", "region,id,extra\ny,2,z\n")
    project.write_source(tables={"customers": {**CUSTOMERS, "table": "c/*.csv"}})
    assert read_regions(project) == ["x", "y"]


def test_a_ragged_file_is_told_with_its_line_and_without_its_text(
    project: Any,
) -> None:
    project.write_text("data/customers.csv", "id,region\n1,a\n2,b,c,d\n3,c\n")
    project.write_source(tables={"customers": CUSTOMERS})
    expected = r"customers.csv: .*failed: .*Line: 3; Expected Number of Columns: 2"
    with pytest.raises(BadInputError, match=expected) as caught:
        project.open()
    assert "b,c,d" not in str(caught.value)


def test_lines_within_a_cell_are_part_of_it(project: Any) -> None:
    text = 'id, region\r\n1,"a\nb"\r\n2,"c\r\nd"\r\n'
    project.write_bytes("data/customers.csv", text.encode())
    project.write_source(tables={"customers": CUSTOMERS})
    assert read_regions(project) == ["a\nb", "c\nd"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "the file is empty"), ("id,region,id\n", r"\['id'\] stand twice")],
)
def test_a_file_without_a_sound_header_is_told(
    project: Any, text: str, expected: str
) -> None:
    project.write_text("data/customers.csv", text)
    project.write_source(tables={"customers": CUSTOMERS})
    with pytest.raises(BadInputError, match=f"must name each column once; {expected}"):
        project.open()


def test_parquet_and_text_can_not_be_one_table(project: Any) -> None:
    project.write_parquet("c/a.parquet", pd.DataFrame({"id": ["1"], "region": ["x"]}))
    project.write_text("data/c/b.csv", "id,region\n1,x\n")
    project.write_source(tables={"customers": {**CUSTOMERS, "table": "c"}})
    with pytest.raises(BadInputError, match="all Parquet or all text files"):
        project.open()


def test_a_broken_parquet_file_is_told(project: Any) -> None:
    project.write_text("data/customers.parquet", "not Parquet")
    entry = {**CUSTOMERS, "table": "customers.parquet"}
    project.write_source(tables={"customers": entry})
    with pytest.raises(BadInputError, match=r"customers.parquet: .*reading it failed"):
        project.open()


def test_partitions_of_parquet_are_one_table(project: Any) -> None:
    for month in ("a", "b"):
        frame = pd.DataFrame({"id": [f"{month}1", f"{month}2"], "region": [month] * 2})
        project.write_parquet(f"customers/part={month}/0.parquet", frame)
    entry = {**CUSTOMERS, "table": "customers"}
    project.write_source(kind="parquet", tables={"customers": entry})
    assert read_regions(project) == ["a", "a", "b", "b"]
    built = project.open().build("customers").to_pyarrow()
    assert sorted(built[ROW].to_pylist()) == [1, 1, 2, 2]


def test_a_file_without_suffix_is_what_the_kind_says(project: Any) -> None:
    project.write_text("data/customers", TEXT)
    entry = {**CUSTOMERS, "table": "customers"}
    project.write_source(tables={"customers": entry})
    assert read_regions(project) == ["上海", "浙江"]


def test_a_duckdb_file_is_a_source(project: Any) -> None:
    with duckdb.connect(str(project.root / "data" / "bank.duckdb")) as connection:
        connection.execute("create schema core")
        connection.execute("create table core.kunden (id integer, region text)")
        connection.execute("insert into core.kunden values (1, 'x'), (2, null)")
    entry = {**CUSTOMERS, "table": "core.kunden"}
    project.write_source(
        kind="duckdb", location="data/bank.duckdb", tables={"customers": entry}
    )
    assert read_regions(project) == ["x", None]


def test_a_duckdb_file_in_the_contract_layout_is_a_source(project: Any) -> None:
    with duckdb.connect(str(project.root / "data" / "bank.duckdb")) as connection:
        connection.execute("create table customers (customer_id integer, region text)")
        connection.execute("insert into customers values (1, 'x')")
    project.write_source(kind="duckdb", location="data/bank.duckdb", layout="contract")
    assert list(project.open()) == ["customers"]
    assert read_regions(project) == ["x"]


def test_the_contract_layout_finds_files_and_folders(project: Any) -> None:
    customers = pd.DataFrame({"customer_id": ["1"], "extra": [1]})
    accounts = pd.DataFrame(
        {
            "account_id": ["7"],
            "customer_id": ["1"],
            "product": ["p"],
            "side": ["deposit"],
            "tenor_months": [0],
            "contract_rate": [0.02],
        }
    )
    balances = pd.DataFrame(
        {
            "period": [date(2026, 1, 31)],
            "account_id": ["7"],
            "balance_end_minor": [12_345],
            "balance_average": [100.5],
            "interest_minor": [7],
        }
    )
    project.write_parquet("customers.parquet", customers)
    project.write_parquet("accounts/0.parquet", accounts)
    project.write_parquet("balances/period=2026-01/0.parquet", balances)
    project.write_source(kind="parquet", layout="contract")
    tables = read_tables(["balances", "accounts"], quarter="2026Q1", source="bank")
    (row,) = tables["balances"].to_pyarrow().to_pylist()
    assert row["balance_end_minor"] == 12_345
    assert row["balance_average"] == 100.5
    assert row["rate"] is None
    (account,) = tables["accounts"].to_pyarrow().to_pylist()
    assert account["contract_rate"] == 0.02
    assert account["maturity_date"] is None


def test_a_required_column_missing_from_the_contract_layout_is_told(
    project: Any,
) -> None:
    frame = pd.DataFrame({"account_id": ["7"], "customer_id": ["1"]})
    project.write_parquet("accounts.parquet", frame)
    project.write_source(kind="parquet", layout="contract")
    with pytest.raises(BadInputError, match="must have a column 'side'"):
        project.open()


def test_the_scratch_folder_goes_with_the_connection(project: Any) -> None:
    project.write_text("data/customers.csv", TEXT)
    project.write_source(tables={"customers": CUSTOMERS})
    source = project.open()
    scratch: Path = source.reader.scratch
    assert list(scratch.glob("*.parquet"))
    del source
    gc.collect()
    assert not scratch.exists()


def test_the_engine_keeps_to_the_memory_it_is_given(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUARTERBOOK_MEMORY", "500MB")
    project.write_text("data/customers.csv", TEXT)
    project.write_source(tables={"customers": CUSTOMERS})
    engine = project.open().reader.connection.con
    (limit,) = engine.sql("select current_setting('memory_limit')").fetchone()
    assert limit == "476.8 MiB"
