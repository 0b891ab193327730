"""Give every balance its transfer rate, inside the engine.

A contract with a term keeps the rate of the day it began. Money without a term earns
the ladder of its stable part and the short rate for the rest; a loan without a term
pays the short rate. One flat rate stands in where a source has no funding curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.funds_transfer_pricing import (
    interpolate_curve,
    price_without_term,
)
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.account.periods import (
    label_quarter,
    list_periods,
)
from analysis.studies.segment_profitability.parameters import (
    DAYS_A_YEAR,
    Parameters,
)
from analysis.units import write_number
from analysis.wording import mark, say

REMEDY: Final = mark(
    "Map a funding curve in the source's file, or set assumed_transfer_rate_pct."
)
"""What to do where no transfer rate is known."""


@dataclass(frozen=True, slots=True, eq=False)
class PricedBalances:
    """Balances of both quarters with what the bank pays, earns and could earn.

    Parameters
    ----------
    rows : ibis.Table
        One row per account and period: `quarter`, `period`, `customer_id`, `product`,
        `side`, `tenor_months`, `balance_average`, `interest_minor`, `year_share`
        (length of the period in years), `place` (of the period in its quarter),
        `transfer_rate`, and `volatile_rate`: what the transfer rate would be if no
        money without a term were stable.
    reason : str
        Why there is no transfer rate; empty where there is one.
    basis : str
        Where transfer rates come from, as a sentence.
    curves : pandas.DataFrame or None
        Funding curves, one row per month, columns are terms in months; None where the
        source has none.
    periods : pandas.DataFrame
        Periods of both quarters, as `list_periods` gives them.
    """

    rows: ibis.Table
    reason: str
    basis: str
    curves: pd.DataFrame | None
    periods: pd.DataFrame


def price_balances(tables: Tables, parameters: Parameters) -> PricedBalances:
    """Give the balances of the quarter, and of the one before, their transfer rate.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        Stable part and its term, assumed rate.

    Returns
    -------
    PricedBalances
        Lazy rows; nothing is computed before a result is asked for.

    References
    ----------
    .. [1] Dermine (2016), Fund transfer pricing for deposits and loans, foundation
       and advanced, on replicating portfolios of money without a term.
    """
    periods = list_periods(tables, parameters)
    balances = _select_balances(tables, periods, parameters)
    curves = _read_funding_curves(tables)
    if curves is not None:
        starts = _list_starts(tables, periods)
        rows = _price_from_curves(balances, curves, starts, periods, parameters)
        basis = say("Transfer rates are the bank's own, or its funding curve's.")
        return PricedBalances(rows, "", basis, curves, periods)
    if parameters.assumed_transfer_rate_pct is not None:
        rate = parameters.assumed_transfer_rate_pct / 100
        rows = balances.mutate(transfer_rate=rate, volatile_rate=rate)
        basis = say(
            "One transfer rate of {rate} a year is assumed for all money.",
            rate=write_rate(parameters.assumed_transfer_rate_pct),
        )
        return PricedBalances(rows, "", basis, None, periods)
    nothing = ibis.null("float64")
    return PricedBalances(
        rows=balances.mutate(transfer_rate=nothing, volatile_rate=nothing),
        reason=say("The source has no funding curve and no transfer rate was assumed."),
        basis=say("No transfer rate is known."),
        curves=None,
        periods=periods,
    )


def write_rate(rate_pct: float) -> str:
    """Write a rate as percent with two decimals.

    Parameters
    ----------
    rate_pct : float
        Percent a year.

    Returns
    -------
    str
        For example "8.00%".
    """
    return say("{number}%", number=write_number(rate_pct, decimals=2))


def _select_balances(
    tables: Tables, periods: pd.DataFrame, parameters: Parameters
) -> ibis.Table:
    accounts = tables["accounts"].select(
        "account_id",
        "customer_id",
        "product",
        "side",
        "tenor_months",
        "open_date",
        own_rate="transfer_rate",
    )
    return (
        label_quarter(tables["balances"], parameters)
        .join(ibis.memtable(periods.drop(columns="period_quarter")), "period")
        .join(accounts, "account_id")
        .mutate(year_share=ibis._.days / DAYS_A_YEAR)
    )


def _read_funding_curves(tables: Tables) -> pd.DataFrame | None:
    if "market_rates" not in tables:
        return None
    rates = tables["market_rates"]
    funding = rates.filter(rates.series == "funding").select(
        "period", "tenor_months", "rate"
    )
    long: pd.DataFrame = funding.to_pandas()
    if long.empty:
        return None
    wide = long.pivot_table(index="period", columns="tenor_months", values="rate")
    return wide.set_axis(pd.to_datetime(wide.index), axis="index").sort_index()


def _list_starts(tables: Tables, periods: pd.DataFrame) -> pd.DataFrame:
    """List the months in which contracts began; a period's own where none is known."""
    accounts = tables["accounts"]
    unpriced = accounts.transfer_rate.isnull()  # noqa: PD003 - a method of Ibis
    with_term = accounts.filter(unpriced & (accounts.tenor_months > 0))
    begun = with_term.mutate(open_month=with_term.open_date.truncate("M"))
    known: pd.DataFrame = (
        begun.select("open_month", "tenor_months").distinct().to_pandas()
    )
    months = pd.to_datetime(known["open_month"])
    undated = known.loc[months.isna(), ["tenor_months"]]
    firsts = {pd.Timestamp(day).replace(day=1) for day in periods["period"]}
    own = pd.DataFrame({"open_month": sorted(firsts)})
    filled = undated.merge(own, how="cross")
    dated = known.assign(open_month=months).dropna(subset="open_month")
    return pd.concat([dated, filled], ignore_index=True).drop_duplicates()


