"""What stands under a finding: how sure it is, the quarter before, what to do."""

from __future__ import annotations

import math
from fractions import Fraction

from analysis.presentation.findings import Finding
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.item_words import write_origin
from analysis.units import PERCENTS, Unit, write_interval, write_value
from analysis.wording import mark, say

_CLOSE = 0.05
_FAIR = 0.25
_SINCE = {
    "rose": mark("{value}, clearly up since"),
    "fell": mark("{value}, clearly down since"),
    "no clear change": mark("{value}, no clear change since"),
}


def list_facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    """List what stands under a finding's sentence.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    tuple of (str, str)
        Label and text: how sure it is, or why it is refused; the value of the quarter
        before, if there is one; and what to do.
    """
    refused = finding.verdict == "not identified"
    label = say("Not identified") if refused else say("How sure")
    facts = (
        (label, explain_verdict(finding)),
        (say("Quarter before"), write_previous(finding)),
        (say("What to do"), clean(finding.action)),
    )
    return tuple(fact for fact in facts if fact[1])


def list_digest_facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    """List the same facts for a digest, which begins with what to do.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    tuple of (str, str)
        Label and text, the action first.
    """
    *others, action = list_facts(finding)
    return (action, *others)


def explain_verdict(finding: Finding) -> str:
    """Say how sure a finding is, in words that need no course in statistics.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        One sentence without its full stop; the reason where a finding is refused.
    """
    if finding.verdict == "rose":
        return say("Clear rise: more than chance explains")
    if finding.verdict == "fell":
        return say("Clear fall: more than chance explains")
    if finding.verdict == "no clear change":
        return say("No clear change: chance alone could explain it")
    if finding.verdict == "exact":
        return say("Exact: a full count, not an estimate")
    if finding.verdict == "measured":
        return _explain_interval(finding)
    return clean(finding.reason).rstrip(".\N{IDEOGRAPHIC FULL STOP}")


def write_estimate(finding: Finding) -> str:
    """Write a finding's number in its unit.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        For example "29.0%"; empty where a finding is refused.
    """
    if finding.estimate is None:
        return ""
    return write_value(finding.estimate, finding.unit, currency=finding.currency)


def write_finding_interval(finding: Finding) -> str:
    """Write the interval of a finding's number.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        For example "27.5% to 30.6%"; empty where there is none.
    """
    if finding.lower is None or finding.upper is None:
        return ""
    return write_interval(
        finding.lower, finding.upper, finding.unit, currency=finding.currency
    )


def write_previous(finding: Finding) -> str:
    """Write the value of the quarter before.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        Value and what became of it since; empty when there is none. An exact value
        is told with its difference: chance has no part in it.
    """
    if finding.previous is None or not math.isfinite(finding.previous):
        return ""
    value = write_value(finding.previous, finding.unit, currency=finding.currency)
    if finding.verdict == "exact":
        return _compare_counts(value, write_difference(finding))
    if finding.change is None:
        return value
    return say(_SINCE[finding.change], value=value)


def write_difference(finding: Finding) -> str:
    """Write by how much a number differs from the quarter before.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        With its sign, percent in percentage points; empty when nothing is left after
        rounding, or one of the two is missing.
    """
    if finding.estimate is None or finding.previous is None:
        return ""
    unit, currency = finding.unit, finding.currency
    levels = (
        write_value(level, unit, currency=currency)
        for level in (finding.estimate, finding.previous)
    )
    if not math.isfinite(finding.previous) or len(set(levels)) == 1:
        return ""
    difference = finding.estimate - finding.previous
    if unit in PERCENTS:
        unit = Unit.PERCENTAGE_POINTS
    return write_value(difference, unit, currency=currency, signed=True)


def write_evidence(finding: Finding) -> str:
    """Write where a finding comes from and how many observations it rests on.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        Line at its foot; a refused finding counts no observations.
    """
    nobs = finding.nobs if finding.nobs > 0 else None
    return write_origin(finding.source, nobs, finding.period)


def _compare_counts(value: str, difference: str) -> str:
    if not difference:
        return say("{value}, unchanged since", value=value)
    return say("{value}; since then {difference}", value=value, difference=difference)


def _explain_interval(finding: Finding) -> str:
    chance = Fraction(finding.confidence_level).limit_denominator(100)
    words = {
        "interval": write_finding_interval(finding),
        "hits": chance.numerator,
        "tries": chance.denominator,
    }
    if _measure_width(finding) <= _CLOSE:
        return say(
            "Close estimate, {interval}; {hits} in {tries} such ranges hold the true "
            "figure",
            **words,
        )
    if _measure_width(finding) <= _FAIR:
        return say(
            "Fairly close estimate, {interval}; {hits} in {tries} such ranges hold the "
            "true figure",
            **words,
        )
    return say(
        "Rough estimate, {interval}; {hits} in {tries} such ranges hold the true "
        "figure",
        **words,
    )


def _measure_width(finding: Finding) -> float:
    lower, upper = finding.lower or 0.0, finding.upper or 0.0
    farthest = max(abs(lower), abs(upper))
    return (upper - lower) / 2 / farthest if farthest else 0.0
