"""A finished quarter appears whole or not at all.

A run writes into a folder of its own beside the published quarters, which it holds as
long as it lives. Publishing flushes that folder to the disk and lets it change places
with the published one in one step. Where the file system can't do that it takes two
renames; between them the earlier quarter still exists under another name, and the next
run puts it back if the machine stopped right there.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import Problem, RunBusyError
from analysis.quarter import Quarter
from analysis.reporting.durable import exchange, flush_folder, hold
from analysis.reporting.history import keep_replaced

RECORD = "run.json"
_STAGING = ".staging"
_REPLACED = ".replaced"
_INCOMPLETE = "-incomplete"
_OWNER = "owner"


@contextmanager
def stage(outputs: Path, quarter: Quarter) -> Iterator[Path]:
    """Give a run an empty folder that is its alone, and take it away again.

    What a run left that was killed is removed first.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.
    quarter : Quarter
        The quarter that is run.

    Yields
    ------
    pathlib.Path
        An empty folder on the same file system as the published quarters. Until it is
        published nobody but its owner can look into it.

    Raises
    ------
    RunBusyError
        If another run of the quarter is at work.
    """
    closed = outputs / f"{_STAGING}-{quarter}"
    closed.mkdir(mode=0o700, parents=True, exist_ok=True)
    with hold(closed, wait=False) as held:
        if not held:
            raise RunBusyError(_describe_other(closed, quarter))
        recover(outputs, quarter)
        try:
            yield _prepare(closed, quarter)
        finally:
            shutil.rmtree(closed, ignore_errors=True)


def recover(outputs: Path, quarter: Quarter) -> None:
    """Put a quarter back that was moved away when the machine stopped.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.
    quarter : Quarter
        The quarter to look for.
    """
    published, replaced = _place(outputs, quarter), _replaced(outputs, quarter)
    if not replaced.exists():
        return
    if published.exists():
        shutil.rmtree(replaced)
    else:
        replaced.rename(published)


def publish(staging: Path, outputs: Path, quarter: Quarter) -> Path:
    """Let a whole quarter take the place of the one before.

    Parameters
    ----------
    staging : pathlib.Path
        The folder that the run has filled.
    outputs : pathlib.Path
        Where quarters are published.
    quarter : Quarter
        The quarter that was run.

    Returns
    -------
    pathlib.Path
        The published folder.

    Raises
    ------
    OSError
        If the disk does not take it; what was published is untouched.
    """
    flush_folder(staging)
    published, replaced = _place(outputs, quarter), _replaced(outputs, quarter)
    keep_replaced(published / RECORD, staging / RECORD)
    if not published.exists():
        staging.rename(published)
    elif not exchange(staging, published):
        published.rename(replaced)
        staging.rename(published)
        shutil.rmtree(replaced, ignore_errors=True)
    shutil.rmtree(_incomplete(outputs, quarter), ignore_errors=True)
    return published


def keep_incomplete(staging: Path, outputs: Path, quarter: Quarter) -> Path:
    """Keep what a failed run has made, apart from what is published.

    Parameters
    ----------
    staging : pathlib.Path
        The folder that the run has filled as far as it came.
    outputs : pathlib.Path
        Where quarters are published.
    quarter : Quarter
        The quarter that was run.

    Returns
    -------
    pathlib.Path
        The folder of the incomplete run.
    """
    folder = _incomplete(outputs, quarter)
    shutil.rmtree(folder, ignore_errors=True)
    staging.rename(folder)
    return folder


def find_problems(outputs: Path, quarter: Quarter, source: str) -> tuple[Problem, ...]:
    """Say what keeps a quarter from being published here.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.
    quarter : Quarter
        The quarter to be run.
    source : str
        Name of the source to be run.

    Returns
    -------
    tuple of Problem
        Empty when nothing does.
    """
    folder = _place(outputs, quarter)
    if not os.path.lexists(folder):
        return ()
    remedy = "Move it away, or publish elsewhere with --outputs."
    if not folder.is_dir():
        what = "a quarter must be published as a folder, and this is none."
        return (Problem(what, str(folder), remedy),)
    record = folder / RECORD
    if not record.is_file():
        what = f"a folder to be replaced must hold {RECORD}, and this one does not."
        return (Problem(what, str(folder), remedy),)
    published = _read_source(record)
    if published is None:
        what = "the record must be what a run wrote; it does not name a source."
        return (Problem(what, str(record), remedy),)
    if published == source:
        return ()
    what = f"the quarter is published from source {published!r}, not {source!r}."
    return (Problem(what, str(folder), remedy),)


def _read_source(record: Path) -> str | None:
    """Give the source that a record names; None where it can't be told."""
    try:
        name = json.loads(record.read_bytes())["source"]["name"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return None
    return name if isinstance(name, str) else None


def _prepare(closed: Path, quarter: Quarter) -> Path:
    """Empty the folder that is held, say who holds it, and give a place to fill."""
    for path in closed.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    owner = f"process {os.getpid()} on {socket.gethostname()}"
    (closed / _OWNER).write_text(owner, "utf-8")
    folder = closed / str(quarter)
    folder.mkdir()
    return folder


def _describe_other(closed: Path, quarter: Quarter) -> str:
    path = closed / _OWNER
    owner = path.read_text("utf-8") if path.is_file() else "another process"
    return (
        f"{quarter} is being run already, by {owner}. Wait until it has ended, or stop "
        "it, and call again: nothing was started."
    )


def _place(outputs: Path, quarter: Quarter) -> Path:
    return outputs / str(quarter)


def _replaced(outputs: Path, quarter: Quarter) -> Path:
    return outputs / f"{_REPLACED}-{quarter}"


def _incomplete(outputs: Path, quarter: Quarter) -> Path:
    return outputs / f"{quarter}{_INCOMPLETE}"
