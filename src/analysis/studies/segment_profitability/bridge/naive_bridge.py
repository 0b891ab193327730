"""The bridge that two tables of segments would give, and the split that filings print.

Both compare totals of groups. Whoever moved between the groups changes their averages,
and looks like another price or another mix.
"""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.statistics.price_volume_mix import (
    split_price_volume_mix,
    split_rate_volume,
)
from analysis.studies.segment_profitability.bridge.old_prices import PRODUCT

_PARTS = ("years", "interest", "funds")
_MARGINS = ("rates", "funding", "days", "volume", "mix")


def split_naively(
    products: ibis.Table, lines: pd.Series[float], *, days_ratio: float
) -> pd.Series[float]:
    """Split the change of profit from totals of segments and products alone.

    Parameters
    ----------
    products : ibis.Table
        Products of customers, as `match_products` gives them.
    lines : pandas.Series of float
        Changes of the other lines of all customers, by bar; they need no split.
    days_ratio : float
        Days of the quarter before over days of the quarter reported.

    Returns
    -------
    pandas.Series of float
        Amount of each bar, major currency units; with the same total as the bridge.
    """
    cells = _sum_cells(products)
    sides = [
        _split_side(cells.loc[[side]], days_ratio)
        for side in ("deposit", "loan")
        if side in cells.index
    ]
    margins = pd.DataFrame(sides, columns=list(_MARGINS)).sum()
    split: pd.Series[float] = pd.concat([margins, lines])
    return split


def split_interest(products: ibis.Table) -> pd.DataFrame:
    """Split the change of each product's interest into rate and volume.

    Parameters
    ----------
    products : ibis.Table
        Products of customers, as `match_products` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per product of `PRODUCT`: `customers` (of either quarter),
        `interest_before`, `interest_now` with the columns of `measure_dominance`,
        `rate_before_pct`, `rate_now_pct`, `rate` and `volume` (parts of the change of
        interest), major currency units; largest interest first.
    """
    names = ("interest_before", "interest_now")
    parts = {f"years_{s}": products[f"years_{s}"].sum() for s in ("before", "now")}
    sums: pd.DataFrame = (
        products.group_by(*PRODUCT)
        .agg(
            customers=products.count(), **parts, **{n: products[n].sum() for n in names}
        )
        .order_by(*PRODUCT)
        .to_pandas()
    )
    largest = measure_dominance(products, PRODUCT, names)
    rows = sums.merge(largest, on=list(PRODUCT), validate="1:1")
    rates = {
        side: _divide(rows[f"interest_{side}"], rows[f"years_{side}"])
        for side in ("before", "now")
    }
    split = split_rate_volume(
        rows["years_before"].to_numpy(),
        np.where(rows["years_before"] > 0, rates["before"], rates["now"]),
        rows["years_now"].to_numpy(),
        np.where(rows["years_now"] > 0, rates["now"], rates["before"]),
    )
    described = rows.assign(
        rate_before_pct=100 * rates["before"],
        rate_now_pct=100 * rates["now"],
        rate=split.rate,
        volume=split.volume,
    )
    ordered = described.sort_values("interest_now", ascending=False, kind="stable")
    return ordered.reset_index(drop=True)


def _sum_cells(products: ibis.Table) -> pd.DataFrame:
    """Sum segments and products, each quarter by the segments of that quarter."""
    keys = ["side", "segment", "product", "tenor_months"]
    frames = []
    for side in ("before", "now"):
        rows = products.mutate(segment=products[f"segment_{side}"])
        held = rows.filter(rows.segment.notnull())  # noqa: PD004 - a method of Ibis
        parts = {f"{n}_{side}": held[f"{n}_{side}"].sum() for n in _PARTS}
        summed: pd.DataFrame = (
            held.group_by(*keys).agg(**parts).order_by(keys).to_pandas()
        )
        frames.append(summed.set_index(keys))
    return frames[0].join(frames[1], how="outer").fillna(0.0).sort_index()


def _split_side(cells: pd.DataFrame, days_ratio: float) -> list[float]:
    """Split the margin of one side; a product without a past has today's prices."""
    sign = 1.0 if cells.index[0][0] == "loan" else -1.0
    years = cells["years_now"].to_numpy()
    prices = {}
    for part in ("interest", "funds"):
        now = _divide(cells[f"{part}_now"], cells["years_now"])
        before = _divide(cells[f"{part}_before"], cells["years_before"])
        prices[part] = (np.where(cells["years_before"] > 0, before, now), now)
    old = sign * (prices["interest"][0] - prices["funds"][0])
    new = sign * (prices["interest"][1] - prices["funds"][1])
    split = split_price_volume_mix(
        cells["years_before"].to_numpy(), old, days_ratio * years, new
    )
    rates = sign * float(years @ (prices["interest"][1] - prices["interest"][0]))
    funding = -sign * float(years @ (prices["funds"][1] - prices["funds"][0]))
    days = (1 - days_ratio) * float(years @ old)
    return [rates, funding, days, split.volume, split.mix]


def _divide(amount: pd.Series[float], years: pd.Series[float]) -> np.ndarray:
    numbers, held = amount.to_numpy(float), years.to_numpy(float)
    return np.divide(numbers, held, out=np.zeros_like(numbers), where=held > 0)
