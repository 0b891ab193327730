"""Two releases that are each safe, and whose difference is one customer."""

import json

import duckdb
import pytest

COUNTS = """
from analysis.data.sources import read_tables
from analysis.presentation.disclosure import release
from analysis.presentation.show import show
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.wording import use_language
use_language(language)
tables = read_tables(["customers"], quarter=quarter, source=source)
regions = tables["customers"].group_by("region").agg(n=lambda t: t.count())
rows = regions.order_by("region").to_pandas()
columns = DisplayColumn("region", "Region"), DisplayColumn("n", "Count", decimals=0)
released = release(rows, count="n")
show(DisplayTable(title="Customers", released=released, columns=columns, source="s"))
"""


def take_out(project, n):
    """Take customers of one region out of the bank; those with answers stay."""
    path = str(project.root / "bank" / "customers.parquet")
    answered = str(project.root / "bank" / "survey_responses.parquet")
    relation = f"""
        SELECT * FROM '{path}' WHERE customer_id NOT IN (
            SELECT customer_id FROM '{path}'
            WHERE region = (SELECT min(region) FROM '{path}')
            AND customer_id NOT IN (SELECT customer_id FROM '{answered}')
            ORDER BY customer_id LIMIT {n})
    """
    kept = duckdb.sql(relation).to_arrow_table()
    assert kept.num_rows > 1000
    duckdb.sql(f"COPY kept TO '{path}'")


@pytest.fixture(scope="module")
def history(make_project, tmp_path_factory):
    """Publish, then with one customer fewer, then after withdrawing the first."""
    project = make_project(tmp_path_factory.mktemp("toy") / "project")
    project.write(COUNTS)
    done = {"first": project.report()}
    number = project.read_record()["run"]
    take_out(project, 1)
    done["one fewer"] = project.report()
    done["kept"] = (project.published / "run.json").read_bytes()
    done["wrong"] = project.call("withdraw", "2026Q3", "00000000")
    done["withdraw"] = project.call("withdraw", "2026Q3", number)
    done["after"] = project.report()
    return project, number, done


def test_a_release_that_differs_by_one_customer_is_stopped(history):
    project, number, done = history
    assert done["first"].returncode == 0, done["first"].stderr
    assert done["one fewer"].returncode == 1
    said = done["one fewer"].stderr
    assert "satisfaction_drivers, table 1" in said
    assert "must not differ by a few customers" in said
    assert f"`quarterbook withdraw 2026Q3 {number}`" in said
    assert json.loads(done["kept"])["run"] == number
    assert not (project.root / "outputs" / "2026Q3-incomplete").exists()


def test_after_its_copies_are_taken_back_the_new_one_is_published(history):
    project, number, done = history
    assert done["withdraw"].returncode == 0, done["withdraw"].stderr
    assert done["withdraw"].stdout == f"Withdrawn: run {number} of 2026Q3.\n"
    assert done["after"].returncode == 0, done["after"].stderr
    assert project.read_record()["run"] != number


def test_a_release_that_was_taken_back_leaves_no_record_beside_the_new_one(history):
    project, number, _ = history
    outputs = project.root / "outputs"
    assert [path.name for path in outputs.rglob("*.json")] == ["run.json"]
    assert number not in (outputs / "2026Q3" / "run.json").read_text("utf-8")


def test_a_run_that_was_never_released_cannot_be_withdrawn(history):
    _, number, done = history
    assert done["wrong"].returncode == 2
    assert f"must be one of ['{number}']" in done["wrong"].stderr


def test_the_register_is_for_its_owner_only(history, read_mode):
    project, _, _ = history
    assert read_mode(project.restricted / "register.json") == 0o600
