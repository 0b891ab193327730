"""Turn the values of a file into the contract's: type, unit, codes, missing marks.

Money becomes whole minor units or major units, rates become decimals a year, days
become dates. A value that cannot be turned becomes missing, and its text is kept
beside it, so that the checks can name it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import whitespace

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from analysis.data.contract import Column, ColumnType
from analysis.data.mapping import MONEY_UNITS, RATE_UNITS, ColumnMapping, Scalar
from analysis.data.row_origin import ROW

ENGINE_TYPES: dict[ColumnType, str] = {
    "text": "string",
    "whole": "int64",
    "number": "float64",
    "date": "date",
    "flag": "boolean",
    "minor": "int64",
    "rate": "float64",
}
"""How each type of the contract is held by the engine."""

_LARGEST = 2.0**53
_PADDED = [f"%{end}" for end in whitespace]
"""Ends that stripping changes; to ask takes a fifth of the time of stripping."""
_BEGUN = ["", *(f"{start}%" for start in whitespace)]
_FIRST_VISIBLE = "!"
"""All that sorts before it by its bytes begins with whitespace, or is empty."""
_EARLIEST_YEAR = 1000
_NUMBER = r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$"
_DAY = r"^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
_QUARTER = r"^(\d{4})\D*[Qq]?([1-4])$"


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator]
    name="try_strptime", signature=((dt.string, dt.string), dt.timestamp)
)
def _try_strptime(text: str, pattern: str) -> ir.TimestampValue:
    """Read a time, or give nothing where the text is no time.

    It is DuckDB's own; `analysis.data.spark_session` gives it to Spark.
    """


@dataclass(frozen=True, slots=True)
class Conventions:
    """What holds for all columns of a source.

    Parameters
    ----------
    minor_units : int
        Minor units in a major unit of the currency.
    decimal, thousands : str
        Marks in numbers written as text; `thousands` may be empty.
    missing : tuple of str
        Marks that stand for a missing value in any column.
    forgiving : bool
        Whether the engine can try a cast and give nothing where it fails.
    """

    minor_units: int
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ()
    forgiving: bool = True


@dataclass(frozen=True, slots=True)
class Converted:
    """One converted column.

    Parameters
    ----------
    value : ibis Value
        The values in contract form.
    failed : ibis StringValue
        The text of a value that could not be converted; missing elsewhere.
    """

    value: ir.Value
    failed: ir.StringValue


def convert_column(
    table: ir.Table, column: Column, spec: ColumnMapping, conventions: Conventions
) -> Converted:
    """Convert one column of a file.

    Parameters
    ----------
    table : ibis.Table
        The file as it stands.
    column : Column
        The contract's column.
    spec : ColumnMapping
        Where its values come from and how they are written.
    conventions : Conventions
        What holds for all columns of the source.

    Returns
    -------
    Converted
        Values in contract form, and the text of those that could not be converted.
    """
    engine_type = ENGINE_TYPES[column.type]
    nothing = ibis.null("string")
    if spec.constant is not None:
        return Converted(convert_constant(spec.constant, column), nothing)
    if spec.row_number:
        return Converted((table[ROW]).cast(engine_type), nothing)
    marks = (*spec.missing, *conventions.missing)
    given = _drop_missing(table[spec.source], marks, conventions)
    value = _pick(given, spec)
    result = _cast(value, column, spec, conventions)
    if result.equals(given):  # what is kept as it is can't fail
        return Converted(result, nothing)
    failed = ibis.ifelse(
        given.notnull() & result.isnull(), given.cast("string"), nothing
    )
    return Converted(result, failed)


def convert_constant(constant: Scalar | None, column: Column) -> ir.Value:
    """Give a value that the mapping file itself holds, in the contract's unit.

    Parameters
    ----------
    constant : bool, int, float, datetime.date, str or None
        The value; None for a missing one.
    column : Column
        The contract's column.

    Returns
    -------
    ibis Value
        The value in the contract's type.
    """
    engine_type = ENGINE_TYPES[column.type]
    if constant is None:
        return ibis.null(engine_type)
    return ibis.literal(constant).cast(engine_type)


def _drop_missing(
    value: ir.Value, marks: tuple[str, ...], conventions: Conventions
) -> ir.Value:
    """Make blanks, marks and not-a-numbers missing; strip spaces around text."""
    if value.type().is_string():
        # Engines that forgive a cast sort text by its bytes; others by a language.
        in_front = (
            value < _FIRST_VISIBLE if conventions.forgiving else value.like(_BEGUN)
        )
        padded = in_front | value.like(_PADDED)
        value = ibis.ifelse(padded, value.strip().nullif(""), value)
    elif value.type().is_floating():
        value = ibis.ifelse(value.isnan(), ibis.null(value.type()), value)
    if not marks:
        return value
    is_mark = value.cast("string").isin(marks)
    return ibis.ifelse(is_mark, ibis.null(value.type()), value)


def _pick(value: ir.Value, spec: ColumnMapping) -> ir.Value:
    """Take the part that a pattern finds, then translate codes."""
    if spec.pattern is not None:
        found = _write(value).re_extract(spec.pattern, 1)
        value = found.nullif("")
    if spec.codes:
        text = _write(value)
        value = text.cases(*spec.codes.items(), else_=ibis.null("string"))
    return value


def _write(value: ir.Value) -> ir.StringValue:
    """Write a value as text; a whole number held as a float has no decimals."""
    if not value.type().is_floating():
        return value.cast("string")
    whole = _guard(value).round()
    return ibis.ifelse(value == whole, whole.cast("string"), value.cast("string"))


def _guard(number: ir.FloatingValue) -> ir.FloatingValue:
    """Make numbers missing that are too large to be rounded to a whole one."""
    return ibis.ifelse(number.abs() < _LARGEST, number, ibis.null("float64"))


def _cast(
    value: ir.Value, column: Column, spec: ColumnMapping, conventions: Conventions
) -> ir.Value:
    if column.type == "text":
        return _write(value)
    if column.type == "date":
        return _cast_date(value, spec, conventions)
    if column.type == "flag":
        return _try(value, "boolean", conventions)
    if value.type() == dt.int64 and _is_kept(column, spec):
        return value
    return _cast_amount(value, column, spec, conventions)


def _cast_amount(
    value: ir.Value, column: Column, spec: ColumnMapping, conventions: Conventions
) -> ir.NumericValue:
    number = _cast_number(value, spec, conventions) * spec.scale + spec.offset
    number = _change_unit(number, column, spec, conventions)
    if column.type in ("number", "rate"):
        return number
    whole = _guard(number).round()
    if column.type == "minor":
        return whole.cast("int64")
    return ibis.ifelse(number == whole, whole, ibis.null("int64")).cast("int64")


def _is_kept(column: Column, spec: ColumnMapping) -> bool:
    """Say whether whole numbers are already what the contract wants."""
    kept = column.type in ("whole", "minor") and spec.unit in (None, "minor")
    return kept and spec.scale == 1 and spec.offset == 0


def _cast_number(
    value: ir.Value, spec: ColumnMapping, conventions: Conventions
) -> ir.FloatingValue:
    if value.type().is_string():
        value = _plain_number(value, spec, conventions)
        # Engines take more for a number than people do: "12d", "1_000".
        value = ibis.ifelse(value.re_search(_NUMBER), value, ibis.null("string"))
    number = _try(value, "float64", conventions)
    broken = number.isnan() | number.isinf()
    return ibis.ifelse(broken, ibis.null("float64"), number)


def _plain_number(
    text: ir.StringValue, spec: ColumnMapping, conventions: Conventions
) -> ir.StringValue:
    """Write a number with a point and nothing else; give nothing where marks mislead.

    A thousands mark without three digits after it, or a point where the comma is the
    decimal mark, would make a number 100 or 1000 times too large. So would a percent
    sign in a column that is no percentage.
    """
    decimal, thousands = conventions.decimal, conventions.thousands
    misleading = ibis.literal(False)
    if spec.unit in ("percent", None):
        text = text.replace("%", "").strip()
    if thousands:
        mark = re.escape(thousands)
        misleading = misleading | text.re_search(rf"{mark}(\d{{0,2}}(\D|$)|\d{{4}})")
        text = text.replace(thousands, "")
    if decimal != ".":
        misleading = misleading | text.contains(".")
        text = text.replace(decimal, ".")
    return ibis.ifelse(misleading, ibis.null("string"), text)


def _change_unit(
    number: ir.FloatingValue,
    column: Column,
    spec: ColumnMapping,
    conventions: Conventions,
) -> ir.FloatingValue:
    if spec.unit is None:
        return number
    if spec.unit in RATE_UNITS:
        return number * RATE_UNITS[spec.unit]
    units = {**MONEY_UNITS, "minor": 1 / conventions.minor_units}
    if column.type == "number":
        return number * units[spec.unit]
    if spec.unit == "minor":
        return number
    return number * (units[spec.unit] * conventions.minor_units)


def _cast_date(
    value: ir.Value, spec: ColumnMapping, conventions: Conventions
) -> ir.DateValue:
    day = _read_date(value, spec, conventions)
    if spec.period_end is None:
        return day
    unit, months = ("M", 1) if spec.period_end == "month" else ("Q", 3)
    start = day.truncate(unit).cast("timestamp")
    return (start + ibis.interval(months=months) - ibis.interval(days=1)).cast("date")


def _read_date(
    value: ir.Value, spec: ColumnMapping, conventions: Conventions
) -> ir.DateValue:
    if value.type().is_date() or value.type().is_timestamp():
        return value.cast("date")
    text = _write(value)
    if spec.date_format is None:
        parts = [text.re_extract(_DAY, group).lpad(2, "0") for group in (1, 2, 3)]
        return _try(parts[0] + "-" + parts[1] + "-" + parts[2], "date", conventions)
    if spec.date_format == "quarter":
        year = text.re_extract(_QUARTER, 1).nullif("")
        month = text.re_extract(_QUARTER, 2).nullif("").cast("int64") * 3
        label = year + "-" + month.cast("string").lpad(2, "0") + "-01"
        return _try(label, "date", conventions)
    if not conventions.forgiving:
        return text.as_date(spec.date_format)
    day = _try_strptime(text, spec.date_format).cast("date")
    # Two digits where four are asked for are no year of the first century.
    return ibis.ifelse(day.year() >= _EARLIEST_YEAR, day, ibis.null("date"))


def _try(value: ir.Value, engine_type: str, conventions: Conventions) -> ir.Value:
    if value.type() == dt.dtype(engine_type):
        return value
    return (
        value.try_cast(engine_type)
        if conventions.forgiving
        else value.cast(engine_type)
    )
