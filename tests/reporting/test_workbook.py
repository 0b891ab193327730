import csv
import io

import openpyxl
import pandas as pd
import pytest
from nbformat import write as write_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import SUPPRESSED, release_public
from analysis.presentation.drawing import theme
from analysis.presentation.drawing.drawings import Drawing, DrawnColumn, DrawnData
from analysis.presentation.show import bundle
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.reporting.pages.exhibits import count_decimals, read_exhibits
from analysis.reporting.pages.workbook import write_csv, write_tables, write_workbook
from analysis.units import Unit
from analysis.wording import speak

# Beginnings that OWASP's page "CSV Injection" names, and the full-width ones.
ARMED = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3",
    "+1",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("https://example.org","x")',
]
HARMLESS = ["Gold", "金卡", 'He said "no", twice', "https://example.org", "{=1}", "12"]


def make_table(texts=("Gold", "Silver", "Basic"), title="Profit by tier", **changes):
    values = [1234.5, -12.0, SUPPRESSED, None] * len(texts)
    rows = pd.DataFrame(
        {
            "tier": list(texts),
            "profit": pd.Series(values[: len(texts)], dtype=object),
        }
    )
    columns = (
        DisplayColumn("tier", "Tier"),
        DisplayColumn("profit", "Profit", Unit.PERCENT),
    )
    released = release_public(rows, reason="a test")
    given = {"source": "books", "note": "After tax.", **changes}
    return DisplayTable(title=title, released=released, columns=columns, **given)


def make_chart():
    columns = (
        DrawnColumn("Tier", "", ("Gold", "Basic")),
        DrawnColumn("Share", "% of profit", (12.3, 56.0)),
    )
    figure = theme.open_figure(1.0)
    return Chart(
        drawing=Drawing(figure, DrawnData(columns)),
        title="Basic brings most",
        subtitle="Share of profit",
        source="books",
        nobs=2,
        alt="Two bars",
    )


def save_notebook(folder, *items, name="profit"):
    cells = [new_markdown_cell("# Profit")]
    for item in items:
        output = new_output("display_data", data=bundle(item))
        cells.append(new_code_cell("show(x)", outputs=[output]))
    path = folder / f"{name}.ipynb"
    write_notebook(new_notebook(cells=cells), path)
    return path


def read(folder, *items):
    return read_exhibits("profit", "Profitability", save_notebook(folder, *items))


def read_back(exhibit):
    text = write_csv(exhibit).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def open_book(exhibits):
    return openpyxl.load_workbook(io.BytesIO(write_workbook(exhibits)))


def list_cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.fixture
def exhibits(tmp_path):
    return read(tmp_path, make_table(), make_chart())


# -- What is read from a notebook


def test_tables_and_charts_are_read_in_the_order_of_the_report(exhibits):
    assert [each.file_name for each in exhibits] == ["01-table.csv", "02-chart.csv"]
    assert [each.nobs for each in exhibits] == [None, 2]


def test_numbers_are_rounded_as_the_report_prints_them(tmp_path):
    (table,) = read(tmp_path, make_table())
    assert table.rows == (("Gold", 1234.5), ("Silver", -12.0), ("Basic", "hidden"))
    (chart,) = read(tmp_path, make_chart())
    assert ("Gold", 12.3) in {(row[0], row[1]) for row in chart.rows}


@pytest.mark.parametrize(
    ("cells", "decimals"),
    [
        ([1.0, -25.0], 0),
        ([0.05, 1.5], 2),
        ([0.1 + 0.2], 1),
        ([None, "hidden"], 0),
        ([], 0),
    ],
)
def test_a_column_has_the_digits_that_it_was_rounded_to(cells, decimals):
    assert count_decimals(cells) == decimals


# -- CSV


def test_a_file_is_rfc_4180_text_that_excel_reads_as_utf_8(tmp_path):
    (table,) = read(tmp_path, make_table(('金卡 "1", a', "Silver", "Basic")))
    byte_order_mark, text = write_csv(table)[:3], write_csv(table)[3:].decode("utf-8")
    assert byte_order_mark == b"\xef\xbb\xbf"
    assert text == (
        'Tier,Profit (%)\r\n"金卡 ""1"", a",1234.5\r\nSilver,-12.0\r\nBasic,hidden\r\n'
    )


def test_missing_is_empty_and_zero_is_not(tmp_path):
    (table,) = read(tmp_path, make_table(("A", "B", "C", "D")))
    assert read_back(table)[4] == ["D", ""]


