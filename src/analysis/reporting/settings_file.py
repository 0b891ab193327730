"""Read a params file so that each of its values can be named by line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import Problem

Location = tuple[int, int]


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
        node = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return _refuse(path, f"the file must be YAML in UTF-8: {_first_line(error)}.")
    if node is None:
        return SettingsFile(path, {}, {})
    if not isinstance(node, yaml.MappingNode):
        return _refuse(path, "the file must hold 'name: value' lines.")
    keys = list(_walk(node))
    locations = {key: place for key, place in reversed(keys)}
    problems = tuple(
        Problem(
            f"`{'.'.join(key)}` must be set once, but is set again.",
            f"{path}, line {line}, column {column}",
            "Keep one of the two.",
        )
        for index, (key, (line, column)) in enumerate(keys)
        if key in {earlier for earlier, _ in keys[:index]}
    )
    values = yaml.safe_load(path.read_text("utf-8"))
    return SettingsFile(path, values, locations, problems)


def _walk(
    node: yaml.MappingNode, parents: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Location]]:
    for key, value in node.value:
        name = (*parents, str(key.value))
        yield name, (key.start_mark.line + 1, key.start_mark.column + 1)
        if isinstance(value, yaml.MappingNode):
            yield from _walk(value, name)


def _refuse(path: Path, what: str) -> SettingsFile:
    remedy = "Compare it with the params files of earlier quarters."
    return SettingsFile(path, {}, {}, (Problem(what, str(path), remedy),))


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())
