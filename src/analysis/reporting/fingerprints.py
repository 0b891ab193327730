"""Fingerprints of data, code and files: what a run is recognised by, never a time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from analysis.data.mapping_files import read_mapping
from analysis.errors import BadInputError, Problem

_PACKAGES = (
    "duckdb",
    "ibis-framework",
    "matplotlib",
    "numpy",
    "pandas",
    "papermill",
    "quarterbook",
    "scipy",
    "statsmodels",
    "typst",
)
_BLOCK = 1 << 20
EPOCH = "SOURCE_DATE_EPOCH"
"""Environment variable with the time, in seconds, that files are dated with."""
_CODE = frozenset((".py", ".po", ".j2", ".css", ".js", ".typ", ".lua"))
"""Suffixes of what a report is made with: code, words and templates."""


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def hash_bytes(content: bytes) -> str:
    """Give the SHA-256 of bytes.

    Parameters
    ----------
    content : bytes
        Any content.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(content).hexdigest()


def hash_files(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Give the SHA-256 of files.

    Parameters
    ----------
    folder : pathlib.Path
        Folder that the files are in.
    paths : iterable of pathlib.Path
        The files.

    Returns
    -------
    dict of str to str
        64 hexadecimal digits by the path below the folder, sorted.
    """
    ordered = sorted(paths)
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in ordered}


def hash_text(*parts: object) -> str:
    """Give the SHA-256 of values that JSON can hold, in their order.

    Parameters
    ----------
    *parts : object
        Values; one that JSON cannot hold is written as text.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint_package() -> str:
    """Give one SHA-256 of the package and of the versions that its numbers depend on.

    Returns
    -------
    str
        The same wherever the same code runs on the same packages.
    """
    package = Path(__file__).parents[1]
    code = hash_files(package, (p for p in package.rglob("*") if p.suffix in _CODE))
    return hash_text(code, list_versions())


def fingerprint_code(root: Path) -> str:
    """Give one SHA-256 of the package, the notebooks and the lock.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    str
        The same as long as no line of code and no version changed.
    """
    notebooks = hash_files(root, (root / "notebooks").glob("*.ipynb"))
    lock = hash_files(root, root.glob("requirements.lock"))
    return hash_text(fingerprint_package(), notebooks, lock)


def fingerprint_source(root: Path, name: str) -> str:
    """Give one SHA-256 of a source's mapping file and of every file it keeps.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    name : str
        Name of the source.

    Returns
    -------
    str
        The same as long as no byte changed. The content of a database server, or of a
        cluster's own storage, is not read for it: there it stands for the mapping file
        alone.
    """
    mapping = read_mapping(name, root)
    described = hash_text(mapping.model_dump(mode="json", exclude={"location"}))
    place = root / Path(mapping.location).expanduser()
    if mapping.kind == "sql" or (mapping.kind == "spark" and not place.is_dir()):
        return described
    files = [path for path in place.rglob("*") if path.is_file()]
    files = [path for path in files if "truth" not in path.relative_to(place).parts]
    return hash_text(described, hash_files(place, files) or hash_file(place))


def find_commit(root: Path) -> str:
    """Give the commit that is checked out, with "+" when files differ from it.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    str
        Short hash, or "unknown" outside a checkout.
    """
    try:
        commit = _git(root, "rev-parse", "--short=12", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+" if changed else "")


def find_day(root: Path) -> str:
    """Give the day that files are dated with: never the clock's.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    str
        The UTC day of SOURCE_DATE_EPOCH, else of the commit that is checked out, as
        "2026-11-22"; empty outside a checkout.

    Raises
    ------
    BadInputError
        If SOURCE_DATE_EPOCH is set and is no number of seconds.

    References
    ----------
    .. [1] Reproducible Builds, SOURCE_DATE_EPOCH specification, 1.1.
    """
    seconds = os.environ.get(EPOCH)
    if seconds is None:
        try:
            seconds = _git(root, "log", "-1", "--format=%ct")
        except (OSError, subprocess.CalledProcessError):
            return ""
    if not seconds.isdecimal():
        what = f"{EPOCH} must be a whole number of seconds, not {seconds!r}."
        raise BadInputError([Problem(what, "environment", "Correct or unset it.")])
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def list_versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that numbers depend on.

    Returns
    -------
    dict of str to str
        Versions by name.
    """
    versions = {name: version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), **versions}


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()
