"""What outlives a killed process and a lost power supply: flushes, swaps and locks."""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_WORKING_FOLDER = -100  # AT_FDCWD, fcntl.h
_EXCHANGE = 2  # RENAME_EXCHANGE, linux/fs.h


def flush_folder(folder: Path) -> None:
    """Have the system write a folder and all that is in it to the disk.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that was filled.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one, whatever happens.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    content : bytes
        What it holds.

    Raises
    ------
    OSError
        If the disk does not take it; the old file is untouched.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can do that.

    Parameters
    ----------
    one, other : pathlib.Path
        Two folders of one file system.

    Returns
    -------
    bool
        Whether it was done; a file system that can't leaves both where they are.
    """
    swap = getattr(ctypes.CDLL(None), "renameat2", None)
    if swap is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    here = _AT_WORKING_FOLDER
    return bool(swap(here, names[0], here, names[1], _EXCHANGE) == 0)


@contextmanager
def hold(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep others away from a folder for a while; a killed holder holds no more.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that exists.
    wait : bool
        Whether to wait until another holder lets go.

    Yields
    ------
    bool
        Whether the folder is held; always true when waiting.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(descriptor, wait=wait) and _is_still_there(folder, descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _is_still_there(folder: Path, descriptor: int) -> bool:
    """Tell whether the folder that was locked is the one of that name."""
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
