"""Findings on what satisfied customers do: they stay, and they bring others."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.loyalty.growth import Growth
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome
from analysis.studies.satisfaction_drivers.loyalty.referrals import Referrals
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

_STAY = {
    "fell": mark("Satisfied customers stay: the less satisfied leave more often"),
    "rose": mark("More satisfied customers leave more often"),
    "no clear change": mark("Whether satisfied customers stay longer is not clear"),
}
_BRING = {
    "rose": mark("Satisfied customers bring new ones"),
    "fell": mark("Less satisfied customers bring more new ones"),
    "no clear change": mark("Whether satisfied customers bring more new ones is open"),
}


def find_staying(outcome: Outcome | Refused, growth: Growth | Refused) -> Finding:
    """Say whether satisfied customers stay.

    Parameters
    ----------
    outcome : Outcome or Refused
        How leaving goes along with satisfaction.
    growth : Growth or Refused
        How the assets of those who stay grow with it.

    Returns
    -------
    Finding
        Odds of leaving for one deviation more satisfaction.
    """
    key, requirement = "satisfaction_and_staying", "C11"
    if isinstance(outcome, Refused):
        question = say("Whether satisfied customers stay cannot be told")
        return refuse(outcome, key=key, requirement=requirement, question=question)
    return Finding(
        key=key,
        requirement=requirement,
        headline=say(_STAY[_judge(outcome)]),
        sentence=say(
            "Comparing customers alike in tier, age, channel, assets and time with the "
            "bank, one deviation ({deviation} points) more satisfaction multiplies the "
            "odds of leaving within a quarter by {odds} ({interval}; {events} of "
            "{nobs} answers were followed by leaving). {growth}",
            deviation=write_number(outcome.deviation, decimals=1),
            odds=write_number(outcome.odds_ratio, decimals=2),
            interval=write_interval(outcome.lower, outcome.upper, Unit.RATIO),
            events=write_number(outcome.fit.events),
            nobs=write_number(outcome.fit.nobs),
            growth=_write_growth(growth),
        ),
        action=say(
            "Call customers who answered {first}: they are the next to leave.",
            first=outcome.bands["band"].iloc[0],
        ),
        measure=say("Odds of leaving per deviation of satisfaction"),
        verdict="measured",
        unit=Unit.RATIO,
        nobs=outcome.fit.nobs,
        period=outcome.links.reported,
        source=outcome.links.source,
        estimate=outcome.odds_ratio,
        lower=outcome.lower,
        upper=outcome.upper,
        confidence_level=outcome.confidence_level,
        importance=0.5,
    )


def find_referrals(referrals: Referrals | Refused) -> Finding:
    """Say whether satisfied customers bring new ones.

    Parameters
    ----------
    referrals : Referrals or Refused
        How bringing new customers goes along with satisfaction.

    Returns
    -------
    Finding
        Odds of bringing a new customer for one deviation more satisfaction.
    """
    key, requirement = "satisfaction_and_referrals", "C10"
    if isinstance(referrals, Refused):
        question = say("Who brings new customers cannot be told")
        return refuse(referrals, key=key, requirement=requirement, question=question)
    outcome = referrals.outcome
    return Finding(
        key=key,
        requirement=requirement,
        headline=say(_BRING[_judge(outcome)]),
        sentence=say(
            "From {start} on, {referred} of {newcomers} new customers ({share}) came "
            "on another's recommendation. One deviation ({deviation} points) more "
            "satisfaction multiplies the odds of bringing one within a year by {odds} "
            "({interval}; {events} of {nobs} answers were followed by one).",
            start=write_quarter(outcome.links.quarters[0]),
            referred=write_number(referrals.referred),
            newcomers=write_number(referrals.newcomers),
            share=write_value(
                100 * referrals.referred / referrals.newcomers, Unit.PERCENT
            ),
            deviation=write_number(outcome.deviation, decimals=1),
            odds=write_number(outcome.odds_ratio, decimals=2),
            interval=write_interval(outcome.lower, outcome.upper, Unit.RATIO),
            events=write_number(outcome.fit.events),
            nobs=write_number(outcome.fit.nobs),
        ),
        action=say(
            "Ask the most satisfied to recommend the bank, soon after they say so."
        ),
        measure=say("Odds of bringing a customer, per deviation"),
        verdict="measured",
        unit=Unit.RATIO,
        nobs=outcome.fit.nobs,
        period=outcome.links.reported,
        source=outcome.links.source,
        estimate=outcome.odds_ratio,
        lower=outcome.lower,
        upper=outcome.upper,
        confidence_level=outcome.confidence_level,
        importance=0.3,
    )


def _judge(outcome: Outcome) -> str:
    if outcome.upper < 1:
        return "fell"
    return "rose" if outcome.lower > 1 else "no clear change"


def _write_growth(growth: Growth | Refused) -> str:
    if isinstance(growth, Refused):
        return growth.reason
    words = {
        "growth": write_value(growth.effect_pct, Unit.PERCENT, signed=True),
        "interval": write_interval(growth.lower, growth.upper, Unit.PERCENT),
    }
    if growth.lower <= 0 <= growth.upper:
        return say(
            "Whether the assets of those who stay grow with satisfaction is not clear "
            "({growth} a quarter per point; {interval}).",
            **words,
        )
    return say(
        "The assets of those who stay grow by {growth} more in a quarter per point "
        "({interval}).",
        **words,
    )
