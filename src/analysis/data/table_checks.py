"""Check the tables of an open source, one after the other.

Everything is counted by the engine: a table is read about five times, none of it into
memory as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from analysis.data.agreement import check_amounts, check_scores
from analysis.data.assembly import open_entry
from analysis.data.check_results import CheckResult, collapse
from analysis.data.comparisons import (
    check_key,
    check_quarter,
    check_reference,
    check_wave,
)
from analysis.data.contract import CONTRACT
from analysis.data.derivation import DERIVED
from analysis.data.engine_errors import advise, is_engine_error
from analysis.data.ledger_checks import check_ledger
from analysis.data.levels import check_rate_levels, check_size
from analysis.data.rules import check_rows
from analysis.data.source import Source
from analysis.quarter import Quarter, write_quarter
from analysis.units import write_number
from analysis.wording import say

_Check = Callable[[Source, str, Quarter | None, Collection[str]], Iterable[CheckResult]]
_SURVEY = ("survey_answers", "survey_responses")


def check_tables(
    source: Source, names: Iterable[str], quarter: Quarter | None
) -> tuple[CheckResult, ...]:
    """Check tables of an open source, and those that they are derived from.

    Parameters
    ----------
    source : Source
        An open source.
    names : iterable of str
        Contract tables that it has.
    quarter : Quarter or None
        The quarter reported; nothing later is looked at. None for all of its time.

    Returns
    -------
    tuple of CheckResult
        In the contract's order; passed checks of one kind and table are one result.
    """
    wanted = add_origins(source, names)
    tables = [name for name in CONTRACT if name in wanted]
    found: dict[str, list[CheckResult]] = {name: [] for name in tables}
    broken: set[str] = set()
    for check in (_check_alone, _check_among_others):
        for name in sorted(tables, key=source.derives):  # what is kept comes first
            if not broken.intersection(add_origins(source, [name])):
                found[name] += _try(check, source, name, quarter, broken)
    results = _leave_out_consequences(source, found)
    if quarter is not None and "ledger" in wanted and not broken:
        results += check_ledger(
            source.read("ledger", quarter),
            lambda name: source.read(name, quarter) if name in source else None,
            quarter,
            source.info,
        )
    return tuple(collapse(results))


def _leave_out_consequences(
    source: Source, found: Mapping[str, list[CheckResult]]
) -> list[CheckResult]:
    """Put results together, without those of tables derived from one with an error."""
    wrong = {
        name
        for name, results in found.items()
        if any(not each.passed and each.severity == "error" for each in results)
    }
    return [
        result
        for name, results in found.items()
        if not (source.derives(name) and wrong & (add_origins(source, [name]) - {name}))
        for result in results
    ]


def _try(
    check: _Check,
    source: Source,
    name: str,
    quarter: Quarter | None,
    broken: set[str],
) -> list[CheckResult]:
    """Check a table; one that the engine cannot read is added to the broken ones."""
    try:
        return list(check(source, name, quarter, broken))
    except Exception as error:
        if not is_engine_error(error):
            raise
        broken.add(name)
        return [_report_break(name, error)]


def _report_break(name: str, error: Exception) -> CheckResult:
    message = say(
        "Table '{table}' must be readable to its end; reading it failed with {error}.",
        table=name,
        error=type(error).__name__,
    )
    return CheckResult(say("reading"), name, False, message, remedy=advise(error))


def add_origins(source: Source, names: Iterable[str]) -> set[str]:
    """Add to tables those that they are derived from.

    Parameters
    ----------
    source : Source
        An open source.
    names : iterable of str
        Contract tables that it has.

    Returns
    -------
    set of str
        All that must be checked for them.
    """
    wanted = set(names)
    for name in tuple(wanted):
        if source.derives(name):
            wanted |= add_origins(source, DERIVED[name])
    return wanted


def _check_alone(
    source: Source, name: str, quarter: Quarter | None, _: Collection[str]
) -> Iterator[CheckResult]:
    """Check what a table says without a look at any other."""
    contract = CONTRACT[name]
    table = source.inspect(name, quarter)
    yield from _report_use(source, name)
    rows = check_rows(table, contract, source.info.period)
    yield from rows
    is_dated = "period" in table.columns or name in _SURVEY  # looked at in time
    if not rows[0].nobs and not is_dated:
        yield _report_empty(name, quarter)
    yield check_key(table, contract)
    mapped = {
        column for entry in source.entries.get(name, ()) for column in entry.columns
    }
    rates = [c.name for c in contract.columns if c.type == "rate" and c.name in mapped]
    yield from check_rate_levels(table, name, rates)
    if name == "balances" and name in source.entries:
        yield from check_amounts(table, quarter, source.info)


def _check_among_others(
    source: Source, name: str, quarter: Quarter | None, broken: Collection[str]
) -> Iterator[CheckResult]:
    """Check a table beside those that it refers to, and in time."""
    references = dict(CONTRACT[name].references)
    if name in _SURVEY:
        references["wave"] = "survey_waves"
    for column, target in references.items():
        if target in source and target not in broken:
            # A wave that is not known would be cut off with those after the quarter.
            until = None if column == "wave" else quarter
            table, known = source.inspect(name, until), source.read(target, until)
            yield check_reference(table, name, column, known, target)
    if name == "survey_answers" and "survey_items" in {*source} - {*broken}:
        answers = source.inspect(name, quarter)
        yield from check_scores(answers, source.read("survey_items", quarter))
    if quarter is not None:
        yield from _check_in_time(source, name, quarter)


def _report_empty(name: str, quarter: Quarter | None) -> CheckResult:
    message = say("Table '{table}' must have rows; it has none.", table=name)
    if quarter is not None:
        message = say(
            "Table '{table}' must have rows up to {quarter}; it has none.",
            table=name,
            quarter=write_quarter(quarter),
        )
    remedy = say("Bring the extract up to date, or take the table out of the mapping.")
    return CheckResult(say("rows"), name, False, message, remedy=remedy)


def _check_in_time(
    source: Source, name: str, quarter: Quarter
) -> Iterator[CheckResult]:
    contract = CONTRACT[name]
    if contract.has_periods:
        whole = source.read(name, None if name in source.entries else quarter)
        yield check_quarter(whole, name, quarter, source.info)
        yield from check_size(source.read(name, quarter), contract, quarter)
    if name == "survey_waves":
        yield check_quarter(source.read(name), name, quarter, source.info)
    if name in _SURVEY and "survey_waves" in source:
        waves = source.read("survey_waves", quarter)
        yield check_wave(waves, source.read(name, quarter), name, quarter)


def _report_use(source: Source, name: str) -> Iterator[CheckResult]:
    """Report how many rows of each file are used, where some may be left out."""
    used: dict[str, int] = {}
    for entry in source.entries.get(name, ()):
        if entry.table and (entry.where or entry.join) and not entry.unpivot:
            rows = int(open_entry(entry, source.reader).count().to_pyarrow().as_py())
            used[entry.table] = used.get(entry.table, 0) + rows
    for place, rows in used.items():
        total = int(source.reader.read(place).count().to_pyarrow().as_py())
        message = say(
            "{used} of {total} rows of `{place}` are used.",
            used=write_number(rows),
            total=write_number(total),
            place=place,
        )
        yield CheckResult(say("rows used"), name, True, message, nobs=total)
