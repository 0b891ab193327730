"""One look: colours that keep apart, our own font, SVG that stays the same."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from analysis.presentation.charts import draw_bars
from analysis.presentation.disclosure import release_public
from analysis.presentation.drawing import theme
from analysis.presentation.drawing.contrast import (
    choose_text_color,
    compute_contrast,
    darken_for_text,
)
from analysis.presentation.drawing.theme import register_font, render_svg, use_theme

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation
# of color vision deficiency, table of matrices at severity 1.0, linear RGB.
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
# CIE 15:2018, sRGB to XYZ at D65, and the white point.
TO_XYZ = np.array(
    [
        [0.41246, 0.35758, 0.18044],
        [0.21267, 0.71515, 0.07218],
        [0.01933, 0.11919, 0.95030],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
MARKS = [*theme.SERIES, theme.MUTED]


def see(color: str, vision: str) -> np.ndarray:
    encoded = np.array(to_rgb(color))
    linear = np.where(
        encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4
    )
    ratio = TO_XYZ @ np.clip(VISION[vision] @ linear, 0, 1) / WHITE
    root = np.where(
        ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29
    )
    return np.array(
        [116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])]
    )


def draw_example(title: str = "金卡") -> Figure:
    rows = pd.DataFrame({"tier": [title, "Gold − card"], "profit": [1234.5, -20.0]})
    released = release_public(rows, reason="rows of a test")
    return draw_bars(released, label="tier", value="profit", unit="利润, CNY").figure


@pytest.mark.parametrize("vision", VISION)
def test_series_colours_keep_apart_for_every_eye(vision: str) -> None:
    # A CIE76 distance of 2.3 is just noticeable; 12 is seen at a glance.
    for first, second in combinations(theme.SERIES, 2):
        distance = np.linalg.norm(see(first, vision) - see(second, vision))
        assert distance > 12, (first, second, distance)


def test_neighbouring_series_differ_in_grey() -> None:
    lightness = [see(color, "normal")[0] for color in theme.SERIES]
    assert np.abs(np.diff(lightness)).min() > 10


@pytest.mark.parametrize("color", MARKS)
def test_marks_stand_out_from_white(color: str) -> None:
    assert compute_contrast(color, theme.PAPER) >= 3


@pytest.mark.parametrize(
    "color", [theme.TEXT, theme.MUTED_TEXT, *map(darken_for_text, MARKS)]
)
def test_words_can_be_read_on_white(color: str) -> None:
    assert compute_contrast(color, theme.PAPER) >= 4.5


@pytest.mark.parametrize("color", theme.SERIES)
def test_words_inside_a_bar_can_be_read(color: str) -> None:
    assert compute_contrast(choose_text_color(color), color) >= 4.5


@pytest.mark.parametrize("color", [theme.SHADE, theme.SHADE_BELOW, theme.SHADE_NONE])
def test_numbers_can_be_read_on_every_shade(color: str) -> None:
    assert compute_contrast(theme.TEXT, color) >= 4.5


def test_contrast_of_black_on_white_is_21() -> None:
    # Web Content Accessibility Guidelines 2.2: the largest ratio is 21 to 1.
    assert compute_contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


def test_the_font_is_the_packaged_noto_sans_sc() -> None:
    path = register_font()
    assert "pylopdf_fonts_zh_cn" in path
    names = TTFont(path)["name"]
    assert names.getDebugName(1) == "Noto Sans SC"
    assert "Open Font License" in names.getDebugName(13)
    with use_theme():
        found = font_manager.findfont(
            font_manager.FontProperties(), fallback_to_default=False
        )
    assert found == path


def test_every_glyph_of_a_chart_comes_from_that_font() -> None:
    glyphs = set(
        re.findall(r'href="#q[0-9a-f]{6}-([^"]+)"', render_svg(draw_example()))
    )
    letters = {name for name in glyphs if not re.fullmatch(r"m[0-9a-f]{10}", name)}
    assert letters
    # Only the glyphs of Noto Sans SC lose their font's name for a short one.
    assert all(re.fullmatch(r"g[0-9a-f]+", name) for name in letters)


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert render_svg(draw_example()) == render_svg(draw_example())


def test_rendering_twice_changes_nothing() -> None:
    figure = draw_example()
    assert render_svg(figure) == render_svg(figure)


def test_svg_is_one_clean_element() -> None:
    markup = render_svg(draw_example())
    assert markup.startswith("<svg ")
    assert markup.endswith("</svg>")
    for unwanted in (
        "<?xml",
        "<!DOCTYPE",
        "<!--",
        "<style",
        "<metadata",
        "dc:date",
        "xlink",
    ):
        assert unwanted not in markup
    ElementTree.fromstring(markup)


def test_every_reference_in_an_svg_is_met() -> None:
    markup = render_svg(draw_example())
    ids = re.findall(r' id="([^"]+)"', markup)
    used = {a or b for a, b in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', markup)}
    assert len(ids) == len(set(ids))
    assert used == set(ids)


def test_ids_of_two_drawings_in_one_page_do_not_collide() -> None:
    first, second = (
        set(re.findall(r' id="([^"]+)"', render_svg(draw_example(title))))
        for title in ("金卡", "普通")
    )
    assert not first & second


def test_a_small_chart_is_a_small_file() -> None:
    assert len(render_svg(draw_example()).encode()) < 30_000


def test_drawing_leaves_settings_random_state_and_pyplot_alone() -> None:
    before = dict(mpl.rcParams)
    state = np.random.get_state()[1].copy()  # noqa: NPY002 - the state under test
    render_svg(draw_example())
    assert dict(mpl.rcParams) == before
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert plt.get_fignums() == []


def test_a_figure_shown_under_other_settings_looks_the_same() -> None:
    expected = render_svg(draw_example())
    figure = draw_example()
    with mpl.rc_context({"font.family": ["DejaVu Sans"], "text.color": "red"}):
        figure.canvas.draw()
    assert render_svg(figure) == expected
