"""Find and read params/sources/<name>.yml; every mistake of a file is told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from analysis.data.contract import CONTRACT, Column, Table
from analysis.data.mapping import MONEY_UNITS, RATE_UNITS, SourceMapping
from analysis.errors import BadInputError, Problem

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")
_MAJOR = "major units of the source's currency"
_SHARE = "share from 0 to 1"
_DICTIONARY = "Compare with the data dictionary, src/analysis/data/contract.py."


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
    raw = _read_yaml(path, where)
    problems = [*_find_shape_problems(raw, where), *_find_contract_problems(raw, where)]
    if problems:
        raise BadInputError(problems)
    mapping = SourceMapping.model_validate(raw)
    location = expand_variables(mapping.location, where)
    return mapping.model_copy(update={"location": location})


def expand_variables(text: str, where: str) -> str:
    """Replace ${NAME} and ${NAME:-default} by the environment's values.

    Parameters
    ----------
    text : str
        Text with variables.
    where : str
        File that holds it, for the error.

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
                f"{where}, location",
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


class _StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader without two of its traps.

    The last of two equal keys does not win in silence, and yes, no, on and off are
    words, as codes often are; only true and false are flags.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Any, Any]:
        """Build a mapping whose keys are all different."""
        keys = [str(key.value) for key, _ in node.value]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            message = f"keys {repeated} stand twice"
            raise yaml.constructor.ConstructorError(
                None, None, message, node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def _read_yaml(path: Path, where: str) -> dict[str, Any]:
    remedy = "Correct the file; docs and examples are the other files of that folder."
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise BadInputError(
            [Problem(f"The file must be YAML: {error}.", where, remedy)]
        ) from error
    if not isinstance(raw, dict):
        problem = Problem("The file must hold keys and values.", where, remedy)
        raise BadInputError([problem])
    return raw


def _find_shape_problems(raw: dict[str, Any], where: str) -> Iterator[Problem]:
    try:
        SourceMapping.model_validate(raw)
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            path = ".".join(str(part) for part in mistake["loc"]) or "the file"
            text = mistake["msg"].removeprefix("Value error, ")
            found = mistake["input"]
            shown = "" if isinstance(found, dict | list) else f", found {found!r}"
            yield Problem(
                f"{text[:1].upper()}{text[1:]}{shown}.",
                f"{where}, {path}",
                "Correct this key.",
            )


def _find_contract_problems(raw: dict[str, Any], where: str) -> Iterator[Problem]:
    tables = raw.get("tables")
    for name, entries in (tables if isinstance(tables, dict) else {}).items():
        path = f"{where}, tables.{name}"
        if name not in CONTRACT:
            yield _describe_unknown_name(f"table '{name}'", str(name), CONTRACT, path)
            continue
        for index, entry in enumerate(
            entries if isinstance(entries, list) else [entries]
        ):
            place = f"{path}.{index}" if isinstance(entries, list) else path
            if isinstance(entry, dict):
                yield from _find_entry_problems(entry, CONTRACT[name], place)


def _find_entry_problems(
    entry: dict[str, Any], table: Table, where: str
) -> Iterator[Problem]:
    known = {column.name: column for column in table.columns}
    rows = entry.get("rows")
    columns = entry.get("columns")
    listed = columns if isinstance(columns, dict) else {}
    for row in rows if isinstance(rows, list | tuple) else []:
        listed = {**(row if isinstance(row, dict) else {}), **listed}
    for name in listed:
        if name not in known:
            label = f"column '{name}' in table '{table.name}'"
            yield _describe_unknown_name(label, str(name), known, where)
    required = [name for name, column in known.items() if column.required]
    absent = [name for name in required if name not in listed]
    if absent and listed:
        yield Problem(
            f"Table '{table.name}' must map the columns {absent}.", where, _DICTIONARY
        )
    for name, spec in (columns if isinstance(columns, dict) else {}).items():
        if name in known:
            yield from _find_unit_problems(spec, known[name], f"{where}.columns.{name}")


def _find_unit_problems(spec: object, column: Column, where: str) -> Iterator[Problem]:
    allowed = list_units(column)
    given = spec.get("unit") if isinstance(spec, dict) else None
    has_source = isinstance(spec, str) or (isinstance(spec, dict) and "from" in spec)
    if column.type in ("minor", "rate") and given is None and has_source:
        yield Problem(
            f"Column '{column.name}' must say the unit of the file.",
            where,
            f"Add `unit:` with one of {list(allowed)}.",
        )
    elif given is not None and given not in allowed:
        yield Problem(
            f"Column '{column.name}' ({column.unit}) can't have the unit {given!r}.",
            where,
            f"Write one of {list(allowed)}." if allowed else "Take `unit:` out.",
        )


def list_units(column: Column) -> tuple[str, ...]:
    """List the units in which a source may hold a contract column.

    Parameters
    ----------
    column : Column
        A column of the contract.

    Returns
    -------
    tuple of str
        Words for `unit:`; none for names, codes, days and counts.
    """
    if column.type == "minor" or column.unit == _MAJOR:
        return ("minor", *MONEY_UNITS)
    if column.type == "rate":
        return tuple(RATE_UNITS)
    return ("decimal", "percent") if column.unit == _SHARE else ()


def _describe_unknown_name(
    label: str, name: str, known: dict[str, Any], where: str
) -> Problem:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return Problem(f"The contract has no {label}.", where, f"{hint}{_DICTIONARY}")