def _price_from_curves(
    balances: ibis.Table,
    curves: pd.DataFrame,
    starts: pd.DataFrame,
    periods: pd.DataFrame,
    parameters: Parameters,
) -> ibis.Table:
    opened = balances.mutate(
        open_month=ibis.coalesce(balances.open_date, balances.period).truncate("M")
    )
    at_start = ibis.memtable(_price_starts(starts, curves))
    undated = ibis.memtable(_price_undated(periods, curves, parameters))
    priced = opened.left_join(at_start, ["open_month", "tenor_months"]).left_join(
        undated, ["period", "side"]
    )
    has_term = priced.tenor_months > 0
    fixed = ibis.coalesce(priced.own_rate, priced.rate_at_start)
    return priced.mutate(
        transfer_rate=ibis.ifelse(has_term, fixed, priced.rate_undated),
        volatile_rate=ibis.ifelse(has_term, fixed, priced.rate_short),
    )


def _price_starts(starts: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Read the curve of the month in which each contract began; first if earlier."""
    months = pd.to_datetime(starts["open_month"])
    rows = curves.index.searchsorted(months.to_numpy()).clip(max=len(curves) - 1)
    terms = starts["tenor_months"].to_numpy(float)
    rates = [
        float(interpolate_curve(curves.iloc[row], [term])[0])
        for row, term in zip(rows, terms, strict=True)
    ]
    return pd.DataFrame(
        {
            "open_month": months.dt.date,
            "tenor_months": starts["tenor_months"].astype("int64"),
            "rate_at_start": pd.Series(rates, index=starts.index, dtype="float64"),
        }
    )


def _price_undated(
    periods: pd.DataFrame, curves: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """Price money without a term in each period, deposits and loans apart."""
    life = parameters.core_life_months
    ladder, short = read_ladders(periods, curves, core_life_months=life).T
    core = parameters.core_share_pct / 100
    deposit = periods[["period"]].assign(
        side="deposit", rate_undated=core * ladder + (1 - core) * short
    )
    loan = periods[["period"]].assign(side="loan", rate_undated=short)
    priced = pd.concat([deposit, loan], ignore_index=True)
    return priced.assign(rate_short=np.tile(short, 2))


def read_ladders(
    periods: pd.DataFrame, curves: pd.DataFrame, *, core_life_months: int
) -> Floats:
    """Read what stable and volatile money earn in each period.

    Parameters
    ----------
    periods : pandas.DataFrame
        Periods, with their last day as `period`.
    curves : pandas.DataFrame
        One row per month, in order of time, columns are terms in months. Before the
        first of them the first is read.
    core_life_months : int
        Term of the ladder that stands for stable money.

    Returns
    -------
    ndarray of float, shape (n_periods, 2)
        The ladder's yield and the short rate, decimals a year.
    """
    rates = []
    for period in periods["period"]:
        known = curves.loc[: pd.Timestamp(period)]
        seen = known if len(known) else curves.iloc[:1]
        parts = (
            price_without_term(seen, core_share=core, core_life_months=core_life_months)
            for core in (1.0, 0.0)
        )
        rates.append(list(parts))
    return np.array(rates, dtype=np.float64)
