"""Rows of two releases, told by name and across languages by position."""

import json

import pytest

from analysis.errors import BadInputError
from analysis.presentation.disclosure.register import Release, add_release
from analysis.presentation.show import media_type
from analysis.reporting.privacy.releases import (
    compare_releases,
    count_hidden,
    list_cells,
    withdraw_release,
)


def write_notebook(path, *tables):
    outputs = [{"data": {media_type("table"): table}} for table in tables]
    path.write_text(json.dumps({"cells": [{"outputs": outputs}]}), "utf-8")
    return path


def make_table(rows, customers, **more):
    return {"title": "T", "rows": rows, "values": rows, "customers": customers, **more}


def make_release(tmp_path, run, rows, customers, language="en"):
    path = write_notebook(tmp_path / f"{run}.ipynb", make_table(rows, customers))
    return Release("2026Q3", "toy", run, list_cells(path, "study", language))


def compare(tmp_path, old, new, language="en"):
    add_release(tmp_path / "register.json", old)
    return list(compare_releases(tmp_path / "register.json", new, language))


def test_rows_are_named_by_the_texts_that_they_begin_with(tmp_path):
    rows = [["Gold", "North", 5.0], ["Gold", "South", 6.0], ["Basic", "all", {}]]
    path = write_notebook(
        tmp_path / "n.ipynb",
        make_table(rows, None),
        make_table(rows, [50, 60, None], n_hidden=2),
    )
    assert list_cells(path, "study", "en") == {
        "study/table 2/en:Gold ~1 North 1": 50,
        "study/table 2/#1 of 3": 50,
        "study/table 2/en:Gold ~1 South 1": 60,
        "study/table 2/#2 of 3": 60,
    }
    assert count_hidden(path) == 2


def test_a_row_is_told_by_its_text_wherever_its_rank_has_put_it(tmp_path):
    old = make_release(tmp_path, "a", [[1, "Fees", 0.3], [2, "Staff", 0.2]], [95, 90])
    new = make_release(tmp_path, "b", [[1, "Staff", 0.3], [2, "Fees", 0.2]], [90, 95])
    assert compare(tmp_path, old, new) == []
    gone = make_release(tmp_path, "c", [[1, "Staff", 0.3], [2, "Fees", 0.2]], [90, 94])
    (problem,) = compare(tmp_path, old, gone)
    assert problem.where == "study, table 1, Fees 1"


def test_a_row_may_change_by_nothing_or_by_ten(tmp_path):
    old = make_release(tmp_path, "a", [["Gold", 1.0], ["Basic", 2.0]], [50, 90])
    new = make_release(tmp_path, "b", [["Gold", 1.0], ["Basic", 2.0]], [50, 100])
    assert compare(tmp_path, old, new) == []


def test_a_row_may_not_change_by_one(tmp_path):
    old = make_release(tmp_path, "a", [["Gold", 1.0], ["Basic", 2.0]], [50, 90])
    new = make_release(tmp_path, "b", [["Basic", 2.0], ["Gold", 1.0]], [89, 50])
    (problem,) = compare(tmp_path, old, new)
    assert problem.where == "study, table 1, Basic 1"
    assert "from run a" in problem.what
    assert "`quarterbook withdraw 2026Q3 a`" in problem.remedy


def test_rows_of_another_language_are_told_by_position(tmp_path):
    old = make_release(tmp_path, "a", [["All", 1.0], ["Rest", 2.0]], [50, 90])
    new = make_release(tmp_path, "b", [["合计", 1.0], ["其余", 2.0]], [51, 90], "zh")
    (problem,) = compare(tmp_path, old, new, "zh")
    assert problem.where == "study, table 1, #1 of 2"


def test_a_release_taken_back_is_not_compared(tmp_path):
    old = make_release(tmp_path, "a", [["Gold", 1.0]], [50])
    new = make_release(tmp_path, "b", [["Gold", 1.0]], [51])
    assert len(compare(tmp_path, old, new)) == 1
    register = tmp_path / "register.json"
    withdraw_release(register, "2026Q3", "a")
    assert list(compare_releases(register, new, "en")) == []


def test_only_a_release_of_that_quarter_can_be_taken_back(tmp_path):
    register = tmp_path / "register.json"
    add_release(register, make_release(tmp_path, "a", [["Gold", 1.0]], [50]))
    with pytest.raises(BadInputError, match=r"must be one of \[\], not 'a'"):
        withdraw_release(register, "2026Q2", "a")
    with pytest.raises(BadInputError, match=r"must be one of \['a'\], not 'b'"):
        withdraw_release(register, "2026Q3", "b")
