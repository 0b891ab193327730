"""Attack a released table as a reader would: what can be said of each hidden cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.disclosure.cells import is_suppressed
from analysis.presentation.disclosure.intervals import infer_interval
from analysis.presentation.disclosure.released import Released
from analysis.presentation.disclosure.rules import current_rules
from analysis.presentation.disclosure.structure import Structure, read_cells


def list_inferences(
    rows: pd.DataFrame, released: Released, structure: Structure
) -> pd.DataFrame:
    """List the interval that readers can infer for each hidden count and amount.

    Only the marks in the released rows decide what is hidden, so that the audit does
    not depend on how the cells were chosen.

    Parameters
    ----------
    rows : pandas.DataFrame
        The true rows.
    released : Released
        The same rows in the same order, as they leave.
    structure : Structure
        What the table says of its columns.

    Returns
    -------
    pandas.DataFrame
        One row per hidden cell: `row` (its number), `column`, `value` (the truth),
        `lower`, `upper`.
    """
    cells = read_cells(rows, structure, minimum=current_rules().minimum_count)
    names = list(structure.columns)
    hidden = np.zeros(cells.numbers.shape, dtype=np.bool_)
    hidden[: len(rows)] = released.rows[names].map(is_suppressed).to_numpy()
    hidden[len(rows) :] = True
    known = cells.find_knowledge()
    found = [
        (line, name, cells.numbers[line, place])
        for line in range(len(rows))
        for place, name in enumerate(names)
        if hidden[line, place]
    ]
    intervals = [
        infer_interval(known, hidden.ravel(), cells.number(line, names.index(name)))
        for line, name, _ in found
    ]
    listed = pd.DataFrame(found, columns=["row", "column", "value"])
    return listed.assign(
        lower=[interval.lower for interval in intervals],
        upper=[interval.upper for interval in intervals],
    )
