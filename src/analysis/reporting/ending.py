"""How the command line ends: whatever goes wrong is a sentence and an exit code."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from click import ClickException

from analysis.data.mapping_files import find_project_root
from analysis.errors import BadInputError, QuarterbookError, RunBusyError
from analysis.reporting.edition import FAILURES, open_restricted, write_restricted
from analysis.reporting.journal import Journal
from analysis.reporting.privacy.masking import mask_text

NOT_WHOLE, BAD_INPUT, BUSY = 1, 2, 3
"""Exit codes; 0 is done."""

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def end_in_a_sentence(journal: Journal) -> Iterator[None]:
    """Let whatever goes wrong in a `with` block end in a sentence and an exit code.

    Parameters
    ----------
    journal : Journal
        Takes the sentence down.

    Yields
    ------
    None
        A success goes on after the block.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, ClickException):
        raise  # the command line's own ways to end
    except BadInputError as error:
        journal.refused(error.problems)
        sys.exit(BAD_INPUT)
    except RunBusyError as error:
        journal.stopped(str(error))
        sys.exit(BUSY)
    except QuarterbookError as error:
        journal.stopped(str(error))
        sys.exit(NOT_WHOLE)
    except Exception as error:  # its message and its trace may quote data
        journal.stopped(_describe_crash(error), _keep_trace())
        sys.exit(NOT_WHOLE)


def _describe_crash(error: Exception) -> str:
    """Say what went wrong without what a message may quote."""
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return (
            "The disk is full. What was published is untouched, and notebooks that had "
            "ended are kept: free some space and give the same command again."
        )
    first = str(error).partition("\n")[0]
    said = mask_text(f"{type(error).__name__}: {first}").rstrip(": ")
    return f"The program failed: {said}"


def _keep_trace() -> Path | None:
    """Write the trace of what was not foreseen to where only its owner reads it."""
    try:
        folder = open_restricted(find_project_root() / "restricted")
        path = folder / FAILURES / "program.txt"
        write_restricted(path, traceback.format_exc())
    except (OSError, QuarterbookError):
        return None  # the folder can't be written to, or this is no project
    return path
