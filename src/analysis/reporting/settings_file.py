"""Read a params file so that each of its values can be named by line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import Problem
from analysis.strict_yaml import (
    UNREADABLE,
    PlainLoader,
    explain_yaml,
    is_doubtful,
)

Location = tuple[int, int]
Place = tuple[tuple[str, ...], Location, yaml.Node]
"""Names of a key, outermost first; where it stands; its value."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a params file says, and where it says it.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    values : dict
        Its content.
    locations : dict
        Line and column, from 1, of each key: ("study", "parameter") -> (3, 5).
    problems : tuple of Problem
        Why the file cannot be used, if so.
    """

    path: Path
    values: dict[str, Any]
    locations: dict[tuple[str, ...], Location]
    problems: tuple[Problem, ...] = ()

    def where(self, *keys: str) -> str:
        """Name the place of a key: file, line and column, as far as it is known.

        Parameters
        ----------
        *keys : str
            Names of the section and of what is in it, outermost first.

        Returns
        -------
        str
            The place of the key, else of its section, else the file alone.
        """
        for depth in range(len(keys), 0, -1):
            location = self.locations.get(keys[:depth])
            if location is not None:
                return f"{self.path}, line {location[0]}, column {location[1]}"
        return str(self.path)


def read_settings_file(path: Path) -> SettingsFile:
    """Read a params file; mistakes of form are returned, not raised.

    Parameters
    ----------
    path : pathlib.Path
        A YAML file of one level of sections.

    Returns
    -------
    SettingsFile
        Its content, the place of each key, and its mistakes of form.
    """
    try:
        loader = PlainLoader(path.read_bytes().decode("utf-8-sig"))
        node = loader.get_single_node()
        values = {} if node is None else loader.construct_document(node)
    except OSError as error:
        return _refuse(path, f"the file can't be read: {error.strerror}.")
    except UNREADABLE as error:
        reason, place = explain_yaml(error)
        return _refuse(path, f"the file must be YAML in UTF-8; {reason}.", place)
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode | None):
        return _refuse(path, "the file must hold 'name: value' lines.")
    places = list(_walk(node)) if node else []
    locations = {key: place for key, place, _ in reversed(places)}
    problems = (*_find_repeated(path, places), *_find_doubtful(path, places))
    return SettingsFile(path, values, locations, problems)


def _find_repeated(path: Path, places: list[Place]) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    for key, (line, column), _ in places:
        if key in seen:
            what = f"`{'.'.join(key)}` must be set once, but is set again."
            where = f"{path}, line {line}, column {column}"
            yield Problem(what, where, "Keep one of the two.")
        seen.add(key)


def _find_doubtful(path: Path, places: list[Place]) -> Iterator[Problem]:
    for key, (line, column), value in places:
        if is_doubtful(value):
            what = f"`{'.'.join(key)}` must be plain; {value.value!r} has two readings."
            where = f"{path}, line {line}, column {column}"
            remedy = "Put a text into quotation marks; write a number without noughts "
            yield Problem(what, where, f"{remedy}before it; a flag is true or false.")


def _walk(node: yaml.MappingNode, parents: tuple[str, ...] = ()) -> Iterator[Place]:
    for key, value in node.value:
        name = (*parents, str(key.value))
        yield name, (key.start_mark.line + 1, key.start_mark.column + 1), value
        if isinstance(value, yaml.MappingNode):
            yield from _walk(value, name)


def _refuse(path: Path, what: str, place: str = "") -> SettingsFile:
    remedy = "Compare it with the params files of earlier quarters."
    return SettingsFile(path, {}, {}, (Problem(what, f"{path}{place}", remedy),))
