"""Params of a quarter -> checked settings, all mistakes reported before anything runs.

A params file names its quarter and its source, and has one section per study with
what differs from the study's defaults. A parameter that no study has, a value of the
wrong type or out of range: each is a mistake with its file, line and column.
"""

from __future__ import annotations

import importlib
import os
import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.reporting.settings_file import SettingsFile, read_settings_file
from analysis.wording import LANGUAGES

STUDIES = ("deposit_rate_elasticity", "segment_profitability", "satisfaction_drivers")
"""Names of the studies, in the order of the index page."""

SUMMARY = "quarterly_summary"
"""The study that is run last, over the findings of the others."""

_OWN_KEYS = ("quarter", "source", "language", "reviewer", "workers")
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+:\d+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is to do, checked.

    Parameters
    ----------
    quarter : Quarter
        The quarter reported.
    source : str
        Name of the source of data.
    language : {"en", "zh"}
        Language of the reports.
    studies : dict of str to pydantic.BaseModel
        Parameters of each study, by its name.
    reviewer : str
        Who has read the params and answers for them; empty if nobody is named.
    workers : int, str or None
        Notebooks at a time, or the address of a Dask scheduler; None for all cores.
    """

    quarter: Quarter
    source: str
    language: str
    studies: Mapping[str, BaseModel]
    reviewer: str = ""
    workers: int | str | None = None


def load_study(name: str) -> ModuleType:
    """Import a study by its name.

    Parameters
    ----------
    name : str
        Name of the study, as its package is called.

    Returns
    -------
    types.ModuleType
        The study's package.
    """
    return importlib.import_module(f"analysis.studies.{name}")


def read_settings(
    root: Path, quarter: str, source: str | None = None, language: str | None = None
) -> Settings:
    """Read and check what a run is to do.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder, which holds params/.
    quarter : str
        The quarter to be run, for example "2026Q3".
    source : str or None
        Source of data; None takes what the params file says.
    language : str or None
        Language of the reports; None takes what the params file says, else English.

    Returns
    -------
    Settings
        Checked parameters of every study.

    Raises
    ------
    BadInputError
        With every mistake found.
    """
    parsed = _parse_quarter(quarter)
    path = root / "params" / f"{quarter}.yml"
    file = read_settings_file(path) if path.exists() else SettingsFile(path, {}, {})
    if file.problems and not file.values:
        raise BadInputError(file.problems)
    problems = list(file.problems)
    problems += _find_key_problems(file, quarter)
    chosen, mistakes = _choose_source(file, source)
    problems += mistakes
    spoken = language or file.values.get("language", LANGUAGES[0])
    where = "--language" if language else file.where("language")
    problems += _find_language_problems(spoken, where)
    reviewer = file.values.get("reviewer") or ""
    problems += _find_reviewer_problems(file, reviewer)
    workers = file.values.get("workers")
    problems += _find_workers_problems(workers, file.where("workers"))
    studies: dict[str, BaseModel] = {}
    for name in STUDIES:
        parameters, mistakes = _read_study(file, name, quarter)
        problems += mistakes
        if parameters is not None:
            studies[name] = parameters
    if problems:
        raise BadInputError(_tell_once(file, problems))
    return Settings(parsed, chosen, spoken, studies, reviewer, workers)


def _tell_once(file: SettingsFile, problems: list[Problem]) -> list[Problem]:
    """Leave out what follows from a mistake of form in the same place."""
    formal = {problem.where for problem in file.problems}
    return [
        problem
        for problem in problems
        if problem in file.problems or problem.where not in formal
    ]


def _parse_quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        remedy = "Name the quarter to report, for example 2026Q3."
        raise BadInputError([Problem(str(error), "quarter", remedy)]) from error


def _find_key_problems(file: SettingsFile, quarter: str) -> Iterator[Problem]:
    known = [*_OWN_KEYS, *STUDIES]
    for key in file.values:
        if key not in known:
            what = f"`{key}` must be one of {known}."
            remedy = f"{_suggest(str(key), known)}Correct its name or delete it."
            yield Problem(what, file.where(str(key)), remedy)
    stated = file.values.get("quarter", quarter)
    if stated != quarter:
        what = (
            f"`quarter` must be {quarter!r}, as the file's name says, "
            f"not {_show(stated)}."
        )
        yield Problem(what, file.where("quarter"), "Mend the line or the file's name.")


def _find_language_problems(language: object, where: str) -> Iterator[Problem]:
    if language not in LANGUAGES:
        what = f"`language` must be one of {list(LANGUAGES)}, not {_show(language)}."
        yield Problem(what, where, "Name the reports' language.")


def _find_reviewer_problems(file: SettingsFile, reviewer: object) -> Iterator[Problem]:
    if not isinstance(reviewer, str) or not reviewer.isprintable():
        what = f"`reviewer` must be a name, not {_show(reviewer)}."
        yield Problem(what, file.where("reviewer"), "Write the name of one person.")


def choose_workers(asked: str | None, stated: int | str | None) -> int | str:
    """Say where notebooks run: what is asked for, else what the params file says.

    Parameters
    ----------
    asked : str or None
        Number or address given on the command line.
    stated : int, str or None
        Number or address in the params file.

    Returns
    -------
    int or str
        Notebooks at a time, one more than there are cores if nothing is said, so that
        no core idles while the last ends; or a scheduler's address.

    Raises
    ------
    BadInputError
        If it is neither.
    """
    if asked is None:
        return stated or (os.cpu_count() or 1) + 1
    wanted = int(asked) if asked.isdecimal() else asked
    problems = list(_find_workers_problems(wanted, "--workers"))
    if problems:
        raise BadInputError(problems)
    return wanted


def _find_workers_problems(workers: object, where: str) -> Iterator[Problem]:
    is_number = type(workers) is int and workers > 0
    is_address = isinstance(workers, str) and _ADDRESS.fullmatch(workers)
    if not (workers is None or is_number or is_address):
        what = (
            "`workers` must be a number from 1 or the address of a Dask scheduler, "
            f"not {workers!r}."
        )
        yield Problem(what, where, "Write for example 4, or tcp://scheduler:8786.")


def _choose_source(
    file: SettingsFile, asked: str | None
) -> tuple[str, tuple[Problem, ...]]:
    stated = file.values.get("source")
    if stated is None and asked is None:
        what = "a quarter must have a source of data, and none is named."
        remedy = f"Add `source: synthetic` to {file.path}, or call with --source NAME."
        return "", (Problem(what, str(file.path), remedy),)
    if stated is not None and not (isinstance(stated, str) and stated.strip()):
        what = f"`source` must be the name of a source, not {_show(stated)}."
        remedy = "Name one of the files in params/sources, without `.yml`."
        return "", (Problem(what, file.where("source"), remedy),)
    if asked is not None and stated is not None and asked != stated:
        what = f"the quarter's source is {stated!r}, but --source asks for {asked!r}."
        remedy = "Leave --source out, or change the line."
        return "", (Problem(what, file.where("source"), remedy),)
    return str(asked or stated), ()


def _read_study(
    file: SettingsFile, name: str, quarter: str
) -> tuple[BaseModel | None, tuple[Problem, ...]]:
    section = file.values.get(name)
    section = {} if section is None else section
    if not isinstance(section, dict):
        what = f"`{name}` must be a section of `parameter: value` lines."
        return None, (Problem(what, file.where(name), "Indent its parameters."),)
    if "quarter" in section:
        what = "`quarter` must stand at the top of the file, not in a section."
        return None, (Problem(what, file.where(name, "quarter"), "Delete the line."),)
    model: type[BaseModel] = load_study(name).Parameters
    try:
        return model(quarter=quarter, **section), ()
    except ValidationError as error:
        return None, tuple(_explain(file, name, model, error))


def _explain(
    file: SettingsFile, name: str, model: type[BaseModel], error: ValidationError
) -> Iterator[Problem]:
    for mistake in error.errors():
        keys = tuple(str(key) for key in mistake["loc"])
        where = file.where(name, *keys)
        yield _explain_one(".".join(keys), where, model, dict(mistake))


def _explain_one(
    parameter: str, where: str, model: type[BaseModel], mistake: dict[str, Any]
) -> Problem:
    fields = [field for field in model.model_fields if field != "quarter"]
    if mistake["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        what = f"`{parameter}` is no parameter of this study."
        return Problem(what, where, f"{_suggest(parameter, fields)}It has {fields}.")
    said = mistake["msg"][0].lower() + mistake["msg"][1:]
    what = f"`{parameter}` can't be {_show(mistake['input'])}: {said}."
    field = model.model_fields.get(parameter.split(".")[0])
    if field is None:
        return Problem(what, where, "Mend the section.")
    remedy = f"Its meaning: {field.description} Its default: {field.default!r}."
    return Problem(what, where, remedy)


class _Short(reprlib.Repr):
    """Quotes a value of the file; what is long or deep is cut short."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxlist, self.maxdict, self.maxother = 2, 3, 3, 60

    def repr_date(self, day: date, level: int) -> str:  # noqa: ARG002 - its signature
        """Write a day as the file does."""
        return str(day)


_show = _Short().repr


def _suggest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean `{close[0]}`? " if close else ""
