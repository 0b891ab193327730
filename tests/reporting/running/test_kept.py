"""Executed notebooks kept by key: whole, believed only as written, cleared in time."""

import stat
from dataclasses import replace

import pytest

from analysis.reporting.running.execution import Record
from analysis.reporting.running.kept import Shelf
from analysis.reporting.running.keys import UNKNOWN, Key

KEY = Key("n1", {"quarter": "2026Q3"}, {"balances": "b1"}, {"a.py": "a1"}, {})
OTHER = replace(KEY, notebook="n2")
RECORD = Record(b"{}", {"retain.csv": b"pseudonym"})


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "restricted" / "kept")
    shelf.keep("segments", KEY, RECORD)
    return shelf


def test_what_is_kept_is_found_by_its_key_and_study_only(shelf):
    assert shelf.find("segments", KEY) == RECORD
    assert shelf.find("segments", OTHER) is None
    assert shelf.find("drivers", KEY) is None


def test_nobody_but_the_owner_opens_what_is_kept(shelf):
    for place in (shelf.folder, *shelf.folder.iterdir()):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["executed.ipynb", "lists/retain.csv"])
@pytest.mark.parametrize("content", [b"", b"changed"])
def test_a_file_that_is_not_what_was_written_is_not_believed(shelf, name, content):
    (place,) = shelf.folder.iterdir()
    (place / name).write_bytes(content)
    assert shelf.find("segments", KEY) is None


def test_a_list_that_is_missing_or_added_is_not_believed(shelf):
    (place,) = shelf.folder.iterdir()
    (place / "lists" / "more.csv").write_bytes(b"")
    assert shelf.find("segments", KEY) is None
    (place / "lists" / "more.csv").unlink()
    (place / "lists" / "retain.csv").unlink()
    assert shelf.find("segments", KEY) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": {}}'])
def test_a_damaged_description_counts_as_nothing(shelf, content):
    (place,) = shelf.folder.iterdir()
    (place / "about.json").write_text(content)
    assert shelf.find("segments", KEY) is None
    assert list(shelf.list_keys("segments")) == []
    shelf.keep("segments", KEY, RECORD)
    assert shelf.find("segments", KEY) == RECORD


def test_a_draft_that_a_killed_run_left_is_nothing_and_is_cleared(shelf):
    draft = shelf.folder / ".draft-abc"
    draft.mkdir()
    (draft / "executed.ipynb").write_bytes(b"half")
    assert [*shelf.list_keys("segments")] == [KEY]
    shelf.clear([("segments", KEY)])
    assert not draft.exists()
    assert shelf.find("segments", KEY) == RECORD


def test_clearing_keeps_what_the_published_run_used(shelf):
    shelf.keep("segments", OTHER, RECORD)
    shelf.clear([("segments", OTHER)])
    assert shelf.find("segments", KEY) is None
    assert shelf.find("segments", OTHER) == RECORD


def test_unknown_data_are_never_found(shelf):
    served = replace(KEY, inputs={"balances": UNKNOWN})
    shelf.keep("segments", served, RECORD)
    assert shelf.find("segments", served) is None
