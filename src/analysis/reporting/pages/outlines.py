"""Drawings of a page without what they repeat.

A chart carries its letters as outlines, each under a name of its own drawing, and every
word as one use of a letter after the other. In a page of ten charts, each drawn for two
widths, most letters and words are the same, so later ones lean on the first. Groups
around one thing that say nothing go, and what a mark tells stands in its title alone.
"""

from __future__ import annotations

import re
from collections import Counter

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_OUTLINE = re.compile(r'<path id="(?P<name>[^"]+)" (?P<drawn>d="[^"]*"[^>]*)/>')
_USE = re.compile(r'(?P<start><use [^>]*?href="#)(?P<name>[^"]+)"')
_EMPTY = re.compile(r"<defs>\s*</defs>")
_WORD = re.compile(r"(?:<use [^>]*/>){3,}")
_TOLD_TWICE = re.compile(
    r'(<g class="qb-mark") data-tip="([^"]*)"(?=><title>\2</title>)'
)
_LONE = re.compile(
    r"<g>(<(?:path|use)\b[^>]*/>|<g [^>]*>(?:(?!</?g\b).)*</g>)</g>", re.DOTALL
)


def shrink_drawings(markup: str) -> str:
    """Take out of a page's drawings what they say more than once.

    Parameters
    ----------
    markup : str
        HTML with any number of SVG drawings in it.

    Returns
    -------
    str
        The same picture, with each outline and each word defined once.
    """
    return _share_words(_share_outlines(_DRAWING.sub(_take_off_groups, markup)))


def _take_off_groups(drawing: re.Match[str]) -> str:
    shorter, n_lone = _TOLD_TWICE.sub(r"\1", drawing[0]), 1
    while n_lone:
        shorter, n_lone = _LONE.subn(r"\1", shorter)
    return shorter


def _share_outlines(markup: str) -> str:
    known: dict[str, str] = {}
    stands_for: dict[str, str] = {}

    def _keep_first(match: re.Match[str]) -> str:
        drawn = match["drawn"]
        is_new = drawn not in known
        name = known.setdefault(drawn, f"o{len(known)}")
        stands_for[match["name"]] = name
        return f'<path id="{name}" {drawn}/>' if is_new else ""

    def _point_to_first(match: re.Match[str]) -> str:
        return f'{match["start"]}{stands_for.get(match["name"], match["name"])}"'

    kept = _EMPTY.sub("", _OUTLINE.sub(_keep_first, markup))
    return _USE.sub(_point_to_first, kept)


def _share_words(markup: str) -> str:
    """Define a word where it first stands; a word that stands once stays as it is."""
    counted = Counter(match[0] for match in _WORD.finditer(markup))
    repeated = [word for word, times in counted.items() if times > 1]
    names = {word: f"w{number}" for number, word in enumerate(repeated)}
    defined: set[str] = set()

    def _write_word(match: re.Match[str]) -> str:
        word = match[0]
        if word not in names:
            return word
        if word in defined:
            return f'<use href="#{names[word]}"/>'
        defined.add(word)
        return f'<g id="{names[word]}">{word}</g>'

    return _WORD.sub(_write_word, markup)
