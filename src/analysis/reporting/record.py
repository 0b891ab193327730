"""run.json: what was run, from what, with which code, and every finding.

Nothing in it depends on the clock or on the machine, so that the same data, params
and code give the same record.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from analysis.data.mapping_files import read_mapping
from analysis.presentation.show import read_shown
from analysis.reporting.execute import Job, Outcome, record_path

_PACKAGES = (
    "duckdb",
    "ibis-framework",
    "matplotlib",
    "numpy",
    "pandas",
    "papermill",
    "pyfixest",
    "quarterbook",
    "scipy",
    "statsmodels",
    "typst",
)
_BLOCK = 1 << 20
_CODE = frozenset((".py", ".po", ".j2", ".css", ".js", ".typ", ".lua"))
"""Suffixes of what a report is made with: code, words and templates."""


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """What a run leaves of one study.

    Parameters
    ----------
    name : str
        Name of the study.
    title : str
        Title of its report.
    status : {"completed", "failed", "left out"}
        What became of it.
    reason : str
        Why it failed or was left out; empty when completed.
    parameters : dict
        What its notebook was run with.
    findings : tuple of dict
        Every finding shown, as data.
    files : dict of str to str
        SHA-256 of each file made, by its path in the quarter's folder.
    """

    name: str
    title: str
    status: str
    reason: str
    parameters: Mapping[str, Any]
    findings: tuple[dict[str, Any], ...]
    files: Mapping[str, str]


def _hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


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
    return {path.relative_to(folder).as_posix(): _hash_file(path) for path in ordered}


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


def fingerprint_code(root: Path) -> str:
    """Give one SHA-256 of the package, the notebooks and the lock.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    str
        The same as long as no line of code changed.
    """
    package = Path(__file__).parents[1]
    code = hash_files(package, (p for p in package.rglob("*") if p.suffix in _CODE))
    notebooks = hash_files(root, (root / "notebooks").glob("*.ipynb"))
    lock = hash_files(root, root.glob("requirements.lock"))
    return hash_text(code, notebooks, lock)


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
        The same as long as no byte changed. The content of a database server is not
        read for it: there it stands for the mapping file alone.
    """
    mapping = read_mapping(name, root)
    described = hash_text(mapping.model_dump(mode="json", exclude={"location"}))
    if mapping.kind == "sql":
        return described
    place = root / Path(mapping.location).expanduser()
    files = [path for path in place.rglob("*") if path.is_file()]
    files = [path for path in files if "truth" not in path.relative_to(place).parts]
    return hash_text(described, hash_files(place, files) or _hash_file(place))


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


def record_study(job: Job, outcome: Outcome) -> StudyRecord:
    """Read from an executed notebook what the run leaves of it.

    Parameters
    ----------
    job : Job
        What was run.
    outcome : Outcome
        What became of it.

    Returns
    -------
    StudyRecord
        Its findings and files.
    """
    made = [record_path(job), *job.folder.glob(f"{job.study}.*")]
    files = [path for path in made if path.is_file()]
    return StudyRecord(
        name=job.study,
        title=str(job.page["title"]),
        status=outcome.status,
        reason=outcome.error,
        parameters={k: v for k, v in job.parameters.items() if k != "run_folder"},
        findings=_read_findings(record_path(job)),
        files=hash_files(job.folder, files),
    )


def write_record(
    path: Path, run: Mapping[str, Any], studies: Iterable[StudyRecord]
) -> None:
    """Write run.json.

    Parameters
    ----------
    path : pathlib.Path
        The file to write.
    run : mapping
        Quarter, source, run number, data, code, and what was looked for before it was
        published.
    studies : iterable of StudyRecord
        What the run leaves of each study.
    """
    versions = {name: version(name) for name in _PACKAGES}
    record = {
        **run,
        "versions": {"python": platform.python_version(), **versions},
        "studies": [asdict(study) for study in studies],
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def _read_findings(path: Path) -> tuple[dict[str, Any], ...]:
    if not path.is_file():
        return ()
    notebook = nbformat.read(path, as_version=4)
    return tuple(read_shown(notebook, "finding"))


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()
