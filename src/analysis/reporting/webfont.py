"""A font for exactly the characters of one page, packed into the page itself.

The packaged Noto Sans CJK is cut down to the page's glyphs with all its weights, so
that no page asks the reader's machine or a network for a font.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

import manimgx_fonts_cjk  # type: ignore[import-untyped]
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Quarterbook Sans"

_FILE = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED_CHINESE = 2
"""Place of the simplified Chinese face in the collection."""
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))
_NOT_NEEDED = ("BASE", "DSIG", "STAT", "VORG", "VVAR", "vhea", "vmtx")


def embed_font(text: str) -> str:
    """Write the style rule that carries the font of a text.

    Parameters
    ----------
    text : str
        Everything that a page prints; markup may be among it.

    Returns
    -------
    str
        One `@font-face` rule with a WOFF2 file in a data address. The same
        characters give the same bytes.
    """
    characters = frozenset(text) | _ALWAYS
    packed = _pack_font(frozenset(c for c in characters if c.isprintable()))
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:100 900;'
        f"src:url(data:font/woff2;base64,{packed}) format('woff2')}}"
    )


@lru_cache(maxsize=32)
def _pack_font(characters: frozenset[str]) -> str:
    options = subset.Options(
        layout_features=["kern"],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        name_IDs=[1, 2],
    )
    options.drop_tables += _NOT_NEEDED
    path = Path(manimgx_fonts_cjk.__file__).parent / _FILE
    packed = io.BytesIO()
    with TTFont(
        path, fontNumber=_SIMPLIFIED_CHINESE, lazy=True, recalcTimestamp=False
    ) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(packed)
    return base64.b64encode(packed.getvalue()).decode("ascii")
