"""Findings on how sure the first rank is, and on trust as a driver."""

from __future__ import annotations

import numpy as np

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.resampling import cut_interval
from analysis.studies.satisfaction_drivers.drivers.driver_words import TRIAL
from analysis.studies.satisfaction_drivers.drivers.importance import (
    STABLE,
    Drivers,
    Importance,
)
from analysis.studies.satisfaction_drivers.drivers.rank_flips import RankFlips
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, mark, say


def find_rank_flips(flips: RankFlips, drivers: Drivers) -> Finding:
    """Say whether the first rank depends on choices of the analyst, or on chance.

    Parameters
    ----------
    flips : RankFlips
        Orders under all choices.
    drivers : Drivers
        Drivers of the wave reported, whose verdict tells of chance.

    Returns
    -------
    Finding
        Share of variants in which the leader reported is first, percent; a full count.
    """
    headline, action = _judge(flips, drivers.now.verdict == STABLE)
    return Finding(
        key="rank_flips",
        requirement="C2",
        headline=headline,
        sentence=_write_flips(flips),
        action=action,
        measure=say("Ways of computing in which the first stays first"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=flips.nobs,
        period=flips.quarter,
        source=flips.source,
        estimate=100 * flips.leader_first / len(flips.ranks),
        importance=0.5,
    )


def _judge(flips: RankFlips, is_sure: bool) -> tuple[str, str]:
    """Give the verdict in words, and what to do."""
    leader = flips.labels[0]
    if not flips.is_stable:
        rivals = _list_rivals(flips)
        return say(
            "Not number one: {leader} gives way to {rivals} when computed otherwise",
            leader=leader,
            rivals=join_names(rivals),
        ), say(
            "Treat {names} as equals: which of them is first is decided by the method.",
            names=join_names([leader, *rivals]),
        )
    if is_sure:
        return say(
            "Stable: {leader} comes first however it is computed", leader=leader
        ), say("Act on the first rank; neither method nor chance decides it.")
    return say(
        "Not number one for sure: {leader} comes first however it is computed, but "
        "chance could put another first",
        leader=leader,
    ), say("Ask more customers; another method would not make the first rank surer.")


def _list_rivals(flips: RankFlips) -> list[str]:
    others = flips.ranks.loc[flips.ranks["first"] != flips.labels[0], "first"]
    return [str(label) for label in others.value_counts().index]


def _write_flips(flips: RankFlips) -> str:
    single = flips.single[flips.single["first"] != flips.labels[0]]
    words = {
        "leader": flips.labels[0],
        "first": write_number(flips.leader_first),
        "total": write_number(len(flips.ranks)),
        "least": write_number(flips.ranks["tau"].min(), decimals=2),
        "nobs": write_number(flips.nobs),
        "quarter": write_quarter(flips.quarter),
    }
    if single.empty:
        return say(
            "{leader} is first in {first} of {total} ways of computing the order "
            "({nobs} answers in {quarter}), and in every one that changes a single "
            "choice. Whole orders agree with the reported one by {least} or more "
            "(Kendall's tau, 1 is the same order).",
            **words,
        )
    return say(
        "{leader} is first in {first} of {total} ways of computing the order ({nobs} "
        "answers in {quarter}). One choice alone takes the first rank from it: "
        "{changes}. Whole orders agree with the reported one by {least} or more "
        "(Kendall's tau, 1 is the same order).",
        changes=join_names([say(change).lower() for change in single["change"]]),
        **words,
    )


def find_trust(drivers: Drivers, parameters: Parameters) -> Finding:
    """Say what trust and transparency account for.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.
    parameters : Parameters
        Which attributes are about trust.

    Returns
    -------
    Finding
        Own share of these attributes together, percent of the variance of
        satisfaction; refused when the survey asks about none of them.
    """
    now = drivers.now
    chosen = now.table["attribute"].isin(parameters.trust_names).to_numpy()
    if not chosen.any():
        return _refuse_trust(now)
    own = float(now.table.loc[chosen, "own"].sum())
    ends = cut_interval(
        now.own_draws[:, chosen].sum(axis=1),
        np.asarray(own),
        now.confidence_level,
    )
    lower, upper = float(ends[0]), float(ends[1])
    clear = lower > 0
    names = join_names([str(label) for label in now.table.loc[chosen, "label"]])
    return Finding(
        key="trust",
        requirement="C7",
        headline=say(
            mark("{names}: of importance of their own")
            if clear
            else mark("{names}: no importance of their own can be told"),
            names=names,
        ),
        sentence=_write_trust(now, chosen, own, (lower, upper)),
        action=say(
            mark("Say openly what products cost and what they risk. {trial}")
            if clear
            else mark("Spend on what surely matters first, and ask again. {trial}"),
            trial=say(TRIAL),
        ),
        measure=say("Satisfaction owed to trust and transparency"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=now.nobs,
        period=now.quarter,
        source=now.source,
        estimate=own,
        lower=lower,
        upper=upper,
        confidence_level=now.confidence_level,
        importance=0.5 if clear else 0.3,
    )


def _write_trust(
    now: Importance, chosen: object, own: float, ends: tuple[float, float]
) -> str:
    held = now.table[chosen]
    parts = [
        say(
            "{label} is number {rank} of {total}: one point more goes with {effect} "
            "points of satisfaction ({interval})",
            label=row["label"],
            rank=int(place) + 1,
            total=len(now.table),
            effect=write_value(row["effect"], Unit.SCORE),
            interval=write_interval(
                row["effect_lower"], row["effect_upper"], Unit.SCORE
            ),
        )
        for place, row in held.iterrows()
    ]
    return say(
        "Together they account for {own} of the differences in satisfaction beyond "
        "what they owe to other attributes ({interval}; {nobs} answers in {quarter}). "
        "{parts}.",
        own=write_value(own, Unit.PERCENT),
        interval=write_interval(*ends, Unit.PERCENT),
        nobs=write_number(now.nobs),
        quarter=write_quarter(now.quarter),
        parts=join_sentences(parts),
    )


def join_sentences(parts: list[str]) -> str:
    """Join clauses with the reader's semicolon.

    Parameters
    ----------
    parts : list of str
        Clauses without a stop.

    Returns
    -------
    str
        One text.
    """
    text = parts[0]
    for part in parts[1:]:
        text = say("{first}; {second}", first=text, second=part)
    return text


def _refuse_trust(now: Importance) -> Finding:
    reason = say(
        "The survey asks about none of the attributes that the parameter "
        "trust_attributes names."
    )
    return Finding(
        key="trust",
        requirement="C7",
        headline=say("What trust does for satisfaction was not asked"),
        sentence=reason,
        action=say("Ask how far customers trust the bank and find it transparent."),
        verdict="not identified",
        unit=Unit.PERCENT,
        nobs=now.nobs,
        period=now.quarter,
        source=now.source,
        reason=reason,
        importance=0.2,
    )
