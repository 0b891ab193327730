"""Findings on how long customers stay, and on who has fallen silent."""

from __future__ import annotations

from typing import Final

from analysis.presentation.findings import Finding
from analysis.quarter import write_date
from analysis.studies.segment_profitability.lifetime.activity import Activity
from analysis.studies.segment_profitability.lifetime.cohorts import Retention
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse
from analysis.units import (
    Unit,
    write_interval,
    write_number,
    write_value,
)
from analysis.wording import join_names, say

_REQUIREMENT = "B10"
_YEARS_SHOWN: Final = 3
_CLOSE_PP: Final = 2.0
"""Average distance up to which a forecast counts as close, percentage points."""


def find_retention(retention: Retention | Refused) -> Finding:
    """Say how many new customers stay, and whether the young leave sooner.

    Parameters
    ----------
    retention : Retention or Refused
        How long new customers stay.

    Returns
    -------
    Finding
        Share of new customers still here after three years, percent.
    """
    question = say("How long new customers stay is not known")
    key = "new_customer_retention"
    if isinstance(retention, Refused):
        return refuse(retention, key=key, requirement=_REQUIREMENT, question=question)
    band, place = retention.band, 4 * _YEARS_SHOWN - 1
    kept, lower, upper = (
        100 * float(each[place]) for each in (band.estimate, band.lower, band.upper)
    )
    share = write_value(kept, Unit.PERCENT)
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=say(
            "After {years} years {share} of new customers are still here",
            years=_YEARS_SHOWN,
            share=share,
        ),
        sentence=_write_stay(retention, share, (lower, upper)),
        action=_advise_on_retention(retention),
        verdict="measured",
        measure=say("New customers kept for three years"),
        unit=Unit.PERCENT,
        estimate=kept,
        lower=lower,
        upper=upper,
        nobs=retention.n_customers,
        period=retention.quarter,
        source=retention.source,
        importance=0.5,
    )


def find_silent_customers(activity: Activity | Refused) -> Finding:
    """Say how many customers have fallen silent though they count as active.

    Parameters
    ----------
    activity : Activity or Refused
        Chances of still being active.

    Returns
    -------
    Finding
        Their share of the customers who count as active, percent.
    """
    question = say("Who falls silent is not known")
    key = "silent_customers"
    if isinstance(activity, Refused):
        return refuse(activity, key=key, requirement=_REQUIREMENT, question=question)
    silent = activity.silent_pct
    share = write_value(silent.estimate, Unit.PERCENT)
    return Finding(
        key=key,
        requirement=_REQUIREMENT,
        headline=say(
            "{share} of active customers will more likely than not stay silent for a "
            "year",
            share=share,
        ),
        sentence=say(
            "Of {n} customers who count as active and were in touch within two years, "
            "{share} ({interval}) have less than even odds of being in touch within "
            "the next year. {trial} {upkeep}",
            n=write_number(activity.awake),
            share=share,
            interval=write_interval(silent.lower, silent.upper, Unit.PERCENT),
            trial=_write_trial(activity),
            upkeep=_write_upkeep(activity),
        ),
        action=_advise_on_silence(activity),
        verdict="measured",
        measure=say("Active customers likely to stay silent"),
        unit=Unit.PERCENT,
        estimate=silent.estimate,
        lower=silent.lower,
        upper=silent.upper,
        nobs=activity.awake,
        period=activity.quarter,
        source=activity.source,
        importance=0.3,
    )


def _write_stay(retention: Retention, share: str, ends: tuple[float, float]) -> str:
    band = retention.band
    return say(
        "Of {n} customers who joined since {first}, the model keeps {share} "
        "({interval}) for {years} years; over the first {horizon} years a new "
        "customer stays {stay} years ({stay_interval}) on average. {change}",
        n=write_number(retention.n_customers),
        first=write_date(retention.first),
        share=share,
        interval=write_interval(*ends, Unit.PERCENT),
        years=_YEARS_SHOWN,
        horizon=write_number(len(band.estimate) / 4, decimals=1),
        stay=write_number(band.periods / 4, decimals=1),
        stay_interval=write_interval(
            band.periods_lower / 4, band.periods_upper / 4, Unit.RATIO
        ),
        change=_write_change(retention),
    )


def _falls(retention: Retention) -> bool:
    return retention.model.constant_pvalue < 0.05


def _write_change(retention: Retention) -> str:
    pvalue = write_number(retention.model.constant_pvalue, decimals=3)
    if _falls(retention):
        return say(
            "Customers leave most while they are new: one chance for all fits worse "
            "(p {pvalue}).",
            pvalue=pvalue,
        )
    return say(
        "Nothing says that the young leave sooner than the old (p {pvalue}).",
        pvalue=pvalue,
    )


def _advise_on_retention(retention: Retention) -> str:
    if _falls(retention):
        return say(
            "Spend on the first year: who gets through it stays. Don't carry the first "
            "year's loss forward as if it went on."
        )
    return say("Keep contact even over the years; a welcome programme alone won't do.")


def _is_close(activity: Activity) -> bool:
    return activity.gap_pp <= _CLOSE_PP


def _write_trial(activity: Activity) -> str:
    rows = activity.groups
    return say(
        "Tried on the last year, in {groups} groups from least to most likely: the "
        "forecast was off by {gap} on average; {low} of the lowest group came back and "
        "{high} of the highest.",
        groups=write_number(len(rows)),
        gap=write_value(activity.gap_pp, Unit.PERCENTAGE_POINTS),
        low=write_value(float(rows["came_pct"].iloc[0]), Unit.PERCENT),
        high=write_value(float(rows["came_pct"].iloc[-1]), Unit.PERCENT),
    )


def _write_upkeep(activity: Activity) -> str:
    if not activity.upkeep:
        return say("All contacts count as the customer's own.")
    return say(
        "Not counted, as the bank's own doing: {names}.",
        names=join_names(list(activity.upkeep)),
    )


def _advise_on_silence(activity: Activity) -> str:
    if _is_close(activity):
        return say("Call those below even odds before the rule counts them as asleep.")
    return say(
        "Use the order, not the chance itself: call the lowest group first, and don't "
        "take the chance as a forecast."
    )