@pytest.mark.parametrize("text", ARMED)
def test_text_that_would_be_calculated_begins_with_an_apostrophe(tmp_path, text):
    (table,) = read(tmp_path, make_table((text, "Silver", "Basic")))
    (_, first, second, _) = read_back(table)
    assert first[0].startswith("'") or not first[0].startswith(tuple("=+-@\t\r＝"))
    assert second == ["Silver", "-12.0"]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(tmp_path, text):
    (table,) = read(tmp_path, make_table((text, "Silver", "Basic")))
    assert read_back(table)[1][0] == text


def test_heads_are_disarmed_too(tmp_path):
    columns = (DisplayColumn("tier", "=1+1"),)
    rows = release_public(pd.DataFrame({"tier": ["Gold"]}), reason="a test")
    table = DisplayTable(title="T", released=rows, columns=columns, source="books")
    (exhibit,) = read(tmp_path, table)
    assert read_back(exhibit)[0] == ["'=1+1"]


# -- The workbook


def test_no_cell_of_the_workbook_is_a_formula_or_leads_outside(tmp_path):
    texts = (*ARMED, *HARMLESS)
    table = make_table(texts, title="=1+1", note="@SUM(1)", source="+1")
    book = open_book(read(tmp_path, table, make_chart()))
    cells = list_cells(book)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert len(links) == 4  # one to each sheet, and one back
    assert all(link.target is None and link.location for link in links)
    kept = {cell.value for cell in cells}
    assert {"=cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "=1+1"} <= kept


def test_every_link_leads_to_a_sheet_that_exists(exhibits):
    book = open_book(exhibits)
    for cell in list_cells(book):
        if cell.hyperlink:
            name, _, place = cell.hyperlink.location.rpartition("!")
            assert name.strip("'") in book.sheetnames
            assert place == "A1"


def test_numbers_are_numbers_with_the_digits_of_the_report(exhibits):
    _, table, _ = open_book(exhibits).worksheets
    assert [[cell.value for cell in row] for row in table["A4:B7"]] == [
        ["Tier", "Profit (%)"],
        ["Gold", 1234.5],
        ["Silver", -12],
        ["Basic", "hidden"],
    ]
    assert table["B5"].number_format == "#,##0.0"
    assert table.freeze_panes == "A5"


def test_a_sheet_tells_title_subtitle_note_and_source(exhibits):
    _, table, chart = open_book(exhibits).worksheets
    told = [row[0].value for row in table.iter_rows() if row[0].value]
    assert told[0] == "Profit by tier"
    assert told[-2:] == ["After tax.", "Source: books"]
    assert [chart["A1"].value, chart["A2"].value] == [
        "Basic brings most",
        "Share of profit",
    ]


def test_the_contents_list_study_title_unit_source_and_observations(exhibits):
    contents = open_book(exhibits).worksheets[0]
    assert [cell.value for cell in contents[6]] == [
        *("Profitability", "Chart", "Basic brings most", "% of profit", "books", 2),
        "1-02 Basic brings most",
    ]


def test_names_of_sheets_are_short_plain_and_unique(tmp_path):
    title = "'A' [very] long: title? of a/b\\c * with all that Excel refuses in a name'"
    book = open_book(read(tmp_path, make_table(title=title), make_table(title=title)))
    names = book.sheetnames
    assert len({name.lower() for name in names}) == 3
    for name in names:
        assert len(name) <= 31
        assert not set("[]:*?/\\'") & set(name)


# -- A quarter


def test_a_quarter_gets_a_file_for_each_exhibit_and_one_workbook(tmp_path):
    notebook = save_notebook(tmp_path, make_table(), make_chart())
    studies = [
        ("profit", "Profitability", notebook),
        ("survey", "Survey", tmp_path / "none.ipynb"),
    ]
    paths = write_tables(tmp_path, studies)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "tables.xlsx",
        "tables/profit/01-table.csv",
        "tables/profit/02-chart.csv",
    ]
    assert all(path.is_file() for path in paths)


def test_a_quarter_without_exhibits_gets_no_workbook(tmp_path):
    notebook = save_notebook(tmp_path)
    assert write_tables(tmp_path, [("profit", "Profitability", notebook)]) == {}
    assert not (tmp_path / "tables.xlsx").exists()


def test_the_same_notebooks_give_the_same_bytes(tmp_path, monkeypatch):
    notebook = save_notebook(tmp_path, make_table(), make_chart())
    studies = [("profit", "Profitability", notebook)]
    before = [path.read_bytes() for path in write_tables(tmp_path, studies)]
    monkeypatch.setattr("time.time", lambda: 1.9e9)
    assert before == [path.read_bytes() for path in write_tables(tmp_path, studies)]


def test_a_chinese_workbook_is_chinese(exhibits, tmp_path):
    with speak("zh"):
        (path, *_) = write_tables(
            tmp_path, [("profit", "盈利能力", save_notebook(tmp_path, make_table()))]
        )
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0]["A5"].value == "盈利能力"
