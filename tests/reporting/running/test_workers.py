"""Notebooks on a Dask cluster: a real scheduler and two worker processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import as_completed

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import BadInputError
from analysis.reporting import fingerprints
from analysis.reporting.parameters import choose_workers
from analysis.reporting.running import workers
from analysis.reporting.running.execution import Job
from analysis.reporting.running.workers import open_executor, run_jobs

DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command, folder, name):
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Give the address of a scheduler on loopback, and its two workers."""
    folder = tmp_path_factory.mktemp("dask")
    address = f"tcp://127.0.0.1:{find_port()}"
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    port = address.rpartition(":")[2]
    scheduler = start([*DASK, *quiet, "--port", port], folder, "scheduler")
    local = ["--nthreads", "1", "--local-directory", str(folder)]
    crew = [start([*WORKER, address, *quiet, *local], folder, f"w{i}") for i in (1, 2)]
    yield address, crew
    for process in (*crew, scheduler):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def make_job(folder, name, source):
    notebook = new_notebook(cells=[new_code_cell(source)])
    nbformat.write(notebook, folder / f"{name}.ipynb")
    page = {"title": name, "quarter": "2026Q2"}
    return Job(name, folder / f"{name}.ipynb", folder, {}, page)


def wait_for_workers(address, n):
    from distributed import Client

    with Client(address, timeout=60) as client:
        client.wait_for_workers(n, timeout=60)


@pytest.mark.extended
def test_a_cluster_gives_what_this_machine_gives(cluster, tmp_path):
    address, _ = cluster
    wait_for_workers(address, 2)
    jobs = [make_job(tmp_path, f"n{i}", f"print({i} ** 2)") for i in range(2)]
    made = {}
    for place in (address, 2):
        with open_executor(place) as executor:
            made[place] = run_jobs(executor, jobs, lambda one: None)
    for there, here in zip(made[address], made[2], strict=True):
        assert there.outcome.error == ""
        assert (there.record, there.pages) == (here.record, here.pages)


@pytest.mark.extended
def test_a_worker_that_is_killed_costs_no_notebook(cluster, tmp_path):
    address, crew = cluster
    wait_for_workers(address, 2)
    marks = [tmp_path / f"begun{i}" for i in range(3)]
    slow = "import pathlib, time\npathlib.Path({!r}).touch()\ntime.sleep(2)\nprint(1)"
    jobs = [
        make_job(tmp_path, f"s{i}", slow.format(str(mark)))
        for i, mark in enumerate(marks)
    ]
    with open_executor(address) as executor:
        futures = [executor.submit(workers.run_apart, job) for job in jobs]
        end = time.monotonic() + 60
        while not (marks[0].exists() and marks[1].exists()):
            assert time.monotonic() < end
            time.sleep(0.05)
        os.killpg(crew[0].pid, signal.SIGKILL)
        made = [future.result() for future in as_completed(futures)]
    assert sorted(one.outcome.study for one in made) == ["s0", "s1", "s2"]
    assert [one.outcome.error for one in made] == ["", "", ""]


def test_a_scheduler_that_does_not_answer_is_bad_input(monkeypatch):
    monkeypatch.setattr(workers, "_SECONDS_TO_CONNECT", 1)
    address = f"tcp://127.0.0.1:{find_port()}"
    told = re.escape(f"a Dask scheduler must answer at {address}; none did.")
    with pytest.raises(BadInputError, match=told), open_executor(address):
        pass


def test_without_dask_the_way_to_install_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(
            BadInputError, match=r"Dask is not installed.*quarterbook.cluster"
        ),
        open_executor("tcp://127.0.0.1:1"),
    ):
        pass


def test_workers_of_other_code_are_refused(cluster, monkeypatch):
    address, crew = cluster
    wait_for_workers(address, sum(process.poll() is None for process in crew))
    monkeypatch.setattr(fingerprints, "list_versions", lambda: {"duckdb": "0.1"})
    with (
        pytest.raises(
            BadInputError, match="every worker must have this machine's code"
        ),
        open_executor(address),
    ):
        pass


@pytest.mark.parametrize(
    ("asked", "stated", "chosen"),
    [
        (None, None, os.cpu_count() + 1),
        (None, 3, 3),
        (None, "tcp://s:8786", "tcp://s:8786"),
        ("2", "tcp://s:8786", 2),
        ("tls://s:8786", 3, "tls://s:8786"),
    ],
)
def test_the_command_line_goes_before_the_params_file(asked, stated, chosen):
    assert choose_workers(asked, stated) == chosen


@pytest.mark.parametrize("asked", ["0", "-1", "two", "s:8786", "tcp://s"])
def test_other_words_for_workers_are_refused(asked):
    with pytest.raises(BadInputError, match="must be a number from 1 or the address"):
        choose_workers(asked, None)
