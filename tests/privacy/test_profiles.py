"""The two editions of a quarter, made from one notebook."""

import csv
import json

import pytest

LISTED = """
from analysis.data.sources import read_tables
from analysis.presentation.action_lists import ActionList
from analysis.presentation.show import show
from analysis.presentation.tables import DisplayColumn
tables = read_tables(["customers"], quarter=quarter, source=source)
rows = tables["customers"].order_by("customer_id").limit(15).to_pandas()
show(ActionList(key="visit", title="Customers to visit", rows=rows,
    columns=(DisplayColumn("region", "Region"),), source="customers",
    quarter=quarter, n=len(rows)))
"""


@pytest.fixture(scope="module")
def editions(make_project, tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("toy") / "project")
    project.write(LISTED)
    params = project.root / "params" / "2026Q3.yml"
    params.write_text("source: toy\nreviewer: Wang Er\n", "utf-8")
    return project, project.report("--profile", "restricted"), project.report()


def read(folder, suffixes=(".html", ".json", ".ipynb", ".csv")):
    paths = [path for path in folder.rglob("*.*") if path.suffix in suffixes]
    return "\n".join(path.read_text("utf-8") for path in sorted(paths))


def test_named_persons_get_the_list_and_pages_of_pseudonyms(editions, customer):
    project, done, _ = editions
    assert done.returncode == 0, done.stderr
    folder = project.restricted / "2026Q3"
    assert done.stdout == f"Published: {folder / 'index.html'}\n"
    with (folder / "lists" / "visit.csv").open(encoding="utf-8-sig") as lines:
        head, first, *others = csv.reader(lines)
    assert head == ["pseudonym", "customer_id", "Region"]
    assert first[1] == customer
    assert len(others) == 14
    page = (folder / "satisfaction_drivers.html").read_text("utf-8")
    assert first[0] in page
    assert customer not in page
    assert "Restricted edition: named persons only" in page


def test_the_restricted_edition_is_for_its_owner_only(editions, read_mode):
    project, _, _ = editions
    assert read_mode(project.restricted) == 0o700
    assert read_mode(project.restricted / "key") == 0o600
    folder = project.restricted / "2026Q3"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {read_mode(path) for path in files} == {0o600}
    assert {read_mode(path) for path in {path.parent for path in files}} == {0o700}
    assert (project.restricted / ".gitignore").read_text() == "*\n"


def test_everybody_else_gets_the_number_only(editions, customer):
    project, _, done = editions
    assert done.returncode == 0, done.stderr
    said = read(project.published)
    assert "A list of 15 customers to act on is in the restricted edition." in said
    assert customer not in said
    assert "Restricted edition" not in said
    assert not (project.published / "lists").exists()


def test_the_record_names_edition_reviewer_rules_and_what_was_searched(editions):
    project, _, _ = editions
    management = project.read_record()
    named = project.read_record("restricted/2026Q3")
    assert (management["edition"], named["edition"]) == ("management", "restricted")
    assert management["reviewer"] == "Wang Er"
    assert "lists/visit.csv" in named["files"]
    assert named["run"] != management["run"]
    searched = management["disclosure"]
    assert searched["rules"] == "standard-1"
    assert searched["scan"]["leaks"] == 0
    assert searched["scan"]["files"] >= 5
    assert searched["scan"]["keys"]["customer_id"]["searched"] > 1000
    assert set(searched["hidden_cells"]) == {
        "satisfaction_drivers",
        "quarterly_summary",
    }


def test_only_what_everybody_gets_is_entered_in_the_register(editions):
    project, _, _ = editions
    register = json.loads((project.restricted / "register.json").read_text("utf-8"))
    runs = [release["run"] for release in register["releases"]]
    assert runs == [project.read_record()["run"]]
