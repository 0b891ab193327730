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

    def link(self, suffix: str) -> str:
        """Give the address of the evidence, beside the digest's own page.

        Parameters
        ----------
        suffix : {"html", "pdf"}
            Kind of page; only an HTML page is entered at the finding itself.

        Returns
        -------
        str
            For example "segment_profitability.html#finding-top_20_share".
        """
        page = f"{self.study}.{suffix}"
        return f"{page}#finding-{self.finding.key}" if suffix == "html" else page


@dataclass(frozen=True, slots=True)
class Digest:
    """Findings of several studies on one page, most important first.

    Parameters
    ----------
    entries : tuple of DigestEntry
        In the order in which they are read.
    """

    entries: tuple[DigestEntry, ...]
