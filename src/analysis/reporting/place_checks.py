"""Look at where a quarter is to be published and what is kept, and leave no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from analysis.errors import BadInputError, Problem
from analysis.presentation.disclosure import current_rules, read_key, read_register
from analysis.quarter import Quarter
from analysis.reporting import publish
from analysis.reporting.edition import Edition

ROOM_BYTES = 1 << 20
"""What a folder must have room for, at the very least."""


def find_place_problems(
    edition: Edition, quarter: Quarter, source: str | None
) -> tuple[Problem, ...]:
    """Find what would keep a finished quarter from being published.

    Parameters
    ----------
    edition : Edition
        For whom the quarter is, and where it is published.
    quarter : Quarter
        The quarter to be run.
    source : str or None
        Name of the source to be run; None where it has no mapping file, so that
        nobody moves a published quarter away for a slip of the pen.

    Returns
    -------
    tuple of Problem
        Folders that can't be written to or that lie in each other, a published folder
        that must not be replaced, and rules, register or key that can't be used.
    """
    return (
        *_find_folder_problems(edition),
        *(publish.find_problems(edition.place, quarter, source) if source else ()),
        *(problem for read in _list_readers(edition) for problem in _try(read)),
    )


def _find_folder_problems(edition: Edition) -> Iterator[Problem]:
    outputs, restricted = edition.outputs.resolve(), edition.restricted.resolve()
    if outputs == restricted or outputs in restricted.parents:
        what = f"the confidential folder can't lie in the outputs, {edition.outputs}."
        remedy = "Name a folder beside them with --restricted."
        yield Problem(what, str(edition.restricted), remedy)
    if not edition.is_restricted:
        yield from _find_write_problems(edition.outputs, "--outputs")
    yield from _find_write_problems(edition.restricted, "--restricted")


def _find_write_problems(folder: Path, option: str) -> Iterator[Problem]:
    """Write a block into a folder, or where it would be made, and take it away."""
    try:
        with TemporaryFile(dir=_find_existing(folder), buffering=0) as probe:
            if probe.write(bytes(ROOM_BYTES)) < ROOM_BYTES:
                probe.write(b"0")  # the disk is full: this says so
    except OSError as error:
        what = f"nothing can be written here: {error.strerror}."
        remedy = f"Give a folder that you may write to with {option}."
        yield Problem(what, str(folder), remedy)


def _find_existing(folder: Path) -> Path:
    """Give a folder, or the nearest above it that is there, were it a broken link."""
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return _find_existing(folder.absolute().parent)
    return folder


def _list_readers(edition: Edition) -> Iterator[Callable[[], object]]:
    """List what is read at a run's end, so that it is found broken at its start."""
    yield current_rules
    if not edition.is_restricted:
        yield lambda: read_register(edition.register)
    elif edition.key.exists():
        yield lambda: read_key(edition.key)


def _try(read: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        read()
    except BadInputError as error:
        return error.problems
    return ()
