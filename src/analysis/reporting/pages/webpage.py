"""A report as one HTML file that asks nothing of a network.

The page carries its style, script, fonts and drawings; its content policy forbids
everything else, and any script but the one whose fingerprint it names. It opens with
the findings that matter most; a list of contents is made from the headings.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.presentation.highlights import Highlight, choose_highlights
from analysis.quarter import write_quarter
from analysis.reporting.pages.blocks import Document, Failure, Item
from analysis.reporting.pages.outlines import shrink_drawings
from analysis.reporting.pages.recorded_findings import restore_finding
from analysis.reporting.pages.webbody import APPENDIX, write_body
from analysis.reporting.pages.webfont import embed_font
from analysis.wording import mark, say

_HEADING = re.compile(r"<h(?P<level>[23])>(?P<text>.*?)</h(?P=level)>", re.DOTALL)
_FINDING = re.compile(r'(?P<start><section [^>]*?) id="finding-(?P<key>[^"]*)"')
_ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SUBTAGS = {"zh": "zh-Hans"}
"""Languages that a browser must know the script of."""

STATUSES = {
    "final": mark("Final"),
    "incomplete": mark("Incomplete: not to be circulated"),
    "draft": mark("Draft: not from a quarterly run"),
}
"""What became of a report or a quarter, in words for its cover line."""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the list of contents.

    Parameters
    ----------
    level : int
        2 for a section, 3 for a finding in it.
    anchor : str
        Name of the place in the page.
    text : str
        The heading without markup.
    is_appendix : bool
        Whether it stands in the appendix.
    """

    level: int
    anchor: str
    text: str
    is_appendix: bool = False


def render_document(document: Document) -> str:
    """Write a report as one HTML page.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    str
        The same document gives the same page.
    """
    is_report = document.layout == "report"
    written = write_body(document.blocks, has_appendix=is_report)
    body, contents = number_headings(shrink_drawings(written))
    quarter = write_quarter(document.quarter) if document.quarter else ""
    return fill_template(
        "report.html.j2",
        language=document.language,
        running=(document.title, quarter, document.source_title),
        document=document,
        quarter=quarter,
        status=judge_document(document),
        facts=document.facts,
        highlights=_choose_highlights(document),
        contents=contents,
        body=Markup(body),  # noqa: S704 - every part of it is escaped where it is made
    )


def judge_document(document: Document) -> str:
    """Say what a reader may do with a report.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    {"final", "incomplete", "draft"}
        What its run said; else incomplete where a cell failed, and a draft where no
        run made it.
    """
    if any(isinstance(block, Failure) for block in document.all_blocks):
        return "incomplete"
    if document.status in STATUSES:
        return document.status
    return "final" if document.run else "draft"


def fill_template(
    name: str, *, language: str, running: Iterable[str] = (), **values: object
) -> str:
    """Fill a page template; pack the script and the fonts of what it prints into it.

    Parameters
    ----------
    name : str
        Template of this package.
    language : str
        Code of the language, for example "en" or "zh".
    running : iterable of str
        What stands at the foot of each printed page; empty parts are left out.
    **values : object
        What the template asks for; text is escaped.

    Returns
    -------
    str
        A whole page.
    """
    template = _open_templates().get_template(name)
    script = _read_script()
    foot = quote_css("  ".join(part for part in running if part))
    known = {
        "language": _SUBTAGS.get(language, language),
        "script": Markup(script),  # noqa: S704 - our own file
        "policy": _write_policy(script),
        "running": Markup(foot),  # noqa: S704 - every character is a CSS escape
        **values,
    }
    font = embed_font(template.render(font="", **known))
    return template.render(font=Markup(font), **known)  # noqa: S704 - base64, our words


def quote_css(text: str) -> str:
    """Write a text as a CSS string that no text can end.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        All but letters and digits of ASCII written as escapes, in quotes.
    """
    escaped = (
        letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):06X}"
        for letter in text
    )
    return f'"{"".join(escaped)}"'


def number_headings(body: str) -> tuple[str, tuple[ContentsLine, ...]]:
    """Give every heading a place name and list them.

    Parameters
    ----------
    body : str
        HTML with plain headings of level 2 and 3.

    Returns
    -------
    tuple
        The body with names, and one line per heading.
    """
    lines: list[ContentsLine] = []
    taken = {"content", "highlights", "appendix"}

    def _name_heading(match: re.Match[str]) -> str:
        text = _read_text(match["text"])
        anchor = _find_anchor(text, taken)
        level = int(match["level"])
        lines.append(ContentsLine(level, anchor, text, match.start() > appendix))
        return f'<h{level} id="{anchor}">{match["text"]}</h{level}>'

    def _name_finding(match: re.Match[str]) -> str:
        anchor = name_finding(html.unescape(match["key"]))
        if anchor in taken:
            return match["start"]
        taken.add(anchor)
        return f'{match["start"]} id="{anchor}"'

    body = _FINDING.sub(_name_finding, body)
    appendix = body.index(APPENDIX) if APPENDIX in body else len(body)
    return _HEADING.sub(_name_heading, body), tuple(lines)


def name_finding(key: str) -> str:
    """Name the place of a finding in its report.

    Parameters
    ----------
    key : str
        Key of the finding.

    Returns
    -------
    str
        For example "finding-top_20_profit_share".
    """
    return "finding-" + re.sub(r"[^\w-]", "-", key)


def _choose_highlights(document: Document) -> list[tuple[Highlight, str]]:
    """Choose what opens a report; a page with a digest opens with that."""
    if document.layout == "one-page":
        return []
    items = (block for block in document.all_blocks if isinstance(block, Item))
    findings = (item.content for item in items if item.kind == "finding")
    chosen = choose_highlights([restore_finding(content) for content in findings])
    return [(entry, f"#{name_finding(entry.key)}") for entry in chosen]


def _write_policy(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    fingerprint = base64.b64encode(digest).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{fingerprint}'; "
        "style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _read_script() -> str:
    return (files("analysis.reporting") / "template" / "page.js").read_text("utf-8")


def _read_text(markup: str) -> str:
    bare = _TAG.sub("", _ANNOTATION.sub("", markup))
    return " ".join(html.unescape(bare).split())


def _find_anchor(text: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    stem = "-".join(re.findall(r"\w+", plain))[:60].strip("-") or "section"
    anchor, number = stem, 2
    while anchor in taken:
        anchor, number = f"{stem}-{number}", number + 1
    taken.add(anchor)
    return anchor


@cache
def _open_templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("analysis.reporting", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {"say": say, "statuses": STATUSES}
    return templates
