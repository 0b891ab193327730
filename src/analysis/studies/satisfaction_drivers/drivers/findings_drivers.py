"""Findings on what drives satisfaction, and what to fix first."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.driver_words import (
    TRIAL,
    find_row,
    judge_quantity,
    refuse_leader,
)
from analysis.studies.satisfaction_drivers.drivers.importance import (
    CANNOT_TELL,
    STABLE,
    Drivers,
    Importance,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, mark, say


def find_top_driver(drivers: Drivers) -> Finding:
    """Say what matters most for satisfaction, and how sure that is.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported and the one before.

    Returns
    -------
    Finding
        Own share of the leader, percent of the variance of satisfaction; refused
        when its interval reaches the floor.
    """
    now, leader = drivers.now, drivers.now.leader
    if now.verdict == CANNOT_TELL:
        return refuse_leader(now)
    before = find_row(drivers.before, leader["attribute"])
    stable = now.verdict == STABLE
    return Finding(
        key="top_driver",
        requirement="C2",
        headline=say(
            mark("What matters most for satisfaction: {label}")
            if stable
            else mark("What may matter most for satisfaction: {label}"),
            label=leader["label"],
        ),
        sentence=_write_leader(now),
        action=say(
            mark("Put it first on the agenda: {label}. {trial}")
            if stable
            else mark(
                "Treat the first three in rank as equals, not only {label}. {trial}"
            ),
            label=leader["label"],
            trial=say(TRIAL),
        ),
        measure=say("Satisfaction credited to {label}", label=leader["label"]),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=now.nobs,
        period=now.quarter,
        source=now.source,
        estimate=float(leader["own"]),
        lower=float(leader["own_lower"]),
        upper=float(leader["own_upper"]),
        confidence_level=now.confidence_level,
        previous=None if before is None else float(before["own"]),
        change=judge_quantity(leader, before, "own", looked=len(now.table)),
        importance=0.8 if stable else 0.6,
    )


def note_idle_attributes(drivers: Drivers) -> Note:
    """Name the attributes whose importance cannot be told from none.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.

    Returns
    -------
    Note
        One sentence.
    """
    now = drivers.now
    idle = now.table[now.table["own_lower"] <= 0]
    if idle.empty:
        return Note(
            say("Every attribute is credited with clearly more than its floor.")
        )
    return Note(
        say(
            "The importance of {count} of {total} attributes cannot be told: for "
            "{names} the interval reaches the floor, so what they are credited with "
            "they may owe to attributes that go along with them.",
            count=len(idle),
            total=len(now.table),
            names=join_names(list(idle["label"])),
        )
    )


def _write_leader(now: Importance) -> str:
    leader = now.leader
    names = list(now.table["label"].iloc[1:3])
    words = {
        "label": leader["label"],
        "own": write_value(leader["own"], Unit.PERCENT),
        "interval": write_interval(
            leader["own_lower"], leader["own_upper"], Unit.PERCENT
        ),
        "nobs": write_number(now.nobs),
        "quarter": write_quarter(now.quarter),
    }
    if not names:
        return say(
            "{label}, the only attribute asked, accounts for {own} of the differences "
            "in satisfaction ({interval}; {nobs} answers in {quarter}).",
            **words,
        )
    return say(
        "{label}: {own} of the differences in satisfaction are its own, beyond what it "
        "owes to other attributes ({interval}; {nobs} answers in {quarter}). It is "
        "first in {first} of resampled surveys, followed by {names}. All attributes "
        "together account for {r_squared}.",
        first=write_value(leader["first"], Unit.PERCENT),
        names=join_names(names),
        r_squared=write_value(now.r_squared, Unit.PERCENT),
        **words,
    )
