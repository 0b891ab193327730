"""Two releases that are out cannot be subtracted to a few customers."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import BadInputError
from analysis.presentation.disclosure import (
    Difference,
    Release,
    add_release,
    find_differences,
    list_cells,
    name_cell,
    read_register,
    release,
    release_public,
    withdraw,
)

CELL = name_cell("segment_profitability", "segments", "gold")
OUT = Release("2026Q3", "bank", "run-1", {CELL: 120})


def leave(n: int, **changes: str) -> Release:
    return replace(OUT, run="run-2", cells={CELL: n}, **changes)


@pytest.mark.parametrize("now", [111, 119, 121, 129])
def test_a_difference_of_one_to_nine_is_found(now: int) -> None:
    found = find_differences([OUT], leave(now))
    assert found == (
        Difference("segment_profitability", "segments", "gold", 120, now, "run-1"),
    )


@pytest.mark.parametrize("now", [110, 120, 130])
def test_no_difference_or_one_of_ten_is_safe(now: int) -> None:
    assert find_differences([OUT], leave(now)) == ()


@pytest.mark.parametrize("changes", [{"quarter": "2026Q4"}, {"source": "synthetic"}])
def test_other_quarters_and_sources_have_other_customers(
    changes: dict[str, str],
) -> None:
    assert find_differences([OUT], leave(121, **changes)) == ()


def test_every_release_that_is_out_counts_not_only_the_last() -> None:
    later = replace(OUT, run="run-1b", cells={CELL: 140})
    found = find_differences([OUT, later], leave(125))
    assert [each.run for each in found] == ["run-1"]


def test_a_stricter_minimum_finds_more() -> None:
    assert len(find_differences([OUT], leave(135), minimum=20)) == 1


def test_a_release_goes_in_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    assert read_register(path) == ()
    add_release(path, OUT)
    add_release(path, leave(140))
    assert read_register(path) == (OUT, leave(140))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["register.json"]


def test_a_run_that_is_entered_again_replaces_its_entry(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    add_release(path, OUT)
    add_release(path, replace(OUT, cells={CELL: 300}))
    assert [dict(each.cells) for each in read_register(path)] == [{CELL: 300}]


def test_a_withdrawn_release_stays_and_is_no_longer_compared(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    add_release(path, OUT)
    add_release(path, leave(200))
    withdraw(path, "run-1")
    held = read_register(path)
    assert [each.withdrawn for each in held] == [True, False]
    third = replace(leave(121), run="run-3")
    assert find_differences(held, third) == ()


def test_an_unknown_run_is_not_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    add_release(path, OUT)
    with pytest.raises(ValueError, match=r"'run-9' must be in the register.*run-1"):
        withdraw(path, "run-9")


def test_the_file_has_sorted_keys(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    cells = {name_cell("s", "t", row): 50 for row in "cab"}
    add_release(path, replace(OUT, cells=cells))
    held = json.loads(path.read_text("utf-8"))
    assert list(held) == ["form", "releases"]
    assert list(held["releases"][0]["cells"]) == ["s/t/a", "s/t/b", "s/t/c"]


def test_a_write_that_fails_leaves_the_register_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.json"
    add_release(path, OUT)

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        add_release(path, leave(140))
    assert read_register(path) == (OUT,)
    assert [each.name for each in tmp_path.iterdir()] == ["register.json"]


def test_only_what_may_be_published_is_held(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    with pytest.raises(ValueError, match=r"published counts from 10 up.*1 in all"):
        add_release(path, replace(OUT, cells={CELL: 9}))
    with pytest.raises(ValueError, match="under keys of `name_cell`"):
        add_release(path, replace(OUT, cells={"gold": 50}))
    assert not path.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        ('{"form": 2, "releases": []}', "form is 2, not 1"),
        ('{"form": 1, "releases": [{"run": "x"}]}', "a release must have"),
    ],
)
def test_a_file_that_is_no_register_is_refused(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "register.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInputError, match=problem):
        read_register(path)


def test_cells_of_a_table_are_its_published_counts() -> None:
    rows = pd.DataFrame({"tier": [*"abc"], "year": [1, 1, 2], "customers": [5, 40, 0]})
    released = release(rows, count="customers")
    cells = list_cells(released, study="s", item="t", labels=["tier", "year"])
    assert cells == {"s/t/b|1": 40}
    public = release_public(rows, reason="posted rates")
    assert list_cells(public, study="s", item="t", labels=["tier"]) == {}
    with pytest.raises(ValueError, match=r"must tell rows apart. '1' is twice"):
        list_cells(released, study="s", item="t", labels=["year"])


def test_a_name_with_a_slash_comes_back() -> None:
    cell = name_cell("s", "a/b~1", "c~0/d")
    new = replace(OUT, run="run-2", cells={cell: 51})
    found = find_differences([replace(OUT, cells={cell: 50})], new)
    assert (found[0].item, found[0].row) == ("a/b~1", "c~0/d")
