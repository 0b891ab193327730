"""Where a notebook failed and why, in words that quote no data."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis.reporting.privacy.masking import mask_text

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LINE_OF_CELL = re.compile(r"^Cell In\[\d+\], line (\d+)", flags=re.MULTILINE)
_FRAME = re.compile(
    r"^File \S*?(?P<file>analysis/\S+?\.py):(?P<line>\d+),? in (?P<function>\w+)",
    flags=re.MULTILINE,
)
_HEADING = re.compile(r"^#{2,6} +(?P<words>.+)$", flags=re.MULTILINE)
_GIBIBYTE = 1 << 30
_OTHER_LANGUAGE = "zh"
"""Tag of cells that the console, which speaks English, does not quote."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report was not made.

    Parameters
    ----------
    sentence : str
        What happened, without data.
    cell : str
        Which cell, under which heading, and its line; empty where no cell failed.
    place : str
        File, line and function of the project where it happened; empty if unknown.
    detail : str
        The whole message, which may quote data: for its owner only.
    """

    sentence: str
    cell: str = ""
    place: str = ""
    detail: str = ""


def explain_exception(
    error: PapermillExecutionError, cells: Sequence[NotebookNode]
) -> Failure:
    """Say which cell raised what, and where.

    Parameters
    ----------
    error : papermill.exceptions.PapermillExecutionError
        What papermill says.
    cells : sequence of nbformat.NotebookNode
        Cells of the executed notebook, without papermill's banners.

    Returns
    -------
    Failure
        The cell counted as a reader of the notebook counts it.
    """
    trace = _ANSI.sub("", "\n".join(error.traceback))
    index = next(
        number
        for number, cell in enumerate(cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    said = mask_text(f"{error.ename}: {error.evalue}")
    frames = list(_FRAME.finditer(trace))
    place = (
        "{file}, line {line}, in {function}".format(**frames[-1].groupdict())
        if frames
        else ""
    )
    line = _LINE_OF_CELL.search(trace)
    cell = name_cell(cells, index)
    return Failure(
        f"Cell {index + 1} failed: {said}",
        cell if line is None else f"{cell}, line {line[1]}",
        place,
        f"{cell}\n{cells[index].source}\n\n{trace}\n",
    )


def explain_death(
    exit_code: int | None, peak_bytes: int, cells: Sequence[NotebookNode], log: str
) -> Failure:
    """Say in which cell a kernel died, and of what.

    Parameters
    ----------
    exit_code : int or None
        Exit code of the kernel, negative for a signal; None if nobody knows.
    peak_bytes : int
        Most memory that it held; 0 if nobody knows.
    cells : sequence of nbformat.NotebookNode
        Cells of the notebook as far as it came, with papermill's times.
    log : str
        What the kernel itself printed.

    Returns
    -------
    Failure
        Memory is named where the system killed the kernel.
    """
    cell = _name_last_begun(cells)
    cause = name_exit(exit_code)
    held = f", holding {peak_bytes / _GIBIBYTE:.1f} GiB" if peak_bytes else ""
    return Failure(
        f"The kernel died{held}: {cause}.", cell, detail=f"{cell}\n\n{log}\n"
    )


def explain_hang(seconds: int, cells: Sequence[NotebookNode], log: str) -> Failure:
    """Say which cell took longer than it may.

    Parameters
    ----------
    seconds : int
        How long a cell may take.
    cells : sequence of nbformat.NotebookNode
        Cells of the notebook as far as it came, with papermill's times.
    log : str
        What the kernel itself printed.

    Returns
    -------
    Failure
        The cell and the limit.
    """
    cell = _name_last_begun(cells)
    sentence = f"A cell took longer than the {seconds // 60} minutes that it may."
    return Failure(sentence, cell, detail=f"{cell}\n\n{log}\n")


def name_exit(exit_code: int | None) -> str:
    """Say in words how a process ended.

    Parameters
    ----------
    exit_code : int or None
        Exit code, negative for a signal; None if nobody knows.

    Returns
    -------
    str
        A clause without a full stop.
    """
    if exit_code is None:
        return "it does not answer any more"
    if exit_code == -signal.SIGKILL:
        return "it was killed, most likely for lack of memory"
    if exit_code < 0:
        return f"it was ended by {signal.Signals(-exit_code).name}"
    return f"it ended by itself with code {exit_code}"


def name_cell(cells: Sequence[NotebookNode], index: int) -> str:
    """Name a cell as a reader finds it: its number and the heading above it.

    Parameters
    ----------
    cells : sequence of nbformat.NotebookNode
        All cells.
    index : int
        Which one, from 0.

    Returns
    -------
    str
        For example 'cell 14 of 31, under "Who answered?"'.
    """
    named = f"cell {index + 1} of {len(cells)}"
    above = (
        cell.source
        for cell in reversed(cells[:index])
        if cell.cell_type == "markdown"
        and _OTHER_LANGUAGE not in cell.metadata.get("tags", ())
    )
    headings = (
        match["words"] for text in above for match in [*_HEADING.finditer(text)][-1:]
    )
    heading = next(headings, "")
    return f'{named}, under "{heading}"' if heading else named


def _name_last_begun(cells: Sequence[NotebookNode]) -> str:
    """Name the cell that was sent last: a kernel that dies may not say so itself."""
    begun = [
        number
        for number, cell in enumerate(cells)
        if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return name_cell(cells, begun[-1] if begun else 0)
