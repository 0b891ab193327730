"""Set what pass-through leaves of money without maturity beside the supervisory caps.

Shares are percent of a line's balance. The rule (Delegated Regulation (EU) 2024/857,
article 8) asks for the share that stayed over at least ten years of rates going up and
down; with less history the stable share is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.kept_share import find_lowest_kept
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    LinePassThrough,
    PassThrough,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.rates.market_rates import with_days
from analysis.units import write_number
from analysis.wording import say

FEWEST_YEARS = 10
"""Years of balances that the rule asks for."""
MOST_MISSING = 0.01
"""Share of periods that may lack between an account's first and last one."""
RETAIL_TRANSACTIONAL_CAP_PCT = 90.0
RETAIL_OTHER_CAP_PCT = 70.0
"""Caps on the core share, article 8 of the rule."""


@dataclass(frozen=True, slots=True)
class CoreShares:
    """Core shares of the lines without maturity.

    Parameters
    ----------
    lines : pandas.DataFrame
        One row per line: `label`, `customers`, `years` of balances, `stable_pct`,
        `left_pct` with `left_lower_pct` and `left_upper_pct` (what a policy move does
        not reach), `core_pct`, `reason`; numbers are missing where refused.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    lines: pd.DataFrame
    quarter: Quarter
    source: str


def measure_core_shares(
    tables: Tables, history: RateHistory, pass_through: PassThrough
) -> CoreShares:
    """Take the stable share from balances, the core share by pass-through.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        The lines.
    pass_through : PassThrough
        Long run of each line.

    Returns
    -------
    CoreShares
        One row per line without maturity.
    """
    lines = history.lines[history.lines["tenor_months"] == 0]
    held = _list_balances(tables, history.quarter)
    balances = _sum_balances(held)
    year = 12 // history.period_months
    is_long = any(len(each) >= FEWEST_YEARS * year for each in balances.values())
    missing = _measure_missing(held, history.period_months) if is_long else {}
    fitted = {line.label: line for line in pass_through.lines}
    rows = [
        {
            "label": line["label"],
            "customers": int(line["customers"]),
            **_describe(
                balances.get(str(line["product"]), pd.Series(dtype=float)),
                fitted[line["label"]],
                year,
                missing.get(str(line["product"]), 0.0),
            ),
        }
        for _, line in lines.iterrows()
    ]
    return CoreShares(pd.DataFrame(rows), history.quarter, history.source)


def _list_balances(tables: Tables, quarter: Quarter) -> ir.Table:
    """Give balances of accounts without maturity with their product."""
    balances, accounts = tables["balances"], tables["accounts"]
    known = balances.filter(balances["period"] <= quarter.last_day)
    return known.join(
        accounts.filter(
            (accounts["side"] == "deposit") & (accounts["tenor_months"] == 0)
        ).select(["account_id", *LINE]),
        "account_id",
    )


def _sum_balances(held: ir.Table) -> dict[str, pd.Series]:
    """Give the balances of each product by period."""
    sums = held.group_by(["product", "period"]).agg(
        balance=held["balance_average"].sum()
    )
    found = with_days(sums.to_pandas(), "period").sort_values("period")
    return {
        str(product): rows.set_index("period")["balance"]
        for product, rows in found.groupby("product")
    }


def _measure_missing(held: ir.Table, period_months: int) -> dict[str, float]:
    """Give the share of periods that lack between accounts' first and last ones."""
    first, last = held["period"].min(), held["period"].max()
    months = 12 * (last.year() - first.year()) + last.month() - first.month()
    spans = held.group_by(["product", "account_id"]).agg(
        known=held["period"].nunique(), months=months
    )
    sums = spans.group_by("product").agg(
        known=spans["known"].sum(),
        wanted=(spans["months"] / period_months + 1).sum(),
    )
    found = sums.to_pandas()
    shares = 1 - found["known"] / found["wanted"]
    return dict(zip(found["product"].astype(str), shares.astype(float), strict=True))


def _describe(
    balances: pd.Series, line: LinePassThrough, year: int, missing: float
) -> dict[str, object]:
    years = len(balances) / year
    left = 100 * (1 - line.estimate)
    reason = _refuse(
        years, line, has_gaps=missing > MOST_MISSING or _has_gaps(balances, year)
    )
    stable = float("nan") if reason else 100 * find_lowest_kept(balances, window=year)
    return {
        "years": years,
        "stable_pct": stable,
        "left_pct": left,
        "left_lower_pct": 100 * (1 - line.upper),
        "left_upper_pct": 100 * (1 - line.lower),
        "core_pct": stable * left / 100,
        "reason": reason,
    }


def _has_gaps(balances: pd.Series, year: int) -> bool:
    if balances.empty:
        return False
    first, last = balances.index[0], balances.index[-1]
    months = 12 * (last.year - first.year) + last.month - first.month
    return months * year != 12 * (len(balances) - 1) or not (balances > 0).all()


def _refuse(years: float, line: LinePassThrough, *, has_gaps: bool) -> str:
    if has_gaps:
        return say("The history of balances has gaps")
    if years < FEWEST_YEARS:
        return say(
            "History too short for the rule: {years} years",
            years=write_number(years, decimals=1),
        )
    return say("No long-run pass-through") if line.reason else ""
