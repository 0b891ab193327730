"""Findings on what customers are worth, and on whether the model may be believed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.lifetime.backtest import PROFIT, BackTest
from analysis.studies.segment_profitability.lifetime.chain_checks import ChainChecks
from analysis.studies.segment_profitability.lifetime.customer_value import (
    CustomerValue,
    RefusedWorth,
)
from analysis.studies.segment_profitability.lifetime.findings_persistence import (
    find_unevenness,
    refuse_equity,
    write_alike,
    write_year,
)
from analysis.studies.segment_profitability.lifetime.release_lifetime import (
    release_values,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse, write_missing
from analysis.units import (
    Unit,
    write_interval,
    write_money,
    write_number,
    write_value,
)
from analysis.wording import say

_REQUIREMENT = "B10"


def find_customer_equity(value: CustomerValue | Refused) -> Finding:
    """Say what the customers of today are worth.

    Parameters
    ----------
    value : CustomerValue or Refused
        Values of the states.

    Returns
    -------
    Finding
        Discounted profit of all customers of today, money.
    """
    question = say("What customers are worth over time is not known")
    key = "customer_equity"
    if isinstance(value, RefusedWorth):
        return refuse_equity(value, key=key)
    if isinstance(value, Refused):
        return refuse(value, key=key, requirement=_REQUIREMENT, question=question)
    account, equity = value.panel.account, value.equity
    currency = account.currency
    rows = _list_shown(value)
    worth = write_money(equity.estimate, currency)
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=say("Today's customers are worth {worth}", worth=worth),
        sentence=say(
            "Discounted at the hurdle rate, the {n} customers at the end of {quarter} "
            "will bring {worth} after tax ({interval}); {marginal} if only cost is "
            "counted that leaving would save. {year} {states} Newcomers are not in it. "
            "{missing}",
            n=write_number(int(value.rows["customers"].sum())),
            quarter=write_quarter(account.quarter),
            worth=worth,
            interval=write_interval(
                equity.lower, equity.upper, Unit.MONEY, currency=currency
            ),
            marginal=write_money(value.marginal_equity.estimate, currency),
            year=write_year(value.year, currency),
            states=_write_extremes(rows, currency),
            missing=write_missing(account),
        ),
        action=_advise_on_worth(rows, currency),
        verdict="measured",
        measure=say("Worth of today's customers"),
        unit=Unit.MONEY,
        currency=currency,
        estimate=equity.estimate,
        lower=equity.lower,
        upper=equity.upper,
        nobs=int(value.rows["customers"].sum()),
        period=account.quarter,
        source=account.source,
        importance=0.7,
    )


def find_memory(value: CustomerValue | Refused) -> Finding:
    """Say whether customers move as the chain assumes, and what it costs if not.

    Parameters
    ----------
    value : CustomerValue or Refused
        Values of the states.

    Returns
    -------
    Finding
        Change of all customers' worth with a longer memory, percent.
    """
    question = say("Whether customers move as the model assumes is not known")
    key = "chain_memory"
    if isinstance(value, RefusedWorth) and value.checks.persistence is not None:
        return find_unevenness(value, value.checks.persistence)
    if isinstance(value, Refused):
        return refuse(value, key=key, requirement=_REQUIREMENT, question=question)
    checks, account = value.checks, value.panel.account
    moved = checks.longer_memory_pct
    if checks.order is None or checks.homogeneity is None or moved is None:
        short = Refused(
            say("One quarter of moves cannot tell how far back memory reaches."),
            account.quarter,
            account.source,
            say("Keep tiers and states by period for two years."),
        )
        return refuse(short, key=key, requirement=_REQUIREMENT, question=question)
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=_write_memory_headline(checks, moved),
        sentence=say(
            "{memory} With a memory of two quarters the worth of all customers "
            "changes by {moved} ({interval}). {seasons} {alike}",
            memory=_write_order(checks),
            moved=write_value(moved.estimate, Unit.PERCENT, signed=True),
            interval=write_interval(moved.lower, moved.upper, Unit.PERCENT),
            seasons=_write_homogeneity(checks),
            alike=write_alike(checks.persistence),
        ),
        action=_advise_on_memory(checks),
        verdict="measured",
        measure=say("Change of worth with a longer memory"),
        unit=Unit.PERCENT,
        estimate=moved.estimate,
        lower=moved.lower,
        upper=moved.upper,
        nobs=checks.order.nobs,
        period=account.quarter,
        source=account.source,
        importance=0.3,
    )


def find_backtest(test: BackTest | Refused) -> Finding:
    """Say how the forecast of a year ago did.

    Parameters
    ----------
    test : BackTest or Refused
        Forecast of a year ago.

    Returns
    -------
    Finding
        Profit of the year above what was foreseen, percent.
    """
    question = say("Whether the forecast held a year ago is not known")
    key = "value_backtest"
    if isinstance(test, Refused):
        return refuse(test, key=key, requirement=_REQUIREMENT, question=question)
    account, profit = test.panel.account, test.rows[test.rows["key"] == PROFIT].iloc[0]
    others = test.rows[test.rows["key"] != PROFIT]
    off = write_value(float(profit["off_pct"]), Unit.PERCENT, signed=True)
    interval = write_interval(
        float(profit["lower"]), float(profit["upper"]), Unit.PERCENT
    )
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=_write_backtest_headline(profit, others),
        sentence=say(
            "Made at the end of {start} and tried on the four quarters since, on {n} "
            "customers: against what was foreseen their profit came out at {off} "
            "({interval}). Of {all} counts of customers, who left among them, {held} "
            "came within chance.",
            start=write_quarter(test.start),
            n=write_number(test.n_customers),
            off=off,
            interval=interval,
            all=write_number(len(others)),
            held=write_number(int(others["held"].sum())),
        ),
        action=_advise_on_backtest(profit, others),
        verdict="measured",
        measure=say("Profit of the year above forecast"),
        unit=Unit.PERCENT,
        estimate=float(profit["off_pct"]),
        lower=float(profit["lower"]),
        upper=float(profit["upper"]),
        nobs=test.n_customers,
        period=account.quarter,
        source=account.source,
        importance=0.5,
    )


def _list_shown(value: CustomerValue) -> pd.DataFrame:
    rows = release_values(value).rows
    return rows[~rows["value"].map(is_suppressed)].reset_index(drop=True)


def _write_extremes(rows: pd.DataFrame, currency: str) -> str:
    if len(rows) < 2:
        return say(
            "Single groups are hidden to protect customers, or there is one only."
        )
    worth = rows["value"].to_numpy(np.float64)
    most, least = rows.iloc[int(worth.argmax())], rows.iloc[int(worth.argmin())]
    return say(
        "One of {most} is worth {high}, one of {least} {low}.",
        most=str(most["state"]),
        high=write_money(float(most["value"]), currency),
        least=str(least["state"]),
        low=write_money(float(least["value"]), currency),
    )


def _advise_on_worth(rows: pd.DataFrame, currency: str) -> str:
    if rows.empty:
        return say("Compare groups of more customers.")
    below = rows[rows["value_upper"].astype(float) < 0]
    if len(below):
        return say(
            "{state} lose money for as long as they stay: change price or service "
            "before keeping them.",
            state=str(below["state"].iloc[0]),
        )
    best = rows.iloc[int(rows["value"].to_numpy(np.float64).argmax())]
    return say(
        "Set what may be spent on keeping a customer by this worth, at most {limit} "
        "for {state}, not by a single quarter's profit.",
        limit=write_money(max(float(best["value_lower"]), 0.0), currency),
        state=str(best["state"]),
    )


def _write_memory_headline(checks: ChainChecks, moved: BootstrapEstimate) -> str:
    change = write_value(abs(moved.estimate), Unit.PERCENT)
    if checks.is_short_of_memory and moved.lower <= 0 <= moved.upper:
        return say(
            "Customers' moves depend on where they came from, without a clear effect "
            "on their worth"
        )
    if checks.is_short_of_memory:
        return say(
            "Customers' moves depend on where they came from; worth moves by {change}",
            change=change,
        )
    return say("Nothing speaks against a model that forgets where customers came from")


def _write_order(checks: ChainChecks) -> str:
    if checks.order is None or not checks.is_short_of_memory:
        return say(
            "In the year's moves, where a customer was the quarter before tells "
            "nothing that the quarter itself does not."
        )
    return say(
        "The model forgets where a customer was the quarter before; the year's moves "
        "do not (chi-squared {statistic}, {degrees} degrees of freedom, p {pvalue}).",
        statistic=write_number(checks.order.statistic),
        degrees=write_number(checks.order.degrees),
        pvalue=write_number(checks.order.pvalue, decimals=3),
    )


def _write_homogeneity(checks: ChainChecks) -> str:
    pvalue = 1.0 if checks.homogeneity is None else checks.homogeneity.pvalue
    number = write_number(pvalue, decimals=3)
    if pvalue < 0.05:
        return say("Moves differ from quarter to quarter (p {pvalue}).", pvalue=number)
    return say("Quarters do not clearly differ (p {pvalue}).", pvalue=number)


def _advise_on_memory(checks: ChainChecks) -> str:
    if checks.is_short_of_memory:
        return say(
            "Use the worth for budgets and comparisons, not for single customers who "
            "have just moved."
        )
    return say("Use the worth by state; check again next quarter.")


def _write_backtest_headline(profit: pd.Series[float], others: pd.DataFrame) -> str:
    share = write_value(abs(float(profit["off_pct"])), Unit.PERCENT)
    if profit["held"] and others["held"].all():
        return say("A year ago the forecast held, for customers and for profit")
    if profit["held"]:
        return say(
            "A year ago the forecast of profit held, not every count of customers"
        )
    if profit["off_pct"] < 0:
        return say(
            "A year ago the forecast promised {share} too much profit", share=share
        )
    return say(
        "A year ago the forecast promised {share} too little profit", share=share
    )


def _advise_on_backtest(profit: pd.Series[float], others: pd.DataFrame) -> str:
    if not profit["held"] and others["held"].all():
        return say(
            "Believe who stays and who moves; take what each brings from the plan for "
            "margins, since the worth assumes that profit stays as it is."
        )
    if profit["held"]:
        return say("Use the worth as it is; repeat the trial each quarter.")
    return say("Use the worth to rank groups, not as an amount.")
