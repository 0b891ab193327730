"""A table helps the eye: bars, tints, lights; and a program: values beside the text."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from analysis.presentation.disclosure import SUPPRESSED, release, release_public
from analysis.presentation.drawing.contrast import compute_contrast
from analysis.presentation.drawing.theme import SHADE, SHADE_BELOW, TEXT
from analysis.presentation.rendering.table_words import LIGHTS, write_cell, write_rows
from analysis.presentation.show import bundle, read_shown
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import Unit


def make_table(values: list[object], *, shade: str = "", **changes) -> DisplayTable:
    names = [f"T{n}" for n in range(len(values))]
    rows = pd.DataFrame({"tier": names, "v": pd.Series(values, dtype=object)})
    column = DisplayColumn("v", "Share", Unit.PERCENT, shade=shade)
    parts = {"title": "Shares", "source": "balances"}
    return DisplayTable(
        released=release_public(rows, reason="rows of a test"),
        columns=(DisplayColumn("tier", "Tier"), column),
        **{**parts, **changes},
    )


def list_shades(table: DisplayTable) -> list[float | None]:
    return [row[1].shade for row in write_rows(table)]


def render(table: DisplayTable) -> str:
    return bundle(table)["text/html"].split("</style>")[1]


def test_a_bar_is_as_long_as_its_share_of_the_largest() -> None:
    assert list_shades(make_table([50.0, -100.0, 0.0], shade="bar")) == [0.5, -1.0, 0.0]


def test_a_total_does_not_dwarf_the_bars_of_its_parts() -> None:
    table = make_table([40.0, 80.0, 120.0], shade="bar", total_row=True)
    assert list_shades(table) == [0.5, 1.0, None]


def test_a_tint_runs_from_the_nearest_to_the_farthest_from_zero() -> None:
    # (75 - 70) / (80 - 70) = 0.5
    assert list_shades(make_table([70.0, 75.0, 80.0], shade="heat")) == [0.0, 0.5, 1.0]
    assert list_shades(make_table([-1.0, 2.0], shade="heat")) == [-0.5, 1.0]
    assert list_shades(make_table([-3.0, -1.0], shade="heat")) == [-1.0, 0.0]


def test_what_has_no_number_has_no_shade() -> None:
    table = make_table([4.0, None, SUPPRESSED], shade="bar")
    assert list_shades(table) == [1.0, None, None]
    assert list_shades(make_table([0.0, 0.0], shade="bar")) == [None, None]
    assert list_shades(make_table([7.0, 7.0], shade="heat")) == [0.0, 0.0]


def test_negative_bars_go_left_of_a_shared_zero() -> None:
    page = render(make_table([50.0, -100.0], shade="bar"))
    # The axis runs from -1 to 0.5: zero stands at two thirds.
    assert 'style="--from:66.7%;--to:100.0%"' in page
    assert 'class="qb-number qb-bar qb-below"' in page
    assert 'style="--from:0.0%;--to:66.7%"' in page


def test_rows_that_passed_no_door_are_refused() -> None:
    rows = pd.DataFrame({"tier": ["Gold"]})
    columns = (DisplayColumn("tier", "Tier"),)
    with pytest.raises(TypeError, match=r"not a DataFrame\. Pass the rows"):
        DisplayTable(title="T", released=rows, columns=columns, source="balances")


def test_words_stay_legible_on_the_strongest_tint() -> None:
    assert compute_contrast(TEXT, SHADE) >= 4.5
    assert compute_contrast(TEXT, SHADE_BELOW) >= 4.5
    assert "--tint:100%" in render(make_table([1.0, 2.0], shade="heat"))


def test_a_light_says_its_word_beside_a_shape_of_its_own() -> None:
    shapes = {shape for shape, _ in LIGHTS.values()}
    assert len(shapes) == 3
    column = DisplayColumn("v", "Support", shade="light")
    cell = write_cell("amber", column)
    assert (cell.text, cell.kind) == ("amber", "amber")
    words = DisplayColumn(
        "v", "Support", shade="light", lights=("measured", "plausible", "a guess")
    )
    assert write_cell("red", words).text == "a guess"
    assert write_cell("unknown", words).kind == "text"


def test_lights_reach_the_page_and_the_paper() -> None:
    rows = pd.DataFrame({"a": ["Prices hold"], "light": ["green"]})
    table = DisplayTable(
        title="What the numbers rest on",
        released=release_public(rows, reason="the study's method"),
        columns=(
            DisplayColumn("a", "Assumed"),
            DisplayColumn("light", "Support", shade="light"),
        ),
        source="method",
    )
    chip = '<span class="qb-light qb-green"><span aria-hidden="true">●</span> green'
    assert chip in render(table)
    assert '("green", "green", none, )' in bundle(table)["text/vnd.typst"]


def test_cells_hand_their_shade_to_the_paper() -> None:
    typst = bundle(make_table([50.0, -100.0, None], shade="bar"))["text/vnd.typst"]
    assert '("50.0", "number", 0.500, )' in typst
    assert '("−100.0", "number", -1.000, )' in typst
    assert '("–", "missing", none, )' in typst
    assert '("Share", "%", true, "bar", )' in typst


def test_a_long_table_may_be_sorted_by_values_not_by_words() -> None:
    page = render(make_table([1234.56, -2.0, None, 3.0]))
    assert '<table class="qb-sortable">' in page
    assert 'data-value="1234.6"' in page
    assert 'data-value="-2"' in page
    assert len(re.findall("data-value", page)) == 3


def test_days_sort_in_time() -> None:
    days = pd.to_datetime(["2026-09-30", "2025-12-31"] * 2)
    rows = pd.DataFrame({"day": days})
    table = DisplayTable(
        title="Days",
        released=release_public(rows, reason="calendar"),
        columns=(DisplayColumn("day", "Day"),),
        source="calendar",
    )
    page = render(table)
    assert 'data-value="20260930"' in page
    assert "30 September 2026" in page


def test_three_rows_need_no_sorting() -> None:
    assert "qb-sortable" not in render(make_table([1.0, 2.0, 3.0]))
    assert "qb-sortable" not in render(make_table([1.0, 2.0, 3.0, 6.0], total_row=True))


def test_a_total_stands_in_the_foot_and_stays_there() -> None:
    page = render(make_table([1.0, 2.0, 3.0], total_row=True))
    assert re.search(r'</tbody><tfoot><tr class="qb-total">.*3\.0.*</tr></tfoot>', page)


def test_a_table_is_kept_with_the_numbers_that_it_prints() -> None:
    table = make_table([12.345, None, SUPPRESSED, -0.04])
    notebook = {"cells": [{"outputs": [{"data": bundle(table)}]}]}
    (content,) = read_shown(json.loads(json.dumps(notebook)), "table")
    assert content["values"] == [
        ["T0", 12.3],
        ["T1", None],
        ["T2", {"hidden": True}],
        ["T3", 0.0],
    ]
    assert [row[1] for row in content["rows"]] == ["12.3", "–", "hidden", "0.0"]
    assert content["customers"] is None


def test_hidden_cells_of_customers_are_counted_under_the_table() -> None:
    rows = pd.DataFrame(
        {"tier": ["A", "B", "C"], "customers": [50, 60, 3], "v": [1.0, 2.0, 3.0]}
    )
    released = release(rows, count="customers", amounts=["v"])
    table = DisplayTable(
        title="Profit",
        released=released,
        columns=(
            DisplayColumn("tier", "Tier"),
            DisplayColumn("v", "Profit", decimals=1),
        ),
        source="profit",
    )
    # The count is hidden too, but is not shown: only shown cells are counted.
    assert table.n_hidden == 1
    line = f"One cell is hidden to protect customers (rule set {released.version})."
    assert line in render(table)
    assert line in bundle(table)["text/vnd.typst"]


@pytest.mark.parametrize("values", [[1.0, 2.0], [SUPPRESSED, 2.0]])
def test_rows_about_no_customer_have_no_such_line(values: list[object]) -> None:
    assert "protect customers" not in render(make_table(values))


def test_a_short_name_of_a_row_is_not_broken_and_a_long_one_may_be() -> None:
    names = ["大额存单, 36 months", "Worth as many equally weighted answers"]
    rows = pd.DataFrame({"name": names, "v": [1.0, 2.0]})
    columns = (DisplayColumn("name", "Name"), DisplayColumn("v", "Share", Unit.PERCENT))
    released = release_public(rows, reason="rows of a test")
    table = DisplayTable(title="T", released=released, columns=columns, source="toy")
    page = bundle(table)["text/html"]
    assert f'<th scope="row" class="qb-short">{names[0]}</th>' in page
    assert f'<th scope="row">{names[1]}</th>' in page
