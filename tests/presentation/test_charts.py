"""Every chart shape draws what it is given, legibly, or says why it can't."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.presentation import charts
from analysis.presentation.disclosure import SUPPRESSED, Released, release_public
from analysis.presentation.drawing.drawings import Drawing
from analysis.presentation.drawing.labels import (
    measure_width,
    spread_positions,
    wrap_text,
)
from analysis.presentation.drawing.line_data import find_latest
from analysis.presentation.drawing.point_names import find_leader, place_names
from analysis.presentation.drawing.scales import choose_scale, choose_ticks, write_ticks
from analysis.presentation.drawing.theme import (
    ACCENT,
    FIGURE_WIDTH,
    MUTED,
    TEXT_SIZE,
    render_svg,
)
from analysis.presentation.drawing.times import place_times, thin_labels

QUARTERS = [f"{year}Q{n}" for year in range(2022, 2027) for n in (1, 2, 3, 4)]
TIERS = ["私人银行 Private", "白金 Platinum", "金卡 Gold", "普通 Basic"]


def release_invented(rows: pd.DataFrame) -> Released:
    return release_public(rows, reason="rows of a test")


def make_series(n_quarters: int = 20) -> pd.DataFrame:
    rows = [
        (quarter, tier, 2.0 + 0.01 * level + 0.02 * time)
        for level, tier in enumerate(TIERS)
        for time, quarter in enumerate(QUARTERS[:n_quarters])
    ]
    lines = pd.DataFrame(rows, columns=["quarter", "tier", "rate"])
    return lines.assign(lower=lines["rate"] - 0.1, upper=lines["rate"] + 0.1)


def make_items(n_items: int = 6) -> pd.DataFrame:
    values = np.linspace(-3.2, 8.4, n_items) if n_items > 1 else np.array([2.5])
    return pd.DataFrame(
        {
            "item": [
                f"Waiting time at branch {i} 网点等候时间" for i in range(n_items)
            ],
            "value": values,
            "lower": values - 1.5,
            "upper": values + 1.5,
            "weak": np.abs(values) < 1.5,
            "other": values[::-1],
        }
    )


def make_holes(n_items: int = 6) -> pd.DataFrame:
    items = make_items(n_items).astype({"value": object})
    items.loc[0, ["value", "lower", "upper"]] = np.nan
    items.loc[1, "value"] = SUPPRESSED
    items.loc[1, ["lower", "upper"]] = np.nan
    return items


def bars(rows: pd.DataFrame) -> Drawing:
    return charts.draw_bars(
        release_invented(rows),
        label="item",
        value="value",
        unit="Points",
        lower="lower",
        upper="upper",
    )


def intervals(rows: pd.DataFrame) -> Drawing:
    return charts.draw_intervals(
        release_invented(rows),
        label="item",
        estimate="value",
        lower="lower",
        upper="upper",
        unit="Points",
        reference=1.0,
        muted="weak",
    )


def stacked(rows: pd.DataFrame) -> Drawing:
    return charts.draw_stacked_bars(
        release_invented(rows),
        label="item",
        parts=["value", "upper", "lower"],
        unit="CNY million",
    )


def waterfall(rows: pd.DataFrame) -> Drawing:
    return charts.draw_waterfall(
        release_invented(rows),
        label="item",
        value="value",
        unit="CNY million",
        total_label="合计 Total",
    )


def heat_map(rows: pd.DataFrame) -> Drawing:
    cells = rows.set_index("item")[["value", "lower", "upper"]]
    return charts.draw_heat_map(release_invented(cells), unit="Points", centre=0.0)


def quadrants(rows: pd.DataFrame) -> Drawing:
    return charts.draw_quadrants(
        release_invented(rows),
        label="item",
        x="value",
        y="other",
        x_label="Satisfaction, points",
        y_label="Importance, points",
        x_interval=("lower", "upper"),
    )


def curve(rows: pd.DataFrame) -> Drawing:
    places = rows.assign(place=np.arange(len(rows)))
    return charts.draw_curve(
        release_invented(places),
        x="place",
        y="value",
        lower="lower",
        upper="upper",
        x_label="Customers",
        y_label="Profit",
        reference=1.0,
    )


def lines(rows: pd.DataFrame) -> Drawing:
    return charts.draw_lines(
        release_invented(
            rows.assign(
                quarter=QUARTERS[: len(rows)] if len(rows) <= 20 else range(len(rows))
            )
        ),
        x="quarter",
        y="value",
        unit="Points",
        band=("lower", "upper"),
    )


LEAST_PIXELS = 10
SHAPES = [bars, intervals, stacked, waterfall, heat_map, quadrants, curve, lines]
Draw = Callable[[pd.DataFrame], Drawing]


def list_texts(drawing: Drawing) -> list[str]:
    return [text.get_text() for text in drawing.figure.axes[0].texts]


def require_legible(drawing: Drawing, *, apart: bool = True) -> None:
    require_legible_figure(drawing.figure, apart=apart)


def require_legible_figure(figure: Figure, *, apart: bool = True) -> None:
    figure.draw_without_rendering()
    page = figure.bbox
    boxes = [
        (text.get_text(), text.get_window_extent()) for text in figure.axes[0].texts
    ]
    for words, box in boxes:
        assert box.x0 >= -1, words
        assert box.x1 <= page.x1 + 1, words
        assert box.y0 >= -1, words
        assert box.y1 <= page.y1 + 1, words
    for (first, a), (second, b) in combinations(boxes, 2) if apart else ():
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 1 or up < 3, (first, second)


@pytest.mark.parametrize("draw", SHAPES)
@pytest.mark.parametrize("n_rows", [1, 2, 6])
def test_words_neither_overlap_nor_leave_the_page(draw: Draw, n_rows: int) -> None:
    require_legible(draw(make_items(n_rows)))


@pytest.mark.parametrize("draw", SHAPES)
@pytest.mark.parametrize("n_rows", [1, 6])
def test_on_a_telephone_words_stay_legible_in_view_and_apart(
    draw: Draw, n_rows: int
) -> None:
    drawing = draw(make_items(n_rows))
    assert drawing.draw_narrow is not None
    narrow = drawing.draw_narrow()
    require_legible_figure(narrow)
    # a figure fills 355 pixels of a screen of 390; 96 pixels are an inch
    text = TEXT_SIZE / 72 * 355 / narrow.get_figwidth()
    assert text >= LEAST_PIXELS
    assert narrow.get_figwidth() < FIGURE_WIDTH
    assert draw(make_items(n_rows)).figure.get_figwidth() == FIGURE_WIDTH


@pytest.mark.parametrize("draw", SHAPES)
def test_missing_and_suppressed_values_are_left_out(draw: Draw) -> None:
    require_legible(draw(make_holes()))


@pytest.mark.parametrize("draw", [bars, intervals, stacked, waterfall, heat_map])
def test_forty_rows_fit_a_page(draw: Draw) -> None:
    drawing = draw(make_items(40))
    require_legible(drawing)
    assert drawing.figure.get_figheight() < 24.5 / 2.54


@pytest.mark.parametrize("draw", SHAPES)
def test_a_missing_column_is_named(draw: Draw) -> None:
    with pytest.raises((ValueError, KeyError), match="value"):
        draw(make_items().drop(columns="value"))


@pytest.mark.parametrize("draw", SHAPES)
def test_a_frame_without_rows_is_refused(draw: Draw) -> None:
    with pytest.raises(ValueError, match="must have at least one row"):
        draw(make_items().iloc[:0])


@pytest.mark.parametrize("draw", [bars, intervals, waterfall, quadrants, curve, lines])
def test_a_frame_without_numbers_is_refused(draw: Draw) -> None:
    with pytest.raises(ValueError, match="at least one number"):
        draw(make_items().assign(value=np.nan))


@pytest.mark.parametrize("draw", SHAPES)
def test_words_in_place_of_numbers_are_refused(draw: Draw) -> None:
    with pytest.raises(ValueError, match="'value' must hold numbers"):
        draw(make_items().assign(value="high"))


@pytest.mark.parametrize("draw", SHAPES)
def test_the_frame_drawn_is_not_changed(draw: Draw) -> None:
    rows = make_holes()
    before = rows.copy(deep=True)
    draw(rows)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("name", [n for n in charts.__all__ if n.startswith("draw_")])
def test_rows_that_passed_no_door_are_refused(name: str) -> None:
    draw = getattr(charts, name)
    needed = [
        part.name
        for part in signature(draw).parameters.values()
        if part.kind is part.KEYWORD_ONLY and part.default is part.empty
    ]
    with pytest.raises(TypeError, match=r"not a DataFrame\. Pass the rows"):
        draw(make_items(), **dict.fromkeys(needed, "value"))


def test_labels_at_line_ends_keep_apart() -> None:
    drawing = charts.draw_lines(
        release_invented(make_series()),
        x="quarter",
        y="rate",
        series="tier",
        unit="Rate, % a year",
        band=("lower", "upper"),
    )
    require_legible(drawing)
    assert any(text.startswith("金卡 Gold") for text in list_texts(drawing))


def test_a_highlighted_series_is_in_colour_and_the_others_are_muted() -> None:
    drawing = charts.draw_lines(
        release_invented(make_series()),
        x="quarter",
        y="rate",
        series="tier",
        unit="Rate",
        highlight=TIERS[2],
    )
    colors = [
        line.get_color()
        for line in drawing.figure.axes[0].lines
        if len(line.get_xdata()) == 20
    ]
    assert colors == [MUTED, MUTED, ACCENT, MUTED]


def test_an_unknown_highlight_is_refused() -> None:
    with pytest.raises(ValueError, match="must be among"):
        charts.draw_lines(
            release_invented(make_series()),
            x="quarter",
            y="rate",
            series="tier",
            unit="Rate",
            highlight="Tin",
        )
    with pytest.raises(ValueError, match="must be among the labels"):
        charts.draw_bars(
            release_invented(make_items()),
            label="item",
            value="value",
            unit="P",
            highlight="Tin",
        )


def test_zero_is_in_view_when_asked_for() -> None:
    drawing = charts.draw_lines(
        release_invented(make_series()),
        x="quarter",
        y="rate",
        series="tier",
        unit="Rate",
        zero=True,
    )
    assert drawing.figure.axes[0].get_ylim()[0] == 0


def test_lines_without_order_are_drawn_in_time() -> None:
    shuffled = make_series().sample(frac=1, random_state=3)
    drawing = charts.draw_lines(
        release_invented(shuffled), x="quarter", y="rate", series="tier", unit="Rate"
    )
    drawn = [
        line for line in drawing.figure.axes[0].lines if len(line.get_xdata()) == 20
    ]
    assert all((np.diff(line.get_xdata()) > 0).all() for line in drawn)
    assert all((np.diff(line.get_ydata()) > 0).all() for line in drawn)


@pytest.mark.parametrize(
    "times",
    [
        pd.date_range("2025-01-31", periods=5, freq="ME"),
        pd.period_range("2025-01", periods=5, freq="M"),
        pd.Index([2021, 2022, 2023, 2024, 2025]),
        pd.Index(["before", "during", "after", "later", "last"]),
    ],
    ids=["dates", "periods", "years", "names"],
)
def test_lines_take_times_of_every_kind(times: pd.Index) -> None:
    rows = pd.DataFrame({"time": times, "value": [1.0, 2, 3, 2, 5]})
    require_legible(
        charts.draw_lines(release_invented(rows), x="time", y="value", unit="Points")
    )


def test_a_missing_time_is_refused() -> None:
    rows = pd.DataFrame({"time": ["2026Q1", None], "value": [1.0, 2.0]})
    with pytest.raises(ValueError, match="must hold a time in every row"):
        charts.draw_lines(release_invented(rows), x="time", y="value", unit="Points")


def test_many_quarters_are_labelled_by_whole_years_back_from_the_last() -> None:
    _, labels = place_times(pd.Series(QUARTERS))
    kept = thin_labels(labels, 8)
    assert sorted(kept.values()) == ["2022Q4", "2023Q4", "2024Q4", "2025Q4", "2026Q4"]


def test_names_of_groups_become_headings_or_colours() -> None:
    rows = make_items(4).assign(group=["零售", "零售", "公司", "公司"])
    options = {"label": "item", "estimate": "value", "lower": "lower", "upper": "upper"}
    headed = charts.draw_intervals(
        release_invented(rows), **options, unit="Points", group="group"
    )
    require_legible(headed)
    shared = charts.draw_intervals(
        release_invented(
            pd.concat([rows.assign(group="2026Q2"), rows.assign(group="2026Q3")])
        ),
        **options,
        unit="Points",
        group="group",
    )
    require_legible(shared)
    assert {"零售", "公司"} <= set(list_texts(headed))
    assert {"2026Q2", "2026Q3"} <= set(list_texts(shared))


def test_refused_and_suppressed_rows_say_so() -> None:
    texts = list_texts(intervals(make_holes()))
    assert {"no number", "hidden"} <= set(texts)


def test_a_waterfall_ends_at_the_sum_of_its_steps() -> None:
    rows = pd.DataFrame({"item": ["Income", "Cost"], "value": [1200.0, -450.0]})
    texts = list_texts(waterfall(rows))
    assert {"+1,200", "−450", "750"} <= set(texts)


def test_signed_stacks_show_their_sum() -> None:
    rows = pd.DataFrame(
        {"item": ["金卡"], "value": [500.0], "upper": [100.0], "lower": [-350.0]}
    )
    assert {"250", "Sum", "−350"} <= set(list_texts(stacked(rows)))


def test_too_many_parts_are_refused() -> None:
    rows = pd.DataFrame([[1.0] * 9], columns=list("abcdefghi")).assign(item="x")
    with pytest.raises(ValueError, match="can't keep 9 parts apart"):
        charts.draw_stacked_bars(
            release_invented(rows), label="item", parts=list("abcdefghi"), unit="%"
        )


def test_large_amounts_are_written_in_millions() -> None:
    rows = pd.DataFrame({"item": ["金卡", "普通"], "value": [12_345_678.0, -2e6]})
    texts = list_texts(
        charts.draw_bars(
            release_invented(rows), label="item", value="value", unit="CNY"
        )
    )
    assert {"CNY million", "12.3", "−2.0"} <= set(texts)


def test_the_peak_of_a_whale_curve_is_written() -> None:
    share = np.arange(101.0)
    rows = pd.DataFrame({"x": share, "y": 140 - (share - 40) ** 2 / 90, "series": "a"})
    drawing = charts.draw_curve(
        release_invented(rows),
        x="x",
        y="y",
        x_label="Customers, %",
        y_label="Profit, %",
        reference=100.0,
    )
    assert "Peak 140 at 40" in list_texts(drawing)


def test_curves_that_end_together_are_named_on_the_line() -> None:
    share = np.linspace(0, 100, 51)
    rows = pd.concat(
        pd.DataFrame({"x": share, "y": 100 * (share / 100) ** power, "name": name})
        for name, power in [("Loans", 2.0), ("存款", 5.0)]
    )
    drawing = charts.draw_curve(
        release_invented(rows),
        x="x",
        y="y",
        series="name",
        x_label="%",
        y_label="%",
        diagonal=True,
    )
    require_legible(drawing)
    assert {"Loans", "存款"} <= set(list_texts(drawing))


def test_quarters_of_a_map_may_be_named() -> None:
    corners = ["Concentrate here", "Keep up", "Low priority", "Possible overkill"]
    options = {
        "label": "item",
        "x": "value",
        "y": "other",
        "x_label": "S",
        "y_label": "I",
    }
    drawing = charts.draw_quadrants(
        release_invented(make_items()), **options, corners=corners
    )
    assert set(corners) <= set(list_texts(drawing))
    with pytest.raises(ValueError, match="must have four corners, not 1"):
        charts.draw_quadrants(
            release_invented(make_items()), **options, corners=["one"]
        )


def test_dollar_signs_are_drawn_as_they_are() -> None:
    rows = pd.DataFrame({"item": ["US$ and A$"], "value": [3.0]})
    drawing = charts.draw_bars(
        release_invented(rows), label="item", value="value", unit="US$ to A$"
    )
    assert "<svg" in render_svg(drawing.figure)
    assert not any(text.get_parse_math() for text in drawing.figure.axes[0].texts)


def test_long_labels_are_broken_and_chinese_breaks_anywhere() -> None:
    broken = wrap_text("大额存单三年期及以上(含五年)利率", 1.0)
    assert "\n" in broken
    assert all(measure_width(line) <= 1.1 for line in broken.split("\n"))
    assert not any(line.startswith((")", "，")) for line in broken.split("\n"))
    assert wrap_text("deposit (大额存单)", 0.52).split("\n")[0] == "deposit"


def test_spread_labels_keep_their_order_and_their_room() -> None:
    placed = spread_positions([1.0, 1.1, 1.2, 9.0], [1.0] * 4, 0.0, 10.0)
    assert (np.diff(placed) >= 1.0 - 1e-9).all()
    assert placed[3] == pytest.approx(9.0)
    assert placed[1] == pytest.approx(1.5)
    assert spread_positions([], [], 0.0, 1.0) == []


def test_names_do_not_cover_one_another() -> None:
    points = np.array([[1.0, 1.0], [1.05, 1.05], [1.1, 0.95], [3.0, 2.0]])
    places = place_names(points, [(0.6, 0.15)] * 4, (4.0, 3.0))
    for (x, y), (other_x, other_y) in combinations(places, 2):
        assert abs(x - other_x) >= 0.6 - 1e-9 or abs(y - other_y) >= 0.15 - 1e-9


def test_a_name_leaves_a_crowd_and_is_joined_to_its_point() -> None:
    points = np.array([[2.0 + 0.1 * n, 1.5 + 0.1 * (n % 3)] for n in range(7)])
    sizes = [(0.9, 0.15)] * 7
    places = place_names(points, sizes, (6.0, 3.0))
    for (x, y), (other_x, other_y) in combinations(places, 2):
        assert abs(x - other_x) >= 0.9 - 1e-9 or abs(y - other_y) >= 0.15 - 1e-9
    leaders = [
        find_leader((x, y), place, size)
        for (x, y), place, size in zip(points.tolist(), places, sizes, strict=True)
    ]
    assert any(end is not None for end in leaders)
    assert find_leader((1.0, 1.0), (1.1, 1.0), (0.9, 0.15)) is None
    assert find_leader((1.0, 1.0), (2.0, 1.0), (0.9, 0.15)) == (2.0, 1.0)


@pytest.mark.parametrize("narrow", [False, True])
def test_names_of_curves_that_run_together_keep_apart(narrow: bool) -> None:
    places = np.linspace(0, 100, 101)
    rows = pd.concat(
        pd.DataFrame({"x": places, "y": 100 * (places / 100) ** power, "quarter": name})
        for name, power in (("2026Q2", 1.9), ("2026Q3", 2.1))
    )
    drawing = charts.draw_curve(
        release_invented(rows),
        x="x",
        y="y",
        series="quarter",
        x_label="Customers, %",
        y_label="Share, %",
    )
    assert drawing.draw_narrow is not None
    figure = drawing.draw_narrow() if narrow else drawing.figure
    require_legible_figure(figure)
    words = [text.get_text() for text in figure.axes[0].texts]
    assert {"2026Q2", "2026Q3"} <= set(words)


def test_the_lines_of_a_key_are_even() -> None:
    names = [f"Part number {n} of all" for n in range(1, 7)]
    rows = pd.DataFrame({"item": ["A"], **{name: [1.0] for name in names}})
    drawing = charts.draw_stacked_bars(
        release_invented(rows), label="item", parts=names, unit="customers"
    )
    figure = drawing.figure
    figure.draw_without_rendering()
    heights = [
        round(text.get_window_extent().y0)
        for text in figure.axes[0].texts
        if text.get_text() in names
    ]
    assert [heights.count(height) for height in sorted(set(heights))] == [3, 3]


def test_what_an_axis_counts_begins_large_but_for_a_sign() -> None:
    assert "Customers" in list_texts(draw_parts("customers"))
    assert "pp a year" in list_texts(draw_parts("pp a year"))


def draw_parts(unit: str) -> Drawing:
    rows = make_items(2)
    return charts.draw_bars(
        release_invented(rows), label="item", value="upper", unit=unit
    )


def test_ticks_are_round_and_written_with_a_true_minus() -> None:
    ticks = choose_ticks(-0.42, 0.55)
    assert ticks[0] <= -0.42
    assert ticks[-1] >= 0.55
    assert write_ticks(ticks) == ["−0.6", "−0.4", "−0.2", "0.0", "0.2", "0.4", "0.6"]
    assert write_ticks(np.array([0.0, 5000.0])) == ["0", "5,000"]
    assert len(choose_ticks(3.0, 3.0)) >= 2


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 20.0], 0),
        ([0.214, 0.5], 2),
        ([1.234], 2),
        ([12.34], 1),
        ([123.4], 0),
        ([0.0123], 3),
    ],
)
def test_written_values_have_as_many_decimals_as_they_need(
    values: list[float], decimals: int
) -> None:
    assert choose_scale(np.array(values), "x").decimals == decimals


def test_of_two_quarters_only_the_last_is_in_colour() -> None:
    assert find_latest(["2026Q2", "2026Q3", "2025Q4"]) == "2026Q3"
    assert find_latest(["2026年第3季度", "2026年第2季度"]) == "2026年第3季度"
    assert find_latest(["2026Q3"]) == ""
    assert find_latest(["2026Q3", "Policy"]) == ""
    rows = make_items(3)
    both = pd.concat([rows.assign(q="2026Q3"), rows.assign(q="2026Q2")])
    drawing = charts.draw_intervals(
        release_invented(both),
        label="item",
        estimate="value",
        lower="lower",
        upper="upper",
        unit="Points",
        group="q",
    )
    dots = [line for line in drawing.figure.axes[0].lines if len(line.get_xdata()) == 1]
    colors = [line.get_color() for line in dots if line.get_markersize() == 6.5]
    assert colors == [ACCENT] * 3 + [MUTED] * 3


def test_the_peak_of_the_last_quarter_is_written_over_an_earlier_curve() -> None:
    share = np.arange(101.0)
    height = 140 - (share - 40) ** 2 / 90
    rows = pd.concat(
        pd.DataFrame({"x": share, "y": height + more, "quarter": quarter})
        for quarter, more in [("2026Q2", 0.4), ("2026Q3", 0.0)]
    )
    drawing = charts.draw_curve(
        release_invented(rows),
        x="x",
        y="y",
        series="quarter",
        x_label="%",
        y_label="%",
        reference=100.0,
    )
    require_legible(drawing)
    # The curve of 2026Q2 lies under the other and has no place for its name.
    assert {"Peak 140 at 40", "2026Q3"} <= set(list_texts(drawing))
    assert "2026Q2" not in list_texts(drawing)


def test_a_line_to_compare_with_has_its_name_below() -> None:
    drawing = charts.draw_intervals(
        release_invented(make_items()),
        label="item",
        estimate="value",
        lower="lower",
        upper="upper",
        unit="Points",
        reference=8.0,
        reference_label="资本成本 Owners ask 8.0 points of their capital",
    )
    require_legible(drawing)
    assert any("Owners ask" in text for text in list_texts(drawing))


def test_points_that_matter_stand_out_on_a_map() -> None:
    rows = make_items(3)
    options = {"label": "item", "x": "value", "y": "other"}
    options |= {"x_label": "S", "y_label": "I"}
    drawing = charts.draw_quadrants(
        release_invented(rows), **options, highlight=[rows["item"][1]]
    )
    colors = drawing.figure.axes[0].collections[-1].get_facecolor()
    assert [to_hex(color).upper() for color in colors] == [MUTED, ACCENT, MUTED]
    with pytest.raises(ValueError, match=r"\['Tin'\] must be among the labels"):
        charts.draw_quadrants(release_invented(rows), **options, highlight=["Tin"])
