"""What moved between two published quarters, by their findings alone.

A finding moved when its two intervals do not overlap, or when the study itself tested
the change since the quarter just before and saw one; or when it is answered for the
first time, or no longer. Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.presentation.findings import Finding
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.finding_words import (
    write_estimate,
    write_finding_interval,
)
from analysis.quarter import Quarter, write_quarter
from analysis.wording import mark, say

Movement = Literal["up", "down", "found", "lost"]
Key = tuple[str, str]
"""Study and key of a finding."""

_SENTENCES: dict[Movement, str] = {
    "up": mark("{headline}. Up from {before} in {earlier} to {after} in {later}."),
    "down": mark("{headline}. Down from {before} in {earlier} to {after} in {later}."),
    "found": mark(
        "{headline}. Newly identified: {after} in {later}; "
        "in {earlier} the data could not tell."
    ),
    "lost": mark(
        "{headline}. No longer identified in {later}; it was {before} in {earlier}."
    ),
}
_UNSAID: dict[Movement, str] = {"found": "before", "lost": "after"}
_TOLD: dict[str | None, Movement] = {"rose": "up", "fell": "down"}


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that moved.

    Parameters
    ----------
    key : tuple of (str, str)
        Study and key of the finding.
    movement : {"up", "down", "found", "lost"}
        Which way; "found" is newly identified, "lost" no longer.
    headline : str
        What the later quarter says of it.
    sentence : str
        The same with both values, in the reader's language.
    """

    key: Key
    movement: Movement
    headline: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two quarters beside each other.

    Parameters
    ----------
    n_compared : int
        Findings that stand in both.
    changes : tuple of Change
        Those that moved, most important first.
    """

    n_compared: int
    changes: tuple[Change, ...]


def compare_quarters(
    before: Mapping[Key, Finding],
    after: Mapping[Key, Finding],
    *,
    earlier: Quarter,
    later: Quarter,
) -> Comparison:
    """Find what moved between two quarters of one source.

    Parameters
    ----------
    before, after : mapping of (str, str) to Finding
        Findings of the earlier and of the later quarter.
    earlier, later : Quarter
        The two quarters.

    Returns
    -------
    Comparison
        Only findings whose key is in both are compared.
    """
    common = [key for key in after if key in before]
    common.sort(key=lambda key: (-after[key].importance, key))
    is_next = earlier.next == later
    moved = (
        (key, judge_movement(before[key], after[key], is_next=is_next))
        for key in common
    )
    changes = tuple(
        Change(
            key=key,
            movement=movement,
            headline=clean(after[key].headline),
            sentence=_write_change(
                movement, (before[key], after[key]), (earlier, later)
            ),
        )
        for key, movement in moved
        if movement is not None
    )
    return Comparison(len(common), changes)


def judge_movement(
    before: Finding, after: Finding, *, is_next: bool
) -> Movement | None:
    """Say whether a finding moved, and which way.

    Parameters
    ----------
    before, after : Finding
        The same finding of two quarters.
    is_next : bool
        Whether the later quarter follows on the earlier one; only then does the
        finding's own test of the change speak of these two.

    Returns
    -------
    {"up", "down", "found", "lost"} or None
        None where chance could explain the difference, or units differ.
    """
    was_open, is_open = (f.verdict == "not identified" for f in (before, after))
    if was_open or is_open:
        if was_open and is_open:
            return None
        return "found" if was_open else "lost"
    if (before.unit, before.currency) != (after.unit, after.currency):
        return None
    apart = _compare_intervals(before, after)
    if apart is not None or not is_next:
        return apart
    told = _TOLD.get(after.change)
    return told if told == _compare_estimates(before, after) else None


def _compare_intervals(before: Finding, after: Finding) -> Movement | None:
    if before.lower is None or before.upper is None:
        return None
    if after.lower is None or after.upper is None:
        return None
    if after.lower > before.upper:
        return "up"
    return "down" if after.upper < before.lower else None


def _compare_estimates(before: Finding, after: Finding) -> Movement | None:
    if before.estimate is None or after.estimate is None:
        return None
    if after.estimate == before.estimate:
        return None
    return "up" if after.estimate > before.estimate else "down"


def _write_change(
    movement: Movement, findings: tuple[Finding, Finding], days: tuple[Quarter, Quarter]
) -> str:
    before, after = (_write_number(finding) for finding in findings)
    values = {
        "headline": clean(findings[1].headline),
        "before": before,
        "after": after,
        "earlier": write_quarter(days[0]),
        "later": write_quarter(days[1]),
    }
    unsaid = _UNSAID.get(movement)
    told = {name: value for name, value in values.items() if name != unsaid}
    return say(_SENTENCES[movement], **told)


def _write_number(finding: Finding) -> str:
    """Write an estimate with its interval, where it has either."""
    size, interval = write_estimate(finding), write_finding_interval(finding)
    if not interval:
        return size
    return say("{estimate} ({interval})", estimate=size, interval=interval)
