"""What moved between two published quarters, by their findings alone.

A finding moved when `comparison.movement` says so, by the rules of the command
`compare`; or when it is answered for the first time, or no longer. Nothing here reads
a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from analysis.presentation.findings import Finding
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.finding_words import (
    write_estimate,
    write_finding_interval,
)
from analysis.quarter import Quarter, write_quarter
from analysis.reporting.comparison.movement import Kind, Relation, judge_movement
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
_MOVEMENTS: dict[Kind, Movement] = {
    "up": "up",
    "down": "down",
    "found": "found",
    "lost": "lost",
}


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
    same_language: bool = True,
) -> Comparison:
    """Find what moved between two quarters of one source.

    Parameters
    ----------
    before, after : mapping of (str, str) to Finding
        Findings of the earlier and of the later quarter.
    earlier, later : Quarter
        The two quarters.
    same_language : bool
        Whether both were reported in one language.

    Returns
    -------
    Comparison
        Only findings whose key is in both are compared.
    """
    common = [key for key in after if key in before]
    common.sort(key=lambda key: (-after[key].importance, key))
    relation: Relation = "next quarter" if earlier.next == later else "other quarter"
    judge = partial(judge_movement, relation=relation, same_language=same_language)
    judged = {key: judge(before[key], after[key]).kind for key in common}
    moved = ((key, _MOVEMENTS.get(kind)) for key, kind in judged.items())
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
