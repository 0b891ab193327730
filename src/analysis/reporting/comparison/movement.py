"""Whether a finding moved between two runs, by which rule: one definition for all.

The page of all quarters and the command `compare` both ask here. A study's own test of
the change comes first, because it compares the same customers. Without one, the
intervals of two quarters are taken as those of independent samples; two runs of the
same quarter rest on the same customers, and there the question is another: does the
new value lie outside the interval that was published? Totals of the books have no
interval; they are the same or they differ. Nothing here reads a file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from analysis.presentation.findings import Finding

Relation = Literal["next quarter", "other quarter", "restatement"]
"""What the later run is to the earlier: only of the quarter that follows on it does a
study's own test speak, and only a restatement is of the same quarter and source."""

Kind = Literal[
    "up", "down", "found", "lost", "differs", "steady", "open", "not comparable"
]
"""What became of a finding.

"up" and "down" moved beyond chance; "found" is newly identified, "lost" no longer,
"open" in neither; "differs" is a total of the books with another value; "steady" is no
clear change.
"""

Rule = Literal[
    "the study's own test",
    "interval of the difference",
    "outside the earlier interval",
    "full counts",
]

_TOLD: dict[str, Kind] = {"rose": "up", "fell": "down", "no clear change": "steady"}
_RELATIVE, _ABSOLUTE = 1e-9, 1e-6
"""Two numbers nearer than these are the same: no report writes a millionth."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What became of a finding, and how that was judged.

    Parameters
    ----------
    kind : Kind
        What became of it.
    rule : Rule or None
        How two numbers were judged; None where there were not two.
    reason : str
        Why two numbers can't be compared; empty otherwise.
    """

    kind: Kind
    rule: Rule | None = None
    reason: str = ""


def judge_movement(
    before: Finding, after: Finding, relation: Relation, *, same_language: bool = True
) -> Movement:
    """Say what became of a finding from one run to another.

    Parameters
    ----------
    before, after : Finding
        The same finding of two runs.
    relation : Relation
        What the later run is to the earlier.
    same_language : bool
        Whether both are worded in one language: what is measured is then told by its
        words, and a finding such as "what to fix first" may be about another thing.

    Returns
    -------
    Movement
        No clear change is a result too.
    """
    was_open, is_open = (f.verdict == "not identified" for f in (before, after))
    if was_open and is_open:
        return Movement("open")
    if was_open or is_open:
        return Movement("found" if was_open else "lost")
    obstacle = _find_obstacle(before, after, same_language=same_language)
    if obstacle:
        return Movement("not comparable", reason=obstacle)
    if relation == "restatement":
        return _judge_restatement(before, after)
    return _judge_quarters(before, after, relation)


def estimate_difference(before: Finding, after: Finding) -> tuple[float, float, float]:
    """Give the change of a finding with an interval, from two independent intervals.

    Parameters
    ----------
    before, after : Finding
        Two findings with an estimate, of one unit and confidence level. A total of the
        books counts as known without error.

    Returns
    -------
    tuple of (float, float, float)
        Change and the lower and upper end of its interval, in the findings' unit.

    References
    ----------
    .. [1] Zou, G. Y. and Donner, A. (2008), Construction of confidence intervals about
       effect measures: a general approach, Statistics in Medicine 27, 1693-1702,
       equation 3. With intervals that are symmetric it is the usual one, whose
       variance is the sum of both. To ask whether two intervals overlap would find
       too few changes: Schenker, N. and Gentleman, J. F. (2001), The American
       Statistician 55, 182-186.
    """
    old, old_lower, old_upper = _list_numbers(before)
    new, new_lower, new_upper = _list_numbers(after)
    change = new - old
    below = math.hypot(new - new_lower, old_upper - old)
    above = math.hypot(new_upper - new, old - old_lower)
    return change, change - below, change + above


def _find_obstacle(before: Finding, after: Finding, *, same_language: bool) -> str:
    """Say why two numbers can't be compared; empty when they can."""
    if same_language and _measure_others(before, after):
        return f"it was {before.measure!r}"
    if before.unit != after.unit:
        return f"the unit was {before.unit}, it is {after.unit}"
    if before.currency != after.currency:
        return f"the currency was {before.currency}, it is {after.currency}"
    if before.confidence_level != after.confidence_level:
        levels = (f"{f.confidence_level:.0%}" for f in (before, after))
        return "the confidence was {}, it is {}".format(*levels)
    return ""


def _measure_others(before: Finding, after: Finding) -> bool:
    """Say whether two findings of one key measure different things."""
    is_told = all(f.measure != f.headline for f in (before, after))
    return is_told and before.measure != after.measure


def _tests_these(before: Finding, after: Finding, told: Kind) -> bool:
    """Say whether a study's test of the change speaks of these two numbers.

    The study has computed the quarter before anew. Where that lies outside the interval
    that was published, or says the contrary, it speaks of another change.
    """
    if told != "steady" and told != _compare(before, after):
        return False
    _, lower, upper = _list_numbers(before)
    previous = after.previous
    if previous is not None and (
        lower <= previous <= upper or _are_same(previous, lower)
    ):
        return True
    return told != "steady" and (previous is None or before.verdict == "exact")


def _judge_quarters(before: Finding, after: Finding, relation: Relation) -> Movement:
    told = _TOLD.get(after.change or "") if relation == "next quarter" else None
    if told is not None and _tests_these(before, after, told):
        return Movement(told, "the study's own test")
    if before.verdict == after.verdict == "exact":
        return _judge_counts(before, after)
    return Movement(_judge_difference(before, after), "interval of the difference")


def _judge_restatement(before: Finding, after: Finding) -> Movement:
    _, lower, upper = _list_numbers(before)
    new, *_ = _list_numbers(after)
    if before.verdict == "exact":
        return _judge_counts(before, after)
    is_inside = lower <= new <= upper or _are_same(new, lower) or _are_same(new, upper)
    kind = "steady" if is_inside else _compare(before, after)
    return Movement(kind, "outside the earlier interval")


def _judge_counts(before: Finding, after: Finding) -> Movement:
    is_steady = _compare(before, after) == "steady"
    return Movement("steady" if is_steady else "differs", "full counts")


def _judge_difference(before: Finding, after: Finding) -> Kind:
    change, lower, upper = estimate_difference(before, after)
    if _are_same(change, 0.0) or lower <= 0 <= upper:
        return "steady"
    return "up" if lower > 0 else "down"


def _compare(before: Finding, after: Finding) -> Kind:
    old, *_ = _list_numbers(before)
    new, *_ = _list_numbers(after)
    if _are_same(old, new):
        return "steady"
    return "up" if new > old else "down"


def _are_same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)


def _list_numbers(finding: Finding) -> tuple[float, float, float]:
    """Give estimate, lower and upper end; an exact one is known without error."""
    estimate = finding.estimate
    if estimate is None:
        message = f"Finding {finding.key!r} must have an estimate to be compared."
        raise ValueError(message)
    lower = estimate if finding.lower is None else finding.lower
    upper = estimate if finding.upper is None else finding.upper
    return estimate, lower, upper
