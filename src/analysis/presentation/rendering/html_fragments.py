"""Shown items as HTML fragments that look right in JupyterLab and in the report.

Every fragment carries classes that begin with "qb-"; the report styles those, a
notebook gets the few rules of `notebook_style`. All text is escaped.
"""

from __future__ import annotations

import html

from analysis.presentation.charts import Chart
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.finding_words import (
    list_facts,
    write_evidence,
)
from analysis.presentation.rendering.item_words import write_origin
from analysis.presentation.rendering.table_words import (
    LIGHTS,
    Cell,
    Head,
    write_heads,
    write_rows,
)
from analysis.presentation.tables import DisplayTable

_SHORT = 8
"""Characters up to which a text in a cell is not broken into lines."""

_SHORT_NAME = 20
"""The same for the name of a row."""

_WIDE = 6
"""Columns beyond which a table is set smaller."""
Reach = tuple[float, float]
_FEW_ROWS = 3
"""Rows up to which nobody wants to sort a table."""


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
        Title as caption, units in the heads, the total in the foot, notes and source
        below. A table of class "qb-sortable" may be sorted by its columns: numbers
        and days carry "data-value".
    """
    heads = write_heads(table)
    rows = write_rows(table)
    reaches = _find_reaches(rows)
    lines = [_render_row(row, heads, reaches) for row in rows]
    n_body = len(lines) - 1 if table.total_row else len(lines)
    body = "".join(f"<tr>{line}</tr>" for line in lines[:n_body])
    foot = "".join(f'<tr class="qb-total">{line}</tr>' for line in lines[n_body:])
    if foot:
        foot = f"<tfoot>{foot}</tfoot>"
    sortable = n_body > _FEW_ROWS and not any(table.totals[:n_body])
    kind = ' class="qb-sortable"' if sortable else ""
    name = "qb qb-table qb-wide" if len(heads) > _WIDE else "qb qb-table"
    return (
        f'<div class="{name}">'
        f'<div class="qb-scroll" role="region" tabindex="0" '
        f'aria-label="{escape(table.title)}">'
        f"<table{kind}><caption><span>{escape(table.title)}</span></caption>"
        f"<thead><tr>{''.join(map(_render_head, heads))}</tr></thead>"
        f"<tbody>{body}</tbody>{foot}</table></div>"
        f"{_render_notes(table.note, table.hidden_note)}"
        f'<p class="qb-origin">{escape(write_origin(table.source))}</p></div>'
    )


def render_chart(chart: Chart, svg: str, narrow_svg: str = "") -> str:
    """Write a chart as an HTML figure with its drawing inside.

    Parameters
    ----------
    chart : Chart
        Title, subtitle, alternative text and source.
    svg : str
        The drawing as an SVG document.
    narrow_svg : str
        The same for a telephone, where the page's style shows it in its place.

    Returns
    -------
    str
        Figure that needs no other file.
    """
    notes = _render_notes(chart.note, chart.hidden_note)
    origin = write_origin(chart.source, chart.nobs)
    drawings = name_drawing(svg, chart.alt)
    if narrow_svg:
        drawings = name_drawing(svg, chart.alt, kind="qb-broad")
        drawings += name_drawing(narrow_svg, chart.alt, kind="qb-narrow")
    return (
        '<figure class="qb qb-chart"><figcaption>'
        f'<span class="qb-title">{escape(chart.title)}</span> '
        f'<span class="qb-subtitle">{escape(chart.subtitle)}</span></figcaption>'
        f'<div class="qb-drawing" tabindex="0">{drawings}</div>'
        f'{notes}<p class="qb-origin">{escape(origin)}</p></figure>'
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


def name_drawing(svg: str, alt: str, *, kind: str = "") -> str:
    """Name a drawing for readers who hear the page.

    Parameters
    ----------
    svg : str
        One `svg` element, as `theme.render_svg` writes it.
    alt : str
        What the drawing shows.
    kind : str
        Class of the element; empty for none.

    Returns
    -------
    str
        The element as an image with a name.
    """
    words = f'class="{kind}" ' if kind else ""
    words += f'role="img" aria-label="{escape(alt)}"'
    return svg.replace("<svg", f"<svg {words}", 1)


def _render_head(head: Head) -> str:
    name = ' class="qb-number"' if head.is_number else ""
    unit = f' <span class="qb-unit">{escape(head.unit)}</span>' if head.unit else ""
    return f'<th scope="col"{name}>{escape(head.label)}{unit}</th>'


def _render_notes(*notes: str) -> str:
    return "".join(
        f'<p class="qb-note-line">{escape(note)}</p>' for note in notes if note
    )


def _find_reaches(
    rows: tuple[tuple[Cell, ...], ...],
) -> tuple[tuple[float, float], ...]:
    """Find, for each column, the least and the largest reach of its bars."""
    columns = [
        [cell.shade or 0.0 for cell in column] for column in zip(*rows, strict=True)
    ]
    return tuple((min(0.0, *shades), max(0.0, *shades)) for shades in columns)


def _render_row(
    row: tuple[Cell, ...],
    heads: tuple[Head, ...],
    reaches: tuple[Reach, ...],
) -> str:
    return "".join(
        _render_cell(cell, head, reach, is_first=number == 0)
        for number, (cell, head, reach) in enumerate(
            zip(row, heads, reaches, strict=True)
        )
    )


def _render_cell(cell: Cell, head: Head, reach: Reach, *, is_first: bool) -> str:
    names = ["qb-number"] if head.is_number else []
    names += [f"qb-{cell.kind}"] if cell.kind in ("missing", "suppressed") else []
    short = _SHORT_NAME if is_first else _SHORT
    names += ["qb-short"] if not head.is_number and len(cell.text) <= short else []
    style = ""
    if cell.shade is not None:
        names += [f"qb-{head.shade}"] + (["qb-below"] if cell.shade < 0 else [])
        style = f' style="{_write_shade(cell.shade, head, reach)}"'
    name = f' class="{" ".join(names)}"' if names else ""
    name += f"{_write_data(cell)}{style}"
    if is_first and not head.is_number:
        return f'<th scope="row"{name}>{_render_text(cell)}</th>'
    return f"<td{name}>{_render_text(cell)}</td>"


def _render_text(cell: Cell) -> str:
    if cell.kind not in LIGHTS:
        return escape(cell.text)
    shape = LIGHTS[cell.kind][0]
    return (
        f'<span class="qb-light qb-{cell.kind}">'
        f'<span aria-hidden="true">{shape}</span> {escape(cell.text)}</span>'
    )


def _write_data(cell: Cell) -> str:
    if isinstance(cell.value, float):
        return f' data-value="{cell.value:.12g}"'
    if cell.kind == "date":
        return f' data-value="{str(cell.value).replace("-", "")}"'
    return ""


def _write_shade(shade: float, head: Head, reach: Reach) -> str:
    if head.shade == "heat":
        return f"--tint:{100 * abs(shade):.0f}%"
    low, high = reach
    start, stop = (
        100 * (end - low) / (high - low) for end in (min(shade, 0.0), max(shade, 0.0))
    )
    return f"--from:{start:.1f}%;--to:{stop:.1f}%"
