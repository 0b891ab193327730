"""Lay out what balances did lately, as the noise that a test of prices would meet.

Every line of the price list is here, also where all regions have one price today: a
test would give them prices of their own. Rates are percent a year, balances major
units of the source's currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.contract import ANY
from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.account_periods import (
    compress_accounts,
    lay_out_accounts,
)
from analysis.studies.kept_rows import keep_rows

BASELINE_MONTHS = 3
"""Months before a test that it is compared with."""
TEST_MONTHS = (6, 12, 18)
"""Lengths of a test that are tried."""
PRICE_COLUMNS = ["own_pct", "ceiling_pct", "funding_pct"]


@dataclass(frozen=True, slots=True)
class NoisePanel:
    """What a test would be laid over.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group of accounts and period of the last months: `product`,
        `region`, `cell`, `group`, `market` (line, segment and period), `period`,
        `outcome` (mean log balance net of interest credited), `weight` (accounts).
    cells : pandas.DataFrame
        One row per pricing cell with a balance in the last period: `cell`, `product`,
        `tenor_months`, `tier`, `region`, `accounts`, `balance`, `own_pct`,
        `ceiling_pct`, `funding_pct` (either may be missing).
    products : pandas.DataFrame
        One row per product in the last period: `customers`, `balance`, and
        `balance_largest`, `balance_second`, `balance_absolute` for the disclosure
        door.
    periods : tuple of pandas.Timestamp
        Last days of the periods of the panel.
    period_months : int
        Months in a period.
    quarter : Quarter
        The quarter reported.
    source, currency : str
        Where the numbers come from, and in what money.
    """

    groups: pd.DataFrame
    cells: pd.DataFrame
    products: pd.DataFrame
    periods: tuple[pd.Timestamp, ...]
    period_months: int
    quarter: Quarter
    source: str
    currency: str


def build_noise_panel(
    tables: Tables, history: RateHistory, parameters: Parameters
) -> NoisePanel:
    """Compress the last months of every line, and describe its pricing cells.

    Parameters
    ----------
    tables : Tables
        Accounts, balances and, if there are any, customers and their tiers.
    history : RateHistory
        The price list.
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    NoisePanel
        Noise, cells with their prices, and products.
    """
    periods = _choose_periods(history)
    # A test sets prices by region wherever customers have one.
    cells = history.cells.assign(region="each")
    laid_out = lay_out_accounts(tables, cells, parameters)
    recent = laid_out.filter(laid_out["period"] >= ibis.literal(periods[0].date()))
    accounts = keep_rows(recent, "test_periods")
    last = accounts.filter(accounts["period"] == ibis.literal(periods[-1].date()))
    groups, found = _name_groups(
        compress_accounts(
            accounts, periods=periods.to_series(), period_months=history.period_months
        ).to_pandas(),
        _describe_cells(last, history, periods[-1]),
    )
    return NoisePanel(
        groups=groups,
        cells=found,
        products=_describe_products(last),
        periods=tuple(periods),
        period_months=history.period_months,
        quarter=history.quarter,
        source=history.source,
        currency=tables.source.currency,
    )


def _choose_periods(history: RateHistory) -> pd.DatetimeIndex:
    """Take the periods of the longest test and what it is compared with."""
    wanted = (BASELINE_MONTHS + max(TEST_MONTHS)) // history.period_months
    known = pd.DatetimeIndex(sorted(history.cells["period"].unique()))
    return known[-wanted:]


def _describe_cells(
    last: ir.Table, history: RateHistory, day: pd.Timestamp
) -> pd.DataFrame:
    """Give each cell what it holds and its price: its own, or that of all regions."""
    found = last.group_by(CELL).agg(
        accounts=last.count(), balance=last["balance"].sum()
    )
    held: pd.DataFrame = found.to_pandas().sort_values(CELL, ignore_index=True)
    prices = history.cells.loc[
        history.cells["period"] == day, [*CELL, *PRICE_COLUMNS]
    ].astype(dict.fromkeys(PRICE_COLUMNS, float))
    common = prices[prices["region"] == ANY].drop(columns="region")
    own = held.merge(prices, on=CELL, how="left")
    shared = held.merge(common, on=[*LINE, "tier"], how="left")
    priced = own.assign(
        **{name: own[name].fillna(shared[name]) for name in PRICE_COLUMNS}
    )
    return priced.dropna(subset="own_pct", ignore_index=True)


def _name_groups(
    groups: pd.DataFrame, cells: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give cells one number in both frames, and number groups and markets."""
    masks = [name for name in map(str, groups) if name.startswith("mask_")]
    named = groups.assign(
        period=pd.to_datetime(groups["period"]),
        cell=groups.groupby(CELL).ngroup(),
        group=groups.groupby([*CELL, "segment", *masks]).ngroup(),
        market=groups.groupby([*LINE, "segment", "period"]).ngroup(),
    ).sort_values(["product", "group", "period"], ignore_index=True)
    numbers = named[[*CELL, "cell"]].drop_duplicates()
    columns = ["product", "region", "cell", "group", "market", "period"]
    return named[[*columns, "outcome", "weight"]], cells.merge(numbers, on=CELL)


def _describe_products(last: ir.Table) -> pd.DataFrame:
    by_customer = last.group_by(["product", "customer_id"]).agg(
        balance=last["balance"].sum()
    )
    counts = by_customer.group_by("product").agg(
        customers=by_customer.count(), balance=by_customer["balance"].sum()
    )
    summed: pd.DataFrame = counts.to_pandas()
    largest = measure_dominance(by_customer, ["product"], ("balance",))
    return summed.merge(largest, on="product", validate="1:1").sort_values(
        "balance", ascending=False, ignore_index=True
    )
