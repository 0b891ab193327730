"""A quarter in Chinese: every word that a reader sees, in every form of the reports."""

import csv
import html
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from pypdf import PdfReader

from analysis.reporting.parameters import STUDIES, SUMMARY, load_study
from analysis.wording import say, speak

pytestmark = pytest.mark.extended  # every text has its Chinese: tests/test_words.py

ROOT = Path(__file__).parents[2]
QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
# Three words of small letters in a row are a piece of an English sentence; names of
# columns, packages and persons are not.
ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]{2,} [a-z]{2,} [a-z]{2,}")
HIDDEN = re.compile(r"<(style|script|svg|pre|math)\b.*?</\1>", re.DOTALL)
REFERENCES = re.compile(r"<ol\b.*?</ol>", re.DOTALL)


@pytest.fixture(scope="module")
def published(bank_folder, tmp_path_factory):
    outputs = tmp_path_factory.mktemp("chinese") / "outputs"
    command = [QUARTERBOOK, "report", "2026Q3", "--language", "zh", "--quiet"]
    done = subprocess.run(
        [*command, "--outputs", outputs],
        cwd=ROOT,
        env=os.environ | {"QUARTERBOOK_BANK": str(bank_folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return outputs / "2026Q3"


@pytest.fixture(scope="module")
def spoken(bank_folder):
    """Give what customers wrote, in their own language; quotes are not translated."""
    return "\n".join(pd.read_parquet(bank_folder / "survey_comments.parquet")["text"])


def find_english(said, spoken):
    return [piece for piece in ENGLISH.findall(said) if piece not in spoken]


def read_words(path):
    page = REFERENCES.sub("", HIDDEN.sub("", path.read_text("utf-8")))
    return html.unescape(re.sub(r"<[^>]*>", "\n", page))


def read_labels(path):
    page = path.read_text("utf-8")
    labels = re.findall(r'\b(?:aria-label|alt|title|data-tip)="([^"]*)"', page)
    return "\n".join(map(html.unescape, labels))


def test_pages_hold_no_english_sentence(published, spoken):
    pages = [*published.glob("*.html"), published.parent / "index.html"]
    assert len(pages) == len(STUDIES) + 3
    for path in pages:
        assert 'lang="zh-Hans"' in path.read_text("utf-8"), path.name
        for said in (read_words(path), read_labels(path)):
            assert find_english(said, spoken) == [], path.name


def test_pdfs_hold_no_english_sentence_but_references(published, spoken):
    for name in (*STUDIES, SUMMARY):
        document = PdfReader(published / f"{name}.pdf")
        assert document.trailer["/Root"]["/Lang"].startswith("zh")
        said = "\n".join(page.extract_text() for page in document.pages)
        lines = [line for line in said.splitlines() if find_english(line, spoken)]
        cited = [line for line in lines if not re.search(r"[\u4e00-\u9fff]", line)]
        assert lines == cited, name
        assert len(lines) < 70, name


def test_tables_have_chinese_heads(published):
    heads = []
    for path in published.glob("tables/*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            heads += next(csv.reader(lines))
    assert [head for head in heads if ENGLISH.search(head)] == []
    assert any("万元" in head for head in heads)


def test_amounts_are_counted_in_chinese_steps(published):
    said = read_words(published / "segment_profitability.html")
    assert re.search(r"\d万元", said)
    assert not re.search(r"\b(million|thousand|percent)\b", said)


@pytest.mark.parametrize("name", [*STUDIES, SUMMARY])
def test_the_notebook_heads_its_chinese_part_as_the_study_is_called(name):
    study = load_study(name)
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    chinese = next(c for c in notebook.cells if "zh" in c.metadata.get("tags", ()))
    with speak("zh"):
        assert chinese.source.splitlines()[0] == f"# {say(study.TITLE)}"
