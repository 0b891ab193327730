"""Letters of drawings, kept once a page.

A chart carries its letters as outlines, each under a name of its own drawing. In a
page of ten charts most of them are the same, so later ones lean on the first.
"""

from __future__ import annotations

import re

_OUTLINE = re.compile(r'<path id="(?P<name>[^"]+)" (?P<drawn>d="[^"]*"[^>]*)/>')
_USE = re.compile(r'(?P<start><use [^>]*?href="#)(?P<name>[^"]+)"')
_EMPTY = re.compile(r"<defs>\s*</defs>")


def share_outlines(markup: str) -> str:
    """Take out of a page every outline that it already has.

    Parameters
    ----------
    markup : str
        HTML with any number of SVG drawings in it.

    Returns
    -------
    str
        The same picture, with each named outline defined once.
    """
    known: dict[str, str] = {}
    stands_for: dict[str, str] = {}

    def _keep_first(match: re.Match[str]) -> str:
        drawn, name = match["drawn"], match["name"]
        if drawn not in known:
            known[drawn] = name
            return match[0]
        stands_for[name] = known[drawn]
        return ""

    def _point_to_first(match: re.Match[str]) -> str:
        return f'{match["start"]}{stands_for.get(match["name"], match["name"])}"'

    kept = _EMPTY.sub("", _OUTLINE.sub(_keep_first, markup))
    return _USE.sub(_point_to_first, kept)
