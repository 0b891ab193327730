"""Fingerprints and days of a run: content and commit, never the clock."""

import subprocess
from pathlib import Path

import pytest

from analysis.errors import BadInputError
from analysis.reporting.fingerprints import find_day, hash_bytes, hash_file, hash_files

ROOT = Path(__file__).parents[2]


def test_hashes_are_the_published_sha_256(tmp_path):
    # FIPS 180-2, appendix B.1: the message "abc".
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    (tmp_path / "b").write_bytes(b"abc")
    assert hash_bytes(b"abc") == hash_file(tmp_path / "b") == digest
    assert hash_files(tmp_path, [tmp_path / "b"]) == {"b": digest}


def test_the_day_is_that_of_source_date_epoch(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14 22:13:20 UTC
    assert find_day(ROOT) == "2023-11-14"


def test_else_the_day_is_that_of_the_commit(monkeypatch, tmp_path):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    date = {"GIT_COMMITTER_DATE": "2024-02-29T23:30:00-02:00"}  # 03-01 in UTC
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "a"]):
        subprocess.run(["git", "-C", tmp_path, *command], env=date, check=True)
    assert find_day(tmp_path) == "2024-03-01"


def test_outside_a_checkout_there_is_no_day(monkeypatch, tmp_path):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert find_day(tmp_path) == ""


def test_an_epoch_that_is_no_number_is_refused(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(BadInputError, match="must be a whole number of seconds"):
        find_day(ROOT)
