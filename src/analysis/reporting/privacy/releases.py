"""Lay a quarter beside what left before, and name rows whose difference is a few.

Cells are told by study, place of the table or chart in it, and row. Rows have names
in the reader's language; between releases in two languages they are told by position.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

from analysis.errors import BadInputError, Problem
from analysis.presentation.disclosure.register import (
    Difference,
    Release,
    find_differences,
    name_cell,
    read_register,
    withdraw,
)
from analysis.presentation.show import Kind, read_shown
from analysis.wording import LANGUAGES

_MOST_NAMES = 2
_COUNTED: tuple[Kind, ...] = ("table", "chart")


def list_cells(notebook: Path, study: str, language: str) -> dict[str, int]:
    """List how many customers stand behind each row that a notebook shows.

    Parameters
    ----------
    notebook : pathlib.Path
        Executed notebook.
    study : str
        Its name.
    language : {"en", "zh"}
        Language in which rows are named.

    Returns
    -------
    dict of str to int
        Customers by key of the cell, each row once by its name and once by its
        position; rows that are hidden or about nobody are left out.
    """
    content = json.loads(notebook.read_text("utf-8"))
    return {
        name_cell(study, f"{kind} {number}", row): n
        for kind in _COUNTED
        for number, shown in enumerate(read_shown(content, kind), start=1)
        for row, n in _list_rows(shown, language)
    }


def count_hidden(notebook: Path) -> int:
    """Count the cells that a notebook shows as hidden.

    Parameters
    ----------
    notebook : pathlib.Path
        Executed notebook.

    Returns
    -------
    int
        Over all its tables and charts.
    """
    content = json.loads(notebook.read_text("utf-8"))
    return sum(
        int(shown.get("n_hidden") or 0)
        for kind in _COUNTED
        for shown in read_shown(content, kind)
    )


def compare_releases(register: Path, new: Release, language: str) -> Iterator[Problem]:
    """Name the cells that would single out a few customers beside an earlier release.

    Parameters
    ----------
    register : pathlib.Path
        What left before; a release that was taken back is not compared.
    new : Release
        What is about to leave.
    language : {"en", "zh"}
        Its language.

    Yields
    ------
    Problem
        One per row, with the way out.
    """
    out = [each for each in read_register(register) if not each.withdrawn]
    earlier = [replace(each, cells=_choose_keys(each, language)) for each in out]
    for difference in find_differences(earlier, new):
        yield _explain(difference, new.quarter)


def withdraw_release(register: Path, quarter: str, run: str) -> None:
    """Mark a release as taken back, so that later ones are not compared with it.

    Parameters
    ----------
    register : pathlib.Path
        What left before.
    quarter : str
        Quarter of the release.
    run : str
        Its number.

    Raises
    ------
    BadInputError
        If no such release is in the register.
    """
    known = [each.run for each in read_register(register) if each.quarter == quarter]
    if run not in known:
        what = f"a release to be withdrawn must be one of {known}, not {run!r}."
        remedy = "Take the run's number from its pages or its run.json."
        raise BadInputError([Problem(what, f"register of {quarter}", remedy)])
    withdraw(register, run)


def list_withdrawn(register: Path, quarter: str) -> tuple[str, ...]:
    """List the releases of a quarter that were taken back.

    Parameters
    ----------
    register : pathlib.Path
        What left before.
    quarter : str
        Quarter of the releases.

    Returns
    -------
    tuple of str
        Numbers of their runs.
    """
    releases = read_register(register)
    return tuple(r.run for r in releases if r.quarter == quarter and r.withdrawn)


def _list_rows(shown: Mapping[str, Any], language: str) -> Iterator[tuple[str, int]]:
    customers = shown.get("customers") or ()
    rows = shown.get("values") or shown.get("rows") or ()
    seen: Counter[str] = Counter()
    for position, n in enumerate(customers):
        label = _name_row(rows[position]) if position < len(rows) else ""
        seen[label] += 1
        if n:
            yield f"{language}:{label} {seen[label]}", int(n)
            yield f"#{position + 1} of {len(customers)}", int(n)


def _name_row(row: list[object]) -> str:
    """Give the first texts of a row; a number before them, such as a rank, may move."""
    is_text = [isinstance(value, str) for value in row]
    begun = dropwhile(lambda pair: not pair[0], zip(is_text, row, strict=True))
    names = [str(value) for _, value in takewhile(lambda pair: pair[0], begun)]
    return " / ".join(names[:_MOST_NAMES])


def _choose_keys(release: Release, language: str) -> dict[str, int]:
    """Give the names of rows in this language, or positions if it has none."""
    cells = release.cells
    spoken = {name: name.rpartition("/")[2].partition(":")[0] for name in cells}
    own = {name: n for name, n in cells.items() if spoken[name] == language}
    return own or {n: cells[n] for n in cells if spoken[n] not in LANGUAGES}


def _explain(difference: Difference, quarter: str) -> Problem:
    row = difference.row.partition(":")[2] or difference.row
    what = (
        "a row must not differ by a few customers from what was released before; this "
        f"one does from run {difference.run}."
    )
    remedy = (
        f"Take back all copies of that run and call `quarterbook withdraw {quarter} "
        f"{difference.run}`, or leave the row out of the report."
    )
    return Problem(what, f"{difference.study}, {difference.item}, {row}", remedy)
