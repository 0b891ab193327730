"""Where notebooks run: side by side on this machine, or on a Dask cluster.

Both are executors of `concurrent.futures`, and both call a job in a process of its own,
so that one which dies takes no other with it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from analysis.errors import BadInputError, Problem
from analysis.reporting.fingerprints import fingerprint_package
from analysis.reporting.privacy.masking import mask_text
from analysis.reporting.running.execution import Job, Made, Outcome, run_job
from analysis.reporting.running.failures import Failure, name_exit
from analysis.reporting.running.isolation import ProcessDiedError, call_isolated

_SECONDS_TO_CONNECT = 10
_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))


@contextmanager
def open_executor(workers: int | str) -> Iterator[Executor]:
    """Give what runs jobs side by side.

    Parameters
    ----------
    workers : int or str
        How many at a time on this machine, or the address of a Dask scheduler.

    Yields
    ------
    concurrent.futures.Executor
        Takes functions and arguments.

    Raises
    ------
    BadInputError
        If the scheduler can't be reached, has no workers, or Dask is not installed.
    """
    if isinstance(workers, int):
        with ThreadPoolExecutor(workers) as executor:
            yield executor
        return
    with _connect(workers) as client:
        yield client.get_executor(pure=False)


def run_jobs(
    executor: Executor, jobs: Sequence[Job], take: Callable[[Made], None]
) -> tuple[Made, ...]:
    """Run notebooks side by side.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        What runs them.
    jobs : sequence of Job
        What is to be run.
    take : callable
        Called with what each has made as it comes.

    Returns
    -------
    tuple of Made
        One per job, in the order of the jobs.

    Raises
    ------
    OSError
        If the disk takes no more.
    """
    futures = {executor.submit(run_apart, job): job for job in jobs}
    made: dict[str, Made] = {}
    for future in as_completed(futures):
        one = _read(futures[future], future)
        made[one.outcome.study] = one
        take(one)
    return tuple(made[job.study] for job in jobs)


def run_apart(job: Job) -> Made:
    """Run one notebook in a process of its own.

    Parameters
    ----------
    job : Job
        What is to be run.

    Returns
    -------
    Made
        A process that dies is an outcome, not an exception.
    """
    try:
        return call_isolated(run_job, job)
    except ProcessDiedError as error:
        sentence = f"Its process died: {name_exit(error.exit_code)}."
        return _fail(job, Failure(sentence))


def _read(job: Job, future: Future[Made]) -> Made:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, OSError) and error.errno in _DISK:
        raise error
    said = mask_text(f"{type(error).__name__}: {error}")
    return _fail(
        job, Failure(f"The report could not be made: {said}", detail=str(error))
    )


def _fail(job: Job, failure: Failure) -> Made:
    return Made(Outcome(job.study, "failed", 0.0, failure))


@contextmanager
def _connect(address: str) -> Iterator[Any]:
    """Give a Dask client whose workers have the same code and project."""
    distributed = _import_distributed(address)
    try:
        client = distributed.Client(address, timeout=_SECONDS_TO_CONNECT)
    except OSError as error:
        what = f"a Dask scheduler must answer at {address}; none did."
        raise _blame(what, "Start it, or set `workers` to a number.") from error
    with client:
        if not client.scheduler_info()["workers"]:
            what = f"the Dask scheduler at {address} must have workers; it has none."
            raise _blame(what, "Start workers, or set `workers` to a number.")
        _require_same_code(client)
        yield client


def _import_distributed(address: str) -> Any:  # noqa: ANN401 - an optional package
    try:
        return import_module("distributed")
    except ImportError as error:
        what = (
            f"`workers` names a Dask scheduler ({address}), and Dask is not installed."
        )
        remedy = "Install quarterbook[cluster], or set `workers` to a number."
        raise _blame(what, remedy) from error


def _require_same_code(client: Any) -> None:  # noqa: ANN401 - ditto
    """Refuse workers whose numbers could differ from those of this machine."""
    own = fingerprint_package()
    others = client.run(fingerprint_package)
    different = sorted(place for place, found in others.items() if found != own)
    if different:
        what = f"every worker must have this machine's code; {different} do not."
        raise _blame(what, "Install the same commit of Quarterbook there.")


def _blame(what: str, remedy: str) -> BadInputError:
    return BadInputError([Problem(what, "workers", remedy)])
