"""Released rows of a table with a total, as its exhibits and sentences take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.tables import DisplayColumn


@dataclass(frozen=True, slots=True, eq=False)
class ShownRows:
    """What may be shown of a table.

    Parameters
    ----------
    released : Released
        One row per line and, below several, the total.
    """

    released: Released

    @property
    def parts(self) -> Released:
        """The rows without their total."""
        return self.released.keep([not total for total in self.released.totals])

    @property
    def whole(self) -> pd.Series[float]:
        """The row of everything; hidden cells hold the mark."""
        return self.released.rows.iloc[-1]

    def list_known(self, column: str) -> Released:
        """Give the rows of which a column is shown, without the total.

        Parameters
        ----------
        column : str
            Column of the rows.

        Returns
        -------
        Released
            Rows whose cell is not hidden.
        """
        return self.parts.keep(~self.parts.rows[column].map(is_suppressed))


def list_amounts(
    heads: Mapping[str, str], unit: str, *, bar: str = ""
) -> list[DisplayColumn]:
    """Give the columns of amounts that were scaled for a table.

    Parameters
    ----------
    heads : mapping of str to str
        Head of each amount, by its name without "_scaled".
    unit : str
        What they are counted in, as it is printed.
    bar : str, optional
        The amount that is drawn as a bar, too.

    Returns
    -------
    list of DisplayColumn
        With one decimal.
    """
    return [
        DisplayColumn(
            f"{name}_scaled",
            head,
            decimals=1,
            unit_label=unit,
            shade="bar" if name == bar else "",
        )
        for name, head in heads.items()
    ]
