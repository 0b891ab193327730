"""What the tests of several studies read."""

from __future__ import annotations

import pytest

from analysis.data.sources import read_tables


@pytest.fixture(scope="module")
def bank(request, bank_folder):
    """Give the tables of the study that a file tests, of the small bank in 2026Q3."""
    study = request.module.study
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        yield read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
