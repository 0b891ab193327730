"""Checks that look at more than one row: keys, references, time."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from analysis.data.check_results import CheckResult, name_rows
from analysis.data.contract import Table
from analysis.data.row_origin import FILE, ROW
from analysis.data.source import SourceInfo
from analysis.quarter import Quarter, write_date, write_quarter
from analysis.units import write_number
from analysis.wording import say


def check_key(table: ir.Table, contract: Table) -> CheckResult:
    """Check that no key occurs twice.

    Parameters
    ----------
    table : ibis.Table
        Contract table with file and row.
    contract : Table
        The contract's table.

    Returns
    -------
    CheckResult
        Names the last row of the first keys that occur more than once.
    """
    groups = table.group_by(list(contract.key))
    times = groups.agg(times=table.count())
    counts = times.agg(nobs=times.times.sum(), repeated=(times.times > 1).sum())
    found = counts.to_pyarrow().to_pylist()[0]
    nobs, repeated = found["nobs"] or 0, found["repeated"] or 0
    key = ", ".join(contract.key)
    if not repeated:
        message = say(
            "No key ({key}) occurs twice ({total} rows).",
            key=key,
            total=write_number(nobs),
        )
        return CheckResult(say("unique key"), contract.name, True, message, key, nobs)
    last = {ROW: table[ROW].max(), FILE: table[FILE].max()}
    rows = name_rows(groups.having(table.count() > 1).agg(**last))
    message = say(
        "Table '{table}' must be {grain}; {repeated} keys ({key}) occur more than "
        "once, last {rows}.",
        table=contract.name,
        grain=say(contract.grain),
        repeated=write_number(repeated),
        key=key,
        rows=rows,
    )
    remedy = say("Remove the repeated rows, or map the column that tells them apart.")
    return CheckResult(
        say("unique key"), contract.name, False, message, key, nobs, remedy=remedy
    )


def check_reference(
    table: ir.Table, name: str, column: str, target: ir.Table, target_name: str
) -> CheckResult:
    """Check that every value of a column is a key of another table.

    Parameters
    ----------
    table : ibis.Table
        Contract table with file and row.
    name : str
        Its name.
    column : str
        Column that refers to the other table.
    target : ibis.Table
        The other table, in contract form.
    target_name : str
        Its name.

    Returns
    -------
    CheckResult
        Names the first rows without a partner.
    """
    # Joined by equal keys; "not in" would compare each row with each key on Spark.
    keys = target.select(__key=target[column]).distinct()
    paired = table.left_join(keys, table[column] == keys["__key"])
    is_orphan = paired[column].notnull() & paired["__key"].isnull()
    found = paired.agg(nobs=paired[column].count(), orphans=is_orphan.sum())
    row = found.to_pyarrow().to_pylist()[0]
    nobs, n_orphans = row["nobs"], row["orphans"] or 0
    if not n_orphans:
        message = say(
            "Every {column} is in '{target}' ({total} rows).",
            column=column,
            target=target_name,
            total=write_number(nobs),
        )
        return CheckResult(say("references"), name, True, message, column, nobs)
    orphans = table.filter(table[column].notnull()).anti_join(target, column)
    message = say(
        "Column '{column}' of table '{table}' must be a key of '{target}'; {orphans} "
        "of {total} rows have none there {rows}.",
        column=column,
        table=name,
        target=target_name,
        orphans=write_number(n_orphans),
        total=write_number(nobs),
        rows=name_rows(orphans),
    )
    remedy = say(
        "Add what is missing in '{target}', or leave these rows out.",
        target=target_name,
    )
    return CheckResult(
        say("references"), name, False, message, column, nobs, remedy=remedy
    )


def check_quarter(
    whole: ir.Table, name: str, quarter: Quarter, info: SourceInfo
) -> CheckResult:
    """Check that a table has rows in each period of the quarter.

    Parameters
    ----------
    whole : ibis.Table
        Contract table, all of its time.
    name : str
        Its name.
    quarter : Quarter
        The quarter reported.
    info : SourceInfo
        Tells the length of a period.

    Returns
    -------
    CheckResult
        An error when there is no row at all, a warning when a period has none.
    """
    within = (whole.period >= quarter.first_day) & (whole.period <= quarter.last_day)
    found = whole.agg(
        first=whole.period.min(),
        last=whole.period.max(),
        nobs=within.sum(),
        periods=whole.period.nunique(where=within),
    ).to_pyarrow()
    row: dict[str, Any] = found.to_pylist()[0]
    nobs = row["nobs"] or 0
    expected = 3 if info.period == "month" else 1
    if name == "survey_waves":
        expected = 1
    if row["periods"] >= expected:
        message = say(
            "{rows} rows describe {quarter}.",
            rows=write_number(nobs),
            quarter=write_quarter(quarter),
        )
        return CheckResult(say("rows in quarter"), name, True, message, "period", nobs)
    return CheckResult(
        say("rows in quarter"),
        name,
        False,
        _explain_gap(name, quarter, row, expected),
        "period",
        nobs,
        "warning" if nobs else "error",
        say("Name a quarter that the data cover, or bring the extract up to date."),
    )


def _explain_gap(
    name: str, quarter: Quarter, row: dict[str, Any], expected: int
) -> str:
    """Say what of a quarter has no rows; `row` is what `check_quarter` counted."""
    shared = {"table": name, "quarter": write_quarter(quarter)}
    if row["nobs"]:
        return say(
            "Every period of {quarter} must have rows in table '{table}'; {periods} of "
            "{expected} have.",
            periods=write_number(row["periods"]),
            expected=write_number(expected),
            **shared,
        )
    if row["first"]:
        return say(
            "Table '{table}' must have rows in {quarter}; its periods go from {first} "
            "to {last}.",
            first=write_date(row["first"]),
            last=write_date(row["last"]),
            **shared,
        )
    return say(
        "Table '{table}' must have rows in {quarter}; it has no rows at all.", **shared
    )


def check_wave(
    waves: ir.Table, answers: ir.Table, name: str, quarter: Quarter
) -> CheckResult:
    """Check that the survey waves of the quarter were answered.

    Parameters
    ----------
    waves : ibis.Table
        Contract table `survey_waves`.
    answers : ibis.Table
        Contract table `survey_answers` or `survey_responses`.
    name : str
        Which of the two it is.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    CheckResult
        An error when a wave of the quarter has no row.
    """
    current = waves.filter(
        (waves.period >= quarter.first_day) & (waves.period <= quarter.last_day)
    )
    empty = current.anti_join(answers, "wave").wave.to_pyarrow().to_pylist()
    nobs = int(answers.semi_join(current, "wave").count().to_pyarrow().as_py())
    if not empty:
        message = say(
            "Every wave of {quarter} has rows ({total} rows).",
            quarter=write_quarter(quarter),
            total=write_number(nobs),
        )
        return CheckResult(say("answered waves"), name, True, message, "wave", nobs)
    message = say(
        "Every wave of {quarter} must have rows in table '{table}'; {waves} have none.",
        quarter=write_quarter(quarter),
        table=name,
        waves=str(sorted(empty)),
    )
    remedy = say(
        "Bring the survey's extract up to date, or correct the name of the wave."
    )
    return CheckResult(
        say("answered waves"), name, False, message, "wave", nobs, remedy=remedy
    )
