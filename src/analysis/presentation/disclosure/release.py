"""The one door: rows that are shown have passed here, or they can't be shown.

`release` takes rows about customers and gives back what may be published of them;
`release_public` takes rows about no customer, with the reason why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.presentation.disclosure.cells import SUPPRESSED
from analysis.presentation.disclosure.primary import Marks
from analysis.presentation.disclosure.released import Released, let_out
from analysis.presentation.disclosure.rules import current_rules
from analysis.presentation.disclosure.secondary import find_sensitive, hide_enough
from analysis.presentation.disclosure.structure import Structure, Sum, read_cells


def release(  # noqa: PLR0913 - what a table says of its own structure
    rows: pd.DataFrame,
    *,
    count: str,
    counts: Sequence[str] = (),
    amounts: Sequence[str] = (),
    derived: Mapping[str, Sequence[str]] | None = None,
    dominance: Sequence[str] = (),
    sums: Sequence[Sum] = (),
    has_total: bool = False,
) -> Released:
    """Give back what may be published of rows about customers.

    A row of too few customers is hidden whole. Elsewhere a cell is hidden if it counts
    too few customers, the whole group or all but a few of it, or if one or two
    customers dominate it. Then further cells are hidden until nothing hidden can be
    worked out from sums; totals stay if at all possible. Sort rows after their
    release: `Released.order` puts hidden cells last, a place in the list would tell.

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
        channel): hidden where one of those is. Shares that add up to all let readers
        work out the total; it then counts as shown.
    dominance : sequence of str
        Amounts tested for dominance. For an amount "profit" the rows hold
        "profit_largest", "profit_second" (largest and second largest absolute amount
        of one customer) and "profit_absolute" (sum of absolute amounts); these
        columns are not released.
    sums : sequence of Sum
        Which amounts, or counts, add up to which in a row.
    has_total : bool
        Whether the last row adds up the others. If it counts customers that none of
        them does, these count as a row that is not shown.

    Returns
    -------
    Released
        A copy without the columns of dominance.

    Raises
    ------
    ValueError
        If a column is missing or in two roles, a count is not a whole number from
        zero up, or a sum does not hold.
    """
    structure = Structure(
        count=count,
        counts=tuple(counts),
        amounts=tuple(amounts),
        derived=dict(derived or {}),
        dominance=tuple(dominance),
        sums=tuple(sums),
        has_total=has_total,
    )
    _require_columns(rows, structure)
    rules = current_rules()
    whole, bound = _add_implied_total(rows, structure)
    cells = read_cells(whole, bound, minimum=rules.minimum_count)
    hidden = hide_enough(cells, find_sensitive(cells, rules), rules)[: len(whole)]
    measures = [name for names in structure.measures.values() for name in names]
    shown = _blank(rows.drop(columns=measures), bound, hidden)
    customers = tuple(
        None if is_hidden else int(n)
        for n, is_hidden in zip(rows[count], hidden[:, 0], strict=False)
    )
    return let_out(shown, customers, version=rules.version, has_total=has_total)


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
        A copy of the rows as they are.

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
    version = current_rules().version
    return let_out(rows.copy(), None, version=version, reason=reason)


def _require_columns(rows: pd.DataFrame, structure: Structure) -> None:
    in_sums = [name for each in structure.sums for name in (each.total, *each.parts)]
    measures = [name for names in structure.measures.values() for name in names]
    inputs = [name for names in structure.derived.values() for name in names]
    wanted = [*structure.columns, *measures, *in_sums, *structure.derived, *inputs]
    missing = [name for name in dict.fromkeys(wanted) if name not in rows.columns]
    if missing:
        message = (
            f"Rows to be released must have columns {missing}. "
            f"They have {list(rows.columns)}."
        )
        raise ValueError(message)
    counted = {structure.count, *structure.counts}
    amounts = {*structure.amounts, *structure.dominance}
    twice = (counted & amounts) | ({*structure.columns} & {*structure.derived})
    unbound = {*in_sums} - {*structure.columns}
    if twice or unbound:
        message = (
            "Each column must have one role, and sums join counts or amounts only. "
            f"In two roles: {sorted(twice)}; in a sum without one: {sorted(unbound)}."
        )
        raise ValueError(message)


def _add_implied_total(
    rows: pd.DataFrame, structure: Structure
) -> tuple[pd.DataFrame, Structure]:
    """Add the total that a reader can work out from shares of it.

    One row that shows an amount and its share of all rows gives the sum away.
    """
    numeric = rows.select_dtypes("number")
    shares = [
        name
        for name, inputs in structure.derived.items()
        if {*inputs} & {*structure.columns} and name in numeric
    ]
    sums = numeric[shares].sum()
    implies = np.isclose(sums, 1.0, rtol=1e-6) | np.isclose(sums, 100.0, rtol=1e-6)
    if structure.has_total or len(rows) < 2 or not implies.any():
        return rows, structure
    total = rows[[*structure.columns]].sum().to_frame().T
    measures = [name for names in structure.measures.values() for name in names]
    total = total.assign(**dict.fromkeys(measures, 0.0))
    whole = pd.concat([rows[total.columns], total], ignore_index=True)
    return whole, replace(structure, has_total=True)


def _blank(rows: pd.DataFrame, structure: Structure, hidden: Marks) -> pd.DataFrame:
    masks = {name: hidden[:, at] for at, name in enumerate(structure.columns)}
    undeclared = [name for name in rows.columns if _is_computed(rows[name])]
    for name in undeclared:
        masks.setdefault(name, hidden[:, 0])
    masks |= _spread(structure, masks)
    shown = rows.copy()
    for name, whole_mask in masks.items():
        mask = whole_mask[: len(rows)]
        if mask.any():
            column = shown[name].astype(object).to_numpy(copy=True)
            column[mask] = SUPPRESSED
            shown[name] = pd.Series(column, index=shown.index, dtype=object)
    return shown


def _spread(structure: Structure, masks: Mapping[str, Marks]) -> dict[str, Marks]:
    """Hide what is computed from hidden cells, also at second hand.

    Where a total is hidden, shares of it would tell it: they are hidden in all rows.
    The total may be one that is not in the table (`_add_implied_total`).
    """
    whole_row = masks[structure.count]
    spread = {name: whole_row.copy() for name in structure.derived}
    for _ in structure.derived:
        for name, inputs in structure.derived.items():
            known = {**masks, **spread}
            for each in inputs:
                spread[name] |= known.get(each, False)
    if structure.has_total:
        for mask in spread.values():
            mask |= bool(mask[-1:].any())
    return spread


def _is_computed(column: pd.Series[float]) -> bool:
    # A number with a fraction is no label: undeclared, it counts as computed from the
    # row's customers.
    if not pd.api.types.is_float_dtype(column.dtype):
        return False
    finite = column.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = finite[np.isfinite(finite)]
    return bool((finite != np.floor(finite)).any())
