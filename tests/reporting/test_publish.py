import json

import pytest

from analysis.quarter import Quarter
from analysis.reporting import publish
from analysis.reporting.publish import (
    find_problems,
    keep_incomplete,
    recover,
    stage,
)

QUARTER = Quarter.parse("2026Q3")


def fill(folder, word, source="synthetic"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(word)
    (folder / "run.json").write_text(json.dumps({"source": {"name": source}}))


def published(outputs):
    return (outputs / "2026Q3" / "index.html").read_text()


def test_a_published_quarter_takes_the_place_of_the_one_before(tmp_path):
    fill(tmp_path / "2026Q3", "old")
    with stage(tmp_path, QUARTER) as staging:
        fill(staging, "new")
        publish.publish(staging, tmp_path, QUARTER)
    assert published(tmp_path) == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["2026Q3"]


def break_off(outputs):
    with stage(outputs, QUARTER) as staging:
        fill(staging, "half")
        raise RuntimeError("power")


def test_a_run_that_breaks_off_leaves_what_was_published(tmp_path):
    fill(tmp_path / "2026Q3", "old")
    with pytest.raises(RuntimeError, match="power"):
        break_off(tmp_path)
    assert published(tmp_path) == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["2026Q3"]


def test_a_stop_between_the_two_renames_is_mended_by_the_next_run(tmp_path):
    fill(tmp_path / ".replaced-2026Q3", "old")
    recover(tmp_path, QUARTER)
    assert published(tmp_path) == "old"


def test_a_stop_after_the_second_rename_keeps_the_new_quarter(tmp_path):
    fill(tmp_path / ".replaced-2026Q3", "old")
    fill(tmp_path / "2026Q3", "new")
    recover(tmp_path, QUARTER)
    assert published(tmp_path) == "new"
    assert not (tmp_path / ".replaced-2026Q3").exists()


def test_an_incomplete_run_is_kept_apart_and_goes_with_the_next_whole_one(tmp_path):
    fill(tmp_path / "2026Q3", "old")
    with stage(tmp_path, QUARTER) as staging:
        fill(staging, "half")
        kept = keep_incomplete(staging, tmp_path, QUARTER)
    assert (kept / "index.html").read_text() == "half"
    assert published(tmp_path) == "old"
    with stage(tmp_path, QUARTER) as staging:
        fill(staging, "new")
        publish.publish(staging, tmp_path, QUARTER)
    assert not kept.exists()


def test_a_quarter_of_another_source_is_not_replaced(tmp_path):
    fill(tmp_path / "2026Q3", "old", source="berka")
    (problem,) = find_problems(tmp_path, QUARTER, "synthetic")
    assert "published from source 'berka', not 'synthetic'" in problem.what
    assert find_problems(tmp_path, QUARTER, "berka") == ()


def test_a_folder_that_is_no_quarter_is_not_replaced(tmp_path):
    (tmp_path / "2026Q3").mkdir()
    (problem,) = find_problems(tmp_path, QUARTER, "synthetic")
    assert "must hold run.json" in problem.what
