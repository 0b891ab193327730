"""Markdown cells to HTML and to Typst, all cells of a notebook in one pandoc call.

Each cell is a file of its own, so that an unfinished list or fence ends with its cell.
Raw HTML, pictures and links that run something are taken out by the filter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pypandoc

Target = Literal["html", "typst"]

_READER = (
    "gfm+tex_math_dollars-raw_html-yaml_metadata_block-emoji-alerts-footnotes"
    "-gfm_auto_identifiers"
)
_OPTIONS = (
    "--file-scope",
    "--mathml",
    "--wrap=none",
    "--eol=lf",
    "--email-obfuscation=none",
)
_SCROLL = '<div class="qb-scroll" tabindex="0">'


def convert_cells(texts: Sequence[str], target: Target) -> tuple[str, ...]:
    """Write Markdown cells as HTML or Typst.

    Parameters
    ----------
    texts : sequence of str
        Sources of Markdown cells, in any language.
    target : {"html", "typst"}
        What is wanted. Formulas become MathML in HTML.

    Returns
    -------
    tuple of str
        One fragment per cell, in the same order.
    """
    if not texts:
        return ()
    mark = "qbend" + hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]
    with TemporaryDirectory() as folder, as_file(_find_filter()) as lua_filter:
        sources = list(_write_sources(Path(folder), texts, mark))
        converted = pypandoc.convert_file(
            sources,
            target,
            format=_READER,
            extra_args=[*_OPTIONS, f"--lua-filter={lua_filter}"],
            sort_files=False,
        )
    parts = re.split(rf"\s*(?:<p>)?{mark}(?:</p>)?\s*", converted)
    fragments = tuple(part.strip() for part in parts[: len(texts)])
    if target == "html":
        return tuple(_dress_tables(fragment) for fragment in fragments)
    return tuple(
        fragment.replace("align(center)[#table(", "align(left)[#table(")
        for fragment in fragments
    )


def _find_filter() -> Path:
    return files("analysis.reporting") / "template" / "markdown.lua"  # type: ignore[return-value]


def _write_sources(folder: Path, texts: Iterable[str], mark: str) -> Iterator[str]:
    ends = folder / "end.md"
    ends.write_text(f"{mark}\n", "utf-8")
    for number, text in enumerate(texts):
        source = folder / f"{number:04}.md"
        source.write_text(f"{text}\n", "utf-8")
        yield from map(str, chain((source, ends)))


def _dress_tables(fragment: str) -> str:
    fragment = re.sub(r"<th(?=[ >])", '<th scope="col"', fragment)
    fragment = fragment.replace("<table>", f"{_SCROLL}<table>")
    return fragment.replace("</table>", "</table></div>")
