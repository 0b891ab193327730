"""Add up what customers hold on each line, and how much of it the largest hold.

Balances are means over the periods of a quarter, in major units of the source's
currency. Nothing here leaves the engine customer by customer.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import LINE


def read_balances(tables: Tables, quarter: Quarter) -> pd.DataFrame:
    """Give each line's mean balance over the periods of the quarter.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    pandas.DataFrame
        One row per line: `customers`, `balance`, and of the customers' balances
        `balance_largest`, `balance_second` (zero where one customer holds all) and
        `balance_absolute`, by which the disclosure door judges.
    """
    return _sum_lines(_list_holdings(tables, quarter))


def read_product_balances(tables: Tables, quarter: Quarter) -> pd.DataFrame:
    """Give each product's mean balance over the periods of the quarter.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    pandas.DataFrame
        One row per product, all its terms together, with the numbers of
        `read_balances`.
    """
    whole = _list_holdings(tables, quarter).mutate(tenor_months=ibis.literal(0))
    return _sum_lines(whole).drop(columns="tenor_months")


def read_total_balance(
    tables: Tables, lines: pd.DataFrame, quarter: Quarter
) -> pd.DataFrame:
    """Give the mean balance of some lines together over the periods of the quarter.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    lines : pandas.DataFrame
        The lines, by product and term.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    pandas.DataFrame
        One row, or none without balances, with the numbers of `read_balances`.
    """
    priced = ibis.memtable(lines[LINE])
    holdings = _list_holdings(tables, quarter).semi_join(priced, LINE)
    whole = holdings.mutate(product=ibis.literal(""), tenor_months=ibis.literal(0))
    return _sum_lines(whole).drop(columns=LINE)


def _list_holdings(tables: Tables, quarter: Quarter) -> ir.Table:
    """Give one row per account and period with its line and customer."""
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit")
    balances = tables["balances"]
    now = balances.filter(balances["period"] >= ibis.literal(quarter.first_day))
    return now.join(deposits[["account_id", "customer_id", *LINE]], "account_id")


def _sum_lines(holdings: ir.Table) -> pd.DataFrame:
    periods = holdings.group_by(LINE).agg(periods=holdings["period"].nunique())
    by_customer = holdings.group_by([*LINE, "customer_id"]).agg(
        held=holdings["balance_average"].sum()
    )
    means = by_customer.join(periods, LINE)
    means = means.mutate(balance=means["held"] / means["periods"])
    summed = means.group_by(LINE).agg(
        customers=(means["balance"] > 0).sum(), balance=means["balance"].sum()
    )
    sums: pd.DataFrame = summed.to_pandas()
    largest = measure_dominance(means, LINE, ("balance",))
    return sums.merge(largest, on=[*LINE], validate="1:1")
