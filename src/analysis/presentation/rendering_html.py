"""Shown items as HTML fragments that look right in JupyterLab and in the report.

Every fragment carries classes that begin with "qb-"; the report styles those, a
notebook gets the few rules of `NOTEBOOK_STYLE`. All text is escaped.
"""

from __future__ import annotations

import html

from analysis.presentation.characters import clean
from analysis.presentation.charts import Chart
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.finding_words import (
    list_digest_facts,
    list_facts,
    write_evidence,
)
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.rendering_words import (
    Cell,
    Head,
    write_heads,
    write_origin,
    write_rows,
)
from analysis.presentation.tables import DisplayTable
from analysis.wording import say

NOTEBOOK_STYLE = (
    "<style>"
    ".qb{max-width:46rem;margin:.4rem 0 1rem;line-height:1.5}"
    ".qb.qb h3{margin:0 0 .3rem;font-size:1.15em;font-weight:700}"
    ".qb p{margin:.2rem 0}"
    ".qb-finding{border-left:3px solid #1f4e79;padding-left:.9rem}"
    ".qb-refused{border-left:3px dashed #8a6d1d}"
    ".qb-facts{display:grid;grid-template-columns:9rem 1fr;gap:.1rem .8rem;margin:0}"
    ".qb-facts dt,.qb-origin,.qb-subtitle{opacity:.75;font-weight:400}"
    ".qb-facts dd{margin:0}"
    ".qb-origin,.qb-note-line{font-size:.85em}"
    ".qb-scroll{overflow-x:auto}"
    ".qb table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
    "table-layout:auto;margin:0 0 .4rem;font-size:.95em}"
    ".qb caption,.qb figcaption{text-align:left;font-weight:600;padding:0 0 .4rem}"
    ".qb.qb-table th,.qb.qb-table td{padding:.25rem .6rem;text-align:left;"
    "vertical-align:top}"
    ".qb.qb-table tbody th{font-weight:400}"
    ".qb.qb-table thead th{border-bottom:1px solid currentColor;vertical-align:bottom}"
    ".qb.qb-table .qb-number{text-align:right;white-space:nowrap}"
    ".qb .qb-total>*{border-top:1px solid currentColor;font-weight:600}"
    ".qb-unit{display:block;font-weight:400;opacity:.75}"
    ".qb-chart{margin-left:0}.qb-title,.qb-subtitle{display:block}"
    ".qb-subtitle{font-weight:400}"
    ".qb-chart svg{max-width:100%;height:auto;background:#fff}"
    "</style>"
)
"""Style that a fragment carries along for the notebook; exporters take it off."""

_WIDE = 6
"""Columns beyond which a table is set smaller."""


def escape(text: str) -> str:
    """Make any text safe as HTML content or attribute value.

    Parameters
    ----------
    text : str
        Any text, also from data.

    Returns
    -------
    str
        Text without markup, control characters replaced.
    """
    return html.escape(clean(text), quote=True)


def render_finding(finding: Finding) -> str:
    """Write a finding as an HTML section.

    Parameters
    ----------
    finding : Finding
        Any finding; a refused one gets a class of its own.

    Returns
    -------
    str
        Headline, sentence, how sure, the quarter before, what to do and source.
    """
    refused = finding.verdict == "not identified"
    name = "qb qb-finding qb-refused" if refused else "qb qb-finding"
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
        for label, text in list_facts(finding)
    )
    origin = write_evidence(finding)
    return (
        f'<section class="{name}" id="finding-{escape(finding.key)}">'
        f"<h3>{escape(finding.headline)}</h3>"
        f'<p class="qb-sentence">{escape(finding.sentence)}</p>'
        f'<dl class="qb-facts">{lines}</dl>'
        f'<p class="qb-origin">{escape(origin)}</p>'
        "</section>"
    )


