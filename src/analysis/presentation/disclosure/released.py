"""What has passed the door: rows that may leave, and the verbs that keep them safe.

Every verb gives another `Released` that shows the same cells or fewer; none can bring
back a cell that is hidden. A chart or a table takes a `Released` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.presentation.disclosure.cells import count_suppressed, is_suppressed

Customers = tuple[int | None, ...] | None

_DOOR: Final = object()


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """Rows that may leave; only `release` and `release_public` make them.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per line shown; hidden cells hold `SUPPRESSED`.
    customers : tuple of int or None, or None
        Customers behind each row, None where hidden; None for the whole where the
        rows are about no customer.
    reason : str
        Why the rows are about no customer; empty otherwise.
    version : str
        Version of the rule set that the rows passed; its parameters stay secret.
    totals : tuple of bool
        For each row, whether it adds up others.
    door : object
        Internal: shows that the rows come from `release` or `release_public`.

    Raises
    ------
    TypeError
        If anything else makes one.
    """

    rows: pd.DataFrame
    customers: Customers
    reason: str = ""
    version: str = ""
    totals: tuple[bool, ...] = ()
    door: InitVar[object] = None

    def __post_init__(self, door: object) -> None:
        if door is not _DOOR:
            message = (
                "Rows must pass `release` (rows about customers) or `release_public` "
                "(rows about none); `Released` can't be made directly."
            )
            raise TypeError(message)

    @property
    def n_hidden(self) -> int:
        """Cells among these that are hidden by a rule or to protect one that is."""
        return count_suppressed(self.rows)

    def keep(
        self, mask: pd.Series[bool] | NDArray[np.bool_] | Sequence[bool]
    ) -> Released:
        """Keep some of the rows.

        Parameters
        ----------
        mask : pandas.Series, numpy.ndarray or sequence of bool
            One truth value per row, in the order of the rows.

        Returns
        -------
        Released
            The rows where the mask is true, in the same order.

        Raises
        ------
        ValueError
            If the mask does not hold one truth value per row.
        """
        wanted = np.asarray(mask)
        if wanted.dtype != np.bool_ or wanted.shape != (len(self.rows),):
            message = (
                f"A mask must hold {len(self.rows)} truth values, one per row. It is "
                f"of type {wanted.dtype} and shape {wanted.shape}."
            )
            raise ValueError(message)
        return self._take(np.flatnonzero(wanted))

    def order(self, by: str | Sequence[str], ascending: bool = True) -> Released:
        """Sort the rows by what is shown of them.

        Hidden cells count as the last in either direction, so that a place in the
        list says nothing about them; totals stay below the rows that they add up.

        Parameters
        ----------
        by : str or sequence of str
            Column, or columns of falling weight; rows that tie keep their order.
        ascending : bool
            Whether the smallest value comes first.

        Returns
        -------
        Released
            All rows, sorted.

        Raises
        ------
        ValueError
            If a column is missing.
        """
        names = [by] if isinstance(by, str) else list(by)
        self._require(names)
        places = list(range(len(self.rows)))
        for name in reversed(names):
            cells = self.rows[name].tolist()
            shown = [place for place in places if not _is_blank(cells[place])]
            blank = [place for place in places if _is_blank(cells[place])]
            shown.sort(key=cells.__getitem__, reverse=not ascending)
            places = shown + blank
        places.sort(key=self.totals.__getitem__)
        return self._take(np.array(places, dtype=np.intp))

    def rename(self, columns: Mapping[str, str]) -> Released:
        """Give columns other names.

        Parameters
        ----------
        columns : mapping of str to str
            New name by present name.

        Returns
        -------
        Released
            The same rows.

        Raises
        ------
        ValueError
            If a column is missing or two columns would share a name.
        """
        self._require(columns)
        rows = self.rows.rename(columns=dict(columns))
        if not rows.columns.is_unique:
            message = (
                f"Columns must keep different names. They would be "
                f"{list(rows.columns)}."
            )
            raise ValueError(message)
        return _make(rows, self)

    def select(self, columns: Sequence[str]) -> Released:
        """Keep some of the columns, in the order given.

        Parameters
        ----------
        columns : sequence of str
            Columns wanted.

        Returns
        -------
        Released
            All rows with these columns only.

        Raises
        ------
        ValueError
            If a column is missing.
        """
        self._require(columns)
        return _make(self.rows[list(columns)], self)

    def _take(self, places: NDArray[np.intp]) -> Released:
        customers = self.customers
        if customers is not None:
            customers = tuple(customers[place] for place in places)
        totals = tuple(self.totals[place] for place in places)
        rows = self.rows.iloc[places].reset_index(drop=True)
        return Released(rows, customers, self.reason, self.version, totals, door=_DOOR)

    def _require(self, names: Sequence[str] | Mapping[str, str]) -> None:
        missing = [name for name in names if name not in self.rows.columns]
        if missing:
            message = (
                f"Released rows have no columns {missing}. "
                f"They have {list(self.rows.columns)}."
            )
            raise ValueError(message)


def require_released(rows: object) -> None:
    """Refuse to show what has not passed the door.

    Parameters
    ----------
    rows : object
        What a chart or a table was given.

    Raises
    ------
    TypeError
        If it is not a `Released`.
    """
    if not isinstance(rows, Released):
        message = (
            f"A chart or table shows a Released, not a {type(rows).__name__}. Pass the "
            "rows through `release` (rows about customers) or `release_public` (rows "
            "about none) first."
        )
        raise TypeError(message)


def stack(releases: Sequence[Released]) -> Released:
    """Put tables of the same shape below each other.

    Each keeps what was hidden in it: tables that are linked, because one customer
    group is in two of them, must be released as one.

    Parameters
    ----------
    releases : sequence of Released
        Tables with the same columns in the same order, all about customers or all
        about none for the same reason, released under the same rules.

    Returns
    -------
    Released
        All rows in order, numbered anew.

    Raises
    ------
    ValueError
        If there is none, or they differ in columns, reason or rules.
    """
    if not releases:
        message = "At least one release must be given to stack."
        raise ValueError(message)
    first = releases[0]
    for other in releases[1:]:
        if _shape(other) != _shape(first):
            message = (
                "Releases must have the same columns, reason and rule set to be "
                f"stacked. One has {_shape(first)}, another {_shape(other)}."
            )
            raise ValueError(message)
    rows = pd.concat([each.rows for each in releases], ignore_index=True)
    customers: Customers = None
    if first.customers is not None:
        customers = tuple(n for each in releases for n in each.customers or ())
    totals = tuple(is_total for each in releases for is_total in each.totals)
    return Released(rows, customers, first.reason, first.version, totals, door=_DOOR)


def let_out(
    rows: pd.DataFrame,
    customers: Customers,
    *,
    version: str,
    reason: str = "",
    has_total: bool = False,
) -> Released:
    """Mark rows as released: for the door's own modules only.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of which everything unsafe is hidden.
    customers : tuple of int or None, or None
        Customers behind each row; see `Released`.
    version : str
        Version of the rule set applied.
    reason : str
        Why the rows are about no customer.
    has_total : bool
        Whether the last row adds up the others.

    Returns
    -------
    Released
        The rows, marked.
    """
    totals = [False] * len(rows)
    if has_total and totals:
        totals[-1] = True
    return Released(rows, customers, reason, version, tuple(totals), door=_DOOR)


def _make(rows: pd.DataFrame, like: Released) -> Released:
    return Released(
        rows, like.customers, like.reason, like.version, like.totals, door=_DOOR
    )


def _shape(released: Released) -> tuple[object, ...]:
    columns = tuple(released.rows.columns)
    is_public = released.customers is None
    return columns, is_public, released.reason, released.version


def _is_blank(cell: Any) -> bool:  # noqa: ANN401 - a frame's cell is of any type
    return is_suppressed(cell) or bool(pd.isna(cell))
