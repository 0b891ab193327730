"""Rules that each row of a table must keep: type, presence, range, codes, period.

All rules of a table are counted in one pass by the engine; only where one is broken
are the first rows looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import ibis
import ibis.expr.types as ir

from analysis.data.check_results import CheckResult, name_rows
from analysis.data.contract import Column, Table
from analysis.data.row_origin import FAILED
from analysis.units import write_number
from analysis.wording import mark, say

_FORMS = {
    "text": mark("text"),
    "whole": mark("a whole number"),
    "number": mark("a number"),
    "date": mark("a day"),
    "flag": mark("true or false"),
    "minor": mark("an amount"),
    "rate": mark("a rate"),
}
_MAPPING = mark("Correct the extract or its mapping file.")
_LENGTHS = {
    "month": (
        mark("Every period is the last day of a month ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' must hold the last day of a month; "
            "{broken} of {total} rows do not {rows}."
        ),
        mark("Add `period_end: month` to the column in the mapping file."),
    ),
    "quarter": (
        mark("Every period is the last day of a quarter ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' must hold the last day of a quarter; "
            "{broken} of {total} rows do not {rows}."
        ),
        mark("Add `period_end: quarter` to the column in the mapping file."),
    ),
}
"""By length of a period: what holds, what must hold, and the remedy."""


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
    holds : str
        Template of what can be said when no row breaks any rule of this name.
    fails : str
        Template of what must hold, and how many rows do not.
    remedy : str
        What to do about it.
    shown : str
        Column whose values are named.
    facts : mapping of str to str
        What `fails` names beside column, table and rows.
    """

    name: str
    column: str
    broken: ir.BooleanValue
    holds: str
    fails: str
    remedy: str
    shown: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


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
        message = say(rule.holds, total=write_number(nobs))
        return CheckResult(say(rule.name), name, True, message, rule.column, nobs)
    message = say(
        rule.fails,
        column=rule.column,
        table=name,
        broken=write_number(n_broken),
        total=write_number(nobs),
        rows=name_rows(table.filter(rule.broken), rule.shown),
        **rule.facts,
    )
    return CheckResult(
        say(rule.name),
        name,
        False,
        message,
        rule.column,
        nobs,
        remedy=say(rule.remedy),
    )


def _list_rules(
    table: ir.Table, contract: Table, period: Literal["month", "quarter"]
) -> Iterator[Rule]:
    for column in contract.columns:
        yield from _list_column_rules(table, column)
    if "period" in table.columns:
        yield _require_period_end(table, period)
    if contract.name == "survey_items":
        yield _require_scale(table)
    if contract.name == "complaints":
        yield _require_order(table)


def _list_column_rules(table: ir.Table, column: Column) -> Iterator[Rule]:
    value = table[column.name]
    failed = FAILED + column.name
    is_failed = ibis.literal(False)
    if failed in table.columns:
        is_failed = table[failed].notnull()
        yield Rule(
            mark("types"),
            column.name,
            is_failed,
            mark("Every value has its type ({total} rows)."),
            mark(
                "Column '{column}' of table '{table}' must hold {form}, in a code that "
                "is mapped; {broken} of {total} rows do not {rows}."
            ),
            _MAPPING,
            failed,
            {"form": say(_FORMS[column.type])},
        )
    if column.required:
        yield Rule(
            mark("required values"),
            column.name,
            value.isnull() & ~is_failed,
            mark("No required value is missing ({total} rows)."),
            mark(
                "Column '{column}' of table '{table}' must not have gaps; {broken} of "
                "{total} rows have one {rows}."
            ),
            _MAPPING,
        )
    if column.codes:
        yield _require_codes(value, column)
    if column.minimum is not None or column.maximum is not None:
        yield _require_range(value, column)


def _require_codes(value: ir.Value, column: Column) -> Rule:
    return Rule(
        mark("codes"),
        column.name,
        value.notin(column.codes) & value.notnull(),
        mark("Every code is known ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' must hold one of {codes}; "
            "{broken} of {total} rows do not {rows}."
        ),
        mark("Translate the codes with `codes:` in the mapping file."),
        column.name,
        {"codes": str(list(column.codes))},
    )


def _require_range(value: ir.NumericValue, column: Column) -> Rule:
    bounds = ((value.__lt__, column.minimum), (value.__gt__, column.maximum))
    outside = ibis.or_(*(beyond(end) for beyond, end in bounds if end is not None))
    low, high = (
        say("any") if end is None else f"{end:g}"
        for end in (column.minimum, column.maximum)
    )
    remedy = _MAPPING
    if column.type == "rate":
        remedy = mark(
            "If the extract writes rates in percent or basis points, say so with "
            "`unit: percent` or `unit: basis_points` in the mapping file."
        )
    return Rule(
        mark("ranges"),
        column.name,
        outside.fill_null(False),
        mark("Every value lies in its range ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' ({unit}) must lie between {low} and "
            "{high}; {broken} of {total} rows do not {rows}."
        ),
        remedy,
        column.name,
        {"unit": say(column.unit), "low": low, "high": high},
    )


def _require_period_end(table: ir.Table, period: Literal["month", "quarter"]) -> Rule:
    day_after = table.period.cast("timestamp") + ibis.interval(days=1)
    wrong = day_after.day() != 1
    if period == "quarter":
        wrong = wrong | ((table.period.month() % 3) != 0)
    holds, fails, remedy = _LENGTHS[period]
    return Rule(
        mark("period ends"),
        "period",
        wrong.fill_null(False),
        holds,
        fails,
        remedy,
        "period",
    )


def _require_scale(items: ir.Table) -> Rule:
    return Rule(
        mark("scales"),
        "scale_maximum",
        (items.scale_maximum <= items.scale_minimum).fill_null(False),
        mark("Every scale goes upward ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' must be above 'scale_minimum'; "
            "{broken} of {total} rows are not {rows}."
        ),
        _MAPPING,
        "scale_maximum",
    )


def _require_order(complaints: ir.Table) -> Rule:
    return Rule(
        mark("order of days"),
        "closed_date",
        (complaints.closed_date < complaints.opened_date).fill_null(False),
        mark("Nothing is settled before it was received ({total} rows)."),
        mark(
            "Column '{column}' of table '{table}' must not be before 'opened_date'; "
            "{broken} of {total} rows are {rows}."
        ),
        _MAPPING,
        "closed_date",
    )
