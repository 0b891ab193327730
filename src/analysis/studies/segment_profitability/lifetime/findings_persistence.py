"""Findings where customers of one state stay differently: worth is refused, and why."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.statistics.stratified_trend import TrendTest
from analysis.studies.segment_profitability.lifetime.customer_value import RefusedWorth
from analysis.studies.segment_profitability.lifetime.persistence import SIGNIFICANCE
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import say

_REQUIREMENT = "B10"


def refuse_equity(refused: RefusedWorth, *, key: str) -> Finding:
    """Say that the worth is not known, and what the next year brings all the same.

    Parameters
    ----------
    refused : RefusedWorth
        The reason, and the profit of the next year.
    key : str
        Of the finding.

    Returns
    -------
    Finding
        Without a number; the profit of the next year stands in the sentence.
    """
    year = write_year(refused.year, refused.panel.account.currency)
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=say("What customers are worth beyond the next year cannot be told"),
        sentence=say("{reason} {year}", reason=refused.reason, year=year),
        action=refused.remedy,
        verdict="not identified",
        unit=Unit.COUNT,
        nobs=0,
        period=refused.period,
        source=refused.source,
        reason=refused.reason,
        importance=0.7,
    )


def find_unevenness(refused: RefusedWorth, test: TrendTest) -> Finding:
    """Say that who has moved before moves again, and how much likelier.

    Parameters
    ----------
    refused : RefusedWorth
        Where it was found.
    test : TrendTest
        Of moves that follow moves.

    Returns
    -------
    Finding
        Odds of moving of those who have moved before, over those of the others.
    """
    account = refused.panel.account
    return Finding(
        key="customers_differ",
        requirement=_REQUIREMENT,
        headline=say("Customers who look alike stay differently"),
        sentence=write_persistence(test),
        action=refused.remedy,
        verdict="measured",
        measure=say("Odds of moving again over moving first"),
        unit=Unit.RATIO,
        estimate=test.odds_ratio,
        lower=test.lower,
        upper=test.upper,
        nobs=test.nobs,
        period=account.quarter,
        source=account.source,
        importance=0.5,
    )


def write_year(year: BootstrapEstimate, currency: str) -> str:
    """Write what today's customers bring in the next year.

    Parameters
    ----------
    year : BootstrapEstimate
        Profit of the next four quarters, major currency units.
    currency : str
        ISO code.

    Returns
    -------
    str
        A sentence with the interval.
    """
    return say(
        "In the next four quarters alone today's customers bring {year} ({interval}), "
        "not discounted.",
        year=write_money(year.estimate, currency),
        interval=write_interval(year.lower, year.upper, Unit.MONEY, currency=currency),
    )


def write_alike(test: TrendTest | None) -> str:
    """Write whether customers of one state move alike, where the worth is told.

    Parameters
    ----------
    test : TrendTest or None
        Of moves that follow moves.

    Returns
    -------
    str
        The odds ratio, and what it does to the worth.
    """
    if test is None or test.pvalue >= SIGNIFICANCE:
        return write_persistence(test)
    return say(
        "{differ} Differences of that size move the worth by less than its own error.",
        differ=write_persistence(test),
    )


def write_persistence(test: TrendTest | None) -> str:
    """Write whether customers of one state move alike.

    Parameters
    ----------
    test : TrendTest or None
        Of moves that follow moves.

    Returns
    -------
    str
        A sentence with the odds ratio and its interval.
    """
    if test is None or not test.lower <= test.upper:
        return say(
            "Too few have moved twice to tell whether customers differ for good."
        )
    return say(
        "Among customers of the same state and quarter, the odds of moving or leaving "
        "are {times} times as high for those who have moved before ({interval}; chance "
        "gives as much with p {pvalue}).",
        times=write_number(test.odds_ratio, decimals=2),
        interval=write_interval(test.lower, test.upper, Unit.RATIO),
        pvalue=write_number(test.pvalue, decimals=3),
    )
