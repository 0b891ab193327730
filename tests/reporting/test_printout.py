import io
from dataclasses import replace

import pandas as pd
import pypdf
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import release_public
from analysis.presentation.drawing import theme
from analysis.presentation.drawing.drawings import Drawing, DrawnColumn, DrawnData
from analysis.presentation.findings import Finding
from analysis.presentation.show import bundle
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.reporting.pages.blocks import Details
from analysis.reporting.pages.document import read_document
from analysis.reporting.pages.printout import print_document
from analysis.reporting.pages.typst_blocks import TypstBlock, write_blocks
from analysis.units import Unit
from analysis.wording import speak

ALT = "One line that rises from three to four"


def count_pages(n_paragraphs, layout):
    text = "A sentence that fills a part of one line of the page."
    cells = [new_markdown_cell("# Title"), new_markdown_cell("## Part")]
    cells += [new_markdown_cell(text) for _ in range(n_paragraphs)]
    notebook = new_notebook(cells=cells)
    notebook.metadata["quarterbook"] = {"layout": layout}
    return print_document(read_document(notebook)).page_count


def make_finding(number, **changes):
    values = {
        "key": f"finding_{number}",
        "requirement": "B1",
        "headline": f"Headline {number}",
        "sentence": "It is 62% (55% to 69%).",
        "action": f"Act on {number}.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 12,
        "period": "2026Q3",
        "source": "rates",
        "measure": "Share of profit made by the top 20%",
        "estimate": 62.0,
        "lower": 55.0,
        "upper": 69.0,
        "importance": 1 - number / 20,
    }
    return Finding(**{**values, **changes})


def make_chart(height=3.0):
    figure = theme.open_figure(height)
    figure.add_subplot().plot([1, 2], [3, 4])
    columns = (
        DrawnColumn("Year", "", ("2025", "2026")),
        DrawnColumn("Rate", "% a year", (3.0, 4.0)),
    )
    return Chart(
        drawing=Drawing(figure, DrawnData(columns)),
        title="Rates rose",
        subtitle="Percent a year",
        source="rates",
        nobs=2,
        alt=ALT,
    )


def make_table(n_rows, n_columns=2):
    names = [f"column {n}" for n in range(n_columns)]
    rows = pd.DataFrame({name: [f"{name}{n}" for n in range(n_rows)] for name in names})
    columns = tuple(DisplayColumn(name, name.title()) for name in names)
    released = release_public(rows, reason="rows of a test")
    return DisplayTable(title="Rows", released=released, columns=columns, source="toy")


def make_notebook(*parts, opening="# Rates\n\n**Question.** How much?", **page):
    """Make a notebook of Markdown texts and shown items."""
    cells = [new_markdown_cell(opening)]
    for part in parts:
        if isinstance(part, str):
            cells.append(new_markdown_cell(part))
        else:
            shown = new_output("display_data", data=bundle(part))
            cells.append(new_code_cell("show(x)", outputs=[shown]))
    notebook = new_notebook(cells=cells)
    known = {"quarter": "2026Q3", "source_title": "Toy bank", "run": "eadb5834"}
    notebook.metadata["quarterbook"] = {**known, **page}
    return notebook


def print_pages(*parts, language="en", **page):
    document = read_document(make_notebook(*parts, language=language, **page))
    with speak(language):
        return pypdf.PdfReader(io.BytesIO(print_document(document).content))


def list_texts(reader):
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def walk(element):
    """Walk through the tags of a PDF."""
    element = element.get_object()
    for child in element if isinstance(element, list) else [element]:
        known = child.get_object()
        if isinstance(known, dict):
            yield known
            if "/K" in known:
                yield from walk(known["/K"])


def list_tags(reader, name):
    root = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    return [tag for tag in walk(root) if tag.get("/S") == name]


def list_fonts(reader):
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            known = font.get_object()
            fonts[known["/BaseFont"]] = known["/DescendantFonts"][0].get_object()
    return fonts


REPORT = (
    "## Which segment?",
    *(make_finding(0), make_chart(), make_table(4)),
    "## Which channel?",
    *(make_finding(1), make_chart(), make_finding(2), make_table(30)),
    "## Checks",
    make_table(5),
    "## Method",
    "The share is **known**.\n\nA second paragraph.",
    "## Codebook",
    make_table(40, n_columns=3),
    "## Run record",
    make_table(20, n_columns=3),
)


@pytest.fixture(scope="module")
def report():
    return print_pages(*REPORT)


@pytest.fixture(scope="module")
def texts(report):
    return list_texts(report)


def test_a_one_page_report_sets_its_type_smaller_before_it_takes_a_second_page():
    # Measured: 53 such paragraphs fit a page at 7.5 points, fewer at 8.5.
    assert count_pages(53, "one-page") == 1
    assert count_pages(53, "report") == 2


