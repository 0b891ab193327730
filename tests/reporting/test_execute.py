import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.reporting.execute import Job, record_path, run_jobs

HONEST = """
from analysis.presentation.findings import Finding
from analysis.presentation.show import show
from analysis.units import Unit
show(Finding(key="k", requirement="B1", headline="Answer", sentence="It is 42.",
    action="Go on.", verdict="exact", unit=Unit.COUNT, nobs=1, period=quarter,
    source="toy", measure="The answer", estimate=float(answer)))
"""


def write_notebook(path, *sources):
    parameters = new_code_cell('quarter: str = "2026Q3"\nanswer: int = 1')
    parameters.metadata["tags"] = ["parameters"]
    cells = [new_markdown_cell("# Toy"), parameters, *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    sources = {
        "honest": [HONEST],
        "broken": ["before = 1", "raise ValueError('no rate in the quarter')", "1"],
        "dying": ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
        "unprintable": [HONEST.replace('"Answer"', r'"A glyph: \U0001F9FF"')],
    }
    jobs = [
        Job(
            study=name,
            notebook=write_notebook(folder / f"{name}.ipynb", *cells),
            folder=folder / "out",
            working_folder=folder,
            parameters={"quarter": "2026Q2", "answer": 42},
            page={"title": name, "quarter": "2026Q2"},
        )
        for name, cells in sources.items()
    ]
    heard = []
    outcomes = run_jobs(jobs, workers=2, report_progress=heard.append)
    assert sorted(o.study for o in heard) == sorted(sources)
    return {job.study: (job, out) for job, out in zip(jobs, outcomes, strict=True)}


def test_a_notebook_that_runs_leaves_a_record_and_two_pages(run):
    job, outcome = run["honest"]
    assert (outcome.status, outcome.error) == ("completed", "")
    made = sorted(path.name for path in job.folder.glob("honest.*"))
    assert made == ["honest.html", "honest.pdf"]
    assert '"estimate": 42.0' in record_path(job).read_text("utf-8")


def test_the_record_knows_no_clock_and_no_path(run):
    job, _ = run["honest"]
    text = record_path(job).read_text("utf-8")
    assert "start_time" not in text
    assert str(job.folder) not in text
    cells = json.loads(text)["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{n:02}" for n in range(len(cells))]


def test_a_cell_that_fails_is_named_with_its_reason(run):
    _, outcome = run["broken"]
    assert outcome.status == "failed"
    # Title, parameters, injected parameters, one good cell, then the broken one.
    assert outcome.error == "Cell 5 failed: ValueError: no rate in the quarter"


def test_a_failed_notebook_keeps_its_page_and_makes_no_pdf(run):
    job, _ = run["broken"]
    assert [p.suffix for p in job.folder.glob("broken.*")] == [".html"]
    assert "no rate in the quarter" in (job.folder / "broken.html").read_text("utf-8")


def test_no_traceback_is_kept(run):
    job, _ = run["broken"]
    assert '"traceback": []' in record_path(job).read_text("utf-8")


def test_a_dead_kernel_never_reads_as_completed(run):
    _, outcome = run["dying"]
    assert outcome.status == "failed"
    assert "The kernel died" in outcome.error


def test_a_page_that_cannot_be_printed_is_a_failure(run):
    _, outcome = run["unprintable"]
    assert outcome.status == "failed"
    assert "glyph" in outcome.error.lower()
