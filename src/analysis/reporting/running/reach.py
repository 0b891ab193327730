"""Which modules of the package a notebook can reach by imports, and their content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analysis.reporting.fingerprints import hash_file

_PACKAGE = Path(__file__).parents[2]
_FROM = re.compile(
    r"^[ \t]*from[ \t]+(analysis[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n(]*)",
    re.MULTILINE,
)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(analysis[\w.]*)", re.MULTILINE)
_NAME = re.compile(r"\w+")


def fingerprint_modules(notebook: Path) -> dict[str, str]:
    """Give the fingerprint of each module that a notebook can reach by imports.

    Imports are read as text, so that one which no run comes to counts too.

    Parameters
    ----------
    notebook : pathlib.Path
        A notebook.

    Returns
    -------
    dict of str to str
        SHA-256 by the module's path in the package.
    """
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    code = (cell["source"] for cell in cells if cell["cell_type"] == "code")
    found: set[Path] = set()
    waiting = [path for source in code for path in _find_imports("".join(source))]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _read_imports(path)
    return {_name(path): hash_file(path) for path in sorted(found)}


def _name(path: Path) -> str:
    return path.relative_to(_PACKAGE).as_posix()


@cache
def _read_imports(path: Path) -> tuple[Path, ...]:
    return tuple(_find_imports(path.read_text("utf-8")))


def _find_imports(source: str) -> Iterator[Path]:
    for match in _IMPORT.finditer(source):
        yield from _list_files(match[1])
    for match in _FROM.finditer(source):
        yield from _list_files(match[1])
        for name in _NAME.findall(match[2]):
            yield from _list_files(f"{match[1]}.{name}")


@cache
def _list_files(module: str) -> tuple[Path, ...]:
    """List the file of a module and those of the packages that it lies in."""
    parts = module.split(".")[1:]
    places = [_PACKAGE.joinpath(*parts[:depth]) for depth in range(len(parts) + 1)]
    paths = [
        path
        for place in places
        for path in (place / "__init__.py", place.with_suffix(".py"))
    ]
    return tuple(path for path in paths if path.is_file())


def fingerprint_catalogue(language: str) -> str:
    """Give the fingerprint of the catalogue that a language's texts come from.

    Parameters
    ----------
    language : str
        Language of a report.

    Returns
    -------
    str
        SHA-256; empty for the language in which texts stand in the code.
    """
    found = sorted((_PACKAGE / "locale" / language).rglob("*.po"))
    return "".join(map(hash_file, found))
