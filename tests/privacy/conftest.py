"""A small project whose notebooks a test writes, run through the command line."""

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.reporting.parameters import SUMMARY

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


@dataclass(frozen=True)
class Project:
    root: Path

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


@pytest.fixture(scope="session")
def customer(bank_folder):
    """Give the key of a customer."""
    table = str(bank_folder / "customers.parquet")
    found = duckdb.execute("SELECT min(customer_id) FROM read_parquet(?)", [table])
    return found.fetchone()[0]


@pytest.fixture(scope="session")
def read_mode():
    """Give a function that reads who may open a file or folder."""
    return lambda path: stat.S_IMODE(path.stat().st_mode)
