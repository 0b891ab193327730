"""What has left before: the register that keeps two releases from being subtracted.

Two releases of the same quarter, from the same source, may each be safe while their
difference describes a few customers: those added or taken out in between. The register
holds the published numbers of customers of every release; a new one is compared with
all that are out. It knows rows by their keys only: that one row of a release contains
another is for the table's own total to say, and not found here. Other quarters and
other sources have other customers and don't count.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from analysis.errors import BadInputError, Problem
from analysis.presentation.disclosure.released import Released
from analysis.presentation.disclosure.rules import current_rules

_FORM: Final = 1
_SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True)
class Release:
    """What one run has published.

    Parameters
    ----------
    quarter : str
        Quarter reported, for example "2026Q3".
    source : str
        Where the customers come from.
    run : str
        Number of the run.
    cells : mapping of str to int
        Customers behind each published row, by a key that does not depend on words or
        language (`name_cell`); hidden rows and empty ones are left out.
    withdrawn : bool
        Whether the release was taken back.
    """

    quarter: str
    source: str
    run: str
    cells: Mapping[str, int]
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Two published counts whose difference describes too few customers.

    Parameters
    ----------
    study, item, row : str
        The cell, in the words of its key.
    before, now : int
        Customers in the release that is out and in the one about to leave.
    run : str
        Number of the run that is out.
    """

    study: str
    item: str
    row: str
    before: int
    now: int
    run: str


def name_cell(study: str, item: str, row: str) -> str:
    """Make the key of a published row.

    Parameters
    ----------
    study, item : str
        Stable names, never titles: these are translated and change with the findings.
    row : str
        What tells the row from the others of its item.

    Returns
    -------
    str
        The three, joined by slashes; a slash inside one is written "~1".
    """
    parts = (study, item, row)
    return _SEPARATOR.join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def list_cells(
    released: Released, *, study: str, item: str, labels: Sequence[str]
) -> dict[str, int]:
    """List the published numbers of customers of a table.

    Parameters
    ----------
    released : Released
        What leaves.
    study, item : str
        Stable names of the study and of the table in it.
    labels : sequence of str
        Columns that together tell rows apart.

    Returns
    -------
    dict of str to int
        Customers by cell; none for rows about no customer.

    Raises
    ------
    ValueError
        If two rows have the same labels.
    """
    if released.customers is None:
        return {}
    keys = released.select(labels).rows.astype(str).agg("|".join, axis=1)
    if keys.duplicated().any():
        twice = keys[keys.duplicated()].iloc[0]
        message = f"Columns {list(labels)} must tell rows apart. {twice!r} is twice."
        raise ValueError(message)
    return {
        name_cell(study, item, row): n
        for row, n in zip(keys, released.customers, strict=True)
        if n
    }


def find_differences(
    earlier: Sequence[Release], new: Release, *, minimum: int | None = None
) -> tuple[Difference, ...]:
    """Find cells of a new release that tell on a few customers beside an earlier one.

    Parameters
    ----------
    earlier : sequence of Release
        What has left; what was withdrawn since is not compared.
    new : Release
        What is about to leave.
    minimum : int, optional
        Fewest customers that a difference may describe; that of the rules in force
        if it is not given.

    Returns
    -------
    tuple of Difference
        Cells of the same quarter and source whose counts differ by 1 to `minimum` - 1,
        in the order of the releases and keys. The same run is not compared with
        itself.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       section 4.2.2 and chapter 6, on differencing between linked tables.
    """
    fewest = current_rules().minimum_count if minimum is None else minimum
    return tuple(
        Difference(*_split(name), before=old.cells[name], now=now, run=old.run)
        for old in earlier
        if not old.withdrawn and old.run != new.run
        if (old.quarter, old.source) == (new.quarter, new.source)
        for name, now in sorted(new.cells.items())
        if 0 < abs(old.cells.get(name, now) - now) < fewest
    )


def read_register(path: Path) -> tuple[Release, ...]:
    """Read the releases that are out.

    Parameters
    ----------
    path : pathlib.Path
        The register; it need not exist yet.

    Returns
    -------
    tuple of Release
        In the order in which they left.

    Raises
    ------
    BadInputError
        If the file is no register.
    """
    if not path.exists():
        return ()
    try:
        held = json.loads(path.read_text("utf-8"))
        if held["form"] != _FORM:
            raise _blame(path, f"its form is {held['form']!r}, not {_FORM}")
        return tuple(_read_release(each) for each in held["releases"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _blame(path, f"{type(error).__name__}: {error}") from error


def add_release(path: Path, new: Release) -> None:
    """Enter a release that leaves; a second entry of the same run replaces the first.

    Parameters
    ----------
    path : pathlib.Path
        The register; made with mode 0600 if it does not exist.
    new : Release
        What leaves.

    Raises
    ------
    BadInputError
        If the file is no register.
    ValueError
        If a count is below the smallest that may be shown, or a key is not of
        `name_cell`.
    """
    minimum = current_rules().minimum_count
    wrong = [name for name, n in new.cells.items() if type(n) is not int or n < minimum]
    wrong += [name for name in new.cells if name.count(_SEPARATOR) != 2]
    if wrong:
        message = (
            f"The register must hold published counts from {minimum} up, under keys "
            f"of `name_cell`. It can't hold {sorted(wrong)[:5]} ({len(wrong)} in all)."
        )
        raise ValueError(message)
    others = [each for each in read_register(path) if each.run != new.run]
    _write(path, [*others, new])


def withdraw(path: Path, run: str) -> None:
    """Mark a release as withdrawn.

    It stays in the register but is compared with no new release, so that a corrected
    one can leave. Only withdraw what every reader has given back or never opened.

    Parameters
    ----------
    path : pathlib.Path
        The register.
    run : str
        Number of the run.

    Raises
    ------
    BadInputError
        If the file is no register.
    ValueError
        If there is no such run.
    """
    releases = read_register(path)
    if run not in [each.run for each in releases]:
        message = (
            f"Run {run!r} must be in the register to be withdrawn. It has "
            f"{[each.run for each in releases][-5:]} ({len(releases)} in all)."
        )
        raise ValueError(message)
    _write(
        path,
        [
            replace(each, withdrawn=each.withdrawn or each.run == run)
            for each in releases
        ],
    )


def _split(name: str) -> tuple[str, str, str]:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in name.split("/")]
    return parts[0], parts[1], parts[2]


def _read_release(raw: Mapping[str, Any]) -> Release:
    known = {field.name for field in fields(Release)}
    if set(raw) != known:
        message = f"a release must have {sorted(known)}, not {sorted(raw)}"
        raise ValueError(message)
    cells = {str(name): int(n) for name, n in raw["cells"].items()}
    return Release(**{**raw, "cells": cells})


def _write(path: Path, releases: Sequence[Release]) -> None:
    held = {
        "form": _FORM,
        "releases": [
            asdict(replace(each, cells=dict(each.cells))) for each in releases
        ],
    }
    text = json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _blame(path: Path, reason: str) -> BadInputError:
    what = f"The register of releases can't be read: {reason}."
    remedy = "Restore it from a copy; without it differences can't be found."
    return BadInputError([Problem(what, f"Register {path.name}", remedy)])
