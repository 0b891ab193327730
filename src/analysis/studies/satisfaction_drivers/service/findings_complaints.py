"""Are complaints handled in time, and do those who complain leave."""

from __future__ import annotations

from typing import Final

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.studies.satisfaction_drivers.service.closure import Closure
from analysis.studies.satisfaction_drivers.service.complaint_volume import (
    CAUSE,
    ComplaintVolume,
)
from analysis.studies.satisfaction_drivers.service.leavers import Leavers
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, mark, say

REQUIREMENT: Final = "C4"
_MOST_FALSE: Final = 0.05
_VOLUME_HEADLINES = {
    "rose": mark("Complaints rose to {rate} per 1,000 customers"),
    "fell": mark("Complaints fell to {rate} per 1,000 customers"),
    "no clear change": mark("{rate} complaints per 1,000 customers, no clear change"),
}


def find_complaint_volume(volume: ComplaintVolume | Refused) -> Finding:
    """Say how many complaints there are, and whether they rose.

    Parameters
    ----------
    volume : ComplaintVolume or Refused
        Counts of the quarter and the one before.

    Returns
    -------
    Finding
        Complaints per 1,000 customers.
    """
    if isinstance(volume, Refused):
        headline = say("How often customers complain is not known")
        return refuse(
            volume, key="complaint_volume", requirement=REQUIREMENT, question=headline
        )
    bank = volume.bank
    known = bank["change"] == bank["change"]
    change = (
        judge_change(bank["change_lower"], bank["change_upper"])
        if known
        else "no clear change"
    )
    rate = write_number(bank["rate"], decimals=1)
    before = bank["complaints_before"] * 1000 / bank["customers_before"]
    return Finding(
        key="complaint_volume",
        requirement=REQUIREMENT,
        headline=say(_VOLUME_HEADLINES[change], rate=rate),
        sentence=_write_volume(volume, rate, known=known),
        action=_advise_on_causes(volume),
        verdict="measured",
        measure=say("Complaints per 1,000 customers"),
        unit=Unit.RATIO,
        estimate=float(bank["rate"]),
        lower=float(bank["lower"]),
        upper=float(bank["upper"]),
        confidence_level=volume.confidence_level,
        nobs=int(bank["complaints"]),
        period=volume.quarter,
        source=volume.source,
        previous=float(before) if known else None,
        change=change if known else None,
        importance=0.5,
    )


def _write_volume(volume: ComplaintVolume, rate: str, *, known: bool) -> str:
    bank = volume.bank
    words = {
        "n": write_number(bank["complaints"]),
        "people": write_number(bank["complainers"]),
        "quarter": write_quarter(volume.quarter),
        "rate": rate,
        "interval": write_interval(bank["lower"], bank["upper"], Unit.RATIO),
        "again": _write_repeats(volume),
    }
    if not known:
        return say(
            "{people} customers complained {n} times in {quarter}: {rate} per 1,000 "
            "({interval}). The quarter before is not known. {again}",
            **words,
        )
    return say(
        "{people} customers complained {n} times in {quarter}: {rate} per 1,000 "
        "({interval}), {change} against the quarter before ({ends}). {again}",
        change=write_value(bank["change"], Unit.PERCENT, signed=True),
        ends=write_interval(bank["change_lower"], bank["change_upper"], Unit.PERCENT),
        **words,
    )


def _write_repeats(volume: ComplaintVolume) -> str:
    if volume.repeats is None:
        return say("The source does not say which complaints repeat an earlier one.")
    share, lower, upper = volume.repeats
    return say(
        "{share} ({interval}) repeat an earlier complaint.",
        share=write_value(share, Unit.PERCENT),
        interval=write_interval(lower, upper, Unit.PERCENT),
    )


def _advise_on_causes(volume: ComplaintVolume) -> str:
    causes = volume.groups[volume.groups["division"] == CAUSE]
    rising = causes[(causes["qvalue"] < _MOST_FALSE) & (causes["change"] > 0)]
    if len(rising):
        return say(
            "Look first at what clearly rose: {names}.",
            names=join_names([str(name) for name in rising["name"]]),
        )
    return say(
        "No cause clearly rose; begin with the most frequent one: {name}.",
        name=str(causes.iloc[0]["name"]),
    )


def find_complaints_on_time(closure: Closure | Refused) -> Finding:
    """Say which share of complaints is closed within the days allowed.

    Parameters
    ----------
    closure : Closure or Refused
        Days until complaints are closed.

    Returns
    -------
    Finding
        Percent of complaints; those still open count as open.
    """
    if isinstance(closure, Refused):
        headline = say("Whether complaints are closed in time is not known")
        return refuse(
            closure,
            key="complaints_on_time",
            requirement=REQUIREMENT,
            question=headline,
        )
    now = closure.on_time
    share = write_value(now.estimate, Unit.PERCENT)
    change = None if closure.change is None else judge_change(*closure.change[1:])
    return Finding(
        key="complaints_on_time",
        requirement=REQUIREMENT,
        headline=say(
            "{share} of complaints are closed within {days} days",
            share=share,
            days=closure.days_allowed,
        ),
        sentence=_write_on_time(closure, share),
        action=_advise_on_closing(closure),
        verdict="measured",
        measure=say("Complaints closed in time"),
        unit=Unit.PERCENT,
        estimate=now.estimate,
        lower=now.lower,
        upper=now.upper,
        confidence_level=closure.confidence_level,
        nobs=now.complaints,
        period=closure.quarter,
        source=closure.source,
        previous=None if closure.before is None else closure.before.estimate,
        change=change,
        importance=0.6,
    )


