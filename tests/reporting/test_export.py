import base64
import io
import re
from html.parser import HTMLParser
from importlib.metadata import entry_points

import numpy as np
import pandas as pd
import pypdf
import pytest
from fontTools.ttLib import TTFont
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from analysis.errors import RunFailedError
from analysis.presentation.charts import Chart
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.disclosure import SUPPRESSED, release_public
from analysis.presentation.drawing import theme
from analysis.presentation.drawing.drawings import Drawing, DrawnColumn, DrawnData
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.reporting.export import (
    PAGE_COUNT,
    QuarterbookHTMLExporter,
    QuarterbookPDFExporter,
)
from analysis.reporting.pages.blocks import Failure
from analysis.reporting.pages.document import read_document
from analysis.reporting.pages.index_page import Cover, IndexEntry, Link, render_index
from analysis.reporting.pages.markdown import convert_cells
from analysis.units import Unit

HOSTILE = '<script>alert(1)</script> #panic("x") $x$ *b* @r =cmd() \\n [a](b)'
TITLE = (
    "# Deposit-rate elasticity\n\n**Question.** How much reaches savers?\n"
    "**Used for** the pricing round. **Owner** Treasury research."
)
PARAMETERS = 'quarter: str = "2026Q3"  # Quarter\nsource: str = "toy"  # Source'
METHOD = (
    "## Method 方法\n\nThe share is $\\beta$ and\n\n$$\\theta = \\frac{\\beta}{2}$$\n\n"
    "- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 存款 |\n\n"
    "[paper](https://example.org/paper) [bad](javascript:alert(1)) "
    "![picture](https://example.org/picture.png) <script>alert(2)</script>\n\n"
    "<img src='https://example.org/x.png'>\n\n```python\nx = 1\n```"
)


def make_finding(headline, **changes):
    values = {
        "key": "long_run",
        "requirement": "B1",
        "sentence": "It is 62%.",
        "action": "Price at 60%.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 12,
        "period": "2026Q3",
        "source": "rates",
        "measure": "Share of profit made by the top 20%",
        "estimate": 62.0,
        "lower": 55.0,
        "upper": 69.0,
    }
    return Finding(headline=headline, **{**values, **changes})


def make_table():
    rows = pd.DataFrame(
        {
            "tier": ["金卡", HOSTILE, "Basic", "Total"],
            "share": pd.Series([np.nan, SUPPRESSED, 0.0, 12.5], dtype=object),
        }
    )
    columns = (
        DisplayColumn("tier", "Tier"),
        DisplayColumn("share", "Share", Unit.PERCENT),
    )
    return DisplayTable(
        title="Shares by tier",
        released=release_public(rows, reason="rows of a test"),
        columns=columns,
        source="rates",
        total_row=True,
    )


def make_chart():
    figure = theme.open_figure(2.0)
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
        alt="One line that rises",
    )


def make_cell(source, *outputs):
    return new_code_cell(source, execution_count=3, outputs=list(outputs))


def shown(item):
    return new_output("display_data", data=bundle(item))


def make_notebook(*cells, **page):
    parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[new_markdown_cell(TITLE), parameters, *cells])
    if page:
        notebook.metadata["quarterbook"] = page
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
    return notebook


def make_report(**page):
    items = (
        make_finding("储户分享62%"),
        make_chart(),
        make_table(),
        Note("No survey was taken."),
        make_finding("Elasticity of " + HOSTILE, key=HOSTILE),
    )
    return make_notebook(
        new_markdown_cell("## Which segment keeps most?"),
        *(make_cell("show(study.find(x))", shown(item)) for item in items),
        new_markdown_cell(METHOD),
        **page,
    )


def write_html(notebook):
    return QuarterbookHTMLExporter().from_notebook_node(notebook)[0]


def write_pdf(notebook):
    return QuarterbookPDFExporter().from_notebook_node(notebook)


@pytest.fixture(scope="module")
def page():
    return write_html(make_report())


@pytest.fixture(scope="module")
def printed():
    content, resources = write_pdf(make_report())
    return content, resources[PAGE_COUNT]


@pytest.fixture(scope="module")
def printed_text(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed[0]))
    return "\n".join(sheet.extract_text() for sheet in reader.pages)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def list_elements(page, *tags):
    reader = Reader()
    reader.feed(page)
    return [(tag, known) for tag, known in reader.elements if tag in tags or not tags]


