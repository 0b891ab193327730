"""What may not be shown: cells of fewer than ten customers, and how they are marked.

The threshold is the rule of ten of the Office for National Statistics. A suppressed
value is neither zero nor missing: it is `SUPPRESSED`, which tables write as "hidden"
and arithmetic refuses.
"""

from __future__ import annotations

import math
from typing import Final, final

import pandas as pd

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
