"""Rules that each row of a table must keep: type, presence, range, codes, period.

All rules of a table are counted in one pass by the engine; only where one is broken
are the first rows looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from analysis.data.check_results import CheckResult, name_rows
from analysis.data.contract import Column, Table
from analysis.data.row_origin import FAILED
from analysis.units import write_number

_FORMS = {
    "text": "text",
    "whole": "a whole number",
    "number": "a number",
    "date": "a day",
    "flag": "true or false",
    "minor": "an amount",
    "rate": "a rate",
}
_MAPPING = "Correct the extract or its mapping file."


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that each row of a table must keep.

    Parameters
    ----------
    name : str
        What is checked.
    column : str
        Contract column.
    broken : ibis BooleanValue
        Whether a row breaks the rule.
    sentence : str
        What must hold.
    holds : str
        What can be said of the table when no row breaks any rule of this name.
    remedy : str
        What to do about it.
    shown : str
        Column whose values are named.
    """

    name: str
    column: str
    broken: ir.BooleanValue
    sentence: str
    holds: str
    remedy: str
    shown: str


def check_rows(
    table: ir.Table, contract: Table, period: Literal["month", "quarter"]
) -> list[CheckResult]:
    """Check every rule of a table in one pass.

    Parameters
    ----------
    table : ibis.Table
        Contract table with file, row and failed conversions.
    contract : Table
        The contract's table.
    period : {"month", "quarter"}
        Length of the source's periods.

    Returns
    -------
    list of CheckResult
        One per rule.
    """
    rules = list(_list_rules(table, contract, period))
    counts = table.agg(
        rows=table.count(),
        **{f"n{i}": rule.broken.sum() for i, rule in enumerate(rules)},
    ).to_pyarrow()
    nobs = counts["rows"][0].as_py()
    return [
        _report(rule, table, contract.name, nobs, counts[f"n{i}"][0].as_py() or 0)
        for i, rule in enumerate(rules)
    ]


def _report(
    rule: Rule, table: ir.Table, name: str, nobs: int, n_broken: int
) -> CheckResult:
    if not n_broken:
        message = f"{rule.holds} ({write_number(nobs)} rows)."
        return CheckResult(rule.name, name, True, message, rule.column, nobs)
    rows = name_rows(table.filter(rule.broken), rule.shown)
    message = (
        f"Column '{rule.column}' of table '{name}' {rule.sentence}; "
        f"{write_number(n_broken)} of {write_number(nobs)} rows do not{rows}."
    )
    return CheckResult(
        rule.name, name, False, message, rule.column, nobs, remedy=rule.remedy
    )


def _list_rules(
    table: ir.Table, contract: Table, period: Literal["month", "quarter"]
) -> Iterator[Rule]:
    for column in contract.columns:
        yield from _list_column_rules(table, column)
    if "period" in table.columns:
        yield _require_period_end(table, period)


def _list_column_rules(table: ir.Table, column: Column) -> Iterator[Rule]:
    value = table[column.name]
    failed = FAILED + column.name
    is_failed = ibis.literal(False)
    if failed in table.columns:
        is_failed = table[failed].notnull()
        yield Rule(
            "types",
            column.name,
            is_failed,
            f"must hold {_FORMS[column.type]}, in a code that is mapped",
            "Every value has its type",
            _MAPPING,
            failed,
        )
    if column.required:
        yield Rule(
            "required values",
            column.name,
            value.isnull() & ~is_failed,
            "must not have gaps",
            "No required value is missing",
            _MAPPING,
            "",
        )
    if column.codes:
        yield Rule(
            "codes",
            column.name,
            value.notin(column.codes) & value.notnull(),
            f"must hold one of {list(column.codes)}",
            "Every code is known",
            "Translate the codes with `codes:` in the mapping file.",
            column.name,
        )
    if column.minimum is not None or column.maximum is not None:
        yield _require_range(value, column)


def _require_range(value: ir.NumericValue, column: Column) -> Rule:
    bounds = ((value.__lt__, column.minimum), (value.__gt__, column.maximum))
    outside = ibis.or_(*(beyond(end) for beyond, end in bounds if end is not None))
    low = "any" if column.minimum is None else f"{column.minimum:g}"
    high = "any" if column.maximum is None else f"{column.maximum:g}"
    remedy = _MAPPING
    if column.type == "rate":
        remedy = (
            "If the extract writes rates in percent or basis points, say so with "
            "`unit: percent` or `unit: basis_points` in the mapping file."
        )
    return Rule(
        "ranges",
        column.name,
        outside.fill_null(False),
        f"({column.unit}) must lie between {low} and {high}",
        "Every value lies in its range",
        remedy,
        column.name,
    )


def _require_period_end(table: ir.Table, period: Literal["month", "quarter"]) -> Rule:
    day_after = table.period.cast("timestamp") + ibis.interval(days=1)
    wrong = day_after.day() != 1
    if period == "quarter":
        wrong = wrong | ((table.period.month() % 3) != 0)
    return Rule(
        "period ends",
        "period",
        wrong.fill_null(False),
        f"must hold the last day of a {period}",
        f"Every period is the last day of a {period}",
        f"Add `period_end: {period}` to the column in the mapping file.",
        "period",
    )
