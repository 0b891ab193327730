"""What a chart drew is kept as data that tell no more than the chart."""

from __future__ import annotations

import html
import json
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis.presentation import charts
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import (
    SUPPRESSED,
    Released,
    release,
    release_public,
)
from analysis.presentation.drawing.drawings import Drawing
from analysis.presentation.drawing.scales import choose_scale
from analysis.presentation.drawing.theme import render_svg, strip_tips
from analysis.presentation.drawing.times import place_times
from analysis.presentation.drawing.tips import MOST_PER_LINE, choose_points, write_tip
from analysis.presentation.show import bundle, read_shown
from analysis.wording import speak

TIERS = ["Private", "Platinum", "Gold", "Basic"]


def make_rows(**columns: object) -> Released:
    return release_public(pd.DataFrame(columns), reason="rows of a test")


def make_chart(drawing: Drawing) -> Chart:
    words = {"title": "T", "subtitle": "S", "source": "rates", "alt": "A"}
    return Chart(drawing=drawing, nobs=4, **words)


def read_chart(drawing: Drawing) -> dict:
    output = {"data": bundle(make_chart(drawing))}
    notebook = json.loads(json.dumps({"cells": [{"outputs": [output]}]}))
    return read_shown(notebook, "chart")[0]


def list_tips(drawing: Drawing) -> list[str]:
    found = re.findall(r'data-tip="([^"]*)"', render_svg(drawing.figure))
    return [html.unescape(tip) for tip in found]


def draw_bars(values: list[object], unit: str = "CNY") -> Drawing:
    rows = make_rows(tier=TIERS[: len(values)], profit=pd.Series(values, dtype=object))
    return charts.draw_bars(rows, label="tier", value="profit", unit=unit)


def test_the_data_of_bars_are_divided_and_rounded_as_drawn() -> None:
    # 734,146 is written "734" in thousands: the data must not tell the 146.
    content = read_chart(draw_bars([734_146.0, 52_000.0, None, SUPPRESSED]))
    assert content["columns"] == [
        {"label": "Item", "unit": ""},
        {"label": "Value", "unit": "CNY thousand"},
    ]
    assert content["rows"] == [
        ["Private", 734.0],
        ["Platinum", 52.0],
        ["Gold", None],
        ["Basic", {"hidden": True}],
    ]
    assert content["n_hidden"] == 1


def test_customers_behind_each_row_are_kept_for_the_register() -> None:
    rows = pd.DataFrame({"tier": TIERS, "customers": [300, 400, 500, 4], "v": 1.0})
    released = release(rows, count="customers", amounts=["v"])
    content = read_chart(charts.draw_bars(released, label="tier", value="v", unit="u"))
    assert content["customers"][:3] == [300, 400, 500]
    assert content["customers"][3] is None
    assert content["rows"][3][1] == {"hidden": True}
    assert "protect customers" in content["hidden_note"]


def test_rows_about_no_customer_count_none_and_need_no_line() -> None:
    content = read_chart(draw_bars([1.0, SUPPRESSED]))
    assert content["customers"] is None
    assert content["hidden_note"] == ""


def test_a_chart_with_hidden_numbers_says_how_many() -> None:
    rows = pd.DataFrame({"tier": TIERS, "customers": [300, 400, 5, 4], "v": 1.0})
    released = release(rows, count="customers", amounts=["v"])
    drawing = charts.draw_bars(released, label="tier", value="v", unit="u")
    shown = bundle(make_chart(drawing))
    words = f"{drawing.data.n_hidden} cells are hidden to protect customers"
    assert words in shown["text/html"]
    assert words in shown["text/vnd.typst"]


def test_a_hidden_step_hides_the_total_that_would_give_it_away() -> None:
    rows = make_rows(
        line=["Income", "Fees", "Cost"],
        amount=pd.Series([900.0, SUPPRESSED, -400.0], dtype=object),
    )
    drawing = charts.draw_waterfall(
        rows, label="line", value="amount", unit="CNY", total_label="Profit"
    )
    assert drawing.data.rows[-1] == ("Profit", SUPPRESSED)
    texts = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert texts.count("hidden") == 2
    assert "500" not in texts


def test_a_hidden_part_hides_the_sum_of_its_bar() -> None:
    rows = make_rows(
        tier=TIERS[:2],
        income=pd.Series([900.0, 500.0], dtype=object),
        cost=pd.Series([-400.0, SUPPRESSED], dtype=object),
    )
    drawing = charts.draw_stacked_bars(
        rows, label="tier", parts={"income": "Income", "cost": "Cost"}, unit="CNY"
    )
    texts = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert "hidden" in texts
    assert [column.label for column in drawing.data.columns] == [
        "Item",
        "Income",
        "Cost",
    ]


def test_a_matrix_may_come_one_row_per_cell() -> None:
    rows = make_rows(
        tier=["Gold", "Gold", "Basic"],
        channel=["App", "Branch", "App"],
        cost=pd.Series([5.0, SUPPRESSED, 2.5], dtype=object),
    )
    drawing = charts.draw_heat_map(
        rows, unit="CNY", row="tier", column="channel", value="cost"
    )
    texts = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert {"5.0", "hidden", "2.5", "–"} <= set(texts)
    assert list_tips(drawing)[0] == "Gold, App: 5.0, CNY"
    with pytest.raises(ValueError, match=r"must come once.*Gold"):
        charts.draw_heat_map(
            make_rows(tier=["Gold"] * 2, channel=["App"] * 2, cost=[1.0, 2.0]),
            unit="CNY",
            row="tier",
            column="channel",
            value="cost",
        )


