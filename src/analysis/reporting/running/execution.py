"""Run one notebook, in a process that is its own, and make its pages.

What papermill and the kernel note about time and process is taken out again, so that
the same data, params and code give the same executed notebook.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging import ERROR, getLogger
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

from analysis.data.known_checks import CHECKS_VARIABLE
from analysis.errors import RunFailedError
from analysis.presentation.action_lists import LISTS_VARIABLE
from analysis.reporting.export import QuarterbookHTMLExporter, QuarterbookPDFExporter
from analysis.reporting.privacy.masking import mask_text
from analysis.reporting.running import kernels
from analysis.reporting.running.committed_cells import (
    find_lost_chart,
    list_committed_cells,
)
from analysis.reporting.running.failures import (
    Failure,
    explain_death,
    explain_exception,
    explain_hang,
)

NOTEBOOKS = "notebooks"
"""Folder of the executed notebooks in a quarter's folder, and in the summary's."""
LONGEST_CELL_SECONDS = 3_600
"""A cell that takes longer hangs: a quarter of two million customers takes minutes."""

_VOLATILE = ("papermill", "execution", "widgets")


@dataclass(frozen=True, slots=True)
class Record:
    """What a notebook leaves when it has run.

    Parameters
    ----------
    notebook : bytes
        The executed notebook, without times and paths.
    lists : dict of str to bytes
        Files with customers to act on, by name; only of the restricted edition.
    """

    notebook: bytes
    lists: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One notebook to be run, or to be put on pages if it has been run before.

    Parameters
    ----------
    study : str
        Name of the study; its notebook and its reports are called so too.
    notebook : pathlib.Path
        The notebook as committed.
    working_folder : pathlib.Path
        The folder that the kernel is started in.
    parameters : dict
        Values for the parameters cell.
    page : dict
        What the cover says: title, quarter, source, run.
    environment : dict of str to str
        Environment variables of the kernel; an empty value takes one away.
    writes_lists : bool
        Whether lists of customers are written.
    reports : dict of str to bytes or None
        Executed notebooks of other studies, if this one reads them: it is then run in
        a folder that holds them.
    checks : bytes
        What the run's checks found, for the notebook to print; empty if it is to check
        its tables itself.
    workplace : pathlib.Path or None
        Folder for what is needed while it runs; the system's own if None.
    record : Record or None
        What an earlier run has left, so that only its pages are made.
    """

    study: str
    notebook: Path
    working_folder: Path
    parameters: Mapping[str, Any]
    page: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)
    writes_lists: bool = False
    reports: Mapping[str, bytes] | None = None
    checks: bytes = b""
    workplace: Path | None = None
    record: Record | None = None


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
    failure : Failure or None
        Which cell failed and why; None when completed.
    """

    study: str
    status: Literal["completed", "failed"]
    seconds: float
    failure: Failure | None = None

    @property
    def error(self) -> str:
        """Why it failed, without data; empty when completed."""
        return self.failure.sentence if self.failure else ""


@dataclass(frozen=True, slots=True)
class Made:
    """What a job has made.

    Parameters
    ----------
    outcome : Outcome
        What became of it.
    record : Record or None
        The executed notebook as far as it came; None if nothing ran.
    pages : dict of str to bytes
        Reports by the suffix of their file, "html" and "pdf".
    """

    outcome: Outcome
    record: Record | None = None
    pages: Mapping[str, bytes] = field(default_factory=dict)


def run_job(job: Job) -> Made:
    """Run one notebook and make its reports.

    Parameters
    ----------
    job : Job
        What is to be run.

    Returns
    -------
    Made
        A notebook that fails is an outcome, not an exception: the others go on. Its
        record and its HTML page are kept as far as they came.
    """
    start = perf_counter()
    record, failure = (job.record, None) if job.record else _execute(job)
    notebook = nbformat.reads(record.notebook.decode(), as_version=4)
    notebook.metadata["quarterbook"] = dict(job.page)
    record = Record(_write_notebook(notebook), record.lists)
    pages, mistake = _make_pages(notebook, printed=failure is None)
    failure = failure or mistake
    status: Literal["completed", "failed"] = "failed" if failure else "completed"
    outcome = Outcome(job.study, status, perf_counter() - start, failure)
    return Made(outcome, record, pages)


def _execute(job: Job) -> tuple[Record, Failure | None]:
    with TemporaryDirectory(dir=job.workplace) as place:
        folder = Path(place)
        target, log, lists = folder / "run.ipynb", folder / "log", folder / "lists"
        _set_environment(_list_variables(job, folder, lists))
        working_folder = _lay_out_reports(job, folder) or job.working_folder
        with kernels.open_kernel(log) as kernel:
            error = _run_cells(job, target, working_folder, kernel)
        notebook = nbformat.read(target, as_version=4)
        failure = _explain(error, notebook, kernel, log) or find_lost_chart(
            list_committed_cells(notebook)
        )
        _clean(notebook)
        named = {path.name: path.read_bytes() for path in sorted(lists.glob("*"))}
        return Record(_write_notebook(notebook), named), failure


def _list_variables(job: Job, folder: Path, lists: Path) -> dict[str, str]:
    """Lay out what the notebook reads and writes; say where in variables."""
    variables = {**job.environment, LISTS_VARIABLE: "", CHECKS_VARIABLE: ""}
    if job.writes_lists:
        lists.mkdir()
        variables[LISTS_VARIABLE] = str(lists)
    if job.checks:
        (folder / "checks.json").write_bytes(job.checks)
        variables[CHECKS_VARIABLE] = str(folder / "checks.json")
    return variables


def _set_environment(variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value:
            os.environ[name] = value


def _lay_out_reports(job: Job, folder: Path) -> Path | None:
    """Lay out the notebooks that this one reads; give the folder to read them in."""
    if job.reports is None:
        return None
    (folder / NOTEBOOKS).mkdir()
    for study, notebook in job.reports.items():
        (folder / NOTEBOOKS / f"{study}.ipynb").write_bytes(notebook)
    return folder


def _run_cells(
    job: Job, target: Path, working_folder: Path, kernel: kernels.Kernel
) -> Exception | None:
    getLogger("papermill").setLevel(ERROR)  # parameters were checked before
    with TemporaryDirectory(prefix="kernel-") as folder:
        # Sockets in a folder of ours: nobody else reads them, no port is taken.
        sockets = {"transport": "ipc", "ip": str(Path(folder, "socket"))}
        try:
            papermill.execute_notebook(
                job.notebook,
                target,
                parameters=dict(job.parameters),
                engine_name=kernels.ENGINE,
                kernel_name="python3",
                language="python",
                cwd=working_folder,
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                execution_timeout=LONGEST_CELL_SECONDS,
                config=Config({"KernelManager": sockets}),
                kernel=kernel,
                target=target,
            )
        except (PapermillExecutionError, CellTimeoutError, DeadKernelError) as error:
            return error
    return None


def _explain(
    error: Exception | None, notebook: NotebookNode, kernel: kernels.Kernel, log: Path
) -> Failure | None:
    if error is None:
        return None
    cells = list_committed_cells(notebook)
    if isinstance(error, PapermillExecutionError):
        return explain_exception(error, cells)
    said = log.read_text("utf-8", errors="replace") if log.exists() else ""
    if isinstance(error, CellTimeoutError):
        return explain_hang(LONGEST_CELL_SECONDS, cells, said)
    return explain_death(kernel.returncode, kernel.peak_bytes, cells, said)


def _clean(notebook: NotebookNode) -> None:
    """Take out what differs from run to run, and what quotes data."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        for key in _VOLATILE:
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = []
                output.evalue = mask_text(output.evalue)
    for key in _VOLATILE:
        notebook.metadata.pop(key, None)


def _write_notebook(notebook: NotebookNode) -> bytes:
    text: str = nbformat.writes(notebook)
    return text.encode()


def _make_pages(
    notebook: NotebookNode, *, printed: bool
) -> tuple[dict[str, bytes], Failure | None]:
    html, _ = QuarterbookHTMLExporter().from_notebook_node(notebook)
    pages = {"html": html.encode()}
    if not printed:
        return pages, None
    try:
        pages["pdf"], _ = QuarterbookPDFExporter().from_notebook_node(notebook)
    except RunFailedError as error:
        return pages, Failure(mask_text(str(error)), detail=str(error))
    return pages, None
