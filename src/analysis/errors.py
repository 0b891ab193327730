"""The few errors a user can meet: each says what is wrong, where, and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, in words that a user can act on.

    Parameters
    ----------
    what : str
        A sentence that says what must hold and what was found.
    where : str
        File, table, row and column, as far as they are known.
    remedy : str
        What to do about it.
    """

    what: str
    where: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}"


class QuarterbookError(Exception):
    """What every error of the suite is, so that a caller can tell it from a bug."""


class BadInputError(QuarterbookError):
    """Parameters, mapping files or tables cannot be used; nothing was started.

    Parameters
    ----------
    problems : iterable of Problem
        Every mistake found, not only the first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RunFailedError(QuarterbookError):
    """A notebook or an export failed; what was published before is untouched."""


class RunBusyError(QuarterbookError):
    """Another run of the same quarter is at work."""
