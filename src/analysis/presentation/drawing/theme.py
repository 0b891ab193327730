"""One look for every chart: colours, font, sizes, and the SVG that a page holds.

Colours keep apart for readers who do not see red or green, and on white paper marks
have a contrast of at least 3 to 1, text of 4.5 to 1. Sizes are in inches and points
for the text column of an A4 page, 17 cm wide. Nothing global of the user's is changed
but one font family added under a name of our own.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Final

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

ACCENT: Final = "#1B5E9E"
"""What the finding is about; amounts that add."""
POSITIVE: Final = ACCENT
NEGATIVE: Final = "#C9501C"
"""Amounts that take away."""
MUTED: Final = "#8B939C"
"""Marks that are there for comparison, or not significant."""
TEXT: Final = "#1A2433"
MUTED_TEXT: Final = "#5C6673"
GRID: Final = "#E2E6EA"
PAPER: Final = "#FFFFFF"
NAVY: Final = "#0F2649"
OCHRE: Final = "#C88405"
TEAL: Final = "#135A55"
SLATE: Final = "#677685"
PLUM: Final = "#7C1C75"
SERIES: Final = (ACCENT, NEGATIVE, NAVY, OCHRE, TEAL, SLATE, PLUM)
"""Colours of things side by side; neighbours differ in lightness, so also in grey."""
ADDING: Final = (ACCENT, NAVY, TEAL, SLATE)
"""Parts that add to a sum."""
TAKING: Final = (NEGATIVE, OCHRE, PLUM)
"""Parts that take away from it."""
SHADE: Final = "#6FA3D4"
"""Strongest shade behind a number, high values."""
SHADE_BELOW: Final = "#E9996F"
"""Strongest shade behind a number, values under a centre."""
SHADE_NONE: Final = "#F3F6F9"
"""Weakest shade behind a number."""

FIGURE_WIDTH: Final = 17 / 2.54
"""Width of a figure in inches: the text column of an A4 page."""
NARROW_WIDTH: Final = 9 / 2.54
"""The same for a telephone: text stays legible when the figure fills its screen."""
TEXT_SIZE: Final = 8.5
SMALL_TEXT_SIZE: Final = 7.5
FONT_FAMILY: Final = "Quarterbook Sans"
"""Our name for Noto Sans SC, so that no font of the machine can take its place."""

TIP_MARK: Final = "qb-mark:"
"""Begins the id of a spot that tells a value; the text follows."""

# matplotlib quotes an id that holds a quotation mark with apostrophes.
_TIP = re.compile(
    rf"""<g id=(["']){TIP_MARK}(.*?)\1>\s*<path d="([^"]*)"[^>]*/>\s*</g>""", re.DOTALL
)
_TOLD = re.compile(r'<g class="qb-mark".*?</g>', re.DOTALL)
_SVG_SALT = "quarterbook"
_sheet_width = ContextVar("sheet_width", default=FIGURE_WIDTH)
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def use_theme() -> Iterator[None]:
    """Draw in our look inside a `with` block; the user's settings come back after.

    Yields
    ------
    None
        Settings hold until the block ends.
    """
    register_font()
    look: Any = {
        **sns.axes_style("white"),
        **sns.plotting_context("paper"),
        **_list_settings(),
    }
    with mpl.rc_context(look):
        yield


@contextmanager
def use_width(width: float) -> Iterator[None]:
    """Draw on sheets of another width inside a `with` block.

    Parameters
    ----------
    width : float
        In inches.

    Yields
    ------
    None
        The width holds until the block ends, in this thread only.
    """
    token = _sheet_width.set(width)
    try:
        yield
    finally:
        _sheet_width.reset(token)


def get_sheet_width() -> float:
    """Give the width that figures are opened with.

    Returns
    -------
    float
        In inches.
    """
    return _sheet_width.get()


@cache
def register_font() -> str:
    """Make the packaged Noto Sans SC known to matplotlib under our own family name.

    Returns
    -------
    str
        Path of the font file.

    Raises
    ------
    FileNotFoundError
        If the package of the font has no such file.
    """
    path = str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")
    font_manager.get_font(path)
    entry = font_manager.FontEntry(
        fname=path,
        name=FONT_FAMILY,
        style="normal",
        variant="normal",
        weight=400,
        stretch="normal",
        size="scalable",
    )
    font_manager.fontManager.ttflist.append(entry)
    return path


def open_figure(height: float, width: float = FIGURE_WIDTH) -> Figure:
    """Open an empty figure, unknown to pyplot.

    Parameters
    ----------
    height, width : float
        In inches; as wide as the column if nothing is said.

    Returns
    -------
    matplotlib.figure.Figure
        White, with a canvas of its own, so that a notebook does not show it twice.
    """
    figure = Figure(figsize=(width, height), facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def render_svg(figure: Figure) -> str:
    """Draw a figure as SVG markup that can stand inside an HTML page or alone.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure; it is not changed.

    Returns
    -------
    str
        One `<svg>` element without prolog, date or style sheet, text as outlines.
        The same drawing gives the same bytes; ids begin with a hash of the content,
        so that two different drawings in one page do not collide. Marks that tell a
        value are groups of class "qb-mark" with the text in "data-tip" and a title.
    """
    drawn = io.StringIO()
    with use_theme():
        figure.savefig(drawn, format="svg", metadata=_NO_METADATA)
    markup = drawn.getvalue()
    markup = markup[markup.index("<svg ") :]
    return _prefix_ids(_shrink_svg(_name_tips(markup)))


def strip_tips(svg: str) -> str:
    """Take the values that marks tell off a drawing, for paper.

    Parameters
    ----------
    svg : str
        As `render_svg` writes it.

    Returns
    -------
    str
        The same picture.
    """
    return _TOLD.sub("", svg)


def _list_settings() -> dict[str, Any]:
    return {
        "font.family": [FONT_FAMILY],
        "font.size": TEXT_SIZE,
        "text.color": TEXT,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": True,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": MUTED_TEXT,
        "axes.labelsize": TEXT_SIZE,
        "axes.linewidth": 0.8,
        "axes.grid": False,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.spines.bottom": False,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": MUTED_TEXT,
        "ytick.labelcolor": MUTED_TEXT,
        "xtick.labelsize": TEXT_SIZE,
        "ytick.labelsize": TEXT_SIZE,
        "xtick.bottom": False,
        "ytick.left": False,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "lines.linewidth": 2.0,
        "lines.solid_capstyle": "round",
        "patch.edgecolor": "none",
        "figure.dpi": 100,
        "savefig.dpi": 200,
        "savefig.bbox": None,
        "savefig.facecolor": PAPER,
        "savefig.transparent": False,
        "svg.fonttype": "path",
        "svg.hashsalt": _SVG_SALT,
        "path.simplify": True,
    }


def _name_tips(markup: str) -> str:
    return _TIP.sub(_write_tip, markup)


def _write_tip(found: re.Match[str]) -> str:
    text = found[2].replace('"', "&quot;")
    return (
        f'<g class="qb-mark" data-tip="{text}"><title>{text}</title>'
        f'<path d="{found[3]}" fill-opacity="0"/></g>'
    )


def _shrink_svg(markup: str) -> str:
    markup = re.sub(r"<!--.*?-->\s*", "", markup, flags=re.DOTALL)
    markup = re.sub(
        r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", markup, flags=re.DOTALL
    )
    markup = markup.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
    markup = markup.replace("xlink:href=", "href=")
    markup = markup.replace(
        "<svg ", '<svg style="stroke-linejoin: round; stroke-linecap: butt" ', 1
    )
    markup = re.sub(
        r'\b(d|x|y)="[^"]*"', lambda found: _round_numbers(found[0]), markup
    )
    markup = re.sub(
        r"translate\([^)]*\)", lambda found: _round_numbers(found[0]), markup
    )
    markup = re.sub(r"\bNotoSansSC-Regular-", "g", markup)
    markup = re.sub(
        r'(<use [^>]*?)transform="translate\((\S+) 0\)"/>', r'\1x="\2"/>', markup
    )
    return re.sub(r">\s+<", "><", markup).strip()


def _round_numbers(text: str) -> str:
    rounded = re.sub(r"-?\d+\.\d+", lambda found: _write_short(found[0]), text)
    return re.sub(r"\s*\n\s*", " ", rounded)


def _write_short(number: str) -> str:
    return f"{float(number) + 0.0:.2f}".rstrip("0").rstrip(".")


def _prefix_ids(markup: str) -> str:
    prefix = "q" + hashlib.sha256(markup.encode()).hexdigest()[:6] + "-"
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', markup))
    names = {name for pair in used for name in pair if name}
    markup = re.sub(
        r' id="([^"]+)"',
        lambda found: f' id="{prefix}{found[1]}"' if found[1] in names else "",
        markup,
    )
    markup = re.sub(r'href="#', f'href="#{prefix}', markup)
    return markup.replace("url(#", f"url(#{prefix}")
