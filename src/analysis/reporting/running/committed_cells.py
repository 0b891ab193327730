"""The cells that a person finds in a notebook as committed, and what they must show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode

from analysis.presentation.show import media_type
from analysis.reporting.running.failures import Failure, name_cell

# The lines `show(study.chart_...(...))` of a cell.
_CHART_SAID = re.compile(r"^show\(\w+\.chart_\w+\(", re.MULTILINE)
_FINDING = media_type("finding")
_DRAWN = frozenset((media_type("chart"), media_type("note")))
_ADDED = frozenset(("injected-parameters", "papermill-error-cell-tag"))
"""Tags of the cells that papermill puts in."""


def list_committed_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List the cells that a person finds in the notebook as committed.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    list of nbformat.NotebookNode
        Without those that papermill has put in.
    """
    return [
        cell
        for cell in notebook.cells
        if _ADDED.isdisjoint(cell.metadata.get("tags", ()))
    ]


def find_lost_chart(cells: Sequence[NotebookNode]) -> Failure | None:
    """Find a cell that shows fewer charts than it says: none may vanish in silence.

    A chart is left out only after a finding that is refused, which says why.

    Parameters
    ----------
    cells : sequence of nbformat.NotebookNode
        Executed cells, as `list_committed_cells` gives them.

    Returns
    -------
    Failure or None
        The first cell of which one is missing.
    """
    is_refused = False
    for index, cell in enumerate(cells):
        if cell.cell_type == "code":
            n_said, n_shown = len(_CHART_SAID.findall(cell.source)), _count_shown(cell)
            is_refused = is_refused or _refuses(cell)
            if n_shown < n_said and not is_refused:
                sentence = (
                    f"Cell {index + 1} must show {n_said} charts, or say why there is "
                    f"none, and {n_shown} came out."
                )
                return Failure(sentence, name_cell(cells, index))
    return None


def _refuses(cell: NotebookNode) -> bool:
    findings = (output.get("data", {}).get(_FINDING, {}) for output in cell.outputs)
    return any(finding.get("verdict") == "not identified" for finding in findings)


def _count_shown(cell: NotebookNode) -> int:
    return sum(not _DRAWN.isdisjoint(output.get("data", ())) for output in cell.outputs)
