"""Call a function in a process of its own, forked from a parent that is warm.

On Linux one parent imports the libraries once and does nothing else; every call is a
fork of it, which costs a few hundredths of a second. Elsewhere forking is not safe and
every call starts a fresh process. A process dies with the one that asked for it, so
that a run that is killed leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import current_process, forkserver, get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Answer = TypeVar("Answer")

CAN_FORK = sys.platform == "linux"
"""Whether processes are forked from a warm parent."""

_WARM_PARENT = "analysis.reporting.running.warm_parent"
"""What the warm parent imports; it computes nothing, so that it has no threads."""

_ENVIRONMENT = {
    # Notebooks run side by side: one numerical thread each keeps them from fighting.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    # Libraries that walk through a set would change the last digit of a number.
    "PYTHONHASHSEED": "0",
}
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h


class ProcessDiedError(Exception):
    """A process ended before it gave an answer.

    Parameters
    ----------
    exit_code : int
        Its exit code; that of a signal is negative.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def warm_up() -> None:
    """Start the warm parent, which imports while the caller goes on.

    Later calls in the same process do nothing.
    """
    os.environ |= _ENVIRONMENT
    if CAN_FORK:
        get_context("forkserver").set_forkserver_preload([_WARM_PARENT])
        forkserver.ensure_running()


def call_isolated(function: Callable[..., Answer], *arguments: object) -> Answer:
    """Call a function in a process of its own.

    Parameters
    ----------
    function : callable
        A function of a module.
    *arguments : object
        What it is called with; they and the answer must be picklable.

    Returns
    -------
    object
        What the function gave.

    Raises
    ------
    ProcessDiedError
        If the process ended without an answer.
    Exception
        What the function raised.
    """
    warm_up()
    _allow_children()
    context: Any = get_context("forkserver" if CAN_FORK else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, function, arguments))
    process.start()
    sender.close()
    try:
        succeeded, answer = receiver.recv()
    except EOFError:
        process.join()
        raise ProcessDiedError(process.exitcode or 0) from None
    finally:
        receiver.close()
    process.join()
    if not succeeded:
        raise answer
    return answer  # type: ignore[no-any-return]


def die_with_parent() -> None:
    """Let this process be killed when its parent ends, where the system can do that."""
    if CAN_FORK:
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def _allow_children() -> None:
    """Let a worker of Dask start processes: ours can't outlive it."""
    current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]


def _answer(
    sender: Connection, function: Callable[..., object], arguments: tuple[Any, ...]
) -> None:
    die_with_parent()
    _let_parent_go()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides when to stop
    try:
        answer: tuple[bool, object] = (True, function(*arguments))
    except Exception as error:  # handed to the caller, who raises it
        answer = (False, error)
    sender.send(answer)
    sender.close()


def _let_parent_go() -> None:
    """Close what would keep the warm parent alive when its caller is killed."""
    parent: Any = forkserver._forkserver
    if parent._forkserver_alive_fd is not None:
        os.close(parent._forkserver_alive_fd)
        parent._forkserver_alive_fd = None
