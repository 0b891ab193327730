"""Which two runs a user means: a quarter, one of its runs, or a record's path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.reporting.comparison.records import RunRecord, read_record
from analysis.reporting.history import (
    HISTORY,
    find_latest_earlier,
    find_run,
    name_runs,
)
from analysis.reporting.publish import RECORD

_AT = "@"
_REMEDY = "Name a quarter, a run of it as QUARTER@NUMBER, or a run.json."


@dataclass(frozen=True, slots=True)
class ChosenRun:
    """A run that a user means.

    Parameters
    ----------
    label : str
        How it is called.
    record : RunRecord
        Its record.
    """

    label: str
    record: RunRecord


def choose_runs(
    outputs: Path, before: str, after: str | None
) -> tuple[ChosenRun, ChosenRun]:
    """Find the two runs that a user means.

    Parameters
    ----------
    outputs : pathlib.Path
        Where quarters are published.
    before : str
        The earlier run; or, alone, the quarter that is to be compared with its latest
        earlier run or, where it has none, with the quarter published before it.
    after : str or None
        The later run.

    Returns
    -------
    tuple of (ChosenRun, ChosenRun)
        Earlier and later run.

    Raises
    ------
    BadInputError
        If there is no such run, or its record can't be read; says what there is.
    """
    if after is None:
        return _choose_alone(outputs, before)
    problems: list[Problem] = []
    chosen: list[ChosenRun] = []
    for text in (before, after):
        try:
            chosen.append(_choose_one(outputs, text))
        except BadInputError as error:
            problems += error.problems
    if problems:
        raise BadInputError(dict.fromkeys(problems))
    earlier, later = chosen
    return earlier, later


def _choose_one(outputs: Path, text: str) -> ChosenRun:
    quarter, at, prefix = text.partition(_AT)
    if _is_quarter(quarter):
        published = outputs / quarter / RECORD
        if at:
            path = find_run(published, prefix)
            return ChosenRun(_label(published, path), read_record(path))
        if published.is_file():
            return ChosenRun(text, read_record(published))
        raise _blame(outputs, text, "a quarter to be compared must be published")
    path = Path(text)
    if path.is_file():
        return ChosenRun(text, read_record(path))
    raise _blame(outputs, text, "a run to be compared must be there")


def _choose_alone(outputs: Path, text: str) -> tuple[ChosenRun, ChosenRun]:
    if not _is_quarter(text):
        raise _blame(outputs, text, "what is compared alone must be a quarter")
    later = _choose_one(outputs, text)
    published = outputs / text / RECORD
    kept = find_latest_earlier(published)
    if kept is not None:
        return ChosenRun(_label(published, kept), read_record(kept)), later
    before = _find_quarter_before(outputs, later.record)
    if before is not None:
        return before, later
    what = "a quarter compared alone must have an earlier run or a quarter before it"
    raise _blame(outputs, text, what)


def _find_quarter_before(outputs: Path, record: RunRecord) -> ChosenRun | None:
    """Find the quarter published before from the same source."""
    days = (Quarter.parse(name) for name in _list_quarters(outputs))
    for day in sorted((day for day in days if day < record.quarter), reverse=True):
        earlier = _choose_one(outputs, str(day))
        if earlier.record.source.name == record.source.name:
            return earlier
    return None


def _label(published: Path, path: Path) -> str:
    names = {found: name for name, found in name_runs(published).items()}
    return f"{published.parent.name}{_AT}{names[path]}"


def _is_quarter(text: str) -> bool:
    try:
        Quarter.parse(text)
    except ValueError:
        return False
    return True


def _list_quarters(outputs: Path) -> list[str]:
    found = (path.parent.name for path in outputs.glob(f"*/{RECORD}"))
    return sorted(name for name in found if _is_quarter(name))


def _list_all(outputs: Path) -> list[str]:
    """Name every quarter that is published, and every kept run."""
    kept = {path.parent.name for path in outputs.glob(f"{HISTORY}/*/*.json")}
    published = _list_quarters(outputs)
    quarters = sorted({*published, *filter(_is_quarter, kept)})
    names = []
    for quarter in quarters:
        names += [quarter] if quarter in published else []
        runs = [*name_runs(outputs / quarter / RECORD)]
        earlier = runs[1:] if quarter in published else runs
        names += [f"{quarter}{_AT}{run}" for run in earlier]
    return names


def _blame(outputs: Path, text: str, must: str) -> BadInputError:
    there = ", ".join(_list_all(outputs)) or "nothing yet"
    what = f"{must}; in {outputs} there is {there}."
    return BadInputError([Problem(what, text, _REMEDY)])
