"""Records of replaced runs: kept whole, once, and found by how their number begins."""

import json
import os
import stat

import pytest

from analysis.errors import BadInputError
from analysis.quarter import Quarter
from analysis.reporting import publish
from analysis.reporting.history import (
    find_latest_earlier,
    find_run,
    forget_withdrawn,
    list_runs,
    name_runs,
)

QUARTER = Quarter(2026, 3)


def release(outputs, run, word=""):
    """Publish a run as the runner does."""
    with publish.stage(outputs, QUARTER) as staging:
        content = {"run": run, "source": {"name": "toy"}, "word": word}
        (staging / "run.json").write_text(json.dumps(content), "utf-8")
        folder = publish.publish(staging, outputs, QUARTER)
    for number, path in enumerate(reversed(list_runs(folder / "run.json"))):
        os.utime(path, ns=(number, number))  # clocks of file systems may be coarse
    return folder / "run.json"


def names(published):
    return [path.stem for path in list_runs(published)]


def test_a_first_run_has_no_history(tmp_path):
    published = release(tmp_path, "aaaa1111")
    assert list_runs(published) == ()
    assert find_latest_earlier(published) is None
    assert not (tmp_path / "history").exists()


def test_a_replaced_run_leaves_its_record_byte_for_byte(tmp_path):
    before = release(tmp_path, "aaaa1111").read_bytes()
    published = release(tmp_path, "bbbb2222")
    kept = tmp_path / "history" / "2026Q3" / "aaaa1111.json"
    assert kept.read_bytes() == before
    assert find_latest_earlier(published) == kept
    assert [path.name for path in kept.parent.iterdir()] == ["aaaa1111.json"]


def test_the_same_record_again_keeps_nothing_new(tmp_path):
    release(tmp_path, "aaaa1111")
    published = release(tmp_path, "aaaa1111")
    assert list_runs(published) == ()


def test_a_run_that_comes_back_is_not_its_own_earlier_run(tmp_path):
    for run in ("aaaa1111", "bbbb2222", "aaaa1111"):
        published = release(tmp_path, run)
    assert names(published) == ["bbbb2222", "aaaa1111"]
    assert find_latest_earlier(published).stem == "bbbb2222"


def test_a_run_replaced_again_is_kept_once_and_is_the_latest(tmp_path):
    for run in ("aaaa1111", "bbbb2222", "aaaa1111", "cccc3333"):
        published = release(tmp_path, run)
    assert names(published) == ["aaaa1111", "bbbb2222"]


def test_two_records_of_one_number_are_both_kept(tmp_path):
    # the content of a database is not read for a run's number
    for word in ("first", "second", "third"):
        published = release(tmp_path, "aaaa1111", word)
    assert set(names(published)) == {"aaaa1111", "aaaa1111-2"}
    assert find_run(published, "aaaa1111-2") == list_runs(published)[0]
    assert find_run(published, "aaaa1111") == list_runs(published)[1]
    assert list(name_runs(published)) == ["aaaa1111-3", "aaaa1111-2", "aaaa1111"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"run": "../../x"}', b"\xff"])
def test_a_record_without_a_run_number_is_kept_under_its_content(tmp_path, content):
    release(tmp_path, "aaaa1111").write_bytes(content)
    published = release(tmp_path, "bbbb2222")
    (kept,) = list_runs(published)
    assert kept.read_bytes() == content
    assert kept.parent == tmp_path / "history" / "2026Q3"


def test_a_kept_record_is_open_to_those_who_could_read_it_before(tmp_path):
    release(tmp_path, "aaaa1111").chmod(0o600)
    (kept,) = list_runs(release(tmp_path, "bbbb2222"))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_stop_while_a_record_is_written_leaves_no_half_of_it(tmp_path, monkeypatch):
    published = release(tmp_path, "aaaa1111")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk is full"):
        release(tmp_path, "bbbb2222")
    assert json.loads(published.read_text("utf-8"))["run"] == "aaaa1111"
    assert list(tmp_path.glob("history/2026Q3/*")) == []


def fail(_):
    raise OSError("the disk is full")


def test_a_run_is_found_by_any_beginning_that_is_its_own(tmp_path):
    for run in ("aaaa1111", "aabb2222", "cccc3333"):
        published = release(tmp_path, run)
    assert find_run(published, "aaa").stem == "aaaa1111"
    assert find_run(published, "aabb2222").stem == "aabb2222"
    assert find_run(published, "c") == published


@pytest.mark.parametrize("prefix", ["aa", "", "ffff", "../", "*"])
def test_a_beginning_of_no_run_or_of_two_names_those_there_are(tmp_path, prefix):
    for run in ("aaaa1111", "aabb2222", "cccc3333"):
        published = release(tmp_path, run)
    there = "2026Q3@cccc3333, 2026Q3@aabb2222, 2026Q3@aaaa1111"
    with pytest.raises(BadInputError, match=there):
        find_run(published, prefix)


def test_a_quarter_without_runs_says_so(tmp_path):
    with pytest.raises(BadInputError, match="There is no run of it"):
        find_run(tmp_path / "2026Q3" / "run.json", "aa")


def test_a_withdrawn_release_leaves_no_record(tmp_path):
    for word in ("first", "second", "third"):
        published = release(tmp_path, "aaaa1111", word)
    published = release(tmp_path, "bbbb2222")
    published = release(tmp_path, "cccc3333")
    forget_withdrawn(published, ["aaaa1111", "dddd4444"])
    assert names(published) == ["bbbb2222"]
    assert published.exists()
