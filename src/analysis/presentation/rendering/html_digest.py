"""A digest as an HTML fragment: rank, direction, finding, and where its evidence is."""

from __future__ import annotations

from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.highlights import highlight
from analysis.presentation.rendering.finding_words import list_digest_facts
from analysis.presentation.rendering.html_fragments import escape
from analysis.wording import say


def render_digest(digest: Digest) -> str:
    """Write a digest as an ordered list with a link to each finding's evidence.

    Parameters
    ----------
    digest : Digest
        Findings of several studies.

    Returns
    -------
    str
        One list item per finding.
    """
    items = "".join(map(_render_entry, digest.entries))
    return f'<ol class="qb qb-digest">{items}</ol>'


def _render_entry(entry: DigestEntry) -> str:
    finding = entry.finding
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
        for label, text in list_digest_facts(finding)
    )
    link = f'<a href="{escape(entry.link("html"))}">{escape(entry.title)}</a>'
    way = highlight(finding)
    return (
        f'<li><p class="qb-way qb-way-{way.direction}">'
        f'<span aria-hidden="true">{way.arrow}</span> '
        f'<span class="qb-way-words">{escape(way.direction_words)}</span></p>'
        f"<h3>{escape(finding.headline)}</h3>"
        f'<p class="qb-sentence">{escape(finding.sentence)}</p>'
        f'<dl class="qb-facts">{lines}<dt>{escape(say("Evidence"))}</dt>'
        f"<dd>{link}</dd></dl></li>"
    )
