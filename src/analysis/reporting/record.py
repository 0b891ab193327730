"""run.json: what was run, from what, with which code, and every finding.

Nothing in it depends on the clock or on the machine, so that the same data, params
and code give the same record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.presentation.show import read_shown
from analysis.reporting.fingerprints import hash_bytes, list_versions
from analysis.reporting.running.execution import NOTEBOOKS, Job, Made


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


def record_study(job: Job, made: Made) -> StudyRecord:
    """Say what the run leaves of a study.

    Parameters
    ----------
    job : Job
        What was run.
    made : Made
        What it has made.

    Returns
    -------
    StudyRecord
        Its findings and files.
    """
    contents = name_files(made)
    notebook = json.loads(made.record.notebook) if made.record else {"cells": []}
    return StudyRecord(
        name=job.study,
        title=str(job.page["title"]),
        status=made.outcome.status,
        reason=made.outcome.error,
        parameters={k: v for k, v in job.parameters.items() if k != "run_folder"},
        findings=tuple(read_shown(notebook, "finding")),
        files={path: hash_bytes(contents[path]) for path in sorted(contents)},
    )


def name_files(made: Made) -> dict[str, bytes]:
    """Give what a job has made by the path that it has in the quarter's folder.

    Parameters
    ----------
    made : Made
        What a job has made.

    Returns
    -------
    dict of str to bytes
        The executed notebook and the reports; lists of customers are not among them.
    """
    study = made.outcome.study
    named = {f"{study}.{suffix}": content for suffix, content in made.pages.items()}
    if made.record is not None:
        named[f"{NOTEBOOKS}/{study}.ipynb"] = made.record.notebook
    return named


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
    record = {
        **run,
        "versions": list_versions(),
        "studies": [asdict(study) for study in studies],
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")
