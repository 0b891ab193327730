"""What today's balances would have brought at the prices of the quarter before.

A customer who stayed and held the product is valued at the own rate of then. Whoever
is new, moved to another segment, or had none of the product, has no such rate: there
the own rate of now is taken back by what the bank changed, like for like, for those
who stayed.
"""

from __future__ import annotations

from typing import Final

import ibis
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.account.held_accounts import (
    keep_accounts,
)
from analysis.studies.segment_profitability.bridge.matched_customers import STAYED
from analysis.studies.segment_profitability.parameters import Parameters

PRODUCT: Final = ("side", "product", "tenor_months")
"""What is priced alike within a segment."""

_KNOWN_TO: Final = 1e-4
"""A rate counts as known where one minor unit of interest is at most 1 bp of it."""


def match_products(
    priced: PricedBalances,
    customers: ibis.Table,
    parameters: Parameters,
    minor_units: int,
) -> ibis.Table:
    """Set what each customer holds of each product in both quarters side by side.

    Parameters
    ----------
    priced : PricedBalances
        Balances with their transfer rates.
    customers : ibis.Table
        As `match_customers` gives them.
    parameters : Parameters
        The quarter reported.
    minor_units : int
        Minor units in a major one.

    Returns
    -------
    ibis.Table
        One row per customer and product of `PRODUCT`: `move` and the segments, and
        for "before" and "now" `years_…` (average balance times years), `interest_…`
        and `funds_…` (balance at the transfer rate), major currency units; `has_own`
        says whether the customer's own old rate is known.
    """
    accounts = keep_accounts(priced)
    rows = accounts.filter(accounts.side.isin(("deposit", "loan")))
    parts = {
        "years": rows.years,
        "interest": rows.interest_minor / float(minor_units),
        "funds": rows.funds,
    }
    is_now = rows.quarter == parameters.quarter
    sums = {
        f"{name}_{side}": part.sum(where=at).fill_null(0.0)
        for name, part in parts.items()
        for side, at in (("before", ~is_now), ("now", is_now))
    }
    held = rows.group_by("customer_id", *PRODUCT).agg(**sums)
    who = customers.select("customer_id", "move", "segment_before", "segment_now")
    matched = held.join(who, "customer_id")
    is_known = matched.years_before >= find_least_years(minor_units)
    has_own = (matched.move == STAYED) & is_known
    return keep_rows(matched.mutate(has_own=has_own), "matched_products")


def find_least_years(minor_units: int) -> float:
    """Find the balance whose rate is known to a basis point from booked interest.

    Parameters
    ----------
    minor_units : int
        Minor units in a major one.

    Returns
    -------
    float
        Average balance times years, major currency units.
    """
    return 1 / (minor_units * _KNOWN_TO)


def measure_repricing(products: ibis.Table) -> pd.DataFrame:
    """Measure what the bank changed, like for like, for customers who stayed.

    Parameters
    ----------
    products : ibis.Table
        As `match_products` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per segment of now and product: `rate_change` and `funding_change`,
        decimals a year, weighted by balances of now. With fewer than ten who stayed,
        those of the product in all segments; with fewer there, too, of all products
        of the side; zero where nobody stayed.
    """
    own, years = products.has_own, products.years_now
    scale = years / products.years_before
    changes = {
        "rate": products.interest_now - products.interest_before * scale,
        "funding": products.funds_now - products.funds_before * scale,
    }
    summed = products.filter(years > 0).group_by("segment_now", *PRODUCT)
    cells: pd.DataFrame = (
        summed.agg(
            customers=own.sum(),
            years=years.sum(where=own).fill_null(0.0),
            **{n: c.sum(where=own).fill_null(0.0) for n, c in changes.items()},
        )
        .order_by("segment_now", *PRODUCT)
        .to_pandas()
    )
    levels = [["segment_now", *PRODUCT], [*PRODUCT], ["side"]]
    pooled = [_pool(cells, keys) for keys in levels]
    chosen = pooled[-1]
    for level in reversed(pooled[:-1]):
        chosen = level.where(level["customers"] >= MINIMUM_CELL, chosen)
    return cells[levels[0]].assign(
        **{
            f"{name}_change": (chosen[name] / chosen["years"]).fillna(0.0)
            for name in changes
        }
    )


def value_at_old_prices(products: ibis.Table, repricing: pd.DataFrame) -> ibis.Table:
    """Give today's balances the interest and funds of the prices before.

    Parameters
    ----------
    products : ibis.Table
        As `match_products` gives them.
    repricing : pandas.DataFrame
        As `measure_repricing` gives it.

    Returns
    -------
    ibis.Table
        The rows with `interest_old` and `funds_old`, major currency units.
    """
    known = products.left_join(
        ibis.memtable(repricing), ["segment_now", *PRODUCT]
    ).select(*products.columns, "rate_change", "funding_change")
    scale = known.years_now / known.years_before
    rate_change = known.rate_change.fill_null(0.0)
    funding_change = known.funding_change.fill_null(0.0)
    return known.mutate(
        interest_old=ibis.ifelse(
            known.has_own,
            known.interest_before * scale,
            known.interest_now - known.years_now * rate_change,
        ),
        funds_old=ibis.ifelse(
            known.has_own,
            known.funds_before * scale,
            known.funds_now - known.years_now * funding_change,
        ),
    )


def _pool(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    names = ["customers", "years", "rate", "funding"]
    return cells.groupby(keys)[names].transform("sum")
