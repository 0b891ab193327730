"""Gather matured contracts into groups that had the same price, size and rate gap.

Rates are percent a year, gaps percentage points, amounts major units of the source's
currency. The engine counts; a group is one row.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.maturity.outcomes import (
    OUTCOMES,
    judge_maturities,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import (
    RateHistory,
    name_line,
)
from analysis.studies.deposit_rate_elasticity.response.account_periods import (
    find_pricing_cells,
)
from analysis.studies.kept_rows import keep_rows

SIZE_BANDS = 3
"""Bands of equally many contracts, by amount."""
GAPS = ("competitor_gap_pct", "old_gap_pct")
"""Our posted rate at maturity less the middle competitor's, and less the old rate."""


@dataclass(frozen=True, slots=True)
class MaturityChoices:
    """What became of the contracts that matured.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per pricing cell, period of maturity, size band and old rate: `product`,
        `tenor_months`, `tier`, `region`, `cell`, `period`, `band`, the numbers of
        contracts `renewed`, `moved`, `left` and all `contracts`, `amount`, `kept`
        (renewed), `competitor_gap_pct` and `old_gap_pct`, missing where not known.
    customers : pandas.DataFrame
        One row per line: `customers` with a contract that matured.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    groups: pd.DataFrame
    customers: pd.DataFrame
    quarter: Quarter
    source: str


def gather_maturities(
    tables: Tables, history: RateHistory, parameters: Parameters
) -> MaturityChoices:
    """Judge every contract that matured, and count by what explains the choice.

    Parameters
    ----------
    tables : Tables
        Accounts, balances and, if there are any, customers and their tiers.
    history : RateHistory
        The price list and competitors' rates.
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    MaturityChoices
        Counts by group; no rows where nothing matured or days are not known.
    """
    judged = judge_maturities(
        tables, history.quarter, period_months=history.period_months
    )
    priced = find_pricing_cells(judged, tables, history.cells, parameters)
    columns = ["customer_id", *CELL, "old_pct", "period", "amount", "kept", "outcome"]
    kept = keep_rows(priced.select(columns), "maturities")
    groups = _count_groups(kept)
    return MaturityChoices(
        groups=_add_gaps(groups, history),
        customers=kept.group_by(LINE)
        .agg(customers=kept["customer_id"].nunique())
        .to_pandas(),
        quarter=history.quarter,
        source=history.source,
    )


def name_lines(rows: pd.DataFrame) -> list[str]:
    """Name the line of each row for a reader.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with `product` and `tenor_months`.

    Returns
    -------
    list of str
        One name per row.
    """
    pairs = zip(rows["product"], rows["tenor_months"], strict=True)
    return [name_line(product, tenor) for product, tenor in pairs]


def _count_groups(kept: ir.Table) -> pd.DataFrame:
    ends = [
        float(end)
        for share in range(1, SIZE_BANDS)
        if pd.notna(end := kept["amount"].quantile(share / SIZE_BANDS).execute())
    ]
    band = sum(((kept["amount"] > end).cast("int64") for end in ends), ibis.literal(0))
    banded = kept.mutate(band=band)
    counted = banded.group_by([*CELL, "period", "band", "old_pct"]).agg(
        contracts=banded.count(),
        amount=banded["amount"].sum(),
        kept=banded["kept"].sum(),
        **{name: (banded["outcome"] == name).cast("int64").sum() for name in OUTCOMES},
    )
    found: pd.DataFrame = counted.to_pandas()
    ordered = found.sort_values([*CELL, "period", "band", "old_pct"], ignore_index=True)
    return ordered.assign(
        period=pd.to_datetime(ordered["period"]).astype("datetime64[us]"),
        old_pct=ordered["old_pct"].astype(float),
        cell=ordered.groupby(CELL).ngroup(),
    )


def _add_gaps(groups: pd.DataFrame, history: RateHistory) -> pd.DataFrame:
    """Put the cell's rate at maturity beside the market's and the contract's own."""
    posted = history.cells[[*CELL, "period", "own_pct"]]
    market = history.rates[[*LINE, "period", "competitor_pct"]]
    priced = groups.merge(posted, on=[*CELL, "period"], how="left").merge(
        market, on=[*LINE, "period"], how="left"
    )
    own = priced["own_pct"].astype(float)
    return priced.assign(
        competitor_gap_pct=own - priced["competitor_pct"].astype(float),
        old_gap_pct=own - priced["old_pct"],
    ).drop(columns=["own_pct", "competitor_pct", "old_pct"])