# -- The HTML page


def test_the_page_asks_nothing_of_a_network(page):
    for tag, known in list_elements(page):
        for name in ("src", "href", "data", "srcset", "poster", "action"):
            address = known.get(name) or ""
            if tag != "a":
                assert not re.match(r"(https?:)?//", address), (tag, address)
        assert not any(name.startswith("on") for name in known)
    assert not list_elements(page, "link", "iframe", "object", "base")
    assert not re.search(r"@import|url\((?!#|data:)", page)
    assert "default-src &#39;none&#39;; script-src &#39;sha256-" in page


def test_the_page_has_one_title_landmarks_and_a_language(page):
    assert len(list_elements(page, "h1")) == 1
    assert len(list_elements(page, "main")) == 1
    assert list_elements(page, "html")[0][1]["lang"] == "en"
    assert ("a", {"class": "skip", "href": "#content"}) in list_elements(page, "a")
    assert "<title>Deposit-rate elasticity – 2026Q3</title>" in page


def test_headings_figures_and_tables_are_all_there(page):
    assert len(list_elements(page, "h2")) == 3
    assert len(list_elements(page, "h3")) == 4
    assert len(list_elements(page, "figure")) == 1
    assert len(list_elements(page, "svg")) == 1
    assert len(list_elements(page, "table")) == 2
    assert len(list_elements(page, "math")) == 2


def test_the_list_of_contents_leads_to_places_that_exist(page):
    places = [known["id"] for _, known in list_elements(page) if "id" in known]
    targets = [
        known["href"][1:]
        for _, known in list_elements(page, "a")
        if known["href"].startswith("#")
    ]
    assert len(places) == len(set(places))
    assert set(targets) <= set(places)
    assert "finding-long_run" in places


def test_text_from_data_and_markdown_stays_text_on_the_page(page):
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script") == 1
    assert "javascript:" not in page
    assert "=cmd()" in page


def test_the_front_matter_is_set_apart(page):
    assert '<p class="question">How much reaches savers?</p>' in page
    assert "<dt>Owner</dt><dd>Treasury research</dd>" in page
    assert "<span>toy</span>" in page
    assert "**" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_code_is_folded_and_settings_are_named(page):
    assert page.count("<details") == page.count("</details>")
    assert "Settings of this run</summary>" in page
    body = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "study.find" in page
    assert "study.find" not in body


def test_the_page_carries_every_glyph_it_prints(page):
    regular, bold, *_ = re.findall(r"font/woff2;base64,([^)]+)\)", page)
    for packed, text in (
        (regular, "储户分享方法存款金卡62%–"),
        (bold, "储户分享方法62%"),
    ):
        glyphs = TTFont(io.BytesIO(base64.b64decode(packed))).getBestCmap()
        assert set(map(ord, text)) <= set(glyphs)


def test_the_same_notebook_gives_the_same_page(page):
    assert write_html(make_report()) == page


def test_metadata_of_the_run_goes_before_the_cells():
    page = write_html(
        make_report(
            title="弹性",
            quarter="2026Q4",
            source_title="合成银行",
            status="incomplete",
            run="7",
            language="zh",
        )
    )
    assert list_elements(page, "html")[0][1]["lang"] == "zh-Hans"
    assert "<title>弹性 – 2026年第4季度</title>" in page
    assert "<span>合成银行</span>" in page
    assert '<span class="status status-incomplete">' in page


# -- The PDF


