"""Give every balance its transfer rate, inside the engine.

A contract with a term keeps the rate of the day it began. Money without a term earns
the ladder of its stable part and the short rate for the rest; a loan without a term
pays the short rate. One flat rate stands in where a source has no funding curve.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.funds_transfer_pricing import price_without_term
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.account.contract_starts import (
    list_own_starts,
    list_starts,
    price_late,
    price_starts,
)
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
    balances : ibis.Table
        Contract table `balances`.
    accounts : ibis.Table
        One row per account: `account_id`, `customer_id`, `product`, `side`,
        `tenor_months`, and `fixed_rate`, the transfer rate of a contract whose rate or
        day of beginning is known.
    rates : pandas.DataFrame
        Periods with `rate_deposit` and `rate_short` of money without a term, decimals
        a year; zero where no transfer rate is known.
    late_rates : pandas.DataFrame or None
        Rates of contracts without a known beginning: one row per `quarter` and
        `tenor_months` with `late_0`, `late_1`, ... by the place of the period; None
        where every contract's rate is fixed.
    kept : dict of str to ibis.Table
        What was computed once for several results.
    """

    rows: ibis.Table
    reason: str
    basis: str
    curves: pd.DataFrame | None
    periods: pd.DataFrame
    balances: ibis.Table
    accounts: ibis.Table
    rates: pd.DataFrame
    late_rates: pd.DataFrame | None = None
    kept: dict[str, ibis.Table] = field(default_factory=dict)


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
    curves = _read_funding_curves(tables)
    if curves is not None:
        return _price_from_curves(tables, curves, periods, parameters)
    rate = None
    reason = say("The source has no funding curve and no transfer rate was assumed.")
    basis = say("No transfer rate is known.")
    if parameters.assumed_transfer_rate_pct is not None:
        rate = parameters.assumed_transfer_rate_pct / 100
        reason = ""
        basis = say(
            "One transfer rate of {rate} a year is assumed for all money.",
            rate=write_rate(parameters.assumed_transfer_rate_pct),
        )
    flat = ibis.null("float64") if rate is None else ibis.literal(rate)
    balances = _select_balances(tables, periods, parameters)
    return PricedBalances(
        rows=balances.mutate(transfer_rate=flat, volatile_rate=flat),
        reason=reason,
        basis=basis,
        curves=None,
        periods=periods,
        balances=tables["balances"],
        accounts=_select_accounts(tables).mutate(fixed_rate=flat),
        rates=periods.assign(rate_deposit=rate or 0.0, rate_short=rate or 0.0),
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
    return (
        label_quarter(tables["balances"], parameters)
        .join(ibis.memtable(periods.drop(columns="period_quarter")), "period")
        .join(_select_accounts(tables), "account_id")
        .mutate(year_share=ibis._.days / DAYS_A_YEAR)
    )


def _select_accounts(tables: Tables) -> ibis.Table:
    return tables["accounts"].select(
        "account_id",
        "customer_id",
        "product",
        "side",
        "tenor_months",
        "open_date",
        own_rate="transfer_rate",
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


def _price_from_curves(
    tables: Tables,
    curves: pd.DataFrame,
    periods: pd.DataFrame,
    parameters: Parameters,
) -> PricedBalances:
    known, late_terms = list_starts(tables)
    own = list_own_starts(late_terms, periods)
    starts = pd.concat([known, own[list(known)]], ignore_index=True).drop_duplicates()
    at_start = ibis.memtable(price_starts(starts, curves))
    undated = _price_undated(periods, curves, parameters)
    return PricedBalances(
        rows=_price_rows(tables, at_start, undated, periods, parameters),
        reason="",
        basis=say("Transfer rates are the bank's own, or its funding curve's."),
        curves=curves,
        periods=periods,
        balances=tables["balances"],
        accounts=_fix_rates(_select_accounts(tables), at_start if len(known) else None),
        rates=undated,
        late_rates=price_late(own, curves) if len(own) else None,
    )


def _price_rows(
    tables: Tables,
    at_start: ibis.Table,
    undated: pd.DataFrame,
    periods: pd.DataFrame,
    parameters: Parameters,
) -> ibis.Table:
    balances = _select_balances(tables, periods, parameters)
    opened = balances.mutate(
        open_month=ibis.coalesce(balances.open_date, balances.period).truncate("M")
    )
    on_demand = ibis.memtable(undated[["period", "rate_deposit", "rate_short"]])
    priced = opened.left_join(at_start, ["open_month", "tenor_months"]).left_join(
        on_demand, "period"
    )
    has_term = priced.tenor_months > 0
    is_deposit, is_loan = priced.side == "deposit", priced.side == "loan"
    fixed = ibis.coalesce(priced.own_rate, priced.rate_at_start)
    return priced.mutate(
        transfer_rate=ibis.cases(
            (has_term, fixed),
            (is_deposit, priced.rate_deposit),
            (is_loan, priced.rate_short),
        ),
        volatile_rate=ibis.cases(
            (has_term, fixed), (is_deposit | is_loan, priced.rate_short)
        ),
    )


def _fix_rates(accounts: ibis.Table, at_start: ibis.Table | None) -> ibis.Table:
    """Give contracts the rate that holds for all their life; missing if not known."""
    if at_start is None:
        return accounts.mutate(fixed_rate=accounts.own_rate)
    opened = accounts.mutate(open_month=accounts.open_date.truncate("M"))
    joined = opened.left_join(at_start, ["open_month", "tenor_months"])
    return joined.select(
        *accounts.columns,
        fixed_rate=ibis.coalesce(joined.own_rate, joined.rate_at_start),
    )


def _price_undated(
    periods: pd.DataFrame, curves: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """Price money without a term in each period: deposits, and what is volatile."""
    life = parameters.core_life_months
    ladder, short = read_ladders(periods, curves, core_life_months=life).T
    core = parameters.core_share_pct / 100
    deposit = core * ladder + (1 - core) * short
    return periods.assign(rate_deposit=deposit, rate_short=short)


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
