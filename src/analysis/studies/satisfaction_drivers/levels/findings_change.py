"""Finding on why the score changed."""

from __future__ import annotations

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.score_change import ScoreChange
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.units import Unit, write_interval, write_value
from analysis.wording import join_names, mark, say

_KEY = "score_change"


def find_change(change: ScoreChange | Refused) -> Finding:
    """Say which parts of the change can be told from chance.

    Parameters
    ----------
    change : ScoreChange or Refused
        Parts of the change.

    Returns
    -------
    Finding
        Change of the headline score, with the parts that are clear.
    """
    if isinstance(change, Refused):
        return refuse(
            change,
            key=_KEY,
            requirement="C1",
            question=say("Why the score changed cannot be said"),
        )
    unit = name_measure(change.measure)[1]
    clear = change.parts[change.parts["is_clear"]]
    return Finding(
        key=_KEY,
        requirement="C1",
        headline=_write_headline(change, list(clear["name"])),
        sentence=_write_parts(change, unit),
        action=(
            say(
                "Ask what changed for {names} since {previous}, before anything else.",
                names=join_names(list(clear["name"])),
                previous=write_quarter(change.previous),
            )
            if len(clear)
            else say("Do not look for causes of this change; wait for the next wave.")
        ),
        measure=say("Change of {name}", name=name_measure(change.measure)[0]),
        verdict=judge_change(change.lower, change.upper),
        unit=unit,
        nobs=change.nobs,
        period=change.quarter,
        source=change.source,
        estimate=change.total,
        lower=min(change.lower, change.total),
        upper=max(change.upper, change.total),
        importance=0.6 if len(clear) else 0.3,
    )


def _write_headline(change: ScoreChange, names: list[str]) -> str:
    if not names:
        return say("No part of the score's change can be told from chance")
    template = (
        mark("The score fell because of {names}")
        if change.total < 0
        else mark("The score rose because of {names}")
    )
    agree = change.parts.set_index("name").loc[names, "estimate"].sum()
    if agree * change.total <= 0:
        template = mark("What moved clearly: {names}")
    return say(template, names=join_names(names))


def _write_parts(change: ScoreChange, unit: Unit) -> str:
    mix = change.parts.iloc[0]
    return say(
        "{name} changed by {total} ({interval}) from {previous} to {quarter}: {mix} "
        "because customers are others, {within} because customers of the same "
        "{group} answer otherwise; {unclear} of it all cannot be told from chance.",
        name=name_measure(change.measure)[0],
        total=write_value(change.total, unit, signed=True),
        interval=write_interval(change.lower, change.upper, unit),
        previous=write_quarter(change.previous),
        quarter=write_quarter(change.quarter),
        mix=write_value(mix["estimate"], unit, signed=True),
        within=write_value(change.total - mix["estimate"], unit, signed=True),
        group=change.group.lower(),
        unclear=write_value(change.unexplained, unit, signed=True),
    )
