"""How long customers wait, and what waiting and slow answers cost in ratings."""

from __future__ import annotations

from typing import Final

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.statistics.threshold_response import ThresholdResponse
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.studies.satisfaction_drivers.service.rating_response import (
    RatingResponse,
)
from analysis.studies.satisfaction_drivers.service.waiting import BRANCH, Waiting
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

WAITING, SPEED = "C6", "C5"
"""Requirements answered."""
_SHOWN: Final = {"median": Unit.MINUTES, "p90": Unit.MINUTES, "above": Unit.PERCENT}
_TRIAL: Final = mark(
    "Try it in a few branches first: who waits long may differ in other ways."
)
_TRIAL_OF_SPEED: Final = mark(
    "Settle a random part of complaints faster and compare: slow cases may be the hard "
    "ones."
)


def find_waiting(waiting: Waiting | Refused) -> Finding:
    """Say how long customers wait.

    Parameters
    ----------
    waiting : Waiting or Refused
        Minutes of the quarter.

    Returns
    -------
    Finding
        Percent of visits that wait longer than the limit.
    """
    if isinstance(waiting, Refused):
        headline = say("How long customers wait is not known")
        return refuse(waiting, key="waiting", requirement=WAITING, question=headline)
    whole = waiting.whole
    share = write_value(whole["above"], Unit.PERCENT)
    minutes = write_number(waiting.limit)
    return Finding(
        key="waiting",
        requirement=WAITING,
        headline=say(
            "{share} of visits wait longer than {minutes} minutes",
            share=share,
            minutes=minutes,
        ),
        sentence=_write_waiting(waiting, share),
        action=_advise_on_branches(waiting),
        verdict="measured",
        measure=say("Visits that wait too long"),
        unit=Unit.PERCENT,
        estimate=float(whole["above"]),
        lower=float(whole["above_lower"]),
        upper=float(whole["above_upper"]),
        confidence_level=waiting.confidence_level,
        nobs=int(whole["visits"]),
        period=waiting.quarter,
        source=waiting.source,
        importance=0.5,
    )


def _write_waiting(waiting: Waiting, share: str) -> str:
    whole = waiting.whole
    ends = {
        name: write_interval(whole[f"{name}_lower"], whole[f"{name}_upper"], unit)
        for name, unit in _SHOWN.items()
    }
    return say(
        "At {channel}, where customers wait most in all, the middle wait of {n} "
        "visits in {quarter} is {median} ({median_ends}) and one in ten waits {p90} "
        "({p90_ends}) or more; {share} ({interval}) wait longer than {minutes} "
        "minutes. {branches}",
        channel=waiting.channel,
        n=write_number(whole["visits"]),
        quarter=write_quarter(waiting.quarter),
        median=write_value(whole["median"], Unit.MINUTES),
        median_ends=ends["median"],
        p90=write_value(whole["p90"], Unit.MINUTES),
        p90_ends=ends["p90"],
        share=share,
        interval=ends["above"],
        minutes=write_number(waiting.limit),
        branches=_write_branches(waiting),
    )


def _count_worse(waiting: Waiting) -> int:
    branches = waiting.of(BRANCH)
    worse = branches["above"] > waiting.whole["above"]
    return int((branches["is_apart"].astype(bool) & worse).sum())


def _write_branches(waiting: Waiting) -> str:
    n = len(waiting.of(BRANCH))
    if n < 3:
        return say("The source does not tell branches apart.")
    return say(
        "{worse} of {n} branches are clearly above the others, chance and many looks "
        "allowed for.",
        worse=_count_worse(waiting),
        n=n,
    )


def _advise_on_branches(waiting: Waiting) -> str:
    if _count_worse(waiting):
        return say(
            "Move staff to the branches named in the chart, at their busy hours."
        )
    return say(
        "Shorten waiting everywhere, not in single branches: which one looks worst "
        "this quarter is mostly chance."
    )


def find_waiting_response(response: RatingResponse | Refused) -> Finding:
    """Say what five minutes less would give in points of the rating.

    Parameters
    ----------
    response : RatingResponse or Refused
        Ratings by minutes waited.

    Returns
    -------
    Finding
        Points of the attribute's scale.
    """
    headline = say("What waiting costs in ratings is not known")
    key = "waiting_response"
    if isinstance(response, Refused):
        return refuse(response, key=key, requirement=WAITING, question=headline)
    gain = response.rating
    verdict = judge_change(gain.gain_lower, gain.gain_upper)
    headline = mark("{step} minutes less go with {gain} points on {name}")
    if verdict == "no clear change":
        headline = mark("{name} does not clearly go along with minutes waited")
    return _find_response(
        response, key, WAITING, headline, say("Rating points for five minutes less")
    )


