"""How customers' balances had moved before they were granted an exception.

Where exceptions go to those who are about to leave, balances fall before; what an
exception kept is then not the difference to customers without one.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    TOLERANCE,
    end_of_period,
    is_given,
    name_cells,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    FEWEST_CLUSTERS,
    LINE,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.kept_rows import keep_rows

PRE_TREND_PERIODS = 3
"""Periods before the grant over which balances are followed."""
FEWEST_TREATED = 20
"""Fewest contracts with an exception behind a trend."""


@dataclass(frozen=True, slots=True)
class PreTrend:
    """Change of deposits before an exception, against like contracts without one.

    Parameters
    ----------
    estimate_pct, lower_pct, upper_pct : float
        Difference in percent of all that a customer holds in deposits, with its 95%
        interval, clustered by region.
    treated : int
        Contracts with an exception.
    nobs : int
        Contracts compared.
    months : int
        Months over which balances are followed.
    """

    estimate_pct: float
    lower_pct: float
    upper_pct: float
    treated: int
    nobs: int
    months: int


def measure_pre_trend(tables: Tables, history: RateHistory) -> PreTrend | None:
    """Compare deposits before an exception with those before a like contract.

    Like contracts are of the same line and tier, and begin in the same period.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list and, if there are any, customers and tiers.
    history : RateHistory
        Says which lines are priced by tier or region.

    Returns
    -------
    PreTrend or None
        None with too few exceptions or regions.
    """
    months = history.period_months
    contracts = keep_rows(_find_contracts(tables, history, months), "contracts")
    followed = _follow_balances(contracts, tables)
    keys = [*CELL, "period", "is_treated"]
    rows: pd.DataFrame = (
        followed.group_by(keys)
        .agg(weight=followed.count(), outcome=followed["change"].mean())
        .to_pandas()
    )
    stratum = rows.groupby([*LINE, "tier", "period"])
    both = rows[stratum["is_treated"].transform("nunique") == 2]
    treated = int(both.loc[both["is_treated"], "weight"].sum())
    if treated < FEWEST_TREATED or both["region"].nunique() < FEWEST_CLUSTERS:
        return None
    named = both.assign(
        treated=both["is_treated"].astype(float),
        stratum=both.groupby([*LINE, "tier", "period"]).ngroup(),
    )
    found = estimate_panel_effects(
        named, regressors=["treated"], effects=["stratum"], cluster="region"
    ).iloc[0]
    return PreTrend(
        estimate_pct=100 * float(found["estimate"]),
        lower_pct=100 * float(found["lower"]),
        upper_pct=100 * float(found["upper"]),
        treated=treated,
        nobs=int(found["nobs"]),
        months=PRE_TREND_PERIODS * months,
    )


def _find_contracts(tables: Tables, history: RateHistory, months: int) -> ir.Table:
    """Give each fixed contract whose posted price is known, and the periods before."""
    accounts = tables["accounts"]
    fixed = accounts.filter(
        (accounts["side"] == "deposit") & is_given(accounts["contract_rate"])
    )
    opened = fixed.select(
        "customer_id",
        *LINE,
        "contract_rate",
        period=end_of_period(fixed["open_date"], months),
    )
    posted = tables["posted_rates"].select(*CELL, "period", posted="rate")
    celled = name_cells(opened, tables, history)
    priced = celled.join(posted, [*CELL, "period"])
    first_day = priced["period"].truncate("M").cast("date")
    return priced.mutate(
        is_treated=priced["contract_rate"] - priced["posted"] > TOLERANCE,
        end=_go_back(first_day, months, months),
        start=_go_back(first_day, months * (1 + PRE_TREND_PERIODS), months),
    ).select("customer_id", *CELL, "period", "is_treated", "start", "end")


def _follow_balances(contracts: ir.Table, tables: Tables) -> ir.Table:
    """Give the log change of a customer's deposits over the periods before."""
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit")
    signed = deposits.semi_join(contracts, "customer_id")
    held = tables["balances"].join(
        signed.select("account_id", "customer_id"), "account_id"
    )
    summed = held.group_by(["customer_id", "period"]).agg(
        total=held["balance_average"].sum()
    )
    totals = keep_rows(summed.filter(summed["total"] > 0), "customer_totals")
    ends = totals.select("customer_id", end="period", end_total="total")
    starts = totals.select("customer_id", start="period", start_total="total")
    both = contracts.join(ends, ["customer_id", "end"]).join(
        starts, ["customer_id", "start"]
    )
    return both.mutate(change=both["end_total"].ln() - both["start_total"].ln())


def _go_back(first_day: ir.DateValue, by: int, months: int) -> ir.DateValue:
    earlier = (first_day - ibis.interval(months=by)).cast("date")
    return end_of_period(earlier, months)
