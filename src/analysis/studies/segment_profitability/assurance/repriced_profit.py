"""The profit of every customer under another set of assumptions, inside the engine.

A customer's profit is a sum of parts times what is assumed of them, so that the kept
account answers and no balance is read again. The base set gives the account's profit.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from analysis.statistics.pooled_funds import pool_funds
from analysis.studies.segment_profitability.account.balance_sums import (
    KINDS_OF_MONEY,
    UNDATED,
)
from analysis.studies.segment_profitability.account.customer_profit import (
    QUARTERS_A_YEAR,
    ProfitAccount,
)
from analysis.studies.segment_profitability.account.funds_pricing import (
    PricedBalances,
    read_ladders,
)
from analysis.studies.segment_profitability.assurance.choices import Choices
from analysis.studies.segment_profitability.parameters import (
    OPERATIONAL_CAPITAL_SHARE,
)

_ONE_YEAR = 12.0
_BY = {"single pool": [], "double pool": ["is_used"]}


@dataclass(frozen=True, slots=True, eq=False)
class QuarterParts:
    """What profits of one quarter are recomputed from.

    Parameters
    ----------
    rows : ibis.Table
        One row per customer of the quarter, as `ProfitAccount` has them.
    totals : pandas.Series
        Sums of `KINDS_OF_MONEY`, `funding_credit` and `funding_charge`.
    priced : PricedBalances
        Funding curves.
    periods : pandas.DataFrame
        Periods of the quarter, in order.
    scale : float
        Minor units in a major unit of the currency.
    """

    rows: ibis.Table
    totals: pd.Series[float]
    priced: PricedBalances
    periods: pd.DataFrame
    scale: float


def take_parts(
    account: ProfitAccount, priced: PricedBalances, minor_units: int, quarter: str
) -> QuarterParts:
    """Take the parts of one quarter's profits.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    priced : PricedBalances
        Funding curves and periods.
    minor_units : int
        Minor units in a major unit of the currency.
    quarter : str
        One of the account's quarters.

    Returns
    -------
    QuarterParts
        Rows stay in the engine.
    """
    rows = account.rows.filter(account.rows.quarter == quarter)
    names = (*KINDS_OF_MONEY, "funding_credit", "funding_charge")
    sums = rows.agg(**{name: rows[name].sum() for name in names})
    periods = priced.periods[priced.periods["period_quarter"] == quarter]
    return QuarterParts(
        rows=rows,
        totals=sums.to_pandas().iloc[0].fillna(0.0).astype(float),
        priced=priced,
        periods=periods,
        scale=float(minor_units),
    )


def write_profit(
    parts: QuarterParts, choices: Choices
) -> ibis.expr.types.FloatingValue:
    """Write each customer's profit under a set of assumptions.

    Parameters
    ----------
    parts : QuarterParts
        Parts of one quarter's profits.
    choices : Choices
        What is assumed.

    Returns
    -------
    ibis.expr.types.FloatingValue
        After tax and, where `counts_capital` says so, after the cost of capital; major
        currency units a quarter.
    """
    rows = parts.rows
    credit, charge = _write_funding(parts, choices)
    points = rows.points * (choices.points_redeemed_pct / 100)
    income = (
        credit + charge + (rows.paid_minor + rows.received_minor) / parts.scale
    ) + rows.fee
    cost_factor = (
        choices.counted_cost_pct / 100 * (1 + choices.cost_rate_change_pct / 100)
    )
    cost = rows.cost_to_serve * cost_factor + rows.idle_cost * (
        choices.idle_share_pct / 100
    )
    losses = rows.expected_loss * (1 + choices.loss_change_pct / 100)
    after_tax = (income + points + cost + losses) * (1 - choices.tax_rate_pct / 100)
    if not choices.counts_capital:
        return after_tax
    yearly_income = ibis.greatest(income + points, 0.0) * QUARTERS_A_YEAR
    capital = rows.credit_capital + OPERATIONAL_CAPITAL_SHARE * yearly_income
    hurdle = choices.hurdle_rate_pct / 100 / QUARTERS_A_YEAR
    return after_tax - capital * (hurdle * (1 + choices.capital_change_pct / 100))


def _write_funding(
    parts: QuarterParts, choices: Choices
) -> tuple[ibis.expr.types.FloatingValue, ibis.expr.types.FloatingValue]:
    """Write credit of deposits and (negative) charge of loans."""
    rows, shift = parts.rows, choices.curve_shift_pp / 100
    undated = [rows[name] for name in UNDATED]
    deposits = sum(undated, rows.dated_deposits)
    loans = rows.dated_loans + rows.undated_loans
    if choices.pooling != "matched":
        for_deposits, for_loans = _price_pools(parts, choices)
        return deposits * (for_deposits + shift), loans * -(for_loans + shift)
    rates = _price_undated(parts, choices)
    credit = sum(
        (held * rate for held, rate in zip(undated, rates, strict=False)),
        rows.dated_credit,
    )
    return credit + deposits * shift, rows.funding_charge - loans * shift


def _price_undated(parts: QuarterParts, choices: Choices) -> list[float]:
    """Give the rate of deposits without a term in each period of the quarter."""
    if parts.priced.curves is None:
        return [_find_own_rate(parts)] * len(UNDATED)
    ladder, short = read_ladders(
        parts.periods, parts.priced.curves, core_life_months=choices.core_life_months
    ).T
    core = choices.core_share_pct / 100
    return [float(rate) for rate in core * ladder + (1 - core) * short]


def _find_own_rate(parts: QuarterParts) -> float:
    """Give the one rate assumed for all money: what was credited per balance-year."""
    held = float(parts.totals[list(UNDATED)].sum())
    credit = float(parts.totals["funding_credit"] - parts.totals["dated_credit"])
    return credit / held if held else 0.0


def _price_pools(parts: QuarterParts, choices: Choices) -> tuple[float, float]:
    """Give one price for deposits and one for loans, as decimals a year."""
    if choices.pooling == "flat":
        rate = _read_one_year_rate(parts)
        return rate, rate
    totals = parts.totals
    balance = np.array(
        [
            totals["dated_deposits"],
            totals[list(UNDATED)].sum(),
            totals["dated_loans"],
            totals["undated_loans"],
        ]
    )
    value = np.array(
        [
            totals["dated_credit"],
            totals["funding_credit"] - totals["dated_credit"],
            -totals["dated_charge"],
            totals["dated_charge"] - totals["funding_charge"],
        ]
    )
    rate = np.divide(value, balance, out=np.zeros(4), where=balance > 0)
    money = pd.DataFrame(
        {"is_used": [False, False, True, True], "balance": balance, "rate": rate}
    )
    pooled = pool_funds(money, by=_BY[choices.pooling])
    prices = np.nan_to_num([pooled.credit, pooled.charge])
    return float(prices[0]), float(prices[1])


def _read_one_year_rate(parts: QuarterParts) -> float:
    curves = parts.priced.curves
    if curves is None:
        return _find_own_rate(parts)
    known = curves.loc[: pd.Timestamp(parts.periods["period"].iloc[-1])]
    curve = (known if len(known) else curves.iloc[:1]).iloc[-1].dropna().sort_index()
    return float(
        np.interp(_ONE_YEAR, curve.index.to_numpy(float), curve.to_numpy(float))
    )
