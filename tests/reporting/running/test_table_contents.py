"""One changed table runs exactly the notebooks that read it."""

import shutil

import pytest
from pyarrow import parquet

from analysis.data.contract import CONTRACT
from analysis.data.opening import open_source
from analysis.reporting.parameters import STUDIES, load_study
from analysis.reporting.running import table_contents
from analysis.reporting.running.keys import UNKNOWN
from analysis.reporting.running.table_contents import fingerprint_tables

FILES = {
    "market_rates": "market_rates.parquet",
    "posted_rates": "posted_rates.parquet",
    "ledger": "ledger.parquet",
    "survey_answers": "survey_answers.parquet",
    "survey_waves": "survey_waves.parquet",
    "balances": "balances/2026-09.parquet",
}


@pytest.fixture
def bank(bank_folder, tmp_path, monkeypatch):
    place = tmp_path / "bank"
    shutil.copytree(bank_folder, place)
    monkeypatch.setenv("QUARTERBOOK_BANK", str(place))
    return place


def fingerprint(study):
    table_contents._hash_once.cache_clear()
    module = load_study(study)
    read = (*module.TABLES, *module.OPTIONAL_TABLES)
    return fingerprint_tables(open_source("synthetic"), read)


@pytest.mark.parametrize("table", FILES)
def test_a_changed_file_changes_the_key_of_those_that_read_it(bank, table):
    before = {study: fingerprint(study) for study in STUDIES}
    path = bank / FILES[table]
    parquet.write_table(parquet.read_table(path), path, compression="gzip")
    after = {study: fingerprint(study) for study in STUDIES}
    changed = {study for study in STUDIES if before[study] != after[study]}
    readers = {study for study in STUDIES if table in before[study]}
    assert changed == readers
    assert 0 < len(readers) < len(STUDIES) or table in ("balances", "customers")
    for study in readers:
        names = {n for n in before[study] if before[study][n] != after[study][n]}
        assert names == {table}


def test_a_touched_file_changes_nothing(bank):
    before = fingerprint("satisfaction_drivers")
    (bank / "survey_answers.parquet").touch()
    assert fingerprint("satisfaction_drivers") == before


def test_answers_depend_on_the_waves_that_cut_them(bank):
    source = open_source("synthetic")
    assert "survey_waves" in fingerprint_tables(source, ["survey_answers"])


def test_tables_that_a_check_looks_into_count(bank):
    source = open_source("synthetic")
    targets = {target for _, target in CONTRACT["balances"].references}
    assert targets <= set(fingerprint_tables(source, ["balances"]))


def test_a_table_of_a_server_is_unknown(bank, monkeypatch):
    source = open_source("synthetic")
    monkeypatch.setattr(type(source.reader), "list_files", lambda self, place: None)
    assert fingerprint_tables(source, ["ledger"])["ledger"] == UNKNOWN
