"""What a quarter's earlier runs found: run.json of each, kept when it is replaced.

A quarter's folder holds its newest run only. The record of the one before goes to
`history/<quarter>/<run>.json` beside the quarters; a release that was withdrawn leaves
no record, because all copies of it are to be gone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from analysis.errors import BadInputError, Problem
from analysis.reporting.durable import write_whole

HISTORY = "history"
_RUN = re.compile(r"[0-9a-f]{4,64}")
_NAMED_DIGITS = 8


def keep_replaced(published: Path, replacement: Path) -> Path | None:
    """Keep the record of a published run that is about to be replaced.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.
    replacement : pathlib.Path
        Record of the run that takes its place.

    Returns
    -------
    pathlib.Path or None
        The kept record, whole or not there at all. None when nothing would be lost:
        nothing is published, or the new run's record has the same bytes. A record that
        was kept before is not kept twice, and is the latest again.
    """
    if not published.is_file():
        return None
    content = published.read_bytes()
    if replacement.is_file() and replacement.read_bytes() == content:
        return None
    path = _find_place(_find_history(published), content)
    if path.exists():
        os.utime(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        shutil.copymode(published, path)
    return path


def list_runs(published: Path) -> tuple[Path, ...]:
    """List the kept records of a quarter's earlier runs.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.

    Returns
    -------
    tuple of pathlib.Path
        The one that was replaced last comes first.
    """
    found = _find_history(published).glob("*.json")
    return tuple(sorted(found, key=lambda p: (p.stat().st_mtime_ns, p), reverse=True))


def find_latest_earlier(published: Path) -> Path | None:
    """Find the run that a quarter's published run restates.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.

    Returns
    -------
    pathlib.Path or None
        The record replaced last that is not the published one itself; None where the
        quarter has been published once.
    """
    content = published.read_bytes()
    earlier = (p for p in list_runs(published) if p.read_bytes() != content)
    return next(earlier, None)


def find_run(published: Path, prefix: str) -> Path:
    """Find a run of a quarter, published or kept, by how its number begins.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.
    prefix : str
        First digits of the run's number.

    Returns
    -------
    pathlib.Path
        Its record.

    Raises
    ------
    BadInputError
        If no run of the quarter begins so, or more than one does.
    """
    runs, quarter = name_runs(published), published.parent.name
    exact = [path for name, path in runs.items() if name == prefix]
    found = exact or [path for name, path in runs.items() if name.startswith(prefix)]
    if len(found) == 1 and prefix:
        return found[0]
    what = f"a run of {quarter} must begin with {prefix!r}; none does."
    if found:
        what = f"{prefix!r} must be the beginning of one run of {quarter}, not of more."
    there = ", ".join(f"{quarter}@{name}" for name in runs) or "no run of it"
    problem = Problem(what, f"{quarter}@{prefix}", f"There is {there}.")
    raise BadInputError([problem])


def name_runs(published: Path) -> dict[str, Path]:
    """Give the records of a quarter by their names, the published run first.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.

    Returns
    -------
    dict of str to pathlib.Path
        A kept record is called as its file is, the published one by its run's number.
    """
    runs = {path.stem: path for path in list_runs(published)}
    if not published.is_file():
        return runs
    content = published.read_bytes()
    same = [name for name, path in runs.items() if path.read_bytes() == content]
    own = same[0] if same else _find_free(set(runs), _name(content))
    return {own: published} | {name: runs[name] for name in runs if name != own}


def forget_withdrawn(published: Path, runs: Iterable[str]) -> None:
    """Remove the kept records of releases that were withdrawn.

    Parameters
    ----------
    published : pathlib.Path
        Record of the quarter's published run.
    runs : iterable of str
        Numbers of the runs.
    """
    withdrawn = frozenset(runs)
    for path in list_runs(published):
        if path.stem.partition("-")[0] in withdrawn:
            path.unlink()


def _find_history(published: Path) -> Path:
    return published.parents[1] / HISTORY / published.parent.name


def _find_place(folder: Path, content: bytes) -> Path:
    """Give where a record is kept, or where it is to be kept.

    Runs of one number differ where the content of a database did: it is not read for
    the number.
    """
    kept = {path.stem: path for path in folder.glob("*.json")}
    same = [path for path in kept.values() if path.read_bytes() == content]
    name = _find_free(set(kept), _name(content))
    return same[0] if same else folder / f"{name}.json"


def _find_free(taken: set[str], name: str) -> str:
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _name(content: bytes) -> str:
    """Give a record's run number; that of its content where it has none of ours."""
    try:
        run = json.loads(content)["run"]
    except (ValueError, KeyError, TypeError):
        run = None
    if isinstance(run, str) and _RUN.fullmatch(run):
        return run
    return sha256(content).hexdigest()[:_NAMED_DIGITS]
