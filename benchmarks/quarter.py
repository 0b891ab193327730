"""Time a quarter beside what one would do today, with the same notebooks.

Today: `papermill` for each notebook, then `jupyter nbconvert` to the same HTML and the
same PDF, one after the other; and two at a time, to HTML alone. Beside these a cold
quarter, which also checks the data, makes the index and the tables, searches all for
identifiers and publishes; an unchanged one; and one whose survey has changed. The floor
is the imports once and the notebooks' own work shared by the cores.

Run by `python benchmarks/quarter.py [quarter] [source]`; it takes some five minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SUMMARY = "quarterly_summary"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def main() -> None:
    """Print seconds and ratios."""
    quarter, source = (*sys.argv[1:], "2026Q3", "synthetic")[:2]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cold, record = time_quarter(folder, quarter, source, "--force")
        unchanged, _ = time_quarter(folder, quarter, source)
        studies = [s["name"] for s in record["studies"] if s["status"] == "completed"]
        given = Given(folder, quarter, source, studies)
        alone = time_commands(given, ["html", "pdf"], workers=1)
        pairs = time_commands(given, ["html"], workers=2)
        floor = measure_floor(given)
        pages = (folder / "outputs" / quarter).glob("*.html")
        largest = max(page.stat().st_size for page in pages)
    rows = [
        ("papermill, nbconvert to HTML and PDF, one by one", alone),
        ("papermill, nbconvert to HTML alone, two at a time", pairs),
        ("floor: imports once, own work shared by two cores", floor),
        ("a cold quarter, HTML and PDF, checked and published", cold),
        ("an unchanged quarter", unchanged),
    ]
    for name, seconds in rows:
        print(f"{name:52} {seconds:7.2f} s   {seconds / cold:5.2f} x cold")
    print(f"largest HTML {largest / 1000:.0f} kB")


@dataclass(frozen=True, slots=True)
class Given:
    """What is timed: the studies of a quarter, and where their files go."""

    folder: Path
    quarter: str
    source: str
    studies: list[str]


def time_quarter(
    folder: Path, quarter: str, source: str, *options: str
) -> tuple[float, dict[str, Any]]:
    """Time one command; give its record too."""
    outputs = folder / "outputs"
    command = [BIN / "quarterbook", "report", quarter, "--quiet", "--source", source]
    start = perf_counter()
    subprocess.run(
        [*command, "--outputs", outputs, *options], cwd=ROOT, check=True, **QUIET
    )
    seconds = perf_counter() - start
    return seconds, json.loads((outputs / quarter / "run.json").read_text("utf-8"))


def time_commands(given: Given, forms: list[str], *, workers: int) -> float:
    """Time papermill and nbconvert, called as commands."""
    folder = given.folder / f"today-{workers}"
    (folder / "notebooks").mkdir(parents=True)

    def make(study: str) -> None:
        for command in list_commands(given, study, forms, folder):
            subprocess.run(command, cwd=ROOT, check=True, **QUIET)

    start = perf_counter()
    with ThreadPoolExecutor(workers) as executor:
        list(executor.map(make, [s for s in given.studies if s != SUMMARY]))
    if SUMMARY in given.studies:
        make(SUMMARY)
    seconds = perf_counter() - start
    shutil.rmtree(folder)
    return seconds


def list_commands(
    given: Given, study: str, forms: list[str], folder: Path
) -> Iterator[list[Any]]:
    """List what a person would type for one notebook."""
    executed = folder / "notebooks" / f"{study}.ipynb"
    parameters = {"quarter": given.quarter, "source": given.source}
    if study == SUMMARY:
        parameters["run_folder"] = str(given.folder / "outputs" / given.quarter)
    pairs = (("-p", name, value) for name, value in parameters.items())
    options = [part for pair in pairs for part in pair]
    notebook = ROOT / "notebooks" / f"{study}.ipynb"
    yield [BIN / "papermill", notebook, executed, *options, "--cwd", ROOT]
    for form in forms:
        to = ["--to", f"quarterbook_{form}", "--output-dir", folder]
        yield [BIN / "jupyter", "nbconvert", *to, executed]


def measure_floor(given: Given) -> float:
    """Measure imports once, and each notebook's own work after them, in forks."""
    start = process_time()
    import analysis.reporting.running.warm_parent  # noqa: F401

    imports = process_time() - start
    own = sum(fork_and_time(lambda s=study: work(given, s)) for study in given.studies)
    return imports + own / 2


def fork_and_time(call: Callable[[], None]) -> float:
    """Call in a fork; give the processor's seconds."""
    before = os.times()
    pid = os.fork()
    if pid == 0:
        try:
            call()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    after = os.times()
    return (
        after.children_user
        + after.children_system
        - before.children_user
        - before.children_system
    )


def work(given: Given, study: str) -> None:
    """Run the code of a notebook as it stands."""
    from IPython.core.interactiveshell import InteractiveShell

    published = given.folder / "outputs" / given.quarter
    os.chdir(ROOT)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    shell = InteractiveShell.instance()
    notebook = json.loads((ROOT / "notebooks" / f"{study}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"]))
            if "parameters" in cell["metadata"].get("tags", ()):
                shell.push({"quarter": given.quarter, "source": given.source})
                if study == SUMMARY:
                    shell.push({"run_folder": str(published)})


if __name__ == "__main__":
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    main()
