"""How much of each amount one customer holds, group by group, inside the engine.

The disclosure door asks three numbers of an amount: the largest and the second largest
size of one customer's part, and the sum of all sizes. None of them is ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import ibis
import numpy as np
import pandas as pd

MEASURES: Final = ("largest", "second", "absolute")
"""Ends of the columns that the disclosure door reads for an amount."""


def measure_dominance(
    rows: ibis.Table, keys: Sequence[str], amounts: Sequence[str]
) -> pd.DataFrame:
    """Measure the largest customers of each group.

    The largest part is found first and joined back, a few rows, so that the second
    needs no sorting.

    Parameters
    ----------
    rows : ibis.Table
        One row per group and customer.
    keys : sequence of str
        Columns that name the group.
    amounts : sequence of str
        Columns with each customer's part, of either sign.

    Returns
    -------
    pandas.DataFrame
        One row per group: the keys, and for each amount "<amount>_largest",
        "<amount>_second" (zero where there is one customer only) and
        "<amount>_absolute", in the unit of the amount.
    """
    sizes = rows.select(*keys, **{name: rows[name].abs() for name in amounts})
    tops = sizes.group_by(*keys).agg(
        **{f"{name}_largest": sizes[name].max() for name in amounts},
        **{f"{name}_absolute": sizes[name].sum() for name in amounts},
    )
    ranked = sizes.join(tops, list(keys))
    is_top = {name: ranked[name] == ranked[f"{name}_largest"] for name in amounts}
    rests = ranked.group_by(*keys).agg(
        **{f"{name}_ties": is_top[name].sum() for name in amounts},
        **{f"{name}_next": ranked[name].max(where=~is_top[name]) for name in amounts},
    )
    measured: pd.DataFrame = tops.join(rests, list(keys)).to_pandas()
    seconds = {f"{name}_second": _find_second(measured, name) for name in amounts}
    ends = [f"{name}_{end}" for name in amounts for end in MEASURES]
    return measured.assign(**seconds)[[*keys, *ends]].fillna(dict.fromkeys(ends, 0.0))


def pool_dominance(rows: pd.DataFrame, amounts: Sequence[str]) -> dict[str, float]:
    """Measure the largest customers of groups taken together.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group, with the columns of `measure_dominance`; each customer is
        in one group only.
    amounts : sequence of str
        Amounts measured.

    Returns
    -------
    dict of str to float
        The same columns for all groups together.
    """
    pooled: dict[str, float] = {}
    for name in amounts:
        sizes = np.sort(rows[[f"{name}_largest", f"{name}_second"]].to_numpy().ravel())
        pooled[f"{name}_largest"] = float(sizes[-1])
        pooled[f"{name}_second"] = float(sizes[-2])
        pooled[f"{name}_absolute"] = float(rows[f"{name}_absolute"].sum())
    return pooled


def _find_second(measured: pd.DataFrame, name: str) -> pd.Series[float]:
    shared = measured[f"{name}_ties"] > 1
    return measured[f"{name}_next"].where(~shared, measured[f"{name}_largest"])
