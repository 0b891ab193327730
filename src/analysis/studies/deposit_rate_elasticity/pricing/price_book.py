"""Lay out what each product holds, pays and earns today, cell by cell.

Rates are percent a year, balances major units of the source's currency at the
quarter's last period. Only products whose response is of grade A or B are laid out:
a price is not set on less.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    PRICING_GRADES,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.rates.line_balances import (
    read_product_balances,
)
from analysis.studies.deposit_rate_elasticity.response.account_periods import (
    lay_out_accounts,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

_RESPONSE = [
    "product",
    "grade",
    "estimate",
    "std_error",
    "lower",
    "upper",
    "nobs",
    "clusters",
]


@dataclass(frozen=True, slots=True)
class PriceBooks:
    """The books of the products that may be priced by what is known of them.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per product, largest balance first: `customers`, `balance` with its
        measures of dominance, `rate_pct`, `funding_pct`, `market_pct` (all weighted by
        balance), `repriced_share` (of the balance that would get a new rate within the
        quarter; missing where the source does not say when accounts were opened),
        `deviation_bp` (of rates between cells, with which the response was measured),
        and the response: `grade`, `estimate`, `std_error`, `lower`, `upper`, `nobs`,
        `clusters`.
    cells : pandas.DataFrame
        One row per pricing cell that holds money: `balance`, `rate_pct`,
        `funding_pct`, `room_pp` (up to the ceiling; infinite without one).
    refused : tuple of str
        Products without a response of such a grade.
    quarter : Quarter
        The quarter reported.
    currency : str
        Of balances.
    source : str
        Where the numbers come from.
    """

    products: pd.DataFrame
    cells: pd.DataFrame
    refused: tuple[str, ...]
    quarter: Quarter
    currency: str
    source: str


def open_price_books(
    tables: Tables,
    history: RateHistory,
    panel: BalancePanel,
    verdicts: Verdicts,
    parameters: Parameters,
) -> PriceBooks:
    """Gather balances, prices, credits and ceilings of the products to be priced.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list and, if there are any, customers.
    history : RateHistory
        Rates by pricing cell.
    panel : BalancePanel
        How much prices varied between cells.
    verdicts : Verdicts
        Grades and responses.
    parameters : Parameters
        Quarter and segment.

    Returns
    -------
    PriceBooks
        Empty where no response has the grade, or the treasury's credit is not known.
    """
    graded = verdicts.products[verdicts.products["grade"].isin(PRICING_GRADES)]
    cells = _read_cells(tables, history, parameters)
    cells = cells[cells["product"].isin(graded["product"])]
    described = _weigh(cells, history).merge(_describe_moves(panel), on="product")
    held = read_product_balances(tables, history.quarter)
    shares = _find_repriced_shares(tables, history.quarter)
    products = described.merge(held, on="product").merge(
        shares, on="product", how="left"
    )
    products = products.merge(graded[_RESPONSE], on="product")
    others = verdicts.products.loc[
        ~verdicts.products["product"].isin(products["product"]), "product"
    ]
    return PriceBooks(
        products=products.sort_values("balance", ascending=False, ignore_index=True),
        cells=cells.reset_index(drop=True),
        refused=tuple(map(str, others)),
        quarter=history.quarter,
        currency=tables.source.currency,
        source=history.source,
    )


def _read_cells(
    tables: Tables, history: RateHistory, parameters: Parameters
) -> pd.DataFrame:
    """Give the cells' balances at the end, their prices and what limits these."""
    last = history.cells["period"].max()
    prices = history.cells[history.cells["period"] == last]
    accounts = lay_out_accounts(tables, history.cells, parameters)
    now = accounts.filter(accounts["period"] == ibis.literal(last.date()))
    balances: pd.DataFrame = (
        now.group_by(CELL).agg(balance=now["balance"].sum()).to_pandas()
    )
    ceilings = prices["ceiling_pct"].astype(float)
    rooms = (ceilings - prices["own_pct"]).clip(lower=0)
    priced = prices.assign(room_pp=rooms.fillna(float("inf")))
    found = balances.merge(
        priced[[*CELL, "own_pct", "funding_pct", "room_pp"]], on=CELL
    ).rename(columns={"own_pct": "rate_pct"})
    known = found.astype({"funding_pct": float}).dropna(subset=["funding_pct"])
    return known[known["balance"] > 0]


def _weigh(cells: pd.DataFrame, history: RateHistory) -> pd.DataFrame:
    """Average prices over the cells of each product by their balances."""
    market = history.lines[[*LINE, "market_pct"]]
    rows = cells.merge(market, on=LINE)
    total = rows.groupby("product")["balance"].sum()
    names = ["rate_pct", "funding_pct", "market_pct"]
    sums = rows[names].mul(rows["balance"], axis=0).groupby(rows["product"]).sum()
    means: pd.DataFrame = sums.div(total, axis=0)
    return means.reset_index()


def _describe_moves(panel: BalancePanel) -> pd.DataFrame:
    """Give how far rates stood apart where the response was measured."""
    return panel.segments.groupby("product", as_index=False).agg(
        deviation_bp=("free_deviation_bp", "max")
    )


def _find_repriced_shares(tables: Tables, quarter: Quarter) -> pd.DataFrame:
    """Give the share of each product's money that gets a new rate within a quarter.

    Money without a term does at once; term money when its contract is made: what was
    made within the quarter stands for what will be.
    """
    balances, accounts = tables["balances"], tables["accounts"]
    last = balances["period"].max()
    held = balances.filter(balances["period"] == last).select(
        ["account_id", "balance_average"]
    )
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        ["account_id", *LINE, "open_date"]
    )
    joined = held.join(deposits, "account_id")
    is_free = joined["tenor_months"] == 0
    is_new = is_free | (joined["open_date"] >= ibis.literal(quarter.first_day))
    rows = joined.mutate(
        new=is_new.fill_null(False).ifelse(joined["balance_average"], 0.0),
        is_dated=is_free | joined["open_date"].notnull(),  # noqa: PD004
    )
    sums: pd.DataFrame = (
        rows.group_by("product")
        .agg(
            new=rows["new"].sum(),
            held=rows["balance_average"].sum(),
            is_dated=rows["is_dated"].all(),
        )
        .to_pandas()
    )
    share = (sums["new"] / sums["held"]).where(sums["is_dated"].astype(bool))
    return sums[["product"]].assign(repriced_share=share)
