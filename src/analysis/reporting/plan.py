"""Check everything that can be checked before a notebook starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.data.checks import find_problems
from analysis.data.opening import Source, open_source
from analysis.errors import BadInputError, Problem
from analysis.reporting import publish
from analysis.reporting.edition import Edition
from analysis.reporting.parameters import STUDIES, Settings, load_study
from analysis.wording import join_names, say, speak


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    settings : Settings
        Quarter, source and parameters, checked.
    edition : Edition
        For whom it is, and where it is published.
    source : Source
        The open source, its tables checked.
    studies : tuple of str
        The studies that the source has the tables for.
    left_out : dict of str to str
        The other studies, each with a sentence that says why.
    """

    root: Path
    settings: Settings
    edition: Edition
    source: Source
    studies: tuple[str, ...]
    left_out: Mapping[str, str]


def plan_quarter(root: Path, edition: Edition, settings: Settings) -> Plan:
    """Check everything that can be checked before a notebook starts.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    edition : Edition
        For whom the quarter is, and where it is published.
    settings : Settings
        Quarter, source and parameters.

    Returns
    -------
    Plan
        What a run will do.

    Raises
    ------
    BadInputError
        With every mistake of the source, its tables and the place to publish.
    """
    if not edition.is_restricted:
        publish.require_writable(edition.outputs)
    publish.require_writable(edition.restricted, option="--restricted")
    quarter, name = settings.quarter, settings.source
    problems = list(publish.find_problems(edition.place, quarter, name))
    with speak(settings.language):
        source = open_source(name, root=root)
        absent = {study: _explain_absence(study, source) for study in STUDIES}
    left_out = {study: reason for study, reason in absent.items() if reason}
    studies = tuple(study for study in STUDIES if study not in left_out)
    if not studies:
        remedy = "Map the tables that one of them needs."
        where = f"params/sources/{name}.yml"
        problems.append(Problem(" ".join(left_out.values()), where, remedy))
    wanted = {table for study in studies for table in _list_tables(study)}
    names = tuple(table for table in source if table in wanted)
    problems += find_problems(name, names, str(quarter), root=root)
    if problems:
        raise BadInputError(problems)
    return Plan(root, settings, edition, source, studies, left_out)


def _list_tables(name: str) -> tuple[str, ...]:
    study = load_study(name)
    return (*study.TABLES, *study.OPTIONAL_TABLES)


def _explain_absence(name: str, source: Source) -> str:
    study = load_study(name)
    missing = [table for table in study.TABLES if table not in source]
    if not missing:
        return ""
    return say(
        "{title} is left out, because {source} has no {tables}.",
        title=say(study.TITLE),
        source=source.info.title,
        tables=join_names([table.replace("_", " ") for table in missing]),
    )
