"""Add up which term deposits mature in each of the next twelve months.

Balances are those of the quarter's last day, in major units of the source's currency;
rates are percent a year, gaps basis points. Nothing leaves the engine contract by
contract.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.maturity.choices import name_lines
from analysis.studies.deposit_rate_elasticity.maturity.outcomes import (
    list_term_deposits,
)
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.kept_rows import keep_rows

MONTHS_AHEAD = 12
"""Months that the wall reaches."""
NEXT_MONTHS = 3
"""Months of the next quarter."""

HELD = ["customers", "balance", "balance_largest", "balance_second", "balance_absolute"]
"""What the disclosure door asks of a balance."""


@dataclass(frozen=True, slots=True)
class MaturityWall:
    """What matures within a year.

    Parameters
    ----------
    months : pandas.DataFrame
        One row per month ahead (1 to 12): `month` and the balance with what the
        disclosure door asks: `customers`, `balance`, `balance_largest`,
        `balance_second`, `balance_absolute`.
    lines : pandas.DataFrame
        One row per line, largest balance first: `label`, the same of all twelve
        months, `next_balance` (of the next quarter), `old_pct` (weighted), `own_pct`
        (posted now), `old_gap_bp` (own less old), `competitor_gap_bp` (own less
        middle competitor); rates missing where not known.
    total : pandas.DataFrame
        One row: all lines and months together, with the balance.
    next_quarter : pandas.DataFrame
        One row: what matures in the next quarter, with `contracts`.
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    months: pd.DataFrame
    lines: pd.DataFrame
    total: pd.DataFrame
    next_quarter: pd.DataFrame
    currency: str
    quarter: Quarter
    source: str


def build_maturity_wall(tables: Tables, history: RateHistory) -> MaturityWall:
    """Add up balances by month of maturity and by line.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        Posted rates and competitors'.

    Returns
    -------
    MaturityWall
        No rows where nothing matures or days are not known.
    """
    quarter = history.quarter
    ahead = keep_rows(list_maturing(tables, quarter), "maturing")
    everything = ahead.mutate(whole=ibis.literal(0))
    soon = everything.filter(everything["months"] <= NEXT_MONTHS)
    months = pd.DataFrame({"months": range(1, MONTHS_AHEAD + 1)})
    by_month = months.merge(_sum(ahead, ["months"]), on="months", how="left")
    first = pd.Timestamp(quarter.last_day)
    return MaturityWall(
        months=by_month.fillna(0).assign(
            month=[first + pd.offsets.MonthEnd(n) for n in by_month["months"]]
        ),
        lines=_describe_lines(ahead, history),
        total=_sum(everything, ["whole"]),
        next_quarter=_sum(soon, ["whole"]),
        currency=tables.source.currency,
        quarter=quarter,
        source=history.source,
    )


def list_maturing(tables: Tables, quarter: Quarter) -> ir.Table:
    """Give contracts that hold money now and mature within a year.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    ibis.Table
        One row per contract: `customer_id`, the line, `old_pct`, `months` (1 is the
        month after the quarter) and `balance`.
    """
    term = list_term_deposits(tables)
    balances = tables["balances"]
    last = balances.filter(balances["period"] == ibis.literal(quarter.last_day))
    held = last.mutate(
        balance=last["balance_end_minor"] / float(tables.source.minor_units)
    )
    joined = term.join(held.select("account_id", "balance"), "account_id")
    end = quarter.last_day
    day = joined["maturity_date"]
    months = 12 * (day.year() - end.year) + day.month() - end.month
    dated = joined.mutate(months=months.cast("int64"))
    ahead = dated.filter(dated["months"].between(1, MONTHS_AHEAD))
    return ahead.filter(ahead["balance"] > 0).select(
        ["customer_id", *LINE, "old_pct", "months", "balance"]
    )


def _sum(rows: ir.Table, keys: list[str]) -> pd.DataFrame:
    by_customer = rows.group_by([*keys, "customer_id"]).agg(
        balance=rows["balance"].sum(), contracts=rows.count()
    )
    summed = by_customer.group_by(keys).agg(
        customers=by_customer.count(),
        balance=by_customer["balance"].sum(),
        contracts=by_customer["contracts"].sum(),
    )
    sums: pd.DataFrame = summed.to_pandas()
    largest = measure_dominance(by_customer, keys, ("balance",))
    return sums.merge(largest, on=keys, validate="1:1")


def _describe_lines(ahead: ir.Table, history: RateHistory) -> pd.DataFrame:
    known = ahead.drop_null("old_pct")
    old = known.group_by(LINE).agg(
        old_pct=(known["old_pct"] * known["balance"]).sum() / known["balance"].sum()
    )
    soon = ahead.filter(ahead["months"] <= NEXT_MONTHS)
    by_line = soon.group_by(LINE).agg(next_balance=soon["balance"].sum())
    now = history.rates["period"] == pd.Timestamp(history.quarter.last_day)
    rates = history.rates.loc[now, [*LINE, "own_pct", "competitor_pct"]]
    lines = _sum(ahead, LINE)
    for each in (old.to_pandas(), by_line.to_pandas(), rates):
        lines = lines.merge(each, on=LINE, how="left")
    lines = lines.assign(
        label=name_lines(lines),
        next_balance=lines["next_balance"].fillna(0.0),
        old_gap_bp=100 * (lines["own_pct"] - lines["old_pct"]),
        competitor_gap_bp=100 * (lines["own_pct"] - lines["competitor_pct"]),
    )
    return lines.sort_values("balance", ascending=False, ignore_index=True)
