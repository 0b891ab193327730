"""What the checks of a run found, handed to its notebooks: no table is checked twice.

A run checks all tables before it starts a notebook. It writes what was found to a file
that an environment variable names for its own notebooks; one that is opened by a
person finds no such file, and checks its tables itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from analysis.data.check_results import CheckResult
from analysis.data.source import Source
from analysis.data.table_checks import add_origins
from analysis.quarter import Quarter
from analysis.wording import get_language

CHECKS_VARIABLE: Final = "QUARTERBOOK_CHECKS"
"""Environment variable with the file of what a run's checks found."""


def write_checks(
    source: Source, quarter: Quarter, checks: Iterable[CheckResult]
) -> bytes:
    """Write what checks found, in the language that is spoken.

    Parameters
    ----------
    source : Source
        The source whose tables were checked.
    quarter : Quarter
        The quarter reported.
    checks : iterable of CheckResult
        What was found.

    Returns
    -------
    bytes
        Content of the file.
    """
    about = _describe(source, quarter)
    return json.dumps([about, [asdict(check) for check in checks]]).encode()


def find_checks(
    source: Source, quarter: Quarter, names: Iterable[str]
) -> tuple[CheckResult, ...] | None:
    """Find what the run that this process belongs to has found of some tables.

    Parameters
    ----------
    source : Source
        The open source.
    quarter : Quarter
        The quarter reported.
    names : iterable of str
        Contract tables that are read.

    Returns
    -------
    tuple of CheckResult or None
        As `check_tables` gives them; None where no run has checked them in this
        language.
    """
    path = os.environ.get(CHECKS_VARIABLE)
    if not path:
        return None
    about, checks = json.loads(Path(path).read_bytes())
    if about != _describe(source, quarter):
        return None
    wanted = add_origins(source, names)
    found = (CheckResult(**check) for check in checks)
    return tuple(check for check in found if check.table in wanted)


def _describe(source: Source, quarter: Quarter) -> list[str]:
    return [source.info.name, str(quarter), get_language()]
