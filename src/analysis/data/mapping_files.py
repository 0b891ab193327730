"""Find and read params/sources/<name>.yml; every mistake of a file is told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from analysis.data.mapping import SourceMapping
from analysis.data.mapping_contract import find_contract_problems
from analysis.errors import BadInputError, Problem
from analysis.strict_yaml import UNREADABLE, StrictLoader, explain_yaml, find_line

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")
_WHOLE = "the file"
_BRANCH = 2
"""A mistake in a value of two possible types is placed by its type, then by its key."""


def find_project_root(start: Path | None = None) -> Path:
    """Find the project's folder: the nearest one upward that holds params/sources.

    Parameters
    ----------
    start : pathlib.Path, optional
        Folder to start from; the current folder when absent.

    Returns
    -------
    pathlib.Path
        The project's folder.

    Raises
    ------
    BadInputError
        If no folder upward holds params/sources.
    """
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "params" / "sources").is_dir():
            return candidate
    problem = Problem(
        "A project must have a folder params/sources; there is none upward.",
        str(folder),
        "Start from the project's folder.",
    )
    raise BadInputError([problem])


def list_sources(root: Path) -> tuple[str, ...]:
    """List the names of the sources that have a mapping file.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    tuple of str
        Names in alphabetical order.
    """
    return tuple(sorted(path.stem for path in (root / "params/sources").glob("*.yml")))


def read_mapping(name: str, root: Path) -> SourceMapping:
    """Read and check the mapping file of a source.

    Parameters
    ----------
    name : str
        Name of the source: its file is params/sources/<name>.yml.
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    SourceMapping
        The mapping, its location with environment variables replaced.

    Raises
    ------
    BadInputError
        If there is no such file, or with every mistake found in it.
    """
    path = root / "params" / "sources" / f"{name}.yml"
    where = f"params/sources/{name}.yml"
    if name not in list_sources(root):
        raise BadInputError([_describe_unknown(name, root)])
    raw, node = _read_yaml(path, where)
    problems = [*_find_shape_problems(raw, where), *find_contract_problems(raw, where)]
    if problems:
        raise BadInputError(_add_line(problem, node, where) for problem in problems)
    mapping = SourceMapping.model_validate(raw)
    return _replace_variables(mapping, where)


def _replace_variables(mapping: SourceMapping, where: str) -> SourceMapping:
    spark = mapping.spark
    master = spark.master and expand_variables(spark.master, f"{where}, spark.master")
    settings = {
        key: expand_variables(value, f"{where}, spark.settings.{key}")
        for key, value in spark.settings.items()
    }
    return mapping.model_copy(
        update={
            "location": expand_variables(mapping.location, f"{where}, location"),
            "spark": spark.model_copy(update={"master": master, "settings": settings}),
        }
    )


def expand_variables(text: str, where: str) -> str:
    """Replace ${NAME} and ${NAME:-default} by the environment's values.

    Parameters
    ----------
    text : str
        Text with variables.
    where : str
        File and key that hold it, for the error.

    Returns
    -------
    str
        The text without variables.

    Raises
    ------
    BadInputError
        If a variable without a default is not set.
    """

    def look_up(match: re.Match[str]) -> str:
        """Give a variable's value.

        Parameters
        ----------
        match : re.Match
            A variable found in the text.

        Returns
        -------
        str
            Its value, or its default.
        """
        value = os.environ.get(match["name"]) or match["default"]
        if value is None:
            problem = Problem(
                f"Environment variable `{match['name']}` must be set.",
                where,
                f"Set it, or write ${{{match['name']}:-default}}.",
            )
            raise BadInputError([problem])
        return value

    return _VARIABLE.sub(look_up, text)


def _describe_unknown(name: str, root: Path) -> Problem:
    known = list_sources(root)
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return Problem(
        f"There is no source '{name}'; there are {list(known)}.",
        "params/sources",
        f"{hint}Name one of them, or write params/sources/{name}.yml.",
    )


def _add_line(problem: Problem, node: yaml.Node, where: str) -> Problem:
    """Name the line beside the key that a problem is about."""
    path = problem.where.removeprefix(f"{where}, ")
    if path == _WHOLE:
        return problem
    line = find_line(node, path.split("."))
    return replace(problem, where=f"{where}, line {line}, {path}")


def _read_yaml(path: Path, where: str) -> tuple[dict[str, Any], yaml.Node]:
    remedy = "Correct the file; docs and examples are the other files of that folder."
    try:
        text = path.read_bytes().decode("utf-8-sig")
        loader = StrictLoader(text)
        node = loader.get_single_node()
        raw = None if node is None else loader.construct_document(node)
    except OSError as error:
        what = f"The file can't be read: {error.strerror}."
        raise BadInputError([Problem(what, where, remedy)]) from error
    except UNREADABLE as error:
        reason, place = explain_yaml(error)
        what = f"The file must be YAML in UTF-8; {reason}."
        raise BadInputError([Problem(what, f"{where}{place}", remedy)]) from error
    if not isinstance(raw, dict) or node is None:
        problem = Problem("The file must hold keys and values.", where, remedy)
        raise BadInputError([problem])
    return raw, node


def _drop_branches(mistakes: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a value is no text where it is a mapping with a mistake in it."""
    deeper = {each["loc"][0] for each in mistakes if len(each["loc"]) > _BRANCH}
    return [
        each
        for each in mistakes
        if not (each["loc"][1:] == ("str",) and each["loc"][0] in deeper)
    ]


def _clean(keys: tuple[int | str, ...]) -> list[str]:
    """Leave out of a place what is a type of ours and no key of the file."""
    return [str(key) for key in keys if key != "str" and "[" not in str(key)]


def _find_shape_problems(raw: dict[str, Any], where: str) -> Iterator[Problem]:
    try:
        SourceMapping.model_validate(raw)
    except ValidationError as error:
        for mistake in _drop_branches(error.errors(include_url=False)):
            path = ".".join(_clean(mistake["loc"])) or _WHOLE
            text = mistake["msg"].removeprefix("Value error, ")
            found = mistake["input"]
            shown = "" if isinstance(found, dict | list) else f", found {found!r}"
            yield Problem(
                f"{text[:1].upper()}{text[1:]}{shown}.",
                f"{where}, {path}",
                "Correct this key.",
            )
