"""A font for exactly the characters of one page, packed into the page itself.

The packaged Noto Sans CJK is cut down to the page's glyphs with all its weights, so
that no page asks the reader's machine or a network for a font.
"""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from pathlib import Path

import manimgx_fonts_cjk  # type: ignore[import-untyped]
import matplotlib
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Quarterbook Sans"
MATH_FAMILY = "Quarterbook Math"
"""DejaVu Serif, which knows how to lay out formulas."""

_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_MATH_FILES = {"normal": "DejaVuSerif.ttf", "italic": "DejaVuSerif-Italic.ttf"}
_FILE = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED_CHINESE = 2
"""Place of the simplified Chinese face in the collection."""
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))
_NOT_NEEDED = ("BASE", "DSIG", "FFTM", "STAT", "VORG", "VVAR", "vhea", "vmtx")


def embed_font(text: str) -> str:
    """Write the style rule that carries the font of a text.

    Parameters
    ----------
    text : str
        Everything that a page prints; markup may be among it.

    Returns
    -------
    str
        `@font-face` rules with WOFF2 files in data addresses, with one for formulas
        where there are any. The same characters give the same bytes.
    """
    path = Path(manimgx_fonts_cjk.__file__).parent / _FILE
    characters = _list_characters(text) | _ALWAYS
    packed = _pack_font(path, characters, _SIMPLIFIED_CHINESE)
    rules = [_write_rule(FAMILY, "font-weight:100 900", packed)]
    formulas = _list_characters("".join(_FORMULA.findall(text)))
    if formulas:
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        rules += [
            _write_rule(MATH_FAMILY, f"font-style:{style}", _pack_font(file, formulas))
            for style, file in _list_math_files(folder)
        ]
    return "".join(rules)


def _list_characters(text: str) -> frozenset[str]:
    return frozenset(character for character in set(text) if character.isprintable())


def _list_math_files(folder: Path) -> list[tuple[str, Path]]:
    return [(style, folder / name) for style, name in _MATH_FILES.items()]


def _write_rule(family: str, property_: str, packed: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";{property_};'
        f"src:url(data:font/woff2;base64,{packed}) format('woff2')}}"
    )


@lru_cache(maxsize=32)
def _pack_font(path: Path, characters: frozenset[str], face: int = -1) -> str:
    options = subset.Options(
        layout_features=["kern"],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        name_IDs=[1, 2],
    )
    options.drop_tables += _NOT_NEEDED
    packed = io.BytesIO()
    with TTFont(path, fontNumber=face, lazy=True, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(packed)
    return base64.b64encode(packed.getvalue()).decode("ascii")
