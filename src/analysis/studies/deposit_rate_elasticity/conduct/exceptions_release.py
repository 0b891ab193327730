"""Let exceptions pass the disclosure door: few customers get them.

The customers counted are those who are paid above the posted price; a row with few of
them is hidden whole.
"""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.deposit_rate_elasticity.conduct.exceptions import (
    MEASURES,
    Exceptions,
)
from analysis.studies.deposit_rate_elasticity.conduct.sentences import scale_amounts

_AMOUNTS = [f"{name}_{end}" for name in MEASURES for end in ("largest", "second")]
_MEASURED = [*MEASURES, *_AMOUNTS, *(f"{name}_absolute" for name in MEASURES)]
_DERIVED = {
    "share_pct": ("exception_balance", "balance"),
    "bonus_bp": ("cost", "exception_balance"),
    "cost_scaled": ("cost",),
    "exception_balance_scaled": ("exception_balance",),
    "paid_pct": ("exception_customers",),
    "break_even_pct": ("cost",),
}


def release_exceptions(
    rows: pd.DataFrame, names: list[str], currency: str
) -> tuple[Released, str]:
    """Release rows of exceptions, the total in the last row.

    Parameters
    ----------
    rows : pandas.DataFrame
        Segments or bands of `Exceptions`.
    names : list of str
        Columns that name a row.
    currency : str
        ISO code.

    Returns
    -------
    Released, str
        The rows with shares, bonus and scaled amounts, and the amounts' unit.
    """
    scaled, unit = scale_amounts(rows, ["exception_balance", "cost"], currency)
    columns = [*names, "exception_customers", *_MEASURED, *_DERIVED]
    released = release(
        scaled[columns],
        count="exception_customers",
        amounts=MEASURES,
        derived=_DERIVED,
        dominance=MEASURES,
        has_total=True,
    )
    return released, unit


def find_shown(exceptions: Exceptions, row: int) -> pd.Series | None:
    """Give a row of the bands if it may be shown.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.
    row : int
        Place of the row; -1 for the total, -2 for large deposits.

    Returns
    -------
    pandas.Series or None
        None where there is none, nobody is in it, or it is hidden.
    """
    bands = exceptions.bands
    if len(bands) < -row or (row == -2 and bands["band"].iloc[row] != 1):
        return None
    released, _ = release_exceptions(bands, ["band"], exceptions.currency)
    shown = released.rows.iloc[row]
    if any(is_suppressed(shown[name]) for name in ("exception_customers", "cost")):
        return None
    return None if not shown["exception_customers"] else bands.iloc[row]
