"""The whole way, as a user goes it: one command from a bank to published reports."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from analysis.reporting.parameters import STUDIES, SUMMARY

ROOT = Path(__file__).parents[2]
QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
NAMES = (*STUDIES, SUMMARY)


def call(*arguments, **environment):
    return subprocess.run(
        [QUARTERBOOK, *arguments],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def publish(outputs, bank_folder):
    done = call(
        "report", "2026Q3", "--outputs", str(outputs), QUARTERBOOK_BANK=str(bank_folder)
    )
    assert done.returncode == 0, done.stderr
    folder = outputs / "2026Q3"
    assert done.stdout == f"Published: {folder / 'index.html'}\n"
    return folder


@pytest.fixture(scope="module")
def published(bank_folder, tmp_path_factory):
    return publish(tmp_path_factory.mktemp("run") / "outputs", bank_folder)


@pytest.fixture(scope="module")
def record(published):
    return json.loads((published / "run.json").read_text("utf-8"))


def test_a_quarter_is_published_whole_and_nothing_else_is_left(published):
    made = {path.relative_to(published).as_posix() for path in published.rglob("*.*")}
    tables = {name for name in made if re.fullmatch(r"tables/\w+/\d\d-\w+\.csv", name)}
    assert len(tables) > 20
    expected = {"index.html", "run.json", "tables.xlsx", *tables}
    expected |= {f"{name}.{kind}" for name in NAMES for kind in ("html", "pdf")}
    expected |= {f"notebooks/{name}.ipynb" for name in NAMES}
    assert made == expected
    places = sorted(path.name for path in published.parent.iterdir())
    assert places == ["2026Q3", "index.html"]
    assert "2026Q3/index.html" in (published.parent / "index.html").read_text("utf-8")


@pytest.mark.extended
def test_the_same_data_params_and_code_give_the_same_bytes(
    published, bank_folder, tmp_path
):
    again = publish(tmp_path / "outputs", bank_folder)
    for path in published.rglob("*.*"):
        name = path.relative_to(published)
        assert path.read_bytes() == (again / name).read_bytes(), name


def test_every_study_completed_and_left_findings(record):
    assert [study["status"] for study in record["studies"]] == ["completed"] * 4
    for study in record["studies"][:-1]:
        keys = [finding["key"] for finding in study["findings"]]
        assert len(keys) >= 3
        assert len(keys) == len(set(keys))


def test_no_sentence_carries_idle_decimals(record):
    findings = [f for study in record["studies"] for f in study["findings"]]
    for finding in findings:
        for text in (finding["headline"], finding["sentence"], finding["action"]):
            assert not re.search(r"\d\.\d{4}", text), text


def test_the_record_says_what_was_run(record):
    assert record["quarter"] == "2026Q3"
    assert record["source"]["name"] == "synthetic"
    assert re.fullmatch(r"[0-9a-f]{8}", record["run"])
    assert record["versions"]["duckdb"] == "1.5.6"
    assert record["edition"] == "management"
    assert record["params"] == {}
    balances = record["source"]["tables"]["balances"]
    assert balances["last"] == "2026-09-30"
    assert set(balances["studies"]) == {*STUDIES[:2]}


def test_the_record_holds_every_file_that_was_made(published, record):
    named = {*record["files"]}.union(*(study["files"] for study in record["studies"]))
    made = {path.relative_to(published).as_posix() for path in published.rglob("*.*")}
    assert named == made - {"index.html", "run.json"}


def test_the_record_says_what_was_searched_and_what_is_hidden(published, record):
    told = record["disclosure"]
    assert told["rules"] == "standard-1"
    assert set(told["hidden_cells"]) == set(NAMES)
    scan = told["scan"]
    assert scan["leaks"] == 0
    assert scan["files"] == len(list(published.rglob("*.*")))
    people = {"customer_id", "respondent_id", "relationship_manager_id"}
    things = {"account_id", "complaint_id", "comment_id"}
    assert set(scan["keys"]) == people | things
    assert all(key["searched"] > 0 for key in scan["keys"].values())
    assert "bank card number" in scan["patterns"]


def test_the_register_holds_the_counts_that_were_published(published, record):
    path = published.parents[1] / "restricted" / "register.json"
    (release,) = json.loads(path.read_text("utf-8"))["releases"]
    assert release["run"] == record["run"]
    assert len(release["cells"]) > 100
    assert min(release["cells"].values()) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_one_title_its_charts_and_asks_no_network(published, name):
    page = (published / f"{name}.html").read_text("utf-8")
    assert page.count("<h1") == 1
    figures = page.count('class="qb qb-chart"')
    assert figures >= (5 if name != SUMMARY else 0)
    assert page.count('role="img"') == 2 * figures  # wide, and narrow for a telephone
    assert not re.search(r'(src|data|action)="https?:', page)
    assert "Traceback" not in page


@pytest.mark.parametrize("name", NAMES)
def test_a_pdf_is_tagged_and_has_a_title(published, name):
    document = PdfReader(published / f"{name}.pdf")
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.metadata.title
    assert len(document.pages) >= 1


def test_the_summary_is_one_page(published):
    assert len(PdfReader(published / f"{SUMMARY}.pdf").pages) == 1


@pytest.mark.parametrize("page", ["index.html", f"{SUMMARY}.html"])
def test_every_link_leads_somewhere(published, page):
    links = re.findall(r'href="([^"#:]*)(?:#([^"]*))?"', (published / page).read_text())
    led = 0
    for address, anchor in links:
        if address:
            target = published / address
            assert target.is_file(), address
            assert not anchor or f'id="{unquote(anchor)}"' in target.read_text()
            led += 1
    assert led >= len(STUDIES)


def test_no_customer_and_no_account_is_named(published):
    for path in published.rglob("*.*"):
        if path.suffix in {".html", ".json", ".ipynb"}:
            assert not re.search(r"\b[CA]\d{7,}\b", path.read_text("utf-8")), path
        if path.suffix == ".pdf":
            text = "".join(page.extract_text() for page in PdfReader(path).pages)
            assert not re.search(r"\b[CA]\d{7,}\b", text), path


def test_no_path_of_the_machine_is_published(published):
    for path in published.rglob("*.*"):
        if path.suffix in {".html", ".json", ".ipynb"}:
            assert str(ROOT) not in path.read_text("utf-8"), path


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["2026Q5"], "must be written like '2026Q3'"),
        pytest.param(
            ["2001Q1"], "must have a source of data", marks=pytest.mark.extended
        ),
        pytest.param(
            ["2001Q1", "--source", "nowhere"], "nowhere", marks=pytest.mark.extended
        ),
        (["2031Q1", "--source", "synthetic"], "2031"),
    ],
)
def test_bad_input_ends_with_2_before_anything_starts(
    bank_folder, tmp_path, arguments, complaint
):
    outputs = tmp_path / "outputs"
    done = call(
        "report",
        *arguments,
        "--outputs",
        str(outputs),
        QUARTERBOOK_BANK=str(bank_folder),
    )
    assert done.returncode == 2
    assert "Nothing was started" in done.stderr
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert not outputs.exists() or not list(outputs.iterdir())


def test_check_prints_what_maps_and_what_is_missing(bank_folder):
    done = call("check", "synthetic", QUARTERBOOK_BANK=str(bank_folder))
    assert done.returncode == 0, done.stderr
    assert "posted_rates" in done.stdout
    assert "Not there: transactions" in done.stdout
    assert "checks passed" in done.stdout


def test_sources_are_listed():
    done = call("sources")
    assert {"berka", "csibank", "synthetic", "us_banks"} <= set(done.stdout.split())
