"""A report as one HTML file that asks nothing of a network.

The page carries its style, font and drawings; its content policy forbids everything
else. Code and messages are folded away; a list of contents is made from the headings.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.presentation.rendering_html import escape
from analysis.reporting.blocks import (
    Block,
    Code,
    Document,
    Failure,
    Item,
    Picture,
    Printed,
    Prose,
)
from analysis.reporting.markdown import convert_cells
from analysis.reporting.webfont import embed_font
from analysis.wording import say

_HEADING = re.compile(r"<h(?P<level>[23])>(?P<text>.*?)</h(?P=level)>", re.DOTALL)
_KEY = re.compile(r'<section class="(?P<name>[^"]*)" data-key="(?P<key>[^"]*)">')
_COMMENT = re.compile(r"^(# .*)\n\n", re.MULTILINE)
_ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


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
    """

    level: int
    anchor: str
    text: str


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
    body, contents = number_headings("\n".join(_write_blocks(document.blocks)))
    return fill_template(
        "report.html.j2",
        document=document,
        facts=document.facts,
        contents=contents,
        body=Markup(body),  # noqa: S704 - every part of it is escaped where it is made
    )


def fill_template(name: str, **values: object) -> str:
    """Fill a page template and pack the font of what it prints into it.

    Parameters
    ----------
    name : str
        Template of this package.
    **values : object
        What the template asks for; text is escaped.

    Returns
    -------
    str
        A whole page.
    """
    template = _open_templates().get_template(name)
    printed = template.render(font="", say=say, **values)
    font = Markup(embed_font(printed))  # noqa: S704 - base64 between our own words
    return template.render(font=font, say=say, **values)


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
    taken: set[str] = set()

    def _name_heading(match: re.Match[str]) -> str:
        text = _read_text(match["text"])
        anchor = _find_anchor(text, taken)
        level = int(match["level"])
        lines.append(ContentsLine(level, anchor, text))
        return f'<h{level} id="{anchor}">{match["text"]}</h{level}>'

    def _name_finding(match: re.Match[str]) -> str:
        anchor = "finding-" + re.sub(r"[^\w-]", "-", html.unescape(match["key"]))
        if anchor in taken:
            return f'<section class="{match["name"]}">'
        taken.add(anchor)
        return f'<section class="{match["name"]}" id="{anchor}">'

    body = _KEY.sub(_name_finding, body)
    return _HEADING.sub(_name_heading, body), tuple(lines)


def _write_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    listed = list(blocks)
    texts = [block.text for block in listed if isinstance(block, Prose)]
    prose = iter(convert_cells(texts, "html"))
    code: list[Code] = []
    has_section = False
    for block in listed:
        if isinstance(block, Code):
            code.append(block)
            continue
        written = next(prose) if isinstance(block, Prose) else _write_block(block)
        is_finding = isinstance(block, Item) and block.kind == "finding"
        if is_finding and not has_section:
            written = f"<h2>{escape(say('Findings'))}</h2>{written}"
        if "<h2>" in written:
            has_section = True
            yield _fold_code(code)
            code.clear()
        yield written
    yield _fold_code(code)


def _fold_code(code: Iterable[Code]) -> str:
    listed = list(code)
    settings = "\n\n".join(block.text for block in listed if block.is_setting)
    steps = "\n\n".join(block.text for block in listed if not block.is_setting)
    steps = _COMMENT.sub(r"\1\n", steps)
    folded = _fold(say("Settings of this run"), settings) if settings else ""
    folded += _fold(say("Code"), steps) if steps else ""
    return f'<div class="folds">{folded}</div>' if folded else ""


def _write_block(block: Block) -> str:
    if isinstance(block, Item):
        return block.html
    if isinstance(block, Printed):
        if block.is_message:
            return _fold(say("Messages"), block.text)
        return f'<pre class="printed" tabindex="0">{escape(block.text)}</pre>'
    if isinstance(block, Picture):
        return _write_picture(block)
    if isinstance(block, Failure):
        return _write_failure(block)
    message = f"No form for {type(block).__name__!r}."
    raise TypeError(message)


def _fold(name: str, text: str) -> str:
    return (
        f'<details class="code"><summary>{escape(name)}</summary>'
        f'<pre tabindex="0"><code>{escape(text)}</code></pre></details>'
    )


def _write_picture(picture: Picture) -> str:
    if picture.format == "svg+xml":
        address = "data:image/svg+xml;utf8," + _quote_address(picture.data)
    else:
        packed = "".join(picture.data.split())
        address = f"data:image/{picture.format};base64,{packed}"
    return f'<img class="picture" src="{escape(address)}" alt="{escape(picture.alt)}">'


def _quote_address(svg: str) -> str:
    return re.sub(r"[%#\s<>\"]", lambda match: f"%{ord(match[0]):02X}", svg)


def _write_failure(failure: Failure) -> str:
    head = say(
        "Cell {cell} failed: {name}", cell=f"[{failure.cell}]", name=failure.name
    )
    return (
        f'<div class="failure" role="alert"><p><strong>{escape(head)}</strong></p>'
        f"<p>{escape(failure.message)}</p></div>"
    )


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
    return Environment(
        loader=PackageLoader("analysis.reporting", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
