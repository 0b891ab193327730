"""Fixtures that tests of every layer share."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.synthetic import make_bank


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
