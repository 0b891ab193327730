"""Released rows of a table with a total, as its exhibits and sentences take them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed


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
