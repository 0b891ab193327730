"""run.json of a run, read and checked: what a comparison may rely on.

Records of earlier versions hold less; what they do not know is empty or None.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from analysis.errors import BadInputError, Problem
from analysis.presentation.findings import Finding
from analysis.quarter import Quarter

_MOST_NAMED = 5
_FIELDS = frozenset(field.name for field in fields(Finding))
_NUMBERS = ("estimate", "lower", "upper")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class RecordedTable(_Part):
    """How much of a contract table a run has read; see `TableExtent`."""

    rows: int
    quarter_rows: int | None = None
    first: date | None = None
    last: date | None = None
    customers: int | None = None
    studies: tuple[str, ...] = ()


class RecordedSource(_Part):
    """Where a run's data came from; its tables by name, None in earlier versions."""

    name: str
    title: str = ""
    currency: str = ""
    fingerprint: str = ""
    tables: dict[str, RecordedTable] | None = None


class RecordedCode(_Part):
    """Which code has run."""

    fingerprint: str = ""
    commit: str = ""


class RecordedDisclosure(_Part):
    """Which rules of disclosure control were in force."""

    rules: str = ""


def _complete(content: object) -> object:
    """Bring a finding that an earlier or later version has recorded into our form."""
    if not isinstance(content, Mapping):
        return content
    known = {name: value for name, value in content.items() if name in _FIELDS}
    known.setdefault("measure", known.get("headline", ""))
    for name in _NUMBERS:
        value = known.get(name)
        if isinstance(value, float) and not math.isfinite(value):
            message = f"the {name} of {known.get('key')!r} must be finite, not {value}"
            raise ValueError(message)
    return known


class RecordedStudy(_Part):
    """What a run left of one study."""

    name: str
    title: str = ""
    status: str = "completed"
    reason: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    findings: tuple[Annotated[Finding, BeforeValidator(_complete)], ...] = ()


def _parse_quarter(content: object) -> object:
    return Quarter.parse(content) if isinstance(content, str) else content


class RunRecord(_Part):
    """What a run was and what it found.

    `params` holds what differed from defaults, by study; None in earlier versions.
    """

    quarter: Annotated[Quarter, BeforeValidator(_parse_quarter)]
    run: str
    language: str = "en"
    edition: str = "management"
    reviewer: str = ""
    source: RecordedSource
    code: RecordedCode = RecordedCode()
    versions: dict[str, str] = Field(default_factory=dict)
    params: dict[str, dict[str, Any]] | None = None
    disclosure: RecordedDisclosure = RecordedDisclosure()
    studies: tuple[RecordedStudy, ...]


def read_record(path: Path) -> RunRecord:
    """Read a run.json.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    RunRecord
        Its content, checked.

    Raises
    ------
    BadInputError
        If the file can't be read, is no JSON, or is no record of a run; with the first
        mistakes and their places.
    """
    try:
        return RunRecord.model_validate(json.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise BadInputError(_explain(path, error)) from None
    except (OSError, ValueError) as error:
        raise BadInputError([_blame(path, f"must be JSON: {error}")]) from None


def _explain(path: Path, error: ValidationError) -> list[Problem]:
    mistakes = error.errors()
    problems = [
        _blame(path, f"has a mistake at {_name_place(mistake)}: {mistake['msg']}")
        for mistake in mistakes[:_MOST_NAMED]
    ]
    others = len(mistakes) - _MOST_NAMED
    if others > 0:
        problems.append(_blame(path, f"has {others} more mistakes"))
    return problems


def _name_place(mistake: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in mistake["loc"]) or "its top"


def _blame(path: Path, what: str) -> Problem:
    remedy = "Put the file back from where it is kept, or name another run."
    return Problem(f"The record of a run {what}.", str(path), remedy)
