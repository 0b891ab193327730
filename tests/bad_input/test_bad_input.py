"""Each broken input ends in its sentence: nothing starts, nothing published changes."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.data.checks import check_tables
from analysis.data.source import Source
from analysis.errors import BadInputError
from analysis.reporting import plan as plan_module
from analysis.reporting.edition import Edition
from analysis.reporting.parameters import STUDIES, load_study, read_settings
from analysis.reporting.plan import Plan, plan_quarter

QUARTER = "2026Q1"
FEWEST_CASES = 150
QUICKEST_GROUP = "papermill"
LONGEST_SECONDS = 0.5
READING = {"dying", "encodings", "mapping", "tables", "trials"}
"""Files of cases that are found by reading data only, which takes seconds."""
FILES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
CHECKED: dict[Any, Any] = {}
CASES = {
    f"{file.stem}: {case['id']}": case
    for file in FILES
    for case in yaml.safe_load(file.read_text("utf-8"))
}


def plan(root: Path, case: dict[str, Any]) -> Plan:
    """Do what `quarterbook report` does before the first notebook."""
    asked = case.get("asked", {})
    settings = read_settings(
        root,
        asked.get("quarter", QUARTER),
        asked.get("source"),
        asked.get("language"),
    )
    outputs = root / asked.get("outputs", "outputs")
    restricted = root / asked.get("restricted", "restricted")
    edition = Edition(asked.get("profile", "management"), outputs, restricted)
    return plan_quarter(root, edition, settings)


def look_at(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Give mode, time of change and content of everything in a project."""
    seen = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        where = path.relative_to(root).as_posix()
        changed = status.st_mtime_ns if path.is_file() else 0
        seen[where] = (status.st_mode, changed, content)
    return seen


def write_sentences(error: BadInputError, facts: dict[str, Any]) -> list[str]:
    """Write what a user reads, with the folder of this test left out."""
    told = [str(problem) for problem in error.problems]
    return [line.replace(f"{facts['root']}/", "") for line in told]


def fingerprint(root: Path) -> str:
    """Give the same as long as data and mapping files are the same."""
    seen = hashlib.sha256()
    for path in sorted([*root.glob("data/**/*"), *root.glob("params/sources/*")]):
        if path.is_file() and not path.is_symlink():
            seen.update(f"{path.relative_to(root)} ".encode() + path.read_bytes())
    return seen.hexdigest()


