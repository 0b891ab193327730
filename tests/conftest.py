"""Fixtures that tests of every layer share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from analysis.synthetic import make_bank

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