def test_a_report_that_fits_at_no_size_takes_the_pages_that_it_needs():
    assert count_pages(120, "one-page") > 1


# -- Page one and the running heads


def test_page_one_opens_with_quarter_bank_status_and_run(texts):
    assert texts[0].startswith("2026Q3 Toy bank Final Run eadb5834 Rates How much?")


def test_a_report_that_no_run_made_says_so():
    (page, *_) = list_texts(print_pages("## A", run=""))
    assert "Draft: not from a quarterly run" in page


def test_page_one_boxes_the_findings_with_size_interval_and_action(texts):
    box = texts[0][: texts[0].index("Which segment?")]
    assert box.index("At a glance") < box.index("Headline 0") < box.index("Headline 1")
    assert "62.0%" in box
    assert "55.0% to 69.0%" in box
    assert "Act on 0." in box
    assert "This quarter's level" in box
    assert "page 1" in box


def test_a_highlight_leads_to_its_finding(report):
    targets = [
        annotation.get_object()["/Dest"]
        for annotation in report.pages[0]["/Annots"]
        if "/Dest" in annotation.get_object()
    ]
    assert len(targets) >= 3


def test_later_pages_carry_bank_quarter_title_and_number(texts):
    for number, text in enumerate(texts[1:], start=2):
        assert text.startswith("2026Q3 Toy bank Rates")
        assert f"Page {number} of {len(texts)}" in text


def test_a_one_page_report_has_no_box_of_its_own():
    (page,) = list_texts(print_pages("## A", make_finding(0), layout="one-page"))
    assert "At a glance" not in page


# -- How pages are filled


def test_charts_and_tables_leave_no_page_half_empty():
    # Five of these make 1.1 pages each where nothing gives way.
    parts = [(make_finding(n), make_chart(4.4), make_table(9)) for n in range(5)]
    shown = [item for part in parts for item in part]
    assert len(print_pages("## A", *shown).pages) <= 6


def test_a_heading_stands_on_the_page_of_what_follows_it(texts):
    for heading, following in (
        ("Which channel?", "It is 62% (55% to 69%)."),
        ("Checks", "Rows"),
    ):
        (page, *_) = [text for text in texts[1:] if heading in text] or texts[:1]
        assert following in page[page.index(heading) :]


def test_a_table_leaves_no_single_row_on_a_page():
    for n_rows in (36, 44, 48, 60):
        reader = print_pages("## A", make_finding(0), make_table(n_rows))
        rows = [text.count("column 0") for text in list_texts(reader)]
        assert sum(rows) == n_rows
        assert all(count == 0 or count >= 3 for count in rows), (n_rows, rows)


MIDDLE, A_LINE = 297, 9


@pytest.mark.parametrize("n_rows", [12, 15, 23])
def test_the_second_column_of_a_list_ends_no_lower_than_the_first(n_rows):
    words = "A meaning that takes one line, or two, or three, or four of them. "
    rows = pd.DataFrame({"what": [f"row_{n}" for n in range(n_rows)]})
    rows = rows.assign(why=[words * (1 + n % 3) for n in range(n_rows)])
    columns = (DisplayColumn("what", "What"), DisplayColumn("why", "Why"))
    released = release_public(rows, reason="rows of a test")
    table = DisplayTable(title="L", released=released, columns=columns, source="toy")
    reader = print_pages("## A", make_finding(0), "## Run record", table)
    places = []
    reader.pages[-1].extract_text(
        visitor_text=lambda text, sheet, line, *_: places.append(
            (text, sheet[4] + sheet[0] * line[4], sheet[5] + sheet[3] * line[5])
        )
    )
    rows = [(across, up) for text, across, up in places if "line" in text]
    left = [up for across, up in rows if across < MIDDLE]
    right = [up for across, up in rows if across > MIDDLE]
    assert left
    assert right
    # what does not fit its column runs on below the second one
    assert min(right) > min(left) - A_LINE


def test_the_appendix_begins_after_the_last_finding_and_chart():
    blocks = write_blocks(read_document(make_notebook(*REPORT)))
    parts = [(block.part, block.source.splitlines()[0]) for block in blocks]
    assert [part for part, _ in parts] == [
        *["body"] * 9,
        *["appendix"] * 4,
        *["reference"] * 4,
    ]
    assert ("appendix", "= Checks") in parts
    assert ("reference", "= Codebook") in parts


