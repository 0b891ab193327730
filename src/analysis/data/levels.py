"""Check that rates and totals have the size that their unit asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import ibis.expr.types as ir

from analysis.data.check_results import CheckResult
from analysis.data.contract import Table
from analysis.quarter import Quarter, write_quarter
from analysis.units import write_number
from analysis.wording import mark, say

LARGEST_JUMP = 5.0
"""Growth of an average within a quarter from which a wrong unit is suspected."""
SURE_JUMP = 50.0
"""Growth of an average within a quarter that no bank has: another unit for certain."""
HIGHEST_MEAN_RATE = 0.2
"""Average rate from which percent is suspected where decimals are meant."""
LOWEST_TOP_RATE = 0.0005
"""Highest rate of a whole table below which a unit applied twice is suspected."""
_TOO_HIGH = mark(
    "Column '{column}' of table '{table}' must hold decimals a year (0.0135 is "
    "1.35 %); average {level} suggests another unit."
)
_TOO_LOW = mark(
    "Column '{column}' of table '{table}' must hold decimals a year (0.0135 is "
    "1.35 %); highest {level} suggests another unit."
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
        message = say("Rates have the size of decimals a year.")
        return CheckResult(say("rate level"), name, True, message, column, nobs)
    template = _TOO_HIGH if too_high else _TOO_LOW
    level = f"{mean if too_high else top:.4g}"
    message = say(template, column=column, table=name, level=level)
    remedy = say(
        "Say `unit: percent` in the mapping file if the extract writes percent, "
        "`unit: decimal` if it writes decimals."
    )
    return CheckResult(
        say("rate level"),
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
        A warning for each column whose average grew or shrank more than
        `LARGEST_JUMP` times, an error from `SURE_JUMP` times on.
    """
    columns = [
        column.name
        for column in contract.columns
        if column.type == "minor" or column.unit.startswith("major")
    ]
    recent = table.filter(table.period >= quarter.previous.first_day)
    now = recent.period >= quarter.first_day
    totals: dict[str, ir.Scalar] = {}
    for column in columns:
        size = recent[column].abs().cast("float64")
        totals[f"{column}_now"] = size.mean(where=now)
        totals[f"{column}_before"] = size.mean(where=~now)
    found = recent.agg(nobs=now.sum(), **totals).to_pyarrow().to_pylist()[0]
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
        message = say(
            "Amounts have the size of those of {quarter}.",
            quarter=write_quarter(quarter.previous),
        )
        return CheckResult(say("size"), name, True, message, column, nobs, "warning")
    message = say(
        "The average of column '{column}' of table '{table}' must stay of one size; in "
        "{quarter} it is {ratio} times that of {before}.",
        column=column,
        table=name,
        quarter=write_quarter(quarter),
        ratio=write_number(ratio, decimals=2),
        before=write_quarter(quarter.previous),
    )
    remedy = say("Check whether the extract changed its unit; if so, change `unit:`.")
    is_sure = not 1 / SURE_JUMP < ratio < SURE_JUMP
    severity: Literal["error", "warning"] = "error" if is_sure else "warning"
    return CheckResult(
        say("size"), name, False, message, column, nobs, severity, remedy
    )
