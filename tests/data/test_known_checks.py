"""What a run's checks found is what each of its notebooks would have found."""

import pytest

from analysis.data.contract import CONTRACT
from analysis.data.known_checks import CHECKS_VARIABLE, find_checks, write_checks
from analysis.data.opening import open_source
from analysis.data.sources import read_tables
from analysis.data.table_checks import check_tables
from analysis.quarter import Quarter
from analysis.wording import speak

QUARTER = Quarter.parse("2026Q3")
SOME = ("ledger", "cost_pools", "market_rates")


@pytest.fixture(scope="module")
def source(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        yield open_source("synthetic")


@pytest.fixture(scope="module")
def content(source):
    return write_checks(source, QUARTER, check_tables(source, source, QUARTER))


@pytest.fixture
def known(content, tmp_path, monkeypatch):
    path = tmp_path / "checks.json"
    path.write_bytes(content)
    monkeypatch.setenv(CHECKS_VARIABLE, str(path))


@pytest.mark.parametrize("names", [(name,) for name in CONTRACT] + [SOME])
def test_what_is_known_of_tables_is_what_checking_them_finds(source, known, names):
    there = [name for name in names if name in source]
    if not there:
        pytest.skip("the synthetic bank has no such table")
    assert find_checks(source, QUARTER, there) == check_tables(source, there, QUARTER)


def test_a_notebook_takes_what_is_known(known, bank_folder, monkeypatch):
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    monkeypatch.setattr("analysis.data.sources.check_tables", None)
    tables = read_tables(("market_rates",), quarter="2026Q3", source="synthetic")
    assert {check.table for check in tables.checks} == {"market_rates"}


def test_another_quarter_or_language_is_not_known(source, known):
    assert find_checks(source, QUARTER.previous, SOME) is None
    with speak("zh"):
        assert find_checks(source, QUARTER, SOME) is None


def test_without_a_run_nothing_is_known(source, monkeypatch):
    monkeypatch.delenv(CHECKS_VARIABLE, raising=False)
    assert find_checks(source, QUARTER, SOME) is None
