"""What differs in the making of two runs, and what of it explains a restatement."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.reporting.comparison.records import (
    RecordedCode,
    RecordedSource,
    RunRecord,
)
from analysis.reporting.comparison.tables import TableChange

InputKind = Literal[
    "source",
    "data",
    "param",
    "default",
    "code",
    "version",
    "edition",
    "language",
    "disclosure rules",
    "reviewer",
]
"""What goes into a run. A "param" was set in a params file, for one of the runs at
least; a "default" was set in neither and is another because the code is."""

_SHOWN_DIGITS = 12
_NO_SETTINGS = frozenset(("quarter", "source", "language"))
_MOVES_ALL: tuple[InputKind, ...] = ("source", "code", "version", "disclosure rules")
"""What may move any finding; a language or a reviewer moves none."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """One thing that went into two runs and differs.

    Parameters
    ----------
    kind : InputKind
        What it is.
    name : str
        Which one: "segment_profitability.hurdle_rate_pct", "duckdb".
    before, after : str
        How it was and how it is; "absent" where a run does not have it.
    """

    kind: InputKind
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What explains that findings of a study were restated.

    Parameters
    ----------
    study : str
        The study.
    n_moved : int
        Its findings that moved, appeared or left.
    causes : tuple of str
        Inputs that differ and that the study uses; empty when none does, and the
        study then gives different numbers of the same inputs.
    """

    study: str
    n_moved: int
    causes: tuple[str, ...]


def list_input_changes(before: RunRecord, after: RunRecord) -> tuple[InputChange, ...]:
    """List what differs in the making of two runs.

    Parameters
    ----------
    before, after : RunRecord
        The records of the runs.

    Returns
    -------
    tuple of InputChange
        What moves numbers first. The quarter itself is not among them.
    """
    return (
        *_compare_facts(before, after),
        *_compare_params(before, after),
        *_compare_versions(before, after),
    )


def explain_restatement(
    moved: Iterable[str],
    inputs: Sequence[InputChange],
    tables: Sequence[TableChange] | None,
) -> tuple[Explanation, ...]:
    """Say which inputs explain the findings that were restated.

    Parameters
    ----------
    moved : iterable of str
        Study of each finding that moved, once a finding.
    inputs : sequence of InputChange
        What differs in the making.
    tables : sequence of TableChange or None
        What differs in the tables; None where a record does not tell.

    Returns
    -------
    tuple of Explanation
        One per study; what a study does not use explains nothing of it.
    """
    return tuple(
        Explanation(study, n_moved, tuple(_list_causes(study, inputs, tables)))
        for study, n_moved in Counter(moved).items()
    )


def _compare_facts(before: RunRecord, after: RunRecord) -> Iterator[InputChange]:
    data = _shorten(before.source, after.source)
    code = _shorten(before.code, after.code)
    pairs: tuple[tuple[InputKind, str, str, str], ...] = (
        ("source", "name", before.source.name, after.source.name),
        ("source", "currency", before.source.currency, after.source.currency),
        ("data", "fingerprint", *data),
        ("code", "fingerprint", *code),
        ("code", "commit", before.code.commit, after.code.commit),
        ("edition", "", before.edition, after.edition),
        ("language", "", before.language, after.language),
        ("disclosure rules", "", before.disclosure.rules, after.disclosure.rules),
        ("reviewer", "", before.reviewer, after.reviewer),
    )
    for kind, name, old, new in pairs:
        if old != new:
            yield InputChange(kind, name, old or "absent", new or "absent")


def _shorten(
    before: RecordedSource | RecordedCode, after: RecordedSource | RecordedCode
) -> tuple[str, str]:
    return before.fingerprint[:_SHOWN_DIGITS], after.fingerprint[:_SHOWN_DIGITS]


def _compare_params(before: RunRecord, after: RunRecord) -> Iterator[InputChange]:
    old, new = _list_params(before), _list_params(after)
    shared = {study for study, _ in old} & {study for study, _ in new}
    for study, name in dict.fromkeys((*new, *old)):
        key = (study, name)
        if study not in shared or old.get(key) == new.get(key):
            continue
        kind: InputKind = "param" if _is_set(key, before, after) else "default"
        values = (written.get(key, "absent") for written in (old, new))
        yield InputChange(kind, f"{study}.{name}", *values)


def _list_params(record: RunRecord) -> dict[tuple[str, str], str]:
    """Write the parameters of the studies that were run."""
    return {
        (study.name, name): _write(value)
        for study in record.studies
        for name, value in study.parameters.items()
        if name not in _NO_SETTINGS
    }


def _is_set(key: tuple[str, str], *records: RunRecord) -> bool:
    """Say whether a params file sets a parameter; a record may not tell."""
    study, name = key
    told = [record.params for record in records]
    return any(params is None or name in params.get(study, {}) for params in told)


def _write(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _compare_versions(before: RunRecord, after: RunRecord) -> Iterator[InputChange]:
    for name in dict.fromkeys((*after.versions, *before.versions)):
        old, new = (r.versions.get(name, "absent") for r in (before, after))
        if old != new:
            yield InputChange("version", name, old, new)


def _list_causes(
    study: str, inputs: Sequence[InputChange], tables: Sequence[TableChange] | None
) -> Iterator[str]:
    for each in inputs:
        own = each.name.removeprefix(f"{study}.")
        if each.kind in ("param", "default") and own != each.name:
            yield f"{each.kind} {own} ({each.before} to {each.after})"
    if any(each.kind == "data" for each in inputs):
        yield _name_data(study, tables)
    for kind in _MOVES_ALL:
        names = [each.name for each in inputs if each.kind == kind]
        if names:
            yield f"{kind} ({', '.join(filter(None, names))})" if any(names) else kind


def _name_data(study: str, tables: Sequence[TableChange] | None) -> str:
    """Name the tables of a study whose counts differ."""
    if tables is None:
        return "data"
    own = [each.table for each in tables if study in each.studies and each.differs]
    if own:
        return f"data (rows of {', '.join(own)})"
    return "data (values: none of its tables has other rows or customers)"
