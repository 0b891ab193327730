"""A digest: the findings that matter most, each with a link to its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.presentation.findings import Finding


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One line of a digest.

    Parameters
    ----------
    finding : Finding
        What was found.
    study : str
        Name of the study; its reports are files of that name.
    title : str
        Title of the study.
    """

    finding: Finding
    study: str
    title: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Findings of several studies on one page, most important first.

    Parameters
    ----------
    title : str
        Heading of the digest.
    entries : tuple of DigestEntry
        In the order in which they are read.
    """

    title: str
    entries: tuple[DigestEntry, ...]
