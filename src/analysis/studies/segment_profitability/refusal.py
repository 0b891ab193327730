"""What stands in for a result that a source cannot give."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.wording import say


@dataclass(frozen=True, slots=True)
class Refused:
    """A result that is not identified.

    Parameters
    ----------
    reason : str
        Why, as a sentence that a manager understands.
    period, source : str
        Quarter, and tables, that would have been described.
    remedy : str
        What to do to get the result, as a sentence.
    """

    reason: str
    period: str
    source: str
    remedy: str = field(
        default_factory=lambda: say(
            "Map the missing tables in the source's file to get this answer."
        )
    )
