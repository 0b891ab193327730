"""The finding on how much of each policy cycle reached posted rates."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.pass_through.cycles import (
    PolicyCycles,
    write_month,
)
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

ALIKE_POINTS = 5.0
"""Difference of betas, in points, below which cycles are said to be alike."""


def find_policy_cycles(found: PolicyCycles) -> Finding:
    """Say how much of the current policy cycle arrived, beside the earlier ones.

    Parameters
    ----------
    found : PolicyCycles
        Betas by cycle.

    Returns
    -------
    Finding
        Beta of the last cycle, percent of the policy move: exact where it is counted
        from the price list, measured where price lists are averaged.
    """
    if found.cycles.empty:
        return refuse(
            "cumulative_beta",
            "A8",
            question=say("No cycle of the policy rate lies in the history"),
            reason=say("The policy rate never moved far enough from a turning point."),
            quarter=found.quarter,
            source=found.source,
        )
    last = found.cycles.iloc[-1]
    lower, upper = (
        float(last[name]) if found.is_sampled else None for name in ("lower", "upper")
    )
    return Finding(
        key="cumulative_beta",
        requirement="A8",
        headline=write_contrast(found),
        sentence=f"{_tell_cycles(found)} {_tell_last(found, last)}",
        action=_advise(found.cycles),
        measure=say("Part of the current policy cycle passed on"),
        verdict="measured" if found.is_sampled else "exact",
        unit=Unit.PERCENT,
        nobs=int(last["units"]),
        period=str(found.quarter),
        source=found.source,
        estimate=float(last["estimate"]),
        lower=lower,
        upper=upper,
        confidence_level=CONFIDENCE_LEVEL,
        previous=found.previous,
        importance=0.6,
    )


def write_contrast(found: PolicyCycles) -> str:
    """Say whether cycles differ, as a headline.

    Parameters
    ----------
    found : PolicyCycles
        Betas by cycle, at least one.

    Returns
    -------
    str
        A short sentence.
    """
    betas = found.cycles["estimate"]
    least, most = (_write_share(end) for end in (betas.min(), betas.max()))
    if len(betas) == 1:
        return say("In the one policy cycle at hand {share} was passed on", share=least)
    if betas.max() - betas.min() < ALIKE_POINTS:
        return say(
            "Each policy cycle was passed on alike, by {least} to {most}",
            least=least,
            most=most,
        )
    return say(
        "Beta is not a constant: cycles were passed on by {least} to {most}",
        least=least,
        most=most,
    )


def _tell_cycles(found: PolicyCycles) -> str:
    cycles = found.cycles
    if len(cycles) == 1:
        return ""
    ranked = cycles.sort_values("estimate")
    lowest, highest = ranked.iloc[0], ranked.iloc[-1]
    return say(
        "Of {cycles} policy cycles since {start}, the one from {least} on was passed "
        "on least, the one from {most} on most.",
        cycles=write_number(len(cycles)),
        start=write_month(cycles["start"].iloc[0]),
        least=write_month(lowest["start"]),
        most=write_month(highest["start"]),
    )


def _tell_last(found: PolicyCycles, last: pd.Series) -> str:
    words = {
        "size": write_value(last["policy_bp"], Unit.BASIS_POINTS, signed=True),
        "start": write_month(last["start"]),
        "share": _write_share(last["estimate"]),
    }
    if not found.is_sampled:
        return say(
            "Of the {size} since {start}, {share} has reached posted rates; these are "
            "facts of the price list, not estimates.",
            **words,
        )
    return say(
        "Of the {size} since {start}, {units} price lists passed on {share} "
        "({interval}) on average.",
        **words,
        units=write_number(int(last["units"])),
        interval=write_interval(last["lower"], last["upper"], Unit.PERCENT),
    )


def _advise(cycles: pd.DataFrame) -> str:
    ends = (float(cycles["estimate"].min()), float(cycles["estimate"].max()))
    if len(cycles) == 1:
        return say("Don't carry the beta of one cycle over to a cycle the other way.")
    return say(
        "Stress deposit cost with {least} and with {most} of a policy move, not with "
        "their mean.",
        least=_write_share(ends[0]),
        most=_write_share(ends[1]),
    )


def _write_share(share: float) -> str:
    return write_value(float(share), Unit.PERCENT)
