"""The bank's files are what the contract promises."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest

from analysis.data.contract import CONTRACT
from analysis.synthetic.files import ARROW_TYPES

WRITTEN = sorted(set(CONTRACT) - {"transactions"})

by_table = pytest.mark.parametrize("name", WRITTEN)


def read(folder, name):
    """Read a contract table, one file or a folder of months."""
    path = folder / name if (folder / name).is_dir() else folder / f"{name}.parquet"
    return ds.dataset(path).to_table()


@by_table
def test_columns_and_types_are_those_of_the_contract(bank_folder, name):
    schema = read(bank_folder, name).schema
    expected = {
        column.name: ARROW_TYPES[column.type] for column in CONTRACT[name].columns
    }
    assert dict(zip(schema.names, schema.types, strict=True)) == expected


@by_table
def test_keys_are_unique(bank_folder, name):
    frame = read(bank_folder, name)
    key = list(CONTRACT[name].key)
    assert frame.num_rows > 0
    assert frame.group_by(key).aggregate([]).num_rows == frame.num_rows


@by_table
def test_required_columns_have_no_gap(bank_folder, name):
    frame = read(bank_folder, name)
    required = {column.name for column in CONTRACT[name].columns if column.required}
    for column in required | set(CONTRACT[name].key):
        assert frame[column].null_count == 0, column


@by_table
def test_values_are_within_range(bank_folder, name):
    frame = read(bank_folder, name)
    for column in CONTRACT[name].columns:
        values = frame[column.name].drop_null()
        if column.codes:
            assert set(pc.unique(values).to_pylist()) <= set(column.codes), column.name
        if not len(values) or column.minimum is column.maximum is None:
            continue
        extremes = pc.min_max(values).as_py()
        if column.minimum is not None:
            assert extremes["min"] >= column.minimum, column.name
        if column.maximum is not None:
            assert extremes["max"] <= column.maximum, column.name
        if pa.types.is_floating(values.type):
            assert pc.all(pc.is_finite(values)).as_py(), column.name


@pytest.mark.parametrize(
    ("name", "column", "target"),
    [(n, column, to) for n in WRITTEN for column, to in CONTRACT[n].references],
)
def test_references_lead_somewhere(bank_folder, name, column, target):
    found = pc.unique(read(bank_folder, name)[column])
    known = read(bank_folder, target)[column]
    assert pc.all(pc.is_in(found, known)).as_py()


def test_every_month_has_its_own_file(bank_folder):
    months = sorted(path.stem for path in (bank_folder / "balances").iterdir())
    assert len(months) == 36
    assert (months[0], months[-1]) == ("2023-10", "2026-09")


def test_the_description_counts_the_rows_written(bank_folder):
    description = json.loads((bank_folder / "bank.json").read_text("utf-8"))
    counted = {name: read(bank_folder, name).num_rows for name in WRITTEN}
    assert description["rows"] == counted
    assert description["customers"] == 3_000
    assert description["months"] == 36


def test_prices_of_headquarters_go_back_fifteen_years(bank_folder):
    posted = read(bank_folder, "posted_rates")
    headquarters = posted.filter(pc.equal(posted["tier"], "all"))
    assert headquarters.num_rows == 180 * 7
    assert len(pc.unique(headquarters["period"])) == 180
    market = read(bank_folder, "market_rates")
    assert len(pc.unique(market["period"])) == 180
