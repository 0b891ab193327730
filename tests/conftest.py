"""Fixtures that tests of every layer share."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psycopg
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, sync_playwright

from analysis.reporting.parameters import SUMMARY
from analysis.synthetic import make_bank

QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
STUDY = "satisfaction_drivers"
MAPPING = """
title: Toy bank
attribution: Simulated
currency: CNY
period: month
kind: parquet
location: bank
layout: contract
"""


_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a synthetic bank: 3,000 customers, 36 months."""
    return _make_bank_once(tmp_path_factory, "synthetic", customers=3_000)


@pytest.fixture(scope="session")
def large_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the default bank, for claims that 3,000 customers are too few to judge."""
    return _make_bank_once(tmp_path_factory, "large")


def _make_bank_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, **keys: int
) -> Path:
    """Make a bank that all workers of the tests read and none changes."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder = place / "banks" / name
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make_bank(folder, **keys)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser of this machine that talks to nobody.

    It is closed after each module: while it is open, it holds the event loop.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this machine to look at pages with")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found, args=list(_ARGUMENTS)
        )
        yield opened
        opened.close()


@dataclass(frozen=True)
class Project:
    """A small project whose notebooks a test writes."""

    root: Path
    quarterbook: Path = QUARTERBOOK

    @property
    def published(self):
        return self.root / "outputs" / "2026Q3"

    @property
    def restricted(self):
        return self.root / "restricted"

    def write(self, *sources, study=STUDY):
        """Let a study's notebook consist of these cells."""
        name = f"{study}.ipynb"
        real = nbformat.read(NOTEBOOKS / name, as_version=4)
        tagged = [c for c in real.cells if "parameters" in c.metadata.get("tags", ())]
        cells = [new_markdown_cell("# Toy"), *tagged, *map(new_code_cell, sources)]
        toy = new_notebook(cells=cells, metadata=real.metadata)
        nbformat.write(toy, self.root / "notebooks" / name)

    def call(self, *arguments):
        return subprocess.run(
            [QUARTERBOOK, *arguments],
            cwd=self.root,
            env=os.environ | {"COLUMNS": "400"},
            capture_output=True,
            text=True,
            check=False,
        )

    def report(self, *arguments):
        return self.call("report", "2026Q3", "--quiet", *arguments)

    def read_record(self, folder="outputs/2026Q3"):
        return json.loads((self.root / folder / "run.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def make_project(bank_folder):
    """Give a function that makes a toy project in a folder."""

    def make(root):
        (root / "params" / "sources").mkdir(parents=True)
        (root / "params" / "sources" / "toy.yml").write_text(MAPPING, "utf-8")
        (root / "params" / "2026Q3.yml").write_text("source: toy\n", "utf-8")
        (root / "notebooks").mkdir()
        (root / "bank").mkdir()
        for name in ("customers", "survey_*"):
            for path in bank_folder.glob(f"{name}.parquet"):
                shutil.copy(path, root / "bank")
        project = Project(root)
        project.write("1", study=SUMMARY)
        return project

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, on a free port."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed under /usr/lib/postgresql")
    base = Path(tempfile.mkdtemp(prefix="quarterbook-postgres-"))
    before = _leave_root(base)
    port = _find_free_port()
    control = [*before, programs[-1] / "pg_ctl", "-D", base / "cluster"]
    _run([*control, "initdb", "-o", "-A trust -U bank --no-sync"])
    options = f"-p {port} -k {base} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run([*control, "-w", "-l", base / "log", "-o", options, "start"])
    yield f"postgres://bank:secret@127.0.0.1:{port}/postgres"
    _run([*control, "-m", "immediate", "stop"])
    shutil.rmtree(base)


@pytest.fixture
def load(postgres: str) -> Callable[[str], None]:
    """Run statements on the server."""

    def run(statements: str) -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(statements)

    return run


def _leave_root(base: Path) -> list[str]:
    """Give PostgreSQL, which refuses to run as root, another user."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("PostgreSQL can't run as root, and setpriv is not installed")
    shutil.chown(base, "nobody")
    return [setpriv, "--reuid=nobody", "--clear-groups"]


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[Any]) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
