"""Runs that are killed, doubled or out of disk: nothing is lost, all is finished."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from analysis.reporting.fingerprints import hash_file
from analysis.reporting.place_checks import ROOM_BYTES

STUDY = "satisfaction_drivers"
WAIT = (
    "import pathlib, time\npathlib.Path({begun!r}).touch()\n"
    "while not pathlib.Path({go!r}).exists(): time.sleep(0.05)"
)


@pytest.fixture
def project(make_project, tmp_path):
    project = make_project(tmp_path / "project")
    project.write("print('old')")
    return project


def start(project, *arguments):
    command = [project.quarterbook, "report", "2026Q3", "--log", "json", *arguments]
    return subprocess.Popen(
        command,
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_events(stream):
    return [json.loads(line) for line in stream.splitlines() if line.startswith("{")]


def wait_for(path, process):
    end = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.05)


def require_whole(project):
    record = project.read_record()
    files = dict(record["files"])
    for study in record["studies"]:
        files |= study["files"]
    for name, digest in files.items():
        assert hash_file(project.published / name) == digest, name
    return record


def print_in(record):
    (study,) = [s for s in record["studies"] if s["name"] == STUDY]
    return study


def test_a_killed_run_is_finished_by_the_next_and_hurts_nothing(project, tmp_path):
    assert project.report().returncode == 0
    before = (project.published / "run.json").read_bytes()
    begun, go = tmp_path / "begun", tmp_path / "go"
    project.write("print('new')", WAIT.format(begun=str(begun), go=str(go)))
    process = start(project)
    wait_for(begun, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (project.published / "run.json").read_bytes() == before
    require_whole(project)
    assert (project.root / "outputs" / ".staging-2026Q3").exists()
    go.touch()
    assert project.report().returncode == 0
    assert require_whole(project)["run"] != json.loads(before)["run"]
    left = sorted(path.name for path in (project.root / "outputs").iterdir())
    assert left == ["2026Q3", "history", "index.html"]


@pytest.mark.extended
def test_two_runs_of_one_quarter_the_second_says_so_and_stops(project, tmp_path):
    begun, go = tmp_path / "begun", tmp_path / "go"
    project.write(WAIT.format(begun=str(begun), go=str(go)))
    first = start(project)
    wait_for(begun, first)
    second = project.report()
    go.touch()
    told, _ = first.communicate(timeout=120)
    assert second.returncode == 3
    assert f"2026Q3 is being run already, by process {first.pid} on" in second.stderr
    assert second.stdout == ""
    assert first.returncode == 0
    assert told.startswith("Published: ")
    require_whole(project)


@pytest.mark.extended
def test_what_has_run_is_not_run_again(project, tmp_path):
    counter = tmp_path / "counter"
    count = f"open({str(counter)!r}, 'a').write('x')"
    project.write(count)
    project.write("raise ValueError('half')", study="quarterly_summary")
    failed = start(project)
    _, told = failed.communicate(timeout=120)
    assert failed.returncode == 1
    assert read_events(told)[-1]["failed"] == ["quarterly_summary"]
    project.write("1", study="quarterly_summary")
    again = start(project)
    _, told = again.communicate(timeout=120)
    assert again.returncode == 0
    planned = [e for e in read_events(told) if e["event"] == "planned"]
    assert {e["study"]: e["action"] for e in planned}[STUDY] == "keep"
    assert counter.read_text() == "x"
    unchanged = start(project)
    _, told = unchanged.communicate(timeout=120)
    (event,) = read_events(told)
    assert (event["event"], event["unchanged"]) == ("published", True)
    forced = start(project, "--force")
    assert forced.wait(timeout=120) == 0
    forced.communicate()
    assert counter.read_text() == "xx"


@pytest.fixture
def small_disk(tmp_path):
    """Give a file system of a few megabytes, where this machine lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place]
    if os.getuid() or not shutil.which("mount") or subprocess.run(command).returncode:
        pytest.skip("file systems can't be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk, left):
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - left)))
    return ballast


@pytest.mark.extended
def test_a_disk_that_fills_in_the_middle_hurts_nothing(make_project, small_disk):
    project = make_project(small_disk / "project")
    project.write("print('old')")
    assert project.report().returncode == 0
    before = (project.published / "run.json").read_bytes()
    project.write("print('new' * 700_000)")
    ballast = fill(small_disk, left=ROOM_BYTES + 500_000)
    failed = project.report()
    assert failed.returncode == 1, failed.stderr
    assert "The disk is full. What was published is untouched" in failed.stderr
    assert (project.published / "run.json").read_bytes() == before
    require_whole(project)
    assert not (project.root / "outputs" / ".staging-2026Q3").exists()
    ballast.unlink()
    done = project.report()
    assert done.returncode == 0, done.stderr
    assert require_whole(project)["run"] != json.loads(before)["run"]


def test_a_disk_that_is_full_is_told_before_anything_starts(make_project, small_disk):
    project = make_project(small_disk / "project")
    project.write("print('old')")
    fill(small_disk, left=ROOM_BYTES // 2)
    refused = project.report()
    assert refused.returncode == 2
    assert "nothing can be written here: No space left on device" in refused.stderr
