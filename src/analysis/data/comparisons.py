"""Checks that look at more than one row: keys, references, time, size, totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import ibis.expr.types as ir

from analysis.data.check_results import CheckResult, name_rows
from analysis.data.contract import Table
from analysis.data.opening import SourceInfo
from analysis.data.row_origin import FILE, ROW
from analysis.quarter import Quarter
from analysis.units import write_number

LARGEST_JUMP = 5.0
"""Growth of a total within a quarter from which a wrong unit is suspected."""
HIGHEST_MEAN_RATE = 0.2
"""Average rate from which percent is suspected where decimals are meant."""
LOWEST_TOP_RATE = 0.0005
"""Highest rate of a whole table below which a unit applied twice is suspected."""


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
        message = f"No key ({key}) occurs twice ({write_number(nobs)} rows)."
        return CheckResult("unique key", contract.name, True, message, key, nobs)
    last = {ROW: table[ROW].max(), FILE: table[FILE].max()}
    rows = name_rows(groups.having(table.count() > 1).agg(**last))
    message = (
        f"Table '{contract.name}' must be {contract.grain}; {write_number(repeated)} "
        f"keys ({key}) occur more than once, last{rows}."
    )
    remedy = "Remove the repeated rows, or map the column that tells them apart."
    return CheckResult(
        "unique key", contract.name, False, message, key, nobs, remedy=remedy
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
    is_known = table[column].isin(target[column])
    found = table.agg(
        nobs=table[column].count(),
        orphans=(~is_known).sum(where=table[column].notnull()),
    )
    row = found.to_pyarrow().to_pylist()[0]
    nobs, n_orphans = row["nobs"], row["orphans"] or 0
    if not n_orphans:
        message = f"Every {column} is in '{target_name}' ({write_number(nobs)} rows)."
        return CheckResult("references", name, True, message, column, nobs)
    orphans = table.filter(table[column].notnull()).anti_join(target, column)
    message = (
        f"Column '{column}' of table '{name}' must be a key of '{target_name}'; "
        f"{write_number(n_orphans)} of {write_number(nobs)} rows have none there"
        f"{name_rows(orphans)}."
    )
    remedy = f"Add what is missing in '{target_name}', or leave these rows out."
    return CheckResult("references", name, False, message, column, nobs, remedy=remedy)


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
        message = f"{write_number(nobs)} rows describe {quarter}."
        return CheckResult("rows in quarter", name, True, message, "period", nobs)
    span = "it has no rows at all"
    if row["first"]:
        span = f"its periods go from {row['first']} to {row['last']}"
    if nobs:
        span = f"{row['periods']} of {expected} have"
        what = f"Every {info.period} of {quarter} must have rows in table '{name}'"
    else:
        what = f"Table '{name}' must have rows in {quarter}"
    return CheckResult(
        "rows in quarter",
        name,
        False,
        f"{what}; {span}.",
        "period",
        nobs,
        "warning" if nobs else "error",
        "Name a quarter that the data cover, or bring the extract up to date.",
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
        message = f"Every wave of {quarter} has rows ({write_number(nobs)} rows)."
        return CheckResult("answered waves", name, True, message, "wave", nobs)
    message = (
        f"Every wave of {quarter} must have rows in table '{name}'; "
        f"{sorted(empty)} have none."
    )
    remedy = "Bring the survey's extract up to date, or correct the name of the wave."
    return CheckResult(
        "answered waves", name, False, message, "wave", nobs, remedy=remedy
    )


def check_rate_levels(
    table: ir.Table, name: str, columns: Iterable[str]
) -> Iterator[CheckResult]:
    """Check that rates look like decimals a year: neither percent nor divided twice.

    Parameters
    ----------
    table : ibis.Table
        Contract table.
    name : str
        Its name.
    columns : iterable of str
        Its columns of rates.

    Yields
    ------
    CheckResult
        A warning where the level suggests another unit.
    """
    listed = list(columns)
    if not listed:
        return
    sums: dict[str, ir.Scalar] = {}
    for column in listed:
        size = table[column].abs()
        sums |= {f"{column}_mean": size.mean(), f"{column}_top": size.max()}
        sums[f"{column}_nobs"] = size.count()
    found = table.agg(**sums).to_pyarrow().to_pylist()[0]
    for column in listed:
        mean, top = found[f"{column}_mean"] or 0.0, found[f"{column}_top"] or 0.0
        yield _judge_level(name, column, mean, top, found[f"{column}_nobs"])


def _judge_level(
    name: str, column: str, mean: float, top: float, nobs: int
) -> CheckResult:
    too_high = mean > HIGHEST_MEAN_RATE
    if not too_high and (top >= LOWEST_TOP_RATE or top == 0):
        message = "Rates have the size of decimals a year."
        return CheckResult("rate level", name, True, message, column, nobs)
    level = f"average {mean:.4g}" if too_high else f"highest {top:.4g}"
    message = (
        f"Column '{column}' of table '{name}' must hold decimals a year (0.0135 "
        f"is 1.35 %); {level} suggests another unit."
    )
    remedy = (
        "Say `unit: percent` in the mapping file if the extract writes percent, "
        "`unit: decimal` if it writes decimals."
    )
    return CheckResult(
        "rate level",
        name,
        False,
        message,
        column,
        nobs,
        "warning",
        remedy,
    )


def check_size(
    table: ir.Table, contract: Table, quarter: Quarter
) -> Iterator[CheckResult]:
    """Check that no total of money jumped against the quarter before.

    Parameters
    ----------
    table : ibis.Table
        Contract table up to the quarter's end.
    contract : Table
        The contract's table.
    quarter : Quarter
        The quarter reported.

    Yields
    ------
    CheckResult
        A warning for each column whose total grew or shrank more than
        `LARGEST_JUMP` times.
    """
    columns = [
        column.name
        for column in contract.columns
        if column.type == "minor" or column.unit.startswith("major")
    ]
    now = table.period >= quarter.first_day
    before = (table.period >= quarter.previous.first_day) & ~now
    totals: dict[str, ir.Scalar] = {}
    for column in columns:
        size = table[column].abs().cast("float64")
        totals[f"{column}_now"] = size.mean(where=now)
        totals[f"{column}_before"] = size.mean(where=before)
    found = table.agg(nobs=now.sum(), **totals).to_pyarrow().to_pylist()[0]
    for column in columns:
        current, earlier = found[f"{column}_now"], found[f"{column}_before"]
        if not current or not earlier:
            continue
        yield _judge_size(
            contract.name, column, current / earlier, found["nobs"], quarter
        )


def _judge_size(
    name: str, column: str, ratio: float, nobs: int, quarter: Quarter
) -> CheckResult:
    passed = 1 / LARGEST_JUMP < ratio < LARGEST_JUMP
    if passed:
        message = f"Amounts have the size of those of {quarter.previous}."
        return CheckResult("size", name, True, message, column, nobs, "warning")
    message = (
        f"The average of column '{column}' of table '{name}' must stay of one size; in "
        f"{quarter} it is {write_number(ratio, decimals=2)} times that of "
        f"{quarter.previous}."
    )
    remedy = "Check whether the extract changed its unit; if so, change `unit:`."
    return CheckResult("size", name, False, message, column, nobs, "warning", remedy)