def test_the_pdf_is_tagged_titled_and_in_a_language(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed[0]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title == "Deposit-rate elasticity"
    assert reader.metadata.creation_date is None
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_pdf_has_a_bookmark_for_every_heading(printed):
    outline = pypdf.PdfReader(io.BytesIO(printed[0])).outline
    sections = [entry.title for entry in outline if not isinstance(entry, list)]
    assert sections == ["At a glance", "Which segment keeps most?", "Method 方法"]
    findings = [entry.title for entry in outline[2]]
    assert findings == ["储户分享62%", "Elasticity of " + HOSTILE]


def test_the_pdf_prints_chinese_text_and_page_numbers(printed, printed_text):
    for words in ("储户分享", "方法", "金卡", f"Page 1 of {printed[1]}"):
        assert words in printed_text


def test_text_from_data_stays_text_in_the_pdf(printed_text):
    flat = " ".join(printed_text.split())
    assert HOSTILE in flat
    assert "<script>alert(2)" not in flat


def test_the_pdf_tells_missing_suppressed_and_zero_apart(printed_text):
    assert re.search(r"金卡\s*–", printed_text)
    assert "hidden" in printed_text
    assert re.search(r"Basic\s*0\.0", printed_text)


def test_code_and_messages_are_left_out_of_the_pdf():
    warned = new_output("stream", name="stderr", text="a warning")
    said = new_output("stream", name="stdout", text="a result")
    content, _ = write_pdf(make_notebook(make_cell("secret_code()", warned, said)))
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "a result" in text
    assert "a warning" not in text
    assert "secret_code" not in text


def test_only_packaged_fonts_are_in_the_pdf(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed[0]))
    names = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for sheet in reader.pages
        for font in sheet["/Resources"]["/Font"].values()
    }
    known = ("NotoSansCJK", "NewCMMath", "DejaVuSansMono", "Libertinus")
    assert all(name.startswith(known) for name in names), names


def test_the_same_notebook_gives_the_same_pdf(printed):
    assert write_pdf(make_report())[0] == printed[0]


def test_a_missing_glyph_stops_the_pdf():
    notebook = make_notebook(new_markdown_cell("## A glyph \U0001f9ff"))
    with pytest.raises(RunFailedError, match=r"displayed.*without a glyph"):
        write_pdf(notebook)


def test_a_long_table_repeats_its_head_on_every_page():
    rows = pd.DataFrame({"branch": [f"B{n}" for n in range(120)], "v": range(120)})
    columns = (DisplayColumn("branch", "Branch"), DisplayColumn("v", "V", Unit.COUNT))
    released = release_public(rows, reason="rows of a test")
    table = DisplayTable(title="Long", released=released, columns=columns, source="toy")
    notebook = make_notebook(new_markdown_cell("## T"), make_cell("s", shown(table)))
    content, resources = write_pdf(notebook)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == resources[PAGE_COUNT] > 1
    assert all("Branch" in sheet.extract_text() for sheet in pages)


def test_the_tight_layout_takes_fewer_pages():
    entries = [DigestEntry(make_finding(f"Headline {n}"), "x", "X") for n in range(9)]
    cells = [new_markdown_cell("## F"), make_cell("s", shown(Digest(tuple(entries))))]
    usual = write_pdf(make_notebook(*cells))[1][PAGE_COUNT]
    tight = write_pdf(make_notebook(*cells, layout="one-page"))[1][PAGE_COUNT]
    assert tight == 1 < usual


# -- Both


def test_a_failed_cell_is_named_without_its_traceback():
    error = new_output(
        "error",
        ename="ValueError",
        evalue="\x1b[31mno rate\x1b[0m in <b>2026Q3</b>",
        traceback=["/srv/somebody/secret.py"],
    )
    notebook = make_notebook(make_cell("raise", error))
    assert Failure(3, "ValueError", "no rate in <b>2026Q3</b>") in (
        read_document(notebook).blocks
    )
    page = write_html(notebook)
    assert "Cell [3] failed: ValueError" in page
    assert "no rate in &lt;b&gt;2026Q3" in page
    assert "secret.py" not in page
    text = pypdf.PdfReader(io.BytesIO(write_pdf(notebook)[0])).pages[0].extract_text()
    assert "Cell [3] failed: ValueError" in text


def test_the_banner_of_papermill_does_not_hide_the_title():
    notebook = make_notebook()
    banner = new_markdown_cell("<span>failed</span>")
    banner.metadata["tags"] = ["papermill-error-cell-tag"]
    notebook.cells.insert(0, banner)
    assert read_document(notebook).title == "Deposit-rate elasticity"


def test_a_picture_that_did_not_come_through_show_is_not_lost():
    # one transparent pixel
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
    picture = new_output(
        "display_data", data={"image/png": pixel, "text/plain": "<Figure>"}
    )
    notebook = make_notebook(make_cell("plot()", picture))
    ((_, known),) = list_elements(write_html(notebook), "img")
    assert known["src"] == f"data:image/png;base64,{pixel}"
    assert known["alt"] == "<Figure>"
    assert write_pdf(notebook)[0].startswith(b"%PDF")


