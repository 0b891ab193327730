"""Papermill over the plan, side by side; each notebook becomes a record and two pages.

A notebook runs in a kernel of its own. What papermill and the kernel note about time
and process is taken out again, so that the same data, params and code give the same
executed notebook.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from logging import ERROR, getLogger
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Literal

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis.errors import RunFailedError
from analysis.reporting.edition import write_restricted
from analysis.reporting.export import (
    QuarterbookHTMLExporter,
    QuarterbookPDFExporter,
)
from analysis.reporting.privacy.masking import mask_text

# One numerical thread a kernel, and sets in the same order every time: libraries that
# walk through a set would otherwise change the last digit of a number.
_KERNEL_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
_VOLATILE = ("papermill", "execution", "widgets")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Job:
    """One notebook to be run.

    Parameters
    ----------
    study : str
        Name of the study; its notebook and its reports are called so too.
    notebook : pathlib.Path
        The notebook as committed.
    folder : pathlib.Path
        The quarter's folder; the executed notebook goes to notebooks/ in it.
    working_folder : pathlib.Path
        The folder that the kernel is started in.
    parameters : dict
        Values for the parameters cell.
    page : dict
        What the cover says: title, quarter, source, run.
    environment : dict of str to str
        Environment variables of the kernel; an empty value takes one away.
    failures : pathlib.Path or None
        Where the full message of a failed cell is kept, which may quote data; None
        keeps only what is masked.
    """

    study: str
    notebook: Path
    folder: Path
    working_folder: Path
    parameters: Mapping[str, Any]
    page: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)
    failures: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job.

    Parameters
    ----------
    study : str
        Name of the study.
    status : {"completed", "failed"}
        Whether the notebook ran to its end and both reports were made.
    seconds : float
        How long it took.
    error : str
        Which cell failed and why, without data; empty when completed.
    """

    study: str
    status: Literal["completed", "failed"]
    seconds: float
    error: str = ""


def run_jobs(
    jobs: Iterable[Job], *, workers: int, report_progress: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Run notebooks side by side, each in a process of its own.

    Parameters
    ----------
    jobs : iterable of Job
        What is to be run.
    workers : int
        How many at a time.
    report_progress : callable
        Called with each outcome as it comes.

    Returns
    -------
    tuple of Outcome
        One per job, in the order of the jobs.
    """
    planned = tuple(jobs)
    outcomes: dict[str, Outcome] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(run_job, job): job for job in planned}
        for future in as_completed(futures):
            outcome = _read_outcome(futures[future], future)
            outcomes[outcome.study] = outcome
            report_progress(outcome)
    return tuple(outcomes[job.study] for job in planned)


def run_job(job: Job) -> Outcome:
    """Run one notebook and make its reports.

    Parameters
    ----------
    job : Job
        What is to be run.

    Returns
    -------
    Outcome
        A notebook that fails is an outcome, not an exception: the others go on. Its
        record and its HTML page are kept as far as they came.
    """
    _set_environment(job.environment)
    getLogger("papermill").setLevel(ERROR)  # parameters are checked before we come here
    record_path(job).parent.mkdir(parents=True, exist_ok=True)
    start = perf_counter()
    error = _execute(job)
    notebook = _read_record(job)
    error = error or _print_pages(job, notebook)
    _export_page(job, notebook)
    status: Literal["completed", "failed"] = "failed" if error else "completed"
    return Outcome(job.study, status, perf_counter() - start, error)


def _read_outcome(job: Job, future: Future[Outcome]) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    said = mask_text(f"{type(error).__name__}: {error}")
    sentence = f"The report could not be made: {said}"
    if isinstance(error, BrokenProcessPool):
        sentence = "Its process was killed, most likely for lack of memory."
    return Outcome(job.study, "failed", 0.0, sentence)


def _set_environment(variables: Mapping[str, str]) -> None:
    os.environ |= _KERNEL_ENVIRONMENT
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value:
            os.environ[name] = value


def _execute(job: Job) -> str:
    with TemporaryDirectory(prefix="kernel-") as folder:
        # Sockets in a folder of ours: nobody else reads them, no port is taken.
        sockets = {"transport": "ipc", "ip": str(Path(folder, "socket"))}
        return _run_cells(job, Config({"KernelManager": sockets}))


def _run_cells(job: Job, config: Config) -> str:
    try:
        papermill.execute_notebook(
            job.notebook,
            record_path(job),
            parameters=dict(job.parameters),
            kernel_name="python3",
            language="python",
            cwd=job.working_folder,
            progress_bar=False,
            config=config,
        )
    except PapermillExecutionError as error:
        _keep_message(job, error)
        said = mask_text(f"{error.ename}: {error.evalue}")
        return f"Cell {error.cell_index + 1} failed: {said}"
    except CellTimeoutError:
        return "A cell took longer than it may."
    except DeadKernelError:
        return "The kernel died, most likely for lack of memory."
    return ""


def _keep_message(job: Job, error: PapermillExecutionError) -> None:
    """Keep what an engineer needs and a reader must not see."""
    if job.failures is not None:
        lines = _ANSI.sub("", "\n".join(error.traceback))
        text = f"Cell {error.cell_index + 1}\n{error.source}\n\n{lines}\n"
        write_restricted(job.failures / f"{job.study}.txt", text)


def _read_record(job: Job) -> NotebookNode:
    path = record_path(job)
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        _clean(cell)
    for key in _VOLATILE:
        notebook.metadata.pop(key, None)
    notebook.metadata["quarterbook"] = dict(job.page)
    nbformat.write(notebook, path)
    return notebook


def _clean(cell: NotebookNode) -> None:
    for key in _VOLATILE:
        cell.metadata.pop(key, None)
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            output.traceback = []
            output.evalue = mask_text(output.evalue)


def _export_page(job: Job, notebook: NotebookNode) -> None:
    html, _ = QuarterbookHTMLExporter().from_notebook_node(notebook)
    (job.folder / f"{job.study}.html").write_text(html, "utf-8")


def _print_pages(job: Job, notebook: NotebookNode) -> str:
    try:
        pdf, _ = QuarterbookPDFExporter().from_notebook_node(notebook)
    except RunFailedError as error:
        return mask_text(str(error))
    (job.folder / f"{job.study}.pdf").write_bytes(pdf)
    return ""


def record_path(job: Job) -> Path:
    """Give the place of a job's executed notebook.

    Parameters
    ----------
    job : Job
        The study and its folder.

    Returns
    -------
    pathlib.Path
        The notebook file; it exists once the job is done.
    """
    return job.folder / "notebooks" / f"{job.study}.ipynb"
