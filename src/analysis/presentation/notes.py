"""A computed sentence that is not a finding: what was left out, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence shown in place of, or beside, a chart or a table.

    Parameters
    ----------
    text : str
        A whole sentence in plain words, for example "This source has no cost pools,
        so cost to serve is left out."
    """

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            message = "A note must say something; its text is empty."
            raise ValueError(message)
