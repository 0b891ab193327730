"""Whose privacy is at stake: a customer of the bank."""

import stat

import duckdb
import pytest


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
