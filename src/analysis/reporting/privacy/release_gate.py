"""The last look at a quarter before it is published, and what is said if it must not.

A quarter leaves if nothing in it names a person or an account, and if no earlier
release of the same quarter, laid beside it, singles out a few customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import Problem
from analysis.presentation.disclosure.register import Release, add_release
from analysis.presentation.disclosure.rules import current_rules
from analysis.reporting.edition import LISTS
from analysis.reporting.plan import Plan
from analysis.reporting.privacy.bank_keys import KeyColumn
from analysis.reporting.privacy.releases import (
    compare_releases,
    count_hidden,
    list_cells,
)
from analysis.reporting.privacy.scan import Leak, Scan, scan_folder

_MOST_NAMED = 20
_LEAK_REMEDY = (
    "Take it out of what the notebook shows, prints or raises; customers to act on "
    "belong into an ActionList. Then run the quarter again."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last look found.

    Parameters
    ----------
    scan : Scan
        What was searched, and what names somebody.
    differences : tuple of Problem
        Cells that an earlier release, laid beside, would break.
    n_hidden : dict of str to int
        Hidden cells of each study.
    release : Release
        What the register holds of the quarter once it is published.
    """

    scan: Scan
    differences: tuple[Problem, ...]
    n_hidden: dict[str, int]
    release: Release

    @property
    def may_leave(self) -> bool:
        """Whether nothing stands against publishing."""
        return not self.scan.leaks and not self.differences

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands against it, with the way out."""
        leaks = tuple(_name_leaks(self.scan))
        return (*leaks, *_shorten(self.differences, "rows differ in the same way"))

    def describe(self) -> dict[str, Any]:
        """Give what run.json holds of it."""
        return {
            "rules": current_rules().version,
            "hidden_cells": self.n_hidden,
            "scan": self.scan.describe(),
        }


def judge(
    plan: Plan,
    staging: Path,
    run: str,
    notebooks: Mapping[str, Path],
    columns: Sequence[KeyColumn],
) -> Verdict:
    """Look a quarter over before it leaves.

    Parameters
    ----------
    plan : Plan
        What the run did.
    staging : pathlib.Path
        Folder that it has filled.
    run : str
        Its number.
    notebooks : mapping of str to pathlib.Path
        Executed notebook of each study.
    columns : sequence of KeyColumn
        Where the bank's keys are.

    Returns
    -------
    Verdict
        Whether it may leave, and why not. Named persons know who is behind a number:
        the restricted edition is not compared with earlier releases.
    """
    settings, edition = plan.settings, plan.edition
    cells = {
        name: n
        for study, notebook in notebooks.items()
        for name, n in list_cells(notebook, study, settings.language).items()
    }
    release = Release(str(settings.quarter), settings.source, run, cells)
    differences: tuple[Problem, ...] = ()
    if not edition.is_restricted:
        found = compare_releases(edition.register, release, settings.language)
        differences = tuple(found)
    left_out = LISTS if edition.is_restricted else ""
    return Verdict(
        scan_folder(staging, plan.source, columns, left_out=left_out),
        differences,
        {study: count_hidden(notebook) for study, notebook in notebooks.items()},
        release,
    )


def remember(plan: Plan, verdict: Verdict) -> None:
    """Enter a quarter that is about to be published in the register.

    Parameters
    ----------
    plan : Plan
        What the run did.
    verdict : Verdict
        What the last look found.
    """
    if not plan.edition.is_restricted:
        add_release(plan.edition.register, verdict.release)


def _name_leaks(scan: Scan) -> Iterator[Problem]:
    """Name the first place of each kind in each file, and count the others."""
    grouped: dict[tuple[str, str], list[Leak]] = {}
    for leak in scan.leaks:
        grouped.setdefault((leak.file, leak.kind), []).append(leak)
    named = []
    for (file, kind), leaks in grouped.items():
        first, others = leaks[0], len(leaks) - 1
        what = f"this must name nobody, but holds a {kind}: {first.masked}"
        what += f" (and in {others} more places of the file)." if others else "."
        named.append(Problem(what, f"{file}, {first.place}", _LEAK_REMEDY))
    yield from _shorten(named, "files name somebody")


def _shorten(problems: Sequence[Problem], what: str) -> Iterator[Problem]:
    yield from problems[:_MOST_NAMED]
    others = len(problems) - _MOST_NAMED
    if others > 0:
        yield Problem(f"{others} more {what}.", "elsewhere", "Mend those above first.")