def test_raw_html_outputs_are_shown_as_text_only():
    frame = {"text/html": "<script>alert(1)</script>", "text/plain": "a frame"}
    output = new_output("execute_result", data=frame, execution_count=1)
    page = write_html(make_notebook(make_cell("frame", output)))
    assert page.count("<script") == 1
    assert ">a frame</pre>" in page


def test_a_finding_before_any_section_gets_one():
    notebook = make_notebook(make_cell("show(x)", shown(make_finding("Answer"))))
    assert '<h2 id="findings">Findings</h2>' in write_html(notebook)
    assert write_pdf(notebook)[0].startswith(b"%PDF")


def test_a_notebook_without_anything_still_becomes_a_report():
    assert "<h1>Report</h1>" in write_html(new_notebook())
    assert write_pdf(new_notebook())[1][PAGE_COUNT] == 1


@pytest.mark.parametrize("target", ["html", "typst"])
def test_cells_do_not_run_into_each_other(target):
    texts = ["```\nopen fence", "- item", "", "**bold** text", "# Level one\n#### Deep"]
    fragments = convert_cells(texts, target)
    assert len(fragments) == len(texts)
    assert "bold" in fragments[3]
    assert "open fence" in fragments[0]
    assert fragments[2] == ""


def test_levels_of_headings_have_no_gaps():
    (fragment,) = convert_cells(["# One\n\n#### Four"], "html")
    assert fragment == "<h2>One</h2>\n<h3>Four</h3>"


def test_a_formula_carries_its_source_into_the_pdf():
    (fragment,) = convert_cells(['$\\text{"q"}$(a)'], "typst")
    assert '#qb-formula("\\\\text{\\"q\\"}", false, ' in fragment
    assert ");\\(a)" in fragment


def test_exporters_are_registered_under_their_names():
    found = entry_points(group="nbconvert.exporters")
    assert found["quarterbook_html"].load() is QuarterbookHTMLExporter
    assert found["quarterbook_pdf"].load() is QuarterbookPDFExporter
    assert QuarterbookHTMLExporter().file_extension == ".html"
    assert QuarterbookPDFExporter().file_extension == ".pdf"


def test_jupyter_server_can_route_to_our_exporters():
    # Its address of an export is /nbconvert/(?P<format>\\w+)/: a hyphen is not found.
    names = entry_points(group="nbconvert.exporters").names
    ours = [name for name in names if name.startswith("quarterbook")]
    assert len(ours) == 2
    assert all(re.fullmatch(r"\w+", name) for name in ours)


def test_the_index_lists_reports_and_what_was_left_out():
    entries = [
        IndexEntry(
            title="Elasticity <b>",
            question="How much?",
            html="e.html",
            pdf="e.pdf",
            headlines=(Link("储户分享62%", "e.html#finding-a"),),
        ),
        IndexEntry(
            title="Profit",
            question="Who?",
            html="p.html",
            pdf="",
            failure="Costs are missing.",
        ),
    ]
    cover = Cover(title="Reports", quarter="2026Q3", source_title="Toy bank")
    page = render_index(entries, cover=cover, left_out=["No survey was taken."])
    links = [known["href"] for _, known in list_elements(page, "a")][1:]
    own = ["e.html", "e.html", "e.pdf", "e.html#finding-a"]
    assert links == [*own, "p.html", "p.html"]
    assert "Elasticity &lt;b&gt;" in page
    assert "The report failed</strong> Costs are missing." in page
    assert "No survey was taken." in page
    assert len(list_elements(page, "h1")) == 1


def test_what_is_told_of_the_setting_up_is_folded_with_its_code():
    notebook = make_notebook(
        new_markdown_cell("*Read the tables.*"),
        new_code_cell("tables = read_tables()"),
        new_markdown_cell("## Which segment?\n\nAn introduction."),
        new_markdown_cell("*On how many?*"),
    )
    page = write_html(notebook)
    assert "# Read the tables.\ntables = read_tables()" in page
    assert "<em>Read the tables.</em>" not in page
    assert "<em>On how many?</em>" in page