def render_table(table: DisplayTable) -> str:
    """Write a table as an HTML figure that scrolls sideways on a narrow screen.

    Parameters
    ----------
    table : DisplayTable
        Any table.

    Returns
    -------
    str
        Title as caption, units in the heads, total set apart, note and source below.
    """
    heads = write_heads(table)
    rows = write_rows(table)
    last = len(rows) - 1
    body = "".join(
        _render_row(row, heads, is_total=table.total_row and number == last)
        for number, row in enumerate(rows)
    )
    note = f'<p class="qb-note-line">{escape(table.note)}</p>' if table.note else ""
    name = "qb qb-table qb-wide" if len(heads) > _WIDE else "qb qb-table"
    return (
        f'<div class="{name}">'
        f'<div class="qb-scroll" role="region" tabindex="0" '
        f'aria-label="{escape(table.title)}">'
        f"<table><caption><span>{escape(table.title)}</span></caption>"
        f"<thead><tr>{''.join(map(_render_head, heads))}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{note}"
        f'<p class="qb-origin">{escape(write_origin(table.source))}</p></div>'
    )


def render_chart(chart: Chart, svg: str) -> str:
    """Write a chart as an HTML figure with its drawing inside.

    Parameters
    ----------
    chart : Chart
        Title, subtitle, alternative text and source.
    svg : str
        The drawing as an SVG document.

    Returns
    -------
    str
        Figure that needs no other file.
    """
    note = f'<p class="qb-note-line">{escape(chart.note)}</p>' if chart.note else ""
    origin = write_origin(chart.source, chart.nobs)
    return (
        '<figure class="qb qb-chart"><figcaption>'
        f'<span class="qb-title">{escape(chart.title)}</span> '
        f'<span class="qb-subtitle">{escape(chart.subtitle)}</span></figcaption>'
        f'<div class="qb-drawing" tabindex="0">{name_drawing(svg, chart.alt)}</div>'
        f'{note}<p class="qb-origin">{escape(origin)}</p></figure>'
    )


def render_note(note: Note) -> str:
    """Write a note as an HTML paragraph.

    Parameters
    ----------
    note : Note
        A sentence in place of a chart or table.

    Returns
    -------
    str
        One paragraph.
    """
    return f'<p class="qb qb-note">{escape(note.text)}</p>'


def name_drawing(svg: str, alt: str) -> str:
    """Name a drawing for readers who hear the page.

    Parameters
    ----------
    svg : str
        One `svg` element, as `theme.render_svg` writes it.
    alt : str
        What the drawing shows.

    Returns
    -------
    str
        The element as an image with a name.
    """
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)


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
    return (
        f"<li><h3>{escape(finding.headline)}</h3>"
        f'<p class="qb-sentence">{escape(finding.sentence)}</p>'
        f'<dl class="qb-facts">{lines}<dt>{escape(say("Evidence"))}</dt>'
        f"<dd>{link}</dd></dl></li>"
    )


def _render_head(head: Head) -> str:
    name = ' class="qb-number"' if head.is_number else ""
    unit = f' <span class="qb-unit">{escape(head.unit)}</span>' if head.unit else ""
    return f'<th scope="col"{name}>{escape(head.label)}{unit}</th>'


def _render_row(row: tuple[Cell, ...], heads: tuple[Head, ...], is_total: bool) -> str:
    cells = "".join(
        _render_cell(cell, head, is_first=number == 0)
        for number, (cell, head) in enumerate(zip(row, heads, strict=True))
    )
    return f'<tr class="qb-total">{cells}</tr>' if is_total else f"<tr>{cells}</tr>"


def _render_cell(cell: Cell, head: Head, is_first: bool) -> str:
    names = [f"qb-{cell.kind}"] if cell.kind in ("missing", "suppressed") else []
    if head.is_number:
        names.insert(0, "qb-number")
    name = f' class="{" ".join(names)}"' if names else ""
    if is_first and not head.is_number:
        return f'<th scope="row"{name}>{escape(cell.text)}</th>'
    return f"<td{name}>{escape(cell.text)}</td>"
