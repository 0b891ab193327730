"""What a check found, and how rows and values are named in its message.

Rows are named by file and row number, never by a customer's key: results are
published with a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import ibis.expr.types as ir

from analysis.data.hiding import show_value
from analysis.data.row_origin import FAILED, FILE, ROW
from analysis.wording import mark, say

N_SHOWN = 5
"""How many rows and values a message names."""

_PLACES = {
    (0, False): mark("({files})"),
    (1, False): mark("({files}, row {rows})"),
    (2, False): mark("({files}, rows {rows})"),
    (0, True): mark("({files}: {values})"),
    (1, True): mark("({files}, row {rows}: {values})"),
    (2, True): mark("({files}, rows {rows}: {values})"),
}
"""By how many row numbers are known, none, one or more, and if values are told."""
_SECRET = (
    "customer_id",
    "account_id",
    "respondent_id",
    "transaction_id",
    "comment_id",
    "text",
    "referred_by",
    "relationship_manager_id",
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found.

    Parameters
    ----------
    name : str
        What was checked, such as "unique key".
    table : str
        Contract table.
    passed : bool
        Whether all is well.
    message : str
        What holds, or what must hold and what was found where.
    column : str
        Contract column; empty when the check is about whole rows.
    nobs : int
        Rows checked.
    severity : {"error", "warning"}
        Whether a run is refused when the check fails.
    remedy : str
        What to do about it; empty when passed.
    """

    name: str
    table: str
    passed: bool
    message: str
    column: str = ""
    nobs: int = 0
    severity: Literal["error", "warning"] = "error"
    remedy: str = ""


def name_rows(failing: ir.Table, shown: str = "") -> str:
    """Name the first rows of a table of failing rows, with a column's values.

    Parameters
    ----------
    failing : ibis.Table
        Rows that fail a check, with their file and row number.
    shown : str
        Column whose values are named too; keys of customers never are.

    Returns
    -------
    str
        For example "(`a.csv`, rows 2, 3: '1,5', 'x')".
    """
    is_told = shown and shown.removeprefix(FAILED) not in _SECRET
    columns = [FILE, ROW, *([shown] if is_told else [])]
    first = failing.select(columns).order_by(FILE, ROW).limit(N_SHOWN).to_pyarrow()
    records: list[dict[str, Any]] = first.to_pylist()
    files = sorted({f"`{record[FILE]}`" for record in records})
    rows = [str(record[ROW]) for record in records if record[ROW] is not None]
    values = list(dict.fromkeys(_quote(record[columns[-1]]) for record in records))
    comma = say(", ")
    told = {"files": comma.join(files)}
    if rows:
        told["rows"] = comma.join(rows)
    if is_told:
        told["values"] = comma.join(values)
    return say(_PLACES[min(len(rows), 2), bool(is_told)], **told)


def collapse(results: Sequence[CheckResult]) -> list[CheckResult]:
    """Put passed checks of one name and table together; failed ones stay apart.

    Parameters
    ----------
    results : sequence of CheckResult
        What all checks found.

    Returns
    -------
    list of CheckResult
        In the same order; of passed checks the first speaks for all.
    """
    kept: dict[tuple[str, str, str], CheckResult] = {}
    for result in results:
        column = "" if result.passed else result.column
        kept.setdefault((result.table, result.name, column), result)
    failed = {(r.table, r.name) for r in kept.values() if not r.passed}
    return [
        result
        for result in kept.values()
        if not (result.passed and (result.table, result.name) in failed)
    ]


def _quote(value: object) -> str:
    return say("missing") if value is None else f"'{show_value(value)}'"
