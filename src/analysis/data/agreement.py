"""Check that columns agree with each other: two amounts, or an answer and its scale.

A unit that is wrong by a hundred in one column shows in no range; it shows beside a
column that says almost the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis.expr.types as ir

from analysis.data.check_results import CheckResult, name_rows
from analysis.data.row_origin import FILE, ROW
from analysis.data.source import SourceInfo
from analysis.quarter import Quarter
from analysis.units import write_number
from analysis.wording import mark, say

LARGEST_RATIO = 20.0
"""How many times larger one of two amounts of a whole bank may be than the other."""
HIGHEST_RATE = 0.5
"""Interest a year over balances that no bank pays or earns as a whole."""
_UNIT = mark("Correct `unit:` of one of the two in the mapping file.")


def check_amounts(
    balances: ir.Table, quarter: Quarter | None, info: SourceInfo
) -> Iterator[CheckResult]:
    """Check that end balance, average balance, rate and interest fit each other.

    Parameters
    ----------
    balances : ibis.Table
        Contract table of that name.
    quarter : Quarter or None
        The quarter that is looked at; None for all of its time.
    info : SourceInfo
        Tells minor units and the length of a period.

    Yields
    ------
    CheckResult
        An error for each pair that no bank can have.
    """
    if quarter is not None:
        balances = balances.filter(balances.period >= quarter.first_day)
    found = _sum_amounts(balances)
    average = found["average"] or 0.0
    if not average:
        return
    end = (found["end"] or 0.0) / info.minor_units
    yield from _compare_balances(end, average, found["nobs"])
    a_year = 12 if info.period == "month" else 4
    interest = (found["interest"] or 0.0) / info.minor_units * a_year
    yield from _compare_interest(interest / average, found)


def _sum_amounts(balances: ir.Table) -> Mapping[str, Any]:
    rated = balances.rate.notnull()
    weighted = (balances.rate.abs() * balances.balance_average).sum()
    sums = balances.agg(
        nobs=balances.count(),
        end=balances.balance_end_minor.cast("float64").sum(),
        average=balances.balance_average.sum(),
        interest=balances.interest_minor.cast("float64").sum(),
        stated=weighted / balances.balance_average.sum(where=rated).nullif(0),
    )
    row: Mapping[str, Any] = sums.to_pyarrow().to_pylist()[0]
    return row


def _compare_balances(end: float, average: float, nobs: int) -> Iterator[CheckResult]:
    if not end or 1 / LARGEST_RATIO < end / average < LARGEST_RATIO:
        return
    message = say(
        "Columns 'balance_end_minor' and 'balance_average' of table 'balances' must be "
        "of one size; the first is {ratio} times the second.",
        ratio=_write_ratio(end / average),
    )
    yield _fail("balance_average", message, nobs)


def _compare_interest(
    implied: float, found: Mapping[str, Any]
) -> Iterator[CheckResult]:
    stated = found["stated"] or 0.0
    if implied > HIGHEST_RATE:
        message = say(
            "Column 'interest_minor' of table 'balances' must fit the balances; it is "
            "{share} of them a year.",
            share=f"{write_number(100 * implied)}%",
        )
        yield _fail("interest_minor", message, found["nobs"])
    elif implied and stated and not _is_near(stated / implied):
        message = say(
            "Columns 'rate' and 'interest_minor' of table 'balances' must fit each "
            "other; the stated rate is {ratio} times what the interest gives.",
            ratio=_write_ratio(stated / implied),
        )
        yield _fail("rate", message, found["nobs"])


def _is_near(ratio: float) -> bool:
    return 1 / LARGEST_RATIO < ratio < LARGEST_RATIO


def _write_ratio(ratio: float) -> str:
    return write_number(ratio, decimals=0 if ratio >= 1 else 5)


def _fail(column: str, message: str, nobs: int) -> CheckResult:
    return CheckResult(
        say("amounts agree"),
        "balances",
        False,
        message,
        column,
        nobs,
        remedy=say(_UNIT),
    )


def check_scores(answers: ir.Table, items: ir.Table) -> Iterator[CheckResult]:
    """Check that every answer lies on its item's scale.

    Parameters
    ----------
    answers : ibis.Table
        Contract table `survey_answers` with file and row.
    items : ibis.Table
        Contract table `survey_items`.

    Yields
    ------
    CheckResult
        An error if some do not, as where 99 stands for "don't know".
    """
    scales = items.select("item", "scale_minimum", "scale_maximum")
    joined = answers.select("item", "score", FILE, ROW).join(scales, "item")
    beyond = (joined.score < joined.scale_minimum) | (
        joined.score > joined.scale_maximum
    )
    found = joined.agg(rows=joined.count(), outside=beyond.sum()).to_pyarrow()
    total, n_outside = found["rows"][0].as_py(), found["outside"][0].as_py()
    if not n_outside:
        return
    message = say(
        "Column 'score' of table 'survey_answers' must lie on the scale of its item; "
        "{broken} of {total} rows do not {rows}.",
        broken=write_number(n_outside),
        total=write_number(total),
        rows=name_rows(joined.filter(beyond), "score"),
    )
    remedy = say("Name marks such as 99 as `missing:` in the mapping file.")
    yield CheckResult(
        say("scales"), "survey_answers", False, message, "score", remedy=remedy
    )
