"""A larger bank for claims that 3,000 customers are too few to judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.synthetic import make_bank


@pytest.fixture(scope="session")
def large_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the default bank: 20,000 customers, 36 months."""
    folder = tmp_path_factory.mktemp("bank") / "large"
    make_bank(folder)
    return folder
