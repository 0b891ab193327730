"""Somebody's number is planted wherever a reader or a tool could find it."""

import pytest

from analysis.data.opening import open_source
from analysis.reporting.privacy.bank_keys import find_key_columns
from analysis.reporting.privacy.scan import scan_folder

RESIDENT = "11010519491231002X"  # the example of GB 11643-1999
CARD = "378282246310005"  # the test number that American Express publishes

PLANTED = f"""
import sys
import pandas as pd
from IPython.display import HTML, display
from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.presentation.show import show
from analysis.presentation.tables import DisplayColumn, DisplayTable

customer = open("planted.txt").read()
rows = pd.DataFrame({{"who": [customer, "others"], "n": [50.0, 60.0]}})
released = release_public(rows, reason="a mistake")
columns = (DisplayColumn("who", "Who"), DisplayColumn("n", "n", decimals=0))
table = DisplayTable(title="T", released=released, columns=columns, source="s")
drawing = draw_bars(released, label="who", value="n", unit="points")
chart = Chart(drawing=drawing, title="C", subtitle="points", source="s", nobs=110,
    alt="Bars: card {CARD}")
show(table, chart, Note("The customer with the number {RESIDENT} complained."))
print("looked at", customer)
print("warned of {CARD}", file=sys.stderr)
display(HTML("<p>nothing</p>"), metadata={{"author": customer}})
display(HTML(f"<!-- {{customer}} --><img alt='' src='data:text/plain,{RESIDENT}'>"))
"""


@pytest.fixture(scope="module")
def attacked(make_project, customer, tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("toy") / "project")
    project.published.mkdir(parents=True)
    before = b'{"source": {"name": "toy"}}'
    (project.published / "run.json").write_bytes(before)
    (project.root / "planted.txt").write_text(customer)
    project.write(PLANTED)
    return project, before, project.report()


def test_a_quarter_that_names_somebody_is_not_published(attacked):
    project, before, done = attacked
    assert done.returncode == 1
    assert "The quarter is not published" in done.stderr
    assert (project.published / "run.json").read_bytes() == before
    assert done.stdout == ""


def test_it_does_not_lie_where_others_read(attacked, read_mode):
    project, _, done = attacked
    places = sorted(path.name for path in (project.root / "outputs").iterdir())
    assert places == ["2026Q3"]
    withheld = project.restricted / "withheld" / "2026Q3"
    assert str(withheld) in done.stderr
    assert read_mode(project.restricted) == 0o700
    assert read_mode(withheld) == 0o700
    assert {read_mode(p) for p in withheld.rglob("*") if p.is_file()} == {0o600}


def test_no_value_is_repeated_in_full(attacked, customer):
    _, _, done = attacked
    for value in (customer, RESIDENT, CARD):
        assert value not in done.stderr
        assert value[:2] in done.stderr
    assert "Traceback" not in done.stderr


def test_file_place_kind_and_way_out_are_named(attacked):
    _, _, done = attacked
    for words in (
        "satisfaction_drivers.html, ",
        "customer_id of the bank",
        "resident identity number",
        "bank card number",
        "belong into an ActionList",
        "more places of the file",
    ):
        assert words in done.stderr


def test_every_hiding_place_is_searched(attacked):
    project, _, _ = attacked
    source = open_source("toy", root=project.root)
    scan = scan_folder(
        project.restricted / "withheld" / "2026Q3", source, find_key_columns(source)
    )
    by_file = {}
    for leak in scan.leaks:
        by_file.setdefault(leak.file, []).append(f"{leak.place} {leak.kind}")
    for file, places in EXPECTED.items():
        told = "\n".join(by_file[file])
        for place in places:
            assert place in told, (file, told)


STUDY = "satisfaction_drivers"
EXPECTED = {
    f"{STUDY}.html": ["<th>", "<p>", "<pre>", "attribute aria-label of <svg>"],
    f"{STUDY}.pdf": ["page 1", "entry /Alt"],
    "tables.xlsx": ["xl/sharedStrings.xml, <t>"],
    f"tables/{STUDY}/01-table.csv": ["line 2 customer_id"],
    f"notebooks/{STUDY}.ipynb": [
        "output text/html, <th>",
        "output text/html, comment",
        "packed text/plain resident identity number",
        "output text/plain",
        "output text/vnd.typst",
        "output application/vnd.quarterbook.table+json",
        "output metadata, author",
        "output text",
    ],
}


def test_an_error_message_is_masked_everywhere(
    make_project, customer, read_mode, tmp_path
):
    project = make_project(tmp_path / "project")
    (project.root / "planted.txt").write_text(f"{customer} {RESIDENT}")
    project.write("raise KeyError(open('planted.txt').read())")
    done = project.report()
    assert done.returncode == 1
    assert f"Cell 3 failed: KeyError: '{customer[:2]}\N{BULLET}" in done.stderr
    incomplete = project.root / "outputs" / "2026Q3-incomplete"
    read = [path for path in incomplete.rglob("*.*") if path.suffix != ".pdf"]
    texts = [done.stderr, *(path.read_text("utf-8", "replace") for path in read)]
    assert len(texts) > 4
    for text in texts:
        assert customer not in text
        assert RESIDENT not in text
    full = project.restricted / "failures" / "2026Q3" / f"{STUDY}.txt"
    assert str(full.parent) in done.stderr
    assert customer in full.read_text("utf-8")
    assert read_mode(full) == 0o600
