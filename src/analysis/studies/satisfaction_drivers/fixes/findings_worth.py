"""Findings in money: what satisfaction is worth, and which fix pays most."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.driver_words import TRIAL
from analysis.studies.satisfaction_drivers.drivers.importance import SURE
from analysis.studies.satisfaction_drivers.fixes.worth import Worth
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.units import Unit, write_interval, write_money, write_number, write_value
from analysis.wording import mark, say

_BALANCES = mark("Balances kept a quarter, per point")
_TURNED_AROUND = mark(
    "Satisfaction and staying may share a cause: a trial tells what a fix brings."
)


def find_worth_of_point(worth: Worth | Refused) -> Finding:
    """Say what one point more satisfaction of everyone is worth.

    Parameters
    ----------
    worth : Worth or Refused
        What better ratings are worth.

    Returns
    -------
    Finding
        Balances kept in a quarter.
    """
    key, requirement = "worth_of_point", "C11"
    if isinstance(worth, Refused):
        question = say("What satisfaction is worth in money cannot be told")
        return refuse(worth, key=key, requirement=requirement, question=question)
    point, currency = worth.point, worth.links.currency
    return Finding(
        key=key,
        requirement=requirement,
        headline=say(
            "One point more satisfaction keeps {balances} a quarter",
            balances=write_money(point["balances"], currency),
        )
        if point["balances_lower"] > 0
        else say("What one point more satisfaction keeps is not clear"),
        sentence=say(
            "If everyone were one point more satisfied (those at the top of the scale "
            "left out), {kept} customers ({kept_interval}) would not leave within the "
            "quarter, and {balances} of assets ({interval}) with them. At a margin of "
            "{margin} a year, which is assumed, that is {profit} of profit a year "
            "({profit_interval}), quarter after quarter.",
            kept=write_number(point["kept"]),
            kept_interval=write_interval(
                point["kept_lower"], point["kept_upper"], Unit.COUNT
            ),
            balances=write_money(point["balances"], currency),
            interval=_enclose(point, "balances", currency),
            margin=write_value(worth.margin_pct, Unit.PERCENT),
            profit=write_money(point["profit"], currency),
            profit_interval=_enclose(point, "profit", currency),
        ),
        action=say(_TURNED_AROUND),
        measure=say(_BALANCES),
        verdict="measured",
        unit=Unit.MONEY,
        currency=currency,
        nobs=worth.leaving.fit.nobs,
        period=worth.links.reported,
        source=worth.links.source,
        estimate=point["balances"],
        lower=point["balances_lower"],
        upper=point["balances_upper"],
        confidence_level=worth.leaving.confidence_level,
        importance=0.8,
    )


def find_best_fix(worth: Worth | Refused) -> Finding:
    """Say which attribute is worth most to fix.

    Parameters
    ----------
    worth : Worth or Refused
        What better ratings are worth.

    Returns
    -------
    Finding
        Balances kept in a quarter by one point more of the best attribute.
    """
    key, requirement = "best_fix", "C11"
    question = say("Which fix pays most cannot be told")
    if isinstance(worth, Refused):
        return refuse(worth, key=key, requirement=requirement, question=question)
    best, currency = worth.table.iloc[0], worth.links.currency
    if best["balances_lower"] <= 0:
        refused = Refused(
            say("No attribute's worth is clearly above nothing."),
            say("Ask more customers, or show more waves."),
            worth.links.reported,
            worth.links.source,
            worth.leaving.fit.nobs,
        )
        return refuse(refused, key=key, requirement=requirement, question=question)
    return Finding(
        key=key,
        requirement=requirement,
        headline=_write_headline(best),
        sentence=_write_best(best, worth),
        action=say(
            "Begin with {label}. {trial}", label=best["label"], trial=say(TRIAL)
        ),
        measure=say("Balances kept a quarter: {label}", label=best["label"]),
        verdict="measured",
        unit=Unit.MONEY,
        currency=currency,
        nobs=int(best["answers"]),
        period=worth.links.reported,
        source=worth.links.source,
        estimate=float(best["balances"]),
        lower=float(best["balances_lower"]),
        upper=float(best["balances_upper"]),
        confidence_level=worth.leaving.confidence_level,
        importance=0.9,
    )


def _write_headline(best: pd.Series[float]) -> str:
    if best["first"] >= 100 * SURE:
        return say("In money the first to fix is {label}", label=best["label"])
    return say(
        "In money {label} looks best, but is not surely the first", label=best["label"]
    )


def _write_best(best: pd.Series[float], worth: Worth) -> str:
    currency = worth.links.currency
    return say(
        "{label} rated one point better by the {reach} customers who rate it goes with "
        "{effect} points more satisfaction, which in {quarter} would keep {kept} "
        "customers a quarter ({kept_interval}) and {balances} ({interval}) with them: "
        "{profit} of profit a year. It is first in {first} of draws and among "
        "the first three in {top_3}.",
        label=best["label"],
        reach=write_number(best["reach"]),
        effect=write_value(best["effect"], Unit.SCORE),
        quarter=write_quarter(worth.links.reported),
        kept=write_number(best["kept"], decimals=1),
        kept_interval=write_interval(
            best["kept_lower"], best["kept_upper"], Unit.RATIO
        ),
        balances=write_money(best["balances"], currency),
        interval=_enclose(best, "balances", currency),
        profit=write_money(best["profit"], currency),
        first=write_value(best["first"], Unit.PERCENT),
        top_3=write_value(best["top_3"], Unit.PERCENT),
    )


def _enclose(row: pd.Series[float], name: str, currency: str) -> str:
    ends = (row[f"{name}_lower"], row[f"{name}_upper"])
    return write_interval(*ends, Unit.MONEY, currency=currency)
