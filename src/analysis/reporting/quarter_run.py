"""What became of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import Problem
from analysis.reporting.running.execution import Outcome


@dataclass(frozen=True, slots=True)
class QuarterRun:
    """What became of a run.

    Parameters
    ----------
    folder : pathlib.Path
        Where its reports are.
    number : str
        Number of the run.
    outcomes : tuple of Outcome
        One per notebook.
    problems : tuple of Problem
        What would have disclosed somebody; empty for a run that may leave.
    failures : pathlib.Path or None
        Where full messages of failed cells are; None if no cell failed.
    tables : dict of str to dict
        Rows, periods and studies of each table that was read.
    """

    folder: Path
    number: str
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    failures: Path | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every notebook ran to its end and nothing kept the quarter back."""
        return are_completed(self.outcomes) and not self.problems


def are_completed(outcomes: Sequence[Outcome]) -> bool:
    """Say whether every notebook ran to its end.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One per notebook.

    Returns
    -------
    bool
        Whether none failed.
    """
    return all(outcome.status == "completed" for outcome in outcomes)
