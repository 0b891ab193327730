import json
import math

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.disclosure import SUPPRESSED, release_public
from analysis.presentation.drawing import theme
from analysis.presentation.drawing.drawings import Drawing, DrawnData
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.rendering.item_words import write_origin
from analysis.presentation.rendering.notebook_style import NOTEBOOK_STYLE
from analysis.presentation.rendering.table_words import write_cell
from analysis.presentation.rendering.typst_calls import quote
from analysis.presentation.show import TYPST_TYPE, bundle, read_shown, show
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import Unit

HOSTILE = '<script>alert(1)</script> #panic("x") $x$ *b* @r =cmd() \\ [a](b) "q" \x00'


def make_finding(**changes):
    values = {
        "key": "pass_through",
        "requirement": "B1",
        "headline": "Savers receive 62% of a move",
        "sentence": "Of a move, 62.0% reaches savers (95% interval 55.0% to 69.0%).",
        "action": "Price the next cut at 60%.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 23_456,
        "period": "2026Q3",
        "source": "balances, rates",
        "measure": "Share of profit made by the top 20%",
        "estimate": 62.0,
        "lower": 55.0,
        "upper": 69.0,
    }
    return Finding(**{**values, **changes})


def make_table(values, **changes):
    rows = pd.DataFrame({"tier": [f"T{n}" for n in range(len(values))], "v": values})
    columns = (DisplayColumn("tier", "Tier"), DisplayColumn("v", "Share", Unit.PERCENT))
    shape = {"title": "Shares", "source": "balances"}
    released = release_public(rows, reason="rows of a test")
    return DisplayTable(released=released, columns=columns, **{**shape, **changes})


def make_chart(**changes):
    figure = theme.open_figure(2.0)
    figure.add_subplot().plot([1, 2], [3, 4])
    words = {"title": "It rose", "subtitle": "Percent", "source": "rates", "alt": "Up"}
    return Chart(drawing=Drawing(figure, DrawnData(())), nobs=2, **{**words, **changes})


def make_notebook(*items):
    outputs = [{"output_type": "display_data", "data": bundle(item)} for item in items]
    return {"cells": [{"cell_type": "markdown"}, {"outputs": outputs}]}


def test_a_finding_is_read_back_with_all_its_fields():
    finding = make_finding(previous=58.4, change="no clear change", nobs=np.int64(7))
    notebook = json.loads(json.dumps(make_notebook(finding, Note("Left out."))))
    assert read_shown(notebook, "note") == [{"text": "Left out."}]
    (content,) = read_shown(notebook, "finding")
    assert Finding(**{**content, "unit": Unit(content["unit"])}) == finding


def test_a_number_that_is_not_finite_is_kept_as_missing():
    (content,) = read_shown(make_notebook(make_finding(previous=math.nan)), "finding")
    assert content["previous"] is None
    assert "Quarter before" not in bundle(make_finding(previous=math.nan))["text/html"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("rose", "Clear rise"),
        ("fell", "Clear fall"),
        ("no clear change", "chance alone could explain it"),
        ("measured", "19 in 20 such ranges hold the true figure"),
    ],
)
def test_a_manager_reads_how_sure_a_finding_is(verdict, words):
    assert words in bundle(make_finding(verdict=verdict))["text/html"]


def test_an_exact_total_is_said_to_be_counted():
    finding = make_finding(verdict="exact", lower=None, upper=None)
    assert "Exact: a full count" in bundle(finding)["text/html"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("rose", "58.4%, clearly up since"),
        ("fell", "58.4%, clearly down since"),
        ("no clear change", "58.4%, no clear change since"),
        (None, "<dd>58.4%</dd>"),
    ],
)
def test_the_quarter_before_is_told_with_what_became_of_it(change, words):
    assert words in bundle(make_finding(previous=58.4, change=change))["text/html"]


@pytest.mark.parametrize(
    ("changes", "arrow", "words"),
    [
        ({"previous": 50.0, "change": "rose"}, "↑", "Up on the quarter before"),
        ({"previous": 70.0, "change": "fell"}, "↓", "Down on the quarter before"),
        ({}, "◆", "This quarter&#x27;s level"),
    ],
)
def test_a_digest_says_where_each_number_went(changes, arrow, words):
    digest = Digest((DigestEntry(make_finding(**changes), "x", "X"),))
    shown = bundle(digest)
    assert f'<span aria-hidden="true">{arrow}</span>' in shown["text/html"]
    assert words in shown["text/html"]
    assert f'"{arrow}"' in shown[TYPST_TYPE]


def test_a_refused_finding_looks_different_and_says_why():
    refused = make_finding(
        verdict="not identified",
        estimate=None,
        lower=None,
        upper=None,
        reason="None of the cuts falls into the period.",
    )
    shown = bundle(refused)
    assert "qb-refused" in shown["text/html"]
    assert "<dt>Not identified</dt><dd>None of the cuts" in shown["text/html"]
    assert "refused: true" in shown["text/vnd.typst"]
    assert "qb-refused" not in bundle(make_finding())["text/html"].split("</style>")[1]


