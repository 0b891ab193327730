"""Tie the customers' profit to the general ledger, line by line."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.periods import label_quarter
from analysis.studies.segment_profitability.account.service_cost import ServiceCost
from analysis.studies.segment_profitability.parameters import (
    LEDGER_TOLERANCE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import mark, say

_LEDGER_LINES = {
    "interest_income": mark("Interest earned on loans"),
    "interest_expense": mark("Interest paid on deposits"),
    "fee": mark("Fees"),
    "points": mark("Loyalty points"),
    "operating_cost": mark("Operating cost"),
    "credit_loss": mark("Credit loss"),
}


@dataclass(frozen=True, slots=True, eq=False)
class LedgerTie:
    """What customers, treasury and idle capacity add up to, against the ledger.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per line of the ledger: `line`, `customers`, `treasury`, `unassigned`,
        `together`, `ledger`, `difference`; major currency units.
    treasury : float
        Result of the treasury from transfer prices: what it charges for loans less
        what it credits for deposits.
    account : ProfitAccount
        What was compared.
    """

    rows: pd.DataFrame
    treasury: float
    account: ProfitAccount

    @property
    def largest_difference(self) -> float:
        """Largest difference of a line, in size."""
        return float(self.rows["difference"].abs().max())

    @property
    def ties(self) -> bool:
        """Whether every line agrees with the ledger."""
        return bool((self.rows["difference"].abs() <= LEDGER_TOLERANCE).all())


def tie_to_ledger(
    account: ProfitAccount,
    cost: ServiceCost | Refused,
    tables: Tables,
    parameters: Parameters,
) -> LedgerTie | Refused:
    """Compare the customers' profit with the general ledger.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    cost : ServiceCost or Refused
        Unused capacity.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    LedgerTie or Refused
        Line by line; a transfer price enters once for the customer and once, with
        the other sign, for the treasury.
    """
    if "ledger" not in tables:
        return Refused(
            say("The source has no general ledger."), account.quarter, account.source
        )
    rows = account.rows.filter(account.rows.quarter == account.quarter)
    names = ("received_minor", "paid_minor", "fee_minor", "points_minor")
    values = ("funding_credit", "funding_charge", "cost_to_serve", "expected_loss")
    sums = rows.agg(**{name: rows[name].sum() for name in (*names, *values)})
    total = sums.to_pandas().iloc[0]
    treasury = -float(total["funding_credit"] + total["funding_charge"])
    scale = tables.source.minor_units
    parts = _split_lines(total, scale, _sum_unused(cost, account.quarter))
    parts["together"] = parts[["customers", "treasury", "unassigned"]].sum(axis=1)
    parts["ledger"] = _read_ledger(tables, parameters)
    parts["difference"] = parts["together"] - parts["ledger"]
    compared = parts.dropna(subset="ledger")
    return LedgerTie(compared.reset_index(names="line"), treasury, account)


def name_ledger_line(line: str) -> str:
    """Name a line of the ledger as the reader's language does.

    Parameters
    ----------
    line : str
        Code of the line.

    Returns
    -------
    str
        For example "Fees".
    """
    return say(_LEDGER_LINES[line])


def _split_lines(total: pd.Series[float], scale: int, unused: float) -> pd.DataFrame:
    credit, charge = total["funding_credit"], total["funding_charge"]
    lines = {
        "interest_income": (total["received_minor"] / scale + charge, -charge, 0.0),
        "interest_expense": (total["paid_minor"] / scale + credit, -credit, 0.0),
        "fee": (total["fee_minor"] / scale, 0.0, 0.0),
        "points": (total["points_minor"] / scale, 0.0, 0.0),
        "operating_cost": (total["cost_to_serve"], 0.0, unused),
        "credit_loss": (total["expected_loss"], 0.0, 0.0),
    }
    columns = ["customers", "treasury", "unassigned"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns)


def _sum_unused(cost: ServiceCost | Refused, quarter: str) -> float:
    if isinstance(cost, Refused):
        return 0.0
    now = cost.pools[cost.pools["quarter"] == quarter]
    return -float(now["cost_unused"].sum())


def _read_ledger(tables: Tables, parameters: Parameters) -> pd.Series[float]:
    booked = label_quarter(tables["ledger"], parameters)
    now = booked.filter(booked.quarter == parameters.quarter)
    summed = now.group_by("line").agg(amount_minor=now.amount_minor.sum())
    amounts: pd.Series[float] = summed.to_pandas().set_index("line")["amount_minor"]
    return amounts / tables.source.minor_units
