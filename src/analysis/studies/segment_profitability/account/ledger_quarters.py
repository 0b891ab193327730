"""Tie the customers' books to the general ledger in every quarter that a source holds.

Transfer prices cancel between customers and treasury, and assigned and unused capacity
add up to the cost of the pools, so that what was booked is all there is to compare. All
sums are of whole minor units: no order of adding can change them.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.files import count_on_all_cores
from analysis.data.sources import Tables
from analysis.studies.segment_profitability.account.customer_profit import (
    write_booked_loss,
)
from analysis.studies.segment_profitability.parameters import (
    LEDGER_TOLERANCE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say


@dataclass(frozen=True, slots=True, eq=False)
class LedgerQuarters:
    """Every quarter of the source against its ledger.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per quarter, in order: `quarter`, `lines` (compared), `ties` (whether
        every line agrees), `largest_difference` (in size, major currency units) and
        `broken` (tuple of lines that differ).
    currency, source : str
        Of the amounts.
    quarter : str
        Quarter reported, the last one compared.
    """

    rows: pd.DataFrame
    currency: str
    source: str
    quarter: str

    @property
    def n_tied(self) -> int:
        """In how many quarters every line ties."""
        return int(self.rows["ties"].sum())


def tie_quarters(tables: Tables, parameters: Parameters) -> LedgerQuarters | Refused:
    """Compare what customers' books add up to with the ledger, quarter by quarter.

    Parameters
    ----------
    tables : Tables
        Tables of the contract, up to the quarter reported.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    LedgerQuarters or Refused
        Of periods for which the source has balances; refused without a ledger.
    """
    if "ledger" not in tables:
        reason = say("The source has no general ledger.")
        return Refused(reason, parameters.quarter, tables.source.attribution)
    parts = [_sum_interest(tables), _sum_income(tables)]
    if "credit_risk" in tables:
        parts.append(_sum_losses(tables))
    if "cost_pools" in tables:
        parts.append(_sum_pools(tables))
    engine = tables["ledger"].get_backend()
    with count_on_all_cores(engine):
        booked = pd.concat([part.to_pandas() for part in parts], ignore_index=True)
        ledger = _sum_ledger(tables).to_pandas()
    scale = tables.source.minor_units
    return LedgerQuarters(
        rows=_compare(booked, ledger, scale),
        currency=tables.source.currency,
        source=tables.source.attribution,
        quarter=parameters.quarter,
    )


def _name_quarter(period: ibis.expr.types.DateValue) -> ibis.expr.types.StringValue:
    year = period.year().cast("string")
    return year.concat("Q", period.quarter().cast("string"))


def _sum_interest(tables: Tables) -> ibis.Table:
    sides = tables["accounts"].select("account_id", "side")
    held = tables["balances"].join(sides, "account_id")
    lent = held.filter(held.side != "investment").mutate(
        quarter=_name_quarter(ibis._.period),
        line=ibis.ifelse(ibis._.side == "loan", "interest_income", "interest_expense"),
        amount=ibis.ifelse(
            ibis._.side == "loan", ibis._.interest_minor, -ibis._.interest_minor
        ),
    )
    return _sum_lines(lent)


def _sum_income(tables: Tables) -> ibis.Table:
    booked = tables["customer_income"]
    return _sum_lines(
        booked.mutate(quarter=_name_quarter(booked.period), amount=booked.amount_minor)
    )


def _sum_losses(tables: Tables) -> ibis.Table:
    risks = tables["credit_risk"]
    loss = write_booked_loss(risks, tables.source)
    return _sum_lines(
        risks.mutate(
            quarter=_name_quarter(risks.period),
            line=ibis.literal("credit_loss"),
            amount=-loss.cast("int64"),
        )
    )


def _sum_pools(tables: Tables) -> ibis.Table:
    pools = tables["cost_pools"]
    return _sum_lines(
        pools.mutate(
            quarter=_name_quarter(pools.period),
            line=ibis.literal("operating_cost"),
            amount=-pools.amount_minor,
        )
    )


def _sum_ledger(tables: Tables) -> ibis.Table:
    """Sum the ledger over the periods for which there are balances."""
    known = tables["balances"].select("period").distinct()
    booked = tables["ledger"].join(known, "period")
    return _sum_lines(
        booked.mutate(quarter=_name_quarter(booked.period), amount=booked.amount_minor)
    )


def _sum_lines(booked: ibis.Table) -> ibis.Table:
    return booked.group_by("quarter", "line").agg(amount=booked.amount.sum())


def _compare(booked: pd.DataFrame, ledger: pd.DataFrame, scale: int) -> pd.DataFrame:
    keys = ["quarter", "line"]
    ours = booked.groupby(keys)["amount"].sum()
    theirs = ledger.set_index(keys)["amount"]
    both = theirs.to_frame("ledger").join(ours.rename("ours"), how="left").fillna(0)
    difference = (both["ours"] - both["ledger"]).abs() / scale
    rows = difference.reset_index(name="difference").sort_values(keys)
    broken = rows["difference"] > LEDGER_TOLERANCE
    by_quarter = rows.assign(broken=rows["line"].where(broken)).groupby("quarter")
    found = by_quarter.agg(
        lines=("line", "size"), largest_difference=("difference", "max")
    )
    lines = [tuple(part["broken"].dropna()) for _, part in by_quarter]
    broken_lines = pd.Series(lines, index=found.index, dtype=object)
    return found.assign(
        broken=broken_lines, ties=broken_lines.map(len) == 0
    ).reset_index()