def test_a_bar_tells_its_name_value_and_unit() -> None:
    assert list_tips(draw_bars([734_146.0, 52_000.0])) == [
        "Private: 734, CNY thousand",
        "Platinum: 52, CNY thousand",
    ]


def test_an_estimate_tells_its_interval() -> None:
    rows = make_rows(tier=["Gold"], v=[431.44], low=[400.1], high=[450.2])
    drawing = charts.draw_intervals(
        rows, label="tier", estimate="v", lower="low", upper="high", unit="points"
    )
    assert list_tips(drawing) == ["Gold: 431 (400 to 450), points"]


def test_a_hidden_bar_tells_nothing() -> None:
    assert len(list_tips(draw_bars([1.0, SUPPRESSED, 3.0]))) == 2


def test_tips_are_titles_too_and_hostile_names_stay_text() -> None:
    rows = make_rows(tier=['<b>"&</b>'], v=[1.0])
    svg = render_svg(charts.draw_bars(rows, label="tier", value="v", unit="u").figure)
    assert svg.count('<g class="qb-mark"') == svg.count("<title>") == 1
    assert "<b>" not in svg


def test_paper_gets_the_picture_without_its_tips() -> None:
    svg = render_svg(draw_bars([1.0, 2.0]).figure)
    plain = strip_tips(svg)
    assert "qb-mark" not in plain
    assert "<title>" not in plain
    assert ElementTree.fromstring(plain).tag.endswith("svg")
    assert "qb-mark" not in bundle(make_chart(draw_bars([1.0])))["text/vnd.typst"]


def test_a_long_line_tells_its_ends_and_extremes_at_few_points() -> None:
    heights = np.sin(np.linspace(0, 9, 500))
    heights[100] = 7.0
    chosen = choose_points(heights, 1)
    assert len(chosen) <= MOST_PER_LINE
    assert {0, 100, 499} <= set(chosen.tolist())
    assert len(choose_points(heights, 20)) <= 8
    assert choose_points(np.array([np.nan, 1.0, np.nan]), 1).tolist() == [1]


def test_ten_charts_of_a_page_stay_light() -> None:
    # A report of ten charts must stay under 600 kB; 60 kB each, this one is large.
    rows = make_rows(
        day=pd.date_range("2017-01-31", periods=118, freq="ME").repeat(3),
        rate=np.linspace(0.5, 2.5, 354),
        name=["Own posted rate", "Policy rate", "Middle competitor"] * 118,
    )
    drawing = charts.draw_lines(rows, x="day", y="rate", series="name", unit="%")
    assert len(render_svg(drawing.figure).encode()) < 60_000


def test_a_tip_without_name_or_unit_has_no_stray_signs() -> None:
    assert write_tip("", "12.3", "points") == "12.3, points"
    assert write_tip("Gold", "12.3", "") == "Gold: 12.3"
    assert write_tip("", "12.3", "") == "12.3"


@pytest.mark.parametrize(
    ("largest", "unit", "english", "chinese"),
    [
        (734_146.0, "CNY", "CNY thousand", "万元"),
        (12_345_678.0, "CNY", "CNY million", "万元"),
        (2.5e9, "CNY", "CNY million", "亿元"),
        (99_000.0, "CNY", "CNY", "元"),
        (20_593.0, "customers", "customers", "customers"),
    ],
)
def test_an_axis_counts_in_the_steps_of_its_language(
    largest: float, unit: str, english: str, chinese: str
) -> None:
    with speak("en"):
        assert choose_scale(np.array([largest]), unit).unit == english
    with speak("zh"):
        assert choose_scale(np.array([largest]), unit).unit == chinese


def test_times_in_the_data_are_days_that_sort() -> None:
    rows = make_rows(day=pd.to_datetime(["2026-08-31", "2026-09-30"]), v=[1.25, 1.5])
    data = charts.draw_lines(rows, x="day", y="v", unit="%").data
    assert data.rows == (("2026-08-31", 1.25), ("2026-09-30", 1.5))


def test_an_axis_names_months_in_words() -> None:
    days = pd.Series(pd.to_datetime(["2026-07-01", "2026-08-01", "2026-09-01"]))
    assert list(place_times(days)[1].values()) == ["Jul 2026", "Aug 2026", "Sep 2026"]


def test_groups_in_one_row_differ_in_shape_for_who_prints_in_grey() -> None:
    rows = make_rows(
        tier=["Gold", "Gold"], q=["2026Q2", "2026Q3"], v=[1.0, 2], low=[0.5, 1.5],
        high=[1.5, 2.5],
    )  # fmt: skip
    drawing = charts.draw_intervals(
        rows, label="tier", estimate="v", lower="low", upper="high", unit="u", group="q"
    )
    dots = [line for line in drawing.figure.axes[0].lines if line.get_marker() in "os"]
    assert {line.get_marker() for line in dots} == {"o", "s"}
    assert len({to_rgb(str(line.get_markerfacecolor())) for line in dots}) == 2
