"""Making a bank: the same seed gives the same bank, and nothing half-made stays."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from analysis.errors import BadInputError
from analysis.synthetic import make_bank
from analysis.synthetic.files import BankFolder, write_codes, write_ids
from analysis.synthetic.streams import Streams

SMALL = {"customers": 2_000, "months": 6}


def list_files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.parquet"))


def test_the_same_seed_gives_the_same_content(tmp_path):
    make_bank(tmp_path / "a", **SMALL)
    make_bank(tmp_path / "b", **SMALL)
    names = list_files(tmp_path / "a")
    assert names == list_files(tmp_path / "b")
    for name in names:
        first = ds.dataset(tmp_path / "a" / name).to_table()
        assert first.equals(ds.dataset(tmp_path / "b" / name).to_table()), name
    description = (tmp_path / "a" / "bank.json").read_text("utf-8")
    assert description == (tmp_path / "b" / "bank.json").read_text("utf-8")


def test_another_seed_gives_another_bank(tmp_path):
    make_bank(tmp_path / "a", **SMALL)
    make_bank(tmp_path / "b", seed=9, **SMALL)
    name = "balances/2026-09.parquet"
    first = ds.dataset(tmp_path / "a" / name).to_table()
    assert not first.equals(ds.dataset(tmp_path / "b" / name).to_table())


def test_a_longer_bank_continues_the_shorter_one(tmp_path):
    make_bank(tmp_path / "short", last_month=date(2026, 6, 30), **SMALL)
    make_bank(tmp_path / "long", customers=2_000, months=9)
    monthly = [name for name in list_files(tmp_path / "short") if "/" in name]
    assert len(monthly) >= 6 * 5
    for name in monthly:
        if name.count("/") == 1 and name.startswith("truth"):
            continue
        first = ds.dataset(tmp_path / "short" / name).to_table()
        assert first.equals(ds.dataset(tmp_path / "long" / name).to_table()), name


def test_a_stream_depends_on_its_name_and_month_only():
    streams = Streams(5)
    streams.at("events", 3).random(10)
    again = streams.at("events", 3).random(4)
    assert (again == Streams(5).at("events", 3).random(4)).all()
    assert (again != streams.at("events", 4).random(4)).all()
    assert (again != streams.at("balances", 3).random(4)).all()


def test_progress_is_reported_month_by_month(tmp_path):
    seen = []
    make_bank(tmp_path / "a", report_progress=lambda *done: seen.append(done), **SMALL)
    assert seen == [(month, 6) for month in range(1, 7)]


def test_a_killed_run_leaves_the_older_bank_untouched(tmp_path):
    folder = tmp_path / "bank"
    make_bank(folder, **SMALL)
    before = list_files(folder)

    def stop(month, months):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_bank(folder, customers=3_000, months=6, report_progress=stop)
    assert list_files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["bank"]


def test_a_killed_first_run_leaves_nothing(tmp_path):
    def stop(month, months):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_bank(tmp_path / "bank", report_progress=stop, **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_an_older_bank_is_replaced_whole(tmp_path):
    folder = tmp_path / "bank"
    make_bank(folder, **SMALL)
    make_bank(folder, customers=2_000, months=7)
    assert len(list((folder / "balances").iterdir())) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["bank"]


def test_a_folder_that_is_no_bank_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(BadInputError, match="must be a synthetic bank or empty"):
        make_bank(tmp_path, **SMALL)
    assert (tmp_path / "letters.txt").read_text("utf-8") == "dear"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("customers", 1_999),
        ("customers", 2_000_001),
        ("months", 5),
        ("last_month", date(2026, 9, 29)),
        ("seed", -1),
    ],
)
def test_settings_out_of_range_are_refused(tmp_path, setting, value):
    with pytest.raises(BadInputError, match=f"'{setting}' must be in range"):
        make_bank(tmp_path / "bank", **{setting: value})
    assert not (tmp_path / "bank").exists()


def test_all_mistakes_are_reported_at_once(tmp_path):
    with pytest.raises(BadInputError, match=r"(?s)'customers'.*'months'"):
        make_bank(tmp_path / "bank", customers=1, months=1)


def test_an_error_while_writing_reaches_the_caller(tmp_path):
    with (
        pytest.raises(OSError, match="directory"),
        BankFolder(tmp_path / "bank") as bank,
    ):
        bank.write_frame(bank.workplace, pa.table({"a": [1]}))
    assert list(tmp_path.iterdir()) == []


def test_identifiers_keep_their_leading_zeros():
    assert write_ids("C", np.array([1, 1234567]), 7).to_pylist() == [
        "C0000001",
        "C1234567",
    ]


def test_a_negative_code_is_missing():
    assert write_codes(np.array([1, -1]), ("a", "b")).to_pylist() == ["b", None]
