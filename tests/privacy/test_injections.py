"""A bank whose names are code: nothing of it comes alive in any form of the reports."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from pyarrow.parquet import write_table
from pypdf import PdfReader

pytestmark = pytest.mark.extended  # pages of hostile words are looked at each time

ROOT = Path(__file__).parents[2]
QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
NAMES = {
    "钻石": "<script>alert(1)</script>",
    "普通": "=cmd|' /C calc'!A0",
    "金卡": "{{7*7}}",
    "白金": "[x](javascript:alert(1))",
    "私行": '#panic("x")',
    "活期": "$x^2$",
    "定期": "<img src=x onerror=alert(1)>",
    "大额存单": "*b* _i_ `c` @r <l> \\",
    "柜面": "<svg onload=alert(1)>",
    "手机": "@SUM(A1)",
    "Mobile app": '=HYPERLINK("http://x.example","y")',
    "Staff": "</title></style></script><b>",
    "Trust": '#read("/etc/passwd") ${7*7} <!--',
}
"""What the synthetic bank calls things, and what a hostile one does."""
MAPPING = """
title: Bank <script>alert(2)</script> #panic("t") {{7*7}}
attribution: Simulated <img src=x onerror=alert(3)> [x](javascript:alert(3))
currency: CNY
period: month
kind: parquet
location: bank
layout: contract
"""


def rename(path):
    """Give everything in a file that has one of the names its hostile one."""
    table = duckdb.sql(f"SELECT * FROM '{path}'")
    kinds = zip(table.columns, map(str, table.types), strict=True)
    texts = [name for name, kind in kinds if kind == "VARCHAR"]
    if texts:
        named = ", ".join(
            f"coalesce(names[{name}], {name}) AS {name}" for name in texts
        )
        query = f"""SELECT * EXCLUDE (names) REPLACE ({named})
            FROM '{path}', (SELECT map($old, $new) AS names)"""
        values = {"old": list(NAMES), "new": list(NAMES.values())}
        write_table(duckdb.execute(query, values).to_arrow_table(), path)


@pytest.fixture(scope="module")
def published(bank_folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    (root / "params" / "sources").mkdir(parents=True)
    (root / "params" / "sources" / "hostile.yml").write_text(MAPPING, "utf-8")
    (root / "params" / "2026Q3.yml").write_text("source: hostile\n", "utf-8")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    hidden = shutil.ignore_patterns("truth", "bank.json")
    shutil.copytree(bank_folder, root / "bank", ignore=hidden)
    for path in (root / "bank").rglob("*.parquet"):
        rename(path)
    done = subprocess.run(
        [QUARTERBOOK, "report", "2026Q3", "--quiet"],
        cwd=root,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "outputs" / "2026Q3"


class Page(HTMLParser):
    """Notes what a browser would act on."""

    def __init__(self, text):
        super().__init__()
        self.alive, self.scripts, self.words, self._open = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._open = tag
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or address.startswith("javascript:"):
                self.alive.append((tag, name, value))
            if name == "src" and not address.startswith("data:"):
                self.alive.append((tag, name, value))
        if tag in {"iframe", "object", "embed", "form", "b"}:
            self.alive.append((tag, "", ""))

    def handle_data(self, data):
        (self.scripts if self._open == "script" else self.words).append(data)

    def handle_endtag(self, tag):
        self._open = ""


def read_pages(published):
    pages = [*published.glob("*.html"), published.parent / "index.html"]
    return {path.name + path.parent.name: path.read_text("utf-8") for path in pages}


def squeeze(text):
    return re.sub(r"\s", "", text)


def test_pages_hold_the_names_as_words_and_nothing_alive(published):
    said = ""
    for name, text in read_pages(published).items():
        page = Page(text)
        assert page.alive == [], name
        assert not any("alert(" in script for script in page.scripts), name
        assert "49" not in re.findall(r"title>[^<]*", text)[0]
        said += "".join(page.words)
    for name in NAMES.values():
        assert name in said, name


def test_outputs_of_notebooks_hold_nothing_alive(published):
    read = 0
    for path in (published / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                for kind, value in output.get("data", {}).items():
                    if kind in {"text/html", "image/svg+xml"}:
                        page = Page("".join(value))
                        assert (page.alive, page.scripts) == ([], []), path.name
                        read += 1
    assert read > 30


def test_pdfs_print_the_names_as_they_are(published):
    said = ""
    for path in published.glob("*.pdf"):
        document = PdfReader(path)
        assert "/OpenAction" not in document.trailer["/Root"]
        assert "/JavaScript" not in str(document.trailer["/Root"].get("/Names", ""))
        said += squeeze("".join(page.extract_text() for page in document.pages))
    for name in list(NAMES.values())[:8]:
        assert squeeze(name) in said, name


def test_spreadsheets_hold_no_formula(published):
    is_number = re.compile(r"[-+]?\d[\d.]*(e[-+]?\d+)?")
    for path in published.glob("tables/*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.reader(lines):
                for cell in row:
                    is_safe = cell[:1] not in tuple("=+-@\t\r") or is_number.fullmatch(
                        cell
                    )
                    assert is_safe or cell == "", (path.name, cell)
    with zipfile.ZipFile(published / "tables.xlsx") as book:
        for name in book.namelist():
            part = book.read(name).decode("utf-8")
            assert "<f>" not in part, name
            assert "<f " not in part, name
            assert 'TargetMode="External"' not in part, name


def test_a_browser_runs_nothing_and_asks_for_nothing(published, browser):
    pages = [*published.glob("*.html"), published.parent / "index.html"]
    seen = []
    page = browser.new_page()
    page.on("dialog", lambda dialog: (seen.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: seen.append(request.url))
    for path in pages:
        page.goto(path.as_uri())
    page.close()
    asked = [address for address in seen if not address.startswith("data:")]
    assert asked == [path.as_uri() for path in pages]