def find_speed_response(response: RatingResponse | Refused) -> Finding:
    """Say what five days sooner would give in points of the rating.

    Parameters
    ----------
    response : RatingResponse or Refused
        Ratings by days until the complaint was closed.

    Returns
    -------
    Finding
        Points of the attribute's scale.
    """
    headline = say("What a faster answer gives in ratings is not known")
    key = "speed_response"
    if isinstance(response, Refused):
        return refuse(response, key=key, requirement=SPEED, question=headline)
    gain = response.rating
    verdict = judge_change(gain.gain_lower, gain.gain_upper)
    headline = mark("{step} days sooner go with {gain} points on {name}")
    if verdict == "no clear change":
        headline = mark("{name} does not clearly go along with days to close")
    return _find_response(
        response, key, SPEED, headline, say("Rating points for five days sooner")
    )


def _find_response(
    response: RatingResponse, key: str, requirement: str, headline: str, measure: str
) -> Finding:
    gain = response.rating
    return Finding(
        key=key,
        requirement=requirement,
        headline=say(
            headline,
            step=write_number(gain.step),
            gain=write_value(gain.gain, Unit.SCORE, signed=True),
            name=response.attribute,
        ),
        sentence=_write_response(response, is_days=requirement == SPEED),
        action=say(_TRIAL_OF_SPEED if requirement == SPEED else _TRIAL),
        verdict="measured",
        measure=measure,
        unit=Unit.SCORE,
        estimate=gain.gain,
        lower=gain.gain_lower,
        upper=gain.gain_upper,
        confidence_level=response.confidence_level,
        nobs=gain.nobs,
        period=f"{response.first}-{response.last}",
        source=response.source,
        importance=0.4,
    )


def _write_response(response: RatingResponse, *, is_days: bool) -> str:
    gain, overall = response.rating, response.overall
    words = {
        "n": write_number(gain.nobs),
        "first": write_quarter(response.first),
        "last": write_quarter(response.last),
        "mean": write_number(response.mean_dose, decimals=1),
        "step": write_number(gain.step),
        "gain": write_value(gain.gain, Unit.SCORE, signed=True),
        "interval": write_interval(gain.gain_lower, gain.gain_upper, Unit.SCORE),
        "name": response.attribute,
        "overall": write_value(overall.gain, Unit.SCORE, signed=True),
        "ends": write_interval(overall.gain_lower, overall.gain_upper, Unit.SCORE),
        "shape": _write_shape(gain, is_days=is_days),
    }
    if is_days:
        return say(
            "{n} answers from {first} to {last} come from customers who had "
            "complained; closing took {mean} days on average. {step} days sooner go "
            "with {gain} points on {name} ({interval}) and {overall} on overall "
            "satisfaction ({ends}), tier, quarter and use of the app alike. {shape} "
            "{open} of them had no settlement yet when they answered.",
            open=write_number(response.open_complaints),
            **words,
        )
    return say(
        "{n} answers from {first} to {last} come from customers who had waited, {mean} "
        "minutes on average. {step} minutes less go with {gain} points on {name} "
        "({interval}) and {overall} on overall satisfaction ({ends}), tier, quarter "
        "and use of the app alike. {shape}",
        **words,
    )


def _write_shape(response: ThresholdResponse, *, is_days: bool) -> str:
    if not response.is_bent:
        return say("A straight line fits; no threshold is found.")
    words = {
        "knot": write_number(response.knot, decimals=1),
        "ends": write_interval(response.knot_lower, response.knot_upper, Unit.RATIO),
        "below": write_value(response.below, Unit.SCORE, signed=True),
        "above": write_value(response.above, Unit.SCORE, signed=True),
    }
    if is_days:
        return say(
            "The rating turns at {knot} days ({ends}): {below} a day before, {above} "
            "after.",
            **words,
        )
    return say(
        "The rating turns at {knot} minutes ({ends}): {below} a minute before, {above} "
        "after.",
        **words,
    )
