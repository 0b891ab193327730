"""Shown items as Typst calls whose text stands in string literals only.

The report's Typst template defines the functions called here. No text from data is
ever markup: "#", "$", "*", "@" and "<" mean themselves inside a literal.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.presentation.charts import Chart
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.drawing.theme import strip_tips
from analysis.presentation.findings import Finding
from analysis.presentation.highlights import highlight
from analysis.presentation.notes import Note
from analysis.presentation.rendering.characters import clean
from analysis.presentation.rendering.finding_words import (
    list_digest_facts,
    list_facts,
    write_evidence,
)
from analysis.presentation.rendering.item_words import join_notes, write_origin
from analysis.presentation.rendering.table_words import Cell, write_heads, write_rows
from analysis.presentation.tables import DisplayTable
from analysis.wording import say


def quote(text: str) -> str:
    r"""Write text as a Typst string literal.

    Parameters
    ----------
    text : str
        Any text, also from data.

    Returns
    -------
    str
        Literal with its quotation marks.

    Examples
    --------
    >>> quote('#panic("x")')
    '"#panic(\\"x\\")"'
    """
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def render_finding(finding: Finding) -> str:
    """Write a finding as a Typst call.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    str
        Call of `qb-finding`.
    """
    return _call(
        "qb-finding",
        headline=quote(finding.headline),
        sentence=quote(finding.sentence),
        facts=_array(_array(map(quote, fact)) for fact in list_facts(finding)),
        origin=quote(write_evidence(finding)),
        refused=_boolean(finding.verdict == "not identified"),
    )


def render_table(table: DisplayTable) -> str:
    """Write a table as a Typst call.

    Parameters
    ----------
    table : DisplayTable
        Any table.

    Returns
    -------
    str
        Call of `qb-table`.
    """
    heads = _array(
        _array(
            (
                quote(head.label),
                quote(head.unit),
                _boolean(head.is_number),
                quote(head.shade),
            )
        )
        for head in write_heads(table)
    )
    rows = _array(
        _array(_array(_write_cell(cell)) for cell in row) for row in write_rows(table)
    )
    return _call(
        "qb-table",
        title=quote(table.title),
        heads=heads,
        rows=rows,
        total=_boolean(table.total_row),
        note=quote(join_notes(table.note, table.hidden_note)),
        origin=quote(write_origin(table.source)),
    )


def render_chart(chart: Chart, svg: str) -> str:
    """Write a chart as a Typst call that carries its drawing.

    Parameters
    ----------
    chart : Chart
        Title, subtitle, alternative text and source.
    svg : str
        The drawing as an SVG document.

    Returns
    -------
    str
        Call of `qb-chart`.
    """
    return _call(
        "qb-chart",
        title=quote(chart.title),
        subtitle=quote(chart.subtitle),
        drawing=quote(strip_tips(svg)),
        alt=quote(chart.alt),
        note=quote(join_notes(chart.note, chart.hidden_note)),
        origin=quote(write_origin(chart.source, chart.nobs)),
    )


def render_note(note: Note) -> str:
    """Write a note as a Typst call.

    Parameters
    ----------
    note : Note
        A sentence in place of a chart or table.

    Returns
    -------
    str
        Call of `qb-note`.
    """
    return f"#qb-note({quote(note.text)})"


def render_digest(digest: Digest) -> str:
    """Write a digest as a Typst call.

    Parameters
    ----------
    digest : Digest
        Findings of several studies.

    Returns
    -------
    str
        Call of `qb-digest`.
    """
    return _call("qb-digest", entries=_array(map(_render_entry, digest.entries)))


def _render_entry(entry: DigestEntry) -> str:
    finding = entry.finding
    way = highlight(finding)
    return _array(
        (
            quote(way.direction),
            quote(way.arrow),
            quote(finding.headline),
            quote(finding.sentence),
            _array(_array(map(quote, fact)) for fact in list_digest_facts(finding)),
            quote(say("Evidence")),
            quote(entry.title),
            quote(entry.link("pdf")),
        )
    )


def _write_cell(cell: Cell) -> tuple[str, str, str]:
    shade = "none" if cell.shade is None else f"{cell.shade:.3f}"
    return quote(cell.text), quote(cell.kind), shade


def _call(name: str, **arguments: str) -> str:
    lines = "".join(f"  {key}: {value},\n" for key, value in arguments.items())
    return f"#{name}(\n{lines})"


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