@pytest.fixture(autouse=True)
def good_data_are_checked_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check data that two cases leave the same only once, to save minutes."""

    def check(source: Source, names: list[str], quarter: Any) -> Any:
        key = (fingerprint(project), tuple(names), quarter)
        if key not in CHECKED or source.info.name == "core":
            CHECKED[key] = check_tables(source, names, quarter)
        return CHECKED[key]

    monkeypatch.setattr(plan_module, "check_tables", check)


def mark_extended() -> list[Any]:
    """Give all cases; of those that read data, one in three is in every run."""
    return [
        pytest.param(
            name,
            marks=pytest.mark.extended
            if name.partition(":")[0] in READING and number % 3
            else [],
        )
        for number, name in enumerate(CASES)
    ]


@pytest.mark.parametrize("name", mark_extended())
def test_broken_input_ends_in_its_sentences_and_starts_nothing(
    name: str,
    project: Path,
    break_project: Callable[[dict[str, Any]], dict[str, Any]],
    guarded: Callable[[dict[str, Any]], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES[name]
    facts = break_project(case)
    for variable, value in case.get("environment", {}).items():
        monkeypatch.setenv(variable, value.replace("<root>", str(project)))
    before = look_at(project)
    with guarded(case), pytest.raises(BadInputError, match=r"\.$") as caught:
        plan(project, case)
    assert write_sentences(caught.value, facts) == case["tells"]
    assert look_at(project) == before


@pytest.mark.parametrize(
    "name", [name for name in CASES if name.startswith(QUICKEST_GROUP)]
)
def test_what_papermill_accepts_is_refused_at_once(
    name: str,
    project: Path,
    break_project: Callable[[dict[str, Any]], dict[str, Any]],
    guarded: Callable[[dict[str, Any]], Any],
) -> None:
    for study in STUDIES:
        load_study(study)  # imports are not what is measured
    case = CASES[name]
    break_project(case)
    start = time.process_time()
    with guarded(case), pytest.raises(BadInputError, match=r"\.$"):
        plan(project, case)
    assert time.process_time() - start < LONGEST_SECONDS


@pytest.mark.parametrize("source", ["bank", "rates", "survey"])
def test_the_good_project_has_no_mistake(
    source: str,
    project: Path,
    break_project: Callable[[dict[str, Any]], dict[str, Any]],
    guarded: Callable[[dict[str, Any]], Any],
) -> None:
    case = {"source": source}
    break_project(case)
    before = look_at(project)
    with guarded(case):
        assert len(plan(project, case).studies) == 1
    assert look_at(project) == before


def test_the_corpus_is_large_and_no_two_cases_are_the_same() -> None:
    assert len(CASES) >= FEWEST_CASES
    listed = [
        case for file in FILES for case in yaml.safe_load(file.read_text("utf-8"))
    ]
    assert len(listed) == len(CASES)
    broken = Counter(
        str({key: part for key, part in case.items() if key not in ("id", "tells")})
        for case in listed
    )
    assert broken.most_common(1)[0][1] == 1


def test_no_sentence_names_a_customer_an_account_or_a_secret() -> None:
    told = [line for case in CASES.values() for line in case["tells"]]
    assert [line for line in told if re.search(r"[KARkК]0000\d|secret@", line)] == []
    assert [line for line in told if not line.endswith((".", "?"))] == []


WATCH = """
import sys
def note(event, arguments):
    if event in ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"):
        print("STARTED", event, arguments, file=sys.stderr)
sys.addaudithook(note)
"""


def run_command(
    project: Path, folder: Path, before: str = "", *options: str
) -> tuple[int, str]:
    """Run the real command; give its exit code and what it wrote, on one line."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WATCH)
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    program = Path(sys.executable).with_name("quarterbook")
    command = shlex.join([str(program), "report", QUARTER, *options])
    shell = ["sh", "-c", f"{before} {command}"]
    if before:
        shell = ["unshare", "-m", *shell]
    done = subprocess.run(
        shell, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def can_mount() -> bool:
    """Say whether this machine lets us mount in a namespace of our own."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "params: every kind of mistake at once",
        "notebooks: mistakes in notebook, data and place at once",
        "dying: a Parquet file that fails in the middle of a query",
    ],
)
def test_the_command_ends_with_2_and_the_same_sentences(
    name: str,
    project: Path,
    break_project: Callable[[dict[str, Any]], dict[str, Any]],
    tmp_path: Path,
) -> None:
    break_project(CASES[name])
    before = look_at(project)
    code, written = run_command(project, tmp_path / "watch")
    assert code == 2
    assert f"Nothing was started: {len(CASES[name]['tells'])} to mend." in written
    for sentence in CASES[name]["tells"]:
        assert sentence.partition(": ")[2].replace(" ", "") in written.replace(" ", "")
    assert "Traceback" not in written
    assert "STARTED" not in written
    assert look_at(project) == before


@pytest.mark.parametrize(
    ("mount", "reason"),
    [
        ("mount -t tmpfs -o size=64k tmpfs place", "No space left on device"),
        ("mount -t tmpfs -o ro tmpfs place", "Read-only file system"),
    ],
)
def test_a_file_system_that_takes_nothing_is_told_before_anything_starts(
    mount: str, reason: str, project: Path, tmp_path: Path
) -> None:
    if not can_mount():
        pytest.skip("this machine does not let us mount")
    (project / "place").mkdir()
    before = look_at(project)
    code, written = run_command(
        project, tmp_path / "watch", f"{mount} &&", "--outputs", "place"
    )
    assert code == 2
    assert f"nothing can be written here: {reason}." in written
    assert "--outputs" in written
    assert "STARTED" not in written
    assert look_at(project) == before
