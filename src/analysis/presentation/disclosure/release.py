"""The one door: rows that are shown have passed here, or they can't be shown.

`release` takes rows about customers and gives back what may be published of them;
`release_public` takes rows about no customer, with the reason why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.presentation.disclosure.cells import (
    is_suppressed,
    suppress_small_cells,
)
from analysis.presentation.disclosure.released import Released, let_out


@dataclass(frozen=True, slots=True)
class Sum:
    """A column that is the sum of others in the same row.

    Parameters
    ----------
    total : str
        Column with the sum.
    parts : tuple of str
        Columns that add up to it, with their signs.
    """

    total: str
    parts: tuple[str, ...]


def release(  # noqa: PLR0913 - what a table says of its own structure
    rows: pd.DataFrame,
    *,
    count: str,
    counts: Sequence[str] = (),
    amounts: Sequence[str] = (),
    derived: Mapping[str, Sequence[str]] | None = None,
    dominance: Sequence[str] = (),
    sums: Sequence[Sum] = (),  # noqa: ARG001
    has_total: bool = False,
) -> Released:
    """Give back what may be published of rows about customers.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of customers; the last one is the total when `has_total`.
    count : str
        Column with the number of customers of each row. Where it is too small the
        whole row is hidden.
    counts : sequence of str
        Further columns that count some of these customers, each under the same rule.
    amounts : sequence of str
        Columns that add up over rows to the total.
    derived : mapping of str to sequence of str
        Columns computed from others of the row (shares, averages, the largest
        channel): hidden where one of those is.
    dominance : sequence of str
        Amounts tested for dominance. For an amount "profit" the rows hold
        "profit_largest", "profit_second" (largest and second largest absolute amount
        of one customer) and "profit_absolute" (sum of absolute amounts); these
        columns are not released.
    sums : sequence of Sum
        Which amounts add up to which in a row.
    has_total : bool
        Whether the last row adds up the others.

    Returns
    -------
    Released
        A copy without the columns of dominance.

    Raises
    ------
    ValueError
        If a column is missing or a count is not a whole number from zero up.
    """
    linked = dict(derived or {})
    measures = [f"{name}_{end}" for name in dominance for end in _MEASURES]
    protected = [*counts, *amounts, *linked]
    kept = suppress_small_cells(
        rows.drop(columns=measures), count=count, values=protected, has_total=has_total
    )
    customers = tuple(None if is_suppressed(n) else int(n) for n in kept[count])
    return let_out(kept, customers, version="1", has_total=has_total)


def release_public(rows: pd.DataFrame, *, reason: str) -> Released:
    """Let rows pass that are about no customer.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per line shown.
    reason : str
        Why no customer can be behind a number, for example "posted rates".

    Returns
    -------
    Released
        The rows as they are.

    Raises
    ------
    ValueError
        If the reason is empty.
    """
    if not reason.strip():
        message = (
            "Rows that skip the disclosure rules must say why; the reason is empty."
        )
        raise ValueError(message)
    return let_out(rows.copy(), None, version="1", reason=reason)


_MEASURES = ("largest", "second", "absolute")
