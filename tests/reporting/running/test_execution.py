"""Notebooks in forked kernels: what they leave, and how they fail."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.reporting.running import kernels
from analysis.reporting.running.execution import Job, run_job
from analysis.reporting.running.workers import run_apart, run_jobs

HONEST = """
from analysis.presentation.findings import Finding
from analysis.presentation.show import show
from analysis.units import Unit
show(Finding(key="k", requirement="B1", headline="Answer", sentence="It is 42.",
    action="Go on.", verdict="exact", unit=Unit.COUNT, nobs=1, period=quarter,
    source="toy", measure="The answer", estimate=float(answer)))
"""
DYING = "import os, signal; held = bytearray(1 << 20); os.kill(os.getpid(), {})"
# Charts of a library that draws by itself; an event loop; who the kernel is.
NATIVE = [
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "import asyncio\nawait asyncio.sleep(0)\nasyncio.get_running_loop().is_running()",
    "import os, sys\nprint(os.getpid(), os.getsid(0), 'pandas' in sys.modules)",
]
REFUSED = HONEST.replace('verdict="exact"', 'verdict="not identified", reason="No."')
REFUSED = REFUSED.replace("estimate=float(answer)", "estimate=None")
LOST = """
class study:
    def chart_nothing(): return []
from analysis.presentation.show import show
show(study.chart_nothing())
"""


def write_notebook(path, *sources):
    parameters = new_code_cell('quarter: str = "2026Q3"\nanswer: int = 1')
    parameters.metadata["tags"] = ["parameters"]
    chinese = new_markdown_cell("## 在哪里？", metadata={"tags": ["zh"]})
    opening = [new_markdown_cell("# Toy"), parameters]
    cells = [*opening, new_markdown_cell("## Where?"), chinese]
    cells += map(new_code_cell, sources)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def make_job(folder, name, *cells):
    return Job(
        study=name,
        notebook=write_notebook(folder / f"{name}.ipynb", *cells),
        working_folder=folder,
        parameters={"quarter": "2026Q2", "answer": 42},
        page={"title": name, "quarter": "2026Q2"},
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    sources = {
        "honest": [HONEST],
        "broken": [
            "before = 1",
            "x = 1234\nraise ValueError(f'no rate of C{x:07}')",
            "1",
        ],
        "dying": ["before = 1", DYING.format(9), "after = 1"],
        "crashing": [DYING.format(11)],
        "unprintable": [HONEST.replace('"Answer"', r'"A glyph: \U0001F9FF"')],
        "native": NATIVE,
        "lost": [LOST],
        "refused": [REFUSED, LOST],
    }
    jobs = [make_job(folder, name, *cells) for name, cells in sources.items()]
    heard = []
    with ThreadPoolExecutor(2) as executor:
        made = run_jobs(executor, jobs, heard.append)
    assert sorted(one.outcome.study for one in heard) == sorted(sources)
    return {one.outcome.study: one for one in made}


def test_a_notebook_that_runs_leaves_a_record_and_two_pages(run):
    made = run["honest"]
    assert (made.outcome.status, made.outcome.error) == ("completed", "")
    assert sorted(made.pages) == ["html", "pdf"]
    assert b'"estimate": 42.0' in made.record.notebook


def test_the_record_knows_no_clock_and_no_path(run):
    text = run["honest"].record.notebook.decode()
    assert "start_time" not in text
    assert "quarterbook-" not in text
    cells = json.loads(text)["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{n:02}" for n in range(len(cells))]


def test_what_is_kept_gives_the_same_pages_without_running(run, tmp_path):
    job = make_job(tmp_path, "honest", "raise RuntimeError('ran again')")
    again = run_apart(Job(**{**_fields(job), "record": run["honest"].record}))
    assert again.pages == run["honest"].pages
    assert again.record == run["honest"].record


def _fields(job):
    return {name: getattr(job, name) for name in job.__dataclass_fields__}


def test_a_cell_that_fails_is_named_as_a_reader_counts_it(run):
    failure = run["broken"].outcome.failure
    # Title, parameters, two headings, one good cell, then the broken one.
    assert failure.sentence == "Cell 6 failed: ValueError: no rate of C0••••••"
    assert failure.cell == 'cell 6 of 7, under "Where?", line 2'
    assert "C0001234" in failure.detail


def test_a_failed_notebook_keeps_its_page_and_makes_no_pdf(run):
    pages = run["broken"].pages
    assert list(pages) == ["html"]
    assert "no rate of C0••••••".encode() in pages["html"]
    assert b"C0001234" not in pages["html"]


def test_no_traceback_is_kept(run):
    assert b'"traceback": []' in run["broken"].record.notebook


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("dying", "it was killed, most likely for lack of memory"),
        ("crashing", f"it was ended by {signal.SIGSEGV.name}"),
    ],
)
def test_a_dead_kernel_never_reads_as_completed(run, name, cause):
    outcome = run[name].outcome
    assert outcome.status == "failed"
    assert "The kernel died, holding" in outcome.error
    assert cause in outcome.error
    assert list(run[name].pages) == ["html"]


def test_a_dead_kernel_is_told_with_the_cell_it_died_in(run):
    assert run["dying"].outcome.failure.cell == 'cell 6 of 7, under "Where?"'
    cells = json.loads(run["dying"].record.notebook)["cells"]
    assert cells[-1]["execution_count"] is None
    assert "completed" not in json.dumps(cells[-1]["metadata"])


def test_a_page_that_cannot_be_printed_is_a_failure(run):
    outcome = run["unprintable"].outcome
    assert outcome.status == "failed"
    assert "glyph" in outcome.error.lower()


def test_a_chart_that_vanishes_is_a_failure(run):
    outcome = run["lost"].outcome
    assert outcome.status == "failed"
    assert (
        "must show 1 charts, or say why there is none, and 0 came out" in outcome.error
    )


def test_a_chart_may_be_left_out_after_a_finding_that_says_why(run):
    assert run["refused"].outcome.error == ""


def test_charts_of_a_warm_pyplot_reach_the_notebook(run):
    assert run["native"].outcome.error == ""
    outputs = [
        c.get("outputs", []) for c in json.loads(run["native"].record.notebook)["cells"]
    ]
    assert any("image/png" in out.get("data", {}) for cell in outputs for out in cell)


def test_a_forked_kernel_is_warm_and_leads_a_session_of_its_own(run):
    cells = json.loads(run["native"].record.notebook)["cells"]
    pid, session, is_warm = cells[-1]["outputs"][0]["text"][0].split()
    assert pid == session
    assert is_warm == "True"


def test_an_event_loop_runs_in_the_kernel_and_not_before(run):
    cells = json.loads(run["native"].record.notebook)["cells"]
    assert cells[-2]["outputs"][0]["data"]["text/plain"] == ["True"]


def test_no_kernel_is_left_when_its_notebook_is_done(run):
    cells = json.loads(run["native"].record.notebook)["cells"]
    pid = cells[-1]["outputs"][0]["text"][0].split()[0]
    assert not Path("/proc", pid).exists()


def test_a_fresh_kernel_gives_the_same_where_forking_is_not_safe(
    run, tmp_path, monkeypatch
):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    fresh = run_job(make_job(tmp_path, "honest", HONEST))
    assert fresh.record == run["honest"].record
    assert fresh.pages == run["honest"].pages
