"""A font for exactly the characters of one page, packed into the page itself.

Noto Sans SC is cut down to the page's glyphs in two weights: the regular one for every
character, the bold one for those that the page sets in bold. No page asks the reader's
machine or a network for a font.
"""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import manimgx_fonts_cjk  # type: ignore[import-untyped]
import matplotlib
import uharfbuzz as harfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Quarterbook Sans"
MATH_FAMILY = "Quarterbook Math"
"""DejaVu Serif, which knows how to lay out formulas."""

BOLD_ELEMENTS = frozenset(("h1", "h2", "h3", "h4", "strong", "b", "thead", "caption"))
"""Elements that the style sheet may set in bold."""
BOLD_CLASSES = frozenset(("qb-total", "qb-title"))
"""Classes that the style sheet may set in bold."""

_REGULAR, _BOLD = 400, 700
_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_DRAWING = re.compile(r"<(svg|style|script)\b.*?</\1>", re.DOTALL)
_MATH_FILES = {"normal": "DejaVuSerif.ttf", "italic": "DejaVuSerif-Italic.ttf"}
_ALL_WEIGHTS = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED_CHINESE = 2
"""Place of the simplified Chinese face in the collection."""
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))
_FEATURES = ["kern", "halt", "chws"]
"""Kerning, and the half widths that `text-spacing-trim` sets punctuation in."""
_NOT_NEEDED = ("BASE", "DSIG", "FFTM", "GSUB", "STAT", "VORG", "VVAR", "vhea", "vmtx")
_NAMES = [1, 2]
"""Family and weight; the rest of a font's names is not needed on a page."""
_CUT = (
    harfbuzz.SubsetFlags.NO_HINTING
    | harfbuzz.SubsetFlags.DESUBROUTINIZE
    | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    | harfbuzz.SubsetFlags.DOWNGRADE_CFF2
)
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "wbr", "col"))


def embed_font(text: str) -> str:
    """Write the style rules that carry the fonts of a text.

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
    regular = _list_characters(_FORMULA.sub("", text)) | _ALWAYS
    bold = _list_characters(find_bold_text(text)) | _ALWAYS
    rules = [
        _write_rule(FAMILY, f"font-weight:{weight}", _pack_weight(weight, characters))
        for weight, characters in ((_REGULAR, regular), (_BOLD, bold))
    ]
    formulas = _list_characters("".join(_FORMULA.findall(text)))
    if formulas:
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        rules += [
            _write_rule(MATH_FAMILY, f"font-style:{style}", _pack_file(file, formulas))
            for style, file in _list_math_files(folder)
        ]
    return "".join(rules)


def find_bold_text(markup: str) -> str:
    """Read from a page what its style sheet may set in bold.

    Parameters
    ----------
    markup : str
        HTML.

    Returns
    -------
    str
        The text of all `BOLD_ELEMENTS` and of all elements of `BOLD_CLASSES`.
    """
    reader = _BoldReader()
    reader.feed(_DRAWING.sub("", markup))
    reader.close()
    return "".join(reader.texts)


class _BoldReader(HTMLParser):
    """Collects text from an element that is bold to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = frozenset((dict(attrs).get("class") or "").split())
        if self._depth or tag in BOLD_ELEMENTS or classes & BOLD_CLASSES:
            self._depth += 1

    def handle_startendtag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts.append(data)


def _list_characters(text: str) -> frozenset[str]:
    return frozenset(character for character in set(text) if character.isprintable())


def _list_math_files(folder: Path) -> list[tuple[str, Path]]:
    return [(style, folder / name) for style, name in _MATH_FILES.items()]


def _write_rule(family: str, property_: str, packed: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";{property_};'
        f"src:url(data:font/woff2;base64,{packed}) format('woff2')}}"
    )


def _pack_weight(weight: int, characters: frozenset[str]) -> str:
    """Cut one weight of a page's characters from the collection of all weights."""
    path = Path(manimgx_fonts_cjk.__file__).parent / _ALL_WEIGHTS
    face = harfbuzz.Face(harfbuzz.Blob.from_file_path(path), _SIMPLIFIED_CHINESE)
    wanted = harfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.set(map(_number, _FEATURES))
    wanted.drop_table_tag_set.update(map(_number, _NOT_NEEDED))
    wanted.name_id_set.set(_NAMES)
    wanted.flags = _CUT
    wanted.pin_axis_location(face, "wght", weight)
    with TTFont(
        io.BytesIO(wanted.subset(face).blob.data), recalcTimestamp=False
    ) as font:
        return _encode(font)


def _pack_file(path: Path, characters: frozenset[str]) -> str:
    """Cut a page's characters from a font that lays out formulas."""
    options = subset.Options(
        layout_features=_FEATURES, hinting=False, notdef_outline=True, name_IDs=_NAMES
    )
    options.drop_tables += _NOT_NEEDED
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        return _encode(font)


def _number(tag: str) -> int:
    """Give the number that stands for a tag in a font's file."""
    return int.from_bytes(tag.encode("ascii"), "big")


def _encode(font: TTFont) -> str:
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    return base64.b64encode(packed.getvalue()).decode("ascii")