def test_missing_suppressed_and_zero_are_three_things():
    column = DisplayColumn("v", "Share", Unit.PERCENT)
    cells = [write_cell(value, column) for value in (np.nan, SUPPRESSED, 0.0, -0.0)]
    assert [cell.text for cell in cells] == ["–", "hidden", "0.0", "0.0"]
    assert [cell.kind for cell in cells[:3]] == ["missing", "suppressed", "number"]
    page = bundle(make_table([np.nan, SUPPRESSED, 0.0]))["text/html"]
    assert '<td class="qb-number qb-suppressed">hidden</td>' in page
    assert '<td class="qb-number qb-missing">–</td>' in page


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (1234.56, DisplayColumn("v", "V", Unit.MONEY, 1, "CNY million"), "1,234.6"),
        (1234.56, DisplayColumn("v", "V", Unit.COUNT), "1,235"),
        (-1.25, DisplayColumn("v", "V", Unit.PERCENTAGE_POINTS), "−1.25"),
        (1234.5, DisplayColumn("v", "V", decimals=2), "1,234.50"),
        (pd.Timestamp("2026-09-30"), DisplayColumn("v", "V"), "30 September 2026"),
        (True, DisplayColumn("v", "V"), "yes"),
        (np.False_, DisplayColumn("v", "V"), "no"),
        (2026, DisplayColumn("v", "V"), "2026"),
        (None, DisplayColumn("v", "V"), "–"),
        (pd.NaT, DisplayColumn("v", "V"), "–"),
    ],
)
def test_a_cell_is_written_as_its_column_asks(value, column, text):
    assert write_cell(value, column).text == text


def test_an_infinite_number_is_refused():
    with pytest.raises(ValueError, match="must be finite"):
        bundle(make_table([math.inf]))


def test_a_table_has_units_in_its_heads_and_its_total_apart():
    shown = bundle(make_table([1.0, 2.0], total_row=True, note="A note."))
    page = shown["text/html"]
    assert '<th scope="col" class="qb-number">Share' in page
    assert '<span class="qb-unit">%</span>' in page
    assert page.count('scope="row"') == 2
    assert page.count('<tr class="qb-total">') == 1
    assert "<caption><span>Shares</span></caption>" in page
    (content,) = read_shown(make_notebook(make_table([1.0])), "table")
    assert content["rows"] == [["T0", "1.0"]]
    assert content["columns"][1] == {"label": "Share", "unit": "%"}


def test_a_chart_is_named_for_who_hears_it():
    shown = bundle(make_chart(alt='Goes "up" & on'))
    assert 'role="img" aria-label="Goes &quot;up&quot; &amp; on"' in shown["text/html"]
    assert shown["text/html"].count("<svg") == 1
    (content,) = read_shown(make_notebook(make_chart()), "chart")
    assert content["nobs"] == 2
    assert "svg" not in content


@pytest.mark.parametrize(
    "item",
    [
        make_finding(headline=HOSTILE, sentence=HOSTILE, action=HOSTILE, key=HOSTILE),
        make_table([1.0], title=HOSTILE, source=HOSTILE, note=HOSTILE),
        make_chart(title=HOSTILE, alt=HOSTILE, source=HOSTILE),
        Note(HOSTILE),
    ],
    ids=lambda item: type(item).__name__,
)
def test_no_text_becomes_markup(item):
    shown = bundle(item)
    assert "<script" not in shown["text/html"]
    assert "\x00" not in shown["text/html"]
    assert '"q"' not in shown["text/html"]
    literal = quote(HOSTILE)[1:-1]
    without_literals = shown["text/vnd.typst"].replace(literal, "")
    assert literal in shown["text/vnd.typst"]
    assert "panic" not in without_literals


def test_the_same_item_gives_the_same_bundle():
    for make in (make_finding, make_chart, lambda: make_table([1.0, None])):
        assert bundle(make()) == bundle(make())


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(TypeError, match=r"Only a Finding.*not 'DataFrame'"):
        show(pd.DataFrame())


def test_show_takes_sequences_and_keeps_their_order(capsys):
    show(Note("first"), [Note("second"), (Note("third"),)])
    assert capsys.readouterr().out.split() == ["first", "second", "third"]


def test_a_fragment_carries_its_style_for_the_notebook():
    assert bundle(Note("x"))["text/html"].startswith(NOTEBOOK_STYLE)


def test_the_origin_says_source_observations_and_period():
    assert write_origin("rates.", 1200, "2026Q3") == (
        "Source: rates. 1,200 observations, 2026Q3."
    )
    assert write_origin("rates") == "Source: rates."
