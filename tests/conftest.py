"""Fixtures that tests of every layer share."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, sync_playwright

from analysis.reporting.parameters import SUMMARY
from analysis.synthetic import make_bank

QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
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
    folder = tmp_path_factory.mktemp("bank") / "synthetic"
    make_bank(folder, customers=3_000)
    return folder


@pytest.fixture(scope="session")
def large_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the default bank, for claims that 3,000 customers are too few to judge."""
    folder = tmp_path_factory.mktemp("bank") / "large"
    make_bank(folder)
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
        parameters = new_code_cell(
            'quarter: str = "2026Q3"\nsource: str = "toy"\nlanguage: str = "en"'
        )
        parameters.metadata["tags"] = ["parameters"]
        cells = [new_markdown_cell("# Toy"), parameters, *map(new_code_cell, sources)]
        nbformat.write(
            new_notebook(cells=cells), self.root / "notebooks" / f"{study}.ipynb"
        )

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
