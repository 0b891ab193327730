"""Tell from fingerprints alone that a quarter is published as it would be made now.

Nothing heavy is imported here: an unchanged quarter is told in about a second.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.data.mapping_files import read_mapping
from analysis.errors import QuarterbookError
from analysis.reporting.edition import Edition
from analysis.reporting.fingerprints import (
    EPOCH,
    fingerprint_code,
    fingerprint_source,
    hash_file,
    hash_text,
)

_RECORD, _PAGE = "run.json", "index.html"
_RULES = "QUARTERBOOK_RULES"
_SERVERS = ("sql", "spark")
"""Kinds of source whose content has no fingerprint."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    quarter : str
        The quarter, as it was written.
    edition : Edition
        For whom it is, and where it is published.
    source, language : str or None
        What is asked for beside the params file.
    """

    root: Path
    quarter: str
    edition: Edition
    source: str | None = None
    language: str | None = None


def fingerprint_inputs(request: Request) -> str | None:
    """Give one SHA-256 of all that a quarter is made of.

    Parameters
    ----------
    request : Request
        What is asked for.

    Returns
    -------
    str or None
        None where the content of something is not known: of a server, or of files
        with mistakes, which are for the checks to tell.
    """
    path = request.root / "params" / f"{request.quarter}.yml"
    try:
        params = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
        source = request.source or params["source"]
        mapping = read_mapping(source, request.root)
        if mapping.kind in _SERVERS:
            return None
        data = fingerprint_source(request.root, source)
    except (
        QuarterbookError,
        yaml.YAMLError,
        LookupError,
        TypeError,
        ValueError,
        OSError,
    ):
        return None
    edition = request.edition
    asked = (
        request.quarter,
        request.source,
        request.language,
        edition.profile,
        os.environ.get(EPOCH),
    )
    files = [
        path,
        Path(os.environ.get(_RULES, "")),
        *([edition.key] if edition.is_restricted else []),
    ]
    held = [hash_file(file) if file.is_file() else "" for file in files]
    return hash_text(asked, held, data, fingerprint_code(request.root))


def find_published(request: Request, inputs: str) -> dict[str, Any] | None:
    """Find the published quarter that was made of the same, and is still whole.

    Parameters
    ----------
    request : Request
        What is asked for.
    inputs : str
        Fingerprint of what it would be made of now.

    Returns
    -------
    dict or None
        Its record; None if it must be run.
    """
    folder = request.edition.place / request.quarter
    try:
        record: dict[str, Any] = json.loads((folder / _RECORD).read_text("utf-8"))
        files = {**record["files"]}
        for study in record["studies"]:
            files |= study["files"]
        same = record["inputs"] == inputs
    except (OSError, ValueError, LookupError, TypeError):
        return None
    whole = (folder / _PAGE).is_file() and all(
        (folder / name).is_file() and hash_file(folder / name) == digest
        for name, digest in files.items()
    )
    return record if same and whole and _is_listed(request, record) else None


def _is_listed(request: Request, record: dict[str, Any]) -> bool:
    """Tell whether the page of all quarters names the run."""
    if request.edition.is_restricted:
        return True
    page = request.edition.outputs / _PAGE
    return page.is_file() and record["run"] in page.read_text("utf-8")
