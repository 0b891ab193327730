"""An unchanged quarter is told from fingerprints, and nothing else is taken for one."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from analysis.reporting.edition import Edition
from analysis.reporting.fingerprints import hash_file
from analysis.reporting.unchanged import Request, find_published, fingerprint_inputs

MAPPING = """
title: Toy bank
attribution: Simulated
currency: CNY
period: month
kind: csv
location: bank
layout: contract
"""


@pytest.fixture
def request_(tmp_path):
    """Give a request whose quarter is published as it would be made now."""
    root = tmp_path / "project"
    (root / "params" / "sources").mkdir(parents=True)
    (root / "params" / "sources" / "toy.yml").write_text(MAPPING, "utf-8")
    (root / "params" / "2026Q3.yml").write_text("source: toy\n", "utf-8")
    (root / "notebooks").mkdir()
    (root / "bank").mkdir()
    (root / "bank" / "customers.csv").write_text("customer_id\nC1\n", "utf-8")
    edition = Edition("management", root / "outputs", root / "restricted")
    request = Request(root, "2026Q3", edition)
    publish(request)
    return request


def publish(request):
    folder = request.edition.outputs / "2026Q3"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("index")
    (folder / "a.html").write_text("page")
    record = {
        "run": "0a1b2c3d",
        "inputs": fingerprint_inputs(request),
        "files": {},
        "studies": [{"files": {"a.html": hash_file(folder / "a.html")}}],
    }
    (folder / "run.json").write_text(json.dumps(record))
    (request.edition.outputs / "index.html").write_text("Run 0a1b2c3d")


def is_unchanged(request):
    inputs = fingerprint_inputs(request)
    return inputs is not None and find_published(request, inputs) is not None


def test_what_is_published_as_it_would_be_made_is_unchanged(request_):
    assert is_unchanged(request_)


def test_times_of_files_play_no_part(request_):
    for path in (request_.root / "bank" / "customers.csv", request_.root / "params"):
        path.touch()
    assert is_unchanged(request_)


CHANGES = {
    "params": ("params/2026Q3.yml", "source: toy\nlanguage: en\n"),
    "mapping": ("params/sources/toy.yml", MAPPING.replace("CNY", "EUR")),
    "data": ("bank/customers.csv", "customer_id\nC2\n"),
    "more data": ("bank/more.csv", "a\n"),
    "notebook": ("notebooks/a.ipynb", "{}"),
    "lock": ("requirements.lock", "numpy==1"),
    "page": ("outputs/2026Q3/a.html", "page!"),
    "page of all quarters": ("outputs/index.html", "Run ffffffff"),
    "record": ("outputs/2026Q3/run.json", "{"),
}


@pytest.mark.parametrize(("path", "content"), CHANGES.values(), ids=CHANGES)
def test_any_change_of_content_is_a_change(request_, path, content):
    (request_.root / path).write_text(content, "utf-8")
    assert not is_unchanged(request_)


@pytest.mark.parametrize("path", ["outputs/2026Q3/index.html", "outputs/2026Q3/a.html"])
def test_a_page_that_is_gone_is_a_change(request_, path):
    (request_.root / path).unlink()
    assert not is_unchanged(request_)


@pytest.mark.parametrize("changes", [{"language": "zh"}, {"source": "toy"}])
def test_another_request_is_a_change(request_, changes):
    assert not is_unchanged(replace(request_, **changes))


def test_another_day_and_other_rules_are_a_change(request_, monkeypatch, tmp_path):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert not is_unchanged(request_)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    (tmp_path / "rules.yml").write_text("version: strict")
    monkeypatch.setenv("QUARTERBOOK_RULES", str(tmp_path / "rules.yml"))
    assert not is_unchanged(request_)


@pytest.mark.parametrize("kind", ["sql", "spark"])
def test_a_server_is_never_unchanged(request_, kind):
    text = MAPPING.replace("csv", kind)
    (request_.root / "params" / "sources" / "toy.yml").write_text(text, "utf-8")
    assert fingerprint_inputs(request_) is None


def test_mistakes_are_left_to_the_checks(request_):
    for name, text in (("2026Q3.yml", "source: ["), ("2026Q3.yml", "- a")):
        (request_.root / "params" / name).write_text(text, "utf-8")
        assert fingerprint_inputs(request_) is None
    shutil.rmtree(request_.root / "bank")
    assert fingerprint_inputs(request_) is None


def test_no_library_of_notebooks_is_imported_to_tell():
    code = "import sys, analysis.reporting.command; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"matplotlib", "statsmodels", "pyfixest", "ibis", "papermill", "nbconvert"}
    assert heavy & set(done.stdout.split()) == set()