def make_notebook_with_details():
    """Give two sections with details, of which the last has a name of its own."""

    def show(number, **metadata):
        data = bundle(make_finding(number))
        output = new_output("display_data", data=data)
        return new_code_cell(f"show({number})", outputs=[output], metadata=metadata)

    tags = {"tags": ["details"]}
    named = {"tags": ["en", "details"]}
    cells = [new_markdown_cell("# T"), new_markdown_cell("## Who?"), show(1)]
    cells += [show(2, **tags), show(3, **tags)]
    cells += [new_markdown_cell("## Why?\n\n*For deciding.*"), show(4)]
    cells += [show(5, **tags), new_markdown_cell("*By hand*", metadata=named)]
    cells += [show(6, **tags), new_markdown_cell("## Method"), new_markdown_cell("x")]
    return new_notebook(cells=cells)


def test_details_are_named_by_their_own_text_or_by_their_section():
    blocks = read_document(make_notebook_with_details()).blocks
    found = [
        (block.name, [item.content["key"] for item in block.blocks[1::2]])
        for block in blocks
        if isinstance(block, Details)
    ]
    assert found == [
        ("Who?", ["finding_2", "finding_3"]),
        ("Why?", ["finding_5"]),
        ("By hand", ["finding_6"]),
    ]


def test_details_open_the_appendix_in_the_order_of_their_sections():
    blocks = write_blocks(read_document(make_notebook_with_details()))
    appendix = [block.source for block in blocks if block.part == "appendix"]
    keys = ["#heading(level: 1", "#qb-details(", "2", "3"]
    keys += ["#qb-details(", "5", "#qb-details(", "6", "= Method", "x"]
    for source, key in zip(appendix, keys, strict=True):
        assert source.startswith(key) or f"qb-finding-finding_{key}" in source
    body = [block for block in blocks if block.part == "body"]
    assert [block.kind for block in body] == ["prose", "finding"] * 2


def test_a_page_may_end_between_the_entries_of_a_list():
    # Worked by hand: three entries and the gap before the paragraph after them.
    block = TypstBlock("= References\n+ a\n+ b\n+ c\n\nEnd", "prose", part="appendix")
    assert block.galley.count('#qb-place("row")') == 4
    assert replace(block, part="body").galley == block.source


def test_a_summary_has_no_appendix():
    notebook = make_notebook(*REPORT, layout="one-page")
    assert {block.part for block in write_blocks(read_document(notebook))} == {"body"}


def test_a_codebook_heads_its_columns_by_table():
    # Runs of one word in the first column become heads of level 2.
    rows = pd.DataFrame({"t": ["accounts"] * 9 + ["quotes"] * 9, "c": range(18)})
    columns = (DisplayColumn("t", "Table"), DisplayColumn("c", "Column", Unit.COUNT))
    released = release_public(rows, reason="rows of a test")
    table = DisplayTable(title="C", released=released, columns=columns, source="toy")
    reader = print_pages("## A", make_finding(0), "## Codebook", table)
    (text, *_) = list_texts(reader)
    assert text.count("accounts") == text.count("quotes") == 1
    heads = [tag for tag in list_tags(reader, "/TH") if "/A" in tag]
    assert len(heads) == 3


# -- What is promised to readers who hear the page, and to archives


def test_the_file_declares_the_standard_and_tags_its_structure(report):
    root = report.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    for name in ("/Title", "/H1", "/H2", "/Table", "/TH", "/Caption"):
        assert list_tags(report, name), name


def test_every_figure_says_what_it_shows(report):
    assert [tag.get("/Alt") for tag in list_tags(report, "/Figure")] == [ALT, ALT]


def test_every_heading_has_a_bookmark(report):
    sections = [entry.title for entry in report.outline if not isinstance(entry, list)]
    assert sections == [
        *("At a glance", "Which segment?", "Which channel?"),
        *("Checks", "Method", "Codebook", "Run record"),
    ]


def test_every_font_is_in_the_file(report):
    fonts = list_fonts(report)
    assert fonts
    for name, font in fonts.items():
        descriptor = font["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), name


def test_the_file_tells_neither_a_day_nor_a_place(report):
    assert report.metadata.creation_date is None
    told = " ".join(map(str, report.metadata.values()))
    told += report.trailer["/Root"]["/Metadata"].get_data().decode("utf-8")
    for word in ("/tmp", "/home", "/srv", "CreateDate", "ModifyDate", "report.typ"):
        assert word not in told


def test_the_same_report_gives_the_same_bytes():
    document = read_document(make_notebook(*REPORT[:4]))
    assert print_document(document) == print_document(document)


def test_a_chinese_report_is_chinese_to_its_reader_program():
    reader = print_pages(
        "## 利率如何变动？",
        make_finding(0, headline="利率下降10个基点"),
        opening="# 存款利率\n\n**问题。** 有多少传导至存款人？",
        language="zh",
        title="存款利率",
    )
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.metadata.title == "存款利率"
    assert reader.metadata.subject == "有多少传导至存款人？"
    assert "2026年第3季度" in list_texts(reader)[0].replace(" ", "")
    assert reader.outline[1].title == "利率如何变动？"
