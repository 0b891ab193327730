"""The few findings that a busy reader sees first: which way, how much, what to do.

A highlight is a finding as words and one direction, ready to be printed; the direction
follows from the finding's verdict and change, never from a sign alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis.presentation.findings import Finding
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.finding_words import (
    write_difference,
    write_estimate,
    write_finding_interval,
)
from analysis.wording import mark, say

Direction = Literal["up", "down", "flat", "level", "unknown"]
"""Where a number goes.

"flat" is no clear change, "level" a number with nothing to be compared with, "unknown"
a question that the data can't answer.
"""

ARROWS: Final[dict[Direction, str]] = {
    "up": "\N{UPWARDS ARROW}",
    "down": "\N{DOWNWARDS ARROW}",
    "flat": "\N{RIGHTWARDS ARROW}",
    "level": "\N{BLACK DIAMOND}",
    "unknown": "?",
}
"""Sign beside the words of each direction; never without them."""

MOST_HIGHLIGHTS: Final = 5
_LEAST_HIGHLIGHTS = 3
_IMPORTANT = 0.5
_WORDS: dict[Direction, str] = {
    "up": mark("Up on the quarter before"),
    "down": mark("Down on the quarter before"),
    "flat": mark("No clear change on the quarter before"),
    "level": mark("This quarter's level"),
    "unknown": mark("The data cannot tell"),
}
_VERDICTS: dict[str, Direction] = {
    "rose": "up",
    "fell": "down",
    "no clear change": "flat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A finding in the box at the head of a report.

    Parameters
    ----------
    headline : str
        The finding as a short sentence.
    direction : {"up", "down", "flat", "level", "unknown"}
        Where its number goes; see `Direction`.
    direction_words : str
        The same in words, in the reader's language.
    size : str
        The number in its unit; empty where a finding is refused.
    measure : str
        What that number is; empty where a finding is refused.
    interval : str
        Its interval; empty where there is none.
    action : str
        What to do about it.
    key : str
        Key of the finding, for the link to its evidence.
    """

    headline: str
    direction: Direction
    direction_words: str
    size: str
    measure: str
    interval: str
    action: str
    key: str

    @property
    def arrow(self) -> str:
        """Sign of the direction, one character."""
        return ARROWS[self.direction]


def highlight(finding: Finding) -> Highlight:
    """Make a highlight of a finding.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    Highlight
        In the reader's language.
    """
    direction = judge_direction(finding)
    words = say(_WORDS[direction])
    if finding.verdict == "exact" and direction == "flat":
        words = say("About the same as the quarter before")
    return Highlight(
        headline=clean(finding.headline),
        direction=direction,
        direction_words=words,
        size=write_estimate(finding),
        measure=clean(finding.measure),
        interval=write_finding_interval(finding),
        action=clean(finding.action),
        key=finding.key,
    )


def judge_direction(finding: Finding) -> Direction:
    """Say where a finding's number goes.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    {"up", "down", "flat", "level", "unknown"}
        From the verdict if it tells of a change, else from the change; an exact
        number without one goes where it went since the quarter before.
    """
    if finding.verdict == "not identified":
        return "unknown"
    told = finding.change if finding.change is not None else finding.verdict
    if finding.verdict in _VERDICTS:
        told = finding.verdict
    if told in _VERDICTS:
        return _VERDICTS[told]
    if finding.verdict == "measured" or finding.previous is None:
        return "level"
    return _compare_exact(finding)


def choose_highlights(
    findings: Sequence[Finding], *, n_most: int = MOST_HIGHLIGHTS
) -> tuple[Highlight, ...]:
    """Choose the findings that matter most.

    Parameters
    ----------
    findings : sequence of Finding
        All of a report, in its order.
    n_most : int
        Most that are chosen.

    Returns
    -------
    tuple of Highlight
        Most important first, ties in the order of the report and answered questions
        before open ones; beyond three only what is of importance 0.5 or more.
    """
    ranked = sorted(
        findings,
        key=lambda finding: (-finding.importance, finding.verdict == "not identified"),
    )
    chosen = [
        finding
        for rank, finding in enumerate(ranked[:n_most])
        if rank < _LEAST_HIGHLIGHTS or finding.importance >= _IMPORTANT
    ]
    return tuple(highlight(finding) for finding in chosen)


def _compare_exact(finding: Finding) -> Direction:
    if finding.estimate is None or finding.previous is None:
        return "level"
    if not write_difference(finding):
        return "flat"
    return "up" if finding.estimate > finding.previous else "down"
