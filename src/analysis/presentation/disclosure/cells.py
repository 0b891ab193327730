"""What may not be shown: cells of fewer than ten customers, and how they are marked.

The threshold is the rule of ten of the Office for National Statistics. A suppressed
value is neither zero nor missing: it is `SUPPRESSED`, which tables write as "n < 10"
and arithmetic refuses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.presentation.disclosure.rules import MINIMUM_CELL, current_rules


@final
class Suppressed:
    """The mark of a value that is known and not shown; there is one, `SUPPRESSED`.

    It turns into nan where a number is asked for (`astype(float)`), so a chart leaves
    it out, and it can't be added up or compared.
    """

    __slots__ = ()

    def __float__(self) -> float:
        return math.nan

    def __repr__(self) -> str:
        return f"n < {MINIMUM_CELL}"

    def __reduce__(self) -> str:
        return "SUPPRESSED"


SUPPRESSED: Final = Suppressed()
"""Stands in a cell of fewer than `MINIMUM_CELL` customers."""


def is_suppressed(value: object) -> bool:
    """Say whether a cell holds the mark of suppression.

    Parameters
    ----------
    value : object
        Any cell of a frame.

    Returns
    -------
    bool
        True for `SUPPRESSED` only: not for zero, nan or None.
    """
    return isinstance(value, Suppressed)


def suppress_small_cells(
    rows: pd.DataFrame, *, count: str, values: Sequence[str], has_total: bool = False
) -> pd.DataFrame:
    """Replace what describes fewer than ten customers by `SUPPRESSED`.

    With a total shown, the rows suppressed could be found by subtraction. They must
    then be at least two and hold at least ten customers together: the smallest other
    rows are suppressed with them, and the total itself if no other row is left.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per cell; the last one is the total when `has_total`.
    count : str
        Column with the number of customers of each row; it is suppressed too.
    values : sequence of str
        Columns computed from those customers.
    has_total : bool
        Whether the last row adds up the others.

    Returns
    -------
    pandas.DataFrame
        A copy; columns with a suppressed cell are of type object. Rows without
        customers stay: an empty cell describes nobody.

    Raises
    ------
    ValueError
        If a column is missing or a count is not a whole number from zero up.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, chapter
       4, on primary and secondary suppression in tables.
    """
    _require_columns(rows, [count, *values])
    counts = _read_counts(rows[count])
    hidden = (counts > 0) & (counts < MINIMUM_CELL)
    if has_total and len(rows):
        hidden = _protect_total(counts, hidden)
    shown = rows.copy()
    if hidden.any():
        for name in dict.fromkeys([count, *values]):
            cells = shown[name].astype(object).to_numpy(copy=True)
            cells[hidden] = SUPPRESSED
            shown[name] = pd.Series(cells, index=shown.index, dtype=object)
    return shown


def count_suppressed(rows: pd.DataFrame) -> int:
    """Count the suppressed cells of a frame, for the note under its table.

    Parameters
    ----------
    rows : pandas.DataFrame
        Any frame.

    Returns
    -------
    int
        Cells that hold `SUPPRESSED`.
    """
    return int(rows.map(is_suppressed).to_numpy().sum())


def cut_into_points(n_customers: int, *, n_points: int = 100) -> tuple[int, ...]:
    """Choose the ranks at which a curve over ranked customers may be drawn.

    A curve over single customers shows the first one's value; over groups of at least
    ten it shows nobody's.

    Parameters
    ----------
    n_customers : int
        Customers ranked along the curve.
    n_points : int
        Most points wanted, 100 for percentiles.

    Returns
    -------
    tuple of int
        Cumulative numbers of customers, rising to `n_customers`; the first and every
        step from one to the next are at least the smallest count that may be shown.

    Raises
    ------
    ValueError
        If there are fewer customers than may be shown, or no point is wanted.

    Examples
    --------
    >>> cut_into_points(45)
    (11, 22, 33, 45)
    """
    minimum = current_rules().minimum_count
    if n_customers < minimum:
        message = (
            f"A curve must describe at least {minimum} customers, not "
            f"{n_customers}. Leave it out with a note."
        )
        raise ValueError(message)
    if n_points < 1:
        message = f"A curve must have at least one point, not {n_points}."
        raise ValueError(message)
    n_groups = min(n_points, n_customers // minimum)
    return tuple(rank * n_customers // n_groups for rank in range(1, n_groups + 1))


def _require_columns(rows: pd.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in rows.columns]
    if missing:
        message = (
            f"Rows to be suppressed must have columns {missing}. "
            f"They have {list(rows.columns)}."
        )
        raise ValueError(message)


def _read_counts(column: pd.Series[float]) -> NDArray[np.float64]:
    counts = np.asarray(column.astype(float), dtype=np.float64)
    wrong = ~((counts >= 0) & (counts == np.floor(counts)))
    if wrong.any():
        found = column[wrong].head(5).tolist()
        message = (
            f"Column {column.name!r} must hold whole numbers of customers from 0 up. "
            f"It has {found} ({int(wrong.sum())} in all)."
        )
        raise ValueError(message)
    return counts


def _protect_total(
    counts: NDArray[np.float64],
    hidden: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    parts, total = counts[:-1], counts[-1]
    protected = hidden.copy()
    inner = protected[:-1]
    candidates = [i for i in np.argsort(parts, kind="stable") if parts[i] > 0]
    candidates = [i for i in candidates if not inner[i]]
    while inner.any() and not protected[-1]:
        if inner.sum() > 1 and parts[inner].sum() >= MINIMUM_CELL:
            break
        if candidates:
            inner[candidates.pop(0)] = True
        else:
            protected[-1] = total > 0
            break
    return protected
