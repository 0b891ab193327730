"""Check everything that can be checked before a notebook starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.data.check_results import CheckResult
from analysis.data.checks import check_tables, judge_source
from analysis.data.files import count_on_all_cores
from analysis.data.mapping_files import list_sources
from analysis.data.opening import LookedOver, Source, look_over
from analysis.errors import BadInputError, Problem
from analysis.reporting.edition import Edition
from analysis.reporting.notebook_checks import find_notebook_problems
from analysis.reporting.parameters import STUDIES, Settings, load_study
from analysis.reporting.place_checks import find_place_problems
from analysis.wording import get_language, join_names, say, speak


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
    checks : tuple of CheckResult
        What the checks of all tables found, in the reports' language.
    """

    root: Path
    settings: Settings
    edition: Edition
    source: Source
    studies: tuple[str, ...]
    left_out: Mapping[str, str]
    checks: tuple[CheckResult, ...] = ()


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
        With every mistake of the source, its tables, the notebooks, and the place to
        publish.
    """
    quarter = settings.quarter
    known = settings.source if settings.source in list_sources(root) else None
    problems = list(find_place_problems(edition, quarter, known))
    studies: tuple[str, ...] = STUDIES
    left_out: dict[str, str] = {}
    checks: tuple[CheckResult, ...] = ()
    try:
        with speak(settings.language):
            found = look_over(settings.source, root=root)
    except BadInputError as error:
        problems += error.problems
    else:
        studies, left_out = _choose_studies(found.source, settings.language)
        if not studies:
            problems.append(_explain_no_study(found.source))
        tables = _list_tables(studies, found.source)
        checks, mistakes = _check(found, tables, settings)
        problems += mistakes
    problems += find_notebook_problems(root, studies)
    if problems:
        raise BadInputError(problems)
    return Plan(root, settings, edition, found.source, studies, left_out, checks)


def _check(
    found: LookedOver, tables: tuple[str, ...], settings: Settings
) -> tuple[tuple[CheckResult, ...], tuple[Problem, ...]]:
    """Check tables once: what is found is printed in reports, in their language.

    Mistakes are told in the console's language, and checked again for it if need be.
    """
    present = [name for name in tables if name in found.sound]
    cores = count_on_all_cores(found.source.reader.connection)
    with speak(settings.language), cores:
        checks = check_tables(found.sound, present, settings.quarter)
    is_sound = all(check.passed or check.severity == "warning" for check in checks)
    is_told = is_sound or settings.language == get_language()
    known = checks if is_told else None
    return checks, judge_source(found, tables, settings.quarter, known)


def _choose_studies(
    source: Source, language: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Give the studies that a source has tables for, and why the others are not run."""
    with speak(language):
        absent = {study: _explain_absence(study, source) for study in STUDIES}
    left_out = {study: reason for study, reason in absent.items() if reason}
    return tuple(study for study in STUDIES if study not in left_out), left_out


def _explain_no_study(source: Source) -> Problem:
    reasons = " ".join(_explain_absence(study, source) for study in STUDIES)
    where = f"params/sources/{source.info.name}.yml"
    return Problem(reasons, where, "Map the tables that one of them needs.")


def _list_tables(studies: Iterable[str], source: Source) -> tuple[str, ...]:
    """Give the tables of a source that studies read."""
    wanted = {
        table
        for study in map(load_study, studies)
        for table in (*study.TABLES, *study.OPTIONAL_TABLES)
    }
    return tuple(table for table in source if table in wanted)


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
