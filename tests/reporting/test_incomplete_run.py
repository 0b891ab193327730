"""A notebook that fails: the quarter is not published, and nothing earlier is lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
STUDY = "satisfaction_drivers"
MAPPING = """
title: Survey only
attribution: Simulated
currency: CNY
period: month
kind: parquet
location: survey
layout: contract
"""


@pytest.fixture(scope="module")
def project(bank_folder, tmp_path_factory):
    """Give a project whose source has a survey and nothing else."""
    root = tmp_path_factory.mktemp("project")
    (root / "params" / "sources").mkdir(parents=True)
    (root / "params" / "sources" / "survey.yml").write_text(MAPPING, "utf-8")
    (root / "params" / "2026Q3.yml").write_text("source: survey\n", "utf-8")
    (root / "survey").mkdir()
    for path in bank_folder.glob("survey_*.parquet"):
        shutil.copy(path, root / "survey")
    shutil.copy(bank_folder / "customers.parquet", root / "survey")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    return root


def report(project, *arguments):
    return subprocess.run(
        [QUARTERBOOK, "report", "2026Q3", *arguments],
        cwd=project,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def runs(project):
    whole = report(project, "--quiet")
    before = (project / "outputs/2026Q3/run.json").read_bytes()
    path = project / "notebooks" / f"{STUDY}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    source = "raise RuntimeError('the weights did not converge')"
    code = {"cell_type": "code", "outputs": [], "execution_count": None}
    notebook["cells"][-1] |= {**code, "source": source}
    path.write_text(json.dumps(notebook), "utf-8")
    return whole, before, report(project)


def test_studies_without_tables_are_left_out_with_a_sentence(project, runs):
    whole, _, _ = runs
    assert whole.returncode == 0, whole.stderr
    record = json.loads((project / "outputs/2026Q3/run.json").read_text("utf-8"))
    left_out = {s["name"]: s["reason"] for s in record["studies"] if s["reason"]}
    assert set(left_out) == {"deposit_rate_elasticity", "segment_profitability"}
    assert all(
        "is left out, because Survey only has no" in r for r in left_out.values()
    )


def test_a_quiet_run_prints_one_line(project, runs):
    whole, _, _ = runs
    assert whole.stdout == f"Published: {project / 'outputs/2026Q3/index.html'}\n"
    assert whole.stderr == ""


def test_a_failed_run_says_which_cell_and_why(runs):
    _, _, failed = runs
    assert failed.returncode == 1
    assert f"{STUDY}\n  Cell" in failed.stderr
    assert "In cell " in failed.stderr
    assert "Read survey_waves: " in failed.stderr
    assert "The same command runs again what failed, and only that." in failed.stderr
    assert "RuntimeError: the weights did not converge" in failed.stderr
    assert "The quarter is not published" in failed.stderr


def test_what_was_published_is_untouched(project, runs):
    _, before, _ = runs
    assert (project / "outputs/2026Q3/run.json").read_bytes() == before


def test_what_was_made_is_kept_apart_and_marked(project, runs):
    index = project / "outputs/2026Q3-incomplete/index.html"
    assert "Incomplete: not to be circulated" in index.read_text("utf-8")
    assert (index.parent / "quarterly_summary.pdf").is_file()
    assert not (index.parent / f"{STUDY}.pdf").exists()
