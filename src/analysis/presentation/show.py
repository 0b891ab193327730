"""The one verb of the notebooks: show a finding, table, chart or note.

Each item becomes one output that holds the same content as HTML for the notebook and
the web report, as Typst for the PDF, as plain text, and as data, so that the executed
notebook is the whole record of what was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from IPython.display import publish_display_data

from analysis.presentation.action_lists import ActionList, open_list
from analysis.presentation.charts import Chart
from analysis.presentation.digest import Digest
from analysis.presentation.drawing.theme import render_svg
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.rendering import (
    html_digest,
    html_fragments,
    typst_calls,
)
from analysis.presentation.rendering.contents import (
    describe_chart,
    describe_finding,
    describe_table,
)
from analysis.presentation.rendering.finding_words import list_facts
from analysis.presentation.rendering.notebook_style import NOTEBOOK_STYLE
from analysis.presentation.rendering.table_words import write_heads, write_rows
from analysis.presentation.tables import DisplayTable

Shown = Finding | DisplayTable | Chart | Note | Digest
Kind = Literal["finding", "table", "chart", "note", "digest"]

KINDS: tuple[Kind, ...] = ("finding", "table", "chart", "note", "digest")
TYPST_TYPE = "text/vnd.typst"


def show(*items: Shown | ActionList | Iterable[Shown | ActionList]) -> None:
    """Show findings, tables, charts and notes in the order given.

    Parameters
    ----------
    *items : Finding, DisplayTable, Chart, Note, ActionList or sequences of them
        What the reader is to see; of a list of customers only their number, unless
        the edition is restricted.

    Raises
    ------
    TypeError
        If an item is nothing that can be shown.
    """
    for item in _flatten(items):
        publish_display_data(bundle(item))  # type: ignore[no-untyped-call]


def bundle(item: Shown) -> dict[str, Any]:
    """Write an item in every form that a reader or a program needs.

    Parameters
    ----------
    item : Finding, DisplayTable, Chart or Note
        What is shown.

    Returns
    -------
    dict
        Media type to content: HTML, Typst, data and plain text.
    """
    if isinstance(item, Finding):
        return _bundle_finding(item)
    if isinstance(item, DisplayTable):
        return _bundle_table(item)
    if isinstance(item, Chart):
        return _bundle_chart(item)
    if isinstance(item, Digest):
        return _bundle_digest(item)
    return _assemble(
        "note",
        html_fragments.render_note(item),
        typst_calls.render_note(item),
        {"text": item.text},
        item.text,
    )


def media_type(kind: Kind) -> str:
    """Give the media type under which items of a kind are kept as data.

    Parameters
    ----------
    kind : {"finding", "table", "chart", "note"}
        Kind of item.

    Returns
    -------
    str
        For example "application/vnd.quarterbook.finding+json".
    """
    return f"application/vnd.quarterbook.{kind}+json"


def read_shown(notebook: Mapping[str, Any], kind: Kind) -> list[dict[str, Any]]:
    """Read back what a notebook has shown.

    Parameters
    ----------
    notebook : mapping
        Executed notebook in nbformat 4 form.
    kind : {"finding", "table", "chart", "note"}
        Kind of item wanted.

    Returns
    -------
    list of dict
        The items' data in the order shown.
    """
    wanted = media_type(kind)
    return [
        output["data"][wanted]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if wanted in output.get("data", {})
    ]


def _flatten(items: Iterable[Any]) -> Iterator[Shown]:
    for item in items:
        if isinstance(item, (Finding, DisplayTable, Chart, Note, Digest)):
            yield item
        elif isinstance(item, ActionList):
            yield from open_list(item)
        elif isinstance(item, (list, tuple)):
            yield from _flatten(item)
        else:
            message = (
                "Only a Finding, DisplayTable, Chart or Note can be shown, "
                f"not {type(item).__name__!r}."
            )
            raise TypeError(message)


def _bundle_finding(finding: Finding) -> dict[str, Any]:
    facts = (f"{label}: {text}" for label, text in list_facts(finding))
    return _assemble(
        "finding",
        html_fragments.render_finding(finding),
        typst_calls.render_finding(finding),
        describe_finding(finding),
        "\n".join((finding.headline, finding.sentence, *facts)),
    )


def _bundle_table(table: DisplayTable) -> dict[str, Any]:
    heads = write_heads(table)
    labels = [f"{head.label} ({head.unit})".removesuffix(" ()") for head in heads]
    rows = [[cell.text for cell in row] for row in write_rows(table)]
    lines = [table.title, *("\t".join(line) for line in (labels, *rows))]
    return _assemble(
        "table",
        html_fragments.render_table(table),
        typst_calls.render_table(table),
        describe_table(table),
        "\n".join(lines),
    )


def _bundle_chart(chart: Chart) -> dict[str, Any]:
    svg = render_svg(chart.drawing.figure)
    draw_narrow = chart.drawing.draw_narrow
    narrow_svg = render_svg(draw_narrow()) if draw_narrow else ""
    return _assemble(
        "chart",
        html_fragments.render_chart(chart, svg, narrow_svg),
        typst_calls.render_chart(chart, svg),
        describe_chart(chart),
        f"{chart.title}\n{chart.subtitle}\n{chart.alt}",
    )


def _bundle_digest(digest: Digest) -> dict[str, Any]:
    keys = [f"{entry.study}/{entry.finding.key}" for entry in digest.entries]
    return _assemble(
        "digest",
        html_digest.render_digest(digest),
        typst_calls.render_digest(digest),
        {"findings": keys},
        "\n".join(entry.finding.headline for entry in digest.entries),
    )


def _assemble(
    kind: Kind, markup: str, typst: str, content: dict[str, Any], text: str
) -> dict[str, Any]:
    return {
        "text/html": NOTEBOOK_STYLE + markup,
        TYPST_TYPE: typst,
        media_type(kind): content,
        "text/plain": text,
    }