def _write_on_time(closure: Closure, share: str) -> str:
    now = closure.on_time
    words = {
        "n": write_number(now.complaints),
        "quarter": write_quarter(closure.quarter),
        "share": share,
        "interval": write_interval(now.lower, now.upper, Unit.PERCENT),
        "days": closure.days_allowed,
        "open": write_number(now.open),
        "flattering": write_value(now.closed_only, Unit.PERCENT),
        "change": _write_closing_change(closure),
    }
    return say(
        "Of {n} complaints received in {quarter}, {share} ({interval}) are closed "
        "within {days} days; the {open} still open at the quarter's end count as open "
        "(closed ones alone would give {flattering}). {change}",
        **words,
    )


def _write_closing_change(closure: Closure) -> str:
    if closure.change is None:
        return say("The quarter before has too few complaints to compare.")
    change, lower, upper = closure.change
    return say(
        "Against the quarter before: {change} ({interval}).",
        change=write_value(change, Unit.PERCENTAGE_POINTS, signed=True),
        interval=write_interval(lower, upper, Unit.PERCENTAGE_POINTS),
    )


def _advise_on_closing(closure: Closure) -> str:
    known = closure.causes.dropna(subset=["estimate"])
    slow = known[known["upper"] < closure.on_time.estimate]
    if len(slow):
        return say(
            "Set up a faster way for what is clearly slower: {names}.",
            names=join_names([str(name) for name in slow["cause"]]),
        )
    return say(
        "No cause is clearly slower than the others: look at the oldest open "
        "complaints first."
    )


def find_complainers_leaving(leavers: Leavers | Refused) -> Finding:
    """Say whether customers who complained leave more often than similar ones.

    Parameters
    ----------
    leavers : Leavers or Refused
        Leaving in the quarter after.

    Returns
    -------
    Finding
        Difference in percentage points.
    """
    if isinstance(leavers, Refused):
        headline = say("Whether customers who complain leave more often is not known")
        return refuse(
            leavers,
            key="complainers_leaving",
            requirement=REQUIREMENT,
            question=headline,
        )
    verdict = judge_change(leavers.lower, leavers.upper)
    headline = {
        "rose": mark("Customers who complained leave more often than similar ones"),
        "fell": mark("Customers who complained leave less often than similar ones"),
        "no clear change": mark(
            "No clear sign that customers who complained leave more often"
        ),
    }[verdict]
    return Finding(
        key="complainers_leaving",
        requirement=REQUIREMENT,
        headline=say(headline),
        sentence=_write_leaving(leavers),
        action=say(
            "Call customers after a settlement and ask whether they are content; to "
            "learn whether the call keeps them, call a random half."
        ),
        verdict="measured",
        measure=say("More leavers after a complaint"),
        unit=Unit.PERCENTAGE_POINTS,
        estimate=leavers.difference,
        lower=leavers.lower,
        upper=leavers.upper,
        confidence_level=leavers.confidence_level,
        nobs=leavers.complainers,
        period=f"{leavers.first}-{leavers.last}",
        source=leavers.source,
        importance=0.5 if verdict == "rose" else 0.3,
    )


def _write_leaving(leavers: Leavers) -> str:
    return say(
        "{left} of {n} customers with a complaint from {first} to {last} left in the "
        "quarter after: {share}, against {similar} of customers of the same tier, "
        "tenure, assets before and use of the app; a difference of {gap} ({interval}). "
        "{cause} {late}",
        left=write_number(leavers.complainers_left),
        n=write_number(leavers.complainers),
        first=write_quarter(leavers.first),
        last=write_quarter(leavers.last),
        share=write_value(leavers.complained_pct, Unit.PERCENT),
        similar=write_value(leavers.similar_pct, Unit.PERCENT),
        gap=write_value(leavers.difference, Unit.PERCENTAGE_POINTS, signed=True),
        interval=write_interval(leavers.lower, leavers.upper, Unit.PERCENTAGE_POINTS),
        cause=_write_cause(leavers),
        late=_write_late(leavers),
    )


def _write_cause(leavers: Leavers) -> str:
    if leavers.hidden_cause <= 1:
        return say("It does not show what the complaint itself does.")
    return say(
        "This is no proof that complaints make customers leave: being unhappy, if it "
        "raises both chances {times} times, would explain it all.",
        times=write_number(leavers.hidden_cause, decimals=1),
    )


def _write_late(leavers: Leavers) -> str:
    if leavers.late is None:
        return say("Too few left to compare late settlements with those in time.")
    return say(
        "After late settlements {times} times as many left as after those in time "
        "({interval}).",
        times=write_number(leavers.late.estimate, decimals=1),
        interval=write_interval(leavers.late.lower, leavers.late.upper, Unit.RATIO),
    )
